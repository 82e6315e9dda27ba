package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pagesPDF writes a document with a page for each of the given attributes;
// attributes of the root are inherited.
func pagesPDF(t *testing.T, name, inherited string, pages ...string) {
	t.Helper()
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
	var kids []string
	for i, attributes := range pages {
		content := fmt.Sprintf("BT /F 14 Tf 60 500 Td (page %d) Tj ET", i+1)
		objects = append(objects, fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content))
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R%s/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>", attributes, len(objects)))
		kids = append(kids, fmt.Sprintf("%d 0 R", len(objects)))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d%s/Kids[%s]>>", len(kids), inherited, strings.Join(kids, " "))
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	writeFile(t, name, b.Bytes())
}

// tool runs a program of the machine; a missing one fails the test.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	return out.String()
}

// word is a word of pdftotext -bbox, in points from the upper left of a page.
type word struct {
	page       int
	x, y, w, h float64
	text       string
}

var bbox = regexp.MustCompile(`<page |<word xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">(.*)</word>`)

func words(t *testing.T, name string) []word {
	t.Helper()
	var all []word
	page := 0
	for _, m := range bbox.FindAllStringSubmatch(tool(t, "pdftotext", "-bbox", name, "-"), -1) {
		if m[1] == "" {
			page++
			continue
		}
		var v [4]float64
		for i := range v {
			f, err := strconv.ParseFloat(m[i+1], 64)
			noError(t, err)
			v[i] = f
		}
		all = append(all, word{page, v[0], v[1], v[2] - v[0], v[3] - v[1], m[5]})
	}
	return all
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A mark at a named place of all pages stands at that place of each, whatever
// their sizes, and is drawn as one form on those that are turned alike.
func TestMarkOnUnlikePages(t *testing.T) {
	home(t)
	newWorld(t)
	const a4 = "/MediaBox[0 0 595 842]"
	pagesPDF(t, "a.pdf", a4+"/Rotate 90", a4+"/Rotate 0", a4+"/Rotate 0", a4+"/Rotate 270", "/MediaBox[0 0 1190 842]/Rotate 0", "")
	call(t, "sign", "a.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--page", "all", "--at", "top-right", "--show", "signer", "-o", "b.pdf").want(t, 0)
	found := map[int]word{}
	for _, w := range words(t, "b.pdf") {
		if w.text == "Ký" {
			found[w.page] = w
		}
	}
	for page, want := range map[int][2]float64{1: {341, 72}, 2: {341, 72}, 3: {588, 72}, 4: {936, 72}, 5: {588, 72}} {
		w := found[page]
		if w.x < want[0]-1 || w.x > want[0]+1 || w.y < want[1]-12 || w.y > want[1]+12 {
			t.Errorf("page %d: the mark begins at %.0f, %.0f, want %.0f, %.0f", page, w.x, w.y, want[0], want[1])
		}
	}
	if n := bytes.Count(readFile(t, "b.pdf"), []byte("/Subtype /Form")); n != 3 { // upright, 90, 270
		t.Errorf("%d forms, want 3", n)
	}
	call(t, "verify", "b.pdf", "--trust", "root.pem", "--ignore-revocation").want(t, 0)
	tool(t, "qpdf", "--check", "b.pdf")
}

// 1,000 pages cost one form, one font and a few bytes each.
func TestMarkOnThousandPages(t *testing.T) {
	home(t)
	newWorld(t)
	pagesPDF(t, "a.pdf", "/MediaBox[0 0 595 842]", make([]string, 1000)...)
	call(t, "sign", "a.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--page", "all", "--at", "bottom-left", "-o", "b.pdf").want(t, 0)
	before, after := readFile(t, "a.pdf"), readFile(t, "b.pdf")
	added := after[len(before):]
	for part, want := range map[string]int{"/Subtype /Form": 1, "/Subtype /Type0": 1, "/FT /Sig": 1} {
		if n := bytes.Count(added, []byte(part)); n != want {
			t.Errorf("%d × %s, want %d", n, part, want)
		}
	}
	if per := len(added) / 1000; per > 500 {
		t.Errorf("%d bytes a page", per)
	}
	if n := strings.Count(tool(t, "pdftotext", "b.pdf", "-"), "Ký bởi: NGUYỄN VĂN A"); n != 1000 {
		t.Errorf("the mark is on %d pages", n)
	}
}

// markRun is a folder with a form, a key, pictures, and PDFium compiled.
func markRun(t *testing.T) {
	t.Helper()
	shared := sharedPDFium(t)
	home(t)
	newWorld(t)
	cache := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "kyso")
	noError(t, os.MkdirAll(cache, 0o700))
	noError(t, os.Symlink(shared, filepath.Join(cache, "pdfium")))
	blue, red := image.NewNRGBA(image.Rect(0, 0, 150, 60)), image.NewNRGBA(image.Rect(0, 0, 80, 80))
	for i := range 150 {
		for d := range 6 {
			blue.SetNRGBA(i, i*54/150+d, color.NRGBA{20, 40, 200, 255})
		}
	}
	for y := range 80 {
		for x := range 80 {
			if r := math.Hypot(float64(x)-40, float64(y)-40); r < 39 && r > 32 {
				red.SetNRGBA(x, y, color.NRGBA{220, 20, 20, 160})
			}
		}
	}
	for name, img := range map[string]image.Image{"signature.png": blue, "seal.png": red} {
		var b bytes.Buffer
		noError(t, png.Encode(&b, img))
		writeFile(t, name, b.Bytes())
	}
	var b bytes.Buffer
	noError(t, jpeg.Encode(&b, blue, nil))
	writeFile(t, "photo.jpg", b.Bytes())
}

