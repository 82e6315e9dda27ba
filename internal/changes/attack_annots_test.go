package changes

import (
	"fmt"
	"strings"
	"testing"
)

// plainAnnots are those of page 1 but for the stamp over the text.
const plainAnnots = "7 0 R 9 0 R 17 0 R 20 0 R 21 0 R"

func plain(update objects) func() *doc {
	return after(objects{nPage1: page("4", plainAnnots, "/StructParents 0")}, update)
}

// annot is an update with an annotation 60 on page 1, with appearance 61.
func annot(subtype, rect, more string, ap string) objects {
	o := objects{
		60:     "<</Type/Annot/Subtype/" + subtype + "/Rect[" + rect + "]/P 3 0 R" + more + ">>",
		nPage1: page("4", plainAnnots+" 60 0 R", "/StructParents 0"),
	}
	if ap != "" {
		o[60] = strings.Replace(o[60], "/P 3 0 R", "/P 3 0 R/AP<</N 61 0 R>>", 1)
		o[61] = ap
	}
	return o
}

func formWith(resources, data string) string {
	return stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<"+resources+">>", data)
}

// Annotations of harmless kinds that hide or draw text.
func TestAttackComments(t *testing.T) {
	const over = "100 698 160 712"
	quad := "/QuadPoints[100 712 160 712 100 698 160 698]"
	gs := func(state string) string { return "/ExtGState<</G<<" + state + ">>>>" }
	denied := []struct {
		name string
		u    objects
	}{
		{"popup with an appearance", annot("Popup", over, "", form(60, 14, coverContent))},
		{"note with an opaque picture", annot("Text", "100 698 130 712", "", form(30, 14, "1 g 0 0 30 14 re f"))},
		{"note that shows text", annot("Text", "100 698 130 712", "", form(30, 14, "BT /F1 12 Tf (9) Tj ET"))},
		{"note with a pale icon", annot("Text", "100 698 116 714", "", form(16, 16, "1 1 0 rg 0 0 16 16 re f 1 g 0 0 16 16 re f"))},
		{"note with a coloured icon and text", annot("Text", "100 698 116 714", "", form(16, 16, "1 1 0 rg 0 0 16 16 re f BT /F1 12 Tf (9) Tj ET"))},
		{"note with a large coloured icon", annot("Text", "100 698 135 714", "", form(35, 16, "1 1 0 rg 0 0 35 16 re f"))},
		{"note with a small coloured spot", annot("Text", "100 698 116 714", "", form(16, 16, "1 1 0 rg 0 0 4 4 re f 0 g 5 5 2 9 re f"))},
		{"strike-out that stands upright", annot("StrikeOut", over, quad, formWith("", "0 G 1 w 96 698 m 96 712 l S"))},
		{"digit before the text", annot("FreeText", "85 698 98 712", "", form(13, 14, "BT /F1 12 Tf (9) Tj ET"))},
		{"digit after the text", annot("FreeText", "245 698 256 712", "", form(13, 14, "BT /F1 12 Tf (9) Tj ET"))},
		{"link with a thick border", annot("Link", over, "/Border[0 0 30]", "")},
		{"link with a thick border of style", annot("Link", over, "/BS<</W 30>>", "")},
		{"highlight that blackens", annot("Highlight", over, quad, formWith(gs("/BM/Multiply"), "/G gs 0 g 100 698 60 14 re f"))},
		{"highlight in a colour that is not known", annot("Highlight", over, quad, formWith(gs("/BM/Multiply"), "/G gs /Cs cs 1 sc 100 698 60 14 re f"))},
		{"black highlight of the viewer", annot("Highlight", over, quad+"/C[0 0 0]", "")},
		{"highlight of several layers", annot("Highlight", over, quad, formWith(gs("/ca .5"), strings.Repeat("/G gs 1 1 0 rg 100 698 60 14 re f ", 9)))},
		{"white highlight", annot("Highlight", over, quad, formWith(gs("/ca .5"), "/G gs 1 g 100 698 60 14 re f"))},
		{"strike-out that draws letters", annot("StrikeOut", over, quad, formWith("", "1 w 110 698 m 116 705 l 120 712 l S"))},
		{"strike-out that draws digits of segments", annot("StrikeOut", over, quad, formWith("", "1 w 110 698 m 116 698 l S 110 705 m 116 705 l S 116 698 m 116 712 l S"))},
		{"underline that whitens", annot("Underline", over, quad, formWith("", "1 G 3 w 100 705 m 160 705 l S"))},
		{"underline of many lines", annot("Underline", over, quad, formWith("", "2 w 100 700 m 160 700 l S 100 702 m 160 702 l S 100 704 m 160 704 l S"))},
		{"underline that shows text", annot("Underline", over, quad, form(60, 14, "BT /F1 12 Tf (9) Tj ET"))},
		{"squiggle that fills", annot("Squiggly", over, quad, formWith("", "100 698 60 14 re f"))},
		{"text that is printed only", annot("FreeText", over, "/F 36", form(60, 14, coverContent))},
		{"text that shows when pointed at", annot("FreeText", over, "/F 288", form(60, 14, coverContent))},
		{"text without normal appearance", func() objects {
			u := annot("FreeText", over, "/AP<</R 61 0 R>>", "")
			u[61] = form(60, 14, coverContent)
			return u
		}()},
		{"kind that nobody knows", annot("Whatever", "100 200 120 220", "", form(60, 14, coverContent))},
		{"no kind", annot("A", "100 200 120 220", "", form(60, 14, coverContent)).and(60, "<</Rect[100 200 120 220]/AP<</N 61 0 R>>>>")},
		{"screen", annot("Screen", "100 200 120 220", "", form(60, 14, coverContent))},
		{"3D", annot("3D", "100 200 120 220", "", form(60, 14, coverContent))},
		{"rich media", annot("RichMedia", "100 200 120 220", "/RichMediaContent<<>>", form(60, 14, coverContent))},
		{"widget of no field", annot("Widget", "100 200 120 220", "", form(60, 14, coverContent))},
	}
	var rows []row
	for _, d := range denied {
		rows = append(rows, row{name: d.name, doc: plain(d.u), want: Forbidden})
	}
	for _, d := range []struct {
		name string
		u    objects
	}{
		{"note with an opaque picture in the margin", annot("Text", "10 698 30 712", "", form(20, 14, "1 g 0 0 20 14 re f"))},
		{"note with a faint picture", annot("Text", "100 698 120 712", "", formWith(gs("/ca .5"), "/G gs 1 1 0 rg 0 0 20 14 re f"))},
		{"note without a picture", annot("Text", "100 698 120 712", "", "")},
		{"popup", annot("Popup", "100 600 300 720", "", "")},
		{"link", annot("Link", over, "", "")},
		{"highlight of the viewer", annot("Highlight", over, quad+"/C[1 1 0]", "")},
		{"highlight of two lines", annot("Highlight", "100 680 160 712", quad, formWith(gs("/BM/Multiply"), "/G gs 1 1 0 rg 100 698 60 14 re f 100 680 60 14 re f"))},
		{"highlight with rounded ends", annot("Highlight", over, quad, formWith(gs("/BM/Multiply"), "/G gs 1 1 0 rg 100 698 m 160 698 l 165 700 165 710 160 712 c 100 712 l 95 710 95 700 100 698 c h f"))},
		{"strike-out of three lines in one path", annot("StrikeOut", "100 660 160 712", quad, formWith("", "1 0 0 RG 1 w 100 705 m 160 705 l 100 690 m 160 690 l 100 675 m 160 675 l S"))},
		{"underline by a flat rectangle", annot("Underline", over, quad, formWith("", "1 0 0 rg 100 698 60 1 re f"))},
		{"squiggle", annot("Squiggly", over, quad, formWith("", "1 0 0 RG .5 w 100 698 m 102 700 l 104 698 l 106 700 l 108 698 l S"))},
		{"hidden text", annot("FreeText", over, "/F 2", form(60, 14, coverContent))},
		{"text that is neither seen nor printed", annot("FreeText", over, "/F 32", form(60, 14, coverContent))},
	} {
		rows = append(rows, row{name: d.name, doc: plain(d.u), want: Permitted})
	}
	rows = append(rows, row{name: "note with a coloured icon", want: Permitted, warn: WarnCovers,
		doc: plain(annot("Text", "100 698 116 714", "", form(16, 16, "1 1 0 rg 1 w 0.5 0.5 15 15 re b 1 0 0 -1 4 12 cm 0 g 0 0 8 1 re 0 2 8 1 re f")))})
	turned := objects{nPage1: page("4", plainAnnots, "/StructParents 0/Rotate 90")}
	upright := annot("Underline", over, quad, formWith("", "1 0 0 RG 1 w 110 698 m 110 712 l S"))
	upright[nPage1] = page("4", plainAnnots+" 60 0 R", "/StructParents 0/Rotate 90")
	rows = append(rows, row{name: "underline of turned text", doc: after(turned, upright), want: Permitted})
	runAll(t, rows)
}

