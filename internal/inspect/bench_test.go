package inspect

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	blank "github.com/kyso-vn/kyso/testdata/form"
)

// BenchmarkLook is what a batch pays for each file beside the token's
// signature: opening the document and the look of inspect.Quick.
func BenchmarkLook(b *testing.B) {
	for _, doc := range []struct {
		name string
		data []byte
	}{
		{"form", blank.PDF},
		{"pages", report(12)},
	} {
		b.Run(doc.name, func(b *testing.B) {
			r := bytes.NewReader(doc.data)
			b.ReportAllocs()
			for b.Loop() {
				found, err := Look(context.Background(), r, r.Size(), nil, Quick())
				if err != nil || len(found.Findings) > 0 {
					b.Fatal(found, err)
				}
			}
		})
	}
}

// report is a document of n pages with a table, links and a form field each,
// filled in by an update: what office programs write.
func report(n int) []byte {
	const first = 10 // objects of a page: itself, content, link, field, appearance
	var kids, fields, page strings.Builder
	page.WriteString("BT /F1 12 Tf 14 TL 50 780 Td")
	for i := range 40 {
		fmt.Fprintf(&page, " [(Row %d of the ta)-12.5(ble, with)3( text)] TJ T*", i)
	}
	page.WriteString(" ET\n")
	for i := range 40 {
		fmt.Fprintf(&page, "q .5 w 50 %d m 545 %d l S Q\n", 780-14*i, 780-14*i)
	}
	content, look := deflate(page.String()), deflate("/Tx BMC q BT /F1 10 Tf 0 g 2 4 Td (A value) Tj ET Q EMC")
	d := newDoc()
	for i := range n {
		at := first + 5*i
		fmt.Fprintf(&kids, "%d 0 R ", at)
		fmt.Fprintf(&fields, "%d 0 R ", at+3)
		d.obj(at, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Annots[%d 0 R %d 0 R]/Resources<</Font<</F1 5 0 R>>>>>>", at+1, at+2, at+3))
		d.stream(at+1, "/Filter/FlateDecode", content)
		d.obj(at+2, "<</Type/Annot/Subtype/Link/Rect[50 100 200 120]/Border[0 0 0]/A<</S/URI/URI(https://example.com/)>>>>")
		d.obj(at+3, fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(Field %d)/Rect[50 60 200 80]/P %d 0 R>>", i, at))
	}
	d.obj(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields["+fields.String()+"]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 10 Tf 0 g)>>>>")
	d.obj(2, fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n))
	d.obj(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 127/Widths["+strings.Repeat("556 278 333 500 ", 24)+"]>>")
	d.section("")
	for i := range n {
		at := first + 5*i
		d.obj(at+3, fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(Field %d)/V(A value)/Rect[50 60 200 80]/P %d 0 R/AP<</N %d 0 R>>>>", i, at, at+4))
		d.stream(at+4, "/Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources<</Font<</F1 5 0 R>>>>/Filter/FlateDecode", look)
	}
	return d.section("").b.Bytes()
}
