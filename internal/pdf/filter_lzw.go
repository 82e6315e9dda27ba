package pdf

// LZW codes (ISO 32000-2, 7.4.4.2).
const (
	lzwClear = 256
	lzwEnd   = 257
	lzwFirst = 258
	lzwMax   = 4096
)

// lzwTable holds the strings of codes: each is a former code's and one byte.
type lzwTable struct {
	prefix [lzwMax]uint16
	last   [lzwMax]byte
	length [lzwMax]uint16
	next   int
}

// unLZW undoes LZWDecode. The standard library's lzw package changes the width
// of codes one code later than PDF by default does.
func unLZW(out *capped, in []byte, early bool) error {
	t := &lzwTable{next: lzwFirst}
	var bits uint32
	have, width, prev := 0, 9, -1
	for {
		for have < width {
			if len(in) == 0 { // no end code: what came counts
				return nil
			}
			bits = bits<<8 | uint32(in[0])
			in = in[1:]
			have += 8
		}
		have -= width
		code := int(bits>>have) & (1<<width - 1)
		switch {
		case code == lzwEnd:
			return nil
		case code == lzwClear:
			t.next, width, prev = lzwFirst, 9, -1
			continue
		case prev < 0 && code > 255, code > t.next, code == t.next && t.next == lzwMax:
			return syntaxAt(-1, "malformed LZW data: code %d", code)
		}
		if !t.emit(out, code, prev) {
			return nil
		}
		prev = code
		width = t.width(early)
	}
}

// width is that of the next code.
func (t *lzwTable) width(early bool) int {
	n := t.next
	if early {
		n++
	}
	switch {
	case n < 512:
		return 9
	case n < 1024:
		return 10
	case n < 2048:
		return 11
	}
	return 12
}

// emit writes the string of code and enters the next one; false: no room.
func (t *lzwTable) emit(out *capped, code, prev int) bool {
	if code == t.next { // the string that this code completes
		t.add(prev, t.firstByte(prev))
		return t.write(out, code)
	}
	if prev >= 0 && t.next < lzwMax {
		t.add(prev, t.firstByte(code))
	}
	return t.write(out, code)
}

func (t *lzwTable) add(prefix int, last byte) {
	t.prefix[t.next], t.last[t.next] = uint16(prefix), last
	t.length[t.next] = uint16(t.len(prefix) + 1)
	t.next++
}

func (t *lzwTable) len(code int) int {
	if code < 256 {
		return 1
	}
	return int(t.length[code])
}

func (t *lzwTable) firstByte(code int) byte {
	for code >= lzwFirst {
		code = int(t.prefix[code])
	}
	return byte(code)
}

func (t *lzwTable) write(out *capped, code int) bool {
	n := t.len(code)
	if !out.room(n) {
		return false
	}
	at := len(out.b)
	out.b = append(out.b, make([]byte, n)...)
	for i := at + n - 1; code >= lzwFirst; i-- {
		out.b[i] = t.last[code]
		code = int(t.prefix[code])
	}
	out.b[at] = byte(code)
	return true
}
