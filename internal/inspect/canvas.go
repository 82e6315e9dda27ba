package inspect

import "github.com/kyso-vn/kyso/internal/pdf"

// canvas is a page while it is drawn: the text that stands on it, and what
// covered text that was there before.
type canvas struct {
	in     *inspector
	box    area // what a reader sees of the page
	runs   []run
	layer  int // 0: page content, else the number of the annotation
	drawn  map[int]int
	covers map[int]*cover
}

// blank gives the canvas for a page, in place of that for the page before.
func (in *inspector) blank(box area) *canvas {
	c := &in.canvas
	if c.in == nil {
		*c = canvas{in: in, runs: c.runs, drawn: make(map[int]int), covers: make(map[int]*cover)}
	}
	clear(c.drawn)
	clear(c.covers)
	c.box, c.runs, c.layer = box, c.runs[:0], 0
	return c
}

// run is text drawn at once.
type run struct {
	at    [3]point // near the start, in the middle, near the end
	chars int
	codes uint64 // which bytes occur, folded to 64
	layer int
}

// cover is what one layer covers of the text before it.
type cover struct {
	chars  int // of the page
	others int // of annotations below
	codes  uint64
	what   string
	object pdf.Ref
	most   int // characters covered by object
}

// quad is a parallelogram as the inverse of the matrix that makes it of the
// unit square; sign is its direction.
type quad struct {
	inv  matrix
	sign int
}

func quadOf(m matrix) (quad, bool) {
	inv, ok := m.inverse()
	if !ok {
		return quad{}, false
	}
	if m.a*m.d-m.b*m.c < 0 {
		return quad{inv, -1}, true
	}
	return quad{inv, 1}, true
}

func (q quad) has(p point) bool {
	const slack = 0.01
	u := q.inv.apply(p.x, p.y)
	return u.x >= -slack && u.x <= 1+slack && u.y >= -slack && u.y <= 1+slack
}

// paint is something opaque that is drawn.
type paint struct {
	quads   []quad
	evenOdd bool
	clip    area
	what    string
	object  pdf.Ref
}

func (p *paint) has(at point) bool {
	if !p.clip.has(at) {
		return false
	}
	n := 0
	for _, q := range p.quads {
		if !q.has(at) {
			continue
		}
		if p.evenOdd {
			n ^= 1
		} else {
			n += q.sign
		}
	}
	return n != 0
}

// show keeps a text run that a reader sees.
func (c *canvas) show(r run) {
	if r.chars == 0 || !c.box.has(r.at[1]) {
		return
	}
	c.drawn[c.layer] += r.chars
	if len(c.runs) < maxRuns {
		r.layer = c.layer
		c.runs = append(c.runs, r)
	}
}

// paint takes away the text that p covers.
func (c *canvas) paint(p paint) {
	if len(p.quads) == 0 || len(c.runs) == 0 {
		return
	}
	if c.in.tests += int64(len(c.runs) * len(p.quads)); c.in.tests > maxTests {
		return
	}
	kept := c.runs[:0]
	covered := 0
	for _, r := range c.runs {
		if !p.has(r.at[1]) || !p.has(r.at[0]) || !p.has(r.at[2]) {
			kept = append(kept, r)
			continue
		}
		covered += r.chars
		c.take(r)
	}
	c.runs = kept
	if k := c.covers[c.layer]; k != nil && covered > k.most {
		k.most, k.what, k.object = covered, p.what, p.object
	}
}

func (c *canvas) take(r run) {
	k := c.covers[c.layer]
	if k == nil {
		k = &cover{}
		c.covers[c.layer] = k
	}
	if r.layer == 0 {
		k.chars += r.chars
	} else if r.layer != c.layer {
		k.others += r.chars
	}
	k.codes |= r.codes
}
