package testgen

import "fmt"

// layers are the four forms of a mark as Acrobat draws it and others after it:
// a frame that draws a blank layer and the text. The first number is what the
// widget names.
func (d *draft) layers(font int) (int, []numbered) {
	top, frame, blank, text := d.alloc(), d.alloc(), d.alloc(), d.alloc()
	form := func(box, resources, content string) string {
		return streamText("/BBox["+box+"]/Resources<<"+resources+">>/Subtype/Form/Type/XObject", content)
	}
	const box = "0.0 0.0 180.0 60.0"
	return top, []numbered{
		{top, form(box, fmt.Sprintf("/XObject<</FRM %d 0 R>>", frame), "/FRM Do")},
		{frame, form(box, fmt.Sprintf("/XObject<</n0 %d 0 R/n2 %d 0 R>>", blank, text), "q 1 0 0 1 0 0 cm /n0 Do Q q 1 0 0 1 0 0 cm /n2 Do Q")},
		{blank, form("0.0 0.0 100.0 100.0", "", "% DSBlank\n")},
		{text, form(box, fmt.Sprintf("/Font<</T1_0 %d 0 R>>/ProcSet[/PDF/Text]", font),
			"BT 0 g /T1_0 9 Tf 4 40 Td (Digitally signed by) Tj 0 -12 Td (NGUYEN VAN A) Tj ET")},
	}
}

// widget is the signature field of a place with its mark, more entries, as
// /Lock, and its signature.
func (l layout) widget(name, box string, look, sig int, more string) string {
	return l.place(name, box, fmt.Sprintf("/AP<</N %d 0 R>>/F 132", look), fmt.Sprintf("%s/V %d 0 R", more, sig))
}
