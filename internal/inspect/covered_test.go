package inspect

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// imageDict is a picture that covers what it is drawn on.
const imageDict = "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"

func TestCoveredContentByPage(t *testing.T) {
	image := func(content, more string) *doc {
		return plain("", "", content).stream(10, imageDict+more, "\xff").section("")
	}
	const full = "q 595 0 0 842 0 0 cm /X Do Q"
	masked := func(kind, dict, data string) *doc {
		return plain("", "", full).stream(10, imageDict+"/"+kind+" 11 0 R", "\xff").stream(11, dict, data).section("")
	}
	runAll(t, []sample{
		{"no image", plain("", "", "").section(""), ""},
		{"image over the page", image(full, ""), "COVERED_CONTENT:1"},
		{"image before the text", newDoc().page("", resources, full+"\n"+text()).stream(10, imageDict, "\xff").section(""), ""},
		{"image over one line", image("q 595 0 0 14 0 776 cm /X Do Q", ""), ""},
		{"image over a third", image("q 595 0 0 50 0 740 cm /X Do Q", ""), "COVERED_CONTENT:1"},
		{"image beside the text", image("q 595 0 0 600 0 0 cm /X Do Q", ""), ""},
		{"image over half of each line", image("q 100 0 0 842 0 0 cm /X Do Q", ""), ""},
		{"image in strips", image(strips(), ""), "COVERED_CONTENT:1"},
		{"turned image", image("q 0 842 -595 0 595 0 cm /X Do Q", ""), "COVERED_CONTENT:1"},
		{"image clipped away", image("q 0 0 10 10 re W n 595 0 0 842 0 0 cm /X Do Q", ""), ""},
		{"image half transparent", image("q /Half gs 595 0 0 842 0 0 cm /X Do Q", ""), ""},
		{"image multiplied", image("q /Mul gs 595 0 0 842 0 0 cm /X Do Q", ""), ""},
		{"state restored", image("q /Mul gs Q "+full, ""), "COVERED_CONTENT:1"},
		{"image with colour mask", image(full, "/Mask[255 255]"), ""},
		{"soft mask that hides", masked("SMask", imageDict, "\x00"), ""},
		{"soft mask that shows", masked("SMask", imageDict, "\xff"), "COVERED_CONTENT:1"},
		{"mask that shows", masked("Mask", "/Subtype/Image/ImageMask true/Width 1/Height 1", "\x00"), "COVERED_CONTENT:1"},
		{"mask that hides", masked("Mask", "/Subtype/Image/ImageMask true/Width 1/Height 1", "\x80"), ""},
		{"stencil that paints", plain("", "", full).stream(10, "/Subtype/Image/ImageMask true/Width 8/Height 1", "\x00").section(""), "COVERED_CONTENT:1"},
		{"stencil that does not", plain("", "", full).stream(10, "/Subtype/Image/ImageMask true/Width 8/Height 1", "\xff").section(""), ""},
		{"image in a form", plain("", "", "/X Do").stream(10, "/Subtype/Form/BBox[0 0 1 1]/Matrix[595 0 0 842 0 0]/Resources<</XObject<</I 11 0 R>>>>", "/I Do").
			stream(11, imageDict, "\xff").section(""), "COVERED_CONTENT:1"},
		{"image in a small form", plain("", "", "/X Do").stream(10, "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 11 0 R>>>>", full[:len(full)-7]+"/I Do Q").
			stream(11, imageDict, "\xff").section(""), ""},
		{"inline image", plain("", "", "q 595 0 0 842 0 0 cm BI /W 1/H 1/BPC 8/CS/G ID \xff EI Q").section(""), "COVERED_CONTENT:1"},
		{"text after an inline image", newDoc().page("", resources, "BI /W 1/H 1 ID \xff EI "+text()+"1 g 0 0 595 842 re f").section(""), "COVERED_CONTENT:1"},
		{"rectangle", plain("", "", "1 g 0 0 595 842 re f").section(""), "COVERED_CONTENT:1"},
		{"rectangle of lines", plain("", "", "1 g 0 0 m 595 0 l 595 842 l 0 842 l h f*").section(""), "COVERED_CONTENT:1"},
		{"rectangle not filled", plain("", "", "0 0 595 842 re S").section(""), ""},
		{"frame", plain("", "", "0 0 595 842 re 10 10 575 822 re f*").section(""), ""},
		{"frame by direction", plain("", "", "0 0 595 842 re 10 832 575 -822 re f").section(""), ""},
		{"triangle", plain("", "", "0 0 m 595 0 l 595 842 l h f").section(""), ""},
		{"pattern", plain("", "", "/Pattern cs /P scn 0 0 595 842 re f").section(""), ""},
		{"colour after a pattern", plain("", "", "/Pattern cs /P scn 1 g 0 0 595 842 re f").section(""), "COVERED_CONTENT:1"},
		{"shading", plain("", "", "0 0 595 842 re W n /S sh").section(""), "COVERED_CONTENT:1"},
		{"text that was not seen", newDoc().page("", resources, strings.Replace(text(), "BT", "BT 3 Tr", 1)+"1 g 0 0 595 842 re f").section(""), ""},
		{"text off the page", newDoc().page("", resources, strings.Replace(text(), "50 780 Td", "700 780 Td", 1)+"1 g 0 0 900 842 re f").section(""), ""},
		{"few words", newDoc().page("", resources, "BT /F1 12 Tf 50 700 Td (Page 1) Tj ET 1 g 0 0 595 842 re f").section(""), ""},
	})
}

