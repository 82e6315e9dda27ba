package inspect

import (
	"testing"
)

// TestShadowAttacks: what the published shadow attacks do to a file before it
// is signed (Mainka et al., NDSS 2021; verification rows H1 to H6). Of fonts
// that are replaced later nothing can be seen before.
func TestShadowAttacks(t *testing.T) {
	const page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
	const white = "1 g 0 0 100 100 re f"
	evil := func(d *doc) *doc {
		return d.hidden(4, streamBody("", text()))
	}
	attacks := []struct {
		name string
		d    *doc
		want Code // "": nothing to see
	}{
		{"hide: an image over the page", plain("", "", "q 595 0 0 842 0 0 cm /X Do Q").stream(10, imageDict, "\xff").section(""), CoveredContent},
		{"hide: a form field over text", plain("/AcroForm<</Fields[8 0 R]>>", "/Annots[8 0 R]", "").
			obj(8, "<</FT/Tx/T(a)/Subtype/Widget/Rect[40 775 400 790]/AP<</N 9 0 R>>>>").
			stream(9, "/Subtype/Form/BBox[0 0 100 100]", white).section(""), CoveredContent},
		{"hide: a field over a field", newDoc().page("/AcroForm<</Fields[8 0 R 11 0 R]>>", resources+"/Annots[8 0 R 11 0 R]", "").
			obj(8, "<</FT/Tx/T(a)/V(1,000,000)/Subtype/Widget/Rect[40 700 400 720]/AP<</N 9 0 R>>>>").
			stream(9, "/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 12 Tf 5 5 Td (1,000,000) Tj ET").
			obj(11, "<</FT/Tx/T(b)/Subtype/Widget/Rect[40 700 400 720]/AP<</N 12 0 R>>>>").
			stream(12, "/Subtype/Form/BBox[0 0 100 100]", white).section(""), CoveredContent},
		{"replace: the overlay of a field", textField("", "/V(9000000)", helv, shows("(9) Tj")), ValueAppearanceDiffer},
		{"replace: a font", plain("", "", "").section(""), ""},
		{"hide and replace: the same numbers twice", evil(plain("", "", "")).section(""), HiddenObjects},
		{"hide and replace: a second page tree", plain("", "", "").stream(6, "", text()).obj(7, page).
			obj(8, "<</Type/Pages/Kids[7 0 R]/Count 1>>").obj(9, "<</Type/Catalog/Pages 8 0 R>>").section(""), UnreferencedPages},
		{"hide and replace: rows that are free", func() *doc {
			d := plain("", "", "").hidden(6, streamBody("", text())).hidden(7, page)
			d.free = []int{6, 7}
			return d.section("")
		}(), HiddenObjects},
		{"hide and replace: in an object stream", plain("", "", "").objStream(20, []int{8, 3}, "(a)", page).streamSection(21, 20, 8), HiddenObjects},
		{"hide and replace: bytes behind the section", plain("", "", "").section("").hidden(3, page), TrailingBytes},
	}
	warned := 0
	for _, a := range attacks {
		r := inspect(t, a.d)
		if a.want == "" {
			if len(r.Findings) > 0 {
				t.Errorf("%s: %+v", a.name, r.Findings)
			}
			continue
		}
		if !r.Has(a.want) {
			t.Errorf("%s: no %s: %+v", a.name, a.want, r.Findings)
			continue
		}
		warned++
	}
	if warned != len(attacks)-1 {
		t.Errorf("warned of %d of %d", warned, len(attacks))
	}
}
