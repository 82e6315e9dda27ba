package sign

import (
	"regexp"
	"strconv"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// archive is what a PDF/A file asks of what is added to it; the zero value is
// for other files.
type archive struct {
	part int  // of ISO 19005 that the file claims; 0: none
	rgb  bool // an output intent gives DeviceRGB its meaning
}

// maxXMP bounds the metadata that are read, bytes.
const maxXMP = 1 << 20

// pdfaPart matches the claim as an attribute and as an element.
var pdfaPart = regexp.MustCompile(`pdfaid:part(?:\s*=\s*["']|\s*>)\s*(\d)`)

// archiveOf reads the claim from the metadata. Metadata that can't be read
// claim nothing. ISO 19005-1, 6.7.11.
func archiveOf(f *pdf.File, catalog *pdf.Dict) (a archive) {
	s, err := f.Stream(catalog.Get("Metadata"))
	if err != nil || s == nil {
		return a
	}
	xmp, err := s.Decode(maxXMP)
	if err != nil {
		return a
	}
	m := pdfaPart.FindSubmatch(xmp)
	if m == nil {
		return a
	}
	a.part, _ = strconv.Atoi(string(m[1])) // one digit
	intents, err := f.Array(catalog.Get("OutputIntents"))
	if err != nil {
		return a
	}
	for _, o := range intents {
		d, err := f.Dict(o)
		if err != nil {
			continue
		}
		profile, err := f.Stream(d.Get("DestOutputProfile"))
		if err == nil && profile != nil && intOf(f, profile.Dict.Get("N"), 0) == 3 {
			a.rgb = true
		}
	}
	return a
}

// emptyAppearance is what an invisible field has to have in PDF/A-1; the later
// parts exempt fields without extent. ISO 19005-1, 6.9; ISO 19005-2, 6.3.3.
func (m *form) emptyAppearance() pdf.Object {
	if m.archive.part != 1 {
		return nil
	}
	zero := pdf.Integer(0)
	return m.u.Add(pdf.NewStream(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("XObject"),
		pdf.Name("Subtype"), pdf.Name("Form"),
		pdf.Name("BBox"), pdf.Array{zero, zero, zero, zero},
		pdf.Name("Resources"), pdf.NewDict()), nil))
}

// conform makes a mark that is in the update conform to the part: colours
// with a meaning, in part 1 a /CIDSet for the font and no transparency.
func (a archive) conform(u *pdf.Update, form pdf.Ref) error {
	if a.part == 0 {
		return nil
	}
	o, err := u.Get(form)
	if err != nil {
		return err
	}
	s, ok := o.(*pdf.Stream)
	if !ok {
		return nil
	}
	resources, ok := s.Dict.Get("Resources").(*pdf.Dict)
	if !ok {
		return nil
	}
	if !a.rgb {
		resources.Set("ColorSpace", defaultSpaces())
	}
	if a.part != 1 {
		return nil
	}
	if fonts, ok := resources.Get("Font").(*pdf.Dict); ok {
		for _, font := range fonts.All() {
			if err := addCIDSet(u, font); err != nil {
				return err
			}
		}
	}
	if objects, ok := resources.Get("XObject").(*pdf.Dict); ok {
		for _, object := range objects.All() {
			if err := flatten(u, object); err != nil {
				return err
			}
		}
	}
	return nil
}

// defaultSpaces gives the device colours of the mark the meaning of sRGB where
// no output intent gives one. ISO 19005-1, 6.2.3; ISO 32000-2, 8.6.5.6.
func defaultSpaces() *pdf.Dict {
	reals := func(v ...float64) pdf.Array {
		a := make(pdf.Array, len(v))
		for i := range v {
			a[i] = pdf.Real(v[i])
		}
		return a
	}
	white := reals(0.9505, 1, 1.089)
	return pdf.NewDict(
		pdf.Name("DefaultGray"), pdf.Array{pdf.Name("CalGray"), pdf.NewDict(
			pdf.Name("WhitePoint"), white, pdf.Name("Gamma"), pdf.Real(2.2))},
		pdf.Name("DefaultRGB"), pdf.Array{pdf.Name("CalRGB"), pdf.NewDict(
			pdf.Name("WhitePoint"), white, pdf.Name("Gamma"), reals(2.2, 2.2, 2.2),
			pdf.Name("Matrix"), reals(0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505))})
}

// pendingDict follows a reference to an object of the update.
func pendingDict(u *pdf.Update, o pdf.Object) (*pdf.Dict, error) {
	if ref, ok := o.(pdf.Ref); ok {
		var err error
		if o, err = u.Get(ref); err != nil {
			return nil, err
		}
	}
	d, _ := o.(*pdf.Dict)
	return d, nil
}

// addCIDSet lists the glyphs of a font of package appearance, which numbers
// them from 0 without gaps and has a width for each. ISO 19005-1, 6.3.5.
func addCIDSet(u *pdf.Update, font pdf.Object) error {
	d, err := pendingDict(u, font)
	if err != nil {
		return err
	}
	list, _ := d.Get("DescendantFonts").(pdf.Array)
	if len(list) != 1 {
		return nil
	}
	if d, err = pendingDict(u, list[0]); err != nil {
		return err
	}
	descriptor, err := pendingDict(u, d.Get("FontDescriptor"))
	if err != nil || descriptor == nil || descriptor.Has("CIDSet") {
		return err
	}
	w, _ := d.Get("W").(pdf.Array)
	if len(w) != 2 || w[0] != pdf.Object(pdf.Integer(0)) {
		return nil
	}
	widths, _ := w[1].(pdf.Array)
	set := make([]byte, (len(widths)+7)/8)
	for i := range widths {
		set[i/8] |= 0x80 >> (i % 8)
	}
	descriptor.Set("CIDSet", u.Add(pdf.NewFlateStream(pdf.NewDict(), set)))
	return nil
}

// flatten puts a picture with a soft mask on white. ISO 19005-1, 6.4.
func flatten(u *pdf.Update, picture pdf.Object) error {
	ref, ok := picture.(pdf.Ref)
	if !ok {
		return nil
	}
	o, err := u.Get(ref)
	if err != nil {
		return err
	}
	s, ok := o.(*pdf.Stream)
	if !ok {
		return nil
	}
	maskRef, ok := s.Dict.Get("SMask").(pdf.Ref)
	if !ok {
		return nil
	}
	if o, err = u.Get(maskRef); err != nil {
		return err
	}
	mask, ok := o.(*pdf.Stream)
	if !ok {
		return nil
	}
	alpha, err := mask.Decode(0)
	if err != nil {
		return err
	}
	data, err := s.Decode(0)
	if err != nil {
		return err
	}
	samples := 3
	if s.Dict.Get("ColorSpace") == pdf.Object(pdf.Name("DeviceGray")) {
		samples = 1
	}
	out := make([]byte, len(data))
	for i, v := range data {
		a := 255
		if k := i / samples; k < len(alpha) {
			a = int(alpha[k])
		}
		out[i] = byte((int(v)*a + 255*(255-a) + 127) / 255)
	}
	d := s.Dict.Clone()
	d.Delete("SMask")
	u.Set(ref, pdf.NewFlateStream(d, out))
	u.Drop(maskRef)
	return nil
}
