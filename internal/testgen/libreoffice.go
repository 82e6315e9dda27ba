package testgen

import (
	"crypto"
	"fmt"
	"maps"
	"slices"
)

// LibreOffice signs a PDF that it did not write by an update behind an empty
// line: a new invisible field that is its own default value, the container in
// front in the dictionary with a hundred blanks in the range behind it, and
// Microsoft's filter. Each object has a section of the table to itself, and the
// identifier stays as it was. Written after its source
// (vcl/source/filter/ipdf/pdfdocument.cxx); the signature that it makes while
// it exports a document, the program itself makes in the test.
const officeFrame = "%d 0 obj\n%s\nendobj\n\n"

var officeHole = hole{format: "[ 0 %d %d %d ]", width: 125, room: 5000, digits: "%X"}

// LibreOfficeCAdES signs the contract.
func LibreOfficeCAdES() ([]byte, error) {
	d, l := plainContract(), plain
	before := d.xref
	d.data = append(d.data, '\n')
	sig, look, widget := d.alloc(), d.alloc(), d.alloc()
	fields := append(l.fields(), widget)
	at := d.body(officeFrame, []numbered{
		{sig, "<</Contents " + officeHole.contents() + "\n/Type/Sig/SubFilter/ETSI.CAdES.detached /M (D:20260512153512+07'00') /ByteRange " +
			officeHole.byteRange() + " /Filter/Adobe.PPKMS >>"},
		{look, "<</Type/XObject\n/Subtype/Form\n/BBox[0 0 0 0]\n/Length 0\n>>\nstream\n\nendstream"},
		{widget, fmt.Sprintf("<</Type/Annot/Subtype/Widget/F 132\n/Rect[0 0 0 0]\n/FT/Sig\n/P %d 0 R\n/T(Signature1)\n/V %d 0 R\n/DV %d 0 R\n/AP<<\n/N %d 0 R\n>>\n>>",
			l.page, sig, sig, look)},
		{l.page, l.pageWith(refs(fields...))},
		{l.form, l.formWith(refs(fields...), "")},
	})
	section := "xref\n"
	for _, n := range slices.Sorted(maps.Keys(at)) {
		section += fmt.Sprintf("%d 1\n%010d 00000 n \n", n, at[n].offset)
	}
	d.end(section+fmt.Sprintf("trailer\n<</Size %d/Root %d 0 R\n/Info %d 0 R\n/ID [ <%s>\n<%s> ]\n/Prev %d>>\n",
		d.next, l.catalog, l.info, idOf("contract"), idOf("contract"), before), "\n")
	return d.data, d.fill(officeHole, container(crypto.SHA256, baseline))
}
