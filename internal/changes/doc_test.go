package changes

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

// objects are the bodies of objects by number.
type objects map[uint32]string

// doc writes a PDF revision by revision.
type doc struct {
	b       bytes.Buffer
	rows    map[uint32]docRow
	prev    int64
	size    uint32
	root    string
	trail   string // more trailer entries
	objects objects
	signed  int64 // end of the signed revision
}

type docRow struct {
	off    int64
	gen    uint32
	free   bool
	stream uint32 // object stream; gen is the index then
}

// The objects of the signed revision of base. Numbers from 60 on are free.
const (
	nCatalog = 1 + iota
	nPages
	nPage1
	nContent1
	nFont
	nForm
	nAmount // text field, value 100
	nAmountAP
	nSig // signed field Signature1
	nSigValue
	nSigAP
	nInfo
	nXMP
	nPage2
	nContent2
	nImage
	nAgree // check box
	nAgreeOn
	nAgreeOff
	nEmptySig // empty signature field Signature2
	nNote     // Text annotation
	nStamp    // Stamp annotation with appearance
	nStampAP
	nOutline
	nStructRoot
	nStructElem
	nParentTree
	nOrphan
)

const base0 = 60

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

func form(w, h int, data string) string {
	return stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Resources<</Font<</F1 5 0 R>>>>", w, h), data)
}

func page(contents, annots, more string) string {
	return "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>/Contents " +
		contents + " 0 R/Annots[" + annots + "]" + more + ">>"
}

const (
	annots1    = "7 0 R 9 0 R 17 0 R 20 0 R 21 0 R 22 0 R"
	fields     = "7 0 R 9 0 R 17 0 R 20 0 R"
	catalogTop = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Metadata 13 0 R/Outlines 24 0 R/StructTreeRoot 25 0 R"
	formTop    = "<</SigFlags 3/DR<</Font<</F1 5 0 R>>>>/DA(/F1 12 Tf 0 g)/Fields["
	xmp        = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
	byteRange  = "/ByteRange[0 10 20 30]/Contents<0102>"
)

func sigValue(more string) string {
	return "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" + byteRange + more + ">>"
}

// newValue is a signature that covers what comes before it.
func newValue() string {
	return strings.Replace(sigValue(""), "/ByteRange[0 10 20 30]", "/ByteRange[0 10 9000 30000]", 1)
}

func timestampValue() string {
	return "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 10 9000 30000]/Contents<0102>>>"
}

func amount(v, ap string) string {
	return "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(" + v + ")/DA(/F1 12 Tf 0 g)/Rect[100 600 300 620]/P 3 0 R/AP<</N " + ap + " 0 R>>>>"
}

// sigField is a signature field with widget; v is "" or " 61 0 R".
func sigField(name, v, rect, more string) string {
	if v != "" {
		v = "/V" + v
	}
	return "<</Type/Annot/Subtype/Widget/FT/Sig/T(" + name + ")/F 132/P 3 0 R/Rect[" + rect + "]" + v + more + ">>"
}

func textAP(s string) string { return form(200, 20, "/Tx BMC BT /F1 12 Tf 2 5 Td ("+s+") Tj ET EMC") }

