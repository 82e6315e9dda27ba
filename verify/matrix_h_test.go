package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// The shadow attacks: a document is prepared before it is signed, so that a
// small change afterwards shows something else.

// shadowed is a document that has objects before it is signed.
func shadowed(prepare func(d *pdfDoc), change func(d *pdfDoc)) []byte {
	d := newDoc()
	prepare(d)
	d.sign(sigSpec{})
	change(d)
	return d.data
}

// image is an image XObject of one colour.
func image(size int) string {
	return stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8", size, size),
		strings.Repeat("\xff", size*size))
}

// TestH is hide, replace, and hide-and-replace.
func TestH(t *testing.T) {
	var picture, cover, font int
	withPicture := func(d *pdfDoc) {
		picture = d.alloc()
		d.res = fmt.Sprintf("/XObject<</Im %d 0 R>>", picture)
		d.append(map[int]string{picture: image(20), objPage: d.page(), objContent: stream("", pageText+" q 612 0 0 792 0 0 cm /Im Do Q")})
	}
	withCover := func(d *pdfDoc) {
		cover = d.alloc()
		ap := d.alloc()
		d.annots = append(d.annots, cover)
		d.append(map[int]string{cover: freeText(ap), ap: opaque(), objPage: d.page()})
	}
	withFont := func(d *pdfDoc) {
		font = d.alloc()
		d.append(map[int]string{font: stream("/Length1 5", "AAAAA"),
			objFont: fmt.Sprintf("<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+X/FirstChar 32/LastChar 32/Widths[500]/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+X/Flags 4/FontFile2 %d 0 R>>>>", font)})
	}
	withTwin := func(d *pdfDoc) {
		// The same object twice in one revision; the table picks the harmless.
		d.body(map[int]string{objContent: evilContent()})
		d.append(map[int]string{objContent: stream("", pageText)})
	}
	rows := []struct {
		name    string
		prepare func(*pdfDoc)
		change  func(*pdfDoc)
		want    want
	}{
		{"H1 picture made small", withPicture, func(d *pdfDoc) { d.append(map[int]string{picture: image(1)}) }, wantModified},
		{"H1 picture dropped", withPicture, func(d *pdfDoc) { d.table(map[int]int{picture: -1}, "") }, wantModified},
		{"H2 covering annotation removed", withCover, func(d *pdfDoc) {
			d.annots = nil
			d.append(map[int]string{objPage: d.page()})
		}, wantModified},
		{"H2 covering annotation hidden", withCover, func(d *pdfDoc) {
			d.append(map[int]string{cover: strings.Replace(freeText(cover+1), "/F 4", "/F 2", 1)})
		}, wantModified},
		{"H3 appearance over the value", func(d *pdfDoc) { d.append(map[int]string{objTextAP: textAP("999")}) },
			func(d *pdfDoc) { d.append(map[int]string{objTextAP: textAP("1000000")}) },
			want{verdict: verify.ValidChanged, code: "V_AP_MISMATCH"}},
		{"H4 font program replaced", withFont, func(d *pdfDoc) { d.append(map[int]string{font: stream("/Length1 5", "BBBBB")}) }, wantModified},
		{"H5 the table picks the other object", withTwin, func(d *pdfDoc) {
			at := strings.Index(string(d.data), "4 0 obj\n"+evilContent())
			d.table(map[int]int{objContent: at}, "")
		}, wantModified},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.expect(t, check(t, shadowed(row.prepare, row.change)), 0) })
	}
}
