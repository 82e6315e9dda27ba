package pdf

import "bytes"

// tableRow is the length of a row in the fixed form (ISO 32000-2, 7.5.4).
const tableRow = 20

// table reads a cross-reference table and its trailer; l stands after "xref".
func (c *chain) table(l *parser, off int64) (*section, error) {
	s := &section{off: off, prev: -1}
	for {
		l.space()
		if l.literally("trailer") {
			break
		}
		if err := c.subsection(l, s); err != nil {
			return nil, err
		}
	}
	o, err := l.object()
	if err != nil {
		return nil, err
	}
	d, ok := o.(*Dict)
	if !ok {
		return nil, l.fail("the trailer is no dictionary")
	}
	s.trailer, s.end = d, l.offset()
	if err := c.dropRepeated(s); err != nil {
		return nil, err
	}
	return s, s.arrange()
}

// dropRepeated leaves one of two subsections of one row that list an object at
// two places where the same bytes stand: PDFBox writes an object twice when it
// comes to it in two ways. All readers show the same then.
func (c *chain) dropRepeated(s *section) error {
	if len(s.parts) < 2 {
		return nil
	}
	seen := make(map[uint32]int)
	var out []part
	for i := range s.parts {
		p := &s.parts[i]
		k, again := seen[p.first]
		if again && p.count == 1 && out[k].count == 1 {
			same, err := c.sameObject(s, &out[k], p)
			if err != nil {
				return err
			}
			if same {
				out[k] = *p // the last, as in a file that is read from its end
				continue
			}
		}
		seen[p.first] = len(out)
		out = append(out, *p)
	}
	s.parts = out
	return nil
}

// sameObject reports whether two rows lead to the same bytes, up to endobj.
func (c *chain) sameObject(s *section, a, b *part) (bool, error) {
	const most = 16 << 10
	var text [2][]byte
	for i, p := range []*part{a, b} {
		e, err := s.row(c.sh, p, 0)
		if err != nil {
			return false, err
		}
		if e.kind != kindInFile || e.where < 0 || e.where >= c.f.size {
			return false, nil
		}
		t, err := c.sh.src.read(e.where, int(min(most, c.f.size-e.where)))
		if err != nil {
			return false, err
		}
		end := bytes.Index(t, []byte("endobj"))
		if end < 0 {
			return false, nil
		}
		text[i] = t[:end]
	}
	return bytes.Equal(text[0], text[1]), nil
}

// subsection reads "first count" and the rows.
func (c *chain) subsection(l *parser, s *section) error {
	first, ok := l.digits()
	if !ok || !isSpace(l.peek()) {
		return l.fail("malformed cross-reference table")
	}
	l.white()
	count, ok := l.digits()
	if !ok || isRegular(l.peek()) {
		return l.fail("malformed cross-reference subsection")
	}
	l.white()
	if first > maxObjectNumber {
		return &LimitError{LimitObjectNumber, maxObjectNumber}
	}
	at := l.offset()
	if c.fixedRows(at, count, l.end) {
		if err := c.count(count); err != nil {
			return err
		}
		if first+count-1 > maxObjectNumber {
			return &LimitError{LimitObjectNumber, maxObjectNumber}
		}
		p := part{first: uint32(first), count: int(count), rows: at}
		if count > 0 && len(s.parts) == 0 && first == 1 {
			row, err := s.row(c.sh, &p, 0)
			if err != nil {
				return err
			}
			p.first = firstNumber(row, c.sh.base)
		}
		s.parts = append(s.parts, p)
		l.seek(at + count*tableRow)
		return nil
	}
	return c.looseRows(l, s, uint32(first))
}

// firstNumber mends the tables of writers that number them from 1 although the
// head of the free list, which is object 0, comes first.
func firstNumber(row xrefEntry, base int64) uint32 {
	if row.kind == kindFree && row.gen == 65535 && row.where-base == 0 {
		return 0
	}
	return 1
}

