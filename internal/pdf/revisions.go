package pdf

import (
	"bytes"
)

// Revision is one xref section (with its hybrid part) in file order, oldest
// first. Linearised first-page sections are joined with their main section.
type Revision struct {
	XrefOffset int64
	IsStream   bool  // xref stream (else table)
	Start, End int64 // bytes this revision added; End is after its %%EOF and end of line
	Defined    []Ref // objects defined in this section
	Freed      []Ref
	Trailer    *Dict
}

// Revisions lists the revisions, oldest first. The slices are shared and must
// not be changed.
func (f *File) Revisions() ([]Revision, error) {
	h := f.hist
	h.revOnce.Do(func() { h.revs, h.revErr = h.revisions(f.sh) })
	if h.revErr != nil {
		return nil, h.revErr
	}
	if f.top < h.joined { // a view that ends within a linearised file
		return nil, syntaxAt(f.newest().off, "the file ends before its first revision does")
	}
	n := h.revision(f.top) + 1
	out := h.revs[:n:n]
	if last := out[n-1]; last.End > f.size { // a cut end of line
		out = append([]Revision(nil), out...)
		out[n-1].End = f.size
	}
	return out, nil
}

// revision is the number of the revision that section sec stands in.
func (h *history) revision(sec int) int { return max(0, sec-h.joined) }

// revisions computes the revisions of the whole chain.
func (h *history) revisions(sh *shared) ([]Revision, error) {
	// ISO 32000-2, annex F: the section of the first page stands before the
	// main section, which is older in the chain and ends the file.
	if len(h.secs) > 1 && h.secs[1].off < h.secs[0].off {
		h.joined = 1
	}
	revs := make([]Revision, 0, len(h.secs)-h.joined)
	var start int64
	for i := 0; i < len(h.secs); i++ {
		last := h.secs[i] // in file order
		parts := h.secs[i : i+1]
		if i == 0 && h.joined == 1 {
			parts = h.secs[:2]
			i++
		}
		newest := parts[len(parts)-1]
		if last.off < start {
			return nil, syntaxAt(last.off, "the cross-reference sections are not in the order of the file")
		}
		r := Revision{XrefOffset: newest.off, IsStream: newest.stream, Start: start, Trailer: newest.trailer}
		for k, s := range parts {
			newer := parts[k+1:]
			if err := r.list(sh, s, newer); err != nil {
				return nil, err
			}
		}
		until := sh.src.size
		if i+1 < len(h.secs) {
			until = h.secs[i+1].off
		}
		var err error
		if r.End, err = revisionEnd(sh, h.maxEnd[i], until); err != nil {
			return nil, err
		}
		start = r.End
		revs = append(revs, r)
	}
	return revs, nil
}

// list adds the rows of s but for those that newer sections of the same
// revision replace. Object 0 is the head of the free list and no object.
func (r *Revision) list(sh *shared, s *section, newer []*section) error {
	return s.each(sh, func(num uint32, e xrefEntry) bool {
		if num == 0 {
			return true
		}
		for _, n := range newer {
			if _, ok, _ := n.lookup(sh, num); ok {
				return true
			}
		}
		switch e.kind {
		case kindInFile:
			r.Defined = append(r.Defined, Ref{Num: num, Gen: uint16(min(e.gen, 65535))})
		case kindInStream:
			r.Defined = append(r.Defined, Ref{Num: num})
		case kindFree:
			r.Freed = append(r.Freed, Ref{Num: num, Gen: uint16(min(e.gen, 65535))})
		}
		return true
	})
}

// revisionEnd finds the end of a revision whose last section ends at an
// offset: after startxref, its number, %%EOF and the end of line. A
// cross-reference stream need not be the last object: then startxref is
// searched up to the next section.
func revisionEnd(sh *shared, at, until int64) (int64, error) {
	l := lexer{src: sh.src, base: at, end: until}
	l.space()
	if !l.literally("startxref") {
		found, err := sh.search(at, until, "startxref")
		if err != nil || found < 0 {
			return at, err
		}
		l.seek(found)
		l.literally("startxref")
	}
	l.white()
	l.digits()
	end := l.offset()
	l.white()
	for _, c := range []byte("%%EOF") {
		if l.peek() != int(c) {
			return end, l.err
		}
		l.pos++
	}
	end = l.offset()
	for l.peek() == ' ' || l.peek() == '\t' {
		l.pos++
	}
	cr := l.peek() == '\r'
	if cr {
		l.pos++
		end = l.offset()
	}
	if l.peek() == '\n' {
		l.pos++
		end = l.offset()
	}
	return end, l.err
}

// search finds word between two offsets, -1 when it is not there.
func (sh *shared) search(at, until int64, word string) (int64, error) {
	for at < until {
		b, err := sh.src.from(at)
		if err != nil {
			return 0, err
		}
		if len(b) < len(word) { // the word may cross into the next block
			b, err = sh.src.read(at, int(min(2*int64(len(word)), until-at, sh.src.size-at)))
			if err != nil {
				return 0, err
			}
		}
		b = b[:min(int64(len(b)), until-at)]
		if i := bytes.Index(b, []byte(word)); i >= 0 {
			return at + int64(i), nil
		}
		at += int64(max(1, len(b)-len(word)+1))
	}
	return -1, nil
}
