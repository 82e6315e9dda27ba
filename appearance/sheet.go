package appearance

import (
	"bytes"
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Sheet lays single lines of text anywhere on a page with shared fonts: for
// pages that are written whole, as the demo's form. The zero value is ready.
type Sheet struct {
	content bytes.Buffer
	faces   []*sfnt
	fonts   []*subset // beside faces
}

// SheetText is one line on a Sheet.
type SheetText struct {
	X, Y         float64 // start of the baseline, points; the middle with Center
	Text         string
	Size         float64 // points
	Font         string  // "", "sans" or "serif"
	Bold, Italic bool
	Center       bool
	Color        [3]float64
}

// Add draws one line. Errors: *GlyphError.
func (s *Sheet) Add(t SheetText) error {
	face, err := embeddedFace(t.Font, t.Bold, t.Italic)
	if err != nil {
		return err
	}
	k := s.font(face)
	line, _ := cleanLine(t.Text)
	set := typesetter{font: face}
	if err := set.measure(s.fonts[k], line); err != nil {
		return err
	}
	x := t.X
	if t.Center {
		x -= set.width(line) * t.Size / 2
	}
	fmt.Fprintf(&s.content, "BT %s %s %s rg /F%d %s Tf 1 0 0 1 %s %s Tm <", num(t.Color[0]), num(t.Color[1]),
		num(t.Color[2]), k+1, num(t.Size), num(x), num(t.Y))
	for _, r := range line {
		fmt.Fprintf(&s.content, "%04X", s.fonts[k].byRun[r])
	}
	s.content.WriteString("> Tj ET\n")
	return nil
}

func (s *Sheet) font(face *sfnt) int {
	for k, f := range s.faces {
		if f == face {
			return k
		}
	}
	s.faces, s.fonts = append(s.faces, face), append(s.fonts, newSubset(face))
	return len(s.faces) - 1
}

// Content is the content stream so far.
func (s *Sheet) Content() []byte { return s.content.Bytes() }

// Resources writes the fonts and returns the resource dictionary for Content.
func (s *Sheet) Resources(w Adder) (*pdf.Dict, error) {
	fonts := pdf.NewDict()
	for k, f := range s.fonts {
		ref, err := f.addTo(w)
		if err != nil {
			return nil, err
		}
		fonts.Set(pdf.Name(fmt.Sprintf("F%d", k+1)), ref)
	}
	return pdf.NewDict(pdf.Name("Font"), fonts), nil
}