var signWithFile = []string{"--key", "key.pem", "--cert-file", "cert.pem", "--json", "--force"}

// Each look through the whole program: the words stand exactly where the
// program says, the fonts are embedded, subset and have a Unicode map, little
// is added, and other programs take the file and draw it alike.
func TestMarksOfThePrograms(t *testing.T) {
	markRun(t)
	for name, tc := range map[string]struct {
		args []string
		text string // as a reader reads it
		font string // "": none
	}{
		"default":      {nil, "Ký bởi: NGUYỄN VĂN A Email: a@example.vn Thời gian ký:", "Sans"},
		"igate":        {[]string{"--preset", "igate"}, "Ký bởi: NGUYỄN VĂN A Email: a@example.vn Thời gian ký:", "Sans"},
		"person":       {[]string{"--preset", "nd30-person", "--image", "signature.png"}, "", ""},
		"copy":         {[]string{"--preset", "nd30-copy", "--org", "Ủy ban nhân dân xã Ea Kao"}, "SAO Y; Ủy ban nhân dân xã Ea Kao;", "Serif"},
		"attachment":   {[]string{"--preset", "nd30-attachment", "--doc-number", "12/QĐ-UBND"}, "12/QĐ-UBND;", "Serif"},
		"image-text":   {[]string{"--image", "signature.png", "--border", "--show", "signer"}, "Ký bởi: NGUYỄN VĂN A", "Sans"},
		"image behind": {[]string{"--image", "photo.jpg", "--style", "text", "--image-behind", "--show", "signer"}, "Ký bởi: NGUYỄN VĂN A", "Sans"},
		"bold serif":   {[]string{"--font", "serif", "--bold", "--upper", "--show", "signer,reason", "--reason", "Đồng ý ệ"}, "KÝ BỞI: NGUYỄN VĂN A LÝ DO: ĐỒNG Ý Ệ", "Serif-Bold"},
		"italic":       {[]string{"--font", "serif", "--italic", "--color", "blue", "--show", "title", "--title", "Chủ tịch", "--no-labels"}, "Chủ tịch", "Serif-Italic"},
		"template":     {[]string{"--text", "Người ký: {{upper .Signer}}", "--font-size", "12"}, "Người ký: NGUYỄN VĂN A", "Sans"},
	} {
		t.Run(name, func(t *testing.T) {
			all := append(append([]string{"sign", "form.pdf", "-o", "out.pdf"}, signWithFile...), tc.args...)
			line := call(t, all...).want(t, 0).lines(t)[0]
			rect, page := line["rect"].([]any), int(line["page"].(float64))
			var box [4]float64
			for i := range box {
				box[i] = rect[i].(float64)
			}
			added := len(readFile(t, "out.pdf")) - len(readFile(t, "form.pdf"))
			if added > 40<<10 {
				t.Errorf("%d bytes were added", added)
			}
			if got := textIn(t, "out.pdf", page, box); !strings.HasPrefix(got, tc.text) || tc.text == "" && got != "" {
				t.Errorf("in the box stands %q, want %q", got, tc.text)
			}
			checkFonts(t, tc.font)
			tool(t, "qpdf", "--check", "out.pdf")
			if out := tool(t, "pdfsig", "-nocert", "out.pdf"); !strings.Contains(out, "Signature is Valid") {
				t.Error(out)
			}
			call(t, "verify", "out.pdf", "--trust", "root.pem", "--ignore-revocation").want(t, 0)
			drawnAlike(t, "out.pdf", page, box)
		})
	}
}

// textIn joins the words of a page whose middle is in a box as seen.
func textIn(t *testing.T, name string, page int, box [4]float64) string {
	t.Helper()
	var in []string
	for _, w := range words(t, name) {
		x, y := w.x+w.w/2, 842-w.y-w.h/2
		if w.page == page && x > box[0] && x < box[2] && y > box[1] && y < box[3] {
			in = append(in, w.text)
		}
	}
	return strings.Join(in, " ")
}

