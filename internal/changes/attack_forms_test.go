package changes

import (
	"strings"
	"testing"
)

// amountWith is the text field with more entries.
func amountWith(v, more string) string {
	return strings.Replace(amount(v, "8"), "/P 3", more+"/P 3", 1)
}

// Fields of the form.
func TestAttackForms(t *testing.T) {
	choice := "<</Type/Annot/Subtype/Widget/FT/Ch/T(amount)/V(a)/Opt[[(a)(1 dong)][(b)(2 dong)]]/Rect[100 600 300 620]/P 3 0 R/AP<</N 8 0 R>>>>"
	needs := func(v, shown string) objects {
		return objects{nForm: formTop + fields + "]/NeedAppearances true>>", nAmount: amount(v, "8"), nAmountAP: textAP(shown)}
	}
	noFont := objects{nForm: strings.Replace(formTop, "/F1 5 0 R", "/F2 5 0 R", 1) + fields + "]>>"}
	addFont := func(font string) objects {
		return objects{nForm: strings.Replace(formTop, "/F1 5 0 R", "/F2 5 0 R/F1 60 0 R", 1) + fields + "]>>", 60: font}
	}
	runAll(t, []row{
		{name: "alignment", doc: one(objects{nAmount: amountWith("100", "/Q 2")}), mdp: 2, want: Forbidden, code: "field_changed", text: "/Q"},
		{name: "length", doc: one(objects{nAmount: amountWith("100", "/MaxLen 1")}), mdp: 2, want: Forbidden, code: "field_changed", text: "/MaxLen"},
		{name: "caption and background", doc: one(objects{nAmount: amountWith("100", "/MK<</BG[0 0 0]>>")}), mdp: 2, want: Forbidden, code: "widget_changed", text: "/MK"},
		{name: "options of a choice", doc: after(objects{nAmount: choice}, objects{nAmount: strings.Replace(choice, "(1 dong)", "(9 dong)", 1)}),
			mdp: 2, want: Forbidden, code: "field_changed", text: "/Opt"},
		{name: "options in place", doc: after(objects{nAmount: strings.Replace(choice, "[[(a)(1 dong)][(b)(2 dong)]]", " 50 0 R", 1), 50: "[[(a)(1 dong)]]"},
			objects{50: "[[(a)(9 dong)]]"}), mdp: 2, want: Forbidden},
		{name: "choice that shows another option", doc: after(objects{nAmount: choice, nAmountAP: textAP("1 dong")},
			objects{nAmountAP: textAP("2 dong")}), mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "choice made", doc: after(objects{nAmount: choice, nAmountAP: textAP("1 dong")},
			objects{nAmount: strings.Replace(choice, "/V(a)", "/V(b)/I[1]", 1), nAmountAP: textAP("2 dong")}), mdp: 2, want: Permitted, code: "value_changed", warn: "-"},
		{name: "state of a button without value", doc: one(objects{nAgree: strings.Replace(baseObjects()[nAgree], "/AS/Off", "/AS/Yes", 1)}),
			mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnMismatch},
		{name: "state drawn in another way", doc: one(objects{nAgreeOff: form(12, 12, "0 0 m 12 12 l S")}), mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnAppearanceOnly},
		{name: "calculation order in place", doc: after(objects{nForm: formTop + fields + "]/CO 50 0 R>>", 50: "[7 0 R]"}, objects{50: "[]"}), mdp: 2, want: Forbidden},
		{name: "script of the field in place", doc: after(objects{nAmount: amountWith("100", "/AA<</F 50 0 R>>"), 50: "<</S/JavaScript/JS(a)>>"},
			objects{50: "<</S/JavaScript/JS(b)>>"}), mdp: 2, want: Forbidden},
		{name: "action of the field", doc: one(objects{nAmount: amountWith("100", "/A<</S/JavaScript/JS(a)>>")}), mdp: 2, want: Forbidden, code: "field_changed"},
		{name: "value put there by a new appearance of curves", doc: one(objects{nAmountAP: form(200, 20, "/Tx BMC BT /F1 12 Tf 3 Tr 2 5 Td (100) Tj ET 0 0 m 1 2 3 4 5 6 c f EMC")}),
			mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnAppearanceOnly},
		{name: "value and curves that nobody can read", doc: one(objects{nAmount: amount("101", "8"), nAmountAP: form(200, 20, "/Tx BMC BT /F1 12 Tf 3 Tr 2 5 Td (101) Tj ET 0 0 m 1 2 3 4 5 6 c f EMC")}),
			mdp: 2, want: Permitted, code: "value_changed", warn: WarnAppearanceOnly},
		{name: "value in white", doc: one(objects{nAmountAP: form(200, 20, "/Tx BMC BT /F1 12 Tf 1 g 2 5 Td (100) Tj ET EMC")}),
			mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnAppearanceOnly},
		{name: "value beside the field", doc: one(objects{nAmountAP: form(200, 20, "/Tx BMC BT /F1 12 Tf 900 5 Td (100) Tj ET EMC")}),
			mdp: 2, want: Permitted, code: "appearance_changed", warn: WarnAppearanceOnly},
		{name: "value with an unknown font", doc: one(objects{nAmount: amount("101", "8"), nAmountAP: strings.Replace(textAP("999"), "/F1 5 0 R", "/F1 60 0 R", 1),
			60: "<</Type/Font/Subtype/Type1/BaseFont/A/FontDescriptor<<>>>>"}), mdp: 2, want: Permitted, code: "value_changed", warn: WarnAppearanceOnly},
		{name: "another value comes to light without NeedAppearances", doc: after(needs("100", "999"), objects{nForm: formTop + fields + "]>>"}),
			mdp: 2, want: Permitted, code: "need_appearances", warn: WarnMismatch},
		{name: "the same value without NeedAppearances", doc: after(needs("100", "100"), objects{nForm: formTop + fields + "]>>"}),
			mdp: 2, want: Permitted, code: "need_appearances", warn: "-"},
		{name: "standard font for a name that fields use", doc: after(noFont, addFont(baseObjects()[nFont])), want: Permitted},
		{name: "font of its own for a name that fields use", doc: after(noFont, addFont("<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</FontFile2 61 0 R>>>>").and(61, stream("", "program"))),
			want: Forbidden, code: "form_resource"},
		{name: "font of other letters for a name that fields use", doc: after(noFont, addFont("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[49/nine]>>>>")),
			want: Forbidden, code: "form_resource"},
		{name: "font with the name of a signer's own", doc: one(addFont("<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<<>>>>").and(nForm, strings.Replace(formTop, "/F1 5 0 R", "/F1 5 0 R/Mine 60 0 R", 1)+fields+"]>>")),
			want: Permitted},
		{name: "signature flags dropped", doc: one(objects{nForm: strings.Replace(formTop, "/SigFlags 3", "/SigFlags 1", 1) + fields + "]>>"}), want: Forbidden, code: "form_entry"},
		{name: "signature flags raised", doc: after(objects{nForm: strings.Replace(formTop, "/SigFlags 3", "/SigFlags 1", 1) + fields + "]>>"}, objects{nForm: formTop + fields + "]>>"}), want: Permitted},
	})
}

