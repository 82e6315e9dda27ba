package changes

import (
	"fmt"
	"strings"
	"testing"
)

// Certification, verification.md 1.3 G.
func TestRowsG(t *testing.T) {
	opaque := freeText("90 690 300 720", "1 g 0 0 210 30 re f")
	visible := objects{
		60:     sigField("Evil", "", "90 690 300 720", "/AP<</N 61 0 R>>"),
		61:     form(210, 30, "1 g 0 0 210 30 re f"),
		nForm:  formTop + fields + " 60 0 R]>>",
		nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"),
	}
	fill := objects{nAmount: amount("5", "60"), 60: textAP("5")}
	perms := objects{nCatalog: catalogTop + "/Perms<</DocMDP 10 0 R>>>>"}
	runAll(t, []row{
		{name: "G1 annotation at P=1", doc: one(opaque), mdp: 1, want: Forbidden, code: "annotation_added"},
		{name: "G2 annotation at P=2", doc: one(opaque), mdp: 2, want: Forbidden, code: "annotation_added"},
		{name: "G3 annotation at P=3", doc: one(opaque), mdp: 3, want: Permitted, code: "annotation_added", warn: WarnCovers},
		{name: "G4 unsigned field at P=1", doc: one(visible), mdp: 1, want: Forbidden, code: "signature_field_added"},
		{name: "G5 unsigned field at P=2", doc: one(visible), mdp: 2, want: Permitted, code: "signature_field_added", warn: WarnUnsignedField},
		{name: "G6 unsigned field at P=3", doc: one(visible), mdp: 3, want: Permitted, code: "signature_field_added", warn: WarnUnsignedField},
		{name: "G4 appearance for an empty field at P=1", doc: one(objects{nEmptySig: sigField("Signature2", "", "300 100 400 150", "/AP<</N 60 0 R>>"), 60: visible[61]}),
			mdp: 1, want: Forbidden, code: "signature_field_changed"},
		{name: "G5 appearance for an empty field at P=2", doc: one(objects{nEmptySig: sigField("Signature2", "", "300 100 400 150", "/AP<</N 60 0 R>>"), 60: visible[61]}),
			mdp: 2, want: Permitted, code: "signature_field_changed", warn: WarnUnsignedField},
		{name: "G5 empty field moved at P=2", doc: one(objects{nEmptySig: sigField("Signature2", "", "90 690 300 720", "/AP<</N 60 0 R>>"), 60: visible[61]}),
			mdp: 2, want: Forbidden, code: "signature_field_entry"},
		{name: "G7 form fill at P=1", doc: one(fill), mdp: 1, want: Forbidden, code: "locked"},
		{name: "G7 form fill at P=2", doc: one(fill), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "G8 Perms removed", doc: after(perms, objects{nCatalog: catalogTop + ">>"}), mdp: 3, want: Forbidden, code: "permissions"},
		{name: "G8 Perms emptied", doc: after(perms, objects{nCatalog: catalogTop + "/Perms<<>>>>"}), mdp: 3, want: Forbidden, code: "permissions"},
		{name: "G8 Perms point elsewhere", doc: after(perms, newSig("X").and(nCatalog, catalogTop+"/Perms<</DocMDP 61 0 R>>>>")), mdp: 3, want: Forbidden, code: "permissions"},
		{name: "G9 signature overridden at P=3", doc: after(perms, objects{nSigValue: sigValue("/Reason(x)")}), mdp: 3, want: Forbidden, code: "signature_overridden"},
		{name: "G9 signed field takes another signature at P=3", doc: one(objects{nSig: strings.Replace(baseObjects()[nSig], "10 0 R", "60 0 R", 1), 60: newValue()}),
			mdp: 3, want: Forbidden, code: "signature_changed"},
		{name: "G11 certification that comes later is told as a signature", doc: one(newSig("X").and(nCatalog, catalogTop+"/Perms<</DocMDP 61 0 R>>>>")),
			want: Permitted, code: "signed"},
	})
}