// checkFonts wants that the fonts of out.pdf that form.pdf has not are one, of
// the given kind, embedded, subset, with a Unicode map.
func checkFonts(t *testing.T, kind string) {
	t.Helper()
	before := tool(t, "pdffonts", "form.pdf")
	var fonts []string
	for _, l := range strings.Split(strings.TrimSpace(tool(t, "pdffonts", "out.pdf")), "\n") {
		if !strings.Contains(before, l) {
			fonts = append(fonts, l)
		}
	}
	if kind == "" && len(fonts) == 0 {
		return
	}
	want := regexp.MustCompile(`^[A-Z]{6}\+\w+` + kind + `\s+CID TrueType\s+Identity-H\s+yes yes yes`)
	if len(fonts) != 1 || !want.MatchString(fonts[0]) {
		t.Errorf("fonts %q, want one %s", fonts, kind)
	}
}

// dpi of pictures of a page: two pixels a point.
const dpi = "144"

// grey is a part of a page as a program draws it, in cells of 6 by 6 pixels.
func grey(t *testing.T, file string, box [4]float64) []float64 {
	t.Helper()
	f, err := os.Open(file)
	noError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	noError(t, err)
	scale := float64(img.Bounds().Dy()) / 842
	x0, y0 := int(box[0]*scale), int((842-box[3])*scale)
	x1, y1 := int(box[2]*scale), int((842-box[1])*scale)
	var cells []float64
	for y := y0; y+6 <= y1; y += 6 {
		for x := x0; x+6 <= x1; x += 6 {
			sum := 0.0
			for d := range 36 {
				sum += float64(color.GrayModel.Convert(img.At(x+d%6, y+d/6)).(color.Gray).Y)
			}
			cells = append(cells, sum/36/255)
		}
	}
	return cells
}

// far is the largest difference of two pictures, cell by cell.
func far(a, b []float64) float64 {
	worst := 0.0
	for i := range min(len(a), len(b)) {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	if len(a) != len(b) || len(a) == 0 {
		return 1
	}
	return worst
}

// drawnAlike wants that poppler and MuPDF show the same, and that it is not
// nothing.
func drawnAlike(t *testing.T, name string, page int, box [4]float64) {
	t.Helper()
	n := strconv.Itoa(page)
	tool(t, "pdftoppm", "-r", dpi, "-f", n, "-l", n, "-singlefile", "-png", name, "poppler")
	tool(t, "mutool", "draw", "-q", "-r", dpi, "-o", "mupdf.png", name, n)
	a, b := grey(t, "poppler.png", box), grey(t, "mupdf.png", box)
	if d := far(a, b); d > 0.3 {
		t.Errorf("poppler and MuPDF differ by %.2f in a cell", d)
	}
	empty := make([]float64, len(a))
	for i := range empty {
		empty[i] = 1
	}
	if far(a, empty) < 0.1 {
		t.Error("nothing is drawn")
	}
}

// The preview is what is signed afterwards: the same engine draws both alike.
func TestPreviewIsTheResult(t *testing.T) {
	markRun(t)
	for name, args := range map[string][]string{
		"text":         {"--show", "signer,email"},
		"image":        {"--image", "signature.png", "--show", "signer", "--at", "top-left"},
		"texts":        {"--show", "signer", "--doc-number", "Số: 12/QĐ-UBND", "--doc-number-at", "1:60,700,250,730", "--note", "1:60,60,300,90:Đã kiểm tra"},
		"a note alone": {"--invisible", "--note", "1:60,60,300,90:Đã kiểm tra"},
	} {
		t.Run(name, func(t *testing.T) {
			flags := append(append([]string{"form.pdf"}, signWithFile...), args...)
			call(t, append([]string{"sign", "--preview", "look.png"}, flags...)...).want(t, 0)
			if _, err := os.Stat("form.signed.pdf"); err == nil {
				t.Error("a preview wrote an output")
			}
			call(t, append([]string{"sign", "-o", "out.pdf"}, flags...)...).want(t, 0)
			page := [4]float64{0, 0, 595, 842}
			// A preview of the result, with a mark of its own off the page.
			call(t, append([]string{"sign", "out.pdf", "--preview", "after.png", "--invisible"}, signWithFile...)...).want(t, 0)
			if d := far(grey(t, "look.png", page), grey(t, "after.png", page)); d > 0.02 {
				t.Errorf("preview and result differ by %.2f in a cell", d)
			}
			call(t, append([]string{"sign", "--preview", "without.png", "--invisible"}, append([]string{"form.pdf"}, signWithFile...)...)...).want(t, 0)
			if d := far(grey(t, "without.png", page), grey(t, "after.png", page)); d < 0.1 {
				t.Error("the result shows nothing")
			}
		})
	}
}
