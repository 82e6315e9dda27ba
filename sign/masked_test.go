package sign_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/sign"
)

// masks are files that readers may read differently: what one shows, another
// hides.
func masks(t *testing.T) map[string][]byte {
	t.Helper()
	plain := input{}.bytes()
	other := "5 0 obj\n<</Length 10>>stream\n1 g % other\nendstream\nendobj\n"
	page := func(body string) []byte { return input{objects: map[int]string{3: body}}.bytes() }
	content := func(body string) []byte { return input{objects: map[int]string{4: body}}.bytes() }
	return map[string][]byte{
		"key twice in a page":          page("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Contents 1 0 R>>"),
		"key twice, escaped":           page("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Con#74ents 2 0 R>>"),
		"object twice":                 bytes.Replace(plain, []byte("xref\n"), []byte("4 0 obj\n<</Length 8>>stream\n1 g 0 0 m\nendstream\nendobj\nxref\n"), 1),
		"object behind the end":        append(bytes.Clone(plain), strings.Replace(other, "5 0", "4 0", 1)...),
		"Length too short":             content("<</Length 5>>stream\n0.5 g 100 100 50 50 re f % content\nendstream"),
		"Length too long":              content("<</Length 500>>stream\n0.5 g 100 100 50 50 re f % content\nendstream"),
		"Length twice":                 content("<</Length 34/Length 5>>stream\n0.5 g 100 100 50 50 re f % content\nendstream"),
		"endstream within":             content("<</Length 44>>stream\n0.5 g % endstream endobj \n100 100 50 50 re f\nendstream"),
		"object within a comment":      bytes.Replace(plain, []byte("4 0 obj\n"), []byte("4 0 obj\n%<</Length 0>>stream\n"), 1),
		"row of another object":        swapRows(t, plain),
		"startxref of an old section":  append(bytes.Clone(plain), "startxref\n"+lastOffset(plain)+"\n%%EOF\n"...),
		"two roots":                    replaced(t, plain, `/Root 1 0 R`, "/Root 1 0 R/Root 2 0 R"),
		"hybrid that hides an object":  input{form: "hybrid"}.bytes(),
		"header within a string":       append([]byte("(%PDF-1.3)\n"), plain...),
		"trailer before the real one":  bytes.Replace(plain, []byte("xref\n0"), []byte("trailer\n<</Root 2 0 R>>\nxref\n0"), 1),
		"page that is its own content": page("<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"),
	}
}

// swapRows makes the rows of the page and of its content those of each other.
func swapRows(t *testing.T, data []byte) []byte {
	t.Helper()
	out := bytes.Clone(data)
	at := bytes.Index(out, []byte("xref\n0 5\n")) + len("xref\n0 5\n")
	page, content := out[at+3*20:at+4*20], out[at+4*20:at+5*20]
	for i := range page {
		page[i], content[i] = content[i], page[i]
	}
	return out
}

// TestZ29TwoReaders: such a file is refused, or qpdf reads of the result what
// this reader reads: the same page content from the same object.
func TestZ29TwoReaders(t *testing.T) {
	signedFiles := 0
	for name, data := range masks(t) {
		t.Run(name, func(t *testing.T) {
			key, cert := signer(cmstest.P256)
			out, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now})
			var refused *sign.RefusedError
			if errors.As(err, &refused) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			signedFiles++
			checkPrefix(t, data, out)
			path := save(t, out)
			if text, _ := command(t, "pdfsig", "-nocert", path); !strings.Contains(text, "Signature is Valid.") {
				t.Errorf("pdfsig:\n%s", text)
			}
			f := openFile(t, out)
			first, err := f.Page(0)
			if err != nil {
				t.Fatal(err)
			}
			ref, ok := first.Dict.Get("Contents").(pdf.Ref)
			if !ok {
				t.Fatalf("the content is %v", first.Dict.Get("Contents"))
			}
			page, _ := command(t, "qpdf", "--warning-exit-0", fmt.Sprintf("--show-object=%d", first.Ref.Num), path)
			if !strings.Contains(page, fmt.Sprintf("/Contents %d %d R", ref.Num, ref.Gen)) {
				t.Errorf("the content is object %d here, for qpdf the page is %s", ref.Num, page)
			}
			s, err := f.Stream(ref)
			if err != nil {
				return // no content for either: the page shows nothing
			}
			ours, err := s.Decode(1 << 20)
			if err != nil {
				t.Fatal(err)
			}
			theirs, _ := command(t, "qpdf", "--warning-exit-0", fmt.Sprintf("--show-object=%d", ref.Num), "--filtered-stream-data", path)
			if !strings.Contains(theirs, strings.TrimSpace(string(ours))) || len(bytes.TrimSpace(ours)) == 0 {
				t.Errorf("object %d is %q here, for qpdf %q", ref.Num, ours, theirs)
			}
		})
	}
	if signedFiles == 0 {
		t.Error("none was signed")
	}
}
