package sign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Flags of an annotation. ISO 32000-2, 12.5.3, Table 167.
const (
	annotPrint  = 1 << 2 // bit 3
	annotLocked = 1 << 7 // bit 8
)

// Flags of /SigFlags. ISO 32000-2, 12.7.3, Table 225.
const sigFlags = 1<<0 | 1<<1 // SignaturesExist, AppendOnly

// slot is the field that gets the signature.
type slot struct {
	name     string    // fully qualified
	existing pdf.Field // zero when new
	isNew    bool
	page     *pdf.Page  // of the widget
	rect     [4]float64 // of the widget, default user space
}

func (s *slot) visible() bool { return s.rect[2] > s.rect[0] && s.rect[3] > s.rect[1] }

// chooseField finds the named empty field, or the one the place belongs to, or
// names a new one.
func chooseField(f *pdf.File, fields []pdf.Field, name string) (*slot, error) {
	if name == "" {
		return &slot{name: freeName(fields, "Signature"), isNew: true}, nil
	}
	var empty []string
	for _, field := range fields {
		v, err := f.Resolve(field.V)
		if err != nil {
			return nil, damaged(err)
		}
		if field.Name == name {
			return existingSlot(f, field, v)
		}
		if field.FT == "Sig" && v == nil {
			empty = append(empty, field.Name)
		}
	}
	if len(empty) > 0 {
		return nil, refuse(ReasonFieldMissing, "there is no field %q; the empty signature fields are %s", name, strings.Join(empty, ", "))
	}
	// A new field under a parent would need the parent; a period in a partial
	// name is forbidden (ISO 32000-2, 12.7.4.2).
	if strings.Contains(name, ".") {
		return nil, refuse(ReasonFieldMissing, "there is no field %q, and a new name may not hold a period", name)
	}
	return &slot{name: name, isNew: true}, nil
}

func existingSlot(f *pdf.File, field pdf.Field, value pdf.Object) (*slot, error) {
	switch {
	case field.FT != "Sig":
		return nil, refuse(ReasonFieldMissing, "the field %q is no signature field", field.Name)
	case value != nil:
		return nil, refuse(ReasonFieldFilled, "the field %q is signed already", field.Name)
	case field.Ref == (pdf.Ref{}):
		return nil, refuse(ReasonDamaged, "the field %q is not an indirect object", field.Name)
	case len(field.Widgets) > 1:
		return nil, refuse(ReasonFieldMissing, "the field %q has several widgets, which ISO 32000-2, 12.7.5.5 forbids", field.Name)
	}
	s := &slot{name: field.Name, existing: field}
	if len(field.Widgets) == 0 {
		return s, nil
	}
	widget, err := f.Dict(field.Widgets[0])
	if err != nil {
		return nil, damaged(err)
	}
	if s.rect, err = rectOf(f, widget.Get("Rect")); err != nil {
		return nil, err
	}
	s.page, err = pageOf(f, widget, field.Widgets[0])
	return s, err
}

func rectOf(f *pdf.File, o pdf.Object) (r [4]float64, err error) {
	a, err := f.Array(o)
	if err != nil {
		return r, damaged(err)
	}
	if len(a) != 4 {
		return r, nil // no rectangle: nothing to see
	}
	for i, e := range a {
		v, err := f.Resolve(e)
		if err != nil {
			return r, damaged(err)
		}
		switch v := v.(type) {
		case pdf.Integer:
			r[i] = float64(v)
		case pdf.Real:
			r[i] = float64(v)
		}
	}
	if r[0] > r[2] {
		r[0], r[2] = r[2], r[0]
	}
	if r[1] > r[3] {
		r[1], r[3] = r[3], r[1]
	}
	return r, nil
}

// pageOf finds the page of a widget by its /P, which is optional and sometimes
// wrong, else by the /Annots that hold it.
func pageOf(f *pdf.File, widget *pdf.Dict, ref pdf.Ref) (*pdf.Page, error) {
	p, _ := widget.Get("P").(pdf.Ref)
	var byP *pdf.Page
	for page, err := range f.Pages() {
		if err != nil {
			return nil, damaged(err)
		}
		annots, err := f.Array(page.Dict.Get("Annots"))
		if err == nil && slices.Contains(annots, pdf.Object(ref)) {
			return page, nil
		}
		if page.Ref == p {
			byP = page
		}
	}
	return byP, nil
}

// freeName is prefix with the first number that no field has.
func freeName(fields []pdf.Field, prefix string) string {
	taken := make(map[string]bool, len(fields))
	for _, f := range fields {
		root, _, _ := strings.Cut(f.Name, ".")
		taken[root] = true
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s%d", prefix, n)
		if !taken[name] {
			return name
		}
	}
}

// form is the part of an update that changes the interactive form.
type form struct {
	f       *pdf.File
	u       *pdf.Update
	catalog *pdf.Dict // a copy to change
	ref     pdf.Ref   // of the catalog
	changed bool      // catalog
	tagged  bool      // a visible widget gets a structure element
	archive archive   // what PDF/A asks for
}

func newForm(f *pdf.File, u *pdf.Update) (*form, error) {
	catalog, ref, err := f.Catalog()
	if err != nil {
		return nil, damaged(err)
	}
	return &form{f: f, u: u, catalog: catalog.Clone(), ref: ref, archive: archiveOf(f, catalog)}, nil
}

// set changes an entry of the catalog.
func (m *form) set(key pdf.Name, v pdf.Object) {
	m.catalog.Set(key, v)
	m.changed = true
}

