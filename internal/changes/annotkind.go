package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// annotChange is what became of an annotation that is no form field: d as it
// is now, was as it was (nil: added; for a removed one both are what it was).
type annotChange struct {
	ref     pdf.Ref
	d, was  *pdf.Dict
	what    string     // "added", "changed", "removed"
	entries []pdf.Name // that changed
}

// annotation judges an annotation by what it does to the page.
func (j *judge) annotation(a annotChange) error {
	pages, whole := j.pagesOf(a.ref, a.d)
	num := j.firstPage(pages)
	kind, _ := a.d.Get("Subtype").(pdf.Name)
	c := Change{Kind: KindAnnotation, Code: "annotation_" + a.what, Key: string(kind), Page: num,
		Detail: fmt.Sprintf("page %d: an annotation (%s) was %s", num, kind, a.what)}
	if s := j.textOf(j.new, a.d.Get("Contents")); s != "" && a.what != "removed" {
		c.NewValue = clip(s)
		c.Detail += ": " + quote(s)
	}
	why, err := j.acts(a)
	if err != nil {
		return err
	}
	if why != "" {
		c.Code = "annotation_action"
		c.Detail += why
		j.deny(a.ref, c)
		return nil
	}
	if j.opts.DocMDP == 1 || j.opts.DocMDP == 2 {
		c.Detail += ", which the certification forbids"
		j.deny(a.ref, c)
		return nil
	}
	covers, err := j.annotCovers(a, pages)
	if err != nil {
		return err
	}
	covers = covers || !whole
	icon := false
	if covers && a.what == "added" {
		if icon, err = j.icon(a.d, j.new); err != nil {
			return err
		}
	}
	j.annotSeen(a.ref, c, covers, icon)
	return nil
}

// annotSeen denies or permits by whether the annotation alters what is seen.
func (j *judge) annotSeen(ref pdf.Ref, c Change, covers, icon bool) {
	if covers && !icon && j.opts.DocMDP != 3 {
		c.Code += "_covering"
		c.Detail += ", over what the page shows"
		j.deny(ref, c)
		return
	}
	w := Warning{Code: WarnAnnotation, Object: name(ref), Page: c.Page, Detail: c.Detail}
	if covers {
		w.Code = WarnCovers
		w.Detail += ", over what the page shows"
	}
	if covers || j.opts.DocMDP == 0 {
		j.warn(w)
	}
	j.comments = true
	j.permit(ref, c)
}

// known are the kinds of annotations that can be judged. ISO 32000-2, table
// 171, without those that run a program or play a film, and without widgets.
var known = map[pdf.Name]bool{
	"Text": true, "Link": true, "FreeText": true, "Line": true, "Square": true, "Circle": true,
	"Polygon": true, "PolyLine": true, "Highlight": true, "Underline": true, "Squiggly": true,
	"StrikeOut": true, "Caret": true, "Stamp": true, "Ink": true, "Popup": true,
	"FileAttachment": true, "Sound": true, "Watermark": true, "Redact": true, "Projection": true,
}

// acts says what an annotation does besides being shown, "" for nothing new.
func (j *judge) acts(a annotChange) (string, error) {
	kind, _ := a.d.Get("Subtype").(pdf.Name)
	if !known[kind] {
		return ", of a kind that may do anything", nil
	}
	if a.what == "removed" {
		return "", nil
	}
	action := j.action(a.d)
	if action == "" {
		return "", nil
	}
	if a.was != nil {
		for _, key := range []pdf.Name{"A", "AA"} {
			same, err := j.same(a.was.Get(key), a.d.Get(key))
			if err != nil {
				return "", err
			}
			if !same {
				return fmt.Sprintf(", with an action (%s)", action), nil
			}
		}
		return "", nil
	}
	return fmt.Sprintf(", with an action (%s)", action), nil
}

// invisible reports whether entries of an annotation are among those that
// nobody sees on the page: Acrobat adds a popup to what is commented upon.
func invisible(changed []pdf.Name) bool {
	for _, key := range changed {
		switch key {
		case "M", "NM", "Popup", "Subj", "CreationDate", "StructParent", "RT", "IRT":
		default:
			return false
		}
	}
	return true
}

