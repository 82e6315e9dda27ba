package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// font is as much of a font as the place of a text needs.
type font struct {
	first     int
	widths    []float64 // per 1000; nil: not known
	double    bool      // two bytes a character
	wide      map[int]float64
	usual     float64 // width of what is not in wide
	low, high float64 // of glyphs, of size 1
	unknown   bool    // can't be told
}

// Heights of glyphs of usual fonts, of size 1.
const lowest, topmost = -0.25, 0.95

// width is that of a text in a font of size 1, a guess where the font does not
// tell, rather too wide.
func (f font) width(text []byte) (w float64) {
	if f.double {
		for i := 0; i+1 < len(text); i += 2 {
			x, ok := f.wide[int(text[i])<<8|int(text[i+1])]
			if !ok {
				x = f.usual
			}
			w += x
		}
		return w
	}
	for _, c := range text {
		if i := int(c) - f.first; i >= 0 && i < len(f.widths) {
			w += f.widths[i] / 1000
			continue
		}
		w += guess(c)
	}
	return w
}

// guess is the width of a letter in a standard font, at least that of Helvetica
// and of Courier.
func guess(c byte) float64 {
	switch {
	case c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '@' || c == '%' || c >= 0x80:
		return 1
	case c >= 'A' && c <= 'Z':
		return 0.8
	}
	return 0.61
}

// font loads a font, once.
func (p *painter) font(d *pdf.Dict) font {
	f, ok := p.fonts[d]
	if !ok && len(p.fonts) < maxFonts {
		f = loadFont(p.f, d)
		p.fonts[d] = f
	} else if !ok {
		f.unknown = true
	}
	return f
}

func loadFont(f *pdf.File, d *pdf.Dict) font {
	out := font{low: lowest, high: topmost}
	switch d.Get("Subtype") {
	case pdf.Name("Type0"):
		out.composite(f, d)
	case pdf.Name("Type3"):
		out.simple(f, d)
		out.drawn(f, d)
	default:
		out.simple(f, d)
	}
	return out
}

func (out *font) simple(f *pdf.File, d *pdf.Dict) {
	v, err := resolve(f, d.Get("Widths"))
	list, ok := v.(pdf.Array)
	first, err2 := f.Int(d.Get("FirstChar"))
	if err != nil || err2 != nil || !ok || len(list) > 256 || first < 0 || first > 255 {
		return
	}
	out.first = int(first)
	out.widths, _ = numbers(f, list, len(list))
}

// drawn places the glyphs of a Type 3 font, which has a space of its own.
func (out *font) drawn(f *pdf.File, d *pdf.Dict) {
	m, ok1 := numbers(f, d.Get("FontMatrix"), 6)
	b, ok2 := boxOf(f, d.Get("FontBBox"))
	if !ok1 || !ok2 || out.widths == nil {
		out.unknown = true
		return
	}
	widest := 0.0
	for i, w := range out.widths {
		x, y := matrix{m[0], m[1], m[2], m[3]}.apply(w, 0)
		out.widths[i] = max(x, -x, y, -y, b.width()*max(m[0], -m[0])) * 1000
		widest = max(widest, out.widths[i]/1000)
	}
	b = matrix(m).box(b)
	out.low, out.high = min(b.y0, -widest), max(b.y1, widest)
}

// composite reads the widths of a font of two bytes a character.
// ISO 32000-2, 9.7.4.3.
func (out *font) composite(f *pdf.File, d *pdf.Dict) {
	out.double, out.usual = true, 1
	list, err := f.Array(d.Get("DescendantFonts"))
	if err != nil || len(list) == 0 {
		return
	}
	desc, err := f.Dict(list[0])
	if err != nil || desc == nil {
		return
	}
	if dw, ok := number(desc.Get("DW")); ok {
		out.usual = max(dw, -dw) / 1000
	}
	if d.Get("Encoding") != pdf.Name("Identity-H") { // another writing mode, or codes of other lengths
		out.unknown = true
		return
	}
	w, err := f.Array(desc.Get("W"))
	if err == nil {
		out.wide = wideOf(f, w)
	}
}

func wideOf(f *pdf.File, w pdf.Array) map[int]float64 {
	out := map[int]float64{}
	left := 4 * maxCIDs
	for i := 0; i+1 < len(w) && left > 0; {
		first, ok := number(w[i])
		if !ok {
			break
		}
		next, err := resolve(f, w[i+1])
		if err != nil {
			break
		}
		if list, ok := next.(pdf.Array); ok {
			for k, e := range list[:min(len(list), maxCIDs)] {
				if x, ok := number(e); ok {
					out[int(first)+k] = x / 1000
					left--
				}
			}
			i += 2
			continue
		}
		last, ok1 := number(next)
		if i+2 >= len(w) || !ok1 {
			break
		}
		x, ok := number(w[i+2])
		for c := int(first); ok && c <= int(min(last, maxCIDs)) && c >= 0; c++ {
			out[c] = x / 1000
			left--
		}
		i += 3
	}
	return out
}
