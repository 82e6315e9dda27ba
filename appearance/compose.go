package appearance

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/kyso-vn/kyso/internal/picture"
)

// Mark is a drawn appearance: objects ready to be added to an update.
type Mark struct {
	Lines    []string // text as drawn, NFC, for reports; a wrapped line is several
	FontSize float64  // points; 0 when there is no text
	Notes    []string // dropped lines and the like, English

	width, height float64 // points
	color         [3]float64
	border        bool
	runs          []run
	font          *subset // nil: no text
	picture       *picture.Picture
	pictureBox    Rect

	added map[Adder]resources // what Add wrote, shared by a second Add
}

// run is one line of text: where its baseline starts, and what it draws.
type run struct {
	x, y float64
	text string
}

// FitError says that the text does not fit its box at a readable size.
type FitError struct {
	Width, Height float64 // of the box, points
	Text          string  // the longest line
}

func (e *FitError) Error() string {
	return fmt.Sprintf("the text does not fit a box of %.0f x %.0f pt at %d pt, the smallest readable size (longest line %q)",
		e.Width, e.Height, minFontSize, e.Text)
}

// GlyphError names a character that the font can't draw.
type GlyphError struct {
	Rune rune
	Font string
}

func (e *GlyphError) Error() string {
	return fmt.Sprintf("font %s has no glyph for %q (U+%04X)", e.Font, e.Rune, e.Rune)
}

// Space around and between, in points.
const (
	padding     = 2
	borderWidth = 0.75
)

// Compose lays the mark out for a box of width x height points. The result
// depends on nothing of the file. Errors: *FitError, *GlyphError, *FontError,
// *TemplateError, *PictureError, and a plain error for a senseless style.
func Compose(s Style, i Info, width, height float64) (*Mark, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	if !(width >= 1 && height >= 1 && width <= maxBoxSide && height <= maxBoxSide) {
		return nil, fmt.Errorf("mark of %g x %g pt: each side is 1 to %d", width, height, maxBoxSide)
	}
	m := &Mark{width: width, height: height, color: s.Color, border: s.Border, added: map[Adder]resources{}}
	lines, notes, err := s.lines(&i)
	if err != nil {
		return nil, err
	}
	m.Notes = notes
	if len(lines) == 0 && len(s.Image) == 0 {
		return nil, fmt.Errorf("the mark is empty: no line has a value and there is no picture")
	}
	textBox, err := m.placePicture(&s, len(lines) > 0)
	if err != nil || len(lines) == 0 {
		return m, err
	}
	return m, m.placeText(&s, lines, textBox)
}

// inner is the box without border and padding.
func (m *Mark) inner() Rect {
	p := float64(padding)
	if m.border {
		p += borderWidth + 2
	}
	p = min(p, m.width/8, m.height/8) // a tiny box keeps most of itself
	return Rect{p, p, m.width - p, m.height - p}
}

// placeText fits the lines into box and fills runs.
func (m *Mark) placeText(s *Style, lines []string, box Rect) error {
	face, err := s.face()
	if err != nil {
		return err
	}
	m.font = newSubset(face)
	t := &typesetter{font: face, ink: newInk()}
	for _, l := range lines {
		if err := t.measure(m.font, l); err != nil {
			return err
		}
	}
	size := s.FontSize
	if size == 0 {
		size = defaultFontSize
	}
	wrapped, size, ok := t.fit(lines, size, box.Width(), box.Height())
	if !ok {
		return &FitError{Width: m.width, Height: m.height, Text: longest(lines)}
	}
	m.FontSize, m.Lines = size, wrapped
	t.place(m, s.Center, box)
	return nil
}

func longest(lines []string) string {
	var l string
	for _, s := range lines {
		if len(s) > len(l) {
			l = s
		}
	}
	return l
}

// typesetter measures text in one font, in em.
type typesetter struct {
	font *sfnt
	ink  ink
}

// ink is how far the drawn glyphs reach from the baseline and beyond their
// advance, in em: a stacked capital as Ế is higher than the font's ascent.
type ink struct{ top, bottom, left, right float64 }

func newInk() ink { return ink{} }

// measure adds the characters of a line to the subset and widens the ink.
func (t *typesetter) measure(sub *subset, line string) error {
	em := float64(t.font.unitsPerEm)
	for _, r := range line {
		if _, ok := sub.add(r); !ok {
			return &GlyphError{Rune: r, Font: t.font.psName}
		}
		gid := t.font.runes[r]
		g, err := t.font.outline(gid)
		if err != nil {
			return err
		}
		if len(g) < 10 {
			continue
		}
		box := func(at int) float64 { return float64(int16(binary.BigEndian.Uint16(g[at:]))) / em }
		t.ink.left = max(t.ink.left, -box(2))
		t.ink.bottom = max(t.ink.bottom, -box(4))
		t.ink.right = max(t.ink.right, box(6)-float64(t.font.advance(gid))/em)
		t.ink.top = max(t.ink.top, box(8))
	}
	// Cap height and a descender at least, so that marks look alike whatever
	// the letters.
	t.ink.top = max(t.ink.top, float64(t.font.capHeight)/em)
	t.ink.bottom = max(t.ink.bottom, -float64(t.font.descent)/em)
	return nil
}

// width of a text in em.
func (t *typesetter) width(s string) float64 {
	n := 0
	for _, r := range s {
		n += t.font.advance(t.font.runes[r])
	}
	return float64(n) / float64(t.font.unitsPerEm)
}

// leading is the distance of baselines in em: never so small that the marks of
// a capital touch the line above.
func (t *typesetter) leading() float64 { return max(1.15, t.ink.top+t.ink.bottom) }

// fit returns the lines as wrapped at the largest size, from the asked one
// downward in tenths of a point, at which they stay in the box.
func (t *typesetter) fit(lines []string, size, width, height float64) ([]string, float64, bool) {
	for tenths := int(math.Round(size * 10)); tenths >= minFontSize*10; tenths-- {
		at := float64(tenths) / 10
		wrapped, ok := t.wrap(lines, width/at-t.ink.left-t.ink.right)
		high := (t.ink.top + t.ink.bottom + float64(len(wrapped)-1)*t.leading()) * at
		if ok && high <= height+1e-6 {
			return wrapped, at, true
		}
	}
	return nil, 0, false
}

// wrap breaks lines at spaces to at most width em; ok is false when a word
// alone is wider.
func (t *typesetter) wrap(lines []string, width float64) (out []string, ok bool) {
	for _, line := range lines {
		current := ""
		for word := range strings.SplitSeq(line, " ") {
			next := word
			if current != "" {
				next = current + " " + word
			}
			if t.width(next) <= width+1e-9 {
				current = next
				continue
			}
			if current == "" || t.width(word) > width {
				return nil, false
			}
			out, current = append(out, current), word
		}
		out = append(out, current)
	}
	return out, true
}

// place centres the block in the height of the box.
func (t *typesetter) place(m *Mark, center bool, box Rect) {
	size := m.FontSize
	high := (t.ink.top + t.ink.bottom + float64(len(m.Lines)-1)*t.leading()) * size
	y := box[3] - (box.Height()-high)/2 - t.ink.top*size
	for _, l := range m.Lines {
		x := box[0] + t.ink.left*size
		if center {
			x = box[0] + (box.Width()-t.width(l)*size)/2
		}
		if l != "" {
			m.runs = append(m.runs, run{x: x, y: y, text: l})
		}
		y -= t.leading() * size
	}
}