// Signature fields and what comes with them.
func TestAttackSignatures(t *testing.T) {
	stamp := func(flags string) objects {
		u := newSig("TS").and(61, timestampValue())
		u[60] = strings.Replace(sigField("TS", " 61 0 R", coverRect, "/AP<</N 62 0 R>>"), "/F 132", flags, 1)
		u[62] = form(210, 30, coverContent)
		return u
	}
	over := newSig("B").and(60, sigField("B", " 61 0 R", coverRect, "/AP<</N 62 0 R>>")).and(62, form(210, 30, coverContent))
	acting := func(entry string) objects {
		return newSig("B").and(60, sigField("B", " 61 0 R", "400 100 500 150", "/AP<</N 62 0 R>>"+entry))
	}
	second := func() *doc { return base(nil).update(newSig("B")) }
	runAll(t, []row{
		{name: "timestamp that is seen at P=1", doc: one(stamp("/F 132")), mdp: 1, want: Forbidden, code: "timestamped"},
		{name: "timestamp that is seen", doc: one(stamp("/F 132")), mdp: 2, want: Permitted, code: "timestamped", warn: WarnSignatureCovers},
		{name: "timestamp that is hidden at P=1", doc: one(stamp("/F 2")), mdp: 1, want: Permitted, code: "timestamped"},
		{name: "signature over text", doc: one(over), want: Permitted, code: "signed", warn: WarnSignatureCovers},
		{name: "signature over text that says it is on another page", doc: one(over.and(60, strings.Replace(over[60], "/P 3 0 R", "/P 14 0 R", 1))), want: Permitted, code: "signed", warn: WarnSignatureCovers},
		{name: "script of a new field", doc: one(acting("/AA<</U<</S/JavaScript/JS(a)>>>>")), want: Forbidden, code: "signature_action"},
		{name: "action of a new field", doc: one(acting("/A<</S/URI/URI(a)>>")), want: Forbidden, code: "signature_action"},
		{name: "action of the parent of a new field", doc: one(newSig("B").and(60, strings.Replace(newSig("B")[60], "/T(B)", "/T(B)/Parent 63 0 R", 1)).
			and(63, "<</T(group)/Kids[60 0 R]/AA<</C<</S/JavaScript/JS(a)>>>>>>").and(nForm, formTop+fields+" 63 0 R]>>")), want: Forbidden, code: "signature_action"},
		{name: "picture of an earlier signature", doc: one(objects{nSig: strings.Replace(baseObjects()[nSig], "11 0 R", "60 0 R", 1), 60: form(100, 50, "BT /F1 8 Tf (Mallory) Tj ET")}),
			want: Forbidden, code: "signature_changed"},
		{name: "picture of a signature of a revision between", doc: func() *doc { return second().update(objects{62: form(100, 50, "BT /F1 8 Tf (Mallory) Tj ET")}) },
			want: Forbidden, code: "signature_changed"},
		{name: "value of a signature of a revision between", doc: func() *doc {
			return second().update(objects{61: newValue() + " "}).update(objects{61: sigValue("/Reason(x)")})
		},
			want: Forbidden, code: "signature_overridden"},
		{name: "lock of an earlier field", doc: one(objects{nSig: strings.Replace(baseObjects()[nSig], "/P 3", "/Lock<</Action/All>>/P 3", 1)}), want: Forbidden, code: "signature_changed"},
		{name: "lock of an empty field", doc: one(objects{nEmptySig: strings.Replace(baseObjects()[nEmptySig], "/P 3", "/Lock<</Action/All>>/P 3", 1)}), want: Permitted, code: "signature_field_changed"},
		{name: "lock of an empty field changed", doc: after(objects{nEmptySig: strings.Replace(baseObjects()[nEmptySig], "/P 3", "/Lock<</Action/All>>/P 3", 1)},
			objects{nEmptySig: strings.Replace(baseObjects()[nEmptySig], "/P 3", "/Lock<</Action/Include/Fields[]>>/P 3", 1)}), want: Forbidden, code: "signature_field_entry"},
		{name: "lock of an empty field changed in place", doc: after(objects{nEmptySig: strings.Replace(baseObjects()[nEmptySig], "/P 3", "/Lock 50 0 R/P 3", 1), 50: "<</Action/All>>"},
			objects{50: "<</Action/Include/Fields[]>>"}), want: Forbidden},
		{name: "empty field that only has a background", doc: one(newSig("B").and(60, sigField("B", "", coverRect, "/MK<</BG[1 1 1]>>"))), want: Permitted, warn: WarnUnsignedField},
		{name: "signed field with a second widget", doc: after(objects{nSig: "<</FT/Sig/T(Signature1)/V 10 0 R/Kids 50 0 R>>", 50: "[51 0 R]",
			51:     "<</Type/Annot/Subtype/Widget/Parent 9 0 R/P 3 0 R/Rect[100 100 200 150]/AP<</N 11 0 R>>>>",
			nPage1: page("4", strings.Replace(annots1, " 9 0 R", " 51 0 R", 1), "/StructParents 0")},
			objects{50: "[51 0 R 60 0 R]", 60: "<</Type/Annot/Subtype/Widget/Parent 9 0 R/P 3 0 R/Rect[" + coverRect + "]/AP<</N 61 0 R>>>>", 61: form(210, 30, coverContent),
				nPage1: page("4", strings.Replace(annots1, " 9 0 R", " 51 0 R 60 0 R", 1), "/StructParents 0")}), want: Forbidden, code: "signature_recycled"},
		{name: "usage rights", doc: one(objects{nCatalog: catalogTop + "/Perms<</UR3 10 0 R>>>>"}), want: Forbidden, code: "permissions"},
		{name: "permissions in place", doc: after(objects{nCatalog: catalogTop + "/Perms 50 0 R>>", 50: "<</DocMDP 10 0 R>>"}, objects{50: "<<>>"}), mdp: 2, want: Forbidden, code: "permissions"},
	})
}

