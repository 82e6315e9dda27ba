package inspect

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// doc writes a PDF for a test: objects, then sections with tables.
type doc struct {
	b    bytes.Buffer
	rows map[int]int64
	free []int
	prev int64
	size int
}

func newDoc() *doc {
	d := &doc{rows: make(map[int]int64)}
	d.b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return d
}

func (d *doc) raw(s string) *doc {
	d.b.WriteString(s)
	return d
}

// obj writes an object that the next section lists.
func (d *doc) obj(n int, body string) *doc {
	d.rows[n] = int64(d.b.Len())
	d.size = max(d.size, n+1)
	return d.hidden(n, body)
}

// hidden writes an object that no section lists.
func (d *doc) hidden(n int, body string) *doc {
	fmt.Fprintf(&d.b, "%d 0 obj\n%s\nendobj\n", n, body)
	return d
}

func (d *doc) stream(n int, dict, data string) *doc { return d.obj(n, streamBody(dict, data)) }

func streamBody(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

// section writes a table and a trailer.
func (d *doc) section(trailer string) *doc {
	at := int64(d.b.Len())
	d.raw("xref\n")
	if d.prev == 0 {
		d.raw("0 1\n0000000000 65535 f \n")
	}
	for _, n := range slices.Sorted(maps.Keys(d.rows)) {
		fmt.Fprintf(&d.b, "%d 1\n%010d 00000 n \n", n, d.rows[n])
	}
	for _, n := range d.free {
		fmt.Fprintf(&d.b, "%d 1\n0000000000 00001 f \n", n)
	}
	prev := ""
	if d.prev > 0 {
		prev = fmt.Sprintf("/Prev %d", d.prev)
	}
	fmt.Fprintf(&d.b, "trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n", d.size, prev, trailer, at)
	d.prev = at
	d.rows, d.free = make(map[int]int64), nil
	return d
}

// page writes catalog, page tree and a page of A4 as objects 1 to 4, a font as
// object 5. Content is object 4.
func (d *doc) page(catalog, page, content string) *doc {
	d.obj(1, "<</Type/Catalog/Pages 2 0 R"+catalog+">>")
	d.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	d.obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"+page+">>")
	d.stream(4, "", content)
	return d.obj(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
}

// resources of a page with the font.
const resources = "/Resources<</Font<</F1 5 0 R>>/XObject<</X 10 0 R>>/ExtGState<</Half<</ca .5>>/Mul<</BM/Multiply>>>>>>"

// text is ten lines of text from the top of the page.
func text() string {
	return "BT /F1 12 Tf 14 TL 50 780 Td" + strings.Repeat(" (The quick brown fox jumps over the lazy dog) Tj T*", 10) + " ET\n"
}

// plain is a page with text, without its section.
func plain(catalog, page, more string) *doc {
	return newDoc().page(catalog, resources+page, text()+more)
}

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func open(t testing.TB, b []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, b[:min(len(b), 2000)])
	}
	return f
}

func inspect(t testing.TB, d *doc) *Report {
	t.Helper()
	return inspectWith(t, d.b.Bytes(), Options{})
}

func inspectWith(t testing.TB, b []byte, o Options) *Report {
	t.Helper()
	r, err := Inspect(context.Background(), open(t, b), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sample is a file and the codes that it has to give, joined by spaces.
type sample struct {
	name string
	d    *doc
	want string
}

func runAll(t *testing.T, samples []sample) {
	t.Helper()
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			r := inspect(t, s.d)
			if got := codes(r); got != s.want {
				t.Errorf("got %q, want %q: %+v", got, s.want, r.Findings)
			}
		})
	}
}

// only returns the one finding of a code.
func only(t *testing.T, r *Report, c Code) Finding {
	t.Helper()
	var out []Finding
	for _, f := range r.Findings {
		if f.Code == c {
			out = append(out, f)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d findings %s: %+v", len(out), c, r.Findings)
	}
	return out[0]
}
