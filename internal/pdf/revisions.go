package pdf

import (
	"bytes"
	"slices"
	"sync"
)

// Revision is one xref section (with its hybrid part) in file order, oldest
// first. Linearised first-page sections are joined with their main section.
type Revision struct {
	XrefOffset int64
	IsStream   bool  // xref stream (else table)
	Start, End int64 // bytes this revision added; End is after its %%EOF and end of line
	Trailer    *Dict

	rows *lazyRows // nil: none
}

// lazyRows are the rows of a revision when somebody asks.
type lazyRows struct{ get func() (*Rows, error) }

// Rows are the objects that a revision changes.
type Rows struct {
	Defined []Ref   // objects defined in this section
	Offsets []int64 // of each of Defined: "n g obj"; -1 in an object stream
	Freed   []Ref
}

// Rows reads the section of the revision when it is first asked for: of the
// oldest, with nearly all objects, few need it. The slices are shared and must
// not be changed.
func (r *Revision) Rows() (*Rows, error) {
	if r.rows == nil {
		return &Rows{}, nil
	}
	return r.rows.get()
}

// SameRows tells whether two revisions are known to be of the same sections,
// as those of two views of a file are: then their rows need no comparing.
func (r *Revision) SameRows(o *Revision) bool { return r.rows != nil && r.rows == o.rows }

// Revisions lists the revisions, oldest first. The slices are shared and must
// not be changed.
func (f *File) Revisions() ([]Revision, error) {
	h := f.hist
	h.revOnce.Do(func() { h.revs, h.revErr = h.revisions(f.sh) })
	if h.revErr != nil {
		return nil, h.revErr
	}
	n := h.revOf[f.top] + 1
	if f.top+1 < len(h.revOf) && h.revOf[f.top+1] < n { // a view that ends within a revision
		return nil, syntaxAt(f.newest().off, "the file ends within a revision")
	}
	out := h.revs[:n:n]
	if last := out[n-1]; last.End > f.size { // a cut end of line
		out = append([]Revision(nil), out...)
		out[n-1].End = f.size
	}
	return out, nil
}

// revisions computes the revisions of the whole chain, and which section
// belongs to which.
func (h *history) revisions(sh *shared) ([]Revision, error) {
	h.revOf = make([]int, len(h.secs))
	var revs []Revision
	var start int64
	for i := 0; i < len(h.secs); {
		r := Revision{Start: start}
		n, err := h.group(sh, i, &r)
		if err != nil {
			return nil, err
		}
		for k := range n {
			h.revOf[i+k] = len(revs)
		}
		first := i
		r.rows = &lazyRows{sync.OnceValues(func() (*Rows, error) { return h.rows(sh, first, n) })}
		newest := h.secs[i+n-1]
		r.XrefOffset, r.IsStream, r.Trailer = newest.off, newest.stream, newest.trailer
		revs = append(revs, r)
		start = r.End
		i += n
	}
	return revs, nil
}

// rows reads the sections secs[i:i+n], which were written at once.
func (h *history) rows(sh *shared, i, n int) (*Rows, error) {
	r := &Rows{}
	for k, s := range h.secs[i : i+n] {
		var replaced func(num uint32) bool
		if n > 1 {
			replaced = func(num uint32) bool {
				_, sec, _, err := h.lookup(sh, i+n-1, num)
				return err == nil && sec != i+k
			}
		}
		if err := r.list(sh, s, replaced); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// group finds how many sections from secs[i] on were written at once, and
// where their revision ends. Two make one in a linearised file: the section of
// the first page stands before the main one, which is older in the chain and
// ends the file (ISO 32000-2, annex F). And some writers put a hybrid section
// behind a table, with one startxref for both.
func (h *history) group(sh *shared, i int, r *Revision) (n int, err error) {
	if h.secs[i].off < r.Start {
		return 0, syntaxAt(h.secs[i].off, "the cross-reference sections are not in the order of the file")
	}
	n = 1
	if i == 0 && len(h.secs) > 1 && h.secs[1].off < h.secs[0].off {
		n = 2
	}
	for {
		until := sh.src.size
		if i+n < len(h.secs) {
			until = h.secs[i+n].off
		}
		at := h.maxEnd[i+n-1]
		if until < at {
			return 0, syntaxAt(until, "the cross-reference sections are not in the order of the file")
		}
		var found bool
		r.End, found, err = revisionEnd(sh, at, until, h.secs[i+n-1].off)
		if err != nil || found || i+n == len(h.secs) {
			return n, err
		}
		n++
	}
}

// list adds the rows of s but for those that newer sections of the same
// revision replace; nil: there are none. Object 0 is the head of the free list
// and no object.
func (r *Rows) list(sh *shared, s *section, replaced func(num uint32) bool) error {
	n := s.entries()
	r.Defined, r.Offsets = slices.Grow(r.Defined, n), slices.Grow(r.Offsets, n)
	return s.each(sh, func(num uint32, e xrefEntry) bool {
		if num == 0 || replaced != nil && replaced(num) {
			return true
		}
		switch e.kind {
		case kindInFile:
			r.Defined = append(r.Defined, Ref{Num: num, Gen: uint16(min(e.gen, 65535))})
			r.Offsets = append(r.Offsets, e.where)
		case kindInStream:
			r.Defined = append(r.Defined, Ref{Num: num})
			r.Offsets = append(r.Offsets, -1)
		case kindFree:
			r.Freed = append(r.Freed, Ref{Num: num, Gen: uint16(min(e.gen, 65535))})
		case kindUnknown: // null, as if there were no row
		}
		return true
	})
}

// nearby is how far a startxref may miss the section that it names.
const nearby = 64

// revisionEnd finds the end of a revision whose last section ends at an
// offset: after startxref, its number, %%EOF and the end of line. A
// cross-reference stream need not be the last object: then the startxref that
// names the section is searched up to the next section.
func revisionEnd(sh *shared, at, until, section int64) (end int64, found bool, err error) {
	l := lexer{src: sh.src, base: at, end: until}
	l.space()
	for named := l.literally("startxref"); !named; {
		next, err := sh.search(l.offset(), until, "startxref")
		if err != nil || next < 0 {
			return at, false, err
		}
		after := next + int64(len("startxref"))
		l.seek(after)
		l.white()
		value, ok := l.digits()
		l.seek(after)
		off := value + sh.base - section
		named = ok && off > -nearby && off < nearby
	}
	l.white()
	l.digits()
	end = l.offset()
	l.white()
	for _, c := range []byte("%%EOF") {
		if l.peek() != int(c) {
			return end, true, l.err
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
	return end, true, l.err
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