// unseen judges a change of entries that are not drawn.
func (j *judge) unseen(ref pdf.Ref, d *pdf.Dict, changed []pdf.Name) error {
	num := j.pageOf(ref, d)
	kind, _ := d.Get("Subtype").(pdf.Name)
	c := Change{Kind: KindAnnotation, Code: "annotation_note", Key: string(changed[0]), Page: num,
		Detail: fmt.Sprintf("page %d: notes on an annotation (%s) were changed", num, kind)}
	if j.opts.DocMDP == 1 || j.opts.DocMDP == 2 {
		j.deny(ref, c)
		return nil
	}
	j.permit(ref, c)
	return nil
}

// annotCovers reports whether an added annotation, or a change of one, alters
// what is seen of the page.
func (j *judge) annotCovers(a annotChange, pages []pdf.Ref) (bool, error) {
	if a.what == "changed" && unseenText(a) {
		return false, nil
	}
	quiet := true
	var err error
	if a.what != "removed" {
		quiet, err = j.quiet(a.ref, a.d, j.new, pages)
	}
	if err == nil && quiet && a.was != nil {
		quiet, err = j.quiet(a.ref, a.was, j.old, pages)
	}
	if quiet || err != nil {
		return false, err
	}
	if a.was != nil { // what it was had been signed as it was
		shows, err := j.showsIn(a.was, j.old)
		if err != nil || shows {
			return shows, err
		}
	}
	if a.what == "removed" {
		return false, nil
	}
	shows, err := j.showsIn(a.d, j.new)
	if err != nil || !shows {
		return false, err
	}
	return j.overWithin(room, a.ref, a.d, j.new, pages)
}

// unseenText reports whether only the words of a note changed, which are shown
// in a window of their own.
func unseenText(a annotChange) bool {
	switch a.d.Get("Subtype") {
	case pdf.Name("Text"), pdf.Name("Popup"), pdf.Name("FileAttachment"), pdf.Name("Highlight"),
		pdf.Name("Underline"), pdf.Name("Squiggly"), pdf.Name("StrikeOut"):
	default:
		return false
	}
	for _, key := range a.entries {
		switch key {
		case "Contents", "RC", "T", "Open", "State", "StateModel":
		default:
			if !invisible([]pdf.Name{key}) {
				return false
			}
		}
	}
	return true
}

// iconSize is the side in points up to which the picture of a note is taken to
// be an icon.
const iconSize = 40

// quiet reports whether an annotation is one that comments without hiding
// anything.
func (j *judge) quiet(ref pdf.Ref, d *pdf.Dict, view *pdf.File, pages []pdf.Ref) (bool, error) {
	kind, _ := d.Get("Subtype").(pdf.Name)
	switch kind {
	case "Popup": // a window of the reader's
		return d.Get("AP") == nil, nil
	case "Text", "FileAttachment", "Sound":
		box, ok := j.rect(d, view)
		if !ok || box.width() > iconSize || box.height() > iconSize {
			return false, nil
		}
		if thin, err := j.thin(ref, d, view, pages); thin || err != nil {
			return thin, err
		}
		over, err := j.over(ref, d, view, pages)
		return !over, err
	case "Link":
		return d.Get("AP") == nil && border(d, view) <= maxBorder, nil
	case "Highlight", "Underline", "StrikeOut", "Squiggly", "Caret":
		return j.thin(ref, d, view, pages)
	}
	return false, nil
}

// maxBorder is the width in points up to which the frame of a link hides
// nothing.
const maxBorder = 3

// border is the width of the frame that a viewer draws. ISO 32000-2, table 166
// and 12.5.4.
func border(d *pdf.Dict, view *pdf.File) float64 {
	const odd = 1e9
	width := 1.0
	if v, err := resolve(view, d.Get("Border")); err != nil {
		return odd
	} else if v != nil {
		n, ok := numbers(view, v, 3)
		if !ok {
			return odd
		}
		width = n[2]
	}
	if style, err := view.Dict(d.Get("BS")); err != nil {
		return odd
	} else if w, err := resolve(view, style.Get("W")); err != nil {
		return odd
	} else if w != nil {
		n, ok := number(w)
		if !ok {
			return odd
		}
		width = max(width, n)
	}
	return width
}