// baseObjects are those of a signed document with two pages, a form, a
// structure tree and some annotations.
func baseObjects() objects {
	return objects{
		nCatalog:    catalogTop + ">>",
		nPages:      "<</Type/Pages/Kids[3 0 R 14 0 R]/Count 2>>",
		nPage1:      page("4", annots1, "/StructParents 0"),
		nContent1:   stream("", "BT /F1 12 Tf 100 700 Td (Pay 100 to the bearer) Tj ET q 100 0 0 100 400 400 cm /Im0 Do Q"),
		nFont:       "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		nForm:       formTop + fields + "]>>",
		nAmount:     amount("100", "8"),
		nAmountAP:   textAP("100"),
		nSig:        sigField("Signature1", " 10 0 R", "100 100 200 150", "/AP<</N 11 0 R>>"),
		nSigValue:   sigValue("/Reference[<</TransformMethod/FieldMDP/Data 1 0 R>>]"),
		nSigAP:      form(100, 50, "BT /F1 8 Tf (Signed) Tj ET"),
		nInfo:       "<</Title(A)/ModDate(D:20240101000000Z)>>",
		nXMP:        stream("/Type/Metadata/Subtype/XML", xmp),
		nPage2:      page("15", "", ""),
		nContent2:   stream("", "BT /F1 12 Tf 100 700 Td (Second page) Tj ET"),
		nImage:      stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"),
		nAgree:      "<</Type/Annot/Subtype/Widget/FT/Btn/T(agree)/V/Off/AS/Off/Rect[100 560 112 572]/P 3 0 R/AP<</N<</Yes 18 0 R/Off 19 0 R>>>>>>",
		nAgreeOn:    form(12, 12, "0 0 m 12 12 l S"),
		nAgreeOff:   form(12, 12, ""),
		nEmptySig:   sigField("Signature2", "", "300 100 400 150", ""),
		nNote:       "<</Type/Annot/Subtype/Text/Contents(note)/Rect[500 750 520 770]/P 3 0 R>>",
		nStamp:      "<</Type/Annot/Subtype/Stamp/Rect[90 690 300 720]/P 3 0 R/AP<</N 23 0 R>>>>",
		nStampAP:    form(210, 30, "1 g 0 0 210 30 re f"),
		nOutline:    "<</Type/Outlines/First<</Title(1)/Dest[3 0 R/Fit]>>>>",
		nStructRoot: "<</Type/StructTreeRoot/K 26 0 R/ParentTree 27 0 R/ParentTreeNextKey 1>>",
		nStructElem: "<</Type/StructElem/S/Document/P 25 0 R/K[<</Type/OBJR/Obj 7 0 R/Pg 3 0 R>>]/Pg 3 0 R>>",
		nParentTree: "<</Nums[0[26 0 R]]>>",
		nOrphan:     "<</Nobody/RefersToMe>>",
	}
}

// base is the signed revision with some objects in another way; an empty body
// leaves an object out.
func base(with objects) *doc {
	d := &doc{rows: map[uint32]docRow{}, root: "1 0 R", trail: "/Info 12 0 R/ID[<01><02>]", objects: baseObjects()}
	maps.Copy(d.objects, with)
	d.b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	d.size = base0
	d.row(0, docRow{gen: 65535, free: true})
	d.put(d.objects)
	d.table()
	d.signed = int64(d.b.Len())
	return d
}

func (d *doc) row(n uint32, r docRow) {
	d.rows[n] = r
	d.size = max(d.size, n+1)
}

func (d *doc) put(objs objects) *doc {
	for _, n := range slices.Sorted(maps.Keys(objs)) {
		if objs[n] == "" {
			continue
		}
		d.row(n, docRow{off: int64(d.b.Len())})
		fmt.Fprintf(&d.b, "%d 0 obj\n%s\nendobj\n", n, objs[n])
	}
	return d
}

func (d *doc) free(n, gen uint32) *doc {
	d.row(n, docRow{free: true, gen: gen})
	return d
}

// table ends a revision with a cross-reference table.
func (d *doc) table() *doc {
	at := int64(d.b.Len())
	d.tableRows()
	d.b.WriteString("trailer\n<<")
	d.end(at, "")
	return d
}

func (d *doc) tableRows() {
	d.b.WriteString("xref\n")
	for _, n := range slices.Sorted(maps.Keys(d.rows)) {
		r, c := d.rows[n], 'n'
		if r.free {
			c = 'f'
		}
		fmt.Fprintf(&d.b, "%d 1\n%010d %05d %c \n", n, r.off, r.gen, c)
	}
}

func (d *doc) entries() string {
	s := fmt.Sprintf("/Size %d/Root %s%s", d.size, d.root, d.trail)
	if d.prev != 0 {
		s += fmt.Sprintf("/Prev %d", d.prev)
	}
	return s
}

func (d *doc) end(at int64, more string) {
	fmt.Fprintf(&d.b, "%s%s>>\n", d.entries(), more)
	d.finish(at)
}

func (d *doc) finish(at int64) {
	fmt.Fprintf(&d.b, "startxref\n%d\n%%%%EOF\n", at)
	d.prev = at
	clear(d.rows)
}

