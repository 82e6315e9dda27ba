package inspect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func TestHiddenObjects(t *testing.T) {
	updated := func() *doc {
		return plain("", "", "").section("").obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>").section("")
	}
	embedded := plain("", "", "").section("").b.String()
	runAll(t, []sample{
		{"plain", plain("", "", "").section(""), ""},
		{"superseded by an update", updated(), ""},
		{"freed by an update", func() *doc {
			d := plain("", "", "").obj(6, "(old)").section("")
			d.free = []int{6}
			return d.obj(1, "<</Type/Catalog/Pages 2 0 R>>").section("")
		}(), ""},
		{"white space before the object", func() *doc {
			d := plain("", "", "")
			d.rows[6] = int64(d.b.Len())
			d.size = 7
			return d.raw(" \r\n\n").hidden(6, "(x)").section("")
		}(), ""},
		{"twice in one revision", plain("", "", "").hidden(3, "<</Type/Page>>").section(""), "HIDDEN_OBJECTS:1"},
		{"of an unknown number", plain("", "", "").hidden(77, "<</Type/Page>>").section(""), "HIDDEN_OBJECTS:1"},
		{"before the first object", newDoc().hidden(1, "<<>>").page("", resources, text()).section(""), "HIDDEN_OBJECTS:1"},
		{"in the update", updated().hidden(4, "<<>>").obj(9, "null").section(""), "HIDDEN_OBJECTS:1"},
		{"after the last section", updated().hidden(4, "<<>>"), "HIDDEN_OBJECTS:1 TRAILING_BYTES:1"},
		{"in a comment", plain("", "", "").raw("%").hidden(6, "<<>>").section(""), "HIDDEN_OBJECTS:1"},
		{"in a comment of a dictionary", plain("", "", "").obj(6, "<</A%7 0 obj<<>>endobj\n/B>>").section(""), "HIDDEN_OBJECTS:1"},
		{"in a string", plain("", "", "").obj(6, "<</A(\n7 0 obj<<>>endobj\n)>>").section(""), "HIDDEN_OBJECTS:1"},
		{"at an offset listed for another number", func() *doc {
			d := plain("", "", "")
			d.rows[8] = int64(d.b.Len())
			d.size = 10
			return d.hidden(9, "<<>>").section("")
		}(), "HIDDEN_OBJECTS:1 NOT_SCANNED:1"},
		{"a free row over a living object", func() *doc {
			d := plain("", "", "").hidden(6, "<</Type/Catalog>>")
			d.free = []int{6}
			return d.section("")
		}(), "HIDDEN_OBJECTS:1"},
		{"in the data of a stream", plain("", "", "").stream(6, "", embedded).section(""), ""},
		{"in the data of a stream, /Length is a reference", plain("", "", "").
			obj(6, fmt.Sprintf("<</Length 7 0 R>>stream\n%s\nendstream", embedded)).obj(7, fmt.Sprint(len(embedded))).section(""), ""},
		{"in the data of a stream, /Length is wrong", plain("", "", "").
			obj(6, "<</Length 3>>stream\n9 0 obj null endobj\nendstream").section(""), ""},
		{"the word stream without a dictionary", plain("", "", "").
			obj(6, "null").raw("stream\n").hidden(9, "<<>>").raw("endstream\n").section(""), "HIDDEN_OBJECTS:1"},
		{"no endstream before the next object", plain("", "", "").
			raw("6 0 obj<</Length 9>>stream\n").hidden(7, "<<>>").obj(8, "(x)").section(""), "HIDDEN_OBJECTS:2"},
		{"the word obj in text", plain("", "", "").obj(6, "(obj, an obj 5 obj; 3 0 object)").section(""), ""},
	})
}

func TestHiddenObjectsSaysWhere(t *testing.T) {
	d := plain("", "", "")
	at := d.b.Len()
	f := only(t, inspect(t, d.hidden(3, "<<>>").section("")), HiddenObjects)
	if want := fmt.Sprintf("object 3 0 at byte %d is in no cross-reference; the object of this number in use is at byte", at); !strings.HasPrefix(f.Detail, want) {
		t.Errorf("got %q, want %q", f.Detail, want)
	}
	if f.Object != (pdf.Ref{Num: 3}) {
		t.Errorf("object %v", f.Object)
	}
}

