package changes

import (
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// plainness looks whether the text of an appearance is what is seen of it:
// neither hidden nor beside the field, and no picture of other text with it.
type plainness struct {
	box   box
	x, y  float64
	odd   int // lines that are neither frame nor comb
	rects int
	fill  float64 // how light; -1 not known
	saved []float64
	bad   bool
}

// Of what a frame and the comb of a field need.
const (
	maxOddLines = 8
	maxRects    = 6
	minText     = 2 // points
)

func newPlainness(f *pdf.File, s *pdf.Stream) *plainness {
	b, ok := boxOf(f, s.Dict.Get("BBox"))
	return &plainness{box: b, bad: !ok}
}

func (p *plainness) do(op string, args []operand) {
	switch op {
	case "q":
		if len(p.saved) < 1000 {
			p.saved = append(p.saved, p.fill)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			p.fill, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "Tr":
		p.bad = p.bad || num(args, 0) != 0
	case "gs", "W", "W*":
		p.bad = p.bad || op == "gs" // may be transparent; a clip is judged by the box
	case "g", "rg", "k", "sc", "scn":
		p.fill = -1
		if n := len(args); n > 0 && args[n-1].kind == 'n' {
			p.fill = light(colour(args))
		}
	case "Tj", "TJ", "'", `"`:
		p.bad = p.bad || p.fill < 0 || p.fill > maxWhite
	case "c", "v", "y":
		p.bad = true
	case "m":
		p.x, p.y = num(args, 0), num(args, 1)
	case "l":
		p.lineTo(num(args, 0), num(args, 1))
	case "re":
		p.rects++
	}
}

func (p *plainness) lineTo(x, y float64) {
	dx, dy := math.Abs(x-p.x), math.Abs(y-p.y)
	upright := dx < 1 && dy >= p.box.height()/2
	level := dy < 1 && dx >= p.box.width()/2
	if !upright && !level {
		p.odd++
	}
	p.x, p.y = x, y
}

// plain gives the verdict; the places of the text are those of a painter.
func (p *plainness) plain(f *pdf.File, data []byte, resources *pdf.Dict) bool {
	if p.bad || p.odd > maxOddLines || p.rects > maxRects {
		return false
	}
	out := &drawn{}
	q := newPainter(f, out, p.box)
	q.only = true
	q.run(data, resources, identity, 0)
	for _, b := range out.boxes {
		if !b.meets(p.box) || b.height() < minText {
			return false
		}
	}
	return !out.unknown
}
