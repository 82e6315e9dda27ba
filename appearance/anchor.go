package appearance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/pagetext"
)

// Anchor says where a mark stands at a phrase.
type Anchor int

// Anchors.
const (
	Below   Anchor = iota + 1 // under the phrase, centred on it
	Above                     // over its top, centred on it
	LeftOf                    // before it, centred on its height
	RightOf                   // behind it, centred on its height
	Over                      // centred on it, covering it
)

var anchorNames = map[Anchor]string{Below: "below", Above: "above", LeftOf: "left", RightOf: "right", Over: "over"}

// String is the name of the anchor as the flag --anchor takes it.
func (a Anchor) String() string {
	if n, ok := anchorNames[a]; ok {
		return n
	}
	return fmt.Sprintf("Anchor(%d)", int(a))
}

// ParseAnchor parses below, above, left, right or over.
func ParseAnchor(s string) (Anchor, error) {
	for a, n := range anchorNames {
		if n == s {
			return a, nil
		}
	}
	return 0, fmt.Errorf("unknown anchor %q: want below, above, left, right or over", s)
}

// anchorGap is the space between a phrase and the mark, in points.
const anchorGap = 4

// at places a box of w x h points at a phrase, both as seen.
func (a Anchor) at(phrase Rect, w, h float64) Rect {
	cx, cy := (phrase[0]+phrase[2])/2, (phrase[1]+phrase[3])/2
	switch a {
	case Above:
		return Rect{cx - w/2, phrase[3] + anchorGap, cx + w/2, phrase[3] + anchorGap + h}
	case LeftOf:
		return Rect{phrase[0] - anchorGap - w, cy - h/2, phrase[0] - anchorGap, cy + h/2}
	case RightOf:
		return Rect{phrase[2] + anchorGap, cy - h/2, phrase[2] + anchorGap + w, cy + h/2}
	case Over:
		return Rect{cx - w/2, cy - h/2, cx + w/2, cy + h/2}
	case Below:
	}
	return Rect{cx - w/2, phrase[1] - anchorGap - h, cx + w/2, phrase[1] - anchorGap}
}

// found is a phrase on a page as seen.
type found struct {
	text string
	page int
	rect Rect
}

// resolveText places the mark at a phrase. ISO 32000 knows nothing of it: the
// text is what PDFium reads.
func (p *Place) resolveText(ctx context.Context, f document, n int) (*Resolved, error) {
	if p.Finder == nil {
		return nil, placeErrorf("no_finder", "the text of the document can't be read here")
	}
	matches, err := p.Finder.Find(ctx, p.AtText, p.IgnoreCase)
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	on, err := p.allowedPages(n)
	if err != nil {
		return nil, err
	}
	var list []found
	for _, m := range matches {
		if !on(m.Page) {
			continue
		}
		s, err := seen(f, m)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, readingOrder)
	if len(list) == 0 {
		return nil, p.textMissing(ctx, n, on)
	}
	k := p.Nth - 1
	switch {
	case p.Nth == 0:
		k = 0
	case p.Nth < 0:
		k = len(list) - 1
	}
	if k >= len(list) {
		return nil, placeErrorf("text_ambiguous", "the text %q occurs %d times, not %d", p.AtText, len(list), p.Nth)
	}
	return p.atPhrase(f, list[k], len(list))
}

func (p *Place) atPhrase(f document, phrase found, count int) (*Resolved, error) {
	page, err := f.Page(phrase.page)
	if err != nil {
		return nil, fmt.Errorf("place: page %d: %w", phrase.page+1, err)
	}
	pw, _ := SeenSize(page)
	w, h := p.size()
	anchor := p.Anchor
	if anchor == 0 {
		anchor = Below
	}
	r := anchor.at(phrase.rect, w, h)
	if anchor == Below || anchor == Above {
		r = r.move(intoPage(r, pw), 0)
	}
	res := &Resolved{
		Pages: []int{phrase.page}, Rect: r.move(p.OffsetX, p.OffsetY),
		Why: fmt.Sprintf("%s the text %q on page %d", anchor.words(), phrase.text, phrase.page+1),
	}
	if p.Nth == 0 && count > 1 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("the text %q occurs %d times; the first was taken", p.AtText, count))
	}
	return res, nil
}

