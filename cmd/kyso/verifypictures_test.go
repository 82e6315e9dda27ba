package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// withPDFium is home with the compiled PDFium of the machine.
func withPDFium(t *testing.T) {
	t.Helper()
	shared := sharedPDFium(t)
	home(t)
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(cache, "kyso"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(shared, filepath.Join(cache, "kyso", "pdfium")); err != nil {
		t.Fatal(err)
	}
}

// caseOf picks a document of verifyCases.
func caseOf(t *testing.T, all []verifyCase, name string) verifyCase {
	t.Helper()
	i := slices.IndexFunc(all, func(c verifyCase) bool { return c.name == name })
	if i < 0 {
		t.Fatalf("no case %s", name)
	}
	return all[i]
}

func readPNG(t *testing.T, name string) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(readFile(t, name)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return img
}

// framed are the rows from the first to the last red pixel; -1: there is none.
func framed(img image.Image) (top, bottom int) {
	top, bottom = -1, -1
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if color.RGBAModel.Convert(img.At(x, y)) == (color.RGBA{0xD0, 0, 0, 0xFF}) {
				if top < 0 {
					top = y
				}
				bottom = y
				break
			}
		}
	}
	return top, bottom
}

// TestVerifyChangesPictures: each page as signed and as now, with a frame where
// they differ and nowhere else.
func TestVerifyChangesPictures(t *testing.T) {
	withPDFium(t)
	c := caseOf(t, verifyCases(t), "permitted")
	writeFile(t, "a.pdf", c.data)
	said := callAt(t, c.now, append([]string{"verify", "a.pdf", "--changes", "seen", "--lang", "en"}, c.args...)...).
		want(t, 0, "Pictures of the pages as signed and as now: seen/a (pages that differ: 1)")
	if strings.Contains(said.err, "could not be drawn") {
		t.Fatal(said.err)
	}
	before, after := readPNG(t, "seen/a/signature-1-page-001-signed.png"), readPNG(t, "seen/a/signature-1-page-001-now.png")
	for _, img := range []image.Image{before, after} {
		// The field is at 50 to 70 points from below, of 842, at 100 dpi.
		top, bottom := framed(img)
		if top < 1060 || bottom > 1112 {
			t.Errorf("frame from row %d to %d of %v", top, bottom, img.Bounds())
		}
	}
	// The second signature covers the file: nothing came after it.
	if got, err := filepath.Glob("seen/a/*"); err != nil || len(got) != 2 {
		t.Errorf("%v", got)
	}
	// Nothing is overwritten unasked.
	callAt(t, c.now, append([]string{"verify", "a.pdf", "--changes", "seen"}, c.args...)...).want(t, 1)
	o := callAt(t, c.now, append([]string{"verify", "a.pdf", "--changes", "seen", "--force", "--json"}, c.args...)...).want(t, 0).lines(t)[0]
	p := o["pictures"].([]any)[0].(map[string]any)
	if p["signature"] != 1.0 || p["page"] != 1.0 || p["differs"] != true || p["signed"] != filepath.Join("seen", "a", "signature-1-page-001-signed.png") {
		t.Errorf("%v", p)
	}
}

// TestVerifyChangesOfPages: what has no other side is drawn alone, and pages
// that stay have no frame.
func TestVerifyChangesOfPages(t *testing.T) {
	withPDFium(t)
	p := newSamplePeople(t)
	signed := p.sign(t, paper{}.bytes(), "citizen")
	longer := updated(t, signed, func(f *pdf.File, u *pdf.Update) {
		page, err := f.Page(0)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := f.Dict(page.Dict.Get("Parent"))
		if err != nil {
			t.Fatal(err)
		}
		more := page.Dict.Clone()
		more.Delete("Annots")
		d := tree.Clone()
		d.Set("Kids", pdf.Array{page.Ref, u.Add(more)})
		d.Set("Count", pdf.Integer(2))
		u.Set(page.Dict.Get("Parent").(pdf.Ref), d)
	})
	writeFile(t, "a.pdf", longer)
	o := callAt(t, signingDay(), "verify", "a.pdf", "--trust", "root.pem", "--changes", "seen", "--json").want(t, 4).lines(t)[0]
	pictures := o["pictures"].([]any)
	if len(pictures) != 2 {
		t.Fatalf("%v", pictures)
	}
	one, two := pictures[0].(map[string]any), pictures[1].(map[string]any)
	if one["differs"] != false || two["differs"] != true || two["signed"] != nil || two["now"] == nil {
		t.Errorf("%v", pictures)
	}
	if top, _ := framed(readPNG(t, one["now"].(string))); top >= 0 {
		t.Error("a page that stayed has a frame")
	}
}

