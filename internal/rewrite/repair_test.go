package rewrite

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// damage is a way to break sample.
var damages = []struct {
	name  string
	make  func([]byte) []byte
	sound bool // internal/pdf opens it all the same
}{
	{"nothing", func(b []byte) []byte { return b }, true},
	{"startxref points elsewhere", func(b []byte) []byte {
		at := bytes.LastIndex(b, []byte("startxref"))
		return append(bytes.Clone(b[:at]), "startxref\n12\n%%EOF\n"...)
	}, false},
	{"xref offsets shifted", func(b []byte) []byte {
		return bytes.Replace(b, []byte("%PDF-1.7\n"), []byte("%PDF-1.7\n%inserted\n"), 1)
	}, false},
	{"xref keyword gone", func(b []byte) []byte { return bytes.Replace(b, []byte("\nxref\n"), []byte("\nxxxx\n"), 1) }, false},
	{"no endobj of a page", func(b []byte) []byte {
		return bytes.Replace(b, []byte("/Rotate 90>>\nendobj\n"), []byte("/Rotate 90>>\n"), 1)
	}, false},
	{"no %%EOF", func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("%%EOF\n")) }, false},
	{"cut in the xref table", func(b []byte) []byte { return b[:bytes.Index(b, []byte("\nxref\n"))+60] }, false},
	{"cut before the xref table", func(b []byte) []byte { return b[:bytes.Index(b, []byte("\nxref\n"))] }, false},
	{"junk before and after", func(b []byte) []byte {
		return append(append([]byte("HTTP/1.1 200 OK\r\n\r\n"), b...), bytes.Repeat([]byte("\x00"), 3000)...)
	}, false},
	{"wrong /Length", func(b []byte) []byte { return bytes.Replace(b, []byte("/Length 39"), []byte("/Length 12"), 1) }, false},
}

func TestRepairDamaged(t *testing.T) {
	for _, tt := range damages {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.make(sample())
			out, err := repair(t, in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			qpdfCheck(t, out)
			f := open(t, out, "")
			if n, err := f.NumPages(); err != nil || n != 2 {
				t.Fatalf("%d pages, %v", n, err)
			}
			if !bytes.HasPrefix(out, []byte("%PDF-1.7\n")) {
				t.Errorf("begins with %q", out[:9])
			}
			sameSample(t, f)
		})
	}
}

// sameSample checks that a rewritten sample has all that it had.
func sameSample(t *testing.T, f *pdf.File) {
	t.Helper()
	root, _, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct {
		name string
		o    pdf.Object
	}{{"catalog", root.Get("AF")}, {"page", page.Dict.Get("AF")}} {
		if got := attached(t, f, at.o); got != "<hoadon>001</hoadon>" {
			t.Errorf("attached file of the %s: %q", at.name, got)
		}
	}
	part, err := f.Dict(page.Dict.Get("DPart"))
	if err != nil || part == nil || part.Get("Note") != (pdf.String{Value: "giu lai"}) || part.Has("Gone") {
		t.Errorf("DPart of the page: %v, %v", part, err)
	}
	info, err := f.Dict(f.Trailer().Get("Info"))
	if err != nil || info == nil {
		t.Fatalf("no /Info: %v", err)
	}
	for key, want := range map[pdf.Name]string{
		"Title": "H\303\263a \304\221\306\241n", "CreationDate": "D:20240102030405+07'00'", "Producer": "mau", "So hieu": "x",
	} {
		if got, _ := info.Get(key).(pdf.String); got.Value != want {
			t.Errorf("/Info /%s: %q, want %q", key, got.Value, want)
		}
	}
	fields, err := f.Fields()
	if err != nil || len(fields) != 1 {
		t.Fatalf("fields: %v, %v", fields, err)
	}
	text, err := f.Resolve(fields[0].Dict.Get("Contents"))
	if s, _ := text.(pdf.String); err != nil || s.Value != "mo ta" {
		t.Errorf("/Contents of the field: %v, %v", text, err)
	}
	last, err := f.Page(1)
	if err != nil || last.Rotate != 90 {
		t.Errorf("second page: %v, %v", last, err)
	}
}

