package verify_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pdfDoc writes PDF files of any shape, right or wrong, revision by revision.
// It shares no code with the product.
type pdfDoc struct {
	data   []byte
	next   int // first free object number
	xref   int // offset of the last section
	fields []int
	annots []int  // of the page, but for the widgets of fields
	res    string // more entries of the page's resources
	dss    string // entry of the catalog
	perms  string // entry of the catalog
	form   string // more entries of the AcroForm
	extra  string // more entries of the catalog
}

// Object numbers of newDoc.
const (
	objCatalog, objPages, objPage, objContent, objForm, objText, objFont, objTextAP = 1, 2, 3, 4, 5, 6, 7, 8
)

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

const pageText = "BT /F1 12 Tf 72 720 Td (Agreement: the amount is 100) Tj ET"

// newDoc is a page with text and a text field "amount".
func newDoc() *pdfDoc { return newDocAfter("") }

// newDocAfter has bytes before the header.
func newDocAfter(before string) *pdfDoc {
	d := &pdfDoc{data: []byte(before + "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), fields: []int{objText}, next: 9}
	d.append(map[int]string{
		objCatalog: d.catalog(),
		objPages:   "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		objPage:    d.page(),
		objContent: stream("", pageText),
		objForm:    d.acroForm(),
		objText:    textField("100", "8 0 R"),
		objFont:    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		objTextAP:  textAP("100"),
	})
	return d
}

func textField(value, ap string) string {
	return "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(" + value + ")/DA(/F1 12 Tf 0 g)/Rect[72 600 200 620]/F 4/P 3 0 R/AP<</N " + ap + ">>>>"
}

func textAP(value string) string {
	return stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>",
		"/Tx BMC q BT /F1 12 Tf 0 g 2 6 Td ("+value+") Tj ET Q EMC")
}

func (d *pdfDoc) catalog() string {
	return "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R" + d.dss + d.perms + d.extra + ">>"
}

func (d *pdfDoc) page() string { return d.pageWith("4 0 R") }

func (d *pdfDoc) pageWith(content string) string {
	return "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents " + content +
		"/Resources<</Font<</F1 7 0 R>>" + d.res + ">>/Annots" + refs(slices.Concat(d.fields, d.annots)) + ">>"
}

func (d *pdfDoc) acroForm() string {
	return "<</Fields" + refs(d.fields) + "/SigFlags 3/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>" + d.form + ">>"
}

func refs(numbers []int) string {
	list := make([]string, 0, len(numbers))
	for _, n := range numbers {
		list = append(list, fmt.Sprintf("%d 0 R", n))
	}
	return "[" + strings.Join(list, " ") + "]"
}

func (d *pdfDoc) clone() *pdfDoc {
	c := *d
	c.data, c.fields, c.annots = bytes.Clone(d.data), slices.Clone(d.fields), slices.Clone(d.annots)
	return &c
}

// alloc gives a free object number.
func (d *pdfDoc) alloc() int { d.next++; return d.next - 1 }

// append adds a revision: objects, a table, a trailer.
func (d *pdfDoc) append(objects map[int]string) {
	offsets := d.body(objects)
	d.table(offsets, "")
}

// body writes objects and tells where they are.
func (d *pdfDoc) body(objects map[int]string) map[int]int {
	offsets := make(map[int]int)
	for _, n := range slices.Sorted(maps.Keys(objects)) {
		offsets[n] = len(d.data)
		d.data = fmt.Appendf(d.data, "%d 0 obj\n%s\nendobj\n", n, objects[n])
		d.next = max(d.next, n+1)
	}
	return offsets
}

// table writes a cross-reference table, trailer and end.
func (d *pdfDoc) table(offsets map[int]int, trailer string) {
	at := len(d.data)
	var b bytes.Buffer
	b.WriteString("xref\n")
	if d.xref == 0 {
		b.WriteString("0 1\n0000000000 65535 f \n")
	}
	for _, n := range slices.Sorted(maps.Keys(offsets)) {
		if offsets[n] < 0 {
			fmt.Fprintf(&b, "%d 1\n0000000000 00001 f \n", n)
			continue
		}
		fmt.Fprintf(&b, "%d 1\n%010d 00000 n \n", n, offsets[n])
	}
	prev := ""
	if d.xref > 0 {
		prev = fmt.Sprintf("/Prev %d", d.xref)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n", d.next, prev, trailer, at)
	d.data = append(d.data, b.Bytes()...)
	d.xref = at
}

// sigSpec says how a signature is made; the zero value is a right one.
type sigSpec struct {
	sub   string // "": ETSI.CAdES.detached
	typ   string // "": /Type/Sig
	name  string // of the field; "": Sig and a number
	extra string // more entries of the dictionary
	field string // more entries of the field
	room  int    // bytes for the container; 0: 8000
	now   string // /M; "": 2026-05-12; "-": none

	// dict edits the text of the dictionary, in which @R and @C stand for the
	// range and the contents.
	dict func(string) string
	// rng gives the text of /ByteRange from the right numbers, and the bytes
	// that are hashed ([from, to) pairs; nil: those of the right range).
	rng func(a, b, c int) (string, [][2]int)
	// token makes the text of /Contents from the container and the room in
	// digits; nil: hex, zero padded.
	token func(der []byte, digits int) string
	// build makes the container over the signed bytes.
	build func(content []byte) []byte
	// objects adds or replaces objects of the revision.
	objects func(d *pdfDoc, objects map[int]string, sig, field int)
}

// sign adds a revision with a signature; it returns the numbers of the
// dictionary and of the field.
func (d *pdfDoc) sign(s sigSpec) (sig, field int) {
	if s.room == 0 {
		s.room = 8000
	}
	sig, field = d.alloc(), d.alloc()
	objects := map[int]string{
		sig:   s.dictionary(),
		field: s.fieldDict(sig),
	}
	d.fields = append(d.fields, field)
	objects[objForm] = d.acroForm()
	objects[objPage] = d.page()
	if d.perms != "" || d.dss != "" || d.extra != "" {
		objects[objCatalog] = d.catalog()
	}
	if s.objects != nil {
		s.objects(d, objects, sig, field)
	}
	d.append(objects)
	s.fill(d)
	return sig, field
}

// Placeholders of the same length as what replaces them.
var rangeHole = "@R" + strings.Repeat("#", 62)

func (s *sigSpec) hole() string { return "<@C" + strings.Repeat("#", 2*s.room-2) + ">" }

func (s *sigSpec) dictionary() string {
	sub, typ, at := s.sub, s.typ, s.now
	if sub == "" {
		sub = "ETSI.CAdES.detached"
	}
	if typ == "" {
		typ = "/Type/Sig"
	}
	switch at {
	case "":
		at = "/M(D:20260512083000Z)"
	case "-":
		at = ""
	default:
		at = "/M(" + at + ")"
	}
	text := "<<" + typ + "/Filter/Adobe.PPKLite/SubFilter/" + sub + "/ByteRange " + rangeHole +
		"/Contents " + s.hole() + at + s.extra + ">>"
	if s.dict != nil {
		text = s.dict(text)
	}
	return text
}

func (s *sigSpec) fieldDict(sig int) string {
	name := s.name
	if name == "" {
		name = fmt.Sprintf("Sig%d", sig)
	}
	return fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/V %d 0 R/Rect[0 0 0 0]/F 132/P 3 0 R%s>>", name, sig, s.field)
}

// fill computes the range, signs, and puts both into their holes.
func (s *sigSpec) fill(d *pdfDoc) {
	hole := []byte(s.hole())
	a := bytes.LastIndex(d.data, hole)
	if a < 0 {
		return // dict took it away
	}
	b := a + len(hole)
	c := len(d.data) - b
	text, spans := fmt.Sprintf("[0 %d %d %d]", a, b, c), [][2]int{{0, a}, {b, len(d.data)}}
	if s.rng != nil {
		var other [][2]int
		if text, other = s.rng(a, b, c); other != nil {
			spans = other
		}
	}
	if at := bytes.LastIndex(d.data, []byte(rangeHole)); at >= 0 {
		copy(d.data[at:], text+strings.Repeat(" ", len(rangeHole)-len(text)))
	}
	var content []byte
	for _, sp := range spans {
		content = append(content, d.data[max(0, sp[0]):min(len(d.data), max(sp[0], sp[1]))]...)
	}
	build := s.build
	if build == nil {
		build = goodCMS
	}
	der := build(content)
	token := ""
	if s.token != nil {
		token = s.token(der, 2*s.room)
	} else {
		digits := strings.ToUpper(hex.EncodeToString(der))
		token = "<" + digits + strings.Repeat("0", 2*s.room-len(digits)) + ">"
	}
	if len(token) != len(hole) {
		panic(fmt.Sprintf("a token of %d bytes for a hole of %d", len(token), len(hole)))
	}
	copy(d.data[a:], token)
}

// signedDoc is newDoc with one signature.
func signedDoc(s sigSpec) *pdfDoc {
	d := newDoc()
	d.sign(s)
	return d
}

// replace changes bytes that occur once.
func (d *pdfDoc) replace(old, with string) *pdfDoc {
	if n := bytes.Count(d.data, []byte(old)); n != 1 {
		panic(fmt.Sprintf("%q occurs %d times", old, n))
	}
	d.data = bytes.Replace(d.data, []byte(old), []byte(with), 1)
	return d
}