// action names the action of an annotation that does more than open a place, ""
// for none.
func (j *judge) action(d *pdf.Dict) string {
	if d.Has("AA") {
		return "AA"
	}
	v, err := resolve(j.new, d.Get("A"))
	a, ok := v.(*pdf.Dict)
	if err != nil || !ok {
		return ""
	}
	s, _ := a.Get("S").(pdf.Name)
	if a.Has("Next") {
		return string(s) + ", Next"
	}
	switch s {
	case "URI", "GoTo", "GoToR", "Named", "Thread":
		return ""
	}
	return string(s)
}

// Bits of /F. ISO 32000-2, table 167.
const (
	flagHidden       = 1 << 1
	flagPrint        = 1 << 2
	flagNoView       = 1 << 5
	flagToggleNoView = 1 << 8
)

// unseenByFlags: an annotation that is only printed is seen on paper, one that
// toggles is seen when it is pointed at.
func unseenByFlags(f pdf.Integer) bool {
	return f&flagHidden != 0 || f&flagNoView != 0 && f&(flagPrint|flagToggleNoView) == 0
}

// shows reports whether an annotation of the new view has something to draw.
func (j *judge) shows(d *pdf.Dict) (bool, error) { return j.showsIn(d, j.new) }

func (j *judge) showsIn(d *pdf.Dict, view *pdf.File) (bool, error) {
	f, err := view.Int(d.Get("F"))
	if err != nil && !pdf.Damaged(err) {
		return false, err
	}
	box, ok := j.rect(d, view)
	if unseenByFlags(f) || ok && box.empty() {
		return false, nil
	}
	ap, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	if a, ok := ap.(*pdf.Dict); ok && a.Get("N") != nil {
		return j.draws(a.Get("N"), view)
	}
	return drawnAnyway(d, view), nil
}

// drawnAnyway tells the annotations that viewers draw without an appearance.
func drawnAnyway(d *pdf.Dict, view *pdf.File) bool {
	switch d.Get("Subtype") {
	case pdf.Name("Text"), pdf.Name("FileAttachment"), pdf.Name("Sound"), pdf.Name("Popup"):
		return false // an icon beside the page or on it
	case pdf.Name("Link"):
		return border(d, view) > maxBorder
	case pdf.Name("Widget"):
		mk, err := view.Dict(d.Get("MK"))
		return err != nil || mk.Has("BG") || mk.Has("BC") || mk.Has("CA")
	}
	return true
}

// draws reports whether a normal appearance holds anything: an empty stream
// draws nothing.
func (j *judge) draws(n pdf.Object, view *pdf.File) (bool, error) {
	v, err := resolve(view, n)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case nil:
		return false, nil
	case *pdf.Stream:
		data, ok, err := j.decode(v, maxContent)
		if err != nil || !ok {
			return true, err // what can't be decoded may draw
		}
		return paints(data), nil
	}
	return true, nil
}

// pagesOf are the pages that show an annotation: those that list it, before or
// now, and only when there is none the one that its /P names. whole is false
// when there are more.
func (j *judge) pagesOf(ref pdf.Ref, d *pdf.Dict) (pages []pdf.Ref, whole bool) {
	pages, whole = j.idx.pagesOf(ref)
	pages = append(pages, j.listed[ref]...)
	if r, ok := d.Get("P").(pdf.Ref); ok && len(pages) == 0 {
		pages = []pdf.Ref{r}
	}
	return pages, whole && len(pages) <= maxOwners
}

// firstPage is the number of the page that a report tells.
func (j *judge) firstPage(pages []pdf.Ref) int {
	for _, p := range pages {
		if n := j.page(p); n != 0 {
			return n
		}
	}
	return 0
}

func (j *judge) pageOf(ref pdf.Ref, d *pdf.Dict) int {
	pages, _ := j.pagesOf(ref, d)
	return j.firstPage(pages)
}