func attached(t *testing.T, f *pdf.File, o pdf.Object) string {
	t.Helper()
	list, err := f.Array(o)
	if err != nil || len(list) != 1 {
		t.Errorf("/AF: %v, %v", list, err)
		return ""
	}
	spec, err := f.Dict(list[0])
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Dict(spec.Get("EF"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Stream(files.Get("F"))
	if err != nil || s == nil {
		t.Fatalf("attached file: %v", err)
	}
	b, err := s.Decode(1000)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRepairForms(t *testing.T) {
	pages, page := object("<</Type/Pages/Kids[3 0 R]/Count 1>>"), object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")
	field := object("<</FT/Tx/T(a)>>")
	for name, tt := range map[string]struct {
		form   string
		fields int // -1: no form
	}{
		"sound":             {"<</Fields[4 0 R]>>", 1},
		"fields are a name": {"<</Fields/None/NeedAppearances true>>", 0},
		"fields are absent": {"<</NeedAppearances true>>", 0},
		"form is a number":  {"17", -1},
		"form is nowhere":   {"88 0 R", -1},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := repair(t, build("", object("<</Type/Catalog/Pages 2 0 R/AcroForm "+tt.form+">>"), pages, page, field), Options{})
			if err != nil {
				t.Fatal(err)
			}
			qpdfCheck(t, out)
			f := open(t, out, "")
			form, _, err := f.AcroForm()
			if err != nil || (form == nil) != (tt.fields < 0) {
				t.Fatalf("form %v, %v", form, err)
			}
			if fields, err := f.Fields(); err != nil || len(fields) != max(0, tt.fields) {
				t.Errorf("%d fields, %v", len(fields), err)
			}
		})
	}
}

func TestRepairPageTrees(t *testing.T) {
	page := object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")
	for _, tt := range []struct {
		name  string
		pages int // 0: refused as failed
		file  []byte
	}{
		{"kids in an object of their own", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids 4 0 R/Count 1>>", page, "[3 0 R]")},
		{"no types, no parent", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Kids[3 0 R]/Count 1>>", "<</MediaBox[0 0 9 9]>>")},
		{"wrong count", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 7>>", page)},
		{"direct page", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[<</Type/Page/MediaBox[0 0 9 9]>>]/Count 1>>")},
		{"direct tree", 1, build("", "<</Type/Catalog/Pages<</Type/Pages/Kids[3 0 R]/Count 1>>>>", "null", page)},
		{"page as tree", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Page/MediaBox[0 0 9 9]>>")},
		{"kids that are no pages", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[null 7 (x) 3 0 R 88 0 R]/Count 5>>", page)},
		{"contents that are none", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[4 0 R 5 0 R 77 0 R null 4 0 R]>>", stream("", "q Q"), "<<>>")},
		{"content that is none", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", "<<>>")},
		{"loop", 1, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>", page)},
		{"only a loop", 0, build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>")},
		{"no tree", 0, build("", "<</Type/Catalog>>")},
		{"no catalog", 0, build("", "(none)")},
		{"too deep", 0, deepPages(300)},
		{"deep", 1, deepPages(150)},
		{"no PDF", 0, []byte(strings.Repeat("text\n", 100))},
		{"one byte", 0, []byte("%")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := repair(t, tt.file, Options{})
			if tt.pages == 0 {
				if kindOf(err) != KindFailed {
					t.Fatalf("got %v, want failed", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			qpdfCheck(t, out)
			if n, err := open(t, out, "").NumPages(); err != nil || n != tt.pages {
				t.Errorf("%d pages, %v; want %d", n, err, tt.pages)
			}
		})
	}
}

// deepPages has one page below n nodes.
func deepPages(n int) []byte {
	objects := []object{"<</Type/Catalog/Pages 2 0 R>>"}
	for i := range n {
		objects = append(objects, object(fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>", i+3, i+1)))
	}
	return build("", append(objects, "<</Type/Page/MediaBox[0 0 9 9]>>")...)
}

func TestRepairSigned(t *testing.T) {
	sig := object("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>")
	signed := build("", "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "<</FT/Sig/T(a)/V 5 0 R>>", sig)
	for _, tt := range []struct {
		name string
		file []byte
	}{
		{"sound", signed},
		{"no xref", signed[:bytes.Index(signed, []byte("xref\n"))]},
		{"remains only", append(sample(), "\n<</ByteRange[0 "...)},
		{"name in disguise", bytes.Replace(signed, []byte("/ByteRange"), []byte("/Byte#52ange"), 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := repair(t, tt.file, Options{}); kindOf(err) != KindSigned {
				t.Errorf("got %v, want signed", err)
			}
		})
	}
}

func TestRepairEncrypted(t *testing.T) {
	locked, err := encrypt(t, sample(), Encryption{User: []byte("mat-khau"), Permissions: PermitPrint}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(locked, []byte("startxref"))
	for _, file := range [][]byte{locked, append(bytes.Clone(locked[:at]), "startxref\n5\n%%EOF\n"...)} {
		if _, err := repair(t, file, Options{}); kindOf(err) != KindEncrypted {
			t.Errorf("got %v, want encrypted", err)
		}
	}
}