func (a Anchor) words() string {
	switch a {
	case LeftOf:
		return "left of"
	case RightOf:
		return "right of"
	case Below, Above, Over:
	}
	return a.String()
}

// intoPage is how far a box must move sideways to stand on the page.
func intoPage(r Rect, pageWidth float64) float64 {
	const edge = 12
	switch {
	case r.Width() > pageWidth:
		return 0
	case r[2] > pageWidth-edge:
		return max(pageWidth-edge-r[2], -r[0])
	case r[0] < edge:
		return min(edge-r[0], pageWidth-r[2])
	}
	return 0
}

// allowedPages is the page list as a test; "" allows each page.
func (p *Place) allowedPages(n int) (func(int) bool, error) {
	if strings.TrimSpace(p.Page) == "" {
		return func(int) bool { return true }, nil
	}
	pages, err := parsePages(p.Page, n, 0)
	if err != nil {
		return nil, err
	}
	return func(i int) bool { _, ok := slices.BinarySearch(pages, i); return ok }, nil
}

func seen(f document, m pagetext.Match) (found, error) {
	page, err := f.Page(m.Page)
	if err != nil {
		return found{}, fmt.Errorf("place: page %d: %w", m.Page+1, err)
	}
	return found{text: m.Text, page: m.Page, rect: SeenRect(page, m.Box())}, nil
}

// readingOrder sorts by page, then from the top (boxes that share half their
// height are one line), then from the left.
func readingOrder(a, b found) int {
	if c := cmp.Compare(a.page, b.page); c != 0 {
		return c
	}
	common := min(a.rect[3], b.rect[3]) - max(a.rect[1], b.rect[1])
	if common < 0.5*min(a.rect.Height(), b.rect.Height()) {
		return cmp.Compare(b.rect[3], a.rect[3])
	}
	return cmp.Compare(a.rect[0], b.rect[0])
}

// Limits of the search for the nearest phrases: an error message needs no more.
const (
	limitNearPages = 50
	limitNearRunes = 200
	maxNearest     = 3
)

// textMissing is the error for a phrase that isn't there, with the lines of
// the document that are most like it.
func (p *Place) textMissing(ctx context.Context, n int, on func(int) bool) error {
	want := plain(p.AtText)
	type near struct {
		text string
		cost int
	}
	var list []near
	have := map[string]bool{}
	for i := range min(n, limitNearPages) {
		if !on(i) {
			continue
		}
		lines, err := p.Finder.Lines(ctx, i)
		if err != nil {
			return fmt.Errorf("place: %w", err)
		}
		for _, l := range lines {
			cost := approximate(want, plain(l.Text))
			if !have[l.Text] && cost*2 < len(want) {
				have[l.Text] = true
				list = append(list, near{l.Text, cost})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return a.cost - b.cost })
	e := &PlaceError{Reason: "text_missing", Detail: fmt.Sprintf("the text %q is not in the document", p.AtText)}
	for _, l := range list[:min(len(list), maxNearest)] {
		e.Nearest = append(e.Nearest, l.text)
	}
	return e
}

// plain folds case, marks and white space away, to compare phrases loosely.
func plain(s string) []rune {
	var out []rune
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ':
			r = 'd'
		case unicode.IsSpace(r) || unicode.Is(unicode.Mn, r):
			continue
		}
		if out = append(out, r); len(out) >= limitNearRunes {
			break
		}
	}
	return out
}

// approximate is the smallest edit distance of a to any part of b (Sellers).
func approximate(a, b []rune) int {
	prev, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for i, ra := range a {
		row[0] = i + 1
		for j, rb := range b {
			cost := prev[j]
			if ra != rb {
				cost++
			}
			row[j+1] = min(cost, prev[j+1]+1, row[j]+1)
		}
		prev, row = row, prev
	}
	return slices.Min(prev)
}
