package testgen

import (
	"crypto"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Foxit appends every signature as an update. No file of Foxit's own was at
// hand: this follows the writer of PDFium, which came from Foxit (frames, order
// of the keys, blanks before the elements of arrays, sections), and for the
// signature dictionary and the mark what Acrobat does, which Foxit follows. The
// names and numbers in /Prop_Build are made up.
const foxitFrame = "%d 0 obj\r\n%s\r\nendobj\r\n"

var foxitHole = hole{format: "[ 0 %d %d %d]", width: 50, room: 4096, digits: "%x"}

func foxitSignature(sub string) string {
	return "<</ByteRange" + foxitHole.byteRange() + "/Contents" + foxitHole.contents() +
		"/Filter/Adobe.PPKLite/Location(Ha Noi)/M(D:20260512153512+07'00')/Name(NGUYEN VAN A)/Prop_Build<</App<</Name/Foxit#20PDF#20Reader" +
		"/OS[/Win]/REx(12.1.2)>>/Filter<</Name/Adobe.PPKLite/R 131104/V 2>>>>/Reason(I agree)/SubFilter/" + sub + "/Type/Sig>>"
}

// foxitRevision is what a signature in the field PlaceA changes.
func foxitRevision(d *draft, l layout, sub string) positions {
	sig := d.alloc()
	top, look := d.layers(l.font)
	list := append([]numbered{
		{l.form, l.formWith(foxitRefs(l.fields()...), "/SigFlags 3")},
		{l.placeA, l.widget("PlaceA", placeABox, top, sig, "")},
		{sig, foxitSignature(sub)}}, look...)
	slices.SortFunc(list, func(a, b numbered) int { return a.num - b.num })
	return d.body(foxitFrame, list)
}

func foxitRefs(numbers ...int) string {
	return strings.Replace(refs(numbers...), "[", "[ ", 1)
}

// FoxitApproval signs a file with a table.
func FoxitApproval() ([]byte, error) {
	d := plainContract()
	before := d.xref
	at := foxitRevision(d, plain, "adbe.pkcs7.detached")
	d.end(at.table("\r\n", false)+fmt.Sprintf("trailer\r\n<</Info %d 0 R /Root %d 0 R /Size %d/Prev %d/ID[<%s><%s>]>>\r\n",
		plain.info, plain.catalog, d.next, before, idOf("contract"), idOf("foxit approval")), "\r\n")
	return d.data, d.fill(foxitHole, container(crypto.SHA256, claimed))
}

// FoxitCAdES signs a linearised file with cross-reference streams, as PAdES.
// The section of the update is a stream of fields without a type, which are
// not compressed; it lists all but itself and has no "endobj". /DecodeParms is
// left over from the section before and means nothing without a filter.
func FoxitCAdES() ([]byte, error) {
	a := newAcrobat("foxit cades", true)
	a.save()
	before := a.xref
	at := foxitRevision(a.draft, a.layout, "ETSI.CAdES.detached")
	var index strings.Builder
	var rows []byte
	for _, n := range slices.Sorted(maps.Keys(at)) {
		fmt.Fprintf(&index, "%d 1 ", n)
		rows = append(binary.BigEndian.AppendUint32(rows, uint32(at[n].offset)), 0)
	}
	own := a.alloc()
	a.end(fmt.Sprintf("%d 0 obj <</DecodeParms<</Columns 6/Predictor 12>>/Info %d 0 R /Root %d 0 R /Type/XRef/Size %d/Prev %d/ID[<%s><%s>]"+
		"/W[0 4 1]/Index[%s]/Length %d>>stream\r\n%s\r\nendstream\r\n", own, a.info, a.catalog, a.next, before, idOf(a.name), idOf(a.name+" 1"),
		index.String(), len(rows), rows), "\r\n")
	return a.data, a.fill(foxitHole, container(crypto.SHA256, baseline))
}
