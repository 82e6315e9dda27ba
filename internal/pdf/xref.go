package pdf

import (
	"cmp"
	"slices"
	"sync"
)

// kind of a cross-reference entry.
type kind uint8

const (
	kindFree   kind = iota + 1
	kindInFile      // at an offset
	kindInStream
	kindUnknown // types that later versions may define: null (ISO 32000-2, 7.5.8.3)
)

// xrefEntry is one row of a cross-reference section.
type xrefEntry struct {
	where int64  // offset in the file; number of the object stream
	gen   uint32 // generation; index in the object stream
	kind  kind
}

// part is a run of rows with consecutive object numbers. The rows of a table
// in the fixed form stay in the file, those of a stream stay packed, since a
// file may have millions of which a signature needs ten.
type part struct {
	first uint32
	count int
	rows  int64       // offset of rows of 20 bytes, when list and data are nil
	list  []xrefEntry // rows of a table in another form
	data  []byte      // rows of a stream
}

// section is one cross-reference table or stream with its trailer.
type section struct {
	off     int64 // of "xref" or "n g obj"
	end     int64 // after the trailer dictionary or "endobj"
	stream  bool
	ref     Ref // of the stream
	widths  [3]int
	parts   []part // by object number, without overlaps
	trailer *Dict
	prev    int64    // as written, -1 when there is none
	hybrid  *section // of /XRefStm
}

// arrange sorts the parts and refuses a number that is listed twice: which row
// counts is a matter on which readers differ.
func (s *section) arrange() error {
	s.parts = slices.DeleteFunc(s.parts, func(p part) bool { return p.count == 0 })
	slices.SortStableFunc(s.parts, func(a, b part) int { return cmp.Compare(a.first, b.first) })
	for i := 1; i < len(s.parts); i++ {
		p := s.parts[i-1]
		if int64(p.first)+int64(p.count) > int64(s.parts[i].first) {
			return syntaxAt(s.off, "object %d is listed twice in one cross-reference section", s.parts[i].first)
		}
	}
	return nil
}

// entries is the number of rows, those of the hybrid part included.
func (s *section) entries() (n int) {
	for _, p := range s.parts {
		n += p.count
	}
	if s.hybrid != nil {
		n += s.hybrid.entries()
	}
	return n
}

// highest is the highest object number listed.
func (s *section) highest() (n uint32) {
	if k := len(s.parts); k > 0 {
		n = s.parts[k-1].first + uint32(s.parts[k-1].count) - 1
	}
	if s.hybrid != nil {
		n = max(n, s.hybrid.highest())
	}
	return n
}

// own finds the row of an object in the section itself.
func (s *section) own(sh *shared, num uint32) (e xrefEntry, ok bool, err error) {
	i, found := slices.BinarySearchFunc(s.parts, num, func(p part, n uint32) int {
		if n >= p.first && n-p.first < uint32(p.count) {
			return 0
		}
		return cmp.Compare(p.first, n)
	})
	if !found {
		return e, false, nil
	}
	p := &s.parts[i]
	e, err = s.row(sh, p, int(num-p.first))
	return e, err == nil, err
}

// lookup finds the row of an object. In a hybrid section the stream is asked
// where the table has no row or hides the object as free (ISO 32000-2,
// 7.5.8.4).
func (s *section) lookup(sh *shared, num uint32) (e xrefEntry, ok bool, err error) {
	e, ok, err = s.own(sh, num)
	if err != nil || s.hybrid == nil || ok && e.kind != kindFree {
		return e, ok, err
	}
	if h, inStream, err := s.hybrid.own(sh, num); inStream || err != nil {
		return h, inStream, err
	}
	return e, ok, nil
}

// row decodes row i of p.
func (s *section) row(sh *shared, p *part, i int) (xrefEntry, error) {
	switch {
	case p.list != nil:
		return p.list[i], nil
	case p.data != nil:
		n := s.widths[0] + s.widths[1] + s.widths[2]
		return streamRow(p.data[i*n:(i+1)*n], s.widths, sh.base)
	}
	at := p.rows + int64(i)*tableRow
	b, err := sh.src.read(at, tableRow)
	if err != nil {
		return xrefEntry{}, err
	}
	e, ok := parseRow(b, sh.base)
	if !ok {
		return e, syntaxAt(at, "malformed cross-reference entry %.20q", b)
	}
	return e, nil
}

