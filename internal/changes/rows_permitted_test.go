package changes

import (
	"strings"
	"testing"
)

// The other side: what the standard permits is not an attack, verification.md
// 1.5.
func TestPermitted(t *testing.T) {
	dss := objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Type/DSS/Certs[61 0 R]/VRI<</ABC<</Cert[61 0 R]/TU(D:2024)>>>>>>", 61: stream("", "cert")}
	stamp := objects{
		60: "<</FT/Sig/T(TS)/V 61 0 R/F 132/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R/AP<</N 62 0 R>>>>", 61: timestampValue(), 62: form(0, 0, ""),
		nForm: formTop + fields + " 60 0 R]>>", nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"),
	}
	fill := objects{nAmount: amount("5", "60"), 60: textAP("5")}
	var rows []row
	for p, name := range []string{"no certification", "P=1", "P=2", "P=3"} {
		rows = append(rows,
			row{name: "DSS added, " + name, doc: one(dss), mdp: p, want: Permitted, code: "dss_added", warn: "-"},
			row{name: "document timestamp, " + name, doc: one(stamp), mdp: p, want: Permitted, code: "timestamped", warn: "-"},
			row{name: "DSS, then timestamp, " + name, doc: func() *doc {
				return base(nil).update(dss).update(objects{64: stamp[60], 61: dss[61], 65: timestampValue(), 62: stamp[62],
					nForm: formTop + fields + " 66 0 R]>>", nPage1: page("4", annots1+" 66 0 R", "/StructParents 0"),
					66: strings.Replace(stamp[60], "61 0 R", "65 0 R", 1)})
			}, mdp: p, want: Permitted, code: "timestamped", warn: "-"},
			row{name: "Info and XMP, " + name, doc: one(objects{nInfo: "<</ModDate(D:2025)>>", nXMP: stream("/Type/Metadata", xmp+"\n")}), mdp: p, want: Permitted, code: "info", warn: "-"},
		)
		if p == 1 {
			continue
		}
		rows = append(rows,
			row{name: "second signature, " + name, doc: one(newSig("B")), mdp: p, want: Permitted, code: "signed", warn: "-"},
			row{name: "form fill, " + name, doc: one(fill), mdp: p, want: Permitted, code: "value_changed", warn: "-"},
			row{name: "existing field signed, " + name, doc: one(objects{nEmptySig: sigField("Signature2", " 61 0 R", "300 100 400 150", "/AP<</N 62 0 R>>"), 61: newValue(), 62: form(100, 50, "BT (x) Tj ET")}),
				mdp: p, want: Permitted, code: "signed", text: "Signature2", warn: "-"},
		)
	}
	runAll(t, rows)
}

// pageOf is the first page with another box.
func pageOf(box string) string {
	return strings.Replace(baseObjects()[nPage1], "/MediaBox[0 0 600 800]", "/MediaBox["+box+"]", 1)
}

