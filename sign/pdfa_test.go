package sign_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// archival is a small PDF/A file of a part; intent is the number of components
// of its output intent, 0: none.
func archival(part string, intent int) input {
	xmp := `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` + part + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
	catalog := "<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R"
	objects := map[int]string{5: fmt.Sprintf("<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream", len(xmp), xmp)}
	if intent != 0 {
		catalog += "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(x)/DestOutputProfile 6 0 R>>]"
		objects[6] = fmt.Sprintf("<</N %d/Length 4>>stream\nicc!\nendstream", intent)
	}
	objects[1] = catalog + ">>"
	return input{objects: objects, header: "%PDF-1.4"}
}

const (
	partOne      = `<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>`
	partOneShort = `<pdfaid:x pdfaid:part="1"/>`
	partTwo      = `<pdfaid:part>2</pdfaid:part>`
)

// picture is a PNG with a soft edge.
func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		img.Set(i%4, i/4, color.NRGBA{R: 200, A: uint8(i * 17)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// dump is all of a file as qpdf writes it plainly.
func dump(t *testing.T, path string) string {
	t.Helper()
	text, err := command(t, "qpdf", "--qdf", "--object-streams=disable", "--no-original-object-ids", path, "-")
	if err != nil {
		t.Fatalf("qpdf: %v\n%s", err, text)
	}
	return text
}

// TestArchiveStaysArchive: no validator of PDF/A is in Debian, so the rules that
// a mark and a field can break are looked at one by one.
func TestArchiveStaysArchive(t *testing.T) {
	mark := visible()
	mark.Style = appearance.Style{Layout: appearance.ImageText, Image: picture(t)}
	for _, c := range []struct {
		name                 string
		in                   input
		set, cal, mask, form bool // /CIDSet, /CalRGB, /SMask; invisible: an appearance
	}{
		{"none", input{}, false, false, true, false},
		{"1, no intent", archival(partOne, 0), true, true, false, true},
		{"1, as attribute", archival(partOneShort, 0), true, true, false, true},
		{"1, RGB", archival(partOne, 3), true, false, false, true},
		{"1, CMYK", archival(partOne, 4), true, true, false, true},
		{"2, no intent", archival(partTwo, 0), false, true, true, false},
		{"2, RGB", archival(partTwo, 3), false, false, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := c.in.bytes()
			out, _ := signed(t, data, cmstest.P256, mark)
			path := save(t, out)
			checkPrefix(t, data, out)
			checkQPDF(t, path)
			checkPDFSig(t, path, 1)
			text := dump(t, path)
			for key, want := range map[string]bool{"/CIDSet": c.set, "/CalRGB": c.cal, "/CalGray": c.cal, "/SMask": c.mask, "/Group": false, "/S /Transparency": false} {
				if strings.Contains(text, key) != want {
					t.Errorf("%s is there: %v, want %v", key, !want, want)
				}
			}
			if flags := regexp.MustCompile(`/F (\d+)\n`).FindStringSubmatch(text); flags == nil || flags[1] != "132" {
				t.Errorf("flags %v, want Print and Locked", flags)
			}
			hidden, _ := signed(t, data, cmstest.P256, sign.Options{})
			if got := strings.Contains(dump(t, save(t, hidden)), "/AP <<"); got != c.form {
				t.Errorf("an appearance of the invisible field: %v, want %v", got, c.form)
			}
			if bytes.Count(out, []byte("/Metadata")) > bytes.Count(data, []byte("/Metadata"))+1 {
				t.Error("the metadata were written again")
			}
		})
	}
}

// TestCIDSetNamesTheGlyphs: a bit for each glyph of the subset.
func TestCIDSetNamesTheGlyphs(t *testing.T) {
	out, _ := signed(t, archival(partOne, 3).bytes(), cmstest.P256, visible())
	text := dump(t, save(t, out))
	m := regexp.MustCompile(`(?s)/W \[\s*0\s*\[([^\]]*)\]`).FindStringSubmatch(text)
	ref := regexp.MustCompile(`/CIDSet (\d+) 0 R`).FindStringSubmatch(text)
	if m == nil || ref == nil {
		t.Fatal("no widths or no /CIDSet")
	}
	n := len(strings.Fields(m[1]))
	at := strings.Index(text, "\n"+ref[1]+" 0 obj")
	body := text[at:]
	body = body[strings.Index(body, "stream\n")+len("stream\n"):]
	ones := 0
	for _, b := range []byte(body[:(n+7)/8]) {
		for ; b != 0; b &= b - 1 {
			ones++
		}
	}
	if ones != n || n < 10 {
		t.Errorf("%d bits for %d glyphs", ones, n)
	}
}
