package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// iconSide is the side in points of the icons that programs draw for notes.
const iconSide = 24

// icon reports whether the picture of a note is one that everybody sees to be
// an icon: a small coloured tag with a drawing on it. Such a note hides what is
// under it as a slip of paper does, and does not pretend to be the page.
func (j *judge) icon(d *pdf.Dict, view *pdf.File) (bool, error) {
	b, ok := j.rect(d, view)
	switch d.Get("Subtype") {
	case pdf.Name("Text"), pdf.Name("FileAttachment"), pdf.Name("Sound"):
	default:
		return false, nil
	}
	if !ok || b.width() > iconSide || b.height() > iconSide {
		return false, nil
	}
	v, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	ap, _ := v.(*pdf.Dict)
	if v, err = resolve(view, ap.Get("N")); err != nil {
		return false, err
	}
	s, ok := v.(*pdf.Stream)
	if !ok {
		return false, nil
	}
	data, decoded, err := j.decode(s, maxContent)
	area, hasBox := boxOf(view, s.Dict.Get("BBox"))
	if err != nil || !decoded || !hasBox || area.empty() {
		return false, err
	}
	t := &tag{}
	whole := operators(data, func(op string, args []operand) bool {
		t.do(op, args)
		return !t.bad
	})
	const most, little = 0.5, 0.25
	size := area.width() * area.height()
	return whole && !t.bad && t.coloured >= most*size && t.pale <= little*size, nil
}

// tag measures the areas of an icon.
type tag struct {
	marker
	colour         []float64
	coloured, pale float64 // areas filled with a colour, and with white or grey
	moved          bool    // the space is not that of the box any more
	bad            bool
}

func (t *tag) do(op string, args []operand) {
	switch op {
	case "g", "rg", "k":
		t.colour = colour(args)
	case "cm":
		t.moved = true
	case "m", "l", "c", "v", "y", "re":
		t.point(op, args)
	case "f", "F", "f*", "B", "B*", "b", "b*":
		t.fill()
		t.path = nil
	case "S", "s", "n":
		t.path = nil
	case "q", "Q", "w", "J", "j", "M", "d", "i", "ri", "h", "G", "RG", "K":
	default: // text, pictures, patterns, states
		t.bad = true
	}
}

// fill adds the areas of a path. Coloured ones count where they surely lie.
func (t *tag) fill() {
	size := 0.0
	for _, s := range t.path {
		size += s.width() * s.height()
	}
	switch {
	case saturated(t.colour) && !t.moved:
		t.coloured += size
	case !saturated(t.colour) && light(t.colour) > 0.5:
		t.pale += size
	}
}

// saturated tells a colour from white, grey and black.
func saturated(c []float64) bool {
	const vivid = 0.25
	if len(c) < 3 {
		return false
	}
	return max(c[0], c[1], c[2])-min(c[0], c[1], c[2]) >= vivid
}