// fixedRows tells whether count rows of 20 bytes stand at offset at, judged by
// the first, the last and what follows; rows are checked again when used.
func (c *chain) fixedRows(at, count, end int64) bool {
	if count > (end-at)/tableRow {
		return false
	}
	for _, i := range []int64{0, count - 1} {
		if count == 0 {
			break
		}
		b, err := c.sh.src.peek(at+i*tableRow, tableRow)
		if err != nil || len(b) != tableRow {
			return false
		}
		if _, ok := parseRow(b, 0); !ok {
			return false
		}
	}
	next, err := c.sh.src.peek(at+count*tableRow, 2*tableRow)
	if err != nil {
		return false
	}
	for len(next) > 0 && isSpace(int(next[0])) {
		next = next[1:]
	}
	// Another row: the count is too small. A comment, or nothing: let the
	// slower way judge.
	if len(next) == 0 || next[0] != 't' && !isDigit(int(next[0])) {
		return false
	}
	return len(next) < 18 || !rowShape(next[:18])
}

// rowShape tells whether b is "nnnnnnnnnn ggggg n" or "... f".
func rowShape(b []byte) bool {
	for i, c := range b {
		switch {
		case i == 10 || i == 16:
			if c != ' ' {
				return false
			}
		case i == 17:
			return c == 'n' || c == 'f'
		case !isDigit(int(c)):
			return false
		}
	}
	return false
}

// parseRow reads a row of 20 bytes.
func parseRow(b []byte, base int64) (e xrefEntry, ok bool) {
	if len(b) != tableRow || b[10] != ' ' || b[16] != ' ' || b[17] != 'n' && b[17] != 'f' || !isSpace(int(b[18])) || !isSpace(int(b[19])) {
		return e, false
	}
	bad := byte(0)
	for _, c := range b[:10] {
		d := c - '0'
		bad |= d / 10 // 0 for a digit only
		e.where = e.where*10 + int64(d)
	}
	for _, c := range b[11:16] {
		d := c - '0'
		bad |= d / 10
		e.gen = e.gen*10 + uint32(d)
	}
	return tableEntry(e, b[17], base), bad == 0
}

// tableEntry completes an entry of a table. An entry in use at offset 0, where
// the header is, is what some writers make of a missing object.
func tableEntry(e xrefEntry, letter byte, base int64) xrefEntry {
	e.kind = kindInFile
	if letter == 'f' || e.where == 0 {
		e.kind = kindFree
	}
	e.where += base
	return e
}

// looseRows reads rows of another length than 20 bytes, or of another number
// than the subsection says, up to the next subsection or the trailer. The
// object number at the offset is compared on use, so that a wrong guess here
// is an error and never another object.
func (c *chain) looseRows(l *parser, s *section, first uint32) error {
	p := part{first: first, list: []xrefEntry{}}
	for {
		l.space()
		start := l.offset()
		if !isDigit(l.peek()) {
			break
		}
		e, letter, ok := looseRow(l)
		if !ok {
			return l.failAt(start, "malformed cross-reference entry")
		}
		if letter == 0 { // the next subsection
			l.seek(start)
			break
		}
		if err := c.count(1); err != nil {
			return err
		}
		if int64(first)+int64(p.count) > maxObjectNumber {
			return &LimitError{LimitObjectNumber, maxObjectNumber}
		}
		e = tableEntry(e, letter, c.sh.base)
		if p.count == 0 && len(s.parts) == 0 && first == 1 {
			p.first = firstNumber(e, c.sh.base)
		}
		p.list = append(p.list, e)
		p.count++
	}
	s.parts = append(s.parts, p)
	return nil
}

// looseRow reads two numbers and "n" or "f"; letter 0 when there is none.
func looseRow(l *parser) (e xrefEntry, letter byte, ok bool) {
	where, ok := l.digits()
	if !ok || !isSpace(l.peek()) {
		return e, 0, false
	}
	l.white()
	gen, ok := l.digits()
	if !ok || isRegular(l.peek()) {
		return e, 0, false
	}
	l.white()
	switch c := l.peek(); c {
	case 'n', 'f':
		l.pos++
		if gen > 1<<32-1 {
			return e, 0, false
		}
		return xrefEntry{where: where, gen: uint32(gen)}, byte(c), !isRegular(l.peek())
	}
	return e, 0, true
}
