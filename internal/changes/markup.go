package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// thin reports whether the appearance of a note or of markup leaves the text
// under it to be read: lines that are thin and apart, or areas that darken or
// shine through.
func (j *judge) thin(ref pdf.Ref, d *pdf.Dict, view *pdf.File, pages []pdf.Ref) (bool, error) {
	v, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	if v == nil {
		return thinColour(d, view), nil
	}
	ap, ok := v.(*pdf.Dict)
	if !ok {
		return false, nil
	}
	if v, err = resolve(view, ap.Get("N")); err != nil {
		return false, err
	}
	s, ok := v.(*pdf.Stream)
	if !ok {
		return v == nil && thinColour(d, view), nil
	}
	m := &marker{f: view, left: maxContentOps, strict: true}
	switch d.Get("Subtype") {
	case pdf.Name("Highlight"), pdf.Name("Underline"), pdf.Name("StrikeOut"), pdf.Name("Squiggly"):
		m.strict = false
		if m.turned, err = j.turned(pages); err != nil {
			return false, err
		}
	}
	m.stream(s, nil, brush{width: 1}, 0)
	if err := j.spend(maxContentOps - m.left); err != nil {
		return false, err
	}
	if m.hides || !m.shines {
		return !m.hides, nil
	}
	return j.alone(ref, d, view, pages)
}

// thinColour: viewers draw a highlight of their own so that it darkens, in the
// colour /C.
func thinColour(d *pdf.Dict, view *pdf.File) bool {
	if d.Get("Subtype") != pdf.Name("Highlight") {
		return true
	}
	v, err := resolve(view, d.Get("C"))
	list, ok := v.(pdf.Array)
	if err != nil || !ok {
		return err == nil && v == nil
	}
	c, ok := numbers(view, list, len(list))
	return ok && light(c) >= minLight
}

// turned reports whether the lines of a page stand upright in its space.
func (j *judge) turned(pages []pdf.Ref) (bool, error) {
	if len(pages) == 0 {
		return false, nil
	}
	p, err := j.drawnOn(pages[0])
	if err != nil {
		return false, err
	}
	return p.turned, nil
}

// alone notes where markup shines through, and reports whether nothing else
// does there: one layer leaves the text, ten do not.
func (j *judge) alone(ref pdf.Ref, d *pdf.Dict, view *pdf.File, pages []pdf.Ref) (bool, error) {
	b, ok := j.rect(d, view)
	if !ok {
		return false, nil
	}
	for _, page := range pages {
		p, err := j.drawnOn(page)
		if err == nil {
			err = j.spend((len(p.shining) + len(p.annots)) / 16)
		}
		if err != nil {
			return false, err
		}
		if meets(p.annots, b, ref) || meets(p.shining, b, ref) || len(p.shining) >= maxBoxes {
			return false, nil
		}
		p.shining = append(p.shining, placed{ref, b})
	}
	return true, nil
}

// marker runs an appearance and looks for what hides.
type marker struct {
	f      *pdf.File
	left   int
	hides  bool
	shines bool  // an area is transparent, not darkening
	areas  []box // that were filled
	lines  []box
	path   []box // subpaths

	strict bool // no lines
	turned bool // lines are upright
}

// brush is the state that matters.
type brush struct {
	darkens      bool // a blend mode that only darkens
	faint        bool // transparent
	width        float64
	fill, stroke float64 // 0 black, 1 white; -1 not known
}

const (
	maxLine     = 2.5 // width in points up to which a line hides no text
	maxFlat     = 4   // and up to which an area is a line
	minGap      = 5   // between lines one above the other
	minLight    = 0.3 // of a colour that darkens
	maxWhite    = 0.9 // of a line or area that does not darken
	maxFaint    = 0.6 // opacity
	maxMarks    = 500 // lines and areas of one appearance
	maxSubpaths = 5_000
)

// light is how light a colour of /C, or of operands of the device spaces, is.
func light(c []float64) float64 {
	switch len(c) {
	case 1:
		return c[0]
	case 3:
		return 0.3*c[0] + 0.59*c[1] + 0.11*c[2]
	case 4:
		return (0.3*(1-c[0]) + 0.59*(1-c[1]) + 0.11*(1-c[2])) * (1 - c[3])
	}
	return -1
}

func (m *marker) stream(s *pdf.Stream, outer *pdf.Dict, b brush, depth int) {
	data, err := s.Decode(maxContent)
	m.left -= cost(data, err)
	if err != nil || depth > maxFormDepth || m.left <= 0 {
		m.hides = true
		return
	}
	resources, err := m.f.Dict(s.Dict.Get("Resources"))
	if err != nil || resources == nil {
		resources = outer
	}
	var saved []brush
	whole := operators(data, func(op string, args []operand) bool {
		m.left--
		switch op {
		case "q":
			if len(saved) < 1000 {
				saved = append(saved, b)
			}
		case "Q":
			if n := len(saved); n > 0 {
				b, saved = saved[n-1], saved[:n-1]
			}
		case "gs":
			if len(args) > 0 {
				m.state(&b, resource[*pdf.Dict](m.f, resources, "ExtGState", args[0].text))
			}
		case "Do":
			m.xobject(resources, args, b, depth)
		default:
			m.do(&b, op, args)
		}
		return !m.hides && m.left > 0
	})
	m.hides = m.hides || !whole || m.left <= 0
}

