package changes

import (
	"fmt"
	"strings"
	"testing"
)

// one is a base document with one update.
func one(update objects) func() *doc {
	return func() *doc { return base(nil).update(update) }
}

// after is a base document in another way, with one update.
func after(with, update objects) func() *doc {
	return func() *doc { return base(with).update(update) }
}

// newSig is the update of a signer of another program: a new field 60 with
// value 61 and appearance 62 on page 1.
func newSig(name string) objects {
	return objects{
		60:     sigField(name, " 61 0 R", "400 100 500 150", "/AP<</N 62 0 R>>"),
		61:     newValue(),
		62:     form(100, 50, "BT /F1 8 Tf (B) Tj ET"),
		nForm:  formTop + fields + " 60 0 R]>>",
		nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"),
	}
}

// and adds to an update.
func (o objects) and(n uint32, body string) objects {
	out := objects{n: body}
	for k, v := range o {
		if k != n {
			out[k] = v
		}
	}
	return out
}

// Incremental saving, verification.md 1.3 B.
func TestRowsB(t *testing.T) {
	runAll(t, []row{
		{name: "B1 content replaced", doc: one(objects{nContent1: stream("", "BT (Pay 999999) Tj ET")}),
			want: Forbidden, code: "page_content", text: "page 1: content replaced"},
		{name: "B1 content of the second page", doc: one(objects{nContent2: stream("", "x")}),
			want: Forbidden, code: "page_content", text: "page 2"},
		{name: "B2 B3 body without section", doc: func() *doc {
			d := base(nil)
			fmt.Fprintf(&d.b, "4 0 obj\n%s\nendobj\n%s", stream("", "x"), strings.Repeat(" ", 2000))
			return d
		}, want: Forbidden, code: "trailing_data"},
		{name: "B4 second end of file", doc: func() *doc {
			d := base(nil)
			fmt.Fprintf(&d.b, "4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", stream("", "x"), d.prev)
			return d
		}, want: Forbidden, code: "trailing_data"},
		{name: "B6 comment after the end", doc: func() *doc {
			d := base(nil)
			d.b.WriteString("% comment\n")
			return d
		}, want: None, warn: WarnTrailingComment},
		{name: "B7 content and a copy of the signature", doc: one(objects{nContent1: stream("", "x"), nSigValue: baseObjects()[nSigValue]}),
			want: Forbidden, code: "page_content"},
		{name: "B7 signature overridden", doc: one(objects{nSigValue: sigValue("")}),
			want: Forbidden, code: "signature_overridden"},
		{name: "B8 second field with the name", doc: one(objects{
			60:    sigField("Signature1", " 10 0 R", "400 100 500 150", ""),
			nForm: formTop + fields + " 60 0 R]>>"}),
			want: Forbidden, code: "field_duplicate"},
		{name: "B9 new root", doc: func() *doc {
			d := base(nil)
			d.root = "60 0 R"
			return d.update(objects{60: catalogTop[:strings.Index(catalogTop, "2 0 R")] + "61 0 R/AcroForm 6 0 R/Metadata 13 0 R/Outlines 24 0 R/StructTreeRoot 25 0 R>>",
				61: "<</Type/Pages/Kids[62 0 R]/Count 1>>", 62: page("4", "", "")})
		}, want: Forbidden, code: "catalog_entry", text: "page tree"},
		{name: "B9 new root that says the same", doc: func() *doc {
			d := base(nil)
			d.root = "60 0 R"
			return d.update(objects{60: catalogTop + ">>"})
		}, want: Permitted},
		{name: "B10 orphan object stream", doc: func() *doc {
			return base(nil).objStm(60, objects{nPage1: page("15", "", "")}, false).table()
		}, want: Permitted},
		{name: "B10 orphan object", doc: one(objects{60: page("4", "", "")}), want: Permitted, code: "unreferenced"},
		{name: "B11 page overridden through an object stream", doc: func() *doc {
			return base(nil).objStm(60, objects{nPage1: page("15", annots1, "/StructParents 0")}, true).xrefStream(61)
		}, want: Forbidden, code: "page_content", text: "page 1"},
		{name: "B12 hybrid file", doc: func() *doc {
			d := base(nil).objStm(60, objects{nPage1: page("15", annots1, "/StructParents 0")}, true)
			at := d.streamSection(61, d.entries())
			clear(d.rows)
			tab := int64(d.b.Len())
			d.b.WriteString("xref\n0 0\ntrailer\n<<")
			d.end(tab, fmt.Sprintf("/XRefStm %d", at))
			return d
		}, want: Forbidden, code: "page_content"},
		{name: "B13 content freed", doc: func() *doc { return base(nil).free(nContent1, 1).table() },
			want: Forbidden, code: "page_content", text: "removed"},
		{name: "B14 generation bump", doc: func() *doc {
			d := base(nil)
			d.row(nContent1, docRow{off: int64(d.b.Len()), gen: 1})
			fmt.Fprintf(&d.b, "4 1 obj\n%s\nendobj\n", stream("", "x"))
			return d.table()
		}, want: Forbidden, code: "page_content"},
		{name: "B15 font replaced", doc: one(objects{nFont: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}),
			want: Forbidden, code: "page_resource"},
		{name: "B16 FreeText over text", doc: one(freeText("90 690 300 720", "1 g 0 0 210 30 re f")),
			want: Forbidden, code: "annotation_added_covering"},
		{name: "B17 value changed", doc: one(objects{nAmount: amount("999999", "8")}),
			want: Permitted, code: "value_changed", text: "field 'amount': 100 → 999999"},
		{name: "B18 appearance shows another text", doc: one(objects{nAmountAP: textAP("999999")}),
			want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "B18 new appearance shows another text", doc: one(objects{nAmount: amount("100", "60"), 60: textAP("999999")}),
			want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "B19 OpenAction", doc: one(objects{nCatalog: catalogTop + "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"}),
			want: Forbidden, code: "catalog_entry", text: "OpenAction"},
		{name: "B19 JavaScript in the name tree", doc: one(objects{nCatalog: catalogTop + "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(a)>>]>>>>>>"}),
			want: Forbidden, code: "names"},
		{name: "B20 XFA", doc: one(objects{nForm: formTop + fields + "]/XFA 60 0 R>>", 60: stream("", "<xdp/>")}),
			want: Forbidden, code: "xfa"},
		{name: "B21 layers added", doc: one(objects{nCatalog: catalogTop + "/OCProperties<</OCGs[]/D<<>>>>>>"}),
			want: Forbidden, code: "catalog_entry", text: "layers"},
		{name: "B21 layers changed in place", doc: after(objects{nCatalog: catalogTop + "/OCProperties 60 0 R>>", 60: "<</OCGs[]/D<</BaseState/ON>>>>"},
			objects{60: "<</OCGs[]/D<</BaseState/OFF>>>>"}), want: Forbidden, code: "catalog_entry", text: "OCProperties"},
		{name: "B22 NeedAppearances", doc: one(objects{nForm: formTop + fields + "]/NeedAppearances true>>"}),
			want: Forbidden, code: "form_entry"},
		{name: "B25 Info", doc: one(objects{nInfo: "<</Title(B)/ModDate(D:20250101000000Z)>>"}), want: Permitted, code: "info", warn: "-"},
		{name: "B25 XMP", doc: one(objects{nXMP: stream("/Type/Metadata/Subtype/XML", xmp+" ")}), want: Permitted, code: "xmp", warn: "-"},
		{name: "B25 XMP bomb", doc: one(objects{nXMP: stream("/Type/Metadata/Subtype/XML", `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz/>`)}),
			want: Forbidden, code: "xmp_entities"},
	})
}

