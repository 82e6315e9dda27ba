package pdf

// Bounds of predictor parameters.
const (
	maxColumns = 1 << 24
	maxColors  = 32
)

// predictor is the value of /Predictor, 1 (none) when it is no number.
func (fl filter) predictor() Integer {
	if v, ok := fl.parms.Get("Predictor").(Integer); ok {
		return v
	}
	return 1
}

// unpredict undoes the predictor of Flate and LZW (ISO 32000-2, 7.4.4.4), in
// place.
func (fl filter) unpredict(out *capped) error {
	p, err := fl.integer("Predictor", 1, 1, 15)
	if err != nil || p == 1 || out.full {
		return err
	}
	colors, err := fl.integer("Colors", 1, 1, maxColors)
	if err != nil {
		return err
	}
	bits, err := fl.integer("BitsPerComponent", 8, 1, 16)
	if err != nil {
		return err
	}
	columns, err := fl.integer("Columns", 1, 1, maxColumns)
	if err != nil {
		return err
	}
	if bits&(bits-1) != 0 {
		return syntaxAt(-1, "/BitsPerComponent is %d", bits)
	}
	row := int((colors*bits*columns + 7) / 8)
	switch {
	case p == 2:
		unTIFF(out.b, row, int(colors), int(bits))
		return nil
	case p >= 10:
		out.b, err = unPNG(out.b, row, int((colors*bits+7)/8))
		return err
	}
	return syntaxAt(-1, "/Predictor is %d", p)
}

// unPNG undoes the PNG filters: each row has a byte before it that names its
// filter, whatever /Predictor says. The last row may be short.
func unPNG(b []byte, row, pixel int) ([]byte, error) {
	out := b[:0] // shorter at each row by a byte, so it never overtakes b
	var up []byte
	for len(b) > 0 {
		kind := b[0]
		n := min(row, len(b)-1)
		at := len(out)
		out = append(out, b[1:1+n]...)
		cur := out[at : at+n]
		b = b[1+n:]
		switch kind {
		case 0:
		case 1:
			for i := pixel; i < n; i++ {
				cur[i] += cur[i-pixel]
			}
		case 2:
			for i := range min(n, len(up)) {
				cur[i] += up[i]
			}
		case 3:
			for i := range cur {
				cur[i] += byte((pngByte(cur, i-pixel) + pngByte(up, i)) / 2)
			}
		case 4:
			for i := range cur {
				cur[i] += paeth(pngByte(cur, i-pixel), pngByte(up, i), pngByte(up, i-pixel))
			}
		default:
			return nil, syntaxAt(-1, "PNG filter %d", kind)
		}
		up = cur
	}
	return out, nil
}

// pngByte is b[i], 0 outside of the picture.
func pngByte(b []byte, i int) int {
	if i < 0 || i >= len(b) {
		return 0
	}
	return int(b[i])
}

func paeth(a, b, c int) byte {
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	switch {
	case pa <= pb && pa <= pc:
		return byte(a)
	case pb <= pc:
		return byte(b)
	}
	return byte(c)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// unTIFF undoes TIFF predictor 2: each sample is the difference to the one of
// the same colour on its left.
func unTIFF(b []byte, row, colors, bits int) {
	for len(b) > 0 {
		n := min(row, len(b))
		cur := b[:n]
		b = b[n:]
		switch bits {
		case 8:
			for i := colors; i < n; i++ {
				cur[i] += cur[i-colors]
			}
		case 16:
			for i := 2 * colors; i+1 < n; i += 2 {
				k := i - 2*colors
				v := uint16(cur[i])<<8 + uint16(cur[i+1]) + uint16(cur[k])<<8 + uint16(cur[k+1])
				cur[i], cur[i+1] = byte(v>>8), byte(v)
			}
		default:
			unTIFFBits(cur, colors, bits)
		}
	}
}

// unTIFFBits is for samples smaller than a byte.
func unTIFFBits(cur []byte, colors, bits int) {
	mask := byte(1<<bits - 1)
	left := make([]byte, colors)
	for i := range len(cur) * 8 / bits {
		shift := 8 - bits - i*bits%8
		at := &cur[i*bits/8]
		v := (*at>>shift + left[i%colors]) & mask
		left[i%colors] = v
		*at = *at&^(mask<<shift) | v<<shift
	}
}
