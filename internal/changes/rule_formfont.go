package changes

import (
	"maps"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// newFont judges a font that is added to the default resources: under a name
// that a field draws with already it must be a standard one, which shows the
// letters that are meant.
func (j *judge) newFont(key pdf.Name, o pdf.Object) (bool, error) {
	v, err := resolve(j.new, o)
	d, ok := v.(*pdf.Dict)
	if err != nil || !ok || j.standardFont(key, d) {
		return err == nil, err
	}
	used, err := j.usedFonts()
	return !used[key], err
}

// standardFont tells fonts without a program of their own, in an encoding that
// leaves ASCII as it is. Acrobat's puts two other quotation marks there.
func (j *judge) standardFont(key pdf.Name, d *pdf.Dict) bool {
	switch d.Get("BaseFont") {
	case pdf.Name("ZapfDingbats"):
		return key == "ZaDb"
	case pdf.Name("Symbol"):
		return key == "Symb" || key == "Symbol"
	}
	desc, err := j.new.Dict(d.Get("FontDescriptor"))
	if err != nil || desc.Has("FontFile") || desc.Has("FontFile2") || desc.Has("FontFile3") {
		return false
	}
	bare := d.Clone()
	bare.Delete("FontDescriptor")
	f := j.simpleFont(bare)
	if f == nil {
		return false
	}
	for c := ' '; c <= '~'; c++ {
		if f.taken[c] && c != '\'' && c != '`' {
			return false
		}
	}
	return true
}

// usedFonts are the names of fonts in the default appearances (/DA) of the form
// and its fields, as they were signed.
func (s *session) usedFonts() (map[pdf.Name]bool, error) {
	if s.fontNames != nil {
		return s.fontNames, nil
	}
	s.fontNames = map[pdf.Name]bool{}
	form, _, err := s.signed.AcroForm()
	if err != nil {
		return s.fontNames, damagedOrNil(err)
	}
	s.fontsOf(form)
	for ref := range s.idx.fields {
		v, err := get(s.signed, ref)
		if err != nil {
			return nil, err
		}
		if d, ok := v.(*pdf.Dict); ok {
			s.fontsOf(d)
		}
	}
	return s.fontNames, nil
}

func (s *session) fontsOf(d *pdf.Dict) {
	v, err := resolve(s.signed, d.Get("DA"))
	da, ok := v.(pdf.String)
	if err != nil || !ok {
		return
	}
	operators([]byte(da.Value), func(op string, args []operand) bool {
		if op == "Tf" && len(args) > 0 {
			s.fontNames[pdf.Name(args[0].text)] = true
		}
		return true
	})
}

// stored compares the stored appearances with the values, where viewers drew
// fields anew before.
func (j *judge) stored() error {
	refs := slices.SortedFunc(maps.Keys(j.idx.fields), func(a, b pdf.Ref) int { return int(a.Num) - int(b.Num) })
	if len(refs) > maxStored {
		j.warn(Warning{Code: WarnAppearanceOnly, Detail: "too many fields to compare what they show with their values"})
		refs = refs[:maxStored]
	}
	for _, ref := range refs {
		v, err := get(j.new, ref)
		if err != nil {
			return err
		}
		d, ok := v.(*pdf.Dict)
		if !ok || d.Get("Subtype") != pdf.Name("Widget") {
			continue
		}
		h, err := inherited(j.new, ref)
		if err != nil {
			return err
		}
		if err := j.mismatch(ref, d, h, false); err != nil {
			return err
		}
	}
	return nil
}
