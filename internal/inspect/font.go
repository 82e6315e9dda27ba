package inspect

import "github.com/kyso-vn/kyso/internal/pdf"

// font is what is needed to know where text stands: widths in thousandths.
type font struct {
	dict   *pdf.Dict
	wide   bool // two bytes a character
	first  int
	widths []float64
	cids   map[int]float64
	rest   float64 // width of all others
}

// loadFont reads a font dictionary, once.
func (in *inspector) loadFont(o pdf.Object) *font {
	d, _ := o.(*pdf.Dict)
	if f, ok := in.fonts[d]; ok {
		return f
	}
	f := &font{dict: d, rest: 500}
	switch {
	case d == nil || len(in.fonts) > maxFonts:
		return f
	case in.name(d.Get("Subtype")) == "Type0":
		f.wide = true
		if kids := in.array(d.Get("DescendantFonts")); len(kids) > 0 {
			in.cidWidths(f, in.dict(kids[0]))
		}
	default:
		in.simpleWidths(f)
	}
	in.fonts[d] = f
	return f
}

func (in *inspector) simpleWidths(f *font) {
	scale := 1.0
	if in.name(f.dict.Get("Subtype")) == "Type3" {
		scale = 1000 * in.matrix(f.dict.Get("FontMatrix")).a
	}
	f.first = int(in.float(f.dict.Get("FirstChar")))
	for i, w := range in.array(f.dict.Get("Widths")) {
		if i > 255 {
			break
		}
		f.widths = append(f.widths, scale*in.float(w))
	}
}

// cidWidths reads /W and /DW. ISO 32000-2, 9.7.4.3.
func (in *inspector) cidWidths(f *font, d *pdf.Dict) {
	f.rest = 1000
	if d == nil {
		return
	}
	if d.Has("DW") {
		f.rest = in.float(d.Get("DW"))
	}
	const maxCID = 65535
	f.cids = make(map[int]float64)
	w := in.array(d.Get("W"))
	for i := 0; i+1 < len(w) && i < 2*maxCID; {
		from := int(in.float(w[i]))
		if list := in.array(w[i+1]); list != nil {
			for k, v := range list[:min(len(list), maxCID)] {
				f.cids[(from+k)&maxCID] = in.float(v)
			}
			i += 2
			if len(f.cids) > maxCID {
				return
			}
			continue
		}
		if i+2 >= len(w) {
			return
		}
		to, width := min(int(in.float(w[i+1])), maxCID), in.float(w[i+2])
		if from < 0 || to-from > 4096 { // one width for nearly all: as good as a default
			f.rest = width
		} else {
			for c := from; c <= to; c++ {
				f.cids[c&maxCID] = width
			}
		}
		i += 3
	}
}

// measure gives the width of a string in thousandths, its characters, and how
// many of them are the space of one byte.
func (f *font) measure(b []byte) (width float64, chars, spaces int) {
	if f.wide {
		for i := 0; i+1 < len(b); i += 2 {
			w, ok := f.cids[int(b[i])<<8|int(b[i+1])]
			if !ok {
				w = f.rest
			}
			width += w
			chars++
		}
		return width, chars, 0
	}
	for _, c := range b {
		if i := int(c) - f.first; i >= 0 && i < len(f.widths) {
			width += f.widths[i]
		} else {
			width += f.rest
		}
		if c == ' ' {
			spaces++
		}
	}
	return width, len(b), spaces
}