// next is row for those who read all rows of p in order: those of a table come
// from ahead, which is filled by the block.
func (s *section) next(sh *shared, p *part, i int, ahead []byte) (xrefEntry, []byte, error) {
	if p.list == nil && p.data == nil {
		if len(ahead) == 0 {
			b, err := sh.src.from(p.rows + int64(i)*tableRow)
			if err != nil {
				return xrefEntry{}, nil, err
			}
			ahead = b[:len(b)-len(b)%tableRow]
		}
		if len(ahead) > 0 {
			if e, ok := parseRow(ahead[:tableRow], sh.base); ok {
				return e, ahead[tableRow:], nil
			}
		}
	}
	e, err := s.row(sh, p, i) // a row that crosses into the next block; or says what is wrong
	return e, nil, err
}

// each calls yield for every row in effect within the section, in order of
// part and number, until it returns false.
func (s *section) each(sh *shared, yield func(num uint32, e xrefEntry) bool) error {
	for k := range s.parts {
		p := &s.parts[k]
		var ahead []byte
		for i := range p.count {
			var e xrefEntry
			var err error
			if e, ahead, err = s.next(sh, p, i, ahead); err != nil {
				return err
			}
			num := p.first + uint32(i)
			if e.kind == kindFree && s.hybrid != nil {
				if _, ok, _ := s.hybrid.own(sh, num); ok {
					continue // follows below
				}
			}
			if !yield(num, e) {
				return nil
			}
		}
	}
	if s.hybrid == nil {
		return nil
	}
	return s.hybrid.each(sh, func(num uint32, e xrefEntry) bool {
		if own, ok, _ := s.own(sh, num); ok && own.kind != kindFree {
			return true // the table's row counts
		}
		return yield(num, e)
	})
}

// history is a chain of sections, oldest first. Views of the file as it was
// earlier share it and end at an earlier section.
type history struct {
	secs   []*section
	byOff  map[int64]int
	maxEnd []int64 // highest end of secs[:i+1]

	indexOnce sync.Once
	index     []uint64 // object number << 32 | section, sorted
	indexErr  error

	revOnce sync.Once
	revs    []Revision
	revErr  error
	revOf   []int // the revision of each section
}

// walkFew is the number of sections up to which a lookup asks one after the
// other.
const walkFew = 8

// lookup finds the newest row for num in secs[:top+1].
func (h *history) lookup(sh *shared, top int, num uint32) (e xrefEntry, sec int, ok bool, err error) {
	if h == nil {
		return e, 0, false, nil
	}
	if top >= walkFew {
		if err = h.buildIndex(); err != nil {
			return e, 0, false, err
		}
		// The newest row is the last one before (num, top+1).
		i, _ := slices.BinarySearch(h.index, uint64(num)<<32|uint64(top+1))
		if i == 0 || uint32(h.index[i-1]>>32) != num {
			return e, 0, false, nil
		}
		sec = int(uint32(h.index[i-1]))
		e, ok, err = h.secs[sec].lookup(sh, num)
		return e, sec, ok, err
	}
	for sec = top; sec >= 0; sec-- {
		if e, ok, err = h.secs[sec].lookup(sh, num); ok || err != nil {
			return e, sec, ok, err
		}
	}
	return e, 0, false, nil
}

// buildIndex lists which sections have a row for which object.
func (h *history) buildIndex() error {
	h.indexOnce.Do(func() {
		n := 0
		for _, s := range h.secs {
			n += s.entries()
		}
		h.index = make([]uint64, 0, n)
		add := func(s *section, i int) {
			for _, p := range s.parts {
				for k := range p.count {
					h.index = append(h.index, uint64(p.first+uint32(k))<<32|uint64(i))
				}
			}
		}
		for i, s := range h.secs {
			add(s, i)
			if s.hybrid != nil {
				add(s.hybrid, i)
			}
		}
		slices.Sort(h.index)
		h.index = slices.Compact(h.index)
	})
	return h.indexErr
}

// effective calls yield for the newest row of each object in secs[:top+1].
func (h *history) effective(sh *shared, top int, yield func(num uint32, e xrefEntry)) error {
	if top == 0 {
		return h.secs[0].each(sh, func(num uint32, e xrefEntry) bool {
			yield(num, e)
			return true
		})
	}
	if err := h.buildIndex(); err != nil {
		return err
	}
	for i := 0; i < len(h.index); {
		num := uint32(h.index[i] >> 32)
		last := -1
		for ; i < len(h.index) && uint32(h.index[i]>>32) == num; i++ {
			if sec := int(uint32(h.index[i])); sec <= top {
				last = sec
			}
		}
		if last < 0 {
			continue
		}
		e, ok, err := h.secs[last].lookup(sh, num)
		if err != nil {
			return err
		}
		if ok {
			yield(num, e)
		}
	}
	return nil
}
