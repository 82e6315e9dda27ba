package verify_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// richChanges are things that may be done to a rich document after it was
// signed: each object that a page or a form is made of replaced in place, rows
// that say two things, annotations that draw outside of their rectangle.
func richChanges() map[string]func(r *rich) {
	n := func(r *rich, k string) int { return r.n[k] }
	put := func(k, body string) func(r *rich) { return func(r *rich) { r.put(k, body) } }
	return map[string]func(r *rich){
		"00 control":    func(r *rich) {},
		"content array": func(r *rich) { r.append(map[int]string{n(r, "contents"): fmt.Sprintf("[%d 0 R]", n(r, "content1"))}) },
		"content2":      put("content2", stream("", "q Q")),
		"image":         put("image", stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "y")),
		"form":          put("form", stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", "")),
		"gs":            put("gs", "<</Type/ExtGState/ca 0>>"), "cs": put("cs", "/DeviceRGB"),
		"tounicode": put("tounicode", stream("", "x")), "descriptor": put("descriptor", "<</Type/FontDescriptor/FontName/A/Flags 32>>"),
		"fontfile": put("fontfile", stream("", "other program")), "encoding": put("encoding", "<</Type/Encoding/Differences[65/B]>>"), "widths": put("widths", "[1]"),
		"ocg": put("ocg", "<</Type/OCG/Name(a)/Usage<</View<</ViewState/OFF>>>>>>"), "ocd": func(r *rich) { put("ocd", fmt.Sprintf("<</OFF[%d 0 R]>>", n(r, "ocg")))(r) },
		"push AP in place": put("pushap", stream("/Type/XObject/Subtype/Form/BBox[0 0 328 40]", "")),
		"push AP by other": func(r *rich) {
			a := r.alloc()
			r.append(map[int]string{a: stream("/Type/XObject/Subtype/Form/BBox[0 0 328 40]/Resources<</Font<</F1 7 0 R>>>>", "1 g 0 0 328 40 re f 0 g BT /F1 12 Tf 2 6 Td (the amount is 999) Tj ET"), n(r, "push"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/Rect[72 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>/MK<</CA(x)>>>>", a)})
		},
		"push hidden": func(r *rich) {
			r.append(map[int]string{n(r, "push"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/Rect[72 700 400 740]/F 2/P 3 0 R/AP<</N %d 0 R>>/MK<</CA(x)>>>>", n(r, "pushap"))})
		},
		"push action": func(r *rich) {
			r.append(map[int]string{n(r, "push"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/Rect[72 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>/MK<</CA(x)>>/A<</S/URI/URI(http://x)>>>>", n(r, "pushap"))})
		},
		"push MK": func(r *rich) {
			r.append(map[int]string{n(r, "push"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/Rect[72 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>/MK<</CA(other)>>>>", n(r, "pushap"))})
		},
		"check on state AP":  put("checkon", stream("/Type/XObject/Subtype/Form/BBox[0 0 20 20]", "1 g 0 0 20 20 re f")),
		"check shown off AP": put("checkoff", stream("/Type/XObject/Subtype/Form/BBox[0 0 20 20]", "0 g 0 0 20 20 re f")),
		"check AS only": func(r *rich) {
			r.append(map[int]string{n(r, "check"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/T(check)/Rect[72 560 92 580]/F 4/P 3 0 R/V/Off/AS/Yes/AP<</N<</Yes %d 0 R/Off %d 0 R>>>>>>", n(r, "checkon"), n(r, "checkoff"))})
		},
		"check V only": func(r *rich) {
			r.append(map[int]string{n(r, "check"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/T(check)/Rect[72 560 92 580]/F 4/P 3 0 R/V/Yes/AS/Off/AP<</N<</Yes %d 0 R/Off %d 0 R>>>>>>", n(r, "checkon"), n(r, "checkoff"))})
		},
		"check swapped states": func(r *rich) {
			r.append(map[int]string{n(r, "check"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Btn/T(check)/Rect[72 560 92 580]/F 4/P 3 0 R/V/Off/AS/Off/AP<</N<</Yes %d 0 R/Off %d 0 R>>>>>>", n(r, "checkoff"), n(r, "checkon"))})
		},
		"opt in place":      put("opt", "[[(a)(ALPHA)][(b)(beta)]]"),
		"choice AP":         put("choiceap", stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 12 Tf 2 6 Td (beta) Tj ET")),
		"stamp AP in place": put("stampap", stream("/Type/XObject/Subtype/Form/BBox[0 0 100 40]", "")),
		"hidden stamp shown": func(r *rich) {
			put("hiddenstamp", fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[60 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n(r, "stampap")))(r)
		},
		"big AP covers": put("text2ap", stream("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 7 0 R>>>>", "1 g 0 0 612 792 re f 0 g BT /F1 12 Tf 72 720 Td (Agreement: the amount is 999) Tj ET")),
		"big V and AP covers": func(r *rich) {
			r.append(map[int]string{n(r, "text2"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(big)/V(Agreement: the amount is 999)/DA(/F1 12 Tf 0 g)/Rect[0 0 612 792]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n(r, "text2ap")),
				n(r, "text2ap"): stream("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 7 0 R>>>>", "1 g 0 0 612 792 re f 0 g BT /F1 12 Tf 72 720 Td (Agreement: the amount is 999) Tj ET")})
		},
		"big MK background": func(r *rich) {
			r.append(map[int]string{n(r, "text2"): fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(big)/V(x)/MK<</BG[1 1 1]>>/DA(/F1 12 Tf 0 g)/Rect[0 0 612 792]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n(r, "text2ap"))})
		},
		"parent V": func(r *rich) {
			put("parentf", fmt.Sprintf("<</FT/Tx/T(parent)/V(q)/DA(/F1 12 Tf 0 g)/Kids[%d 0 R]>>", n(r, "kid1")))(r)
		},
		"parent DA": func(r *rich) {
			put("parentf", fmt.Sprintf("<</FT/Tx/T(parent)/V(p)/DA(/F1 1 Tf 1 g)/Kids[%d 0 R]>>", n(r, "kid1")))(r)
		},
		"kid gets own V": func(r *rich) {
			put("kid1", fmt.Sprintf("<</Type/Annot/Subtype/Widget/Parent %d 0 R/V(z)/Rect[72 400 200 420]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n(r, "parentf"), n(r, "kid1ap")))(r)
		},
		"kid gets own FT": func(r *rich) {
			put("kid1", fmt.Sprintf("<</Type/Annot/Subtype/Widget/Parent %d 0 R/FT/Sig/Rect[72 400 200 420]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", n(r, "parentf"), n(r, "kid1ap")))(r)
		},
		"duplicate rows evil last": func(r *rich) {
			at := len(r.data)
			off := r.body(map[int]string{n(r, "content1"): evilContent()})[n(r, "content1")]
			old := bytes.Index(r.data[:at], fmt.Appendf(nil, "\n%d 0 obj\n", n(r, "content1"))) + 1
			x := len(r.data)
			r.data = fmt.Appendf(r.data, "xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", n(r, "content1"), old, n(r, "content1"), off, r.next, r.xref, x)
		},
		"duplicate rows evil first": func(r *rich) {
			at := len(r.data)
			off := r.body(map[int]string{n(r, "content1"): evilContent()})[n(r, "content1")]
			old := bytes.Index(r.data[:at], fmt.Appendf(nil, "\n%d 0 obj\n", n(r, "content1"))) + 1
			x := len(r.data)
			r.data = fmt.Appendf(r.data, "xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", n(r, "content1"), off, n(r, "content1"), old, r.next, r.xref, x)
		},
		"free and used rows": func(r *rich) {
			at := len(r.data)
			old := bytes.Index(r.data[:at], fmt.Appendf(nil, "\n%d 0 obj\n", n(r, "content1"))) + 1
			x := len(r.data)
			r.data = fmt.Appendf(r.data, "xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00001 f \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", n(r, "content1"), old, n(r, "content1"), 0, r.next, r.xref, x)
		},
		"unlisted object in update": func(r *rich) {
			r.body(map[int]string{n(r, "content1"): evilContent()})
			r.table(r.body(map[int]string{r.alloc(): "<<>>"}), "")
		},
		"object written twice, listed last": func(r *rich) {
			k := r.alloc()
			r.body(map[int]string{k: "<</A 1>>"})
			r.table(r.body(map[int]string{k: "<</A 2>>"}), "")
		},
		"rollback startxref": func(r *rich) {
			first := bytes.Index(r.data, []byte("\nxref\n")) + 1
			r.data = fmt.Appendf(r.data, "startxref\n%d\n%%%%EOF\n", first)
		},
		"rollback table": func(r *rich) {
			first := bytes.Index(r.data, []byte("\nxref\n")) + 1
			x := len(r.data)
			r.data = fmt.Appendf(r.data, "xref\n0 0\ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", r.next, first, x)
		},
		"xref starts at 1": func(r *rich) {
			off := r.body(map[int]string{n(r, "content1"): evilContent()})[n(r, "content1")]
			x := len(r.data)
			r.data = fmt.Appendf(r.data, "xref\n%d 2\n0000000000 65535 f \n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", n(r, "content1"), off, r.next, r.xref, x)
		},
		"wrong number at offset": func(r *rich) {
			r.table(map[int]int{n(r, "content1"): r.body(map[int]string{r.alloc(): evilContent()})[r.next-1]}, "")
		},
		"Collection": func(r *rich) { r.extra += "/Collection<</View/D>>"; r.append(map[int]string{objCatalog: r.catalog()}) },
		"EmbeddedFiles": func(r *rich) {
			r.extra += "/Names<</EmbeddedFiles<</Names[]>>>>"
			r.append(map[int]string{objCatalog: r.catalog()})
		},
		"PageLabels":      func(r *rich) { r.extra += "/PageLabels<</Nums[]>>"; r.append(map[int]string{objCatalog: r.catalog()}) },
		"Lang":            func(r *rich) { r.extra += "/Lang(vi)"; r.append(map[int]string{objCatalog: r.catalog()}) },
		"Encrypt":         func(r *rich) { r.table(map[int]int{}, "/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P 0>>") },
		"Info is content": func(r *rich) { r.table(map[int]int{}, fmt.Sprintf("/Info %d 0 R", n(r, "content1"))) },
		"Metadata is content": func(r *rich) {
			r.extra = strings.Replace(r.extra, fmt.Sprintf("/Metadata %d 0 R", n(r, "meta")), fmt.Sprintf("/Metadata %d 0 R", n(r, "content1")), 1)
			r.append(map[int]string{objCatalog: r.catalog(), n(r, "content1"): stream("/Type/Metadata/Subtype/XML", "<x/>")})
		},
		"meta is evil": put("meta", stream("/Type/Metadata/Subtype/XML", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>")),
		"DSS is content": func(r *rich) {
			r.dss = fmt.Sprintf("/DSS<</Certs[%d 0 R]>>", n(r, "content1"))
			r.append(map[int]string{objCatalog: r.catalog()})
		},
		"form object swapped": func(r *rich) {
			k := r.alloc()
			r.append(map[int]string{k: r.formNow(), objCatalog: strings.Replace(r.catalog(), "/AcroForm 5 0 R", fmt.Sprintf("/AcroForm %d 0 R", k), 1)})
		},
		"CropBox": func(r *rich) {
			r.append(map[int]string{objPage: strings.Replace(r.pageNow(), "/MediaBox", "/CropBox[0 0 10 10]/MediaBox", 1)})
		},
		"Rotate on parent": func(r *rich) { r.append(map[int]string{objPages: "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 180>>"}) },
		"DR font": func(r *rich) {
			r.append(map[int]string{objForm: strings.Replace(r.formNow(), "/DR<</Font<</F1 7 0 R>>>>", "/DR<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>", 1)})
		},
		"form DA": func(r *rich) {
			r.append(map[int]string{objForm: strings.Replace(r.formNow(), "/DA(/F1 12 Tf 0 g)", "/DA(/F1 12 Tf 1 g)", 1)})
		},
		"form CO": func(r *rich) {
			r.append(map[int]string{objForm: strings.Replace(r.formNow(), "/SigFlags 3", "/SigFlags 3/CO[6 0 R]", 1)})
		},
		"sig AP": func(r *rich) {
			f := r.fields[len(r.fields)-1]
			a := r.alloc()
			r.append(map[int]string{a: opaque(), f: strings.Replace((&sigSpec{}).fieldDict(f-1), "/Rect[0 0 0 0]/F 132", fmt.Sprintf("/Rect[60 700 400 740]/F 4/AP<</N %d 0 R>>", a), 1)})
		},
		"note over text FreeText no AP": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/FreeText/Rect[60 700 400 740]/F 4/Contents(amount is 999)/DA(/F1 12 Tf)/C[1 1 1]/P 3 0 R>>")
		},
		"Square IC no AP": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Square/Rect[60 700 400 740]/F 4/IC[1 1 1]/P 3 0 R>>")
		},
		"Line thick no AP": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Line/Rect[60 700 400 740]/F 4/L[60 725 400 725]/C[1 1 1]/BS<</W 40>>/P 3 0 R>>")
		},
		"Ink no AP": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Ink/Rect[60 700 400 740]/F 4/InkList[[60 725 400 725]]/C[1 1 1]/BS<</W 40>>/P 3 0 R>>")
		},
		"Highlight quads elsewhere": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Highlight/Rect[500 10 510 20]/F 4/QuadPoints[60 740 400 740 60 700 400 700]/C[0 0 0]/P 3 0 R>>")
		},
		"Ink elsewhere Rect": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Ink/Rect[500 10 510 20]/F 4/InkList[[60 725 400 725]]/C[1 1 1]/BS<</W 40>>/P 3 0 R>>")
		},
		"Line elsewhere Rect": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Line/Rect[500 10 510 20]/F 4/L[60 725 400 725]/C[1 1 1]/BS<</W 40>>/P 3 0 R>>")
		},
		"Polygon elsewhere Rect": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Polygon/Rect[500 10 510 20]/F 4/Vertices[60 700 400 700 400 740 60 740]/IC[1 1 1]/P 3 0 R>>")
		},
		"Redact quads": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Redact/Rect[500 10 510 20]/F 4/QuadPoints[60 740 400 740 60 700 400 700]/IC[0 0 0]/P 3 0 R>>")
		},
		"FreeText CL elsewhere": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/FreeText/Rect[500 10 590 60]/F 4/CL[60 725 400 725]/BS<</W 40>>/Contents(x)/DA(/F1 12 Tf)/P 3 0 R>>")
		},
		"Stamp zero rect": func(r *rich) {
			a := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[60 700 60 700]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", a), map[int]string{a: opaque()})
		},
		"Stamp reversed rect": func(r *rich) {
			a := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[400 740 60 700]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", a), map[int]string{a: opaque()})
		},
		"Stamp no rect": func(r *rich) {
			a := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/F 4/P 3 0 R/AP<</N %d 0 R>>>>", a), map[int]string{a: opaque()})
		},
		"Stamp matrix": func(r *rich) {
			a := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[500 10 510 20]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", a), map[int]string{a: strings.Replace(opaque(), "/BBox", "/Matrix[100 0 0 100 -500 0]/BBox", 1)})
		},
		"Stamp indirect rect": func(r *rich) {
			a := r.alloc()
			b := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect %d 0 R/F 4/P 3 0 R/AP<</N %d 0 R>>>>", b, a), map[int]string{a: opaque(), b: "[60 700 400 740]"})
		},
		"Link all over with URI": func(r *rich) {
			addAnnot(r, "<</Type/Annot/Subtype/Link/Rect[0 0 612 792]/Border[0 0 0]/A<</S/URI/URI(http://evil)>>>>")
		},
		"Stamp in free room": func(r *rich) {
			a := r.alloc()
			addAnnotWith(r, fmt.Sprintf("<</Type/Annot/Subtype/Stamp/Rect[400 100 500 140]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", a), map[int]string{a: opaque()})
		},
	}
}

// richPermitted are the changes that the standard permits, by the permissions of
// the signature ("" is an approval signature), with the code that has to go
// with them ("": none). All others are forbidden.
var richPermitted = map[string]map[string]string{
	"":     richFills(nil),
	"/P 2": richFills(nil),
	"/P 3": richFills([]string{"FreeText CL elsewhere", "Highlight quads elsewhere", "Ink elsewhere Rect", "Ink no AP", "Line elsewhere Rect",
		"Line thick no AP", "Polygon elsewhere Rect", "Redact quads", "Square IC no AP", "Stamp in free room", "Stamp indirect rect", "Stamp matrix",
		"Stamp no rect", "Stamp reversed rect", "big MK background", "hidden stamp shown", "note over text FreeText no AP", "stamp AP in place"}),
}

// richSilent are annotations that draw nothing, which a certification may
// forbid all the same.
var richSilent = []string{"Link all over with URI", "Stamp zero rect"}

// richFills are those of forms and of what is not shown, with annotations that
// cover what the page shows.
func richFills(covering []string) map[string]string {
	m := map[string]string{
		"00 control": "", "Info is content": "", "check AS only": "V_AP_MISMATCH", "check V only": "V_AP_MISMATCH", "check on state AP": "APPEARANCE_ONLY",
		"check shown off AP": "APPEARANCE_ONLY", "check swapped states": "APPEARANCE_ONLY", "choice AP": "V_AP_MISMATCH", "form object swapped": "",
		"kid gets own V": "V_AP_MISMATCH", "object written twice, listed last": "", "parent DA": "APPEARANCE_ONLY", "parent V": "V_AP_MISMATCH",
		"big AP covers": "ANNOTATION_COVERS_CONTENT", "big V and AP covers": "ANNOTATION_COVERS_CONTENT",
	}
	for _, name := range covering {
		m[name] = "ANNOTATION_COVERS_CONTENT"
	}
	return m
}

// TestRich makes every change under every permission: nothing but what is
// listed ends as anything but invalid, and what may mislead is never clean.
func TestRich(t *testing.T) {
	rows := richChanges()
	for mdp, permitted := range richPermitted {
		t.Run("certified "+mdp, func(t *testing.T) {
			for _, name := range slices.Sorted(maps.Keys(rows)) {
				t.Run(name, func(t *testing.T) {
					r := richDoc()
					s := sigSpec{}
					if mdp != "" {
						s.extra = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2" + mdp + ">>>>]"
						r.perms = fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", r.next)
					}
					r.signIt(s)
					rows[name](r)
					rep := check(t, r.data)
					code, ok := permitted[name]
					ok = ok || mdp != "/P 2" && slices.Contains(richSilent, name)
					switch {
					case ok && name == "00 control":
						want{verdict: verify.Valid}.expect(t, rep, 0)
					case ok:
						want{verdict: verify.ValidChanged, code: code}.expect(t, rep, 0)
					case rep.Verdict != verify.Invalid || len(rep.Signatures) == 0:
						t.Errorf("verdict %s with %d signatures", rep.Verdict, len(rep.Signatures))
					}
				})
			}
		})
	}
	for mdp, permitted := range richPermitted {
		for name := range permitted {
			if rows[name] == nil {
				t.Errorf("%s: no change %q", mdp, name)
			}
		}
	}
}
