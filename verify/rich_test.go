package verify_test

import (
	"fmt"
	"strings"
)

// rich is a document with what pages and forms are made of: content in parts,
// fonts, pictures, layers, buttons, choices, stamps. n has the object numbers.
type rich struct {
	*pdfDoc
	n map[string]int
}

var richNames = []string{"content1", "content2", "contents", "image", "form", "gs", "cs", "tounicode", "descriptor", "fontfile", "encoding", "widths",
	"font", "ocg", "ocprops", "ocd", "push", "pushap", "check", "checkon", "checkoff", "choice", "choiceap", "opt", "stamp", "stampap",
	"info", "meta", "hiddenstamp", "text2", "text2ap", "parentf", "kid1", "kid1ap"}

func richDoc() *rich {
	d := newDoc()
	r := &rich{d, map[string]int{}}
	for _, k := range richNames {
		r.n[k] = d.alloc()
	}
	n := r.n
	o := map[int]string{
		n["content1"]:    stream("", pageText),
		n["content2"]:    stream("", "/Fm Do /Im Do /OC /oc1 BDC BT /F2 12 Tf 72 500 Td (layer) Tj ET EMC /gs1 gs"),
		n["contents"]:    fmt.Sprintf("[%d 0 R %d 0 R]", n["content1"], n["content2"]),
		n["image"]:       stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace "+fmt.Sprintf("%d 0 R", n["cs"]), "x"),
		n["form"]:        stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", "0 0 10 10 re f"),
		n["gs"]:          "<</Type/ExtGState/ca 1>>",
		n["cs"]:          "/DeviceGray",
		n["tounicode"]:   stream("", "/CIDInit /ProcSet findresource begin end"),
		n["descriptor"]:  fmt.Sprintf("<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 %d 0 R>>", n["fontfile"]),
		n["fontfile"]:    stream("", "font program"),
		n["encoding"]:    "<</Type/Encoding/Differences[65/A]>>",
		n["widths"]:      "[600]",
		n["font"]:        fmt.Sprintf("<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 65/LastChar 65/Widths %d 0 R/Encoding %d 0 R/ToUnicode %d 0 R/FontDescriptor %d 0 R>>", n["widths"], n["encoding"], n["tounicode"], n["descriptor"]),
		n["ocg"]:         "<</Type/OCG/Name(a)>>",
		n["ocd"]:         fmt.Sprintf("<</ON[%d 0 R]>>", n["ocg"]),
		n["ocprops"]:     fmt.Sprintf("<</OCGs[%d 0 R]/D %d 0 R>>", n["ocg"], n["ocd"]),
		n["push"]:        fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/Rect[72 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>/MK<</CA(x)>>>>", n["pushap"]),
		n["pushap"]:      stream("/Type/XObject/Subtype/Form/BBox[0 0 328 40]", "1 g 0 0 328 40 re f"),
		n["check"]:       fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/T(check)/Rect[72 560 92 580]/F 4/P 3 0 R/V/Off/AS/Off/AP<</N<</Yes %d 0 R/Off %d 0 R>>>>>>", n["checkon"], n["checkoff"]),
		n["checkon"]:     stream("/Type/XObject/Subtype/Form/BBox[0 0 20 20]", "0 g 2 2 10 10 re f"),
		n["checkoff"]:    stream("/Type/XObject/Subtype/Form/BBox[0 0 20 20]", "q Q"),
		n["choice"]:      fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(choice)/Rect[72 530 200 550]/F 4/P 3 0 R/DA(/F1 12 Tf 0 g)/Opt %d 0 R/V(a)/AP<</N %d 0 R>>>>", n["opt"], n["choiceap"]),
		n["choiceap"]:    stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 12 Tf 2 6 Td (alpha) Tj ET"),
		n["opt"]:         "[[(a)(alpha)][(b)(beta)]]",
		n["stamp"]:       fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[300 300 400 340]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n["stampap"]),
		n["stampap"]:     stream("/Type/XObject/Subtype/Form/BBox[0 0 100 40]", "1 0 0 rg 0 0 100 40 re f"),
		n["hiddenstamp"]: fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[60 700 400 740]/F 2/P 3 0 R/AP<</N %d 0 R>>>>", n["stampap"]),
		n["info"]:        "<</Title(t)>>",
		n["meta"]:        stream("/Type/Metadata/Subtype/XML", "<x/>"),
		n["text2"]:       fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(big)/V(x)/DA(/F1 12 Tf 0 g)/Rect[0 0 612 792]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n["text2ap"]),
		n["text2ap"]:     stream("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 12 Tf 2 6 Td (x) Tj ET"),
		n["parentf"]:     fmt.Sprintf("<</FT/Tx/T(parent)/V(p)/DA(/F1 12 Tf 0 g)/Kids[%d 0 R]>>", n["kid1"]),
		n["kid1"]:        fmt.Sprintf("<</Type/Annot/Subtype/Widget/Parent %d 0 R/Rect[72 400 200 420]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n["parentf"], n["kid1ap"]),
		n["kid1ap"]:      stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 12 Tf 2 6 Td (p) Tj ET"),
	}
	d.fields = append(d.fields, n["push"], n["check"], n["choice"], n["text2"])
	d.annots = append(d.annots, n["stamp"], n["hiddenstamp"], n["kid1"])
	d.res = fmt.Sprintf("/XObject<</Im %d 0 R/Fm %d 0 R>>/ExtGState<</gs1 %d 0 R>>/Properties<</oc1 %d 0 R>>", n["image"], n["form"], n["gs"], n["ocg"])
	d.extra = fmt.Sprintf("/OCProperties %d 0 R/Metadata %d 0 R", n["ocprops"], n["meta"])
	o[objCatalog], o[objForm] = d.catalog(), r.formNow()
	o[objPage] = r.pageNow()
	r.append(o)
	return r
}

