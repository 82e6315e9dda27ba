package sign

import (
	"context"
	"crypto"
	"fmt"
	"io"
	"strings"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// FieldOptions for AddField. Name is required.
type FieldOptions struct {
	Name  string           // of the new field; no period, no name that is taken
	Place appearance.Place // of its widget, on one page
	// Invisible makes a field with no extent on the first page; Place is not
	// looked at.
	Invisible bool
	Password  []byte
	MaxSize   int64     // of the output, bytes; 0: none
	Rand      io.Reader // nil: crypto/rand
}

// AddField copies a document to w and appends an empty signature field, for
// somebody else to sign. What forbids a signature in a new field forbids the
// field too. Result has the sizes, the checksums, and the number of signatures
// that were there. Errors: *RefusedError, *appearance.PlaceError, ErrSelfCheck,
// those of reading and writing.
func AddField(ctx context.Context, in io.ReaderAt, size int64, w Output, o FieldOptions) (*Result, error) {
	f, err := pdf.Open(ctx, in, size, pdf.OpenOptions{Password: o.Password})
	if err != nil {
		return nil, damaged(err)
	}
	sigs, fields, err := signatures(f)
	if err != nil {
		return nil, err
	}
	s, err := newSlot(ctx, f, fields, &o)
	if err != nil {
		return nil, err
	}
	if err := fieldPermitted(f, sigs, s.name); err != nil {
		return nil, err
	}
	rendered, err := renderField(f, s, len(sigs) > 0, orRand(o.Rand))
	if err != nil {
		return nil, damaged(err)
	}
	r := &run{
		out: newOutput(w, crypto.SHA256), password: o.Password, earlier: sigs, maxSize: o.MaxSize,
		res: &Result{Level: BB, Digest: crypto.SHA256, Signatures: len(sigs)},
	}
	if err := r.out.copyFrom(ctx, in, size, sigs); err != nil {
		return nil, err
	}
	r.res.InputSHA256 = r.out.sum256()
	if err := r.append(&slotUpdate{field: s.name, rendered: rendered}); err != nil {
		return nil, err
	}
	if err := r.checkField(ctx, s, rendered); err != nil {
		return nil, err
	}
	return r.result(), nil
}

// newSlot names the field and finds its place.
func newSlot(ctx context.Context, f *pdf.File, fields []pdf.Field, o *FieldOptions) (*slot, error) {
	// ISO 32000-2, 12.7.4.2: a period separates the names of a hierarchy.
	if strings.TrimSpace(o.Name) == "" || strings.Contains(o.Name, ".") {
		return nil, refuse(ReasonFieldMissing, "a new field needs a name without a period, which %q is not", o.Name)
	}
	for _, field := range fields {
		if root, _, _ := strings.Cut(field.Name, "."); root == o.Name {
			return nil, refuse(ReasonFieldExists, "there is a field %q already", field.Name)
		}
	}
	s := &slot{name: o.Name, isNew: true}
	if o.Invisible {
		var err error
		s.page, err = f.Page(0)
		return s, damaged(err)
	}
	where, err := o.Place.ResolveContext(ctx, f)
	if err != nil {
		return nil, damaged(err)
	}
	if len(where.Pages) != 1 {
		return nil, &appearance.PlaceError{Reason: "page", Detail: "a signature field is on one page"}
	}
	if s.page, err = f.Page(where.Pages[0]); err != nil {
		return nil, damaged(err)
	}
	s.rect, _ = appearance.UserRect(s.page, where.Rect)
	return s, nil
}

// fieldPermitted is what Prepare asks for a signature in a new field.
func fieldPermitted(f *pdf.File, sigs []signature, name string) error {
	if err := checkEarlier(f, sigs, &Options{}, name); err != nil {
		return err
	}
	if err := checkPermissions(f, true, false); err != nil {
		return err
	}
	catalog, _, err := f.Catalog()
	if err != nil {
		return damaged(err)
	}
	acro, _, err := f.AcroForm()
	if err != nil {
		return damaged(err)
	}
	_, err = checkXFA(f, catalog, acro)
	return err
}

// renderField makes the update with a field merged with its widget.
// ISO 32000-2, 12.7.5.5.
func renderField(f *pdf.File, s *slot, signed bool, random io.Reader) (*pdf.Rendered, error) {
	u := f.NewUpdate()
	u.Rand = random
	m, err := newForm(f, u)
	if err != nil {
		return nil, err
	}
	d := pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Annot"),
		pdf.Name("Subtype"), pdf.Name("Widget"),
		pdf.Name("FT"), pdf.Name("Sig"),
		pdf.Name("T"), pdf.TextString(s.name),
		pdf.Name("F"), pdf.Integer(annotPrint),
		pdf.Name("Rect"), rectArray(s.rect),
		pdf.Name("P"), s.page.Ref)
	if ap := m.blank(s); ap != nil {
		d.Set("AP", pdf.NewDict(pdf.Name("N"), ap))
	}
	field := u.Alloc()
	// As with a mark: a later change of the structure tree would be held
	// against earlier signatures.
	if !signed && s.visible() && isTagged(f, m.catalog) {
		if _, err := m.tag(d, field, s.page); err != nil {
			return nil, err
		}
		d.Set("TU", pdf.TextString("Chữ ký số "+s.name)) // ISO 14289-1, 7.18.1
	}
	u.Set(field, d)
	page, err := pending(u, s.page)
	if err != nil {
		return nil, err
	}
	direct, err := appendTo(f, u, page, "Annots", field)
	if err != nil {
		return nil, err
	}
	if direct {
		u.Set(s.page.Ref, page)
	}
	if err := m.register(field); err != nil {
		return nil, err
	}
	m.flush()
	id := make([]byte, 16)
	if _, err := io.ReadFull(random, id); err != nil {
		return nil, fmt.Errorf("file identifier: %w", err)
	}
	return u.Render(id)
}

// blank is the picture of an empty field: PDF/A wants one where there is an
// extent, and else nothing is better, as viewers then draw their own sign.
// ISO 19005-2, 6.3.3.
func (m *form) blank(s *slot) pdf.Object {
	if m.archive.part == 0 {
		return nil
	}
	if !s.visible() {
		return m.emptyAppearance()
	}
	zero := pdf.Integer(0)
	box := rectArray([4]float64{0, 0, s.rect[2] - s.rect[0], s.rect[3] - s.rect[1]})
	box[0], box[1] = zero, zero
	return m.u.Add(pdf.NewStream(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("XObject"),
		pdf.Name("Subtype"), pdf.Name("Form"),
		pdf.Name("BBox"), box,
		pdf.Name("Resources"), pdf.NewDict()), nil))
}

// checkField reads the output back: the update is there byte for byte, the
// field is an empty one, and the signatures are those that were there.
func (r *run) checkField(ctx context.Context, s *slot, rendered *pdf.Rendered) error {
	if _, err := r.readBack(&slotUpdate{rendered: rendered}); err != nil {
		return err
	}
	f, err := r.open(ctx)
	if err != nil {
		return err
	}
	sigs, fields, err := signatures(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	if len(sigs) != len(r.earlier) {
		return fmt.Errorf("%w: %d signatures, %d before", ErrSelfCheck, len(sigs), len(r.earlier))
	}
	found, err := chooseField(f, fields, s.name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	if found.isNew || found.visible() != s.visible() {
		return fmt.Errorf("%w: the new field is not there", ErrSelfCheck)
	}
	return nil
}
