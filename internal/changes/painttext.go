package changes

import (
	"bytes"
	"iter"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func (p *painter) text(op string, args []operand) {
	s := &p.s
	switch op {
	case "BT":
		s.tm, s.line = identity, identity
	case "Tf":
		if len(args) == 2 {
			s.font, s.size = p.font(resource[*pdf.Dict](p.f, p.resources, "Font", args[0].text)), num(args, 1)
		}
	case "TL":
		s.leading = num(args, 0)
	case "Tz":
		s.stretch = num(args, 0) / 100
	case "Ts":
		s.rise = num(args, 0)
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
	w *= s.stretch
	if s.font.unknown {
		p.out.unknown = true
	}
	if w != 0 {
		b := s.tm.times(s.ctm).box(box{min(0, w), s.font.low*s.size + s.rise, max(0, w), s.font.high*s.size + s.rise}.normal())
		if p.only && !b.meets(s.clip) {
			p.out.unknown = true
		}
		p.mark(b)
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
