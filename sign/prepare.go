package sign

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// vietnam is the zone of /M. Vietnam has had one zone and no summer time since
// 1975; a fixed zone needs no database.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// Prepared is a document ready for its one signature.
type Prepared struct {
	Field       string
	Page        int // 1-based, 0 invisible
	Rect        [4]float64
	Why         string
	SigningTime time.Time
	Size        int64 // of the output; with B-LT and B-LTA without what they add
	Notes       []string

	o       Options
	in      io.ReaderAt
	inSize  int64
	update  *slotUpdate
	drawn   []drawn
	earlier []signature
	used    atomic.Bool
}

// slotUpdate is a rendered update with an empty signature dictionary.
type slotUpdate struct {
	field    string
	rendered *pdf.Rendered
	rng      byterange.Range
	room     int // bytes of DER
}

// Prepare reads the document and builds everything but the signature. The
// reader is used again by Finish. Errors: *RefusedError, *LevelError, those of
// package appearance, and those of reading.
func Prepare(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Prepared, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	f, err := pdf.Open(ctx, r, size, pdf.OpenOptions{Password: o.Password})
	if err != nil {
		return nil, damaged(err)
	}
	sigs, fields, err := signatures(f)
	if err != nil {
		return nil, err
	}
	p := &Prepared{o: o, in: r, inSize: size, earlier: sigs, SigningTime: o.Now().In(vietnam).Truncate(time.Second)}
	s, where, err := place(ctx, f, fields, &p.o)
	if err != nil {
		return nil, err
	}
	if err := p.resolveDrawn(ctx, f); err != nil {
		return nil, err
	}
	if err := p.permitted(f, s, where); err != nil {
		return nil, err
	}
	if err := p.build(f, s, where); err != nil {
		return nil, damaged(err)
	}
	p.Size = size + int64(len(p.update.rendered.Bytes))
	if o.MaxSize > 0 && p.Size > o.MaxSize {
		return nil, refuse(ReasonMaxSize, "the signed file would have %d bytes, %d are allowed", p.Size, o.MaxSize)
	}
	return p, nil
}

// permitted runs the checks of what the document allows.
func (p *Prepared) permitted(f *pdf.File, s *slot, where *appearance.Resolved) error {
	if err := checkEarlier(f, p.earlier, &p.o, s.name); err != nil {
		return err
	}
	if err := checkPermissions(f, s.isNew, p.o.ModifyAnyway); err != nil {
		return err
	}
	if (len(otherPages(where)) > 0 || len(p.drawn) > 0) && len(p.earlier) > 0 {
		return refuse(ReasonLocked, "a mark or text drawn on the pages would change what is signed already")
	}
	catalog, _, err := f.Catalog()
	if err != nil {
		return damaged(err)
	}
	acro, _, err := f.AcroForm()
	if err != nil {
		return damaged(err)
	}
	note, err := checkXFA(f, catalog, acro)
	if err != nil {
		return err
	}
	if note != "" {
		p.Notes = append(p.Notes, note)
	}
	if s.isNew {
		return nil
	}
	return checkSeed(f, s.existing.Dict, &p.o)
}

// build makes the update and measures its placeholder.
func (p *Prepared) build(f *pdf.File, s *slot, where *appearance.Resolved) error {
	u := f.NewUpdate()
	m, err := newForm(f, u)
	if err != nil {
		return err
	}
	if s.isNew && s.page == nil {
		if s.page, err = f.Page(0); err != nil {
			return err
		}
	}
	tagged := isTagged(f, m.catalog)
	// A further revision that changes the structure tree would make earlier
	// signatures look tampered with to verifiers that deny by default.
	m.tagged = tagged && len(p.earlier) == 0
	if tagged && !m.tagged && s.isNew && p.o.Visible {
		p.Notes = append(p.Notes, "the mark is not in the structure tree of the tagged document, because an earlier signature covers that")
	}
	ap, err := p.appearance(m, s, where, tagged)
	if err != nil {
		return err
	}
	if err := p.drawAll(m, tagged); err != nil {
		return err
	}
	room, err := p.room()
	if err != nil {
		return err
	}
	lock := lockOf(p.o.Lock)
	if lock == nil && !s.isNew {
		if lock, err = f.Dict(s.existing.Dict.Get("Lock")); err != nil {
			return err
		}
	}
	sig := u.Add(p.signatureDict(lock, room))
	newLock := lockOf(p.o.Lock)
	if s.isNew {
		err = m.addWidget(s, sig, ap, newLock)
	} else {
		err = m.fillField(s, sig, ap, newLock)
	}
	if err != nil {
		return err
	}
	if p.o.Certify != 0 {
		if err := m.certify(sig); err != nil {
			return err
		}
	}
	// Later on only where the catalog changes anyway: earlier signatures.
	if len(p.earlier) == 0 || m.changed {
		m.changed = extend(f, u, m.catalog, esicCAdES) || m.changed
	}
	m.flush()
	p.Field = s.name
	p.update, err = renderSlot(u, s.name, room, p.o.Rand)
	return err
}

