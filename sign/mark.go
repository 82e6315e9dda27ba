package sign

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// marks draws the visible mark: in the widget, and on further pages as page
// content.
type marks struct {
	f       *pdf.File
	u       *pdf.Update
	archive archive
	mark    *appearance.Mark
	forms   map[[6]float64]pdf.Ref // by matrix: pages may differ in /Rotate
}

// form returns the form XObject for a matrix, made once.
func (m *marks) form(matrix [6]float64) (pdf.Ref, error) {
	if ref, ok := m.forms[matrix]; ok {
		return ref, nil
	}
	ref, err := m.mark.Add(m.u, matrix)
	if err != nil {
		return pdf.Ref{}, err
	}
	if err := m.archive.conform(m.u, ref); err != nil {
		return pdf.Ref{}, err
	}
	m.forms[matrix] = ref
	return ref, nil
}

// draw places the mark on a page as content. The old content is put between q
// and Q, so that what it leaves behind in the graphics state does not move the
// mark (ISO 32000-2, 8.4.2).
func (m *marks) draw(index int, seen appearance.Rect, tagged bool) error {
	page, err := m.f.Page(index)
	if err != nil {
		return damaged(err)
	}
	rect, matrix := appearance.UserRect(page, seen)
	form, err := m.form(matrix)
	if err != nil {
		return err
	}
	d, err := pending(m.u, page)
	if err != nil {
		return err
	}
	name, err := m.addResource(d, page, form)
	if err != nil {
		return err
	}
	content := "q 1 0 0 1 " + number(rect[0]) + " " + number(rect[1]) + " cm /" + string(name) + " Do Q\n"
	if tagged {
		// Real content must be tagged or an artifact: ISO 32000-2, 14.8.2.2.
		content = "/Artifact BMC\n" + content + "EMC\n"
	}
	old, err := m.f.Resolve(d.Get("Contents"))
	if err != nil {
		return damaged(err)
	}
	all := pdf.Array{m.u.Add(pdf.NewStream(pdf.NewDict(), []byte("q\n")))}
	switch old := old.(type) {
	case pdf.Array:
		all = append(all, old...)
	case *pdf.Stream:
		all = append(all, d.Get("Contents"))
	}
	all = append(all, m.u.Add(pdf.NewStream(pdf.NewDict(), []byte("\nQ\n"+content))))
	d.Set("Contents", all)
	m.u.Set(page.Ref, d)
	return nil
}

// addResource gives the page resources of its own with the form under a free
// name. Inherited and shared ones are copied: another page may use them.
func (m *marks) addResource(d *pdf.Dict, page *pdf.Page, form pdf.Ref) (pdf.Name, error) {
	from := page.Resources
	if d.Has("Resources") { // perhaps ours already, of an earlier drawing
		from = d.Get("Resources")
	}
	resources, err := m.f.Dict(from)
	if err != nil {
		return "", damaged(err)
	}
	if resources == nil {
		resources = pdf.NewDict()
	}
	resources = resources.Clone()
	objects, err := m.f.Dict(resources.Get("XObject"))
	if err != nil {
		return "", damaged(err)
	}
	if objects == nil {
		objects = pdf.NewDict()
	}
	objects = objects.Clone()
	name := pdf.Name("")
	for n := 1; name == "" || objects.Has(name); n++ {
		name = pdf.Name(fmt.Sprintf("KysoMark%d", n))
	}
	objects.Set(name, form)
	resources.Set("XObject", objects)
	d.Set("Resources", resources)
	return name, nil
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// place finds where the mark goes: of an existing field its widget, else what
// the options say. It may find the field that the place belongs to.
func place(ctx context.Context, f *pdf.File, fields []pdf.Field, o *Options) (*slot, *appearance.Resolved, error) {
	s, err := chooseField(f, fields, o.Field)
	if err != nil || !o.Visible {
		return s, nil, err
	}
	if !s.isNew {
		return s, nil, nil
	}
	where, err := o.Place.ResolveContext(ctx, f)
	if err != nil {
		return nil, nil, damaged(err)
	}
	if where.Field != "" && o.Field == "" {
		if s, err = chooseField(f, fields, where.Field); err != nil {
			return nil, nil, err
		}
		return s, where, nil
	}
	if s.page, err = f.Page(where.Pages[0]); err != nil {
		return nil, nil, damaged(err)
	}
	s.rect, _ = appearance.UserRect(s.page, where.Rect)
	return s, where, nil
}

// isTagged tells whether the file has a structure tree that counts.
func isTagged(f *pdf.File, catalog *pdf.Dict) bool {
	info, err := f.Dict(catalog.Get("MarkInfo"))
	if err != nil || info == nil {
		return false
	}
	v, err := f.Resolve(info.Get("Marked"))
	return err == nil && v == true
}

// otherPages are the pages beside that of the widget.
func otherPages(where *appearance.Resolved) []int {
	if where == nil || len(where.Pages) < 2 {
		return nil
	}
	return slices.Clone(where.Pages[1:])
}
