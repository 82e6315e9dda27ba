package appearance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// signingHints are what Vietnamese forms print under the place for a
// signature. A line that holds one counts. Letters only, lower case.
var signingHints = []string{
	"kýghirõhọvàtên", "kýghirõhọtên", "kývàghirõhọtên", "kývàghirõhọvàtên",
	"kýtênghirõhọtên", "kýtênvàghirõhọtên", "kýtênđóngdấu", "kýđóngdấu", "kývàđóngdấu",
	"kýghirõhọtênđóngdấu", "kýghirõhọtênchứcvụ", "chữkýghirõhọtên",
}

// signingTitles are the titles above the place for a signature. Only a line
// that is nothing else counts: in a sentence they mean nothing.
var signingTitles = []string{
	"ngườilàmđơn", "ngườiviếtđơn", "ngườinộpđơn", "ngườiđềnghị", "ngườiyêucầu", "ngườikhai",
	"ngườikêkhai", "ngườikhaiđềnghị", "ngườinộpthuế", "ngườinộphồsơ", "ngườiđăngký", "ngườicamđoan",
	"ngườicamkết", "ngườiủyquyền", "ngườiuỷquyền", "ngườiđượcủyquyền", "ngườilậpbiểu", "ngườilập",
	"kếtoántrưởng", "chủhộ", "thủtrưởngđơnvị", "thủtrưởngcơquan", "đạidiệntổchức", "đạidiệndoanhnghiệp",
	"ngườiđạidiệntheophápluật", "đạidiệntheophápluật", "giámđốc", "tổnggiámđốc", "chủtịch",
}

// isSigningPhrase tells whether a line of text marks a place for a signature.
func isSigningPhrase(line string) bool {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(line)) {
		if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	letters := b.String()
	if slices.Contains(signingTitles, letters) {
		return true
	}
	for _, h := range signingHints {
		// A sentence that speaks of signing is longer than the hint.
		if strings.Contains(letters, h) && len(letters) <= len(h)+40 {
			return true
		}
	}
	return false
}

// Smallest box that auto makes of a default size, in points: three lines of a
// readable mark.
const (
	minAutoHeight = 30
	minAutoWidth  = 110
)

// resolveAuto finds a place by itself: the one empty signature field, else
// below the last signing phrase, else a free place of the last page.
func (p *Place) resolveAuto(ctx context.Context, f document, n int) (*Resolved, error) {
	widgets, err := signatureWidgets(f)
	if err != nil {
		return nil, err
	}
	if w, count := lastWidget(widgets, false); count == 1 && p.Page == "" {
		return &Resolved{
			Pages: []int{w.page}, Rect: w.rect, Field: w.field,
			Why: fmt.Sprintf("the only empty signature field, %q on page %d", w.field, w.page+1),
		}, nil
	}
	on, err := p.allowedPages(n)
	if err != nil {
		return nil, err
	}
	for i := n - 1; i >= 0 && p.Finder != nil; i-- {
		if !on(i) {
			continue
		}
		r, err := p.belowPhrase(ctx, f, i, widgets)
		if r != nil || err != nil {
			return r, err
		}
	}
	pages, err := parsePages(p.Page, n, n-1)
	if err != nil {
		return nil, err
	}
	return p.freePlace(ctx, f, pages, widgets)
}

// linesOf lists the text lines of a page as seen, top first; nil without a
// Finder.
func (p *Place) linesOf(ctx context.Context, f document, page int) ([]found, error) {
	if p.Finder == nil {
		return nil, nil
	}
	lines, err := p.Finder.Lines(ctx, page)
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	out := make([]found, 0, len(lines))
	for _, l := range lines {
		s, err := seen(f, l)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, readingOrder)
	return out, nil
}

// linesIfAny is linesOf for those who can do without: a page whose text can't
// be read has none, and that is told.
func (p *Place) linesIfAny(ctx context.Context, f document, page int) ([]found, error) {
	lines, err := p.linesOf(ctx, f, page)
	if err == nil || ctx.Err() != nil {
		return lines, err
	}
	if !slices.Contains(p.unread, page) {
		p.unread = append(p.unread, page)
	}
	return nil, nil
}

