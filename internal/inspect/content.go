package inspect

import (
	"bytes"
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// machine interprets a content stream as far as it places text and opaque
// things (ISO 32000-2, 8 and 9).
type machine struct {
	c     *canvas
	in    *inspector
	res   *pdf.Dict
	forms int // that this one lies in
	state state
	saved []state
	lex   lexer
	args  []token
	path  path

	text, line matrix
}

// machine gives one that draws on c with resources res; it has to be done with.
// Their room is used again: a page has one for each of its annotations.
func (in *inspector) machine(c *canvas, res *pdf.Dict) *machine {
	m := &machine{}
	if n := len(in.machines); n > 0 {
		m, in.machines = in.machines[n-1], in.machines[:n-1]
	}
	*m = machine{
		c: c, in: in, res: res, text: identity, line: identity,
		state: state{ctm: identity, clip: everywhere, scale: 1},
		saved: m.saved[:0], args: m.args[:0], path: m.path, lex: lexer{room: m.lex.room},
	}
	return m
}

func (m *machine) done() { m.in.machines = append(m.in.machines, m) }

// state is the graphics state.
type state struct {
	ctm     matrix
	clip    area
	clear   bool // alpha, blend mode or mask let through what is below
	pattern bool // fills need not be opaque

	font             *font
	size, scale      float64
	lead, rise       float64
	charGap, wordGap float64
	invisible        bool
}

// path is the current path in device space.
type path struct {
	quads  []quad
	box    area
	sub    []point // of the present subpath
	curved bool    // the present subpath
	clip   bool    // W or W* was seen
}

func (p *path) reset() {
	*p = path{box: nowhere, quads: p.quads[:0], sub: p.sub[:0]}
}

// run interprets b with resources res. It reports false when the work that a
// file may cost is used up.
func (m *machine) run(b []byte) bool {
	if m.in.work += int64(len(b)) + formCost; m.in.work > m.in.o.ContentBytes*2 {
		return false
	}
	m.path.reset()
	l := &m.lex
	l.b = b
	for {
		t := l.next()
		switch t.kind {
		case tokEnd:
			return true
		case tokWord:
			switch w := string(t.b); w {
			case "true", "false", "null":
			case "ID":
				m.inlineImage(l)
				m.forget()
			default:
				if !m.operator(w) {
					return false
				}
				m.forget()
			}
		case tokNumber, tokName, tokString:
			if len(m.args) < maxArgs {
				m.args = append(m.args, t)
			}
		default: // arrays lie flat in args
		}
	}
}

// forget drops the operands.
func (m *machine) forget() {
	m.args = m.args[:0]
	m.lex.forget()
}

func (m *machine) operator(op string) bool {
	switch op {
	case "Do":
		return m.do()
	case "BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*", "Tj", "TJ", "'", "\"":
		m.textOperator(op)
	case "q", "Q", "cm", "gs", "g", "rg", "k", "sc", "scn", "cs", "sh":
		m.stateOperator(op)
	default:
		m.pathOperator(op)
	}
	return true
}

// num is operand i from the end, 0-based; 0 when there is none.
func (m *machine) num(i int) float64 {
	k := len(m.args) - 1 - i
	if k < 0 || m.args[k].kind != tokNumber {
		return 0
	}
	return m.args[k].num
}

// nameArg is the last operand when it is a name.
func (m *machine) nameArg(fromEnd int) pdf.Name {
	k := len(m.args) - 1 - fromEnd
	if k < 0 || m.args[k].kind != tokName {
		return ""
	}
	return pdf.Name(m.args[k].b)
}

func (m *machine) matrixArg() matrix {
	return matrix{m.num(5), m.num(4), m.num(3), m.num(2), m.num(1), m.num(0)}
}

// resource is an entry of one kind of resources, and the object behind it.
func (m *machine) resource(kind, name pdf.Name) resource {
	return m.in.resource(resourceKey{m.res, kind, name})
}

// resourceKey names an entry of a resource dictionary.
type resourceKey struct {
	of         *pdf.Dict
	kind, name pdf.Name
}

// resource is an object with the reference to it; both may be missing.
type resource struct {
	ref pdf.Ref
	obj pdf.Object
}

// resource finds an entry. What is there is looked up once: hostile content may
// ask for a large or damaged object a million times.
func (in *inspector) resource(k resourceKey) (r resource) {
	if r, ok := in.resources[k]; ok {
		return r
	}
	group, ok := in.resources[resourceKey{of: k.of, kind: k.kind}]
	if !ok {
		group.obj = in.dict(k.of.Get(k.kind))
		in.resources[resourceKey{of: k.of, kind: k.kind}] = group
	}
	d, _ := group.obj.(*pdf.Dict)
	if !d.Has(k.name) || len(in.resources) > maxObjects {
		return r
	}
	r.ref, _ = d.Get(k.name).(pdf.Ref)
	r.obj = in.resolve(d.Get(k.name))
	in.resources[k] = r
	return r
}

func (m *machine) stateOperator(op string) {
	s := &m.state
	switch op {
	case "q":
		if len(m.saved) < maxStates {
			m.saved = append(m.saved, *s)
		}
	case "Q":
		if n := len(m.saved); n > 0 {
			*s, m.saved = m.saved[n-1], m.saved[:n-1]
		}
	case "cm":
		s.ctm = m.matrixArg().then(s.ctm)
	case "gs":
		if d, ok := m.resource("ExtGState", m.nameArg(0)).obj.(*pdf.Dict); ok {
			m.extState(d)
		}
	case "g", "rg", "k", "sc":
		s.pattern = false
	case "scn":
		s.pattern = m.nameArg(0) != ""
	case "cs":
		s.pattern = m.nameArg(0) == "Pattern"
	case "sh":
		if !s.clear && s.clip != everywhere {
			m.fill([]quad{boxQuad(s.clip)}, false, "a shading")
		}
	}
}

func boxQuad(r area) quad {
	q, _ := quadOf(matrix{a: r.x1 - r.x0, d: r.y1 - r.y0, e: r.x0, f: r.y0})
	return q
}

// extState looks at what makes paint transparent.
func (m *machine) extState(d *pdf.Dict) {
	const opaque = 0.9
	if d.Has("ca") {
		m.state.clear = m.in.float(d.Get("ca")) < opaque
	}
	if d.Has("BM") {
		mode := m.in.name(d.Get("BM"))
		if a := m.in.array(d.Get("BM")); len(a) > 0 {
			mode = m.in.name(a[0])
		}
		if mode != "Normal" && mode != "Compatible" {
			m.state.clear = true
		}
	}
	if d.Has("SMask") && m.in.name(d.Get("SMask")) != "None" {
		m.state.clear = true
	}
	if f := m.in.array(d.Get("Font")); len(f) == 2 {
		m.state.font, m.state.size = m.in.loadFont(m.in.resolve(f[0])), m.in.float(f[1])
	}
}

func (m *machine) fill(quads []quad, evenOdd bool, what string) {
	if m.state.clear || m.state.pattern {
		return
	}
	m.c.paint(paint{quads: quads, evenOdd: evenOdd, clip: m.state.clip, what: what})
}

// do draws an image or a form.
func (m *machine) do() bool {
	x := m.resource("XObject", m.nameArg(0))
	ref := x.ref
	s, ok := x.obj.(*pdf.Stream)
	if !ok {
		return true
	}
	switch m.in.name(s.Dict.Get("Subtype")) {
	case "Image":
		if q, ok := quadOf(m.state.ctm); ok && !m.state.clear && m.in.opaque(ref, s) {
			m.c.paint(paint{quads: []quad{q}, clip: m.state.clip, what: "an image", object: ref})
		}
	case "Form":
		if m.forms < maxForms {
			return m.form(ref, s)
		}
	}
	return true
}

// form draws a form XObject.
func (m *machine) form(ref pdf.Ref, s *pdf.Stream) bool {
	f, err := m.in.loadForm(ref, s)
	if err != nil {
		m.in.failed = err
		return false
	}
	sub := m.in.machine(m.c, f.res)
	defer sub.done()
	sub.forms, sub.state = m.forms+1, m.state
	if sub.res == nil {
		sub.res = m.res // ISO 32000-2, 8.10.1: PDF 1.1 took those of the page
	}
	sub.state.ctm = f.matrix.then(m.state.ctm)
	if f.bounded {
		sub.state.clip = m.state.clip.and(f.box.of(sub.state.ctm))
	}
	return sub.run(f.data)
}

// form is a form XObject, decoded.
type form struct {
	data    []byte
	res     *pdf.Dict
	matrix  matrix
	box     area
	bounded bool // by box
}

// loadForm decodes a form; once, as long as there is room to keep it.
func (in *inspector) loadForm(ref pdf.Ref, s *pdf.Stream) (*form, error) {
	if f, ok := in.forms[ref]; ok && ref != (pdf.Ref{}) {
		return f, nil
	}
	b, err := in.decode(s)
	if err != nil {
		return nil, err
	}
	f := &form{data: b, res: in.dict(s.Dict.Get("Resources")), matrix: in.matrix(s.Dict.Get("Matrix"))}
	f.box, f.bounded = in.rectangle(s.Dict.Get("BBox"))
	if ref != (pdf.Ref{}) && in.formRoom+len(b) < cacheBytes {
		in.forms[ref] = f
		in.formRoom += len(b) + formCost
	}
	return f, nil
}

// inlineImage skips the data of an inline image, which covers as others do.
func (m *machine) inlineImage(l *lexer) {
	mask := false
	for _, a := range m.args {
		if a.kind == tokName && (string(a.b) == "IM" || string(a.b) == "ImageMask") {
			mask = true
		}
	}
	if q, ok := quadOf(m.state.ctm); ok && !mask && !m.state.clear {
		m.c.paint(paint{quads: []quad{q}, clip: m.state.clip, what: "an image"})
	}
	for at := l.pos; ; {
		i := bytes.Index(l.b[at:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.b)
			return
		}
		at += i + 2
		if isSpace(l.b[at-3]) && (at == len(l.b) || isSpace(l.b[at])) {
			l.pos = at
			return
		}
	}
}

func (m *machine) textOperator(op string) {
	s := &m.state
	switch op {
	case "BT":
		m.text, m.line = identity, identity
	case "Tc":
		s.charGap = m.num(0)
	case "Tw":
		s.wordGap = m.num(0)
	case "Tz":
		s.scale = m.num(0) / 100
	case "TL":
		s.lead = m.num(0)
	case "Ts":
		s.rise = m.num(0)
	case "Tf":
		s.font, s.size = m.in.loadFont(m.resource("Font", m.nameArg(1)).obj), m.num(0)
	case "Tr":
		s.invisible = m.num(0) == 3 || m.num(0) == 7
	case "Td":
		m.moveLine(m.num(1), m.num(0))
	case "TD":
		s.lead = -m.num(0)
		m.moveLine(m.num(1), m.num(0))
	case "Tm":
		m.line = m.matrixArg()
		m.text = m.line
	case "T*":
		m.moveLine(0, -s.lead)
	case "Tj", "TJ":
		m.showAll()
	case "'", "\"":
		if op == "\"" {
			s.wordGap, s.charGap = m.num(2), m.num(1)
			m.args = m.args[max(0, len(m.args)-1):]
		}
		m.moveLine(0, -s.lead)
		m.showAll()
	}
}

func (m *machine) moveLine(x, y float64) {
	m.line = matrix{1, 0, 0, 1, x, y}.then(m.line)
	m.text = m.line
}

// showAll shows the strings among the operands; numbers move in between.
func (m *machine) showAll() {
	s := &m.state
	for _, a := range m.args {
		switch a.kind {
		case tokNumber:
			m.text = matrix{1, 0, 0, 1, -a.num / 1000 * s.size * s.scale, 0}.then(m.text)
		case tokString:
			m.show(a.b)
		default:
		}
	}
}

func (m *machine) show(b []byte) {
	s := &m.state
	f := s.font
	if f == nil {
		f = &font{rest: 500}
	}
	units, chars, spaces := f.measure(b)
	width := (units/1000*s.size + float64(chars)*s.charGap + float64(spaces)*s.wordGap) * s.scale
	if !s.invisible && width != 0 && !math.IsNaN(width) && !math.IsInf(width, 0) {
		to := m.text.then(s.ctm)
		y := s.rise + 0.3*s.size
		r := run{at: [3]point{to.apply(0.05*width, y), to.apply(0.5*width, y), to.apply(0.95*width, y)}}
		for _, c := range b {
			if c != ' ' {
				r.codes |= 1 << (c & 63)
			}
		}
		if r.chars = chars - spaces; s.clip.has(r.at[1]) {
			m.c.show(r)
		}
	}
	m.text = matrix{1, 0, 0, 1, width, 0}.then(m.text)
}

func (m *machine) pathOperator(op string) {
	p := &m.path
	at := func(i int) point { return m.state.ctm.apply(m.num(i+1), m.num(i)) }
	switch op {
	case "m":
		p.endSub()
		p.add(at(0))
	case "l":
		p.add(at(0))
	case "c":
		p.curve(at(4), at(2), at(0))
	case "v", "y":
		p.curve(at(2), at(0))
	case "h":
		p.endSub()
	case "re":
		p.endSub()
		x, y, w, h := m.num(3), m.num(2), m.num(1), m.num(0)
		for _, c := range [4][2]float64{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}} {
			p.add(m.state.ctm.apply(c[0], c[1]))
		}
		p.endSub()
	case "W", "W*":
		p.clip = true
	case "f", "F", "f*", "B", "B*", "b", "b*":
		p.endSub()
		m.fill(p.quads, op[len(op)-1] == '*', "a filled rectangle")
		m.endPath()
	case "n", "S", "s":
		p.endSub()
		m.endPath()
	}
}