// freeText is an update with an annotation 60 on page 1.
func freeText(rect, content string) objects {
	return objects{
		60:     "<</Type/Annot/Subtype/FreeText/Contents(x)/Rect[" + rect + "]/P 3 0 R/AP<</N 61 0 R>>>>",
		61:     form(210, 30, content),
		nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"),
	}
}

func TestRowsBSignatures(t *testing.T) {
	runAll(t, []row{
		{name: "B26 recycled signature", doc: one(newSig("Other").and(60, sigField("Other", " 10 0 R", "400 100 500 150", "/AP<</N 62 0 R>>"))),
			want: Forbidden, code: "signature_recycled"},
		{name: "B26 phantom: recycled without page", doc: one(objects{
			60: sigField("Other", " 10 0 R", "0 0 0 0", ""), nForm: formTop + fields + " 60 0 R]>>"}),
			want: Forbidden, code: "signature_recycled"},
		{name: "B26 empty field takes an old signature", doc: one(objects{nEmptySig: sigField("Signature2", " 10 0 R", "300 100 400 150", "")}),
			want: Forbidden, code: "signature_recycled"},
		{name: "B26 signed field shown on another page", doc: one(objects{nPage2: page("15", "9 0 R", "")}),
			want: Forbidden, code: "signature_recycled"},
		{name: "B26 two fields share a new signature", doc: one(newSig("A").and(63, sigField("B", " 61 0 R", "0 0 0 0", "")).
			and(nForm, formTop+fields+" 60 0 R 63 0 R]>>")), want: Forbidden, code: "signature_recycled"},
		{name: "B27 DSS points at page content", doc: after(objects{
			nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[4 0 R]>>"},
			objects{60: "<</Certs[4 0 R 61 0 R]>>", 61: stream("", "cert"), nContent1: stream("", "evil")}),
			want: Forbidden, code: "page_content"},
		{name: "B27 page content dangles at a number of the update", doc: after(objects{
			nPage1: page("[4 0 R 61 0 R]/Foo 4", annots1, "/StructParents 0")},
			objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[61 0 R]>>", 61: stream("", "cert")}),
			want: Forbidden, code: "page_content"},
		{name: "B28 DSS moved onto a number in use", doc: one(objects{nCatalog: catalogTop + "/DSS 4 0 R>>", nContent1: "<</Type/DSS>>"}),
			want: Forbidden, code: "page_content"},
		{name: "B28 DSS names content", doc: one(objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[4 0 R]>>"}),
			want: Forbidden, code: "dss_shared"},
		{name: "B28 DSS stream on the number of a font", doc: one(objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[5 0 R]>>", nFont: stream("", "cert")}),
			want: Forbidden, code: "page_resource"},
		{name: "B29 signed field removed from the form", doc: one(objects{nForm: formTop + "7 0 R 17 0 R 20 0 R]>>"}),
			want: Forbidden, code: "field_removed", text: "Signature1"},
		{name: "B29 widget removed from the page", doc: one(objects{nPage1: page("4", strings.Replace(annots1, "9 0 R ", "", 1), "/StructParents 0")}),
			want: Forbidden, code: "field_removed", text: "Signature1"},
		{name: "B29 signed field freed", doc: func() *doc { return base(nil).free(nSig, 1).table() },
			want: Forbidden, code: "field_removed"},
		{name: "B29 form removed", doc: one(objects{nCatalog: strings.Replace(catalogTop, "/AcroForm 6 0 R", "", 1) + ">>"}),
			want: Forbidden, code: "form_removed"},
		{name: "B29 appearance of a signature replaced", doc: one(objects{nSigAP: form(100, 50, "BT /F1 8 Tf (Mallory) Tj ET")}),
			want: Forbidden, code: "signature_changed"},
		{name: "B30 orphan number used again", doc: one(objects{nOrphan: stream("", "x")}),
			want: Forbidden, code: "number_reused"},
		{name: "B30 two paths, one allowed", doc: after(objects{nPage2: page("8", "", "")},
			objects{nAmountAP: textAP("999999")}), want: Forbidden, code: "page_content", text: "page 2"},
		{name: "B30 extensions with a second path", doc: after(objects{nCatalog: catalogTop + "/Extensions 60 0 R/Other 60 0 R>>", 60: "<<>>"},
			objects{60: "<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>"}), want: Forbidden, code: "catalog_entry", text: "Other"},
		{name: "B31 prefix of a locked name", doc: one(newSig("Signature10")), lock: []Lock{{"Include", []string{"Signature1"}}},
			want: Permitted, code: "signed", text: "Signature10"},
		{name: "B31 field with the prefix", doc: after(objects{nAmount: strings.Replace(amount("100", "8"), "(amount)", "(amount10)", 1)},
			objects{nAmount: strings.Replace(amount("9", "8"), "(amount)", "(amount10)", 1)}),
			lock: []Lock{{"Include", []string{"amount"}}}, want: Permitted, code: "value_changed"},
	})
}

// B32: entries that iText's 66 labelled files change.
func TestRowB32(t *testing.T) {
	runAll(t, []row{
		{name: "Tabs", doc: one(objects{nPage1: page("4", annots1, "/StructParents 0/Tabs/S")}), want: Forbidden, code: "page_entry", text: "Tabs"},
		{name: "Outlines in place", doc: one(objects{nOutline: "<</Type/Outlines>>"}), want: Forbidden, code: "catalog_entry", text: "Outlines"},
		{name: "Outlines removed", doc: one(objects{nCatalog: strings.Replace(catalogTop, "/Outlines 24 0 R", "", 1) + ">>"}), want: Forbidden, code: "catalog_entry", text: "Outlines"},
		{name: "structure element removed", doc: one(objects{nStructElem: "<</Type/StructElem/S/Document/P 25 0 R/Pg 3 0 R>>"}), want: Forbidden, code: "structure_tree"},
		{name: "structure element alone added", doc: one(objects{nStructElem: with(nStructElem, "/K[", "/K[60 0 R "), 60: "<</S/P/P 26 0 R>>"}), want: Forbidden, code: "structure_tree"},
		{name: "structure tree removed", doc: one(objects{nCatalog: strings.Replace(catalogTop, "/StructTreeRoot 25 0 R", "", 1) + ">>"}), want: Forbidden, code: "structure_tree"},
		{name: "Extensions added", doc: one(objects{nCatalog: catalogTop + "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>>>"}), want: Permitted, code: "extension"},
		{name: "Extensions raised", doc: after(ext("/ADBE<</BaseVersion/1.7/ExtensionLevel 5>>"), ext("/ADBE<</BaseVersion/1.7/ExtensionLevel 8>>")), want: Permitted, code: "extension"},
		{name: "Extensions lowered", doc: after(ext("/ADBE<</BaseVersion/1.7/ExtensionLevel 5>>"), ext("/ADBE<</BaseVersion/1.7/ExtensionLevel 3>>")), want: Forbidden, code: "extension_level_decreased"},
		{name: "Extensions removed", doc: after(ext("/ADBE<</BaseVersion/1.7/ExtensionLevel 5>>"), objects{nCatalog: catalogTop + ">>"}), want: Forbidden, code: "extension_level_decreased"},
		{name: "Version raised", doc: after(objects{nCatalog: catalogTop + "/Version/1.7>>"}, objects{nCatalog: catalogTop + "/Version/2.0>>"}), want: Permitted, code: "version"},
		{name: "Version lowered", doc: after(objects{nCatalog: catalogTop + "/Version/2.0>>"}, objects{nCatalog: catalogTop + "/Version/1.7>>"}), want: Forbidden, code: "version"},
		{name: "parent of a page", doc: one(objects{nPage1: strings.Replace(baseObjects()[nPage1], "/Parent 2 0 R", "/Parent 60 0 R", 1), 60: "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>"}), want: Forbidden, code: "page_entry", text: "Parent"},
		{name: "media box", doc: one(objects{nPage1: strings.Replace(baseObjects()[nPage1], "600 800", "600 400", 1)}), want: Forbidden, code: "page_entry"},
		{name: "page added", doc: one(objects{nPages: "<</Type/Pages/Kids[3 0 R 14 0 R 60 0 R]/Count 3>>", 60: page("4", "", "")}), want: Forbidden, code: "page_tree", text: "2 became 3"},
		{name: "page removed", doc: one(objects{nPages: "<</Type/Pages/Kids[3 0 R]/Count 1>>"}), want: Forbidden, code: "page_tree"},
		{name: "page labels", doc: one(objects{nCatalog: catalogTop + "/PageLabels<</Nums[0<</S/r>>]>>>>"}), want: Forbidden, code: "catalog_entry"},
		{name: "additional actions", doc: one(objects{nCatalog: catalogTop + "/AA<</WP<</S/JavaScript/JS(a)>>>>>>"}), want: Forbidden, code: "catalog_entry"},
		{name: "page actions", doc: one(objects{nPage1: page("4", annots1, "/StructParents 0/AA<</O<</S/JavaScript/JS(a)>>>>")}), want: Forbidden, code: "page_entry"},
		{name: "field added", doc: one(objects{nForm: formTop + fields + " 60 0 R]>>", 60: "<</FT/Tx/T(new)>>"}), want: Forbidden, code: "field_added"},
		{name: "calculation order", doc: one(objects{nForm: formTop + fields + "]/CO[7 0 R]>>"}), want: Forbidden, code: "form_entry"},
		{name: "font of the form replaced", doc: one(objects{nForm: strings.Replace(formTop, "/F1 5 0 R", "/F1 60 0 R", 1) + fields + "]>>", 60: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), want: Forbidden, code: "form_resource"},
		{name: "image drawn over", doc: one(objects{nPage1: strings.Replace(baseObjects()[nPage1], "/Contents 4 0 R", "/Contents[4 0 R 15 0 R]", 1)}), want: Forbidden, code: "page_content"},
	})
}

func ext(s string) objects { return objects{nCatalog: catalogTop + "/Extensions<<" + s + ">>>>"} }
