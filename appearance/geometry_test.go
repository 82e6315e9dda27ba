package appearance

import (
	"fmt"
	"math"
	"testing"
)

// geometries are the page shapes that a mark must stand upright on.
func geometries() map[string]testPage {
	out := map[string]testPage{}
	for _, rotate := range []int{0, 90, 180, 270} {
		out[fmt.Sprintf("rotate %d", rotate)] = testPage{rotate: rotate}
		out[fmt.Sprintf("rotate %d crop", rotate)] = testPage{rotate: rotate, crop: [4]float64{50, 80, 500, 700}}
		out[fmt.Sprintf("rotate %d negative origin", rotate)] = testPage{rotate: rotate, media: [4]float64{-300, -400, 300, 400}}
		out[fmt.Sprintf("rotate %d unit 2", rotate)] = testPage{
			rotate: rotate, unit: 2, media: [4]float64{0, 0, 300, 420}, crop: [4]float64{10, 20, 290, 400},
		}
	}
	return out
}

// TestMarkLooksTheSameOnEveryPage: the part of the page where the mark was
// asked for must look as on a plain page, and no ink may lie elsewhere.
func TestMarkLooksTheSameOnEveryPage(t *testing.T) {
	r := Rect{40, 60, 260, 140}
	m := mustCompose(t, Style{Border: true}, sampleInfo, r.Width(), r.Height())
	plain := region(rasterize(t, markedPDF(t, testPage{}, r, m)), r)
	if darkness(plain) < 0.01 {
		t.Fatal("no ink on the plain page")
	}
	for name, tp := range geometries() {
		t.Run(name, func(t *testing.T) {
			img := rasterizeUnit(t, markedPDF(t, tp, r, m), unit(tp.page()))
			w, h := SeenSize(tp.page())
			if b := img.Bounds(); math.Abs(float64(b.Dx())-2*w) > 2 || math.Abs(float64(b.Dy())-2*h) > 2 {
				t.Fatalf("picture of %v, page as seen %g x %g", b, w, h)
			}
			got := region(img, r)
			if d := difference(got, plain); d > 0.02 {
				t.Errorf("differs from the plain page by %.4f", d)
			}
			checkGolden(t, "geometry "+name, shrunk(region(img, Rect{0, 0, w, h})))
			page := region(img, Rect{0, 0, w, h})
			extra := darkness(page)*float64(len(page.Pix)) - darkness(got)*float64(len(got.Pix))
			if extra > 800 { // the outer half of the border's edge pixels
				t.Errorf("%.0f pixels of ink outside the place", extra)
			}
		})
	}
}

func TestSeenRectIsTheInverse(t *testing.T) {
	for name, tp := range geometries() {
		t.Run(name, func(t *testing.T) {
			want := Rect{12, 34, 156, 78}
			user, _ := UserRect(tp.page(), want)
			got := SeenRect(tp.page(), user)
			for i := range got {
				if math.Abs(got[i]-want[i]) > 1e-9 {
					t.Fatalf("got %v, want %v", got, want)
				}
			}
		})
	}
}

// TestMatrixFillsRect: BBox under Matrix has the size of Rect and its corner at
// the origin, so that viewers only move the appearance.
func TestMatrixFillsRect(t *testing.T) {
	for name, tp := range geometries() {
		t.Run(name, func(t *testing.T) {
			r := Rect{40, 60, 260, 140}
			rect, m := UserRect(tp.page(), r)
			box := Rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
			for _, c := range [][2]float64{{0, 0}, {r.Width(), 0}, {0, r.Height()}, {r.Width(), r.Height()}} {
				x, y := m[0]*c[0]+m[2]*c[1]+m[4], m[1]*c[0]+m[3]*c[1]+m[5]
				box = Rect{min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)}
			}
			want := Rect{0, 0, rect[2] - rect[0], rect[3] - rect[1]}
			for i := range want {
				if math.Abs(box[i]-want[i]) > 1e-9 {
					t.Fatalf("BBox becomes %v, want %v", box, want)
				}
			}
		})
	}
}
