package inspect

import (
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// matrix maps (x, y) to (ax+cy+e, bx+dy+f). ISO 32000-2, 8.3.3.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

type point struct{ x, y float64 }

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) apply(x, y float64) point {
	return point{m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f}
}

// inverse is false for a matrix that flattens the plane.
func (m matrix) inverse() (matrix, bool) {
	det := m.a*m.d - m.b*m.c
	if det == 0 || math.IsNaN(det) || math.IsInf(det, 0) {
		return matrix{}, false
	}
	return matrix{
		m.d / det, -m.b / det, -m.c / det, m.a / det,
		(m.c*m.f - m.d*m.e) / det, (m.b*m.e - m.a*m.f) / det,
	}, true
}

// area is the part of the plane between two corners.
type area struct{ x0, y0, x1, y1 float64 }

var everywhere = area{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}
var nowhere = area{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

func (r area) with(p point) area {
	return area{min(r.x0, p.x), min(r.y0, p.y), max(r.x1, p.x), max(r.y1, p.y)}
}

func (r area) and(s area) area {
	return area{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

func (r area) has(p point) bool {
	const slack = 0.5 // points
	return p.x >= r.x0-slack && p.x <= r.x1+slack && p.y >= r.y0-slack && p.y <= r.y1+slack
}

// of is the smallest area around r after m.
func (r area) of(m matrix) area {
	return nowhere.with(m.apply(r.x0, r.y0)).with(m.apply(r.x1, r.y0)).with(m.apply(r.x0, r.y1)).with(m.apply(r.x1, r.y1))
}

// float is a number, 0 for anything else.
func (in *inspector) float(o pdf.Object) float64 {
	switch v := in.resolve(o).(type) {
	case pdf.Integer:
		return float64(v)
	case pdf.Real:
		return float64(v)
	}
	return 0
}

// floats reads an array of exactly n numbers.
func (in *inspector) floats(o pdf.Object, n int) ([]float64, bool) {
	a := in.array(o)
	if len(a) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i := range a {
		out[i] = in.float(a[i])
	}
	return out, true
}

func (in *inspector) rectangle(o pdf.Object) (area, bool) {
	v, ok := in.floats(o, 4)
	if !ok {
		return area{}, false
	}
	return nowhere.with(point{v[0], v[1]}).with(point{v[2], v[3]}), true
}

func (in *inspector) matrix(o pdf.Object) matrix {
	v, ok := in.floats(o, 6)
	if !ok {
		return identity
	}
	return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}
}
