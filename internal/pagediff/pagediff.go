// Package pagediff finds where two pictures of a page differ and frames those
// places. It knows no PDF: the pictures come from whoever can draw pages.
package pagediff

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
)

const (
	// cell is the side of the squares that are compared, in pixels.
	cell = 6
	// near joins places that are so many squares apart: a line of text is one
	// place.
	near = 2
	// faint is the difference of a colour (of 255) that nobody sees.
	faint = 8
	// most is how many places are told apart; beyond them all is one.
	most = 60
	// frame is the width of the frame, pad the distance from what it frames.
	frame = 2
	pad   = 3
)

// Areas returns the rectangles where two pictures differ, from the top down,
// in pixels of both. Pictures of different sizes differ everywhere. The result
// is the same for (a, b) and (b, a).
func Areas(a, b *image.RGBA) []image.Rectangle {
	if a.Bounds().Size() != b.Bounds().Size() {
		return []image.Rectangle{image.Rectangle{Max: a.Bounds().Size()}.Union(image.Rectangle{Max: b.Bounds().Size()})}
	}
	g := compare(a, b)
	var all []image.Rectangle
	for y := range g.h {
		for x := range g.w {
			if g.at(x, y) {
				all = append(all, g.take(x, y))
			}
		}
	}
	all = merge(all)
	if len(all) > most {
		one := all[0]
		for _, r := range all[1:] {
			one = one.Union(r)
		}
		all = []image.Rectangle{one}
	}
	size := image.Rectangle{Max: a.Bounds().Size()}
	for i, r := range all {
		all[i] = image.Rect(r.Min.X*cell, r.Min.Y*cell, r.Max.X*cell, r.Max.Y*cell).Intersect(size)
	}
	slices.SortFunc(all, func(p, q image.Rectangle) int {
		if p.Min.Y != q.Min.Y {
			return p.Min.Y - q.Min.Y
		}
		return p.Min.X - q.Min.X
	})
	return all
}

// grid tells which squares differ.
type grid struct {
	w, h int
	on   []bool
}

func (g *grid) at(x, y int) bool { return x >= 0 && y >= 0 && x < g.w && y < g.h && g.on[y*g.w+x] }

// compare marks the squares with a pixel that differs.
func compare(a, b *image.RGBA) *grid {
	w, h := a.Bounds().Dx(), a.Bounds().Dy()
	g := &grid{w: (w + cell - 1) / cell, h: (h + cell - 1) / cell}
	g.on = make([]bool, g.w*g.h)
	for y := range h {
		p, q := a.Pix[y*a.Stride:][:4*w], b.Pix[y*b.Stride:][:4*w]
		for i := range p {
			if d := int(p[i]) - int(q[i]); d > faint || d < -faint {
				g.on[y/cell*g.w+i/4/cell] = true
			}
		}
	}
	return g
}

// take returns the box around all squares that hang together with one, and
// takes them out.
func (g *grid) take(x, y int) image.Rectangle {
	box := image.Rect(x, y, x+1, y+1)
	todo := []image.Point{{X: x, Y: y}}
	g.on[y*g.w+x] = false
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		box = box.Union(image.Rect(p.X, p.Y, p.X+1, p.Y+1))
		for dy := -near; dy <= near; dy++ {
			for dx := -near; dx <= near; dx++ {
				if q := p.Add(image.Pt(dx, dy)); g.at(q.X, q.Y) {
					g.on[q.Y*g.w+q.X] = false
					todo = append(todo, q)
				}
			}
		}
	}
	return box
}

// merge joins boxes that touch.
func merge(all []image.Rectangle) []image.Rectangle {
	for again := true; again && len(all) <= 4*most; {
		again = false
		for i := 0; i < len(all); i++ {
			for k := i + 1; k < len(all); k++ {
				if all[i].Inset(-1).Overlaps(all[k]) {
					all[i] = all[i].Union(all[k])
					all = slices.Delete(all, k, k+1)
					k, again = k-1, true
				}
			}
		}
	}
	return all
}

// Mark returns a copy of a picture with a red frame around each area.
func Mark(img *image.RGBA, areas []image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	red := image.NewUniform(color.RGBA{R: 0xD0, A: 0xFF})
	for _, r := range areas {
		outer := r.Inset(-pad - frame).Intersect(out.Bounds())
		for _, side := range []image.Rectangle{
			{Min: outer.Min, Max: image.Pt(outer.Max.X, outer.Min.Y+frame)},
			{Min: image.Pt(outer.Min.X, outer.Max.Y-frame), Max: outer.Max},
			{Min: outer.Min, Max: image.Pt(outer.Min.X+frame, outer.Max.Y)},
			{Min: image.Pt(outer.Max.X-frame, outer.Min.Y), Max: outer.Max},
		} {
			draw.Draw(out, side.Intersect(out.Bounds()), red, image.Point{}, draw.Src)
		}
	}
	return out
}
