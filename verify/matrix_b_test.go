package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// after signs newDoc and lets a row change it.
func after(change func(d *pdfDoc)) []byte {
	d := signedDoc(sigSpec{})
	change(d)
	return d.data
}

func evilContent() string { return stream("", strings.Replace(pageText, "100", "999999", 1)) }

// freeText is an annotation with an opaque appearance over the text of the page.
func freeText(ap int) string {
	return fmt.Sprintf("<</Type/Annot/Subtype/FreeText/Rect[60 700 400 740]/F 4/Contents(amount is 999)/DA(/F1 12 Tf)/P 3 0 R/AP<</N %d 0 R>>>>", ap)
}

func opaque() string {
	return stream("/Type/XObject/Subtype/Form/BBox[0 0 340 40]/Resources<</Font<</F1 7 0 R>>>>",
		"1 g 0 0 340 40 re f BT 0 g /F1 12 Tf 12 20 Td (Agreement: the amount is 999) Tj ET")
}

// addAnnotation appends an annotation to the page.
func addAnnotation(d *pdfDoc, make func(ap int) string, ap string) {
	annot, form := d.alloc(), d.alloc()
	d.annots = append(d.annots, annot)
	d.append(map[int]string{annot: make(form), form: ap, objPage: d.page()})
}

// TestB is incremental saving and change after signing, through the whole
// verifier.
func TestB(t *testing.T) {
	trailing := wantModified.with("TRAILING_DATA")
	permitted := want{verdict: verify.ValidChanged, sub: "-", changes: verify.ChangesPermitted}
	rows := []struct {
		name   string
		change func(d *pdfDoc)
		want   want
	}{
		{"B1 page content replaced", func(d *pdfDoc) { d.append(map[int]string{objContent: evilContent()}) }, wantModified},
		{"B2 no table, old startxref", func(d *pdfDoc) {
			d.body(map[int]string{objContent: evilContent()})
			d.data = fmt.Appendf(d.data, "trailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", d.next, d.xref, d.xref)
		}, trailing},
		{"B3 objects behind the end", func(d *pdfDoc) {
			d.body(map[int]string{objContent: evilContent()})
			d.data = append(d.data, strings.Repeat("\n", 2000)...)
		}, trailing},
		{"B4 objects and another %%EOF", func(d *pdfDoc) {
			d.body(map[int]string{objContent: evilContent()})
			d.data = append(d.data, strings.Repeat("\n", 2000)+"%%EOF\n"...)
		}, trailing},
		{"B6 a comment", func(d *pdfDoc) { d.data = append(d.data, "% a comment\n%%EOF\n"...) }, permitted.with("TRAILING_COMMENT")},
		{"B6 a long comment", func(d *pdfDoc) { d.data = append(d.data, "% "+strings.Repeat("x", 2000)+"\n"...) }, trailing},
		{"B6 an object in a comment", func(d *pdfDoc) { d.data = append(d.data, "% 4 0 obj\n"...) }, trailing},
		{"B9 new root", func(d *pdfDoc) {
			root, pages, page, content := d.alloc(), d.alloc(), d.alloc(), d.alloc()
			offsets := d.body(map[int]string{
				root:    fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/AcroForm 5 0 R>>", pages),
				pages:   fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1>>", page),
				page:    strings.Replace(d.pageWith(fmt.Sprintf("%d 0 R", content)), "/Parent 2 0 R", fmt.Sprintf("/Parent %d 0 R", pages), 1),
				content: evilContent(),
			})
			d.table(offsets, "")
			d.data = bytes.Replace(d.data, fmt.Appendf(nil, "/Size %d/Root 1 0 R", d.next), fmt.Appendf(nil, "/Size %d/Root %d 0 R", d.next, root), 1)
		}, wantModified},
		{"B13 content freed", func(d *pdfDoc) { d.table(map[int]int{objContent: -1}, "") }, wantModified},
		{"B15 font replaced", func(d *pdfDoc) {
			d.append(map[int]string{objFont: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"})
		}, wantModified},
		{"B16 annotation over text", func(d *pdfDoc) { addAnnotation(d, freeText, opaque()) }, wantModified},
		{"B17 form filled", func(d *pdfDoc) {
			d.append(map[int]string{objText: textField("999999", "8 0 R"), objTextAP: textAP("999999")})
		}, permitted},
		{"B18 appearance says something else", func(d *pdfDoc) { d.append(map[int]string{objTextAP: textAP("999999")}) },
			want{verdict: verify.ValidChanged, code: "V_AP_MISMATCH"}},
		{"B19 JavaScript at open", func(d *pdfDoc) {
			d.extra = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
			d.append(map[int]string{objCatalog: d.catalog()})
		}, wantModified},
		{"B20 XFA", func(d *pdfDoc) {
			d.form = "/XFA(x)"
			d.append(map[int]string{objForm: d.acroForm()})
		}, wantModified},
		{"B21 optional content", func(d *pdfDoc) {
			d.extra = "/OCProperties<</OCGs[]/D<</BaseState/OFF>>>>"
			d.append(map[int]string{objCatalog: d.catalog()})
		}, wantModified},
		{"B22 NeedAppearances", func(d *pdfDoc) {
			d.form = "/NeedAppearances true"
			d.append(map[int]string{objForm: d.acroForm()})
		}, wantModified},
		{"B25 Info", func(d *pdfDoc) {
			n := d.alloc()
			d.table(d.body(map[int]string{n: "<</Title(a title)/ModDate(D:20260513000000Z)>>"}), fmt.Sprintf("/Info %d 0 R", n))
		}, permitted},
		{"B29 field removed", func(d *pdfDoc) {
			d.fields = d.fields[:1]
			d.append(map[int]string{objForm: d.acroForm(), objPage: d.page()})
		}, wantModified.with("SIGNATURE_REMOVED")},
		{"B29 signature object freed", func(d *pdfDoc) { d.table(map[int]int{d.next - 2: -1}, "") }, wantModified},
		{"B29 value taken away", func(d *pdfDoc) {
			field := d.next - 1
			d.append(map[int]string{field: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig%d)/Rect[0 0 0 0]/F 132/P 3 0 R>>", field-1)})
		}, wantModified.with("SIGNATURE_REMOVED")},
		{"two revisions, the last is harmless", func(d *pdfDoc) {
			d.append(map[int]string{objContent: evilContent()})
			d.append(map[int]string{objContent: stream("", pageText)})
		}, wantModified},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.expect(t, check(t, after(row.change)), 0) })
	}
}

// TestBStructure has files that no longer open, or open in another way.
func TestBStructure(t *testing.T) {
	bad := func(name string, data []byte) {
		t.Run(name, func(t *testing.T) {
			rep := check(t, data)
			if rep.Verdict != verify.Invalid || len(rep.Signatures) == 0 {
				t.Errorf("verdict %s, %d signatures", rep.Verdict, len(rep.Signatures))
			}
		})
	}
	bad("B5 startxref to 7", after(func(d *pdfDoc) {
		d.append(map[int]string{objContent: evilContent()})
		at := bytes.LastIndex(d.data, []byte("startxref\n"))
		d.data = append(d.data[:at:at], "startxref\n7\n%%EOF\n"...)
	}))
	bad("B7 copy of the signature object", after(func(d *pdfDoc) {
		sig := d.next - 2
		at := bytes.LastIndex(d.data, fmt.Appendf(nil, "\n%d 0 obj\n", sig)) + 1
		object := d.data[at:]
		object = object[bytes.IndexByte(object, '\n')+1 : bytes.Index(object, []byte("\nendobj"))]
		d.append(map[int]string{sig: string(object), objContent: evilContent()})
	}))
	bad("B8 second field of the same name", after(func(d *pdfDoc) {
		sig, field := d.next-2, d.alloc()
		d.fields = append(d.fields, field)
		d.append(map[int]string{field: (&sigSpec{}).fieldDict(sig), objForm: d.acroForm(), objPage: d.page(), objContent: evilContent()})
	}))
	bad("B23 Prev to itself", after(func(d *pdfDoc) {
		at := len(d.data)
		d.table(map[int]int{}, "")
		d.data = bytes.Replace(d.data, fmt.Appendf(nil, "/Prev %d>>\nstartxref\n%d\n", prevOf(d.data, at), at), fmt.Appendf(nil, "/Prev %d>>\nstartxref\n%d\n", at, at), 1)
	}))
	bad("B26 recycled signature", after(func(d *pdfDoc) {
		sig, field := d.next-2, d.alloc()
		d.fields = append(d.fields, field)
		text := strings.Replace((&sigSpec{name: "Recycled"}).fieldDict(sig), "/Rect[0 0 0 0]/F 132", "/Rect[60 700 400 740]/F 132", 1)
		d.append(map[int]string{field: text, objForm: d.acroForm(), objPage: d.page()})
	}))
}

// prevOf reads the /Prev of the table at an offset.
func prevOf(data []byte, at int) (prev int) {
	s := string(data[at:])
	_, _ = fmt.Sscanf(s[strings.Index(s, "/Prev "):], "/Prev %d", &prev)
	return prev
}

// TestB31: a lock of Signature1 does not hold Signature10.
func TestB31(t *testing.T) {
	d := newDoc()
	d.sign(sigSpec{extra: "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/Include/Fields[(amoun)]>>>>]"})
	d.append(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
	rep := check(t, d.data)
	want{verdict: verify.ValidChanged, sub: "-", changes: verify.ChangesPermitted}.expect(t, rep, 0)
	if c := rep.Signatures[0].Certification; c == nil || c.DocMDP != 0 || c.FieldLock.Action != "Include" {
		t.Errorf("%+v", c)
	}
	d = newDoc()
	d.sign(sigSpec{extra: "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/Include/Fields[(amount)]>>>>]"})
	d.append(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
	wantModified.expect(t, check(t, d.data), 0)
}

// TestSigners has several signers, one after the other: each signs what the
// others signed, and every signature stays valid.
func TestSigners(t *testing.T) {
	d := newDoc()
	for range 3 {
		d.sign(sigSpec{})
	}
	rep := check(t, d.data)
	if rep.Verdict != verify.ValidChanged || len(rep.Signatures) != 3 {
		t.Fatalf("verdict %s, %d signatures", rep.Verdict, len(rep.Signatures))
	}
	for i, s := range rep.Signatures {
		last := i == len(rep.Signatures)-1
		if !s.Valid() || s.Revision != i+2 || last != (s.Coverage == verify.EntireFile) || last != (s.ChangesAfter == verify.ChangesNone) {
			t.Errorf("signature %d: %+v", i, s)
		}
	}
}
