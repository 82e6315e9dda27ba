package pdf

// maxFieldWidth is the number of bytes of a field of a cross-reference stream
// that a 64-bit number needs.
const maxFieldWidth = 8

// stream reads a cross-reference stream (ISO 32000-2, 7.5.8) at off.
func (c *chain) stream(off int64) (*section, error) {
	in, err := c.f.parseAt(off, Ref{}, 0)
	if err != nil {
		return nil, err
	}
	if !in.isStream() || in.dict.Get("Type") != Name("XRef") {
		return nil, syntaxIn(in.ref, off, "neither a cross-reference table nor a cross-reference stream")
	}
	s := &section{off: in.start, end: in.end, stream: true, ref: in.ref, trailer: in.dict, prev: -1}
	if s.widths, err = fieldWidths(in); err != nil {
		return nil, err
	}
	data, err := c.f.structural(in)
	if err != nil {
		return nil, err
	}
	return s, c.streamParts(s, in, data)
}

// fieldWidths reads /W.
func fieldWidths(in indirect) (w [3]int, err error) {
	a, _ := in.dict.Get("W").(Array)
	if len(a) != 3 {
		return w, syntaxIn(in.ref, in.start, "/W of the cross-reference stream is no array of 3")
	}
	sum := 0
	for i := range w {
		n, ok := a[i].(Integer)
		if !ok || n < 0 || n > maxFieldWidth {
			return w, syntaxIn(in.ref, in.start, "/W of the cross-reference stream holds %v", a[i])
		}
		w[i] = int(n)
		sum += w[i]
	}
	if sum == 0 && !onlyZero(in.dict.Get("Index")) {
		return w, syntaxIn(in.ref, in.start, "/W of the cross-reference stream is all zero")
	}
	return w, nil
}

// onlyZero tells the /Index of a section that lists object 0 alone, or nothing:
// PDFBox writes one with rows of no bytes when there is nothing to write.
func onlyZero(o Object) bool {
	a, ok := o.(Array)
	return ok && len(a) == 2 && a[0] == Object(Integer(0)) && (a[1] == Object(Integer(0)) || a[1] == Object(Integer(1)))
}

// streamParts cuts the rows into parts by /Index.
func (c *chain) streamParts(s *section, in indirect, data []byte) error {
	size, _ := in.dict.Get("Size").(Integer)
	index, given := in.dict.Get("Index").(Array)
	if !given {
		index = Array{Integer(0), size}
	}
	if len(index)%2 != 0 {
		return syntaxIn(in.ref, in.start, "/Index of the cross-reference stream has an odd length")
	}
	n := s.widths[0] + s.widths[1] + s.widths[2]
	if n == 0 {
		return nil // object 0 is free, whatever is said of it
	}
	for i := 0; i < len(index); i += 2 {
		first, ok1 := index[i].(Integer)
		count, ok2 := index[i+1].(Integer)
		if !ok1 || !ok2 || first < 0 || count < 0 {
			return syntaxIn(in.ref, in.start, "/Index of the cross-reference stream holds %v %v", index[i], index[i+1])
		}
		if first > maxObjectNumber || count > maxObjectNumber || first+count-1 > maxObjectNumber {
			return &LimitError{LimitObjectNumber, maxObjectNumber}
		}
		have := Integer(len(data) / n)
		if count > have {
			if given {
				return syntaxIn(in.ref, in.start, "/Index promises %d rows, the cross-reference stream holds %d", count, have)
			}
			count = have // /Size is often too large
		}
		if err := c.count(int64(count)); err != nil {
			return err
		}
		if count > 0 {
			s.parts = append(s.parts, part{first: uint32(first), count: int(count), data: data[:int(count)*n]})
			data = data[int(count)*n:]
		}
	}
	return s.arrange()
}

// streamRow decodes a row of a cross-reference stream.
func streamRow(b []byte, w [3]int, base int64) (e xrefEntry, err error) {
	field := func(n int) (v uint64) {
		for _, c := range b[:n] {
			v = v<<8 | uint64(c)
		}
		b = b[n:]
		return v
	}
	typ := uint64(1) // the default (ISO 32000-2, table 17)
	if w[0] > 0 {
		typ = field(w[0])
	}
	where, gen := field(w[1]), field(w[2])
	if typ > 2 {
		return xrefEntry{kind: kindUnknown}, nil
	}
	if where > 1<<62 || gen > 1<<32-1 {
		return e, syntaxAt(-1, "cross-reference entry out of range: %d %d %d", typ, where, gen)
	}
	e = xrefEntry{where: int64(where), gen: uint32(gen)}
	switch typ {
	case 0:
		e.kind = kindFree
	case 1:
		return tableEntry(e, 'n', base), nil
	case 2:
		e.kind = kindInStream
	}
	return e, nil
}
