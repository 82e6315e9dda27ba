package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// painter runs content streams and notes where they draw.
type painter struct {
	f     *pdf.File
	out   *drawn
	media box
	ops   int
	fonts map[*pdf.Dict]font
	only  bool // text counts, within the clip

	resources *pdf.Dict
	depth     int
	s         state
	saved     []state
	path      box
	points    int  // of the path, 0: none
	clips     bool // the path becomes the clip
}

type state struct {
	ctm, tm, line                           matrix
	size, leading, char, gap, stretch, rise float64
	font                                    font
	clip                                    box
	pattern                                 bool // fills with a pattern
}

func newPainter(f *pdf.File, out *drawn, media box) *painter {
	p := &painter{f: f, out: out, media: media, ops: maxContentOps, fonts: map[*pdf.Dict]font{}}
	p.s.clip, p.s.stretch = media, 1
	return p
}

// run runs one content stream under a matrix.
func (p *painter) run(data []byte, resources *pdf.Dict, ctm matrix, depth int) {
	q := &painter{f: p.f, out: p.out, media: p.media, ops: p.ops, fonts: p.fonts, only: p.only, resources: resources, depth: depth}
	q.s = p.s // a form begins with the state of who draws it (ISO 32000-2, 8.10.1)
	q.s.ctm = ctm
	whole := operators(data, func(op string, args []operand) bool {
		q.ops--
		q.do(op, args)
		return q.ops > 0 && !p.out.unknown
	})
	p.ops = q.ops
	if !whole || q.ops <= 0 {
		p.out.unknown = true
	}
}

// textOnly are the operators that move and clip text.
var textOnly = map[string]bool{
	"q": true, "Q": true, "cm": true, "m": true, "l": true, "c": true, "v": true, "y": true, "re": true,
	"n": true, "W": true, "W*": true, "gs": true, "BT": true, "Tf": true, "TL": true, "Tz": true, "Ts": true,
	"Tc": true, "Tw": true, "Tm": true, "Td": true, "TD": true, "T*": true, "Tj": true, "TJ": true, "'": true, `"`: true,
}

// num is the i-th operand.
func num(args []operand, i int) float64 {
	if i < len(args) && args[i].kind == 'n' {
		return args[i].num
	}
	return 0
}

func six(args []operand) (m matrix) {
	for i := range m {
		m[i] = num(args, i)
	}
	return m
}

func (p *painter) do(op string, args []operand) {
	if p.only && !textOnly[op] {
		return
	}
	switch op {
	case "q":
		if len(p.saved) < 1000 {
			p.saved = append(p.saved, p.s)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			p.s, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "cm":
		p.s.ctm = six(args).times(p.s.ctm)
	case "m", "l":
		p.point(num(args, 0), num(args, 1))
	case "c":
		p.point(num(args, 0), num(args, 1))
		p.point(num(args, 2), num(args, 3))
		p.point(num(args, 4), num(args, 5))
	case "v", "y":
		p.point(num(args, 0), num(args, 1))
		p.point(num(args, 2), num(args, 3))
	case "re":
		x, y, w, h := num(args, 0), num(args, 1), num(args, 2), num(args, 3)
		p.point(x, y)
		p.point(x+w, y+h)
		p.point(x+w, y)
		p.point(x, y+h)
	case "f", "F", "f*", "B", "B*", "b", "b*", "S", "s":
		p.paint()
	case "n":
		p.endPath()
	case "W", "W*":
		p.clips = true
	case "g", "rg", "k", "cs", "sc":
		p.s.pattern = false
	case "scn":
		p.s.pattern = len(args) > 0 && args[len(args)-1].kind == '/'
	case "sh":
		p.shade(args)
	case "gs":
		p.state(args)
	case "EI":
		p.mark(p.s.ctm.box(box{0, 0, 1, 1}))
	case "Do":
		p.xobject(args)
	default:
		p.text(op, args)
	}
}

func (p *painter) point(x, y float64) {
	x, y = p.s.ctm.apply(x, y)
	p.path.with(x, y, p.points > 0)
	p.points++
}

// Sides of areas, in points.
const (
	thinSide  = 2
	shortLine = 50
	fewPoints = 5 // of a rectangle
)

// paint notes a painted path, but for long lines and plain backgrounds. Short
// lines may be the bars of a code, and a large path with many points all
// letters of the page.
func (p *painter) paint() {
	b := p.path
	long, short := max(b.width(), b.height()), min(b.width(), b.height())
	switch {
	case p.points == 0:
	case short < thinSide && long > shortLine && !p.s.pattern:
	case b.width()*b.height() >= p.media.width()*p.media.height()/2 && p.points <= fewPoints && !p.s.pattern:
	default:
		p.mark(b)
	}
	p.endPath()
}

func (p *painter) endPath() {
	if p.clips && p.points > 0 {
		c := &p.s.clip
		*c = box{max(c.x0, p.path.x0), max(c.y0, p.path.y0), min(c.x1, p.path.x1), min(c.y1, p.path.y1)}
	}
	p.points, p.clips = 0, false
}

// shade fills the clip. Axial and radial shadings (types 2 and 3) are too
// smooth to show anything where they are a background.
func (p *painter) shade(args []operand) {
	if len(args) == 0 {
		return
	}
	c := p.s.clip
	d := resource[*pdf.Dict](p.f, p.resources, "Shading", args[0].text)
	smooth := d != nil && (d.Get("ShadingType") == pdf.Integer(2) || d.Get("ShadingType") == pdf.Integer(3))
	if !smooth || c.width()*c.height() < p.media.width()*p.media.height()/2 {
		p.mark(c)
	}
}

// state takes the font of a graphics state. ISO 32000-2, table 57.
func (p *painter) state(args []operand) {
	if len(args) == 0 {
		return
	}
	d := resource[*pdf.Dict](p.f, p.resources, "ExtGState", args[0].text)
	list, err := p.f.Array(d.Get("Font"))
	if err != nil || len(list) != 2 {
		return
	}
	f, err := p.f.Dict(list[0])
	size, ok := number(list[1])
	if err != nil || !ok {
		p.out.unknown = true
		return
	}
	p.s.font, p.s.size = p.font(f), size
}

func (p *painter) mark(b box) {
	if len(p.out.boxes) >= maxBoxes {
		p.out.unknown = true
		return
	}
	p.out.boxes = append(p.out.boxes, b)
}

func (p *painter) xobject(args []operand) {
	if len(args) == 0 {
		return
	}
	s := resource[*pdf.Stream](p.f, p.resources, "XObject", args[0].text)
	if s == nil {
		return
	}
	if s.Dict.Get("Subtype") == pdf.Name("Image") {
		p.mark(p.s.ctm.box(box{0, 0, 1, 1}))
		return
	}
	data, err := s.Decode(maxContent)
	p.ops -= cost(data, err)
	if err != nil || p.depth >= maxFormDepth {
		b, ok := boxOf(p.f, s.Dict.Get("BBox"))
		if !ok {
			p.out.unknown = true
			return
		}
		p.mark(formMatrix(p.f, s).times(p.s.ctm).box(b))
		return
	}
	own, err := p.f.Dict(s.Dict.Get("Resources"))
	if err != nil || own == nil {
		own = p.resources
	}
	p.run(data, own, formMatrix(p.f, s).times(p.s.ctm), p.depth+1)
}
