package appearance

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// Place says where. Exactly one of Rect, At, AtText leads; none means At
// "auto".
type Place struct {
	Page             string // "1", "last", "all", "1,3-5"; "": last for At, 1 for Rect, any for AtText
	Rect             *Rect
	At               string  // "top-left" … "bottom-right", "auto", "seal" (over the left third of the last signature)
	Width, Height    float64 // size for At and AtText, points; 0: 220 x 80
	OffsetX, OffsetY float64 // points, to the right and upward
	Force            bool    // a place off the page or over another signature is only a warning

	AtText     string // a phrase to stand at, found in the text of the page
	Nth        int    // which match of AtText, 1-based; 0: the only one, or the first; -1: the last
	Anchor     Anchor // where at the phrase; 0: Below
	IgnoreCase bool   // AtText matches whatever the case
	// Finder gives the text of the document. nil: AtText is an error, auto
	// looks at fields only, and nothing is said of covered text.
	Finder TextFinder

	unread []int // pages whose text can't be read
}

// TextFinder is what placement needs of a *pagetext.Document. It may open the
// document on its first call.
type TextFinder interface {
	Find(ctx context.Context, phrase string, ignoreCase bool) ([]pagetext.Match, error)
	Lines(ctx context.Context, page int) ([]pagetext.Match, error)
}

// Resolved is a place on concrete pages.
type Resolved struct {
	Pages    []int  // 0-based, ascending; the widget is on Pages[0]
	Rect     Rect   // as seen
	Rects    []Rect // as seen, one for each of Pages where it differs between them; nil: Rect on all
	Why      string
	Field    string   // the existing empty field that the place is of; "": a new field
	Warnings []string // covered text, forced places; English
}

// On is the rectangle on Pages[i].
func (r *Resolved) On(i int) Rect {
	if r.Rects == nil {
		return r.Rect
	}
	return r.Rects[i]
}

// PlaceError says why a place was refused.
type PlaceError struct {
	// Reason is stable: page (no such page), place (a senseless request),
	// off_page, covers_signature (both overruled by Force), text_missing,
	// text_ambiguous (Nth beyond the matches), no_finder.
	Reason  string
	Detail  string
	Nearest []string // text_missing: the phrases of the document most like it
}

func (e *PlaceError) Error() string {
	s := "place: " + e.Detail
	if len(e.Nearest) > 0 {
		s += "; nearest: " + quoteList(e.Nearest)
	}
	return s
}

func placeErrorf(reason, format string, args ...any) error {
	return &PlaceError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

func quoteList(list []string) string {
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = strconv.Quote(s)
	}
	return strings.Join(q, ", ")
}

// Default size and margin of a mark at a named place, in points: the size of
// the portal's own helper.
const (
	defaultWidth  = 220
	defaultHeight = 80
	pageMargin    = 36
)

// Resolve turns a place into pages and rectangle for f. Errors: *PlaceError,
// and those of reading f.
func (p Place) Resolve(f *pdf.File) (*Resolved, error) {
	return p.ResolveContext(context.Background(), f)
}

// ResolveContext is Resolve with a context for the Finder.
func (p Place) ResolveContext(ctx context.Context, f *pdf.File) (*Resolved, error) {
	return p.resolve(ctx, f)
}

func (p *Place) resolve(ctx context.Context, f document) (*Resolved, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	n, err := f.NumPages()
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	if n == 0 {
		return nil, placeErrorf("page", "the document has no pages")
	}
	var r *Resolved
	switch {
	case p.Rect != nil:
		r, err = p.resolveRect(f, n)
	case p.AtText != "":
		r, err = p.resolveText(ctx, f, n)
	case p.At == atSeal:
		r, err = p.resolveSeal(f)
	case p.At == "" || p.At == "auto":
		r, err = p.resolveAuto(ctx, f, n)
	default:
		r, err = p.resolveCorner(f, n)
	}
	if err != nil {
		return nil, err
	}
	return r, p.check(ctx, f, r)
}

func (p *Place) validate() error {
	leads := 0
	for _, set := range []bool{p.Rect != nil, p.At != "", p.AtText != ""} {
		if set {
			leads++
		}
	}
	if leads > 1 {
		return placeErrorf("place", "give one of a rectangle, a named place and a text, not several")
	}
	for _, v := range []float64{p.Width, p.Height, p.OffsetX, p.OffsetY} {
		if !(v >= -maxBoxSide && v <= maxBoxSide) {
			return placeErrorf("place", "%g points is no sensible length", v)
		}
	}
	if p.Width < 0 || p.Height < 0 {
		return placeErrorf("place", "size %g x %g is negative", p.Width, p.Height)
	}
	if p.Rect != nil {
		r := p.Rect.normal()
		if !r.finite() || r.Width() < 1 || r.Height() < 1 {
			return placeErrorf("place", "rectangle %v is empty or too large", *p.Rect)
		}
	}
	return nil
}

// size is the size of the box for places that have none of their own.
func (p *Place) size() (w, h float64) {
	w, h = p.Width, p.Height
	if w == 0 {
		w = defaultWidth
	}
	if h == 0 {
		h = defaultHeight
	}
	return w, h
}

