package sign_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// input describes a PDF to make by hand. It shares no code with the writer
// under test.
type input struct {
	form    string         // of the xref: table, stream, hybrid
	objects map[int]string // bodies by number; numbers 1 to 4 have defaults
	header  string
}

// Bodies that most inputs share.
const (
	catalogBody = "<</Type/Catalog/Pages 2 0 R>>"
	pagesBody   = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]/Resources<</ProcSet[/PDF]>>>>"
	pageBody    = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"
	contentBody = "<</Length 34>>stream\n0.5 g 100 100 50 50 re f % content\nendstream"
)

func (in input) bytes() []byte {
	objects := map[int]string{1: catalogBody, 2: pagesBody, 3: pageBody, 4: contentBody}
	for n, body := range in.objects {
		objects[n] = body
	}
	numbers := make([]int, 0, len(objects))
	for n := range objects {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	header := in.header
	if header == "" {
		header = "%PDF-1.7"
	}
	var b bytes.Buffer
	b.WriteString(header + "\n%\xe2\xe3\xcf\xd3\n")
	switch in.form {
	case "stream":
		writeCompressed(&b, objects, numbers)
	case "hybrid":
		writeHybrid(&b, objects, numbers)
	default:
		offsets := writeObjects(&b, objects, numbers)
		writeTable(&b, offsets, numbers, "")
	}
	return b.Bytes()
}

func writeObjects(b *bytes.Buffer, objects map[int]string, numbers []int) map[int]int {
	offsets := map[int]int{}
	for _, n := range numbers {
		offsets[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	return offsets
}

const idEntry = "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"

// writeTable writes a table over the numbers that have an offset, all others
// free.
func writeTable(b *bytes.Buffer, offsets map[int]int, numbers []int, extra string) {
	xref := b.Len()
	last := numbers[len(numbers)-1]
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", last+1)
	for n := 1; n <= last; n++ {
		if off, ok := offsets[n]; ok {
			fmt.Fprintf(b, "%010d 00000 n \n", off)
			continue
		}
		b.WriteString("0000000000 00000 f \n")
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n", last+1, idEntry, extra, xref)
}

// objectStream packs bodies that are no streams; returns the object's body and
// the index of each.
func objectStream(objects map[int]string, numbers []int) (string, map[int]int, []int) {
	var head, body strings.Builder
	index := map[int]int{}
	var rest []int
	for _, n := range numbers {
		if strings.Contains(objects[n], "stream\n") {
			rest = append(rest, n)
			continue
		}
		index[n] = len(index)
		fmt.Fprintf(&head, "%d %d ", n, body.Len())
		body.WriteString(objects[n] + " ")
	}
	data := deflate(head.String() + body.String())
	return fmt.Sprintf("<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream",
		len(index), head.Len(), len(data), data), index, rest
}

func deflate(s string) string {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return z.String()
}

// xrefStream returns the body of one: rows of 1, 4 and 2 bytes.
func xrefStream(rows []string, index, extra string) string {
	data := deflate(strings.Join(rows, ""))
	return fmt.Sprintf("<</Type/XRef/W[1 4 2]%s%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", index, extra, len(data), data)
}

func row(kind, a, c int) string {
	return string([]byte{byte(kind), byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a), byte(c >> 8), byte(c)})
}

func writeCompressed(b *bytes.Buffer, objects map[int]string, numbers []int) {
	last := numbers[len(numbers)-1]
	packed, index, rest := objectStream(objects, numbers)
	objects[last+1] = packed
	offsets := writeObjects(b, objects, append(rest, last+1))
	xref := b.Len()
	rows := []string{row(0, 0, 65535)}
	for n := 1; n <= last+2; n++ {
		i, inStream := index[n]
		off, direct := offsets[n]
		switch {
		case n == last+2:
			rows = append(rows, row(1, xref, 0))
		case inStream:
			rows = append(rows, row(2, last+1, i))
		case direct:
			rows = append(rows, row(1, off, 0))
		default:
			rows = append(rows, row(0, 0, 0))
		}
	}
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", last+2,
		xrefStream(rows, "", fmt.Sprintf("/Size %d/Root 1 0 R%s", last+3, idEntry)), xref)
}

// writeHybrid hides the page (object 3) in an object stream that only readers
// of xref streams see. ISO 32000-2, 7.5.8.4.
func writeHybrid(b *bytes.Buffer, objects map[int]string, numbers []int) {
	last := numbers[len(numbers)-1]
	hidden := map[int]string{3: objects[3]}
	packed, _, _ := objectStream(hidden, []int{3})
	visible := map[int]string{last + 1: packed}
	var order []int
	for _, n := range numbers {
		if n != 3 {
			visible[n] = objects[n]
			order = append(order, n)
		}
	}
	order = append(order, last+1)
	offsets := writeObjects(b, visible, order)
	stm := b.Len()
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", last+2,
		xrefStream([]string{row(2, last+1, 0)}, "/Index[3 1]", fmt.Sprintf("/Size %d", last+3)))
	offsets[last+2] = stm
	writeTable(b, offsets, append(order, last+2), fmt.Sprintf("/XRefStm %d", stm))
}

var forms = []string{"table", "stream", "hybrid"}

// shapes are inputs that differ in how the form and the annotations are kept.
func shapes() map[string]input {
	const field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/V(x)/Rect[10 10 90 30]/P 3 0 R/DA(/F 9 Tf)/F 4>>"
	form := func(fields string) string {
		return "<</Fields" + fields + "/DA(/F 0 Tf 0 g)/DR<</Font<</F 8 0 R>>>>/SigFlags 0/Q 1/CO[5 0 R]>>"
	}
	font := "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
	return map[string]input{
		"plain": {},
		"annots direct, form direct": {objects: map[int]string{
			1: "<</Type/Catalog/Pages 2 0 R/AcroForm " + form("[5 0 R]") + ">>",
			3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[5 0 R]>>", 5: field, 8: font}},
		"annots indirect, form indirect": {objects: map[int]string{
			1: "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
			3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots 7 0 R>>",
			5: field, 6: form("[5 0 R]"), 7: "[5 0 R]", 8: font}},
		"fields indirect": {objects: map[int]string{
			1: "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
			3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots 7 0 R>>",
			5: field, 6: form(" 9 0 R"), 7: "[5 0 R]", 8: font, 9: "[5 0 R]"}},
		"rotated, cropped": {objects: map[int]string{
			3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Rotate 90/CropBox[20 30 500 700]>>"}},
	}
}

// emptyField is an input with an empty signature field "Nguoi.A" under a parent.
func emptyField(extra string) input {
	return input{objects: map[int]string{
		1: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
		3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R]>>",
		5: "<</FT/Sig/T(Nguoi)/Kids[6 0 R]>>",
		6: "<</Type/Annot/Subtype/Widget/Parent 5 0 R/T(A)/Rect[100 600 300 680]/P 3 0 R/F 4" + extra + ">>",
	}}
}

// manyPages is a document of n pages that share their inherited resources.
func manyPages(n int) input {
	objects := map[int]string{}
	var kids strings.Builder
	for i := range n {
		num := 10 + i
		fmt.Fprintf(&kids, "%d 0 R ", num)
		objects[num] = fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Rotate %d>>", i%2*90)
	}
	// Leaves a scaled graphics state behind, which a mark must not inherit.
	objects[4] = "<</Length 33>>stream\n0.5 0 0 0.5 9 9 cm 0 0 40 40 re f\nendstream"
	objects[3] = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
	objects[2] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>>>", kids.String(), n)
	return input{objects: objects}
}

func save(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
