package inspect

import (
	"testing"
)

// textField is a file with a text field; dict is of the field, res of its
// appearance.
func textField(form, dict, res, content string) *doc {
	return plain("/AcroForm<</Fields[8 0 R]"+form+">>", "/Annots[8 0 R]", "").
		obj(8, "<</FT/Tx/T(amount)/Subtype/Widget/Rect[40 100 200 120]/AP<</N 9 0 R>>"+dict+">>").
		stream(9, "/Subtype/Form/BBox[0 0 160 20]"+res, content).
		obj(6, "<</Subtype/Type1/BaseFont/Helv/Encoding<</Differences[65/B 66/unknown 67/ccedilla]>>>>").
		obj(7, "<</Subtype/Type0/Encoding/Identity-H>>").section("")
}

const helv = "/Resources<</Font<</F1 5 0 R/F2 6 0 R/F3 7 0 R>>>>"

func shows(s string) string {
	return "/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td " + s + " ET Q EMC"
}

func TestValueAppearanceDiffer(t *testing.T) {
	runAll(t, []sample{
		{"the same", textField("", "/V(1000)", helv, shows("(1000) Tj")), ""},
		{"another", textField("", "/V(1000)", helv, shows("(9000) Tj")), "VALUE_APPEARANCE_DIFFER:1"},
		{"only the beginning", textField("", "/V(1000000)", helv, shows("(1000) Tj")), "VALUE_APPEARANCE_DIFFER:1"},
		{"nothing shown", textField("", "/V(1000)", helv, "/Tx BMC EMC"), "VALUE_APPEARANCE_DIFFER:1"},
		{"no value", textField("", "", helv, shows("(1000) Tj")), "VALUE_APPEARANCE_DIFFER:1"},
		{"no value, nothing shown", textField("", "", helv, "/Tx BMC EMC"), ""},
		{"UTF-16", textField("", "/V<FEFF0041>", helv, shows("(A) Tj")), ""},
		{"UTF-16, another", textField("", "/V<FEFF1EA4>", helv, shows("(A) Tj")), "VALUE_APPEARANCE_DIFFER:1"},
		{"Latin-1", textField("", "/V(\xe9)", helv, shows("(\xe9) Tj")), ""},
		{"in pieces", textField("", "/V(a b c)", helv, shows("[(a) -200 (b)] TJ T* (c) '")), ""},
		{"lines", textField("", "/V(one\\rtwo)/Ff 4096", helv, shows("(one) Tj T* (two) Tj")), ""},
		{"escaped", textField("", "/V(\\(1\\))", helv, shows("<283129> Tj")), ""},
		{"spacing of the quote operator", textField("", "/V(x)", helv, shows("1 2 (x) \"")), ""},
		{"differences", textField("", "/V(B)", helv, "BT /F2 12 Tf (A) Tj ET"), ""},
		{"differences, another", textField("", "/V(A)", helv, "BT /F2 12 Tf (A) Tj ET"), "VALUE_APPEARANCE_DIFFER:1"},
		{"differences that can't be told", textField("", "/V(A)", helv, "BT /F2 12 Tf (B) Tj ET"), ""},
		{"a font that can't be told", textField("", "/V(A)", helv, "BT /F3 12 Tf <0041> Tj ET"), ""},
		{"an unknown font", textField("", "/V(A)", helv, "BT /F9 12 Tf (B) Tj ET"), ""},
		{"no font", textField("", "/V(A)", helv, "BT (B) Tj ET"), ""},
		{"a font of the form", textField("/DR<</Font<</F1 5 0 R>>>>", "/V(A)", "", shows("(B) Tj")), "VALUE_APPEARANCE_DIFFER:1"},
		{"a picture", textField("", "/V(A)", helv, "/X Do"), ""},
		{"password", textField("", "/V(secret)/Ff 8192", helv, shows("(******) Tj")), ""},
		{"rich text", textField("", "/V(a)/Ff 33554432", helv, shows("(b) Tj")), ""},
		{"formatted by a script", textField("", "/V(1000)/AA<</F<</S/JavaScript/JS(x)>>>>", helv, shows("(1,000.00) Tj")), "JAVASCRIPT:1"},
		{"drawn anew", textField("/NeedAppearances true", "/V(1000)", helv, shows("(9) Tj")), "NEED_APPEARANCES:1"},
		{"hidden", textField("", "/V(1000)/F 2", helv, shows("(9) Tj")), ""},
		{"a button", textField("", "/V(1000)/FT/Btn", helv, shows("(9) Tj")), ""},
	})
	f := only(t, inspect(t, textField("", "/V(1000)", helv, shows("(9000) Tj"))), ValueAppearanceDiffer)
	if f.Page != 1 || f.Field != "amount" || f.Object.Num != 8 || f.Detail != `the field shows "9000", its value is "1000"` {
		t.Errorf("%+v", f)
	}
}
