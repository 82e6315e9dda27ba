package pagetext_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/pdfwrite"
)

// signedLook is a page with a signature field whose widget shows a mark, and
// with nothing else.
func signedLook(t *testing.T, rect appearance.Rect) []byte {
	t.Helper()
	var w pdfwrite.Writer
	mark, err := appearance.Compose(appearance.Style{}, appearance.Info{Signer: "NGUYỄN VĂN A"}, rect.Width(), rect.Height())
	if err != nil {
		t.Fatal(err)
	}
	form, err := mark.AddTo(&w, [6]float64{1, 0, 0, 1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	box := pdf.Array{pdf.Real(rect[0]), pdf.Real(rect[1]), pdf.Real(rect[2]), pdf.Real(rect[3])}
	field := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Annot"), pdf.Name("Subtype"), pdf.Name("Widget"), pdf.Name("FT"), pdf.Name("Sig"),
		pdf.Name("T"), pdf.String{Value: "Signature1"}, pdf.Name("F"), pdf.Integer(132), pdf.Name("Rect"), box,
		pdf.Name("AP"), pdf.NewDict(pdf.Name("N"), form)))
	pages := w.Alloc()
	page := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Page"), pdf.Name("Parent"), pages, pdf.Name("Resources"), pdf.NewDict(),
		pdf.Name("MediaBox"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Integer(300), pdf.Integer(200)},
		pdf.Name("Annots"), pdf.Array{field}))
	w.Set(pages, pdf.NewDict(pdf.Name("Type"), pdf.Name("Pages"), pdf.Name("Kids"), pdf.Array{page}, pdf.Name("Count"), pdf.Integer(1)))
	root := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Catalog"), pdf.Name("Pages"), pages,
		pdf.Name("AcroForm"), pdf.NewDict(pdf.Name("Fields"), pdf.Array{field}, pdf.Name("SigFlags"), pdf.Integer(3))))
	data, err := w.Bytes(root, pdf.Ref{}, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestMarkOfWidgetIsDrawn: a preview without the mark would be of no use.
func TestMarkOfWidgetIsDrawn(t *testing.T) {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	ctx := context.Background()
	e, err := pagetext.New(ctx, pagetext.Options{CacheDir: filepath.Join(base, "kyso-test")})
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Open(ctx, signedLook(t, appearance.Rect{50, 60, 250, 120}), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(d.Close(), e.Close()); err != nil {
			t.Error(err)
		}
	}()
	img, err := d.Render(ctx, 0, 72)
	if err != nil {
		t.Fatal(err)
	}
	inside, outside := 0, 0
	for y := range 200 {
		for x := range 300 {
			r, g, b, _ := img.At(x, y).RGBA()
			switch in := x >= 50 && x < 250 && y >= 80 && y < 140; {
			case r == 0xFFFF && g == 0xFFFF && b == 0xFFFF:
			case in && r == g && g == b:
				inside++
			default: // also: a highlight of the field would be coloured
				outside++
			}
		}
	}
	if inside < 100 || outside > 0 {
		t.Errorf("%d grey pixels in the box, %d others", inside, outside)
	}
	// The text of a mark is no text of the page: it is not placed against.
	if text, err := d.Text(ctx, 0); err != nil || strings.TrimSpace(text) != "" {
		t.Errorf("text of the page: %q, %v", text, err)
	}
}
