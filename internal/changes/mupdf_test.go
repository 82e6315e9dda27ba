package changes

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/sign"
)

// What mutool runs on the first page of a document, saved as an update.
const (
	muOpen = "var doc = new PDFDocument(scriptArgs[0]); var page = doc.loadPage(0); var done = false;\n"
	muSave = "\nif (done) doc.save(scriptArgs[0], 'incremental'); print(done);"

	muText = `page.getWidgets().forEach(function (w) {
	if (!done && w.getFieldType() == 'text' && !(w.getFieldFlags() & 1)) { done = w.setTextValue('Tran Thi B') !== false; w.update(); }
});`
	muToggle = `page.getWidgets().forEach(function (w) {
	if (!done && w.getFieldType() == 'checkbox') { w.toggle(); w.update(); done = true; }
});`
	muHighlight = `var a = page.createAnnotation('Highlight'); a.setQuadPoints([[100,100,200,100,100,112,200,112]]); a.setColor([1,1,0]); a.update(); done = true;`
	muUnderline = `var a = page.createAnnotation('Underline'); a.setQuadPoints([[100,100,200,100,100,112,200,112]]); a.setColor([1,0,0]); a.update(); done = true;`
	muStrike    = `var a = page.createAnnotation('StrikeOut'); a.setQuadPoints([[100,100,200,100,100,112,200,112]]); a.setColor([1,0,0]); a.update(); done = true;`
	muNote      = `var a = page.createAnnotation('Text'); a.setRect([4,4,20,20]); a.setContents('hello'); a.update(); done = true;`
	muCover     = `var b = page.bound(); var a = page.createAnnotation('Square'); a.setRect(b); a.setInteriorColor([1,1,1]); a.update(); done = true;`
)

// mutool runs a script on a signed document and returns the update of it, nil
// when the script found nothing to do.
func mutool(t *testing.T, signed []byte, script string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, js := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "run.js")
	for path, data := range map[string][]byte{in: signed, js: []byte(muOpen + script + muSave)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := tool(t, dir, "mutool", "run", js, in); !strings.Contains(out, "true") {
		return nil
	}
	out, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out, signed) {
		return nil // written anew: the document had to be repaired
	}
	return out
}

// Forms filled in and comments made by mutool.
func TestMuPDF(t *testing.T) {
	count := map[string]int{}
	toSign(t, "form plain", func(t *testing.T, path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		signed, ok := signWith(t, data, "NGUYỄN VĂN A", sign.Options{})
		if !ok {
			return
		}
		for _, c := range []struct {
			name, script string
			want         [4]Level // by P
		}{
			{"text", muText, [4]Level{Permitted, Forbidden, Permitted, Permitted}},
			{"check box", muToggle, [4]Level{Permitted, Forbidden, Permitted, Permitted}},
			{"highlight", muHighlight, [4]Level{Permitted, Forbidden, Forbidden, Permitted}},
			{"underline", muUnderline, [4]Level{Permitted, Forbidden, Forbidden, Permitted}},
			{"strike-out", muStrike, [4]Level{Permitted, Forbidden, Forbidden, Permitted}},
			{"note", muNote, [4]Level{Permitted, Forbidden, Forbidden, Permitted}},
			{"cover", muCover, [4]Level{Forbidden, Forbidden, Forbidden, Permitted}},
		} {
			out := mutool(t, signed, c.script)
			if out == nil {
				continue
			}
			count[c.name]++
			for p, want := range c.want {
				if res := judged(t, out, len(signed), Options{DocMDP: p}); res.Level != want {
					t.Errorf("%s at P=%d: %v, want %v\n%s", c.name, p, res.Level, want, show(res))
				}
			}
		}
	})
	t.Log(count)
	if count["text"] < 5 || count["highlight"] < 10 {
		t.Error("too few documents were changed")
	}
}
