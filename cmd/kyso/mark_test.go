package main

import (
	"bytes"
	"fmt"
	"os/exec"
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