// do runs an operator that needs no resources.
func (m *marker) do(b *brush, op string, args []operand) {
	switch op {
	case "w":
		b.width = num(args, 0)
	case "g", "rg", "k":
		b.fill = light(colour(args))
	case "G", "RG", "K":
		b.stroke = light(colour(args))
	case "cs", "sc", "scn":
		b.fill = -1
	case "CS", "SC", "SCN":
		b.stroke = -1
	case "cm": // would need the scale of lines
		if c := six(args); c[0] > 1.01 || c[3] > 1.01 || c[1] != 0 || c[2] != 0 {
			m.hides = true
		}
	case "m", "l", "c", "v", "y", "re":
		m.point(op, args)
	case "f", "F", "f*":
		m.area(*b)
		m.path = nil
	case "B", "B*", "b", "b*":
		m.area(*b)
		m.line(*b)
		m.path = nil
	case "S", "s":
		m.line(*b)
		m.path = nil
	case "n":
		m.path = nil
	case "Tj", "TJ", "'", `"`, "sh", "EI":
		m.hides = true
	}
}

func colour(args []operand) []float64 {
	out := make([]float64, 0, 4)
	for _, a := range args[:min(len(args), 5)] {
		out = append(out, a.num)
	}
	return out
}

// point adds to the path. Each subpath is measured for itself.
func (m *marker) point(op string, args []operand) {
	if op == "m" || op == "re" || len(m.path) == 0 {
		x, y := num(args, 0), num(args, 1)
		m.path = append(m.path, box{x, y, x, y})
	}
	if len(m.path) > maxSubpaths {
		m.hides = true
		return
	}
	b := &m.path[len(m.path)-1]
	if op == "re" {
		b.with(num(args, 0)+num(args, 2), num(args, 1)+num(args, 3), true)
		return
	}
	for i := 0; i+1 < len(args); i += 2 {
		b.with(num(args, i), num(args, i+1), true)
	}
}

// line judges a stroked path: thin lines along the text, one a line of text.
func (m *marker) line(b brush) {
	if b.width > maxLine || b.stroke < 0 || b.stroke > maxWhite {
		m.hides = true
	}
	for _, s := range m.path {
		m.flat(s)
	}
}

// flat notes a line. Lines that cross the text, or lie close beside each other,
// draw a picture.
func (m *marker) flat(s box) {
	if !m.isFlat(s) || len(m.lines) >= maxMarks {
		m.hides = true
	}
	wide := s
	if m.turned {
		wide.x0, wide.x1 = s.x0-minGap, s.x1+minGap
	} else {
		wide.y0, wide.y1 = s.y0-minGap, s.y1+minGap
	}
	for _, o := range m.lines {
		m.hides = m.hides || o != s && wide.x0 < o.x1 && o.x0 < wide.x1 && wide.y0 < o.y1 && o.y0 < wide.y1
	}
	m.lines = append(m.lines, s)
}

func (m *marker) isFlat(s box) bool {
	if m.turned {
		return s.width() <= maxFlat && !m.strict
	}
	return s.height() <= maxFlat && !m.strict
}

// area judges a filled path.
func (m *marker) area(b brush) {
	for _, s := range m.path {
		switch {
		case b.darkens && b.fill >= minLight: // as a felt pen does
			continue
		case b.fill < 0 || b.fill > maxWhite:
			m.hides = true
		case m.isFlat(s):
			m.flat(s)
			continue
		case !b.faint:
			m.hides = true
		}
		m.shines = true
		if len(m.areas) >= maxMarks {
			m.hides = true
			return
		}
		for _, o := range m.areas {
			m.hides = m.hides || o.meets(box{s.x0 + 1, s.y0 + 1, s.x1 - 1, s.y1 - 1})
		}
		m.areas = append(m.areas, s)
	}
}

func (m *marker) xobject(resources *pdf.Dict, args []operand, b brush, depth int) {
	if len(args) == 0 {
		return
	}
	s := resource[*pdf.Stream](m.f, resources, "XObject", args[0].text)
	if s == nil || s.Dict.Get("Subtype") != pdf.Name("Form") {
		m.hides = true
		return
	}
	m.stream(s, resources, b, depth+1)
}

// state takes what matters of a graphics state.
func (m *marker) state(b *brush, d *pdf.Dict) {
	if d == nil {
		return
	}
	if w, ok := number(d.Get("LW")); ok {
		b.width = w
	}
	mode, err := resolve(m.f, d.Get("BM"))
	if err != nil {
		m.hides = true
		return
	}
	if list, ok := mode.(pdf.Array); ok && len(list) > 0 {
		mode = list[0]
	}
	if mode != nil {
		b.darkens = mode == pdf.Object(pdf.Name("Multiply")) || mode == pdf.Object(pdf.Name("Darken"))
	}
	if ca, ok := number(d.Get("ca")); ok {
		b.faint = ca <= maxFaint
	}
}