func (p *Place) resolveRect(f document, n int) (*Resolved, error) {
	pages, err := parsePages(p.Page, n, 0)
	if err != nil {
		return nil, err
	}
	r := p.Rect.normal().move(p.OffsetX, p.OffsetY)
	return &Resolved{Pages: pages, Rect: r, Why: "the rectangle asked for"}, nil
}

func (p *Place) resolveCorner(f document, n int) (*Resolved, error) {
	pages, err := parsePages(p.Page, n, n-1)
	if err != nil {
		return nil, err
	}
	rects, err := p.cornersOf(f, pages)
	if err != nil {
		return nil, err
	}
	r := &Resolved{Pages: pages, Rect: rects[0], Why: fmt.Sprintf("the place %s asked for", p.At)}
	for _, other := range rects {
		if other != rects[0] {
			r.Rects = rects
		}
	}
	return r, nil
}

// cornersOf is the named place on each page, which may differ in size, for one
// mark: where a small page makes it give way, it is as small on all.
func (p *Place) cornersOf(f document, pages []int) ([]Rect, error) {
	same := *p
	same.Width, same.Height = p.size()
	rects := make([]Rect, len(pages))
	for i, n := range pages {
		page, err := f.Page(n)
		if err != nil {
			return nil, fmt.Errorf("place: page %d: %w", n+1, err)
		}
		if rects[i], err = p.corner(page, p.At); err != nil {
			return nil, err
		}
		same.Width, same.Height = min(same.Width, rects[i].Width()), min(same.Height, rects[i].Height())
	}
	for i, n := range pages {
		if rects[i].Width() == same.Width && rects[i].Height() == same.Height {
			continue
		}
		page, err := f.Page(n)
		if err != nil {
			return nil, fmt.Errorf("place: page %d: %w", n+1, err)
		}
		if rects[i], err = same.corner(page, p.At); err != nil {
			return nil, err
		}
	}
	return rects, nil
}

// corners maps the names of --at to the share of the free width and height
// that lies to the left of and below the mark.
var corners = map[string][2]float64{
	"top-left": {0, 1}, "top": {0.5, 1}, "top-center": {0.5, 1}, "top-right": {1, 1},
	"left": {0, 0.5}, "center": {0.5, 0.5}, "right": {1, 0.5}, "middle-left": {0, 0.5}, "middle-right": {1, 0.5},
	"bottom-left": {0, 0}, "bottom": {0.5, 0}, "bottom-center": {0.5, 0}, "bottom-right": {1, 0},
}

// Corners lists the names that Place.At takes; "top", "bottom", "left" and
// "right" are short for those with "center" or "middle".
func Corners() []string {
	return []string{
		"auto", "top-left", "top-center", "top-right", "middle-left", "center", "middle-right",
		"bottom-left", "bottom-center", "bottom-right", atSeal,
	}
}

func (p *Place) corner(page *pdf.Page, at string) (Rect, error) {
	share, ok := corners[at]
	if !ok {
		return Rect{}, placeErrorf("place", "unknown place %q: want one of %s", at, strings.Join(Corners(), ", "))
	}
	pw, ph := SeenSize(page)
	w, h := p.size()
	if p.Width == 0 { // a default size gives way on a small page
		w = min(w, pw*0.9)
	}
	if p.Height == 0 {
		h = min(h, ph*0.9)
	}
	mx, my := min(pageMargin, max(0, (pw-w)/2)), min(pageMargin, max(0, (ph-h)/2))
	x := mx + share[0]*(pw-2*mx-w)
	y := my + share[1]*(ph-2*my-h)
	return Rect{x, y, x + w, y + h}.move(p.OffsetX, p.OffsetY), nil
}

// parsePages parses "last", "all", "3" or "1,3-5" into ascending 0-based pages
// of n; def is the page of "".
func parsePages(s string, n, def int) ([]int, error) {
	switch strings.TrimSpace(s) {
	case "":
		return []int{def}, nil
	case "all":
		s = fmt.Sprintf("1-%d", n)
	}
	on := make(map[int]bool)
	for part := range strings.SplitSeq(s, ",") {
		from, to, err := parseRange(strings.TrimSpace(part), n)
		if err != nil {
			return nil, err
		}
		for i := from; i <= to; i++ {
			on[i-1] = true
		}
	}
	pages := make([]int, 0, len(on))
	for i := range n {
		if on[i] {
			pages = append(pages, i)
		}
	}
	return pages, nil
}

// parseRange parses "3", "last", "3-5" or "3-last", 1-based, within 1..n.
func parseRange(s string, n int) (from, to int, err error) {
	a, b, isRange := strings.Cut(s, "-")
	if from, err = parsePage(a, n); err != nil {
		return 0, 0, err
	}
	to = from
	if isRange {
		if to, err = parsePage(b, n); err != nil {
			return 0, 0, err
		}
	}
	if from > to {
		return 0, 0, placeErrorf("page", "page range %q runs backward", s)
	}
	return from, to, nil
}

func parsePage(s string, n int) (int, error) {
	s = strings.TrimSpace(s)
	if s == "last" {
		return n, nil
	}
	v, err := strconv.Atoi(s)
	if err != nil {
		return 0, placeErrorf("page", "page %q: want a number, last, all, or a list as 1,3-5", s)
	}
	if v < 1 || v > n {
		return 0, placeErrorf("page", "page %d does not exist: the document has %d", v, n)
	}
	return v, nil
}