// update appends a revision with a table.
func (d *doc) update(objs objects) *doc { return d.put(objs).table() }

// objStm writes an object stream with objects as rows of type 2 where listed.
func (d *doc) objStm(num uint32, objs objects, listed bool) *doc {
	var index, data bytes.Buffer
	nums := slices.Sorted(maps.Keys(objs))
	for i, n := range nums {
		fmt.Fprintf(&index, "%d %d ", n, data.Len())
		data.WriteString(objs[n] + " ")
		if listed {
			d.row(n, docRow{stream: num, gen: uint32(i)})
		}
	}
	return d.put(objects{num: stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(nums), index.Len()), index.String()+data.String())})
}

// xrefStream ends a revision with a cross-reference stream.
func (d *doc) xrefStream(num uint32) *doc {
	at := d.streamSection(num, d.entries())
	d.finish(at)
	return d
}

func (d *doc) streamSection(num uint32, entries string) int64 {
	at := int64(d.b.Len())
	d.row(num, docRow{off: at})
	var index, data bytes.Buffer
	for _, n := range slices.Sorted(maps.Keys(d.rows)) {
		r := d.rows[n]
		fmt.Fprintf(&index, "%d 1 ", n)
		kind, field := byte(1), uint32(r.off)
		if r.stream != 0 {
			kind, field = 2, r.stream
		}
		if r.free {
			kind, field = 0, 0
		}
		data.Write([]byte{kind, byte(field >> 24), byte(field >> 16), byte(field >> 8), byte(field), byte(r.gen >> 8), byte(r.gen)})
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(data.Bytes())
	w.Close()
	fmt.Fprintf(&d.b, "%d 0 obj\n<</Type/XRef/W[1 4 2]/Index[%s]/Filter/FlateDecode/Length %d%s>>stream\n%s\nendstream\nendobj\n",
		num, index.String(), z.Len(), entries, z.String())
	return at
}

func (d *doc) open(t testing.TB) *pdf.File {
	t.Helper()
	b := bytes.Clone(d.b.Bytes())
	f, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (d *doc) compare(t testing.TB, o Options) *Result {
	t.Helper()
	if o.SignedEnd == 0 {
		o.SignedEnd = d.signed
	}
	r, err := Compare(context.Background(), d.open(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// row is one row of a table of expectations.
type row struct {
	name string
	doc  func() *doc
	mdp  int
	lock []Lock
	want Level
	code string // of a change that must be listed, permitted or not as want says
	text string // a part of its Detail
	warn string // code of a warning that must be there; "-": none at all
}

func (r row) run(t *testing.T) {
	t.Helper()
	res := r.doc().compare(t, Options{DocMDP: r.mdp, Locks: r.lock})
	if res.Level != r.want {
		t.Errorf("level %v, want %v", res.Level, r.want)
	}
	found := r.code == ""
	for _, c := range res.Changes {
		if c.Detail == "" || c.Kind == "" || c.Code == "" || c.Revision < 1 {
			t.Errorf("change without words: %+v", c)
		}
		if c.Code == r.code && c.Permitted == (r.want == Permitted) && strings.Contains(c.Detail, r.text) {
			found = true
		}
	}
	warned := r.warn == "" || r.warn == "-" && len(res.Warnings) == 0
	for _, w := range res.Warnings {
		warned = warned || w.Code == r.warn
	}
	if !found || !warned || t.Failed() {
		t.Errorf("want change %q (%q) and warning %q, got\n%s", r.code, r.text, r.warn, show(res))
	}
}

func show(r *Result) string {
	var b strings.Builder
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "  %t rev %d obj %s %s/%s field=%q key=%q page=%d: %s\n", c.Permitted, c.Revision, c.Object, c.Kind, c.Code, c.Field, c.Key, c.Page, c.Detail)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "  WARN %s obj %s: %s\n", w.Code, w.Object, w.Detail)
	}
	return b.String()
}

func runAll(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, r.run)
	}
}

// with replaces a part of the body of a base object.
func with(n uint32, old, new string) string {
	s := baseObjects()[n]
	if !strings.Contains(s, old) {
		panic("no " + old + " in " + s)
	}
	return strings.Replace(s, old, new, 1)
}
