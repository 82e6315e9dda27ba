package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func TestTrailingBytes(t *testing.T) {
	runAll(t, []sample{
		{"nothing", plain("", "", "").section(""), ""},
		{"line ends and nulls", plain("", "", "").section("").raw("\r\n\n \x00\x00\x00"), ""},
		{"a comment", plain("", "", "").section("").raw("% x"), "TRAILING_BYTES:1"},
		{"after much white space", plain("", "", "").section("").raw(strings.Repeat(" ", 200_000) + "x"), "TRAILING_BYTES:1"},
	})
	f := only(t, inspect(t, plain("", "", "").section("").raw("\n\nabc\n")), TrailingBytes)
	if !strings.HasPrefix(f.Detail, "4 bytes after ") {
		t.Errorf("%q", f.Detail)
	}
}

func TestJunkBeforeHeader(t *testing.T) {
	b := append([]byte("PK\x03\x04"), plain("", "", "").section("").b.Bytes()...)
	r := inspectWith(t, b, Options{})
	if got := codes(r); got != "JUNK_BEFORE_HEADER:1" {
		t.Errorf("%s: %+v", got, r.Findings)
	}
	if f := r.Findings[0]; f.Detail != "4 bytes before the header %PDF-" {
		t.Errorf("%q", f.Detail)
	}
}

