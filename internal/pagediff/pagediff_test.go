package pagediff

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
)

// sheet is a white page with grey rectangles.
func sheet(w, h int, ink ...image.Rectangle) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, r := range ink {
		draw.Draw(img, r, image.NewUniform(color.Gray{Y: 0x30}), image.Point{}, draw.Src)
	}
	return img
}

func TestAreas(t *testing.T) {
	word := image.Rect(100, 100, 160, 112)
	for name, c := range map[string]struct {
		a, b *image.RGBA
		want int
	}{
		"the same":            {sheet(600, 800, word), sheet(600, 800, word), 0},
		"one word":            {sheet(600, 800), sheet(600, 800, word), 1},
		"two places":          {sheet(600, 800), sheet(600, 800, word, image.Rect(100, 400, 160, 412)), 2},
		"letters of one line": {sheet(600, 800), sheet(600, 800, image.Rect(100, 100, 106, 110), image.Rect(112, 100, 118, 110)), 1},
		"one pixel":           {sheet(600, 800), sheet(600, 800, image.Rect(599, 799, 600, 800)), 1},
		"another size":        {sheet(600, 800), sheet(600, 801), 1},
		"empty":               {sheet(0, 0), sheet(0, 0), 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := Areas(c.a, c.b)
			if len(got) != c.want {
				t.Fatalf("%v, want %d areas", got, c.want)
			}
			if !slices.Equal(got, Areas(c.b, c.a)) {
				t.Errorf("the other way round: %v", Areas(c.b, c.a))
			}
		})
	}
}

// TestAreasCoverTheDifference: every pixel that differs lies in an area, and an
// area is little larger than what differs.
func TestAreasCoverTheDifference(t *testing.T) {
	ink := []image.Rectangle{image.Rect(7, 9, 31, 14), image.Rect(200, 301, 401, 302), image.Rect(590, 10, 600, 790)}
	got := Areas(sheet(600, 800), sheet(600, 800, ink...))
	for _, r := range ink {
		if !slices.ContainsFunc(got, func(a image.Rectangle) bool { return r.In(a) && a.In(r.Inset(-cell)) }) {
			t.Errorf("%v is in none of %v", r, got)
		}
	}
	if !slices.IsSortedFunc(got, func(a, b image.Rectangle) int { return a.Min.Y - b.Min.Y }) {
		t.Errorf("not from the top down: %v", got)
	}
}

// TestAreasAreFew: a page that differs in very many places is one place.
func TestAreasAreFew(t *testing.T) {
	var ink []image.Rectangle
	for y := 0; y < 780; y += 40 {
		for x := 0; x < 580; x += 40 {
			ink = append(ink, image.Rect(x, y, x+4, y+4))
		}
	}
	got := Areas(sheet(600, 800), sheet(600, 800, ink...))
	if len(got) != 1 || got[0].Dx() < 560 || got[0].Dy() < 760 {
		t.Errorf("%v", got)
	}
}

// TestFaint: what nobody sees is no difference, what is light is one.
func TestFaint(t *testing.T) {
	for level, want := range map[uint8]int{0xFF - faint: 0, 0xFF - faint - 1: 1} {
		b := sheet(60, 60)
		draw.Draw(b, image.Rect(10, 10, 20, 20), image.NewUniform(color.Gray{Y: level}), image.Point{}, draw.Src)
		if got := Areas(sheet(60, 60), b); len(got) != want {
			t.Errorf("%#x: %v", level, got)
		}
	}
}

func TestMark(t *testing.T) {
	img := sheet(600, 800, image.Rect(100, 100, 160, 112))
	out := Mark(img, []image.Rectangle{image.Rect(100, 100, 160, 112), image.Rect(0, 790, 20, 800)})
	if out.RGBAAt(100-pad-frame, 105) != (color.RGBA{0xD0, 0, 0, 0xFF}) || out.RGBAAt(130, 105) != img.RGBAAt(130, 105) {
		t.Errorf("frame %v, inside %v", out.RGBAAt(100-pad-frame, 105), out.RGBAAt(130, 105))
	}
	if img.RGBAAt(100-pad-frame, 105) != (color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}) {
		t.Error("the picture itself was drawn on")
	}
	if out.RGBAAt(0, 795) != (color.RGBA{0xD0, 0, 0, 0xFF}) {
		t.Error("no frame at the edge")
	}
}