// Structure elements that a signature brings tell a screen reader no other
// text.
func TestAttackStructure2(t *testing.T) {
	tagged := func(elem string, more objects) func() *doc {
		u := newSig("B").and(nStructElem, "<</Type/StructElem/S/Document/P 25 0 R/K[<</Type/OBJR/Obj 7 0 R/Pg 3 0 R>> 63 0 R]/Pg 3 0 R>>").
			and(63, elem).and(nParentTree, "<</Nums[0[26 0 R]1 63 0 R]>>")
		for n, o := range more {
			u[n] = o
		}
		return one(u)
	}
	runAll(t, []row{
		{name: "object of the signature", doc: tagged("<</S/Form/P 26 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 60 0 R>>>>", nil), want: Permitted, code: "structure_added"},
		{name: "object of the signature, deeper", doc: tagged("<</S/Sect/P 26 0 R/K[64 0 R]>>", objects{64: "<</S/Form/P 63 0 R/Alt(Signature)/K[<</Type/OBJR/Obj 60 0 R/Pg 3 0 R>>]>>"}), want: Permitted, code: "structure_added"},
		{name: "content of the page", doc: tagged("<</S/P/P 26 0 R/Pg 3 0 R/K 0/ActualText(Pay 999999)>>", nil), want: Forbidden, code: "structure_tree"},
		{name: "content of the page in a list", doc: tagged("<</S/P/P 26 0 R/Pg 3 0 R/K[<</Type/MCR/MCID 0/Pg 3 0 R>>]>>", nil), want: Forbidden, code: "structure_tree"},
		{name: "content of the page, deeper", doc: tagged("<</S/Sect/P 26 0 R/K[64 0 R]>>", objects{64: "<</S/P/P 63 0 R/Pg 3 0 R/K[0]>>"}), want: Forbidden, code: "structure_tree"},
		{name: "another text", doc: tagged("<</S/P/P 26 0 R/Pg 3 0 R/ActualText(Pay 999999)>>", nil), want: Forbidden, code: "structure_tree"},
		{name: "elements that are there", doc: tagged("<</S/Sect/P 26 0 R/K[26 0 R]>>", nil), want: Forbidden, code: "structure_tree"},
		{name: "in a circle", doc: tagged("<</S/Sect/P 26 0 R/K[63 0 R]>>", nil), want: Forbidden, code: "structure_tree"},
	})
}
