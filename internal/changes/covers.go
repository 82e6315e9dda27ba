package changes

import (
	"bytes"
	"iter"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// drawn says where the signed revision draws on a page, roughly and rather too
// much: text, pictures and smaller areas. The background and thin lines do not
// count: nothing is hidden by drawing over them.
type drawn struct {
	boxes   []box
	unknown bool // it can't be told: everywhere
}

func (d *drawn) meets(b box) bool {
	if d.unknown {
		return true
	}
	for _, o := range d.boxes {
		if o.meets(b) {
			return true
		}
	}
	return false
}

// covers reports whether an annotation shows something over what its page
// shows.
func (j *judge) covers(ref pdf.Ref, d *pdf.Dict) (bool, int, error) {
	shows, err := j.shows(d)
	if err != nil || !shows {
		return false, 0, err
	}
	pages, whole := j.pagesOf(ref, d)
	if len(pages) == 0 {
		return false, 0, nil // a field without page shows nothing
	}
	over, err := j.over(d, pages)
	return over || !whole, j.firstPage(pages), err
}

// over reports whether the place of an annotation meets what the signed
// revision shows on one of the pages.
func (j *judge) over(d *pdf.Dict, pages []pdf.Ref) (bool, error) {
	b, ok := j.rect(d, j.new)
	if !ok || len(pages) == 0 {
		return true, nil
	}
	for _, page := range pages {
		p, err := j.drawnOn(page)
		if err != nil || p.meets(b) {
			return true, err
		}
	}
	return false, nil
}

// drawnOn looks at a page of the signed revision, once.
func (s *session) drawnOn(page pdf.Ref) (*drawn, error) {
	if p := s.places[page]; p != nil {
		return p, nil
	}
	p := &drawn{}
	if s.places == nil {
		s.places = map[pdf.Ref]*drawn{}
	}
	s.places[page] = p
	index := s.page(page)
	if index == 0 {
		p.unknown = true
		return p, nil
	}
	pg, err := s.signed.Page(index - 1)
	if err != nil || pg.Ref != page {
		p.unknown = true
		return p, damagedOrNil(err)
	}
	r := &painter{f: s.signed, out: p, area: (pg.MediaBox[2] - pg.MediaBox[0]) * (pg.MediaBox[3] - pg.MediaBox[1]), ops: maxContentOps}
	data, ok := contents(s.signed, pg.Dict.Get("Contents"))
	resources, err := s.signed.Dict(pg.Resources)
	if !ok || err != nil && !pdf.Damaged(err) {
		p.unknown = true
		return p, damagedOrNil(err)
	}
	r.run(data, resources, identity, 0)
	return p, s.drawnByAnnots(pg.Dict, p)
}

func damagedOrNil(err error) error {
	if err == nil || pdf.Damaged(err) {
		return nil
	}
	return err
}

// drawnByAnnots adds the annotations of the signed page.
func (s *session) drawnByAnnots(page *pdf.Dict, p *drawn) error {
	j := &judge{session: s, old: s.signed, new: s.signed}
	v, err := resolve(s.signed, page.Get("Annots"))
	if err != nil {
		return err
	}
	list, _ := v.(pdf.Array)
	for _, e := range list[:min(len(list), maxBoxes)] {
		v, err := resolve(s.signed, e)
		if err != nil {
			return err
		}
		d, ok := v.(*pdf.Dict)
		if !ok {
			continue
		}
		shows, err := j.shows(d)
		if err != nil {
			return err
		}
		if b, ok := j.rect(d, s.signed); ok && shows {
			p.boxes = append(p.boxes, b)
		}
	}
	return nil
}

// contents joins the content streams of a page.
func contents(f *pdf.File, o pdf.Object) ([]byte, bool) {
	v, err := resolve(f, o)
	if err != nil {
		return nil, false
	}
	var list pdf.Array
	switch v := v.(type) {
	case nil:
		return nil, true
	case *pdf.Stream:
		list = pdf.Array{v}
	case pdf.Array:
		list = v
	default:
		return nil, false
	}
	var out bytes.Buffer
	for _, e := range list {
		e, err := resolve(f, e)
		s, ok := e.(*pdf.Stream)
		if err != nil || !ok {
			return nil, false
		}
		data, err := s.Decode(int64(maxContent - out.Len() + 1))
		if err != nil || out.Len()+len(data) > maxContent {
			return nil, false
		}
		out.Write(data)
		out.WriteByte('\n')
	}
	return out.Bytes(), true
}

// painter runs content streams and notes where they draw.
type painter struct {
	f    *pdf.File
	out  *drawn
	area float64 // of the page
	ops  int

	resources *pdf.Dict
	depth     int
	s         state
	saved     []state
	path      box
	started   bool
}

type state struct {
	ctm, tm, line            matrix
	size, leading, char, gap float64
	font                     font
}

// font is as much of a font as the width of a text needs.
type font struct {
	first  int
	widths []float64 // per 1000; nil: not known
	double bool      // two bytes a character
}

// run runs one content stream under a matrix.
func (p *painter) run(data []byte, resources *pdf.Dict, ctm matrix, depth int) {
	q := &painter{f: p.f, out: p.out, area: p.area, ops: p.ops, resources: resources, depth: depth}
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
		p.started = false
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
	p.path.with(x, y, p.started)
	p.started = true
}

// paint notes a painted path, but for lines and backgrounds.
func (p *painter) paint() {
	b := p.path
	if p.started && b.width() >= 2 && b.height() >= 2 && b.width()*b.height() < p.area/2 {
		p.mark(b)
	}
	p.started = false
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

// resource finds a named resource of a type, its zero value when there is none.
func resource[T any](f *pdf.File, resources *pdf.Dict, category pdf.Name, key []byte) (none T) {
	d, err := f.Dict(resources.Get(category))
	if err != nil || d == nil {
		return none
	}
	v, err := resolve(f, d.Get(pdf.Name(key)))
	t, ok := v.(T)
	if err != nil || !ok {
		return none
	}
	return t
}

func (p *painter) text(op string, args []operand) {
	s := &p.s
	switch op {
	case "BT":
		s.tm, s.line = identity, identity
	case "Tf":
		if len(args) == 2 {
			s.font, s.size = loadFont(p.f, resource[*pdf.Dict](p.f, p.resources, "Font", args[0].text)), num(args, 1)
		}
	case "TL":
		s.leading = num(args, 0)
	case "Tc":
		s.char = num(args, 0)
	case "Tw":
		s.gap = num(args, 0)
	case "Tm":
		s.line = six(args)
		s.tm = s.line
	case "Td", "TD":
		if op == "TD" {
			s.leading = -num(args, 1)
		}
		p.newLine(num(args, 0), num(args, 1))
	case "T*":
		p.newLine(0, -s.leading)
	case "Tj", "TJ":
		p.show(args)
	case "'", `"`:
		p.newLine(0, -s.leading)
		p.show(args[max(0, len(args)-1):])
	}
}

func (p *painter) newLine(x, y float64) {
	p.s.line = matrix{1, 0, 0, 1, x, y}.times(p.s.line)
	p.s.tm = p.s.line
}

// show notes the box of a text and moves on by its width.
func (p *painter) show(args []operand) {
	s := &p.s
	var w float64
	for o := range pieces(args) {
		if o.kind == 'n' {
			w -= o.num / 1000 * s.size
			continue
		}
		w += s.font.width(o.text)*s.size + float64(len(o.text))*s.char + float64(bytes.Count(o.text, []byte{' '}))*s.gap
	}
	if w != 0 {
		p.mark(s.tm.times(s.ctm).box(box{min(0, w), -0.25 * s.size, max(0, w), 0.95 * s.size}.normal()))
	}
	s.tm = matrix{1, 0, 0, 1, w, 0}.times(s.tm)
}

func (b box) normal() box {
	if b.y0 > b.y1 { // a negative size
		b.y0, b.y1 = b.y1, b.y0
	}
	return b
}

// pieces gives the strings and numbers of the operands of Tj or TJ.
func pieces(args []operand) iter.Seq[operand] {
	return func(yield func(operand) bool) {
		for _, a := range args {
			list := []operand{a}
			if a.kind == '[' {
				list = a.list
			}
			for _, o := range list {
				if (o.kind == 'n' || o.kind == '(') && !yield(o) {
					return
				}
			}
		}
	}
}

// width is that of a text in a font of size 1, a guess where the font does not
// tell.
func (f font) width(text []byte) (w float64) {
	const guess = 0.56
	if f.double {
		return float64(len(text)) / 2 * guess
	}
	for _, c := range text {
		if i := int(c) - f.first; i >= 0 && i < len(f.widths) {
			w += f.widths[i] / 1000
			continue
		}
		w += guess
	}
	return w
}

func loadFont(f *pdf.File, d *pdf.Dict) (out font) {
	switch d.Get("Subtype") {
	case pdf.Name("Type0"):
		out.double = true
	case pdf.Name("Type3"): // widths in a space of its own
	default:
		v, err := resolve(f, d.Get("Widths"))
		list, ok := v.(pdf.Array)
		first, err2 := f.Int(d.Get("FirstChar"))
		if err != nil || err2 != nil || !ok || len(list) > 256 || first < 0 || first > 255 {
			return out
		}
		out.first = int(first)
		out.widths, _ = numbers(f, list, len(list))
	}
	return out
}