// signIt signs with the form and the page as they are.
func (r *rich) signIt(s sigSpec) {
	s.objects = func(d *pdfDoc, o map[int]string, sig, field int) {
		o[objForm] = r.formNow()
		o[objPage] = r.pageNow()
	}
	r.sign(s)
}
func (r *rich) formNow() string {
	return strings.Replace(r.acroForm(), "/Fields[", fmt.Sprintf("/Fields[%d 0 R ", r.n["parentf"]), 1)
}

func (r *rich) pageNow() string {
	return strings.Replace(r.pageWith(fmt.Sprintf("%d 0 R", r.n["contents"])), "<</F1 7 0 R>>", fmt.Sprintf("<</F1 7 0 R/F2 %d 0 R>>", r.n["font"]), 1)
}

// put appends a new body of an object of n.
func (r *rich) put(k, body string) { r.append(map[int]string{r.n[k]: body}) }

// hybrid appends objects, a table with some rows, and a cross-reference stream
// for /XRefStm with the rows of other objects (0: where the new one stands).
func (d *pdfDoc) hybrid(rows string, streamed map[int]int, objects map[int]string) {
	offsets := d.body(objects)
	var index, data strings.Builder
	for n, at := range streamed {
		if at == 0 {
			at = offsets[n]
		}
		fmt.Fprintf(&index, "%d 1 ", n)
		data.Write([]byte{1, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), 0})
	}
	num, at := d.alloc(), len(d.data)
	d.data = fmt.Appendf(d.data, "%d 0 obj\n<</Type/XRef/W[1 4 1]/Index[%s]/Size %d/Length %d>>stream\n%s\nendstream\nendobj\n",
		num, index.String(), d.next, data.Len(), data.String())
	x := len(d.data)
	d.data = fmt.Appendf(d.data, "xref\n%s%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n",
		rows, num, at, d.next, d.xref, at, x)
	d.xref = x
}

// addAnnot appends an annotation to the page.
func addAnnot(r *rich, body string) { addAnnotWith(r, body, map[int]string{}) }
func addAnnotWith(r *rich, body string, o map[int]string) {
	a := r.alloc()
	r.annots = append(r.annots, a)
	o[a], o[objPage] = body, r.pageNow()
	r.append(o)
}
