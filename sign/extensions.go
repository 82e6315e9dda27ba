package sign

import "github.com/kyso-vn/kyso/internal/pdf"

// Levels of ETSI's extensions to ISO 32000-1 under its prefix ESIC, as iText
// and others write them: what PDF 2.0 took over of PAdES is an extension in
// older files.
const (
	esicCAdES = 2 // ETSI TS 102 778-3: ETSI.CAdES.detached
	esicLTV   = 5 // ETSI TS 102 778-4: /DSS, document timestamps
)

const esic = pdf.Name("ESIC")

// extend declares in the catalog that a file below PDF 2.0 uses an ESIC
// extension (ISO 32000-1, 7.12). What is declared already stays, a lower level
// of ours is raised. The catalog is a copy to change; changed tells whether it
// was. An /Extensions that is no dictionary is left as it is.
func extend(f *pdf.File, u *pdf.Update, catalog *pdf.Dict, level int) (changed bool) {
	if major, _ := f.Version(); major >= 2 {
		return false
	}
	entry := catalog.Get("Extensions")
	old, err := f.Dict(entry)
	if err != nil {
		return false
	}
	d := pdf.NewDict()
	if old != nil {
		d = old.Clone()
	}
	ours, ok := raised(f, d.Get(esic), level)
	if !ok {
		return false
	}
	d.Set(esic, ours)
	if ref, ok := entry.(pdf.Ref); ok && old != nil {
		u.Set(ref, d)
		return false
	}
	catalog.Set("Extensions", d)
	return true
}

// declareLTV declares the extension for /DSS, in the catalog as the update has
// it.
func declareLTV(f *pdf.File, u *pdf.Update) error {
	_, ref, err := f.Catalog()
	if err != nil {
		return err
	}
	o, err := u.Get(ref)
	if err != nil {
		return err
	}
	catalog, ok := o.(*pdf.Dict)
	if !ok {
		return nil
	}
	catalog = catalog.Clone()
	if extend(f, u, catalog, esicLTV) {
		u.Set(ref, catalog)
	}
	return nil
}

// raised is the value of /ESIC with at least the level; ok is false when
// nothing is to do. PDF 2.0 allows an array of dictionaries.
func raised(f *pdf.File, o pdf.Object, level int) (v pdf.Object, ok bool) {
	o, err := f.Resolve(o)
	if err != nil {
		return nil, false
	}
	switch o := o.(type) {
	case *pdf.Dict:
		if intOf(f, o.Get("ExtensionLevel"), 0) >= level {
			return nil, false
		}
	case pdf.Array:
		for _, e := range o {
			if d, err := f.Dict(e); err == nil && intOf(f, d.Get("ExtensionLevel"), 0) >= level {
				return nil, false
			}
		}
		return append(append(pdf.Array(nil), o...), extension(level)), true
	}
	return extension(level), true
}

func extension(level int) *pdf.Dict {
	return pdf.NewDict(
		pdf.Name("BaseVersion"), pdf.Name("1.7"),
		pdf.Name("ExtensionLevel"), pdf.Integer(level))
}
