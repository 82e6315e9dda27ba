package pdf

// unHex undoes ASCIIHexDecode (ISO 32000-2, 7.4.2).
func unHex(out *capped, in []byte) error {
	half := -1
	for _, c := range in {
		d := hexDigit(int(c))
		switch {
		case isSpace(int(c)):
			continue
		case c == '>':
			if half >= 0 && out.room(1) { // the missing digit is 0
				out.b = append(out.b, byte(half<<4))
			}
			return nil
		case d < 0:
			return syntaxAt(-1, "byte %#02x in hexadecimal data", c)
		case half < 0:
			half = d
			continue
		}
		if !out.room(1) {
			return nil
		}
		out.b = append(out.b, byte(half<<4|d))
		half = -1
	}
	if half >= 0 && out.room(1) {
		out.b = append(out.b, byte(half<<4))
	}
	return nil
}

// unASCII85 undoes ASCII85Decode (ISO 32000-2, 7.4.3).
func unASCII85(out *capped, in []byte) error {
	var v uint64
	n := 0
	for i, c := range in {
		switch {
		case isSpace(int(c)):
			continue
		case c == '<' && i+1 < len(in) && in[i+1] == '~' && len(out.b) == 0 && n == 0:
			return unASCII85(out, in[i+2:]) // an opening mark that some writers put
		case c == '~':
			return endASCII85(out, v, n)
		case c == 'z' && n == 0:
			if !out.room(4) {
				return nil
			}
			out.b = append(out.b, 0, 0, 0, 0)
			continue
		case c < '!' || c > 'u':
			return syntaxAt(-1, "byte %#02x in ASCII85 data", c)
		}
		v = v*85 + uint64(c-'!')
		if n++; n < 5 {
			continue
		}
		if v > 1<<32-1 {
			return syntaxAt(-1, "ASCII85 group out of range")
		}
		if !out.room(4) {
			return nil
		}
		out.b = append(out.b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
		v, n = 0, 0
	}
	return endASCII85(out, v, n)
}

// endASCII85 writes the last group of n digits, which are n-1 bytes.
func endASCII85(out *capped, v uint64, n int) error {
	if n == 0 {
		return nil
	}
	if n == 1 {
		return syntaxAt(-1, "ASCII85 data ends in the middle of a byte")
	}
	for range 5 - n {
		v = v*85 + 84
	}
	if v > 1<<32-1 {
		return syntaxAt(-1, "ASCII85 group out of range")
	}
	if out.room(n - 1) {
		out.b = append(out.b, []byte{byte(v >> 24), byte(v >> 16), byte(v >> 8)}[:n-1]...)
	}
	return nil
}

// unRunLength undoes RunLengthDecode (ISO 32000-2, 7.4.5).
func unRunLength(out *capped, in []byte) error {
	for len(in) > 0 && in[0] != 128 {
		n := int(in[0])
		in = in[1:]
		switch {
		case n < 128:
			if n++; n > len(in) {
				return syntaxAt(-1, "run-length data ends in a run")
			}
			if !out.room(n) {
				return nil
			}
			out.b = append(out.b, in[:n]...)
			in = in[n:]
		case len(in) == 0:
			return syntaxAt(-1, "run-length data ends in a run")
		default:
			if !out.room(257 - n) {
				return nil
			}
			for range 257 - n {
				out.b = append(out.b, in[0])
			}
			in = in[1:]
		}
	}
	return nil
}