// Two highlights that shine through, one on the other.
func TestAttackStackedHighlights(t *testing.T) {
	u := annot("Highlight", "100 698 160 712", "", formWith("/ExtGState<</G<</ca .5>>>>", "/G gs 1 1 0 rg 100 698 60 14 re f"))
	u[62] = u[60]
	u[nPage1] = page("4", plainAnnots+" 60 0 R 62 0 R", "/StructParents 0")
	runAll(t, []row{{name: "stacked", doc: plain(u), want: Forbidden, code: "annotation_added_covering"}})
}

// A script or an action of an annotation that had one of the same kind.
func TestAttackAnnotActions(t *testing.T) {
	note := func(js string) objects {
		return objects{nNote: strings.Replace(baseObjects()[nNote], "/P 3", "/A<</S/JavaScript/JS("+js+")>>/P 3", 1)}
	}
	indirect := objects{nNote: strings.Replace(baseObjects()[nNote], "/P 3", "/A 50 0 R/P 3", 1), 50: "<</S/JavaScript/JS(a)>>"}
	runAll(t, []row{
		{name: "script changed", doc: after(note("a"), note("b")), mdp: 3, want: Forbidden, code: "annotation_action"},
		{name: "script kept", doc: after(note("a"), objects{nNote: strings.Replace(note("a")[nNote], "(note)", "(other)", 1)}), mdp: 3, want: Permitted, code: "annotation_changed"},
		{name: "script changed in place", doc: after(indirect, objects{50: "<</S/JavaScript/JS(b)>>"}), mdp: 3, want: Forbidden},
		{name: "additional actions", doc: plain(annot("Text", "500 700 510 710", "/AA<</E<</S/Named/N/Print>>>>", "")), mdp: 3, want: Forbidden, code: "annotation_action"},
		{name: "additional actions changed", doc: after(objects{nNote: strings.Replace(baseObjects()[nNote], "/P 3", "/AA<</E 50 0 R>>/P 3", 1), 50: "<<>>"},
			objects{nNote: strings.Replace(baseObjects()[nNote], "/P 3", "/AA<</E 51 0 R>>/P 3", 1), 51: "<</S/JavaScript/JS(b)>>"}), mdp: 3, want: Forbidden, code: "annotation_action"},
		{name: "actions one after the other", doc: plain(annot("Link", "500 700 510 710", "/A<</S/URI/URI(a)/Next<</S/JavaScript/JS(a)>>>>", "")), mdp: 3, want: Forbidden, code: "annotation_action"},
	})
}