// objStream writes an object stream as object n.
func (d *doc) objStream(n int, nums []int, bodies ...string) *doc {
	var index, data strings.Builder
	for i, k := range nums {
		fmt.Fprintf(&index, "%d %d ", k, data.Len())
		data.WriteString(bodies[i] + " ")
	}
	return d.stream(n, fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", len(nums), index.Len()), deflate(index.String()+data.String()))
}

// streamSection ends a revision with a cross-reference stream as object n;
// packed are numbers in object stream packer.
func (d *doc) streamSection(n, packer int, packed ...int) *doc {
	at := d.b.Len()
	d.rows[n] = int64(at)
	d.size = max(d.size, n+1)
	var index, data strings.Builder
	for k, off := range d.rows {
		fmt.Fprintf(&index, "%d 1 ", k)
		data.Write([]byte{1, byte(off >> 16), byte(off >> 8), byte(off), 0})
	}
	for i, k := range packed {
		fmt.Fprintf(&index, "%d 1 ", k)
		data.Write([]byte{2, 0, 0, byte(packer), byte(i)})
		d.size = max(d.size, k+1)
	}
	prev := ""
	if d.prev > 0 {
		prev = fmt.Sprintf("/Prev %d", d.prev)
	}
	d.hidden(n, streamBody(fmt.Sprintf("/Type/XRef/W[1 3 1]/Index[%s]/Size %d/Root 1 0 R%s", index.String(), d.size, prev), data.String()))
	d.raw(fmt.Sprintf("startxref\n%d\n%%%%EOF\n", at))
	d.prev = int64(at)
	d.rows = make(map[int]int64)
	return d
}

func TestHiddenObjectsInObjectStreams(t *testing.T) {
	runAll(t, []sample{
		{"all listed", plain("", "", "").objStream(20, []int{8, 9}, "(a)", "(b)").streamSection(21, 20, 8, 9), ""},
		{"superseded by an update", plain("", "", "").objStream(20, []int{8, 9}, "(a)", "(b)").streamSection(21, 20, 8, 9).
			objStream(22, []int{8}, "(c)").streamSection(23, 22, 8), ""},
		{"one not listed", plain("", "", "").objStream(20, []int{8, 9}, "(a)", "<</Type/Page>>").streamSection(21, 20, 8), "HIDDEN_OBJECTS:1"},
		{"one that stands outside too", plain("", "", "").objStream(20, []int{8, 3}, "(a)", "<</Type/Page>>").streamSection(21, 20, 8), "HIDDEN_OBJECTS:1"},
		{"in two streams", plain("", "", "").objStream(20, []int{8}, "(a)").objStream(22, []int{8}, "(b)").streamSection(21, 20, 8), "HIDDEN_OBJECTS:1"},
		{"a reference to the stream", newDoc().page("/Leads 20 0 R", resources, text()).objStream(20, []int{8, 9}, "(a)", "(b)").
			streamSection(21, 20, 8), "HIDDEN_OBJECTS:1"},
	})
}

// TestHiddenCrossReferenceStream: its own row is often wrong or missing.
func TestHiddenCrossReferenceStream(t *testing.T) {
	d := plain("", "", "").objStream(20, []int{8}, "(a)").streamSection(21, 20, 8)
	b := d.b.String()
	i := strings.LastIndex(b, "/Index[")
	j := strings.Index(b[i:], "21 1 ")
	if j < 0 {
		t.Fatal("the stream lists itself nowhere")
	}
	b = b[:i+j] + "25 1 " + b[i+j+5:]
	r := inspectWith(t, []byte(b), Options{})
	if r.Has(HiddenObjects) {
		t.Errorf("%+v", r.Findings)
	}
}

// TestHiddenLinear: a hostile file costs no more than its length.
func TestHiddenLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"headers":           "7 0 obj ",
		"open dictionaries": "7 0 obj<<",
		"open strings":      "7 0 obj<</A(",
		"no endstream":      "7 0 obj<<>>stream\n",
		"length of itself":  "7 0 obj<</Length 7 0 R>>stream\n",
		"long white":        "7 0 obj" + strings.Repeat(" ", 900),
		"the letters":       "objobjobj",
	} {
		t.Run(name, func(t *testing.T) {
			d := plain("", "", "").raw(strings.Repeat(piece, 4<<20/len(piece)) + "\n").section("")
			start := time.Now()
			r := inspect(t, d)
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%v for %d bytes", took, d.b.Len())
			}
			if len(r.Findings) > 100 {
				t.Errorf("%d findings", len(r.Findings))
			}
		})
	}
}

func TestNotScannedTooLong(t *testing.T) {
	d := plain("", "", "").hidden(3, "<<>>").section("")
	r := inspectWith(t, d.b.Bytes(), Options{ScanBytes: 100})
	if got := codes(r); got != "NOT_SCANNED:1" {
		t.Errorf("%s: %+v", got, r.Findings)
	}
}

// TestWindowBorders: an object is found wherever the windows of the scan end.
func TestWindowBorders(t *testing.T) {
	base := plain("", "", "").b.Len()
	for shift := -40; shift < 10; shift++ {
		d := plain("", "", "")
		pad := scanWindow + shift - base
		d.raw("%"+strings.Repeat("x", pad)+"\n").hidden(77, "<<>>")
		d.raw("%"+strings.Repeat("x", scanWindow)+"\n").stream(8, "", "9 0 obj null endobj").section("")
		if got := codes(inspect(t, d)); got != "HIDDEN_OBJECTS:1" {
			t.Fatalf("shift %d: %q", shift, got)
		}
	}
}

// TestDataOfStreamsIsPassedOver: what may be read is for what lies between the
// streams, so that a file of pictures is looked at whole.
func TestDataOfStreamsIsPassedOver(t *testing.T) {
	d := plain("", "", "")
	for i := range 20 {
		d.stream(10+i, "/Subtype/Image", strings.Repeat("x", 100_000))
	}
	b := d.hidden(77, "null").section("").b.Bytes()
	if got := codes(inspectWith(t, b, Options{ScanBytes: 400_000})); got != "HIDDEN_OBJECTS:1" {
		t.Errorf("%q", got)
	}
	if got := codes(inspectWith(t, b, Options{ScanBytes: 40_000})); got != "NOT_SCANNED:1" {
		t.Errorf("%q", got)
	}
}
