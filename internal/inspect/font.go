package inspect

import (
	"math"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// font is what is needed to know where text stands: widths in thousandths.
type font struct {
	dict   *pdf.Dict
	wide   bool // two bytes a character
	first  int
	widths []float64       // from first on; NaN: not told
	high   map[int]float64 // of characters of two bytes from denseCIDs on
	rest   float64         // width of all others
}

// denseCIDs is how many characters of a font of two bytes are kept in a row:
// fonts that hold what a document needs number them from 1.
const denseCIDs = 1024

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
	list := in.array(f.dict.Get("Widths"))
	list = list[:min(len(list), 256)]
	f.widths = make([]float64, len(list))
	for i, w := range list {
		f.widths[i] = scale * in.float(w)
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
	w := in.array(d.Get("W"))
	for i := 0; i+1 < len(w) && i < 2*maxCID; {
		from := int(in.float(w[i]))
		if list := in.array(w[i+1]); list != nil {
			list = list[:min(len(list), maxCID)]
			if !in.mayKeep(len(list)) {
				return
			}
			f.grow(from&maxCID + len(list))
			for k, v := range list {
				f.set((from+k)&maxCID, in.float(v))
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		to, width := min(int(in.float(w[i+1])), maxCID), in.float(w[i+2])
		if from < 0 || to-from > 4096 { // one width for nearly all: as good as a default
			f.rest = width
		} else {
			if !in.mayKeep(to - from) {
				return
			}
			for c := from; c <= to; c++ {
				f.set(c&maxCID, width)
			}
		}
		i += 3
	}
}

// mayKeep admits n more widths. Those of the largest fonts are some ten
// thousand; in hostile files one array stands for many.
func (in *inspector) mayKeep(n int) bool {
	if in.widths += max(1, n); in.widths <= maxWidths {
		return true
	}
	in.add(Finding{Code: NotScanned, Detail: "covered content: too many widths of characters"})
	return false
}

// set keeps the width of a character of two bytes.
func (f *font) set(cid int, width float64) {
	if cid >= denseCIDs {
		if f.high == nil {
			f.high = make(map[int]float64)
		}
		f.high[cid] = width
		return
	}
	f.grow(cid + 1)
	for len(f.widths) <= cid {
		f.widths = append(f.widths, math.NaN())
	}
	f.widths[cid] = width
}

// grow makes room for n characters, as far as they are kept in a row.
func (f *font) grow(n int) {
	if n = min(n, denseCIDs); n > cap(f.widths) {
		f.widths = slices.Grow(f.widths, n-len(f.widths))
	}
}

// of is the width of a character of two bytes.
func (f *font) of(cid int) float64 {
	if cid < len(f.widths) {
		if w := f.widths[cid]; !math.IsNaN(w) {
			return w
		}
	} else if w, ok := f.high[cid]; ok {
		return w
	}
	return f.rest
}

// measure gives the width of a string in thousandths, its characters, and how
// many of them are the space of one byte.
func (f *font) measure(b []byte) (width float64, chars, spaces int) {
	if f.wide {
		for i := 0; i+1 < len(b); i += 2 {
			width += f.of(int(b[i])<<8 | int(b[i+1]))
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
