package inspect

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// FuzzInspect: any file that opens gives a bounded report, the same each time,
// with details of one line.
func FuzzInspect(f *testing.F) {
	f.Add(demoForm(f))
	const js = "<</S/JavaScript/JS(x)>>"
	for _, d := range []*doc{
		plain("/OpenAction"+js, "", "").section("").obj(3, "<</Type/Page/Parent 2 0 R>>").section(""),
		plain("", "", "").hidden(3, "<<>>").obj(7, "<</Type/Pages/Kids[3 0 R]>>").section("").raw("x"),
		plain("", "", "").objStream(20, []int{8, 9}, "(a)", "(b)").streamSection(21, 20, 8),
		plain("", "", "q 595 0 0 842 0 0 cm /X Do Q BI /W 1 ID x EI").stream(10, imageDict, "\xff").section(""),
		textField("", "/V(1000)", helv, shows("(9000) Tj")),
		plain("/AcroForm<</Fields[]/XFA[(a) 8 0 R]>>", "", "").stream(8, "", "<!DOCTYPE x>").section(""),
		plain("/OCProperties<</OCGs[8 0 R]/D<</OFF[8 0 R]/AS[<</OCGs[8 0 R]>>]>>>>", "", "").obj(8, "<</Type/OCG>>").section(""),
		plain("/Names<</EmbeddedFiles<</Names[(a)<</UF(\xff\xfe)/EF<<>>>>]>>>>", "/Annots[<</S/Launch/F 3 0 R>>]", "").section(""),
	} {
		f.Add(d.b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
		if err != nil {
			return
		}
		o := Options{ContentBytes: 4 << 20}
		r, err := Inspect(context.Background(), file, o)
		if err != nil {
			t.Fatalf("an error that is no fault of the reader: %v", err)
		}
		check(t, r)
		file, err = pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := Inspect(context.Background(), file, o)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("first %+v, then %+v, %v", r, again, err)
		}
	})
}

// check is what holds of every report.
func check(t *testing.T, r *Report) {
	t.Helper()
	if len(r.Findings) > 100 {
		t.Errorf("%d findings", len(r.Findings))
	}
	for _, f := range r.Findings {
		if f.Detail == "" || len(f.Detail) > maxDetail+len("…") || !utf8.ValidString(f.Detail) || strings.ContainsAny(f.Detail, "\r\n\x1b\x00") {
			t.Errorf("%s: detail %q", f.Code, f.Detail)
		}
		if f.Page < 0 {
			t.Errorf("%s: page %d", f.Code, f.Page)
		}
	}
	for c, n := range r.Omitted {
		if n <= 0 || !r.Has(c) {
			t.Errorf("%d omitted of %s", n, c)
		}
	}
}

// FuzzContent: content streams are drawn without a panic, whatever they hold.
func FuzzContent(f *testing.F) {
	f.Add([]byte(text() + "1 g 0 0 595 842 re f"))
	f.Add([]byte("BI /W 1 ID EI EI"))
	f.Add([]byte("q 1 0 0 0 0 1 cm 0 0 1 1 re W* n /S sh Q Q ((a\\)\\053) <4> Tj [(a) 1 (b)] TJ"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := newDoc().page("", resources, string(b)).stream(10, imageDict, "\xff").section("")
		file, err := pdf.Open(context.Background(), bytes.NewReader(d.b.Bytes()), int64(d.b.Len()), pdf.OpenOptions{})
		if err != nil {
			return // the content holds PDF syntax
		}
		r, err := Inspect(context.Background(), file, Options{ContentBytes: 4 << 20})
		if err != nil {
			t.Fatal(err)
		}
		check(t, r)
	})
}
