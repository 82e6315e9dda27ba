package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// annotation judges an annotation that is no form field: d as it is now, was
// as it was (nil: added; for a removed one both are what it was).
func (j *judge) annotation(ref pdf.Ref, d, was *pdf.Dict, what string) error {
	pages, whole := j.pagesOf(ref, d)
	num := j.firstPage(pages)
	kind, _ := d.Get("Subtype").(pdf.Name)
	c := Change{Kind: KindAnnotation, Code: "annotation_" + what, Key: string(kind), Page: num,
		Detail: fmt.Sprintf("page %d: an annotation (%s) was %s", num, kind, what)}
	if s := j.textOf(j.new, d.Get("Contents")); s != "" && what != "removed" {
		c.NewValue = clip(s)
		c.Detail += ": " + quote(s)
	}
	if action := j.action(d); action != "" && what != "removed" && (was == nil || j.action(was) != action) {
		c.Code = "annotation_action"
		c.Detail += fmt.Sprintf(", with an action (%s)", action)
		j.deny(ref, c)
		return nil
	}
	if j.opts.DocMDP == 1 || j.opts.DocMDP == 2 {
		c.Detail += ", which the certification forbids"
		j.deny(ref, c)
		return nil
	}
	covers, err := j.annotCovers(d, was, what, pages)
	covers = covers || !whole
	if err != nil {
		return err
	}
	if covers && j.opts.DocMDP != 3 {
		c.Code += "_covering"
		c.Detail += ", over what the page shows"
		j.deny(ref, c)
		return nil
	}
	w := Warning{Code: WarnAnnotation, Object: name(ref), Page: num, Detail: c.Detail}
	if covers {
		w.Code = WarnCovers
		w.Detail += ", over what the page shows"
	}
	if covers || j.opts.DocMDP == 0 {
		j.warn(w)
	}
	j.comments = true
	j.permit(ref, c)
	return nil
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
func (j *judge) annotCovers(d, was *pdf.Dict, what string, pages []pdf.Ref) (bool, error) {
	harmless := true
	var err error
	if what != "removed" {
		harmless, err = j.comment(d, j.new)
	}
	if err == nil && harmless && was != nil {
		harmless, err = j.comment(was, j.old)
	}
	if harmless || err != nil {
		return false, err
	}
	if was != nil { // what it was had been signed as it was
		shows, err := j.showsIn(was, j.old)
		if err != nil || shows {
			return shows, err
		}
	}
	if what == "removed" {
		return false, nil
	}
	shows, err := j.showsIn(d, j.new)
	if err != nil || !shows {
		return false, err
	}
	return j.over(d, pages)
}

// iconSize is the side in points up to which the picture of a comment is taken
// to be an icon.
const iconSize = 40

// comment reports whether an annotation is one that comments without hiding
// anything.
func (j *judge) comment(d *pdf.Dict, view *pdf.File) (bool, error) {
	kind, _ := d.Get("Subtype").(pdf.Name)
	switch kind {
	case "Popup":
		return true, nil
	case "Text", "FileAttachment", "Sound":
		box, ok := j.rect(d, view)
		return ok && box.width() <= iconSize && box.height() <= iconSize, nil
	case "Link":
		return d.Get("AP") == nil, nil
	case "Highlight", "Underline", "StrikeOut", "Squiggly", "Caret":
		return j.thin(d, view)
	}
	return false, nil
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
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// shows reports whether an annotation of the new view has something to draw.
func (j *judge) shows(d *pdf.Dict) (bool, error) { return j.showsIn(d, j.new) }

func (j *judge) showsIn(d *pdf.Dict, view *pdf.File) (bool, error) {
	f, err := view.Int(d.Get("F"))
	if err != nil && !pdf.Damaged(err) {
		return false, err
	}
	box, ok := j.rect(d, view)
	if f&(flagHidden|flagNoView) != 0 || ok && box.empty() {
		return false, nil
	}
	ap, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	if a, ok := ap.(*pdf.Dict); ok {
		return j.draws(a.Get("N"), view)
	}
	// Viewers draw these without an appearance too.
	switch d.Get("Subtype") {
	case pdf.Name("FreeText"), pdf.Name("Square"), pdf.Name("Circle"), pdf.Name("Line"), pdf.Name("Polygon"),
		pdf.Name("PolyLine"), pdf.Name("Ink"), pdf.Name("Stamp"), pdf.Name("Redact"), pdf.Name("Watermark"):
		return true, nil
	}
	return false, nil
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
		data, err := v.Decode(maxContent)
		if err != nil {
			return true, nil //nolint:nilerr // what can't be decoded may draw
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
