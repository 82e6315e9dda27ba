package sign

import (
	"context"
	"crypto/x509"
	"io"
	"slices"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// FieldInfo describes a signature field. What a signature says of itself is
// repeated, not verified.
type FieldInfo struct {
	Name   string          // fully qualified
	Page   int             // 1-based; 0: on no page
	Rect   appearance.Rect // on the page as seen; zero: nothing to see
	Filled bool

	// Of a filled one.
	Timestamp bool              // a document timestamp
	SubFilter string            // "ETSI.CAdES.detached"
	Signer    *x509.Certificate // nil: can't be told
	Time      string            // /M as it stands, "D:2026..."; "": none
	Unread    error             // why the signature can't be read; nil: it can

	Lock *FieldLock // of /Lock; nil: none
	Seed *SeedValue // of /SV; nil: none
}

// FieldLock is what signing in a field locks. ISO 32000-2, 12.7.5.5, Table 236.
type FieldLock struct {
	Action string   // "All", "Include", "Exclude"
	Fields []string // of Include and Exclude
	P      int      // what the signature permits afterwards, as DocMDP; 0: not said
}

// SeedValue is what a field asks of its signature; empty entries ask nothing.
// ISO 32000-2, 12.7.5.5, Table 237.
type SeedValue struct {
	Filter       string
	SubFilters   []string
	Digests      []string
	Reasons      []string
	Certify      int    // P of /MDP; -1: not said
	TimestampURL string // of /TimeStamp
	Required     []string
}

// seedNames are the bits of /Ff, from bit 1.
var seedNames = []string{"Filter", "SubFilter", "V", "Reasons", "LegalAttestation", "AddRevInfo", "DigestMethod", "LockDocument", "AppearanceFilter"}

// ListFields lists the signature fields of a document, filled and empty, in the
// order of the form. A signature that can't be read is listed with the reason.
func ListFields(ctx context.Context, r io.ReaderAt, size int64, password []byte) ([]FieldInfo, error) {
	f, err := pdf.Open(ctx, r, size, pdf.OpenOptions{Password: password})
	if err != nil {
		return nil, damaged(err)
	}
	fields, err := f.Fields()
	if err != nil {
		return nil, damaged(err)
	}
	pages, err := pagesByAnnotation(f, fields)
	if err != nil {
		return nil, damaged(err)
	}
	var out []FieldInfo
	left := size // bytes of signatures: more than the file has means that they overlap
	for _, field := range fields {
		if field.FT != "Sig" {
			continue
		}
		info := FieldInfo{Name: field.Name, Lock: fieldLock(f, field.Dict), Seed: seedValue(f, field.Dict)}
		if err := info.place(f, field, pages); err != nil {
			return nil, err
		}
		info.value(f, field, &left)
		out = append(out, info)
	}
	return out, nil
}

// pagesByAnnotation finds the pages of all widgets in one walk: pageOf walks
// the pages for each field.
func pagesByAnnotation(f *pdf.File, fields []pdf.Field) (map[pdf.Ref]*pdf.Page, error) {
	wanted := map[pdf.Ref]bool{}
	for _, field := range fields {
		if field.FT == "Sig" {
			for _, w := range field.Widgets {
				wanted[w] = true
			}
		}
	}
	found := map[pdf.Ref]*pdf.Page{}
	if len(wanted) == 0 {
		return found, nil
	}
	for page, err := range f.Pages() {
		if err != nil {
			return nil, err
		}
		annots, err := f.Array(page.Dict.Get("Annots"))
		if err != nil {
			continue // a page without annotations that can be read has no field
		}
		for _, a := range annots {
			if ref, ok := a.(pdf.Ref); ok && wanted[ref] && found[ref] == nil {
				found[ref] = page
			}
		}
	}
	return found, nil
}

func (i *FieldInfo) place(f *pdf.File, field pdf.Field, pages map[pdf.Ref]*pdf.Page) error {
	if len(field.Widgets) == 0 {
		return nil
	}
	page := pages[field.Widgets[0]]
	if page == nil {
		return nil
	}
	widget, err := f.Dict(field.Widgets[0])
	if err != nil || widget == nil {
		return damaged(err)
	}
	rect, err := rectOf(f, widget.Get("Rect"))
	if err != nil {
		return err
	}
	i.Page = page.Index + 1
	if (&slot{rect: rect}).visible() {
		i.Rect = appearance.SeenRect(page, rect)
	}
	return nil
}

func (i *FieldInfo) value(f *pdf.File, field pdf.Field, left *int64) {
	v, err := f.Resolve(field.V)
	if err == nil && v == nil {
		return
	}
	i.Filled = true
	dict, ok := v.(*pdf.Dict)
	if err != nil || !ok {
		i.Unread = refuse(ReasonBrokenSignature, "the value of the field is no signature")
		return
	}
	s := signature{field: field, dict: dict}
	i.SubFilter = nameOf(f, dict.Get("SubFilter"))
	i.Timestamp = s.isTimestamp()
	if m, err := f.Resolve(dict.Get("M")); err == nil {
		if m, ok := m.(pdf.String); ok {
			i.Time = pdf.Text(m)
		}
	}
	if *left <= 0 {
		i.Unread = refuse(ReasonBrokenSignature, "signatures overlap")
		return
	}
	if i.Unread = s.read(f); i.Unread != nil {
		return
	}
	*left -= s.rng[2] - s.rng[1]
	c, err := s.carries()
	if err != nil {
		i.Unread = err
		return
	}
	i.Signer = c.cert
}

func fieldLock(f *pdf.File, field *pdf.Dict) *FieldLock {
	d, err := f.Dict(field.Get("Lock"))
	if err != nil || d == nil {
		return nil
	}
	return &FieldLock{Action: nameOf(f, d.Get("Action")), Fields: textsOf(f, d.Get("Fields")), P: intOf(f, d.Get("P"), 0)}
}

func seedValue(f *pdf.File, field *pdf.Dict) *SeedValue {
	d, err := f.Dict(field.Get("SV"))
	if err != nil || d == nil {
		return nil
	}
	s := &SeedValue{
		Filter: nameOf(f, d.Get("Filter")), SubFilters: textsOf(f, d.Get("SubFilter")),
		Digests: textsOf(f, d.Get("DigestMethod")), Reasons: textsOf(f, d.Get("Reasons")), Certify: -1,
	}
	if mdp, err := f.Dict(d.Get("MDP")); err == nil && mdp != nil {
		s.Certify = intOf(f, mdp.Get("P"), 0)
	}
	if ts, err := f.Dict(d.Get("TimeStamp")); err == nil && ts != nil {
		if all := textsOf(f, pdf.Array{ts.Get("URL")}); len(all) > 0 {
			s.TimestampURL = all[0]
		}
	}
	flags := intOf(f, d.Get("Ff"), 0)
	for bit, name := range seedNames {
		if flags&(1<<bit) != 0 {
			s.Required = append(s.Required, name)
		}
	}
	return s
}

func nameOf(f *pdf.File, o pdf.Object) string {
	n, err := f.Name(o)
	if err != nil {
		return ""
	}
	return string(n)
}

// textsOf lists the names and strings of an array, each once.
func textsOf(f *pdf.File, o pdf.Object) []string {
	list, err := f.Array(o)
	if err != nil {
		return nil
	}
	seen := map[string]bool{}
	var out []string
	for _, e := range list {
		v, err := f.Resolve(e)
		if err != nil {
			continue
		}
		text := ""
		switch v := v.(type) {
		case pdf.Name:
			text = string(v)
		case pdf.String:
			text = pdf.Text(v)
		}
		if text != "" && !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return slices.Clip(out)
}