// belowPhrase tries the signing phrases of a page, the lowest and rightmost
// first; nil when none has room.
func (p *Place) belowPhrase(ctx context.Context, f document, index int, widgets []sigWidget) (*Resolved, error) {
	lines, err := p.linesIfAny(ctx, f, index)
	if err != nil {
		return nil, err
	}
	page, err := f.Page(index)
	if err != nil {
		return nil, fmt.Errorf("place: page %d: %w", index+1, err)
	}
	for k := len(lines) - 1; k >= 0; k-- {
		if !isSigningPhrase(lines[k].text) {
			continue
		}
		r, ok := p.room(seenBox(page), lines, k)
		if !ok || coversWidget(r, index, widgets) != nil {
			continue
		}
		return &Resolved{
			Pages: []int{index}, Rect: r.move(p.OffsetX, p.OffsetY),
			Why: fmt.Sprintf("below the signing phrase %q on page %d", lines[k].text, index+1),
		}, nil
	}
	return nil, nil
}

// room is the box below line k: of the size asked for, or of the default made
// lower and narrower until it covers no text.
func (p *Place) room(size Rect, lines []found, k int) (Rect, bool) {
	w, h := p.size()
	for {
		r := Below.at(lines[k].rect, w, h)
		r = r.move(intoPage(r, size[2]), 0)
		if r.within(size) && !coversLine(r, lines) {
			return r, true
		}
		switch {
		case p.Height == 0 && h > minAutoHeight:
			h = max(h-2, minAutoHeight)
		case p.Width == 0 && w > minAutoWidth:
			w, h = max(w-10, minAutoWidth), p.firstHeight()
		default:
			return Rect{}, false
		}
	}
}

func (p *Place) firstHeight() float64 { _, h := p.size(); return h }

func coversLine(r Rect, lines []found) bool {
	return slices.ContainsFunc(lines, func(l found) bool { return r.overlaps(l.rect) })
}

// coversWidget returns the first filled signature, or empty field, that r
// covers on a page.
func coversWidget(r Rect, page int, widgets []sigWidget) *sigWidget {
	for i := range widgets {
		if widgets[i].page == page && r.overlaps(widgets[i].rect) {
			return &widgets[i]
		}
	}
	return nil
}

// freePlace looks for a box without text or signatures, from the lower right
// of the first of pages: upward at the right, in the middle, at the left. A
// default size is made smaller before text is covered, and text is covered
// before another signature is.
func (p *Place) freePlace(ctx context.Context, f document, pages []int, widgets []sigWidget) (*Resolved, error) {
	index := pages[0]
	page, err := f.Page(index)
	if err != nil {
		return nil, fmt.Errorf("place: page %d: %w", index+1, err)
	}
	lines, err := p.linesIfAny(ctx, f, index)
	if err != nil {
		return nil, err
	}
	res := &Resolved{Pages: pages}
	for _, avoid := range [][]found{lines, nil} {
		for _, size := range p.sizes() {
			r, corner, err := size.free(page, func(r Rect) bool {
				return !coversLine(r, avoid) && coversWidget(r, index, widgets) == nil
			})
			if err != nil {
				return nil, err
			}
			if corner == "" {
				continue
			}
			res.Rect, res.Why = r, fmt.Sprintf(freeWhy(corner, len(lines) > len(avoid)), index+1)
			return res, nil
		}
	}
	if res.Rect, err = p.corner(page, "bottom-right"); err != nil {
		return nil, err
	}
	res.Why = fmt.Sprintf("the lower right of page %d, which has no free place", index+1)
	return res, nil
}

// freeWhy says which place freePlace took.
func freeWhy(corner string, covers bool) string {
	switch {
	case covers && corner == "bottom-right":
		return "the lower right of page %d, which has no free place"
	case covers:
		return "the lower part of page %d, which has no free place"
	case corner == "bottom-right":
		return "a free place at the lower right of page %d"
	}
	return "a free place at the lower part of page %d"
}

// sizes are the place with the size asked for, or with the default and what it
// may shrink to.
func (p *Place) sizes() []*Place {
	all := []*Place{p}
	w, h := p.size()
	for p.Height == 0 && h > minAutoHeight || p.Width == 0 && w > minAutoWidth {
		smaller := *p
		if p.Height == 0 {
			h = max(h-10, minAutoHeight)
			smaller.Height = h
		}
		if p.Width == 0 {
			w = max(w-20, minAutoWidth)
			smaller.Width = w
		}
		all = append(all, &smaller)
	}
	return all
}

// free finds the first box that fits, and the corner below it; "" when none
// does.
func (p *Place) free(page *pdf.Page, fits func(Rect) bool) (r Rect, corner string, err error) {
	box := seenBox(page)
	for _, corner := range []string{"bottom-right", "bottom", "bottom-left"} {
		first, err := p.corner(page, corner)
		if err != nil {
			return Rect{}, "", err
		}
		for r := first; r[3] <= box[3] && r.within(box); r = r.move(0, 6) {
			if fits(r) {
				return r, corner, nil
			}
		}
	}
	return Rect{}, "", nil
}