// strips is 842 points in pieces of 20.
func strips() string {
	var b strings.Builder
	for y := 0; y < 842; y += 20 {
		fmt.Fprintf(&b, "q 595 0 0 21 0 %d cm /X Do Q\n", y)
	}
	return b.String()
}

func TestCoveredContentByAnnotation(t *testing.T) {
	annot := func(subtype, rect, more, content string) *doc {
		return plain("/AcroForm<</Fields[]>>", "/Annots[8 0 R]", "").
			obj(8, "<</Type/Annot/Subtype/"+subtype+"/Rect["+rect+"]/AP<</N 9 0 R>>"+more+">>").
			stream(9, "/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>", content).section("")
	}
	const white = "1 g 0 0 100 100 re f"
	const line = "40 775 400 790"
	runAll(t, []sample{
		{"FreeText over a line", annot("FreeText", line, "", white), "COVERED_CONTENT:1"},
		{"Stamp over a line", annot("Stamp", line, "", white), "COVERED_CONTENT:1"},
		{"Widget over a line", annot("Widget", line, "/FT/Tx/T(a)", white), "COVERED_CONTENT:1"},
		{"without a ground", annot("FreeText", line, "", "BT /F1 9 Tf (note) Tj ET"), ""},
		{"beside the text", annot("FreeText", "40 20 400 40", "", white), ""},
		{"over a part of a line", annot("FreeText", "40 775 60 790", "", white), ""},
		{"hidden", annot("FreeText", line, "/F 2", white), ""},
		{"not on the screen", annot("FreeText", line, "/F 32", white), ""},
		{"highlight", annot("Highlight", line, "", white), ""},
		{"a state without states", annot("Widget", line, "/AS/Off", white), "COVERED_CONTENT:1"},
		{"turned by its matrix", plain("", "/Annots[8 0 R]", "").obj(8, "<</Subtype/Stamp/Rect["+line+"]/AP<</N 9 0 R>>>>").
			stream(9, "/Subtype/Form/BBox[0 0 100 10]/Matrix[0 1 -1 0 5 5]", "1 g 0 0 100 10 re f").section(""), "COVERED_CONTENT:1"},
		{"on dots to write on", newDoc().page("", resources+"/Annots[8 0 R]", "BT /F1 12 Tf 50 780 Td (................................) Tj ET").
			obj(8, "<</Subtype/Widget/Rect[40 775 400 790]/AP<</N 9 0 R>>>>").stream(9, "/Subtype/Form/BBox[0 0 100 100]", white).section(""), ""},
		{"on dots shown one by one", newDoc().page("", resources+"/Annots[8 0 R]", "BT /F1 12 Tf 50 780 Td"+strings.Repeat("(.)Tj ", 40)+" ET").
			obj(8, "<</Subtype/Widget/Rect[40 775 400 790]/AP<</N 9 0 R>>>>").stream(9, "/Subtype/Form/BBox[0 0 100 100]", white).section(""), ""},
		{"form over form", newDoc().page("", resources+"/Annots[8 0 R 11 0 R]", "").
			obj(8, "<</Subtype/Widget/Rect[40 700 400 720]/AP<</N 9 0 R>>>>").
			stream(9, "/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>", white+" BT 0 g /F1 12 Tf 5 5 Td (1,000,000) Tj ET").
			obj(11, "<</Subtype/Widget/Rect[40 700 400 720]/AP<</N 12 0 R>>>>").
			stream(12, "/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>", white+" BT 0 g /F1 12 Tf 5 5 Td (1,000) Tj ET").
			section(""), "COVERED_CONTENT:1"},
	})
	f := only(t, inspect(t, annot("Stamp", "40 775 400 790", "", white)), CoveredContent)
	if f.Page != 1 || f.Object.Num != 8 || f.Detail != "an annotation (Stamp) covers 35 characters of the page" {
		t.Errorf("%+v", f)
	}
}

