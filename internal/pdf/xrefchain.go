package pdf

import (
	"bytes"
	"context"
	"slices"
)

// chain reads the sections of a file from the last startxref backwards.
type chain struct {
	f    *File
	sh   *shared
	rows int64 // entries so far
	work int64 // bytes lexed so far, against sections that lie in each other
}

// count admits n more entries.
func (c *chain) count(n int64) error {
	if c.rows += n; c.rows > maxObjects {
		return &LimitError{LimitObjects, maxObjects}
	}
	return nil
}

// load follows /Prev from the section at offset start.
func (c *chain) load(ctx context.Context, start int64) (*history, error) {
	h := &history{byOff: make(map[int64]int)}
	for at := start; ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := c.section(at)
		if err != nil {
			return nil, err
		}
		if _, seen := h.byOff[s.off]; seen {
			return nil, syntaxAt(s.off, "the chain of cross-reference sections is a loop")
		}
		h.byOff[s.off] = 0
		h.secs = append(h.secs, s)
		if len(h.secs) > maxXrefSections {
			return nil, &LimitError{LimitXrefSections, maxXrefSections}
		}
		if s.prev < 0 {
			break
		}
		if at, err = c.locate(s.prev); err != nil {
			return nil, err
		}
	}
	slices.Reverse(h.secs)
	h.maxEnd = make([]int64, len(h.secs))
	var end int64
	for i, s := range h.secs {
		h.byOff[s.off] = i
		end = max(end, s.end)
		if s.hybrid != nil {
			end = max(end, s.hybrid.end)
		}
		h.maxEnd[i] = end
	}
	return h, nil
}

// section reads the table or stream at an offset that locate gave, with the
// stream that belongs to a hybrid table.
func (c *chain) section(at int64) (*section, error) {
	l := newParser(c.f.lexAt(at), true)
	defer l.free()
	if !l.literally("xref") {
		return c.finish(c.stream(at))
	}
	s, err := c.finish(c.table(l, at))
	if err != nil {
		return nil, err
	}
	v := s.trailer.Get("XRefStm")
	if v == nil {
		return s, nil
	}
	n, ok := v.(Integer)
	if !ok || n <= 0 {
		return nil, syntaxAt(s.off, "/XRefStm is no offset")
	}
	at, err = c.locate(int64(n))
	if err != nil {
		return nil, err
	}
	s.hybrid, err = c.finish(c.stream(at))
	return s, err
}

// finish reads /Prev and charges the bytes of the section.
func (c *chain) finish(s *section, err error) (*section, error) {
	if err != nil {
		return nil, err
	}
	for i := range s.parts {
		if s.parts[i].rows > 0 && s.parts[i].data == nil && s.parts[i].list == nil {
			c.work -= int64(s.parts[i].count) * tableRow // these were not read
		}
	}
	if c.work += s.end - s.off; c.work > freeWork+4*c.f.size {
		return nil, syntaxAt(s.off, "cross-reference sections lie in each other")
	}
	switch v := s.trailer.Get("Prev").(type) {
	case nil:
	case Integer:
		if v < 0 || int64(v) > c.f.size {
			return nil, syntaxAt(s.off, "/Prev %d is outside of the file", v)
		}
		if v > 0 { // 0 is what some writers put for none
			s.prev = int64(v)
		}
	case Real:
		if v != Real(int64(v)) || v < 0 || int64(v) > c.f.size {
			return nil, syntaxAt(s.off, "/Prev is no offset")
		}
		s.prev = int64(v)
	default:
		return nil, syntaxAt(s.off, "/Prev is no offset")
	}
	return s, nil
}

// startXref finds the last startxref before the end of f and the offset that
// it gives.
func (f *File) startXref() (value, at int64, err error) {
	at, err = f.lastKeyword("startxref")
	if err != nil {
		return 0, 0, err
	}
	l := f.lexAt(at + int64(len("startxref")))
	l.space()
	value, ok := l.digits()
	if !ok || isRegular(l.peek()) {
		return 0, at, l.failAt(at, "startxref gives no offset")
	}
	return value, at, nil
}