// appearance composes the mark and draws it on the further pages; nil when the
// signature is invisible.
func (p *Prepared) appearance(fm *form, s *slot, where *appearance.Resolved, tagged bool) (pdf.Object, error) {
	if where != nil {
		p.Why = where.Why
		p.Notes = append(p.Notes, where.Warnings...)
	} else if !s.isNew {
		p.Why = fmt.Sprintf("the field %s", s.name)
	}
	if !p.o.Visible {
		return nil, nil
	}
	if !s.visible() || s.page == nil {
		p.Notes = append(p.Notes, fmt.Sprintf("the field %s has no place on a page, so the signature is invisible", s.name))
		return nil, nil
	}
	seen := appearance.SeenRect(s.page, s.rect)
	mark, err := appearance.Compose(p.o.Style, p.info(), seen.Width(), seen.Height())
	if err != nil {
		return nil, err
	}
	p.Notes = append(p.Notes, mark.Notes...)
	p.Page, p.Rect = s.page.Index+1, seen
	_, matrix := appearance.UserRect(s.page, seen)
	m := &marks{f: fm.f, u: fm.u, archive: fm.archive, mark: mark, forms: map[[6]float64]pdf.Ref{}}
	ap, err := m.form(matrix)
	if err != nil {
		return nil, err
	}
	for i, page := range otherPages(where) {
		if err := m.draw(page, where.On(i+1), tagged); err != nil {
			return nil, err
		}
	}
	return ap, nil
}

// request is what the key will be asked, but for key and digest.
func (p *Prepared) request() cms.Request {
	return cms.Request{
		Certificate: p.o.Certificate, Chain: p.o.Chain,
		Hash: p.o.Hash, Scheme: p.o.Scheme, Rand: p.o.Rand,
	}
}

// room is the size of the placeholder, from a dry run: the key is never asked
// a second time because a first answer did not fit.
func (p *Prepared) room() (int, error) {
	token := 0
	if p.o.Level >= BT {
		token = tokenRoom(p.o.TSSize)
	}
	return cms.Size(p.request(), token)
}

// signatureDict is ISO 32000-2, 12.8.1, Table 255, with the entries of ETSI EN
// 319 142-1, 6.3: no /Cert, and the time in /M.
func (p *Prepared) signatureDict(lock *pdf.Dict, room int) *pdf.Dict {
	contents, rng := byterange.Placeholders(room)
	d := pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Sig"),
		pdf.Name("Filter"), pdf.Name("Adobe.PPKLite"),
		pdf.Name("SubFilter"), subCAdES,
		pdf.Name("ByteRange"), rng,
		pdf.Name("Contents"), contents,
		pdf.Name("M"), pdf.String{Value: pdfDate(p.SigningTime)})
	for _, e := range []struct {
		key  pdf.Name
		text string
	}{
		{"Name", p.o.Name}, {"Reason", p.o.Reason},
		{"Location", p.o.Location}, {"ContactInfo", p.o.Contact},
	} {
		if e.text != "" {
			d.Set(e.key, pdf.TextString(e.text))
		}
	}
	d.Set("Prop_Build", pdf.NewDict(pdf.Name("App"), pdf.NewDict(pdf.Name("Name"), pdf.Name("kyso"))))
	if refs := references(p.o.Certify, lock); len(refs) > 0 {
		d.Set("Reference", refs)
	}
	return d
}

// references are the transforms of a signature. ISO 32000-2, 12.8.1, Table 256.
func references(certify int, lock *pdf.Dict) pdf.Array {
	var refs pdf.Array
	add := func(method pdf.Name, params *pdf.Dict) {
		refs = append(refs, pdf.NewDict(
			pdf.Name("Type"), pdf.Name("SigRef"),
			pdf.Name("TransformMethod"), method,
			pdf.Name("TransformParams"), params))
	}
	if certify != 0 {
		add("DocMDP", pdf.NewDict(
			pdf.Name("Type"), pdf.Name("TransformParams"),
			pdf.Name("P"), pdf.Integer(certify),
			pdf.Name("V"), pdf.Name("1.2")))
	}
	if lock != nil {
		// The same fields as the /Lock of the field: 12.8.2.4.
		params := pdf.NewDict(pdf.Name("Type"), pdf.Name("TransformParams"))
		for _, key := range []pdf.Name{"Action", "Fields"} {
			if lock.Has(key) {
				params.Set(key, lock.Get(key))
			}
		}
		params.Set("V", pdf.Name("1.2"))
		add("FieldMDP", params)
	}
	return refs
}

// certify points /Perms at the signature; a usage rights entry is kept.
func (m *form) certify(sig pdf.Ref) error {
	perms, err := m.f.Dict(m.catalog.Get("Perms"))
	if err != nil {
		return damaged(err)
	}
	if perms == nil {
		perms = pdf.NewDict()
	}
	perms = perms.Clone()
	perms.Set("DocMDP", sig)
	if ref, ok := m.catalog.Get("Perms").(pdf.Ref); ok {
		m.u.Set(ref, perms)
		return nil
	}
	m.set("Perms", perms)
	return nil
}

// pdfDate is ISO 32000-2, 7.9.4, with the final apostrophe that readers of PDF
// 1.7 expect.
func pdfDate(t time.Time) string {
	t = t.In(vietnam)
	return t.Format("D:20060102150405") + "+07'00'"
}

// renderSlot serialises the update and fills in its range.
func renderSlot(u *pdf.Update, field string, room int, random io.Reader) (*slotUpdate, error) {
	u.Rand = random
	id := make([]byte, 16)
	if _, err := io.ReadFull(random, id); err != nil {
		return nil, fmt.Errorf("file identifier: %w", err)
	}
	rendered, err := u.Render(id)
	if err != nil {
		return nil, err
	}
	rng, err := byterange.Fill(rendered)
	if err != nil {
		return nil, err
	}
	return &slotUpdate{field: field, rendered: rendered, rng: rng, room: room}, nil
}