// G10: other annotations that draw, and widgets that are moved or shown.
func TestRowG10(t *testing.T) {
	draw := func(kind string) func() *doc {
		u := freeText("90 690 300 720", "1 g 0 0 210 30 re f")
		u[60] = strings.Replace(u[60], "FreeText", kind, 1)
		return one(u)
	}
	large := one(objects{nAmount: amount("100", "60"), 60: form(600, 800, "/Tx BMC BT /F1 12 Tf (100) Tj ET EMC")})
	hidden := one(objects{nAmount: strings.Replace(amount("100", "8"), "/P 3", "/F 2/P 3", 1)})
	moved := one(objects{nAmount: strings.Replace(amount("100", "8"), "[100 600", "[100 700", 1)})
	shownAgain := after(objects{nStamp: strings.Replace(baseObjects()[nStamp], "/P 3", "/F 2/P 3", 1)}, objects{nStamp: baseObjects()[nStamp]})
	var rows []row
	for _, c := range []struct {
		name, code, code0, warn string
		doc                     func() *doc
	}{
		{"Stamp", "annotation_added", "annotation_added_covering", WarnCovers, draw("Stamp")},
		{"Redact", "annotation_added", "annotation_added_covering", WarnCovers, draw("Redact")},
		{"Ink", "annotation_added", "annotation_added_covering", WarnCovers, draw("Ink")},
		{"Square", "annotation_added", "annotation_added_covering", WarnCovers, draw("Square")},
		{"Watermark", "annotation_added", "annotation_added_covering", WarnCovers, draw("Watermark")},
		{"Text with a large appearance", "annotation_added", "annotation_added_covering", WarnCovers, draw("Text")},
		{"Link with an appearance", "annotation_added", "annotation_added_covering", WarnCovers, draw("Link")},
		{"Highlight that hides", "annotation_added", "annotation_added_covering", WarnCovers, draw("Highlight")},
		{"appearance larger than the field", "appearance_oversize", "appearance_oversize", WarnCovers, large},
		{"field hidden", "widget_changed", "widget_changed", WarnCovers, hidden},
		{"field moved", "widget_changed", "widget_changed", WarnCovers, moved},
		{"hidden stamp shown", "annotation_changed", "annotation_changed_covering", WarnCovers, shownAgain},
	} {
		for p, want := range []Level{Forbidden, Forbidden, Forbidden, Permitted} {
			r := row{name: fmt.Sprintf("G10 %s at P=%d", c.name, p), doc: c.doc, mdp: p, want: want, code: c.code}
			switch {
			case p == 0:
				r.code = c.code0
			case p == 1 && c.code == "appearance_oversize": // forbidden before its size matters
				r.code = "locked"
			}
			if p == 3 {
				r.warn = c.warn
			}
			rows = append(rows, r)
		}
	}
	runAll(t, rows)
}