func TestPermittedSigners(t *testing.T) {
	bare := objects{60: "<</FT/Sig/T(B)/V 61 0 R/F 132/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R>>", 61: newValue(), nForm: formTop + fields + " 60 0 R]>>"}
	noForm := objects{nCatalog: "<</Type/Catalog/Pages 2 0 R>>", nPage1: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>", nForm: ""}
	runAll(t, []row{
		{name: "page box written with two digits, as Firefox does", doc: after(objects{nPage1: pageOf("0 0 599.996 800")}, newSig("B").and(nPage1, strings.Replace(newSig("B")[nPage1], "0 0 600 800", "0 0 600 800.0", 1))), want: Permitted, code: "signed"},
		{name: "page box moved by a tenth of a point", doc: after(objects{nPage1: pageOf("0 0 599.9 800")}, newSig("B")), want: Forbidden, code: "page_entry"},
		{name: "field written with two digits", doc: after(objects{nAmount: strings.Replace(amount("100", "8"), "/Rect[100", "/Rect[100.004", 1)}, objects{nAmount: amount("7", "60"), 60: textAP("7")}), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "field moved by a tenth of a point", doc: after(objects{nAmount: strings.Replace(amount("100", "8"), "/Rect[100", "/Rect[100.1", 1)}, objects{nAmount: amount("7", "60"), 60: textAP("7")}), mdp: 2, want: Forbidden, code: "widget_changed"},
		{name: "field that no page lists", doc: one(bare), want: Permitted, code: "signed", warn: "-"},
		{name: "first form of the document", doc: after(noForm, objects{
			nCatalog: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[60 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 63 0 R>>>>>>>>",
			nPage1:   "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Annots[60 0 R]>>",
			60:       newSig("B")[60], 61: newValue(), 62: newSig("B")[62], 63: baseObjects()[nFont]}), want: Permitted, code: "signed", warn: "-"},
		{name: "fonts for the form", doc: one(newSig("B").and(nForm, strings.Replace(formTop, "/F1 5 0 R", "/F1 5 0 R/Helv 63 0 R", 1)+fields+" 60 0 R]>>").and(63, baseObjects()[nFont])), want: Permitted, code: "signed"},
		{name: "NeedAppearances removed", doc: after(objects{nForm: formTop + fields + "]/NeedAppearances true>>"}, objects{nForm: formTop + fields + "]>>"}), want: Permitted},
		{name: "form moved into an object of its own", doc: after(objects{nCatalog: strings.Replace(catalogTop, "6 0 R", formTop+fields+"]>>", 1) + ">>", nForm: ""},
			objects{nCatalog: catalogTop + ">>", nForm: formTop + fields + "]>>"}), want: Permitted},
		{name: "list of annotations in an object of its own", doc: after(objects{nPage1: strings.Replace(baseObjects()[nPage1], "["+annots1+"]", " 50 0 R", 1), 50: "[" + annots1 + "]"},
			objects{50: "[" + annots1 + " 60 0 R]", 60: newSig("B")[60], 61: newValue(), 62: newSig("B")[62], nForm: newSig("B")[nForm]}), want: Permitted, code: "signed"},
		{name: "list of fields in an object of its own", doc: after(objects{nForm: formTop[:len(formTop)-1] + " 50 0 R>>", 50: "[" + fields + "]"},
			newSig("B").and(50, "["+fields+" 60 0 R]").and(nForm, formTop[:len(formTop)-1]+" 50 0 R>>")), want: Permitted, code: "signed"},
		{name: "field above its widget", doc: one(objects{60: "<</FT/Sig/T(B)/V 61 0 R/Kids[63 0 R]>>", 61: newValue(), 62: newSig("B")[62],
			63: "<</Type/Annot/Subtype/Widget/Parent 60 0 R/P 3 0 R/Rect[400 100 500 150]/F 132/AP<</N 62 0 R>>>>", nForm: formTop + fields + " 60 0 R]>>",
			nPage1: page("4", annots1+" 63 0 R", "/StructParents 0")}), want: Permitted, code: "signed", warn: "-"},
		{name: "signature below a field that was there", doc: after(objects{nForm: formTop + fields + " 50 0 R]>>", 50: "<</T(group)/Kids[51 0 R]>>", 51: "<</T(a)/FT/Tx/Parent 50 0 R>>"},
			objects{50: "<</T(group)/Kids[51 0 R 60 0 R]>>", 60: "<</FT/Sig/T(B)/Parent 50 0 R/V 61 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]>>", 61: newValue()}),
			want: Permitted, code: "signed", text: "group.B"},
		{name: "signature with a direct value", doc: one(objects{nEmptySig: sigField("Signature2", newValue(), "300 100 400 150", "")}), want: Permitted, code: "signed"},
		{name: "third signer", doc: func() *doc {
			return base(nil).update(newSig("B")).update(objects{63: strings.Replace(sigField("C", " 64 0 R", "0 0 0 0", ""), "3 0 R", "14 0 R", 1), 64: newValue(),
				nForm: formTop + fields + " 60 0 R 63 0 R]>>", nPage2: page("15", "63 0 R", "")})
		}, want: Permitted, code: "signed", text: "'C'"},
		{name: "objects in an object stream", doc: func() *doc {
			u := newSig("B")
			d := base(nil).put(objects{61: u[61], 62: u[62]})
			delete(u, 61)
			delete(u, 62)
			return d.objStm(70, u, true).xrefStream(71)
		}, want: Permitted, code: "signed"},
		{name: "full section that lists all objects again", doc: func() *doc {
			d := base(nil)
			d.row(0, docRow{gen: 65535, free: true})
			d.prev = 0
			return d.put(d.objects).update(newSig("B"))
		}, want: Permitted, code: "signed"},
		{name: "full section with another page", doc: func() *doc {
			d := base(nil)
			d.row(0, docRow{gen: 65535, free: true})
			d.prev = 0
			d.objects[nContent2] = stream("", "other")
			return d.put(d.objects).table()
		}, want: Forbidden, code: "page_content", text: "page 2"},
		{name: "full section that leaves the font out", doc: func() *doc {
			d := base(nil)
			d.row(0, docRow{gen: 65535, free: true})
			d.prev = 0
			delete(d.objects, nFont)
			return d.put(d.objects).table()
		}, want: Forbidden, code: "page_resource"},
	})
}

func TestPermittedForms(t *testing.T) {
	radio := objects{nForm: formTop + fields + " 50 0 R]>>", 50: "<</FT/Btn/Ff 32768/T(choice)/V/A/Kids[51 0 R 52 0 R]>>",
		51:     "<</Type/Annot/Subtype/Widget/Parent 50 0 R/Rect[0 0 9 9]/P 3 0 R/AS/A/AP<</N<</A 18 0 R/Off 19 0 R>>>>>>",
		52:     "<</Type/Annot/Subtype/Widget/Parent 50 0 R/Rect[20 0 29 9]/P 3 0 R/AS/Off/AP<</N<</B 18 0 R/Off 19 0 R>>>>>>",
		nPage1: page("4", annots1+" 51 0 R 52 0 R", "/StructParents 0")}
	button := objects{nAgree: "<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(agree)/Rect[100 560 112 572]/P 3 0 R/AP<</N 18 0 R>>>>"}
	indirect := objects{nAmount: strings.Replace(amount("100", "8"), "/V(100)", "/V 50 0 R", 1), 50: "(100)"}
	runAll(t, []row{
		{name: "radio buttons", doc: after(radio, objects{50: strings.Replace(radio[50], "/V/A", "/V/B", 1),
			51: strings.Replace(radio[51], "/AS/A", "/AS/Off", 1), 52: strings.Replace(radio[52], "/AS/Off", "/AS/B", 1)}),
			mdp: 2, want: Permitted, code: "value_changed", text: "field 'choice': A → B", warn: "-"},
		{name: "check box", doc: one(objects{nAgree: strings.Replace(baseObjects()[nAgree], "/V/Off/AS/Off", "/V/Yes/AS/Yes", 1)}), mdp: 2, want: Permitted, code: "value_changed", text: "Off → Yes", warn: "-"},
		{name: "appearance in place", doc: one(objects{nAmount: amount("7", "8"), nAmountAP: textAP("7")}), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "value in an object of its own", doc: after(indirect, objects{50: "(7)", nAmountAP: textAP("7")}), mdp: 2, want: Permitted, code: "value_changed", text: "100 → 7", warn: "-"},
		{name: "value in an object of its own, locked", doc: after(indirect, objects{50: "(7)"}), lock: []Lock{{"All", nil}}, want: Forbidden, code: "locked", text: "from '100' to '7'"},
		{name: "read only after filling", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/V", "/Ff 1/V", 1), 60: textAP("7")}), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "filled in by MuPDF, which writes what is meant anyway", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/V", "/BS<</S/S/W 1>>/TU()/V", 1), 60: textAP("7")}), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "another look under the mouse", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/N 60 0 R", "/N 60 0 R/R 61 0 R", 1), 60: textAP("7"), 61: textAP("999")}), mdp: 2, want: Permitted, code: "value_changed", warn: WarnAppearanceOnly},
		{name: "to be drawn in white", doc: one(objects{nAmount: strings.Replace(amount("100", "8"), "0 g", "1 g", 1)}), mdp: 2, want: Permitted, warn: WarnAppearanceOnly},
		{name: "rich text besides the value", doc: one(objects{nAmount: strings.Replace(amount("100", "8"), "/V", "/RV(<p>999</p>)/V", 1)}), mdp: 2, want: Permitted, warn: WarnAppearanceOnly},
		{name: "filled in with a thick border", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/V", "/BS<</S/S/W 9>>/V", 1), 60: textAP("7")}), mdp: 2, want: Forbidden, code: "widget_changed"},
		{name: "filled in with another tip", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/V", "/TU(leave empty)/V", 1), 60: textAP("7")}), mdp: 2, want: Forbidden, code: "field_changed"},
		{name: "made required", doc: one(objects{nAmount: strings.Replace(amount("7", "60"), "/V", "/Ff 2/V", 1), 60: textAP("7")}), mdp: 2, want: Forbidden, code: "field_changed"},
		{name: "renamed", doc: one(objects{nAmount: strings.Replace(amount("100", "8"), "(amount)", "(other)", 1)}), want: Forbidden, code: "field_changed"},
		{name: "script for the field", doc: one(objects{nAmount: strings.Replace(amount("100", "8"), "/P 3", "/AA<</F<</S/JavaScript/JS(x)>>>>/P 3", 1)}), want: Forbidden, code: "field_changed"},
		{name: "text becomes a signature", doc: one(objects{nAmount: strings.Replace(amount("100", "8"), "/FT/Tx", "/FT/Sig", 1)}), want: Forbidden, code: "field_changed"},
		{name: "button drawn in another way", doc: after(button, objects{nAgreeOn: form(12, 12, "f")}), mdp: 2, want: Forbidden, code: "locked"},
		{name: "lock Include", doc: one(objects{nAmount: amount("7", "8")}), lock: []Lock{{"Include", []string{"amount"}}}, want: Forbidden, code: "locked"},
		{name: "lock Exclude others", doc: one(objects{nAmount: amount("7", "8")}), lock: []Lock{{"Exclude", []string{"agree"}}}, want: Forbidden, code: "locked"},
		{name: "lock Exclude it", doc: one(objects{nAmount: amount("7", "8")}), lock: []Lock{{"Exclude", []string{"amount"}}}, want: Permitted, code: "value_changed"},
		{name: "lock All", doc: one(objects{nAmount: amount("7", "8")}), lock: []Lock{{"All", nil}}, want: Forbidden, code: "locked"},
		{name: "lock of an empty signature field", doc: one(objects{nEmptySig: sigField("Signature2", " 61 0 R", "300 100 400 150", ""), 61: newValue()}),
			lock: []Lock{{"Include", []string{"Signature2"}}}, want: Forbidden, code: "locked"},
		{name: "lock All and a new signature", doc: one(newSig("B")), lock: []Lock{{"All", nil}}, want: Permitted, code: "signed"},
		{name: "revision without objects", doc: func() *doc { return base(nil).table() }, want: Permitted, code: "no_effect", warn: "-"},
		{name: "the same objects again", doc: one(objects{nPage1: baseObjects()[nPage1], nFont: baseObjects()[nFont]}), want: Permitted, code: "no_effect", warn: "-"},
	})
}

func TestPermittedAnnotations(t *testing.T) {
	add := func(body string, more objects) func() *doc {
		u := objects{60: body, nPage1: page("4", annots1+" 60 0 R", "/StructParents 0")}
		for k, v := range more {
			u[k] = v
		}
		return one(u)
	}
	note := "<</Type/Annot/Subtype/Text/Contents(hi)/Rect[20 700 40 720]/P 3 0 R/AP<</N 61 0 R>>>>"
	icon := objects{61: form(20, 20, "1 g 0 0 20 20 re f")}
	mark := "<</Type/Annot/Subtype/Highlight/Rect[100 695 300 715]/QuadPoints[100 715 300 715 100 695 300 695]/P 3 0 R/AP<</N 61 0 R>>>>"
	multiply := objects{61: stream("/Type/XObject/Subtype/Form/BBox[100 695 300 715]/Resources<</ExtGState<</G<</BM/Multiply>>>>>>", "/G gs 1 1 0 rg 100 695 200 20 re f")}
	line := objects{61: stream("/Type/XObject/Subtype/Form/BBox[100 695 300 715]", "1 0 0 RG 1 w 100 697 m 300 697 l S")}
	rows := []row{
		{name: "comment", doc: add(note, icon), want: Permitted, code: "annotation_added", warn: WarnAnnotation},
		{name: "highlight that multiplies", doc: add(mark, multiply), want: Permitted, code: "annotation_added", warn: WarnAnnotation},
		{name: "underline", doc: add(strings.Replace(mark, "Highlight", "Underline", 1), line), want: Permitted, code: "annotation_added", warn: WarnAnnotation},
		{name: "link", doc: add("<</Type/Annot/Subtype/Link/Rect[100 700 120 720]/A<</S/URI/URI(https://example.com)>>/P 3 0 R>>", nil), want: Permitted, code: "annotation_added", warn: WarnAnnotation},
		{name: "link that launches", doc: add("<</Type/Annot/Subtype/Link/Rect[100 700 120 720]/A<</S/Launch/F(x)>>/P 3 0 R>>", nil), mdp: 3, want: Forbidden, code: "annotation_action"},
		{name: "text on a blank part of the page", doc: one(freeText("100 200 300 230", "BT /F1 12 Tf (seen) Tj ET")), want: Permitted, code: "annotation_added", warn: WarnAnnotation},
		{name: "text over a picture", doc: one(freeText("410 410 420 420", "BT /F1 12 Tf (seen) Tj ET")), want: Forbidden, code: "annotation_added_covering"},
		{name: "text over a form field", doc: one(freeText("100 600 300 620", "BT /F1 12 Tf (seen) Tj ET")), want: Forbidden, code: "annotation_added_covering"},
		{name: "comment changed", doc: one(objects{nNote: strings.Replace(baseObjects()[nNote], "(note)", "(other)", 1)}), want: Permitted, code: "annotation_changed", warn: WarnAnnotation},
		{name: "comment removed", doc: one(objects{nPage1: page("4", strings.Replace(annots1, "21 0 R ", "", 1), "/StructParents 0")}), want: Permitted, code: "annotation_removed", warn: WarnAnnotation},
		{name: "comment whose picture hides text", doc: add(strings.Replace(note, "[20 700 40 720]", "[100 700 120 720]", 1), icon), want: Forbidden, code: "annotation_added_covering"},
		{name: "comment at P=3", doc: add(note, icon), mdp: 3, want: Permitted, code: "annotation_added", warn: "-"},
		{name: "comment at P=2", doc: add(note, icon), mdp: 2, want: Forbidden, code: "annotation_added"},
		{name: "comment becomes a stamp", doc: one(objects{nNote: strings.Replace(baseObjects()[nNote], "/Text/", "/Stamp/AP<</N 60 0 R>>/", 1), 60: form(9, 9, "f")}), mdp: 2, want: Forbidden, code: "annotation_changed"},
	}
	runAll(t, rows)
}

// Tagged files: the element that comes with a new signature.
func TestPermittedStructure(t *testing.T) {
	tagged := newSig("B").and(nStructElem, strings.Replace(baseObjects()[nStructElem], "/K[", "/K[", 1)).
		and(nStructElem, "<</Type/StructElem/S/Document/P 25 0 R/K[<</Type/OBJR/Obj 7 0 R/Pg 3 0 R>> 63 0 R]/Pg 3 0 R>>").
		and(63, "<</Type/StructElem/S/Form/P 26 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 60 0 R>>>>").
		and(nParentTree, "<</Nums[0[26 0 R]1 63 0 R]>>").
		and(nStructRoot, "<</Type/StructTreeRoot/K 26 0 R/ParentTree 27 0 R/ParentTreeNextKey 2>>")
	moved := tagged.and(nParentTree, "<</Nums[0[63 0 R]1 63 0 R]>>")
	retagged := tagged.and(nStructElem, strings.Replace(tagged[nStructElem], "/S/Document", "/S/Artifact", 1))
	alone := objects{}
	for _, n := range []uint32{nStructElem, nParentTree, nStructRoot, 63} {
		alone[n] = tagged[n]
	}
	runAll(t, []row{
		{name: "element for a new signature", doc: one(tagged), mdp: 2, want: Permitted, code: "structure_added", warn: "-"},
		{name: "rows of the parent tree changed", doc: one(moved), want: Forbidden, code: "structure_tree"},
		{name: "element retagged", doc: one(retagged), want: Forbidden, code: "structure_tree"},
		{name: "element without signature", doc: one(alone), want: Forbidden, code: "structure_tree"},
	})
}
