package appearance

import (
	"fmt"
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Rect is x1,y1,x2,y2 in points, origin at the lower left of the page as seen.
type Rect [4]float64

// Width in points.
func (r Rect) Width() float64 { return r[2] - r[0] }

// Height in points.
func (r Rect) Height() float64 { return r[3] - r[1] }

// String is the rectangle as --rect takes it.
func (r Rect) String() string {
	return fmt.Sprintf("%s,%s,%s,%s", num(r[0]), num(r[1]), num(r[2]), num(r[3]))
}

// normal orders the corners.
func (r Rect) normal() Rect {
	return Rect{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}
}

func (r Rect) finite() bool {
	for _, v := range r {
		if math.IsNaN(v) || math.Abs(v) > maxBoxSide {
			return false
		}
	}
	return true
}

// overlaps reports a common area wider than a hair, so that boxes that touch
// are apart.
func (r Rect) overlaps(o Rect) bool {
	const hair = 0.1
	return min(r[2], o[2])-max(r[0], o[0]) > hair && min(r[3], o[3])-max(r[1], o[1]) > hair
}

// within reports whether r lies in o, a hair forgiven.
func (r Rect) within(o Rect) bool {
	const hair = 0.1
	return r[0] >= o[0]-hair && r[1] >= o[1]-hair && r[2] <= o[2]+hair && r[3] <= o[3]+hair
}

func (r Rect) move(dx, dy float64) Rect {
	return Rect{r[0] + dx, r[1] + dy, r[2] + dx, r[3] + dy}
}

// SeenSize is the width and height of a page as a reader sees it, in points:
// CropBox, turned by /Rotate, scaled by /UserUnit.
func SeenSize(p *pdf.Page) (width, height float64) {
	w, h := (p.CropBox[2]-p.CropBox[0])*unit(p), (p.CropBox[3]-p.CropBox[1])*unit(p)
	if p.Rotate == 90 || p.Rotate == 270 {
		return h, w
	}
	return w, h
}

// unit is /UserUnit: how many points one unit of user space is.
// ISO 32000-2, 14.11.2 and Table 31.
func unit(p *pdf.Page) float64 {
	if p.UserUnit > 0 {
		return p.UserUnit
	}
	return 1
}

// userPoint maps a point of the page as seen to default user space.
func userPoint(p *pdf.Page, x, y float64) (u, v float64) {
	x, y = x/unit(p), y/unit(p)
	w, h := p.CropBox[2]-p.CropBox[0], p.CropBox[3]-p.CropBox[1]
	switch p.Rotate {
	case 90: // clockwise: the top of the page is at the right of what is seen
		x, y = w-y, x
	case 180:
		x, y = w-x, h-y
	case 270:
		x, y = y, h-x
	}
	return p.CropBox[0] + x, p.CropBox[1] + y
}

// UserRect maps a rectangle on the page as seen (CropBox origin, /Rotate,
// UserUnit) to default user space of the page, and gives the /Matrix that a
// form XObject of BBox [0 0 w h] (w and h those of r) needs to stand upright.
// The matrix turns and scales the box to the very size of rect, with its lower
// left at the origin: so an annotation only moves it (ISO 32000-2, 12.5.5,
// algorithm "appearance streams"), and page content draws it with
// "1 0 0 1 rect[0] rect[1] cm".
func UserRect(p *pdf.Page, r Rect) (rect [4]float64, matrix [6]float64) {
	r = r.normal()
	u1, v1 := userPoint(p, r[0], r[1])
	u2, v2 := userPoint(p, r[2], r[3])
	rect = [4]float64{min(u1, u2), min(v1, v2), max(u1, u2), max(v1, v2)}
	s := 1 / unit(p)
	w, h := r.Width()*s, r.Height()*s
	switch p.Rotate {
	case 90:
		matrix = [6]float64{0, s, -s, 0, h, 0}
	case 180:
		matrix = [6]float64{-s, 0, 0, -s, w, h}
	case 270:
		matrix = [6]float64{0, -s, s, 0, 0, w}
	default:
		matrix = [6]float64{s, 0, 0, s, 0, 0}
	}
	return rect, matrix
}

// SeenRect is the inverse of UserRect: a rectangle of default user space (a
// widget's /Rect, a text match) on the page as seen.
func SeenRect(p *pdf.Page, rect [4]float64) Rect {
	x1, y1 := seenPoint(p, rect[0], rect[1])
	x2, y2 := seenPoint(p, rect[2], rect[3])
	return Rect{x1, y1, x2, y2}.normal()
}

func seenPoint(p *pdf.Page, u, v float64) (x, y float64) {
	u, v = u-p.CropBox[0], v-p.CropBox[1]
	w, h := p.CropBox[2]-p.CropBox[0], p.CropBox[3]-p.CropBox[1]
	switch p.Rotate {
	case 90:
		u, v = v, w-u
	case 180:
		u, v = w-u, h-v
	case 270:
		u, v = h-v, u
	}
	return u * unit(p), v * unit(p)
}