// TestVerifyChangesNothingAfter: a file that ends with its signature, one that
// has none, and one whose signature covers no revision give no pictures.
func TestVerifyChangesNothingAfter(t *testing.T) {
	withPDFium(t)
	all := verifyCases(t)
	for _, name := range []string{"valid", "unsigned", "unreadable"} {
		c := caseOf(t, all, name)
		writeFile(t, "a.pdf", c.data)
		said := callAt(t, c.now, "verify", "a.pdf", "--trust", "root.pem", "--changes", "seen", "--lang", "en").want(t, c.exit)
		if _, err := os.Stat("seen"); err == nil || strings.Contains(said.out, "Pictures") {
			t.Errorf("%s: pictures were made: %s", name, said.out)
		}
	}
	// The signature has no range: its revision can't be told.
	bad := bytes.Replace(caseOf(t, all, "valid").data, []byte("/ByteRange"), []byte("/ByteRang_"), 1)
	writeFile(t, "a.pdf", bad)
	callAt(t, signingDay(), "verify", "a.pdf", "--trust", "root.pem", "--changes", "seen", "--lang", "en").want(t, 4, "signed revision of a signature in a.pdf can't be told")
}

// TestVerifyFoldersOfOneName: files of the same name have folders of their own
// for pictures and for what is extracted.
func TestVerifyFoldersOfOneName(t *testing.T) {
	withPDFium(t)
	c := caseOf(t, verifyCases(t), "forbidden")
	for _, dir := range []string{"x", "y"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, "a.pdf"), c.data)
	}
	callAt(t, c.now, "verify", "x/a.pdf", "y/a.pdf", "--trust", "root.pem", "--changes", "seen", "--extract", "parts").want(t, 4)
	for _, name := range []string{"seen/a/signature-1-page-001-now.png", "seen/a-2/signature-1-page-001-now.png", "parts/a/signature-1.p7s", "parts/a-2/signature-1.p7s"} {
		if len(readFile(t, name)) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
}

func TestFolderNames(t *testing.T) {
	n := folderNames{}
	for _, c := range [][2]string{{"x/a.pdf", "a"}, {"y/a.pdf", "a-2"}, {"A.PDF", "A-3"}, {"-", "stdin"}, {"..pdf", "file"}, {"...", "file-2"}, {"b.tar.pdf", "b.tar"}} {
		if got := n.of(c[0]); got != c[1] {
			t.Errorf("%s: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestVerifyChangesOfLocked: the pages of a document with a password are drawn.
func TestVerifyChangesOfLocked(t *testing.T) {
	withPDFium(t)
	p := newSamplePeople(t)
	writeFile(t, "pw", []byte("mat-khau-1"))
	if err := os.Chmod("pw", 0o600); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "plain.pdf", amountForm())
	if out, err := exec.Command("qpdf", "--encrypt", "mat-khau-1", "mat-khau-2", "256", "--", "plain.pdf", "locked.pdf").CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, out)
	}
	locked := p.sign(t, readFile(t, "locked.pdf"), "citizen", "--pdf-password-file", "pw")
	again := p.sign(t, locked, "company", "--pdf-password-file", "pw")
	writeFile(t, "a.pdf", again)
	callAt(t, signingDay(), "verify", "a.pdf", "--trust", "root.pem", "--ignore-revocation", "--changes", "seen", "--pdf-password-file", "pw", "--lang", "en").
		want(t, 0, "pages that differ: none")
	if top, _ := framed(readPNG(t, "seen/a/signature-1-page-001-now.png")); top >= 0 {
		t.Error("a frame where nothing differs")
	}
}
