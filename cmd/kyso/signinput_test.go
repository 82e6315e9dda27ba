package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/inspect"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// paper writes a PDF of one page for a test. Objects 1 to 5 are the catalog,
// the page tree, the page, its content and a font.
type paper struct {
	catalog, page, content string
	objects                []string // from 6 on
	before                 string   // the header
	hidden                 string   // before the section, listed nowhere
	after                  string   // the end
	size                   int      // objects that the section lists more
}

func (p paper) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(p.before)
	base := b.Len()
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	text := "BT /F1 12 Tf 14 TL 50 780 Td" + strings.Repeat(" (The quick brown fox jumps over the lazy dog) Tj T*", 10) + " ET\n" + p.content
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R" + p.catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>" + p.page + ">>",
		streamOf("", text),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	}, p.objects...)
	for range p.size {
		objects = append(objects, "null")
	}
	var rows strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&rows, "%010d 00000 n \n", b.Len()-base)
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString(p.hidden)
	at := b.Len() - base
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, rows.String(), len(objects)+1, at)
	b.WriteString(p.after)
	return b.Bytes()
}

func streamOf(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

const fieldHead = "<</FT/Tx/T(amount)/V(1000)/Type/Annot/Subtype/Widget/Rect[50 50 200 70]/DA(/F1 12 Tf)/AP<</N "

// doubtful has a document for each finding.
func doubtful() map[inspect.Code]paper {
	shown := streamOf("/Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 12 Tf (9000) Tj ET")
	form := "/AcroForm<</Fields[6 0 R]/DR<</Font<</F1 5 0 R>>>>"
	return map[inspect.Code]paper{
		inspect.HiddenObjects:         {hidden: "4 0 obj\n" + streamOf("", "BT (other) Tj ET") + "\nendobj\n"},
		inspect.UnreferencedPages:     {objects: []string{"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"}},
		inspect.CoveredContent:        {content: "1 g 0 0 595 842 re f"},
		inspect.ValueAppearanceDiffer: {catalog: form + ">>", page: "/Annots[6 0 R]", objects: []string{fieldHead + "7 0 R>>>>", shown}},
		inspect.JavaScript:            {catalog: "/OpenAction<</S/JavaScript/JS(app.alert\\('x'\\))>>"},
		inspect.OptionalContent:       {catalog: "/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", objects: []string{"<</Type/OCG/Name(a)>>"}},
		inspect.External:              {catalog: "/OpenAction<</S/Launch/F(cmd.exe)>>"},
		inspect.XFA:                   {catalog: "/AcroForm<</Fields[]/XFA[(a) 6 0 R]>>", objects: []string{streamOf("", "<xdp/>")}},
		inspect.EmbeddedFiles:         {catalog: "/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", objects: []string{"<</Type/Filespec/UF(data.xml)/EF<</F 7 0 R>>>>", streamOf("/Type/EmbeddedFile", "x")}},
		inspect.NeedAppearances:       {catalog: form + "/NeedAppearances true>>", page: "/Annots[6 0 R]", objects: []string{strings.Replace(fieldHead, "1000", "9000", 1) + "7 0 R>>>>", shown}},
		inspect.XMLBomb:               {catalog: "/Metadata 6 0 R", objects: []string{streamOf("/Type/Metadata/Subtype/XML", `<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>`)}},
		inspect.TrailingBytes:         {after: "more\n"},
		inspect.JunkBeforeHeader:      {before: "junk\n"},
		inspect.NotScanned:            {catalog: "/Lang 6 0 R", objects: []string{"<</A"}},
	}
}

// TestSignWarnsOfInput: each finding is warned of by name before the signature
// is made, in the user's language and in JSON, and --strict-input refuses it
// with nothing written.
func TestSignWarnsOfInput(t *testing.T) {
	home(t)
	unrevocable(t)
	docs := doubtful()
	for _, code := range inspect.Codes() {
		t.Run(string(code), func(t *testing.T) {
			doc, ok := docs[code]
			if !ok {
				t.Fatalf("no document for %s", code)
			}
			name := string(code) + ".pdf"
			writeFile(t, name, doc.bytes())
			args := []string{"sign", name, "--key", "key.pem", "--cert-file", "cert.pem", "--invisible"}
			refused := call(t, append(args, "--strict-input", "--json")...).want(t, 15)
			if o := refused.lines(t)[0]; o["error"].(map[string]any)["code"] != "input_findings" {
				t.Errorf("%v", o["error"])
			}
			if strings.Contains(names(t), string(code)+".signed") {
				t.Fatalf("--strict-input left an output: %s", names(t))
			}
			for _, l := range i18n.Langs() {
				m := i18n.For(l)
				said := call(t, append(args, "--force", "--lang", l.String())...).want(t, 0, m.Inspect.Codes[string(code)], string(code), m.Inspect.Detail)
				if n := strings.Count(said.err, m.Common.WarningPrefix); n != 1 {
					t.Errorf("%d warnings: %s", n, said.err)
				}
				call(t, append(args, "--dry-run", "--lang", l.String())...).want(t, 0, m.Inspect.Codes[string(code)])
			}
			o := call(t, append(args, "--force", "--json")...).want(t, 0).lines(t)[0]
			warnings := fmt.Sprint(o["warnings"])
			if !strings.Contains(warnings, string(code)+": ") {
				t.Errorf("JSON: %s", warnings)
			}
		})
	}
}

// unrevocable is a world whose signer's certificate names no OCSP and no CRL, so
// that signing has nothing to say of its revocation.
func unrevocable(t *testing.T) {
	t.Helper()
	w := newWorld(t)
	c := w.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", Key: testpki.Key(testpki.P256, "signer").Public()})
	writePEM(t, "cert.pem", "CERTIFICATE", c.Raw)
}

// TestSignWarnsOfNothing: an ordinary form gives no warning, strict or not.
func TestSignWarnsOfNothing(t *testing.T) {
	home(t)
	unrevocable(t)
	writeFile(t, "plain.pdf", paper{}.bytes())
	for _, name := range []string{"form.pdf", "plain.pdf"} {
		got := call(t, "sign", name, "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--strict-input", "--json").want(t, 0)
		if w := got.lines(t)[0]["warnings"].([]any); len(w) > 0 || strings.Contains(got.err, "warning") {
			t.Errorf("%s: %v %s", name, w, got.err)
		}
	}
}

// TestSignLooksIntoLargeQuickly: of a document of many objects only what leads
// somewhere is looked at, and that is said; --strict-input looks at all of it
// and finds what the other look could not.
func TestSignLooksIntoLargeQuickly(t *testing.T) {
	home(t)
	newWorld(t)
	args := []string{"--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--json"}
	large := paper{size: 5000, catalog: "/OpenAction<</S/JavaScript/JS(x)>>", hidden: "4 0 obj\n(other)\nendobj\n"}
	writeFile(t, "large.pdf", large.bytes())
	warnings := fmt.Sprint(call(t, append([]string{"sign", "large.pdf"}, args...)...).want(t, 0).lines(t)[0]["warnings"])
	if !strings.Contains(warnings, "NOT_SCANNED: ") || !strings.Contains(warnings, "JAVASCRIPT: ") || strings.Contains(warnings, "HIDDEN") {
		t.Errorf("%s", warnings)
	}
	o := call(t, append([]string{"sign", "large.pdf", "--strict-input", "-o", "x.pdf"}, args...)...).want(t, 15).lines(t)[0]
	if w := fmt.Sprint(o["warnings"]); !strings.Contains(w, "HIDDEN_OBJECTS: ") || strings.Contains(w, "NOT_SCANNED") {
		t.Errorf("strict: %s", w)
	}
	writeFile(t, "clean.pdf", paper{size: 5000}.bytes())
	call(t, append([]string{"sign", "clean.pdf", "--strict-input"}, args...)...).want(t, 0)
}

// TestSignWarnsOfEachFile: among several files each warning names its file,
// and a strict run signs those that are clean.
func TestSignWarnsOfEachFile(t *testing.T) {
	home(t)
	newWorld(t)
	writeFile(t, "a.pdf", doubtful()[inspect.JavaScript].bytes())
	writeFile(t, "b.pdf", paper{}.bytes())
	args := []string{"sign", "a.pdf", "b.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--force"}
	said := call(t, args...).want(t, 0, "a.pdf: the document has JavaScript")
	if strings.Contains(said.err, "b.pdf:") {
		t.Errorf("%s", said.err)
	}
	lines := call(t, append(args, "--strict-input", "--json")...).want(t, 3).lines(t)
	if len(lines) != 2 || lines[0]["exit"] != 15.0 || lines[1]["exit"] != 0.0 {
		t.Errorf("%v", lines)
	}
}

// TestSignInputPlaces: a warning names a few places and counts the rest.
func TestSignInputPlaces(t *testing.T) {
	home(t)
	newWorld(t)
	var annots strings.Builder
	p := paper{}
	for i := range 9 {
		fmt.Fprintf(&annots, "%d 0 R ", 6+i)
		p.objects = append(p.objects, fmt.Sprintf("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/JavaScript/JS(a%d)>>>>", i))
	}
	p.page = "/Annots[" + annots.String() + "]"
	p.hidden = strings.Repeat("77 0 obj\nnull\nendobj\n78 0 obj\nnull\nendobj\n79 0 obj\nnull\nendobj\n80 0 obj\nnull\nendobj\n", 3)
	writeFile(t, "a.pdf", p.bytes())
	args := []string{"sign", "a.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--force"}
	call(t, append(args, "--lang", "vi")...).want(t, 0, "(JAVASCRIPT; trang 1", "(HIDDEN_OBJECTS; đối tượng 77, đối tượng 78, đối tượng 79, và 6 chỗ khác)")
	o := call(t, append(args, "--json")...).want(t, 0).lines(t)[0]
	if w := fmt.Sprint(o["warnings"]); !strings.Contains(w, "JAVASCRIPT: and 2 more") || !strings.Contains(w, "HIDDEN_OBJECTS: object 77 0 at byte ") {
		t.Errorf("%s", w)
	}
	call(t, append(args, "--verbose")...).want(t, 0, "HIDDEN_OBJECTS: object 77 0 at byte ")
}
