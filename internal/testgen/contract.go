package testgen

import (
	"fmt"
	"maps"
	"slices"
)

// layout gives the objects of a contract their numbers, which each program
// chooses in its own way.
type layout struct {
	catalog, pages, page, content, form, font          int
	amount, amountLook, note, noteLook, placeA, placeB int
	info                                               int
}

// plain numbers them as they come.
var plain = layout{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}

// Places of a contract on its page; the bottom is left free for a mark.
const (
	amountBox = "160 660 360 680"
	noteBox   = "160 620 360 640"
	placeABox = "100 500 280 560"
	placeBBox = "320 500 500 560"
)

// objects is the agreement that the fixtures are signatures of: a page with
// the text fields "Amount" and "Note" and the empty signature fields "PlaceA"
// and "PlaceB".
func (l layout) objects() map[int]string {
	const content = "BT /Helv 14 Tf 100 720 Td (Agreement on the delivery of goods) Tj 0 -55 Td (Amount:) Tj 0 -40 Td (Note:) Tj ET"
	return map[int]string{
		l.catalog:    l.catalogWith(""),
		l.pages:      fmt.Sprintf("<</Count 1/Kids[%d 0 R]/Type/Pages>>", l.page),
		l.page:       l.pageWith(refs(l.fields()...)),
		l.content:    streamText("", content),
		l.form:       l.formWith(refs(l.fields()...), ""),
		l.font:       "<</BaseFont/Helvetica/Encoding/WinAnsiEncoding/Subtype/Type1/Type/Font>>",
		l.amount:     l.textField("Amount", "100", amountBox, l.amountLook, ""),
		l.amountLook: l.look("100"),
		l.note:       l.textField("Note", "", noteBox, l.noteLook, ""),
		l.noteLook:   l.look(""),
		l.placeA:     l.place("PlaceA", placeABox, "/F 4", ""),
		l.placeB:     l.place("PlaceB", placeBBox, "/F 4", ""),
		l.info:       "<</CreationDate(D:20260512083000Z)/Producer(kyso testgen)/Title(Agreement)>>",
	}
}

func (l layout) fields() []int { return []int{l.amount, l.note, l.placeA, l.placeB} }

func (l layout) catalogWith(more string) string {
	return fmt.Sprintf("<</AcroForm %d 0 R/Pages %d 0 R%s/Type/Catalog>>", l.form, l.pages, more)
}

func (l layout) pageWith(annots string) string {
	return fmt.Sprintf("<</Annots%s/Contents %d 0 R/MediaBox[0 0 595 842]/Parent %d 0 R/Resources<</Font<</Helv %d 0 R>>>>/Type/Page>>",
		annots, l.content, l.pages, l.font)
}

// formWith has the fields as written and more entries, as /SigFlags.
func (l layout) formWith(fields, more string) string {
	return fmt.Sprintf("<</DA(/Helv 0 Tf 0 g )/DR<</Font<</Helv %d 0 R>>>>/Fields%s%s>>", l.font, fields, more)
}

// textField has more entries, as /Ff.
func (l layout) textField(name, value, box string, look int, more string) string {
	return fmt.Sprintf("<</AP<</N %d 0 R>>/DA(/Helv 12 Tf 0 g)/F 4/FT/Tx%s/P %d 0 R/Rect[%s]/Subtype/Widget/T(%s)/Type/Annot/V(%s)>>",
		look, more, l.page, box, name, value)
}

// look is the appearance of a text field.
func (l layout) look(value string) string {
	return streamText(fmt.Sprintf("/BBox[0 0 200 20]/Resources<</Font<</Helv %d 0 R>>>>/Subtype/Form/Type/XObject", l.font),
		"/Tx BMC q BT /Helv 12 Tf 0 g 2 6 Td ("+value+") Tj ET Q EMC")
}

// place is a signature field with more entries in front, as /AP, and behind,
// as /V.
func (l layout) place(name, box, front, behind string) string {
	return fmt.Sprintf("<<%s/FT/Sig/P %d 0 R/Rect[%s]/Subtype/Widget/T(%s)/Type/Annot%s>>", front, l.page, box, name, behind)
}

// PlaceA is the number of the object of the contract's first signature field.
const PlaceA = "11"

// Contract is the agreement, unsigned, with a cross-reference table: what other
// programs are given to sign.
func Contract() ([]byte, error) { return plainContract().data, nil }

func plainContract() *draft {
	d := newDraft("%PDF-1.6\n%\xE2\xE3\xCF\xD3\n", plain.info+1)
	all := plain.objects()
	var list []numbered
	for _, n := range slices.Sorted(maps.Keys(all)) {
		list = append(list, numbered{n, all[n]})
	}
	at := d.body("%d 0 obj\n%s\nendobj\n", list)
	d.end(at.table(" \n", true)+fmt.Sprintf("trailer\n<</ID[<%s><%s>]/Info %d 0 R/Root %d 0 R/Size %d>>\n",
		idOf("contract"), idOf("contract"), plain.info, plain.catalog, d.next), "\n")
	return d
}
