package changes

import (
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// box is a rectangle in points, normalised.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }
func (b box) empty() bool     { return b.width() <= 0 || b.height() <= 0 }

func (b box) meets(c box) bool {
	return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1
}

// with grows b by a point; the zero value of ok starts it.
func (b *box) with(x, y float64, started bool) {
	if !started {
		*b = box{x, y, x, y}
		return
	}
	b.x0, b.y0 = math.Min(b.x0, x), math.Min(b.y0, y)
	b.x1, b.y1 = math.Max(b.x1, x), math.Max(b.y1, y)
}

// matrix is [a b c d e f] of ISO 32000-2, 8.3.3.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times applies m first, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// box is the bounding box of a transformed rectangle.
func (m matrix) box(b box) (out box) {
	for i, p := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := m.apply(p[0], p[1])
		out.with(x, y, i > 0)
	}
	return out
}

// numbers reads an array of n finite numbers.
func numbers(f *pdf.File, o pdf.Object, n int) ([]float64, bool) {
	v, err := resolve(f, o)
	a, ok := v.(pdf.Array)
	if err != nil || !ok || len(a) < n {
		return nil, false
	}
	out := make([]float64, n)
	for i := range out {
		e, err := resolve(f, a[i])
		x, ok := number(e)
		if err != nil || !ok || math.IsInf(x, 0) || math.IsNaN(x) {
			return nil, false
		}
		out[i] = x
	}
	return out, true
}

func boxOf(f *pdf.File, o pdf.Object) (box, bool) {
	n, ok := numbers(f, o, 4)
	if !ok {
		return box{}, false
	}
	return box{math.Min(n[0], n[2]), math.Min(n[1], n[3]), math.Max(n[0], n[2]), math.Max(n[1], n[3])}, true
}

// rect is the place of an annotation.
func (j *judge) rect(d *pdf.Dict, f *pdf.File) (box, bool) { return boxOf(f, d.Get("Rect")) }

// formBox is the box of a form XObject under its matrix.
func (j *judge) formBox(s *pdf.Stream, f *pdf.File) (box, bool) {
	b, ok := boxOf(f, s.Dict.Get("BBox"))
	return formMatrix(f, s).box(b), ok
}

func formMatrix(f *pdf.File, s *pdf.Stream) matrix {
	if n, ok := numbers(f, s.Dict.Get("Matrix"), 6); ok {
		return matrix(n)
	}
	return identity
}

// sameBox reports whether two arrays are the same rectangle but for how many
// digits a writer takes: Firefox keeps two.
func sameBox(old, new *pdf.File, a, b pdf.Object) bool {
	const rounded = 0.0051 // points: half of the last digit
	x, ok1 := numbers(old, a, 4)
	y, ok2 := numbers(new, b, 4)
	if !ok1 || !ok2 {
		return false
	}
	for i := range x {
		if math.Abs(x[i]-y[i]) > rounded {
			return false
		}
	}
	return true
}