// endPath makes the clip that W asked for. What is no rectangle clips by the
// smallest rectangle around it.
func (m *machine) endPath() {
	if m.path.clip {
		m.state.clip = m.state.clip.and(m.path.box)
	}
	m.path.reset()
}

func (p *path) add(at point) {
	p.box = p.box.with(at)
	if len(p.sub) < 6 {
		p.sub = append(p.sub, at)
	}
}

func (p *path) curve(through ...point) {
	for _, at := range through {
		p.box = p.box.with(at)
	}
	p.curved = true
}

// endSub keeps the subpath when it is a parallelogram.
func (p *path) endSub() {
	s := p.sub
	same := func(a, b point) bool { return math.Abs(a.x-b.x) < 0.1 && math.Abs(a.y-b.y) < 0.1 }
	if len(s) == 5 && same(s[0], s[4]) {
		s = s[:4]
	}
	if !p.curved && len(s) == 4 && len(p.quads) < maxRects &&
		same(point{s[0].x + s[2].x, s[0].y + s[2].y}, point{s[1].x + s[3].x, s[1].y + s[3].y}) {
		m := matrix{s[1].x - s[0].x, s[1].y - s[0].y, s[3].x - s[0].x, s[3].y - s[0].y, s[0].x, s[0].y}
		if q, ok := quadOf(m); ok {
			p.quads = append(p.quads, q)
		}
	}
	p.sub, p.curved = p.sub[:0], false
}
