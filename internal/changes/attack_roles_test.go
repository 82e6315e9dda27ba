package changes

import (
	"strings"
	"testing"
)

// cover draws white over the text of page 1.
const coverRect, coverContent = "90 690 300 720", "1 g 0 0 210 30 re f"

func coverAnnot(more string) string {
	return "<</Type/Annot/Subtype/FreeText/Contents(x)/Rect[" + coverRect + "]/AP<</N 61 0 R>>" + more + ">>"
}

// Objects that are reached as two things, one of which may change.
func TestAttackRoles(t *testing.T) {
	cover := form(210, 30, coverContent)
	pageWith := func(more string) string {
		return strings.Replace(baseObjects()[nPage1], "/Resources<</Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>", "/Resources<<"+more+">>", 1)
	}
	sharedAnnots := objects{nPage1: strings.Replace(baseObjects()[nPage1], "["+annots1+"]", " 50 0 R", 1),
		50: "[" + annots1 + "]"}
	blank := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots 50 0 R>>"
	function := "<</Subtype/Text/Rect[500 700 510 710]/FunctionType 2/Domain[0 1]/N 1/C0[1 1 1]/C1[0 0 0]>>"
	action := "<</Subtype/Popup/Rect[0 0 1 1]/S/JavaScript/JS(app.alert\\(1\\))>>"
	runAll(t, []row{
		{name: "list of annotations that a blank page shares", doc: after(
			objects{nPage1: sharedAnnots[nPage1], 50: sharedAnnots[50], nPage2: blank},
			objects{50: "[" + annots1 + " 60 0 R]", 60: coverAnnot(""), 61: cover}), want: Forbidden, code: "annotation_added_covering"},
		{name: "list of annotations that a page of text shares", doc: after(
			objects{nPage2: sharedAnnots[nPage1], 50: sharedAnnots[50], nPage1: blank},
			objects{50: "[" + annots1 + " 60 0 R]", 60: strings.Replace(coverAnnot(""), coverRect, "410 410 420 420", 1), 61: cover}), want: Forbidden, code: "annotation_added_covering"},
		{name: "dangling annotation that says it is on another page", doc: after(
			objects{nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"), nPage2: strings.Replace(blank, "/Annots 50 0 R", "", 1)},
			objects{60: coverAnnot("/P 14 0 R"), 61: cover}), want: Forbidden, code: "annotation_added_covering"},
		{name: "hidden annotation that says it is on another page", doc: after(
			objects{nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"), nPage2: strings.Replace(blank, "/Annots 50 0 R", "", 1),
				60: coverAnnot("/F 2/P 14 0 R"), 61: cover},
			objects{60: coverAnnot("/P 14 0 R")}), want: Forbidden, code: "annotation_changed_covering"},
		{name: "new annotation that says it is on another page", doc: after(objects{nPage2: strings.Replace(blank, "/Annots 50 0 R", "", 1)},
			objects{nPage1: page("4", annots1+" 60 0 R", "/StructParents 0"), 60: coverAnnot("/P 14 0 R"), 61: cover}), want: Forbidden, code: "annotation_added_covering"},
		{name: "annotation that a second page lists later", doc: after(
			objects{nPage2: strings.Replace(blank, "50 0 R", "[60 0 R]", 1), 60: coverAnnot("/P 14 0 R"), 61: cover},
			objects{nPage1: page("4", annots1+" 60 0 R", "/StructParents 0")}), want: Forbidden, code: "annotation_added_covering"},
		{name: "font that looks like an annotation of a page", doc: after(
			objects{nPage1: pageWith("/Font 50 0 R"), 50: "<</Type/Page/Annots 51 0 R/F1 5 0 R>>", 51: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"},
			objects{51: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), want: Forbidden, code: "page_resource"},
		{name: "graphics state that looks like an annotation", doc: after(
			objects{nPage1: pageWith("/ExtGState 50 0 R"), 50: "<</Type/Page/Annots 51 0 R>>", 51: "<</Subtype/Popup/Rect[0 0 1 1]/ca 1>>"},
			objects{51: "<</Subtype/Popup/Rect[0 0 1 1]/ca 0>>"}), want: Forbidden, code: "page_resource"},
		{name: "function of a colour space that looks like an annotation", doc: after(
			objects{nPage1: pageWith("/ColorSpace 50 0 R"), 50: "<</Type/Page/Annots 51 0 R>>", 51: "[/Separation/A/DeviceRGB 52 0 R]", 52: function},
			objects{52: strings.Replace(function, "/C1[0 0 0]", "/C1[1 1 1]", 1)}), want: Forbidden, code: "page_resource"},
		{name: "resources that look like a page", doc: after(
			objects{nPage1: strings.Replace(baseObjects()[nPage1], "/Resources<</Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>", "/Resources 50 0 R", 1),
				50: "<</Type/Page/Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>"},
			objects{50: "<</Type/Page/Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>/Annots[]>>"}), want: Forbidden},
		{name: "action that looks like an annotation", doc: after(
			objects{nCatalog: catalogTop + "/OpenAction 50 0 R>>", 50: strings.Replace(action, "1\\", "0\\", 1)},
			objects{50: action}), want: Forbidden, code: "catalog_entry"},
		{name: "action that looks like a form field", doc: after(
			objects{nCatalog: catalogTop + "/OpenAction 50 0 R>>", 50: "<</FT/Tx/T(x)/V(1)/S/Named/N/Print>>"},
			objects{50: "<</FT/Tx/T(x)/V(2)/S/Named/N/Print>>"}), want: Forbidden, code: "catalog_entry"},
		{name: "outlines that look like a form field", doc: after(
			objects{nOutline: "<</FT/Tx/T(x)/V(1)/First<</Title(1)/Dest[3 0 R/Fit]>>>>"},
			objects{nOutline: "<</FT/Tx/T(x)/V(2)/First<</Title(1)/Dest[14 0 R/Fit]>>>>"}), want: Forbidden},
		{name: "destination", doc: after(objects{nCatalog: catalogTop + "/Dests 50 0 R>>", 50: "<</a[3 0 R/Fit]>>"}, objects{50: "<</a[14 0 R/Fit]>>"}),
			want: Forbidden, code: "catalog_entry", text: "Dests"},
		{name: "name tree of destinations", doc: after(objects{nCatalog: catalogTop + "/Names<</Dests 50 0 R>>>>", 50: "<</Names[(a)[3 0 R/Fit]]>>"},
			objects{50: "<</Names[(a)[14 0 R/Fit]]>>"}), want: Forbidden},
		{name: "name tree that looks like a form field", doc: after(objects{nCatalog: catalogTop + "/Names<</Dests 50 0 R>>>>", 50: "<</FT/Tx/Names[(a)[3 0 R/Fit]]>>"},
			objects{50: "<</FT/Tx/Names[(a)[14 0 R/Fit]]>>"}), want: Forbidden},
		{name: "metadata that is an image too", doc: after(
			objects{nPage1: strings.Replace(baseObjects()[nPage1], "/Im0 16 0 R", "/Im0 13 0 R", 1), nXMP: stream("/Type/Metadata/Subtype/Image/Width 1/Height 1", "x")},
			objects{nXMP: stream("/Type/Metadata/Subtype/Image/Width 1/Height 1", "y")}), want: Forbidden, code: "page_resource"},
		{name: "metadata of an image", doc: after(
			objects{nImage: stream("/Type/XObject/Subtype/Image/Width 1/Height 1/Metadata 50 0 R", "x"), 50: stream("/Type/Metadata", xmp)},
			objects{50: stream("/Type/Metadata", xmp+" ")}), want: Forbidden, code: "page_resource"},
		{name: "information dictionary that is a font too", doc: after(
			objects{nFont: "", nPage1: strings.ReplaceAll(baseObjects()[nPage1], "5 0 R", "12 0 R"), nInfo: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"},
			objects{nInfo: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), want: Forbidden, code: "page_resource"},
		{name: "page content that a form value names too", doc: after(
			objects{nAmount: strings.Replace(amount("100", "8"), "/V(100)", "/V 4 0 R", 1)}, objects{nContent1: stream("", evilText)}),
			want: Forbidden, code: "page_content"},
		{name: "page content that the trailer names too", doc: func() *doc {
			d := base(objects{})
			d.trail += "/DocChecksum 4 0 R"
			return d.update(objects{nContent1: stream("", evilText)})
		}, want: Forbidden, code: "page_content"},
		{name: "content as an element of an array in an object of its own", doc: after(
			objects{nPage1: page("50", annots1, "/StructParents 0"), 50: "[4 0 R]"}, objects{50: "[4 0 R 15 0 R]"}), want: Forbidden, code: "page_content"},
		{name: "form within a form", doc: after(
			objects{nPage1: pageWith("/XObject<</X 50 0 R>>"), 50: stream("/Subtype/Form/Resources<</XObject<</Y 51 0 R>>>>", "/Y Do"), 51: stream("/Subtype/Form", "x")},
			objects{51: stream("/Subtype/Form", "y")}), want: Forbidden, code: "page_resource"},
		{name: "inherited resources", doc: after(
			objects{nPages: "<</Type/Pages/Kids[3 0 R 14 0 R]/Count 2/Resources 50 0 R>>", 50: "<</Font<</F1 5 0 R>>>>"},
			objects{50: "<</Font<</F1 51 0 R>>>>", 51: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), want: Forbidden},
		{name: "inherited resources in the node", doc: after(
			objects{nPages: "<</Type/Pages/Kids[3 0 R 14 0 R]/Count 2/Resources<<>>>>"},
			objects{nPages: "<</Type/Pages/Kids[3 0 R 14 0 R]/Count 2/Resources<</Font<</F1 5 0 R>>>>>>"}), want: Forbidden, code: "page_tree"},
		{name: "length of a content stream", doc: after(
			objects{nContent1: "<</Length 50 0 R>>stream\nBT (Pay 100) Tj ET\nendstream", 50: "18"}, objects{50: "9"}), want: Forbidden, code: "page_content"},
		{name: "length of the appearance of a signature", doc: after(
			objects{nSigAP: strings.Replace(form(100, 50, "BT /F1 8 Tf (Signed) Tj ET"), "/Length 26", "/Length 50 0 R", 1), 50: "26"}, objects{50: "12"}),
			want: Forbidden, code: "signature_changed"},
		{name: "catalog entries", doc: one(objects{nCatalog: catalogTop + "/PageMode/FullScreen>>"}), want: Forbidden, code: "catalog_entry"},
		{name: "viewer preferences in place", doc: after(objects{nCatalog: catalogTop + "/ViewerPreferences 50 0 R>>", 50: "<<>>"},
			objects{50: "<</HideToolbar true>>"}), want: Forbidden, code: "catalog_entry"},
		{name: "open action in place", doc: after(objects{nCatalog: catalogTop + "/OpenAction 50 0 R>>", 50: "[3 0 R/Fit]"},
			objects{50: "[14 0 R/Fit]"}), want: Forbidden, code: "catalog_entry"},
		{name: "embedded files", doc: one(objects{nCatalog: catalogTop + "/Names<</EmbeddedFiles<</Names[(a)<</F(a)>>]>>>>>>"}), want: Forbidden, code: "names"},
		{name: "embedded file replaced", doc: after(
			objects{nCatalog: catalogTop + "/Names<</EmbeddedFiles<</Names[(a)<</F(a)/EF<</F 50 0 R>>>>]>>>>>>", 50: stream("", "a")},
			objects{50: stream("", "b")}), want: Forbidden},
	})
}

// Fonts of the form that pages draw with too.
func TestSharedFonts(t *testing.T) {
	shared := func(content string) objects {
		return objects{nForm: "<</SigFlags 3/DR<</Font 50 0 R>>/DA(/F1 12 Tf 0 g)/Fields[" + fields + "]>>",
			nPage1: strings.Replace(baseObjects()[nPage1], "/Font<</F1 5 0 R>>", "/Font 50 0 R", 1),
			50:     "<</F1 5 0 R>>", nContent1: stream("", content)}
	}
	own := "<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</FontFile2 51 0 R>>>>"
	adds := func(entries string) objects { return objects{50: "<</F1 5 0 R" + entries + ">>", 60: own} }
	runAll(t, []row{
		{name: "font for the form", doc: after(shared("BT /F1 12 Tf (a) Tj ET"), adds("/Mine 60 0 R")), want: Permitted},
		{name: "font that the page used by name", doc: after(shared("BT /Mine 12 Tf (a) Tj ET"), adds("/Mine 60 0 R")), want: Forbidden},
		{name: "font that the page used by a name in disguise", doc: after(shared("BT /M#69ne 12 Tf (a) Tj ET"), adds("/Mine 60 0 R")), want: Forbidden},
		{name: "font replaced", doc: after(shared("BT /F1 12 Tf (a) Tj ET"), objects{50: "<</F1 60 0 R>>", 60: own}), want: Forbidden},
		{name: "font removed", doc: after(shared("BT /F1 12 Tf (a) Tj ET"), objects{50: "<<>>"}), want: Forbidden},
		{name: "no font", doc: after(shared("BT /F1 12 Tf (a) Tj ET"), objects{50: "<</F1 5 0 R/X 4 0 R>>"}), want: Forbidden},
		{name: "resources of page and form in one", doc: after(shared("BT /F1 12 Tf (a) Tj ET").
			and(nForm, "<</SigFlags 3/DR 51 0 R/DA(/F1 12 Tf 0 g)/Fields["+fields+"]>>").
			and(nPage1, strings.Replace(baseObjects()[nPage1], "/Resources<</Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>", "/Resources 51 0 R", 1)).
			and(51, "<</Font<</F1 5 0 R>>>>"), objects{51: "<</Font<</F1 5 0 R/Mine 60 0 R>>>>", 60: own}), want: Permitted},
		{name: "colour space in one", doc: after(shared("BT /F1 12 Tf (a) Tj ET").
			and(nForm, "<</SigFlags 3/DR 51 0 R/DA(/F1 12 Tf 0 g)/Fields["+fields+"]>>").
			and(nPage1, strings.Replace(baseObjects()[nPage1], "/Resources<</Font<</F1 5 0 R>>/XObject<</Im0 16 0 R>>>>", "/Resources 51 0 R", 1)).
			and(51, "<</Font<</F1 5 0 R>>>>"), objects{51: "<</Font<</F1 5 0 R>>/ColorSpace<</A/DeviceRGB>>>>"}), want: Forbidden},
		{name: "reals rounded", doc: after(objects{nPage1: strings.Replace(baseObjects()[nPage1], "600 800", "595.303937007874 800", 1)},
			objects{nPage1: strings.Replace(baseObjects()[nPage1], "600 800", "595.3039370079 800", 1)}), want: Permitted},
		{name: "reals changed", doc: after(objects{nPage1: strings.Replace(baseObjects()[nPage1], "600 800", "595.3 800", 1)},
			objects{nPage1: strings.Replace(baseObjects()[nPage1], "600 800", "595.31 800", 1)}), want: Forbidden, code: "page_entry"},
	})
}