func TestCoveredContentSaysWhat(t *testing.T) {
	f := only(t, inspect(t, plain("", "", "q 595 0 0 842 0 0 cm /X Do Q").stream(10, imageDict, "\xff").section("")), CoveredContent)
	if f.Page != 1 || f.Object.Num != 10 || f.Detail != "an image covers 350 of 350 characters drawn on the page" {
		t.Errorf("%+v", f)
	}
}

// TestCoveredWidths: where text ends is known by the widths of its font.
func TestCoveredWidths(t *testing.T) {
	content := "BT /F1 10 Tf 50 700 Td (iiiiiiiiiiiiiiiiiiii) Tj ET 1 g 40 690 %d 30 re f"
	page := func(width int, font string) *doc {
		return newDoc().page("", "/Resources<</Font<</F1 6 0 R>>>>", fmt.Sprintf(content, width)).obj(6, font).section("")
	}
	const narrow = "<</Subtype/TrueType/FirstChar 105/Widths[200]>>"
	const wide = "<</Subtype/TrueType/FirstChar 105/Widths[1000]>>"
	const cid = "<</Subtype/Type0/DescendantFonts[<</DW 1000/W[26985[200]]>>]>>"
	const cidRange = "<</Subtype/Type0/DescendantFonts[<</DW 1000/W[1[3 4] 26985 26985 200]>>]>>"
	runAll(t, []sample{
		{"narrow", page(60, narrow), "COVERED_CONTENT:1"},
		{"wide", page(60, wide), ""},
		{"wide, covered", page(220, wide), "COVERED_CONTENT:1"},
		{"two bytes a character", page(35, cid), "COVERED_CONTENT:1"},
		{"two bytes a character, a range", page(35, cidRange), "COVERED_CONTENT:1"},
	})
}

// TestDrawHostile: what is drawn is bounded by the bytes that may be decoded.
func TestDrawHostile(t *testing.T) {
	d := newDoc().page("", "/Resources<</XObject<</X 20 0 R>>>>", strings.Repeat("/X Do ", 100))
	for i := 20; i < 40; i++ {
		next := fmt.Sprintf("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>", i+1)
		d.stream(i, next, strings.Repeat("/X Do ", 100))
	}
	d.stream(40, "/Subtype/Form/BBox[0 0 9 9]", "")
	loop := newDoc().page("", "/Resources<</XObject<</X 20 0 R>>>>", "/X Do").
		stream(20, "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 20 0 R>>>>", "/X Do /X Do")
	many := newDoc().page("", resources, "BT /F1 1 Tf 50 700 Td "+strings.Repeat("(a)Tj ", 30_000)+"ET "+strings.Repeat("0 0 9 9 re f ", 100_000))
	for _, s := range []sample{
		{"a million forms", d.section(""), "NOT_SCANNED:1"},
		{"a form in itself", loop.section(""), ""},
		{"much text and many rectangles", many.section(""), "NOT_SCANNED:1"},
		{"a pile of q", plain("", "", strings.Repeat("q ", 1<<20)).section(""), ""},
		{"operands without end", plain("", "", strings.Repeat("1 ", 1<<20)).section(""), ""},
		{"huge numbers", plain("", "", "1e99 99999999999999999999999999 0 0 1e99 0 0 cm 0 0 1 1 re f").section(""), ""},
	} {
		t.Run(s.name, func(t *testing.T) {
			start := time.Now()
			if got := codes(inspect(t, s.d)); got != s.want {
				t.Errorf("got %q, want %q", got, s.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%v", took)
			}
		})
	}
}

// TestContentBudget: streams are left out when there is too much to decode.
func TestContentBudget(t *testing.T) {
	d := plain("", "", "").stream(8, "/Type/Metadata", strings.Repeat("x", 5000)).obj(1, "<</Type/Catalog/Pages 2 0 R/Metadata 8 0 R>>").section("")
	r := inspectWith(t, d.b.Bytes(), Options{ContentBytes: 1000})
	if !r.Has(NotScanned) {
		t.Errorf("%+v", r.Findings)
	}
}

// TestNotScannedPages: the pages after the first thousands are not drawn.
func TestNotScannedPages(t *testing.T) {
	d := newDoc().page("", resources, text()).
		obj(2, "<</Type/Pages/Count 5001/Kids["+strings.Repeat("3 0 R ", maxPages+1)+"]>>").section("")
	f := only(t, inspect(t, d), NotScanned)
	if f.Page != maxPages+1 || !strings.Contains(f.Detail, "more than 5000 pages") {
		t.Errorf("%+v", f)
	}
}

// TestNotScannedAnnotations: nor are annotations after the first thousand.
func TestNotScannedAnnotations(t *testing.T) {
	d := plain("", "/Annots["+strings.Repeat("<</Subtype/Text>>", maxAnnots+1)+"]", "").section("")
	if f := only(t, inspect(t, d), NotScanned); f.Page != 1 {
		t.Errorf("%+v", f)
	}
}