// flush writes the catalog when it changed.
func (m *form) flush() {
	if m.changed {
		m.u.Set(m.ref, m.catalog)
	}
}

// register adds a field to the form (zero: none to add) and sets /SigFlags.
// All other entries stay: /DR, /DA, /XFA, /CO, /NeedAppearances.
func (m *form) register(field pdf.Ref) error {
	acro, ref, err := m.f.AcroForm()
	if err != nil {
		return damaged(err)
	}
	if acro == nil {
		m.set("AcroForm", m.u.Add(pdf.NewDict(
			pdf.Name("Fields"), pdf.Array{field},
			pdf.Name("SigFlags"), pdf.Integer(sigFlags))))
		return nil
	}
	acro = acro.Clone()
	changed := false
	if flags := intOf(m.f, acro.Get("SigFlags"), 0); flags&sigFlags != sigFlags {
		acro.Set("SigFlags", pdf.Integer(flags|sigFlags))
		changed = true
	}
	if field != (pdf.Ref{}) {
		direct, err := appendTo(m.f, m.u, acro, "Fields", field)
		if err != nil {
			return err
		}
		changed = changed || direct
	}
	switch {
	case !changed:
	case ref != (pdf.Ref{}):
		m.u.Set(ref, acro)
	default:
		m.set("AcroForm", acro)
	}
	return nil
}

// appendTo appends to the array at key of d, in place when it is an object of
// its own (then d is unchanged and direct false).
func appendTo(f *pdf.File, u *pdf.Update, d *pdf.Dict, key pdf.Name, item pdf.Object) (direct bool, err error) {
	old := d.Get(key)
	a, err := f.Array(old)
	if err != nil {
		return false, damaged(err)
	}
	a = append(slices.Clone(a), item)
	if ref, ok := old.(pdf.Ref); ok {
		if v, err := f.Get(ref); err == nil && v != nil {
			// A reference to a reference is rare and made direct.
			if _, again := v.(pdf.Ref); !again {
				u.Set(ref, a)
				return false, nil
			}
		}
	}
	d.Set(key, a)
	return true, nil
}

// addWidget makes a new field merged with its widget and puts it on the page;
// tagged gives a visible one its structure element.
func (m *form) addWidget(s *slot, value pdf.Ref, ap pdf.Object, lock *pdf.Dict) error {
	d := pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Annot"),
		pdf.Name("Subtype"), pdf.Name("Widget"),
		pdf.Name("FT"), pdf.Name("Sig"),
		pdf.Name("T"), pdf.TextString(s.name),
		pdf.Name("V"), value,
		pdf.Name("F"), pdf.Integer(annotPrint|annotLocked),
		pdf.Name("Rect"), rectArray(s.rect),
		pdf.Name("P"), s.page.Ref)
	shown := ap
	if ap == nil {
		shown = m.emptyAppearance()
	}
	if shown != nil {
		d.Set("AP", pdf.NewDict(pdf.Name("N"), shown))
	}
	if lock != nil {
		d.Set("Lock", m.u.Add(lock))
	}
	field := m.u.Alloc()
	if ap != nil && m.tagged {
		if _, err := m.tag(d, field, s.page); err != nil {
			return err
		}
		d.Set("TU", pdf.TextString("Chữ ký số "+s.name)) // ISO 14289-1, 7.18.1
	}
	m.u.Set(field, d)
	page, err := pending(m.u, s.page)
	if err != nil {
		return err
	}
	direct, err := appendTo(m.f, m.u, page, "Annots", field)
	if err != nil {
		return err
	}
	if direct {
		m.u.Set(s.page.Ref, page)
	}
	return m.register(field)
}

// fillField puts the value in an existing empty field, and the appearance in
// its widget.
func (m *form) fillField(s *slot, value pdf.Ref, ap pdf.Object, lock *pdf.Dict) error {
	field := s.existing.Dict.Clone()
	field.Set("V", value)
	if lock != nil {
		field.Set("Lock", m.u.Add(lock))
	}
	widgetRef := s.existing.Ref
	widget := field
	if len(s.existing.Widgets) == 1 && s.existing.Widgets[0] != s.existing.Ref {
		widgetRef = s.existing.Widgets[0]
		old, err := m.f.Dict(widgetRef)
		if err != nil {
			return damaged(err)
		}
		widget = old.Clone()
	}
	if ap != nil {
		widget.Set("AP", pdf.NewDict(pdf.Name("N"), ap))
		widget.Delete("AS")
		if !widget.Has("F") {
			widget.Set("F", pdf.Integer(annotPrint|annotLocked))
		}
	}
	m.u.Set(s.existing.Ref, field)
	if widgetRef != s.existing.Ref && ap != nil {
		m.u.Set(widgetRef, widget)
	}
	return m.register(pdf.Ref{})
}

// pending is the page's dictionary as the update has it, copied.
func pending(u *pdf.Update, page *pdf.Page) (*pdf.Dict, error) {
	o, err := u.Get(page.Ref)
	if err != nil {
		return nil, damaged(err)
	}
	d, ok := o.(*pdf.Dict)
	if !ok {
		return nil, refuse(ReasonDamaged, "page %d is no dictionary", page.Index+1)
	}
	return d.Clone(), nil
}

func rectArray(r [4]float64) pdf.Array {
	a := make(pdf.Array, len(r))
	for i, v := range r {
		if v == float64(int64(v)) {
			a[i] = pdf.Integer(v)
			continue
		}
		a[i] = pdf.Real(v)
	}
	return a
}