// Pages that draw in ways that are hard to see: what is put there hides it.
func TestAttackBlankPart(t *testing.T) {
	const rect = "300 300 340 320"
	cover := freeText(rect, "1 g 0 0 210 30 re f")
	pageOf := func(resources string) string {
		if rest, ok := strings.CutPrefix(resources, "/Font<<"); ok {
			return strings.Replace(baseObjects()[nPage1], "/Font<<", "/Font<<"+strings.TrimSuffix(rest, ">>"), 1)
		}
		return strings.Replace(baseObjects()[nPage1], "/Resources<<", "/Resources<<"+resources, 1)
	}
	glyphs := strings.Repeat("0 0 m 1 1 l ", 20)
	var rows []row
	for _, c := range []struct{ name, content, resources string }{
		{"shading within a clip", "q 290 290 100 100 re W n /Sh sh Q", "/Shading<</Sh<</ShadingType 2>>>>"},
		{"shading of a mesh on the whole page", "/Sh sh", "/Shading<</Sh<</ShadingType 4>>>>"},
		{"all glyphs in one path", "10 10 m 590 790 l " + glyphs + "f", ""},
		{"pattern on the whole page", "/Pattern cs /P1 scn 0 0 600 800 re f", "/Pattern<</P1<</PatternType 1>>>>"},
		{"text with a font of the graphics state", "BT /G gs 250 310 Td (wwwwwwwwwwwww) Tj ET", "/ExtGState<</G<</Font[5 0 R 12]>>>>"},
		{"stretched text", "BT /F1 12 Tf 1000 Tz 100 305 Td (Tail) Tj ET", ""},
		{"raised text", "BT /F1 12 Tf 200 Ts 280 105 Td (Tail end) Tj ET", ""},
		{"wide characters without widths", "BT /F1 12 Tf 100 305 Td (WWWWWWWWWWWWWWWWWW) Tj ET", ""},
		{"text of two bytes each", "BT /F2 12 Tf 100 305 Td <" + strings.Repeat("4E00", 18) + "> Tj ET",
			"/Font<</F2<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2>>]>>>>"},
		{"text of two bytes with widths", "BT /F2 12 Tf 100 305 Td <" + strings.Repeat("0003", 9) + "> Tj ET",
			"/Font<</F2<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/DW 10/W[3[2000]]>>]>>>>"},
		{"vertical text", "BT /F2 12 Tf 310 500 Td <" + strings.Repeat("4E00", 18) + "> Tj ET",
			"/Font<</F2<</Type/Font/Subtype/Type0/Encoding/Identity-V/DescendantFonts[<</Subtype/CIDFontType2>>]>>>>"},
		{"type 3 font with large glyphs", "BT /F3 1 Tf 200 305 Td (A) Tj ET",
			"/Font<</F3<</Type/Font/Subtype/Type3/FontMatrix[1 0 0 1 0 0]/FontBBox[0 0 200 20]/FirstChar 65/Widths[10]/CharProcs<<>>>>>>"},
		{"small squares", "1 g 310 305 1 1 re f", ""},
		{"bars of a bar code", "310 300 1 20 re f", ""},
	} {
		with := objects{nPage1: pageOf(c.resources), nContent1: stream("", c.content)}
		u := cover.and(nPage1, strings.Replace(with[nPage1], annots1, annots1+" 60 0 R", 1))
		rows = append(rows, row{name: c.name, doc: after(with, u), want: Forbidden, code: "annotation_added_covering"})
	}
	for _, c := range []struct{ name, content, resources string }{
		{"background", "1 1 0 rg 0 0 600 800 re f", ""},
		{"background of a gradient", "/Sh sh", "/Shading<</Sh<</ShadingType 2>>>>"},
		{"rule of a table", "0 310 m 600 310 l S", ""},
		{"line of text beside it", "BT /F1 12 Tf 100 305 Td (Short line) Tj ET", ""},
		{"text of two bytes beside it", "BT /F2 12 Tf 100 305 Td <" + strings.Repeat("0003", 18) + "> Tj ET",
			"/Font<</F2<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/W[3 5 500]>>]>>>>"},
	} {
		with := objects{nPage1: pageOf(c.resources), nContent1: stream("", c.content)}
		u := cover.and(nPage1, strings.Replace(with[nPage1], annots1, annots1+" 60 0 R", 1))
		rows = append(rows, row{name: c.name, doc: after(with, u), want: Permitted, code: "annotation_added"})
	}
	for i := range rows {
		rows[i].name = fmt.Sprintf("%02d %s", i, rows[i].name)
	}
	runAll(t, rows)
}
