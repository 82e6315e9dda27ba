package appearance

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/pdfwrite"
)

var fixedTime = time.Date(2023, 5, 12, 8, 35, 12, 0, time.UTC)

var sampleInfo = Info{
	Signer: "NGUYỄN VĂN A", Email: "a@example.vn", Org: "Ủy ban nhân dân xã Ea Kao", Title: "Chủ tịch",
	Time: fixedTime, Reason: "Phê duyệt", Location: "Đắk Lắk", Serial: "54010203", Issuer: "CA Thử Nghiệm",
}

// vietnameseLetters are the 134 letters with accents: each of 12 vowels with
// each of five tones, the six vowels that are letters of their own, and đ, in
// both cases.
func vietnameseLetters() string {
	var b strings.Builder
	for _, v := range "aăâeêioôơuưy" {
		for _, tone := range []string{"\u0300", "\u0301", "\u0309", "\u0303", "\u0323"} {
			b.WriteString(norm.NFC.String(string(v) + tone))
		}
	}
	b.WriteString("ăâêôơưđ")
	lower := b.String()
	return lower + strings.ToUpper(lower)
}

// testPage is a page geometry; the zero value is A4 upright.
type testPage struct {
	media, crop [4]float64
	rotate      int
	unit        float64
}

func (tp testPage) page() *pdf.Page {
	p := &pdf.Page{MediaBox: tp.media, CropBox: tp.crop, Rotate: tp.rotate, UserUnit: tp.unit}
	if p.MediaBox == [4]float64{} {
		p.MediaBox = [4]float64{0, 0, 595, 842}
	}
	if p.CropBox == [4]float64{} {
		p.CropBox = p.MediaBox
	}
	return p
}

// markedPDF writes a one-page file with the mark as a stamp at r.
func markedPDF(t testing.TB, tp testPage, r Rect, m *Mark) []byte {
	t.Helper()
	return writeMarked(t, tp, r, m, true)
}

// drawnPDF writes a one-page file with the mark as page content at r.
func drawnPDF(t testing.TB, tp testPage, r Rect, m *Mark) []byte {
	t.Helper()
	return writeMarked(t, tp, r, m, false)
}

func writeMarked(t testing.TB, tp testPage, r Rect, m *Mark, stamp bool) []byte {
	t.Helper()
	var w pdfwrite.Writer
	page := tp.page()
	rect, matrix := UserRect(page, r)
	form, err := m.AddTo(&w, matrix)
	if err != nil {
		t.Fatal(err)
	}
	pages := w.Alloc()
	d := pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Page"), pdf.Name("Parent"), pages,
		pdf.Name("MediaBox"), numbers(page.MediaBox[:]...), pdf.Name("CropBox"), numbers(page.CropBox[:]...),
		pdf.Name("Rotate"), pdf.Integer(page.Rotate), pdf.Name("Resources"), pdf.NewDict())
	if stamp {
		d.Set("Annots", pdf.Array{w.Add(pdf.NewDict(
			pdf.Name("Type"), pdf.Name("Annot"), pdf.Name("Subtype"), pdf.Name("Stamp"),
			pdf.Name("F"), pdf.Integer(4), pdf.Name("Rect"), numbers(rect[:]...),
			pdf.Name("AP"), pdf.NewDict(pdf.Name("N"), form)))})
	} else {
		d.Set("Resources", pdf.NewDict(pdf.Name("XObject"), pdf.NewDict(pdf.Name("M"), form)))
		content := fmt.Sprintf("q 1 0 0 1 %s %s cm /M Do Q", num(rect[0]), num(rect[1]))
		d.Set("Contents", w.Add(pdf.NewFlateStream(pdf.NewDict(), []byte(content))))
	}
	if page.UserUnit != 0 {
		d.Set("UserUnit", pdf.Real(page.UserUnit))
	}
	w.Set(pages, pdf.NewDict(pdf.Name("Type"), pdf.Name("Pages"),
		pdf.Name("Kids"), pdf.Array{w.Add(d)}, pdf.Name("Count"), pdf.Integer(1)))
	root := w.Add(pdf.NewDict(pdf.Name("Type"), pdf.Name("Catalog"), pdf.Name("Pages"), pages))
	out, err := w.Bytes(root, pdf.Ref{}, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// runTool runs a tool and returns its stdout; a missing tool fails the test.
func runTool(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out, stderr.String())
	}
	return string(out)
}

func tempFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rasterize draws page 1 with poppler at 144 dpi: two pixels a point.
func rasterize(t testing.TB, pdfData []byte) image.Image { return rasterizeUnit(t, pdfData, 1) }

// rasterizeUnit is rasterize for a page with /UserUnit, which poppler does not
// know.
func rasterizeUnit(t testing.TB, pdfData []byte, unit float64) image.Image {
	t.Helper()
	in := tempFile(t, "in.pdf", pdfData)
	out := strings.TrimSuffix(in, ".pdf")
	runTool(t, "pdftoppm", "-r", fmt.Sprint(144*unit), "-cropbox", "-png", "-singlefile", in, out)
	f, err := os.Open(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// region cuts a rectangle of the page as seen out of its picture.
func region(img image.Image, r Rect) *image.Gray {
	b := img.Bounds()
	w, h := int(2*r.Width()+0.5), int(2*r.Height()+0.5)
	x0, y0 := int(2*r[0]+0.5), b.Dy()-int(2*r[3]+0.5)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.Set(x, y, img.At(x0+x, y0+y))
		}
	}
	return out
}

// darkness is the share of ink in a picture, 0 to 1.
func darkness(g *image.Gray) float64 {
	sum := 0
	for _, v := range g.Pix {
		sum += 255 - int(v)
	}
	return float64(sum) / 255 / float64(len(g.Pix))
}

// difference is the mean difference of two pictures after a small blur, 0 to
// 1: edges that fall between pixels count little, a moved line counts.
func difference(a, b *image.Gray) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	w, h := a.Bounds().Dx(), a.Bounds().Dy()
	sum, n := 0.0, 0
	for y := 0; y+3 <= h; y += 3 {
		for x := 0; x+3 <= w; x += 3 {
			d := 0
			for dy := range 3 {
				for dx := range 3 {
					d += int(a.GrayAt(x+dx, y+dy).Y) - int(b.GrayAt(x+dx, y+dy).Y)
				}
			}
			if d < 0 {
				d = -d
			}
			sum += float64(d) / 9 / 255
			n++
		}
	}
	return sum / float64(n)
}

func mustCompose(t testing.TB, s Style, i Info, w, h float64) *Mark {
	t.Helper()
	m, err := Compose(s, i, w, h)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// cell is the side of a cell of worstCell, in pixels: 3 pt, the room of a
// diacritic.
const cell = 6

// worstCell is the largest difference of the mean of a cell, 0 to 1: a letter
// or a diacritic that is missing counts, however white the rest is.
func worstCell(a, b *image.Gray) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	worst := 0.0
	for y := 0; y+cell <= a.Bounds().Dy(); y += cell / 2 { // they overlap: a dot is whole in one
		for x := 0; x+cell <= a.Bounds().Dx(); x += cell / 2 {
			d := 0
			for dy := range cell {
				for dx := range cell {
					d += int(a.GrayAt(x+dx, y+dy).Y) - int(b.GrayAt(x+dx, y+dy).Y)
				}
			}
			worst = max(worst, math.Abs(float64(d))/cell/cell/255)
		}
	}
	return worst
}

// shrunk is a picture at a third of its size: for whole pages, where the place
// counts.
func shrunk(g *image.Gray) *image.Gray {
	const n = 3
	out := image.NewGray(image.Rect(0, 0, g.Bounds().Dx()/n, g.Bounds().Dy()/n))
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			sum := 0
			for dy := range n {
				for dx := range n {
					sum += int(g.GrayAt(n*x+dx, n*y+dy).Y)
				}
			}
			out.SetGray(x, y, color.Gray{Y: uint8(sum / n / n)})
		}
	}
	return out
}
