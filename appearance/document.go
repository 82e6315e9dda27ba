package appearance

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// document is what placement reads of a *pdf.File.
type document interface {
	NumPages() (int, error)
	Page(index int) (*pdf.Page, error)
	Fields() ([]pdf.Field, error)
	Dict(o pdf.Object) (*pdf.Dict, error)
	Array(o pdf.Object) (pdf.Array, error)
	Resolve(o pdf.Object) (pdf.Object, error)
}

// sigWidget is the visible widget of a signature field on a page.
type sigWidget struct {
	field  string
	filled bool
	page   int
	rect   Rect // as seen
}

// signatureWidgets lists the visible signature widgets of the document, in the
// order of the fields; those that no page lists are left out.
func signatureWidgets(f document) ([]sigWidget, error) {
	fields, err := f.Fields()
	if err != nil {
		return nil, fmt.Errorf("place: fields: %w", err)
	}
	byRef := map[pdf.Ref]*sigWidget{}
	var order []*sigWidget
	var rects [][4]float64
	for _, field := range fields {
		if field.FT != "Sig" || len(field.Widgets) != 1 {
			continue
		}
		d, err := f.Dict(field.Widgets[0])
		if err != nil {
			return nil, fmt.Errorf("place: widget of %s: %w", field.Name, err)
		}
		v, err := f.Resolve(field.V)
		if err != nil {
			return nil, fmt.Errorf("place: value of %s: %w", field.Name, err)
		}
		rect, ok := readRect(f, d.Get("Rect"))
		if !ok {
			continue
		}
		w := &sigWidget{field: field.Name, filled: v != nil, page: -1}
		byRef[field.Widgets[0]] = w
		order, rects = append(order, w), append(rects, rect)
	}
	if len(order) == 0 {
		return nil, nil
	}
	if err := findPages(f, byRef, order, rects); err != nil {
		return nil, err
	}
	var out []sigWidget
	for _, w := range order {
		if w.page >= 0 {
			out = append(out, *w)
		}
	}
	return out, nil
}

// findPages looks the widgets up in the /Annots of the pages: /P is optional,
// and may lie.
func findPages(f document, byRef map[pdf.Ref]*sigWidget, order []*sigWidget, rects [][4]float64) error {
	n, err := f.NumPages()
	if err != nil {
		return fmt.Errorf("place: %w", err)
	}
	missing := len(order)
	for i := 0; i < n && missing > 0; i++ {
		page, err := f.Page(i)
		if err != nil {
			return fmt.Errorf("place: page %d: %w", i+1, err)
		}
		annots, err := f.Array(page.Dict.Get("Annots"))
		if err != nil {
			return fmt.Errorf("place: annotations of page %d: %w", i+1, err)
		}
		for _, a := range annots {
			ref, ok := a.(pdf.Ref)
			if w := byRef[ref]; ok && w != nil && w.page < 0 {
				for k := range order {
					if order[k] == w {
						w.page, w.rect = i, SeenRect(page, rects[k])
					}
				}
				missing--
			}
		}
	}
	return nil
}

// readRect reads a rectangle; ok is false when it is damaged or empty, as the
// rectangle of an invisible signature is.
func readRect(f document, o pdf.Object) (rect [4]float64, ok bool) {
	a, err := f.Array(o)
	if err != nil || len(a) != 4 {
		return rect, false
	}
	for i, e := range a {
		v, err := f.Resolve(e)
		if err != nil {
			return rect, false
		}
		switch v := v.(type) {
		case pdf.Integer:
			rect[i] = float64(v)
		case pdf.Real:
			rect[i] = float64(v)
		default:
			return rect, false
		}
	}
	r := Rect(rect).normal()
	return r, r.Width() >= 1 && r.Height() >= 1
}

// lastWidget is the place of the last signature of the document: the highest
// page, of that the lowest.
func lastWidget(ws []sigWidget, filled bool) (last sigWidget, n int) {
	for _, w := range ws {
		if w.filled != filled {
			continue
		}
		if n == 0 || w.page > last.page || w.page == last.page && w.rect[1] < last.rect[1] {
			last = w
		}
		n++
	}
	return last, n
}
