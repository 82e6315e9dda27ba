package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// thin reports whether the appearance of a markup annotation leaves the text
// under it to be read: thin lines, or areas that multiply or shine through.
func (j *judge) thin(d *pdf.Dict, view *pdf.File) (bool, error) {
	v, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	ap, ok := v.(*pdf.Dict)
	if !ok {
		return v == nil, nil // the viewer's own
	}
	if v, err = resolve(view, ap.Get("N")); err != nil {
		return false, err
	}
	s, ok := v.(*pdf.Stream)
	if !ok {
		return v == nil, nil
	}
	m := &marker{f: view, left: maxContentOps}
	m.stream(s, nil, brush{width: 1}, 0)
	return !m.hides, nil
}

// marker runs an appearance and looks for what hides.
type marker struct {
	f     *pdf.File
	left  int
	hides bool
}

// brush is the state that matters.
type brush struct {
	through bool // transparent, or a blend mode that darkens
	width   float64
}

// maxLine is the width in points up to which a line hides no text.
const maxLine = 4

func (m *marker) stream(s *pdf.Stream, outer *pdf.Dict, b brush, depth int) {
	data, err := s.Decode(maxContent)
	if err != nil || depth > maxFormDepth {
		m.hides = true
		return
	}
	resources, err := m.f.Dict(s.Dict.Get("Resources"))
	if err != nil || resources == nil {
		resources = outer
	}
	var saved []brush
	p := &painter{f: m.f, out: &drawn{}}
	p.s.ctm = identity
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
		case "w":
			b.width = num(args, 0)
		case "gs":
			if len(args) > 0 {
				b.through = m.through(resource[*pdf.Dict](m.f, resources, "ExtGState", args[0].text))
			}
		case "cm": // would need the scale of lines
			if c := six(args); c[0] > 1.01 || c[3] > 1.01 || c[1] != 0 || c[2] != 0 {
				m.hides = true
			}
		case "f", "F", "f*", "B", "B*", "b", "b*":
			flat := p.path.height() <= maxLine || p.path.width() <= maxLine
			m.hides = m.hides || !b.through && !flat
		case "S", "s":
			m.hides = m.hides || b.width > maxLine && !b.through
		case "Tj", "TJ", "'", `"`, "sh", "EI":
			m.hides = true
		case "Do":
			m.xobject(resources, args, b, depth)
		}
		p.do(pathOnly(op), args)
		return !m.hides && m.left > 0
	})
	m.hides = m.hides || !whole || m.left <= 0
}

// pathOnly keeps the operators that make a path.
func pathOnly(op string) string {
	switch op {
	case "m", "l", "c", "v", "y", "re", "n", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s":
		return op
	}
	return ""
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

// through tells graphics states under which text stays to be read.
func (m *marker) through(d *pdf.Dict) bool {
	const faint = 0.6
	if d == nil {
		return false
	}
	mode, err := resolve(m.f, d.Get("BM"))
	if err != nil {
		return false
	}
	if list, ok := mode.(pdf.Array); ok && len(list) > 0 {
		mode = list[0]
	}
	if mode == pdf.Object(pdf.Name("Multiply")) || mode == pdf.Object(pdf.Name("Darken")) {
		return true
	}
	ca, ok := number(d.Get("ca"))
	return ok && ca <= faint
}