// Shadow attacks, verification.md 1.3 H.
func TestRowsH(t *testing.T) {
	gone := page("4", strings.Replace(annots1, " 22 0 R", "", 1), "/StructParents 0")
	runAll(t, []row{
		{name: "H1 image over text made transparent", doc: one(objects{nImage: stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ImageMask true", "\x80")}),
			want: Forbidden, code: "page_resource"},
		{name: "H1 image dropped", doc: func() *doc { return base(nil).free(nImage, 1).table() }, want: Forbidden, code: "page_resource", text: "removed"},
		{name: "H2 covering annotation removed", doc: one(objects{nPage1: gone}), want: Forbidden, code: "annotation_removed_covering"},
		{name: "H2 covering annotation removed at P=3", doc: one(objects{nPage1: gone}), mdp: 3, want: Permitted, code: "annotation_removed", warn: WarnCovers},
		{name: "H2 covering annotation freed", doc: func() *doc { return base(nil).free(nStamp, 1).table() }, want: Forbidden, code: "annotation_removed_covering"},
		{name: "H2 covering annotation hidden", doc: one(objects{nStamp: strings.Replace(baseObjects()[nStamp], "/P 3", "/F 2/P 3", 1)}),
			want: Forbidden, code: "annotation_changed_covering"},
		{name: "H2 covering annotation drawn in another way", doc: one(objects{nStampAP: form(210, 30, "")}), want: Forbidden, code: "annotation_changed_covering"},
		{name: "H2 form field removed", doc: one(objects{nPage1: page("4", strings.Replace(annots1, "7 0 R ", "", 1), "/StructParents 0")}), want: Forbidden, code: "field_removed", text: "amount"},
		{name: "H2 annotations in another order", doc: one(objects{nPage1: page("4", "22 0 R 7 0 R 9 0 R 17 0 R 20 0 R 21 0 R", "/StructParents 0")}), want: Forbidden, code: "annotation_order"},
		{name: "H3 value of a field that showed another", doc: after(objects{nAmountAP: textAP("5")}, objects{nAmount: amount("7", "8")}),
			want: Permitted, code: "value_changed", warn: WarnMismatch},
		{name: "H3 appearance only", doc: after(objects{nAmountAP: textAP("5")}, objects{nAmountAP: textAP("900")}),
			want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "H3 appearance that can't be read", doc: one(objects{nAmountAP: form(200, 20, "q /Im0 Do Q")}),
			want: Permitted, code: "appearance_changed", warn: WarnAppearanceOnly},
		{name: "H3 check box shows what it is not", doc: one(objects{nAgree: strings.Replace(baseObjects()[nAgree], "/AS/Off", "/AS/Yes", 1)}),
			want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "H4 font program replaced", doc: after(
			objects{nFont: "<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 60 0 R>>", 60: "<</Type/FontDescriptor/FontFile2 61 0 R>>", 61: stream("", "program")},
			objects{61: stream("", "swapped")}), want: Forbidden, code: "page_resource"},
		{name: "H5 another root by one entry", doc: func() *doc {
			d := base(objects{60: "<</Type/Pages/Kids[61 0 R]/Count 1>>", 61: page("15", "", "")})
			return d.update(objects{nCatalog: strings.Replace(catalogTop, "2 0 R", "60 0 R", 1) + ">>"})
		}, want: Forbidden, code: "catalog_entry", text: "page tree"},
		{name: "H5 content by one row of the section", doc: hiddenContent, want: Forbidden, code: "page_content"},
		{name: "L11 DSS removed", doc: after(objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[61 0 R]>>", 61: stream("", "c")},
			objects{nCatalog: catalogTop + ">>"}), want: Forbidden, code: "dss_removed"},
		{name: "L11 DSS freed", doc: func() *doc {
			return base(objects{nCatalog: catalogTop + "/DSS 60 0 R>>", 60: "<</Certs[61 0 R]>>", 61: stream("", "c")}).free(60, 1).table()
		}, want: Forbidden, code: "dss_removed"},
	})
}

// hiddenContent has a second content stream 4 in the signed bytes, which only a
// later section names.
func hiddenContent() *doc {
	d := base(nil)
	// The signed revision is written again with the hidden object in it.
	d = &doc{rows: map[uint32]docRow{}, root: "1 0 R", trail: d.trail, objects: d.objects, size: base0}
	d.b.WriteString("%PDF-1.7\n")
	hidden := int64(d.b.Len())
	fmt.Fprintf(&d.b, "4 0 obj\n%s\nendobj\n", stream("", "BT /F1 12 Tf 100 700 Td (Pay 999999) Tj ET"))
	d.row(0, docRow{gen: 65535, free: true})
	d.put(d.objects).table()
	d.signed = int64(d.b.Len())
	d.row(nContent1, docRow{off: hidden})
	return d.table()
}
