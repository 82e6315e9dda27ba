package verify_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// variants are signatures and later revisions that no row of the matrices has:
// names and numbers written in other ways, fields and sections in odd places.
func variants() map[string][]byte {
	all := map[string][]byte{}
	add := func(name string, data []byte) { all[name] = data }
	dict := func(name string, f func(string) string) { add(name, signedDoc(sigSpec{dict: f}).data) }
	swap := func(a, b string) func(string) string {
		return func(s string) string { return strings.Replace(s, a, b, 1) }
	}
	dict("control", func(s string) string { return s })
	dict("escaped names", func(s string) string { return swap("/ByteRange", "/Byte#52ange")(swap("/Contents", "/Cont#65nts")(s)) })
	dict("escaped second Contents", func(s string) string { return swap("/Contents", "/Cont#65nts<00>/Contents")(s) })
	dict("escaped second ByteRange", func(s string) string { return swap("/ByteRange", "/Byte#52ange[0 1 2 3]/ByteRange")(s) })
	dict("comment before Contents", func(s string) string { return swap("/Contents ", "/Contents%x\n")(s) })
	dict("nested dict Contents", func(s string) string { return swap("/Contents", "/X<</Contents<00>>>/Contents")(s) })
	dict("indirect Filter", func(s string) string { return swap("/Filter/Adobe.PPKLite", "/Filter 99 0 R")(s) })
	dict("type missing", func(s string) string { return swap("/Type/Sig", "")(s) })
	for name, f := range map[string]func(a, b, c int) string{
		"plus":               func(a, b, c int) string { return fmt.Sprintf("[+0 %d %d %d]", a, b, c) },
		"zeros":              func(a, b, c int) string { return fmt.Sprintf("[000 %06d %06d %06d]", a, b, c) },
		"minus zero":         func(a, b, c int) string { return fmt.Sprintf("[-0 %d %d %d]", a, b, c) },
		"point":              func(a, b, c int) string { return fmt.Sprintf("[0 %d. %d %d]", a, b, c) },
		"comment":            func(a, b, c int) string { return fmt.Sprintf("[0 %d%%x\n%d %d]", a, b, c) },
		"four and zero pair": func(a, b, c int) string { return fmt.Sprintf("[0 %d %d %d %d 0]", a, b, c, b+c) },
		"zero pair first":    func(a, b, c int) string { return fmt.Sprintf("[0 0 0 %d %d %d]", a, b, c) },
		"split first":        func(a, b, c int) string { return fmt.Sprintf("[0 100 100 %d %d %d]", a-100, b, c) },
		"gap is one less":    func(a, b, c int) string { return fmt.Sprintf("[0 %d %d %d]", a+1, b-1, c+1) },
		"wrap 2^64":          func(a, b, c int) string { return fmt.Sprintf("[0 %d %d 18446744073709551616]", a, b) },
	} {
		add("range "+name, signedDoc(sigSpec{rng: func(a, b, c int) (string, [][2]int) {
			text := f(a, b, c)
			if name == "gap is one less" {
				return text, [][2]int{{0, a + 1}, {b - 1, b + c}}
			}
			return text, nil
		}}).data)
	}
	// direct signature dictionary in the field
	add("V direct", func() []byte {
		d := newDoc()
		s := sigSpec{}
		s.objects = func(d *pdfDoc, o map[int]string, sig, field int) {
			o[field] = strings.Replace(s.fieldDict(sig), fmt.Sprintf("/V %d 0 R", sig), "/V "+s.dictionary(), 1)
			delete(o, sig)
		}
		s.room = 8000
		d.sign(s)
		return d.data
	}())
	// the field is not in the form, only on the page
	onPage := func() *pdfDoc {
		d := newDoc()
		d.sign(sigSpec{objects: func(d *pdfDoc, o map[int]string, sig, field int) {
			form := d.clone()
			form.fields = form.fields[:1]
			o[objForm] = form.acroForm()
		}})
		return d
	}
	add("field only on page", onPage().data)
	add("field only on page, content changed", func() []byte {
		d := onPage()
		d.append(map[int]string{objContent: evilContent()})
		return d.data
	}())
	add("field only in form", func() []byte {
		d := newDoc()
		s := sigSpec{}
		s.objects = func(d *pdfDoc, o map[int]string, sig, field int) {
			d2 := d.clone()
			d2.fields = d2.fields[:1]
			o[objPage] = d2.page()
		}
		d.sign(s)
		return d.data
	}())
	// sig listed only by a later section
	add("listed later", func() []byte {
		d := newDoc()
		var sigN, fieldN int
		s := sigSpec{}
		s.objects = func(d *pdfDoc, o map[int]string, sig, field int) { sigN, fieldN = sig, field }
		d.sign(s)
		// hide the rows of sig and field in the signed table: turn them to free
		data := d.data
		for _, n := range []int{sigN, fieldN} {
			at := bytes.LastIndex(data, fmt.Appendf(nil, "\n%d 1\n", n)) + len(fmt.Sprintf("\n%d 1\n", n))
			copy(data[at:], "0000000000 00001 f ")
		}
		// sign again over these bytes is not possible here: only look that it is never valid
		offs := map[int]int{sigN: bytes.Index(data, fmt.Appendf(nil, "\n%d 0 obj", sigN)) + 1, fieldN: bytes.Index(data, fmt.Appendf(nil, "\n%d 0 obj", fieldN)) + 1}
		d.table(offs, "")
		return d.data
	}())
	// two signatures, the first revision's field is redefined by the second with the same dictionary
	add("second signer, honest", func() []byte { d := newDoc(); d.sign(sigSpec{}); d.sign(sigSpec{}); return d.data }())
	add("second signer changes content", func() []byte {
		d := newDoc()
		d.sign(sigSpec{})
		d.sign(sigSpec{objects: func(d *pdfDoc, o map[int]string, sig, field int) { o[objContent] = evilContent() }})
		return d.data
	}())
	add("second signer visible over text", func() []byte {
		d := newDoc()
		d.sign(sigSpec{})
		d.sign(sigSpec{objects: func(d *pdfDoc, o map[int]string, sig, field int) {
			a := d.alloc()
			o[a] = opaque()
			o[field] = strings.Replace((&sigSpec{}).fieldDict(sig), "/Rect[0 0 0 0]/F 132", fmt.Sprintf("/Rect[60 700 400 740]/F 4/AP<</N %d 0 R>>", a), 1)
		}})
		return d.data
	}())
	add("hidden objects only", after(func(d *pdfDoc) { d.body(map[int]string{objContent: evilContent()}); d.table(map[int]int{}, "") }))
	add("hidden objects behind the trailer", after(func(d *pdfDoc) {
		d.table(map[int]int{}, "")
		i := bytes.LastIndex(d.data, []byte("startxref"))
		tail := string(d.data[i:])
		d.data = fmt.Appendf(d.data[:i], "%d 0 obj\n%s\nendobj\n%s", objContent, evilContent(), tail)
	}))
	add("hidden object in comment", after(func(d *pdfDoc) {
		d.data = fmt.Appendf(d.data, "%%%d 0 obj\r%s endobj\n", objContent, "null")
		d.table(map[int]int{}, "")
	}))
	add("number not in use", after(func(d *pdfDoc) { d.body(map[int]string{500: "<<>>"}); d.table(map[int]int{}, "") }))
	add("hidden object stream", after(func(d *pdfDoc) {
		d.body(map[int]string{500: stream("/Type/ObjStm/N 1/First 4", "4 0 <</Evil true>>")})
		d.table(map[int]int{}, "")
	}))
	add("hidden catalog", after(func(d *pdfDoc) {
		d.body(map[int]string{500: "<</Type/Catalog/Pages 2 0 R>>"})
		d.table(map[int]int{}, "")
	}))
	add("object listed first, another behind", after(func(d *pdfDoc) {
		offsets := d.body(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
		d.body(map[int]string{objText: textField("999999", "8 0 R")})
		d.table(offsets, "")
	}))
	content := func(d *pdfDoc) int { return bytes.Index(d.data, []byte("\n4 0 obj\n")) + 1 }
	evil := map[int]string{objContent: evilContent()}
	add("hybrid, stream only", after(func(d *pdfDoc) { d.hybrid("", map[int]int{objContent: 0}, evil) }))
	add("hybrid, free in the table", after(func(d *pdfDoc) { d.hybrid("4 1\n0000000000 00001 f \n", map[int]int{objContent: 0}, evil) }))
	add("hybrid, as it was in the table", after(func(d *pdfDoc) {
		d.hybrid(fmt.Sprintf("4 1\n%010d 00000 n \n", content(d)), map[int]int{objContent: 0}, evil)
	}))
	add("hybrid, as it was in the stream", after(func(d *pdfDoc) {
		was, next := content(d), len(d.data)
		d.hybrid(fmt.Sprintf("4 1\n%010d 00000 n \n", next), map[int]int{objContent: was}, evil)
	}))
	add("junk before table", after(func(d *pdfDoc) { d.data = append(d.data, "some junk\n"...); d.table(map[int]int{}, "") }))
	add("empty update", after(func(d *pdfDoc) { d.table(map[int]int{}, "") }))
	add("two trailers", after(func(d *pdfDoc) {
		d.table(map[int]int{}, "")
		i := bytes.LastIndex(d.data, []byte("startxref"))
		tail := string(d.data[i:])
		d.data = fmt.Appendf(d.data[:i], "trailer\n<</Root 99 0 R>>\n%s", tail)
	}))
	add("xref row past the end", after(func(d *pdfDoc) { d.table(map[int]int{objContent: 99999999}, "") }))
	add("xref row zero", after(func(d *pdfDoc) { d.table(map[int]int{objContent: 0}, "") }))
	add("row to signed gap", after(func(d *pdfDoc) { d.table(map[int]int{objContent: bytes.Index(d.data, []byte("/Contents <")) + 12}, "") }))
	add("Prev skips the signed section", after(func(d *pdfDoc) {
		first := bytes.Index(d.data, []byte("\nxref\n")) + 1
		d.xref = first
		d.append(map[int]string{objContent: evilContent()})
	}))
	add("Size too small", after(func(d *pdfDoc) { n := d.next; d.next = 4; d.table(map[int]int{}, ""); d.next = n }))
	return all
}

// harmless are the variants that mean what the usual way means.
var harmless = map[string]verify.Verdict{
	"control": verify.Valid, "V direct": verify.Valid, "comment before Contents": verify.Valid, "escaped names": verify.Valid,
	"field only in form": verify.Valid, "indirect Filter": verify.Valid, "nested dict Contents": verify.Valid, "type missing": verify.Valid,
	"range comment": verify.Valid, "range minus zero": verify.Valid, "range plus": verify.Valid, "range zeros": verify.Valid,
	"empty update": verify.ValidChanged, "hidden object in comment": verify.ValidChanged, "junk before table": verify.ValidChanged,
	"second signer visible over text": verify.ValidChanged, "second signer, honest": verify.ValidChanged,
	"number not in use": verify.ValidChanged,
	// What no reader agrees on is not called valid, nor an attack.
	"field only on page": verify.Indeterminate,
}

// TestVariants: what is not harmless is invalid.
func TestVariants(t *testing.T) {
	all := variants()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			want, ok := harmless[name]
			if !ok {
				want = verify.Invalid
			}
			rep := check(t, all[name])
			if rep.Verdict != want || len(rep.Signatures) == 0 {
				t.Errorf("verdict %s, want %s: %+v", rep.Verdict, want, rep.Signatures)
			}
		})
	}
	if rep := check(t, all["field only on page"]); !hasCode(rep.Signatures[0], "SIGNATURE_FIELD_UNLISTED") {
		t.Errorf("%+v", rep.Signatures[0].Reasons)
	}
	for name := range harmless {
		if all[name] == nil {
			t.Errorf("no variant %q", name)
		}
	}
}