// tailWindow is how far from the end startxref may be: after it others may
// have appended what they like, and that is for a verifier to report.
const tailWindow = 1 << 20

// Tail returns what stands from the last startxref to the end of the file, at
// most 1 MiB: nothing that the file is read from.
func (f *File) Tail() ([]byte, error) {
	at, err := f.lastKeyword("startxref")
	if err != nil {
		return nil, err
	}
	return f.sh.src.read(at, int(f.size-at))
}

// lastKeyword searches backwards from the end of f.
func (f *File) lastKeyword(word string) (int64, error) {
	const step = 1024
	floor := max(f.sh.header, f.size-tailWindow)
	for end := f.size; end > floor; {
		start := max(floor, end-step)
		n := int(min(end+int64(len(word)), f.size) - start)
		b, err := f.sh.src.read(start, n)
		if err != nil {
			return 0, err
		}
		if i := bytes.LastIndex(b, []byte(word)); i >= 0 {
			return start + int64(i), nil
		}
		end = start
	}
	return 0, syntaxAt(f.size, "no startxref at the end")
}

// locate turns an offset as the file writes it into that of "xref" or of
// "n g obj" of a stream. Offsets count from the header or, in files with
// something before it, from the first byte: the first offset decides. Offsets
// that are some bytes off are mended, as other readers do.
func (c *chain) locate(v int64) (int64, error) {
	bases := []int64{c.sh.base}
	if !c.sh.baseKnown {
		bases = []int64{c.sh.header, 0}
	}
	for _, find := range []func(int64) (int64, bool){c.exactly, c.near} {
		for _, base := range bases {
			if v > c.f.size-base {
				continue
			}
			if at, ok := find(v + base); ok {
				if !c.sh.baseKnown { // views never write: they may run at once
					c.sh.base, c.sh.baseKnown = base, true
				}
				return at, nil
			}
		}
	}
	return 0, syntaxAt(v, "no cross-reference section at this offset")
}

// maxAstray is how much white space may stand where an offset points.
const maxAstray = 1024

// exactly finds a section at the offset or after white space that stands there.
func (c *chain) exactly(at int64) (int64, bool) {
	l := c.f.lexAt(at)
	l.end = min(l.end, at+maxAstray)
	l.white()
	return c.sectionAt(l.offset())
}

// sectionAt tells whether "xref" or "n g obj" stands at the offset.
func (c *chain) sectionAt(at int64) (int64, bool) {
	if at > 0 {
		before, err := c.sh.src.peek(at-1, 1)
		if err != nil || len(before) == 0 || isRegular(int(before[0])) {
			return 0, false
		}
	}
	l := c.f.lexAt(at)
	l.end = min(l.end, at+64)
	if l.literally("xref") {
		return at, true
	}
	if _, ok := l.digits(); !ok || !isSpace(l.peek()) {
		return 0, false
	}
	l.white()
	if _, ok := l.digits(); !ok || !isSpace(l.peek()) {
		return 0, false
	}
	l.white()
	return at, l.literally("obj")
}

// near finds a section a few bytes from the offset, the nearest first.
func (c *chain) near(at int64) (int64, bool) {
	const before, after = 24, 40
	start := max(0, at-before-1)
	n := min(at+after+1, c.f.size) - start
	if n <= 0 {
		return 0, false
	}
	b, err := c.sh.src.read(start, int(n))
	if err != nil {
		return 0, false
	}
	try := func(p int64) bool {
		i := p - start
		if i < 0 || i >= n || b[i] != 'x' && !isDigit(int(b[i])) {
			return false
		}
		_, ok := c.sectionAt(p)
		return ok
	}
	for d := int64(1); d <= after; d++ {
		if d <= before && try(at-d) {
			return at - d, true
		}
		if try(at + d) {
			return at + d, true
		}
	}
	return 0, false
}
