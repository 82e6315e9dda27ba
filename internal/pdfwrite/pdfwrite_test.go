package pdfwrite

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func minimal(t *testing.T, extra pdf.Object) []byte {
	t.Helper()
	var w Writer
	pages := w.Alloc()
	page := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Page"), pdf.Name("Parent"), pages, pdf.Name("Resources"), pdf.NewDict(),
		pdf.Name("MediaBox"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Real(595.28), pdf.Real(841.89)},
		pdf.Name("Contents"), w.Add(pdf.NewFlateStream(pdf.NewDict(), []byte("q Q\n")))))
	w.Set(pages, pdf.NewDict(pdf.Name("Type"), pdf.Name("Pages"), pdf.Name("Kids"), pdf.Array{page}, pdf.Name("Count"), pdf.Integer(1)))
	root := w.Add(pdf.NewDict(pdf.Name("Type"), pdf.Name("Catalog"), pdf.Name("Pages"), pages, pdf.Name("X"), extra))
	info := w.Add(pdf.NewDict(pdf.Name("Title"), pdf.String{Value: "a(b\\"}))
	data, err := w.Bytes(root, info, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestQpdfReadsIt(t *testing.T) {
	data := minimal(t, pdf.Array{nil, true, pdf.Integer(-7), pdf.Real(0.25), pdf.Name("a b/đ"), pdf.String{Value: "\x00)"}})
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("qpdf", "--check", path).CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARNING") {
		t.Errorf("%v\n%s", err, out)
	}
	root, err := exec.Command("qpdf", "--show-object=4", path).CombinedOutput()
	const want = `null true -7 0.25 /a#20b#2f#c4#91 <0029>`
	if err != nil || !strings.Contains(strings.ToLower(string(root)), want) {
		t.Errorf("%v\n%s\nwant %s", err, root, want)
	}
	// qpdf prints a number sign bare; ISO 32000-2, 7.3.5 wants it as #23.
	if data := minimal(t, pdf.Name("c#")); !bytes.Contains(data, []byte("/X /c#23")) {
		t.Error("a number sign is not escaped")
	}
}

func TestSameObjectsSameBytes(t *testing.T) {
	if !bytes.Equal(minimal(t, nil), minimal(t, nil)) {
		t.Error("two runs differ")
	}
}

func TestUnknownTypesAreErrors(t *testing.T) {
	var w Writer
	ref := w.Add(pdf.NewDict(pdf.Name("A"), pdf.Array{struct{}{}}))
	if _, err := w.Bytes(ref, pdf.Ref{}, nil); err == nil || !strings.Contains(err.Error(), "object 1") {
		t.Errorf("got %v", err)
	}
}