func TestUnreferencedPages(t *testing.T) {
	const second = "<</Type/Page/Parent 7 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
	added := func() *doc { // a page was added, then taken away
		d := plain("", "", "").section("")
		d.obj(6, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>").
			obj(2, "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>").section("")
		return d.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	}
	runAll(t, []sample{
		{"a second tree", plain("", "", "").obj(6, second).obj(7, "<</Type/Pages/Kids[6 0 R]/Count 1>>").section(""), "UNREFERENCED_PAGES:2"},
		{"a second catalog", plain("", "", "").obj(8, "<</Type/Catalog/Pages 2 0 R>>").section(""), "UNREFERENCED_PAGES:1"},
		{"a page", plain("", "", "").obj(6, second).section(""), "UNREFERENCED_PAGES:1"},
		{"content", plain("", "", "").stream(6, "", text()).section(""), "UNREFERENCED_PAGES:1"},
		{"compressed content", plain("", "", "").stream(6, "/Filter/FlateDecode", deflate(text())).section(""), "UNREFERENCED_PAGES:1"},
		{"data that is no content", plain("", "", "").stream(6, "", "(a) 1 2 \x01\x02\x03 (b)").section(""), ""},
		{"content without text", plain("", "", "").stream(6, "", "0 0 10 10 re f").section(""), ""},
		{"a form left over", plain("", "", "").stream(6, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]", text()).section(""), ""},
		{"other things left over", plain("", "", "").obj(6, "<</A 1>>").obj(7, "[1]").section(""), ""},
		{"a page deleted by an update", added().section(""), ""},
		{"a page that was hidden from the first", plain("", "", "").obj(6, second).section("").obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>").section(""), "UNREFERENCED_PAGES:1"},
		{"content replaced by an update", plain("", "", "").section("").stream(6, "", text()).
			obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>").section(""), ""},
		{"catalog replaced by an update", plain("", "", "").section("").obj(8, "<</Type/Catalog/Pages 2 0 R>>").section("/Root 8 0 R"), ""},
		{"a page that only a link refers to", newDoc().page("/OpenAction[6 0 R/Fit]", resources, text()).obj(6, second).section(""), "UNREFERENCED_PAGES:1"},
	})
}

func TestJavaScript(t *testing.T) {
	const js = "<</S/JavaScript/JS(app.alert\\('x'\\))>>"
	annot := "/Annots[8 0 R]"
	runAll(t, []sample{
		{"OpenAction", plain("/OpenAction"+js, "", "").section(""), "JAVASCRIPT:1"},
		{"OpenAction by reference", plain("/OpenAction 8 0 R", "", "").obj(8, js).section(""), "JAVASCRIPT:1"},
		{"name tree", plain("/Names<</JavaScript<</Names[(a) 8 0 R]>>>>", "", "").obj(8, js).section(""), "JAVASCRIPT:1"},
		{"AA of the catalog", plain("/AA<</WC"+js+">>", "", "").section(""), "JAVASCRIPT:1"},
		{"AA of a page", plain("", "/AA<</O"+js+">>", "").section(""), "JAVASCRIPT:1"},
		{"annotation", plain("", annot, "").obj(8, "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A"+js+">>").section(""), "JAVASCRIPT:1"},
		{"field", plain("/AcroForm<</Fields[8 0 R]>>", annot, "").obj(8, "<</FT/Tx/T(a)/Subtype/Widget/Rect[0 0 9 9]/AA<</F"+js+">>>>").section(""), "JAVASCRIPT:1"},
		{"rendition", plain("", annot, "").obj(8, "<</Subtype/Screen/Rect[0 0 9 9]/A<</S/Rendition/JS 9 0 R>>>>").stream(9, "", "x()").section(""), "JAVASCRIPT:1"},
		{"second of a chain", plain("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next["+js+"]>>", "", "").section(""), "JAVASCRIPT:1"},
		{"structure element of that name", plain("/StructTreeRoot<</K<</S/JavaScript>>>>", "", "").section(""), ""},
	})
	f := only(t, inspect(t, plain("/AcroForm<</Fields[8 0 R]>>", annot, "").
		obj(8, "<</FT/Tx/T(a)/Subtype/Widget/Rect[0 0 9 9]/AA<</F"+js+">>>>").section("")), JavaScript)
	if f.Page != 1 || f.Field != "a" || f.Object.Num != 8 || f.Detail != `script in /AA/F: "app.alert('x')"` {
		t.Errorf("%+v", f)
	}
}

func TestExternal(t *testing.T) {
	link := func(action string) *doc {
		return plain("", "/Annots[8 0 R]", "").obj(8, "<</Subtype/Link/Rect[0 0 9 9]/A"+action+">>").section("")
	}
	runAll(t, []sample{
		{"Launch", link("<</S/Launch/F(cmd.exe)>>"), "EXTERNAL:1"},
		{"Launch of Windows", link("<</S/Launch/Win<</F(cmd.exe)>>>>"), "EXTERNAL:1"},
		{"GoToR", link("<</S/GoToR/F<</UF(other.pdf)>>/D[0/Fit]>>"), "EXTERNAL:1"},
		{"SubmitForm", link("<</S/SubmitForm/F(http://example.com)>>"), "EXTERNAL:1"},
		{"ImportData", link("<</S/ImportData/F(a.fdf)>>"), "EXTERNAL:1"},
		{"a link to click", link("<</S/URI/URI(http://example.com)>>"), ""},
		{"URI on opening", plain("/OpenAction<</S/URI/URI(http://example.com)>>", "", "").section(""), "EXTERNAL:1"},
		{"URI on opening, next", plain("/OpenAction<</S/GoTo/Next<</S/URI/URI(http://example.com)>>>>", "", "").section(""), "EXTERNAL:1"},
		{"URI of a page", plain("", "/AA<</O<</S/URI/URI(http://example.com)>>>>", "").section(""), "EXTERNAL:1"},
		{"stream in another file", plain("/Metadata 8 0 R", "", "").stream(8, "/F(secret.txt)", "").section(""), "EXTERNAL:1"},
		{"page of another file", plain("", "", "/X Do").stream(10, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(a.pdf)/Page 0>>", "").section(""), "EXTERNAL:1"},
		{"structure element of that name", plain("/StructTreeRoot<</K<</S/Launch>>>>", "", "").section(""), ""},
	})
}

func TestEmbeddedFiles(t *testing.T) {
	const spec = "<</Type/Filespec/UF(data.xml)/EF<</F 9 0 R>>>>"
	runAll(t, []sample{
		{"name tree", plain("/Names<</EmbeddedFiles<</Names[(a) 8 0 R]>>>>", "", "").obj(8, spec).stream(9, "/Type/EmbeddedFile", "x").section(""), "EMBEDDED_FILES:1"},
		{"annotation", plain("", "/Annots[8 0 R]", "").obj(8, "<</Subtype/FileAttachment/Rect[0 0 9 9]/FS"+spec+">>").stream(9, "", "x").section(""), "EMBEDDED_FILES:1"},
		{"name only", plain("", "/Annots[8 0 R]", "").obj(8, "<</Subtype/FileAttachment/Rect[0 0 9 9]/FS<</F(x)>>>>").section(""), ""},
	})
	f := only(t, inspect(t, plain("", "/Annots[8 0 R]", "").obj(8, "<</Subtype/FileAttachment/Rect[0 0 9 9]/FS"+spec+">>").stream(9, "", "x").section("")), EmbeddedFiles)
	if f.Page != 1 || f.Detail != `file "data.xml" in /Annots/FS` {
		t.Errorf("%+v", f)
	}
}

func TestXFA(t *testing.T) {
	runAll(t, []sample{
		{"static", plain("/AcroForm<</Fields[]/XFA[(a) 8 0 R]>>", "", "").stream(8, "", "<xdp/>").section(""), "XFA:1"},
		{"dynamic", plain("/NeedsRendering true/AcroForm<</Fields[]/XFA 8 0 R>>", "", "").stream(8, "", "<xdp/>").section(""), "XFA:1"},
		{"null", plain("/AcroForm<</Fields[]/XFA null>>", "", "").section(""), ""},
	})
}

func TestNeedAppearances(t *testing.T) {
	runAll(t, []sample{
		{"true", plain("/AcroForm<</Fields[8 0 R]/NeedAppearances true>>", "", "").obj(8, "<</FT/Tx/T(a)>>").section(""), "NEED_APPEARANCES:1"},
		{"false", plain("/AcroForm<</Fields[8 0 R]/NeedAppearances false>>", "", "").obj(8, "<</FT/Tx/T(a)>>").section(""), ""},
		{"no fields", plain("/AcroForm<</Fields[]/NeedAppearances true>>", "", "").section(""), ""},
	})
}

func TestXMLBomb(t *testing.T) {
	const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>`
	wide := func(s string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			b.Write([]byte{byte(u >> 8), byte(u)})
		}
		return b.String()
	}
	runAll(t, []sample{
		{"metadata", plain("/Metadata 8 0 R", "", "").stream(8, "/Type/Metadata/Subtype/XML", bomb).section(""), "XML_BOMB:1"},
		{"compressed", plain("/Metadata 8 0 R", "", "").stream(8, "/Type/Metadata/Subtype/XML/Filter/FlateDecode", deflate(bomb)).section(""), "XML_BOMB:1"},
		{"UTF-16", plain("/Metadata 8 0 R", "", "").stream(8, "/Type/Metadata/Subtype/XML", "\xfe\xff"+wide(bomb)).section(""), "XML_BOMB:1"},
		{"of a page", plain("", "/Metadata 8 0 R", "").stream(8, "/Type/Metadata/Subtype/XML", bomb).section(""), "XML_BOMB:1"},
		{"XFA", plain("/AcroForm<</Fields[]/XFA[(a) 8 0 R]>>", "", "").stream(8, "", bomb).section(""), "XFA:1 XML_BOMB:1"},
		{"ordinary", plain("/Metadata 8 0 R", "", "").stream(8, "/Type/Metadata/Subtype/XML", "<?xpacket begin=''?><x:xmpmeta/>").section(""), ""},
		{"too long to read", plain("/Metadata 8 0 R", "", "").
			stream(8, "/Type/Metadata/Subtype/XML", strings.Repeat("a", 3*maxStreamBytes+5000)).section(""), "NOT_SCANNED:1"},
		{"decompression bomb", plain("/Metadata 8 0 R", "", "").
			stream(8, "/Type/Metadata/Subtype/XML/Filter/FlateDecode", deflate(strings.Repeat("a", maxStreamBytes+1))).section(""), "NOT_SCANNED:1"},
	})
}

func TestOptionalContent(t *testing.T) {
	oc := func(d string) *doc {
		return plain("/OCProperties<</OCGs[8 0 R]/D<<"+d+">>>>", "", "").obj(8, "<</Type/OCG/Name(a)/Usage<</Print<</PrintState/OFF>>>>>>").section("")
	}
	runAll(t, []sample{
		{"all on", oc("/ON[8 0 R]/Order[8 0 R]"), ""},
		{"one off", oc("/OFF[8 0 R]"), "OPTIONAL_CONTENT:1"},
		{"all off", oc("/BaseState/OFF"), "OPTIONAL_CONTENT:1"},
		{"off in print", oc("/AS[<</Event/Print/OCGs[8 0 R]/Category[/Print]>>]"), "OPTIONAL_CONTENT:1"},
		{"two configurations", plain("/OCProperties<</OCGs[8 0 R]/D<<>>/Configs[<</Name(b)>>]>>", "", "").obj(8, "<</Type/OCG>>").section(""), "OPTIONAL_CONTENT:1"},
		{"switched by an action", plain("/OCProperties<</OCGs[8 0 R]/D<<>>>>", "/AA<</O<</S/SetOCGState/State[/OFF 8 0 R]>>>>", "").obj(8, "<</Type/OCG>>").section(""), "OPTIONAL_CONTENT:1"},
		{"none", plain("/OCProperties<</OCGs[]/D<</BaseState/OFF>>>>", "", "").section(""), ""},
	})
}

func TestNotScannedDamage(t *testing.T) {
	runAll(t, []sample{
		{"an object", plain("/Lang 8 0 R", "", "").obj(8, "<</A").section(""), "NOT_SCANNED:1"},
		{"the page tree", newDoc().obj(1, "<</Type/Catalog/Pages 2 0 R>>").obj(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>").section(""), "NOT_SCANNED:1"},
		{"the form", plain("/AcroForm 8 0 R", "", "").obj(8, "[1]").section(""), "NOT_SCANNED:2"},
	})
}

// TestReportIsBounded: a file can't make a report long, and each code has its
// share of it.
func TestReportIsBounded(t *testing.T) {
	var annots strings.Builder
	d := newDoc()
	for i := range 500 {
		fmt.Fprintf(&annots, "<</Subtype/Link/Rect[0 0 9 9]/A<</S/JavaScript/JS(a%d)>>>>", i)
	}
	d.page("/OpenAction<</S/Launch/F(x)>>", resources+"/Annots["+annots.String()+"]", text())
	for i := range 50 {
		d.hidden(100+i, "<<>>")
	}
	r := inspect(t, d.section("").raw("x"))
	if got := codes(r); got != "HIDDEN_OBJECTS:50 JAVASCRIPT:500 EXTERNAL:1 TRAILING_BYTES:1" {
		t.Errorf("%s", got)
	}
	if len(r.Findings) != 2*maxPerCode+2 {
		t.Errorf("%d findings", len(r.Findings))
	}
	if most := maxPerCode * len(Codes()); most > 100 {
		t.Errorf("a report may have %d findings", most)
	}
}

// TestErrors: what the file is to blame for is a finding, the rest an error.
func TestErrors(t *testing.T) {
	// Longer than what is read of it at once, so that opening does not read it all.
	b := plain("", "", "").stream(20, "", strings.Repeat(" ", 200_000)).section("").b.Bytes()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Inspect(ctx, open(t, b), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	broken := &failing{Reader: bytes.NewReader(b)}
	f, err := pdf.Open(context.Background(), broken, int64(len(b)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	broken.fail = true
	if r, err := Inspect(context.Background(), f, Options{}); !errors.Is(err, errDisk) {
		t.Errorf("unreadable: %v, %v", r, err)
	}
}

var errDisk = errors.New("disk on fire")

type failing struct {
	*bytes.Reader
	fail bool
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.fail {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, at)
}

var _ io.ReaderAt = (*failing)(nil)

// TestOrdinary: the form of the demo has no finding, nor has it after an
// update.
func TestOrdinary(t *testing.T) {
	b := demoForm(t)
	if r := inspectWith(t, b, Options{}); len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
	f := open(t, b)
	u := f.NewUpdate()
	page, err := f.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	d := page.Dict.Clone()
	d.Set("Annots", pdf.Array{u.Add(pdf.NewDict(pdf.Name("Subtype"), pdf.Name("Text"), pdf.Name("Rect"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Integer(9), pdf.Integer(9)}))})
	u.Set(page.Ref, d)
	out, err := u.Render(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	if r := inspectWith(t, append(b[:len(b):len(b)], out.Bytes...), Options{}); len(r.Findings) > 0 {
		t.Errorf("updated: %+v", r.Findings)
	}
}

func demoForm(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "form", "don-de-nghi.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// many is a document with n more objects than plain.
func many(n int, catalog string) *doc {
	d := plain(catalog, "", "")
	for i := range n {
		d.obj(10+i, "null")
	}
	return d
}

// TestLargeDocument: where there are more objects than may be looked at, what
// the trailer leads to is looked at and the rest is said.
func TestLargeDocument(t *testing.T) {
	js := "/OpenAction<</S/JavaScript/JS(x)>>"
	for name, c := range map[string]struct {
		d    *doc
		o    Options
		want string
	}{
		"within":      {many(90, js).hidden(4, "null").section(""), Options{Objects: 100}, "HIDDEN_OBJECTS:1 JAVASCRIPT:1"},
		"more":        {many(91, js).hidden(4, "null").section(""), Options{Objects: 100}, "JAVASCRIPT:1 NOT_SCANNED:1"},
		"quick":       {many(4000, js).hidden(4, "null").section(""), Quick(), "JAVASCRIPT:1 NOT_SCANNED:1"},
		"bytes after": {many(91, "").section("").raw("% x"), Options{Objects: 100}, "TRAILING_BYTES:1 NOT_SCANNED:1"},
		"spaces":      {many(91, "").section("").raw("\n \n"), Options{Objects: 100}, "NOT_SCANNED:1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := inspectWith(t, c.d.b.Bytes(), c.o)
			if got := codes(r); got != c.want {
				t.Errorf("%s, want %s: %+v", got, c.want, r.Findings)
			}
		})
	}
}

// TestReachedObjectsAreCounted: a document that leads to more objects than may
// be looked at is left there.
func TestReachedObjectsAreCounted(t *testing.T) {
	var refs strings.Builder
	d := newDoc()
	for i := range 200 {
		fmt.Fprintf(&refs, "%d 0 R ", 10+i)
		d.obj(10+i, "<</S/JavaScript/JS(x)>>")
	}
	d.page("/PieceInfo["+refs.String()+"]", resources, text())
	r := inspectWith(t, d.section("").b.Bytes(), Options{Objects: 100})
	if got := codes(r); !strings.HasSuffix(got, "NOT_SCANNED:1") || r.Omitted[JavaScript] > 100 {
		t.Errorf("%s, %v", got, r.Omitted)
	}
}

// TestPagesAreCounted: the content of no more pages is read than is allowed.
func TestPagesAreCounted(t *testing.T) {
	d := newDoc().page("", resources, text()+"1 g 0 0 595 842 re f")
	d.obj(2, "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>").obj(6, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"+resources+">>")
	b := d.section("").b.Bytes()
	for pages, want := range map[int]string{1: "COVERED_CONTENT:1 NOT_SCANNED:1", 2: "COVERED_CONTENT:2"} {
		if got := codes(inspectWith(t, b, Options{Pages: pages})); !strings.Contains(got, want) {
			t.Errorf("%d pages: %s", pages, got)
		}
	}
}

// TestLook opens the document, with its password.
func TestLook(t *testing.T) {
	b := plain("", "", "").section("").raw("x").b.Bytes()
	r, err := Look(context.Background(), bytes.NewReader(b), int64(len(b)), nil, Options{})
	if err != nil || codes(r) != "TRAILING_BYTES:1" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Look(context.Background(), strings.NewReader("no PDF"), 6, nil, Options{}); err == nil {
		t.Error("no PDF was looked at")
	}
}
