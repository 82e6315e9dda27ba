package testgen

import (
	"crypto"
	"fmt"
)

// LibreOffice signs a PDF that it did not write by an update: a new invisible
// field that is its own default value, the container in front in the dictionary
// with a hundred blanks in the range behind it, and Microsoft's filter. Written
// after its source (vcl/source/filter/ipdf/pdfdocument.cxx); the signature that
// it makes while it exports a document is made by the program itself in a test.
const officeFrame = "%d 0 obj\n%s\nendobj\n\n"

var officeHole = hole{format: "[ 0 %d %d %d ", width: 130, room: 5000, digits: "%x"}

// LibreOfficeCAdES signs the contract.
func LibreOfficeCAdES() ([]byte, error) {
	d, l := plainContract(), plain
	before := d.xref
	sig, look, widget := d.alloc(), d.alloc(), d.alloc()
	fields := append(l.fields(), widget)
	at := d.body(officeFrame, []numbered{
		{sig, "<</Contents " + officeHole.contents() + "\n/Type/Sig/SubFilter/ETSI.CAdES.detached /M (D:20260512153512+07'00') /ByteRange " +
			officeHole.byteRange() + " ] /Filter/Adobe.PPKMS >>"},
		{look, "<</Type/XObject\n/Subtype/Form\n/BBox[0 0 0 0]\n/Length 0\n>>\nstream\n\nendstream"},
		{widget, fmt.Sprintf("<</Type/Annot/Subtype/Widget/F 132\n/Rect[0 0 0 0]\n/FT/Sig\n/P %d 0 R\n/T(Signature1)\n/V %d 0 R\n/DV %d 0 R\n/AP<<\n/N %d 0 R\n>>\n>>",
			l.page, sig, sig, look)},
		{l.page, l.pageWith(refs(fields...))},
		{l.form, l.formWith(refs(fields...), "")},
	})
	d.end(at.table(" \n", true)+fmt.Sprintf("trailer\n<</Size %d/Root %d 0 R\n/Info %d 0 R\n/ID [ <%s>\n<%s> ]\n/Prev %d\n>>\n",
		d.next, l.catalog, l.info, idOf("contract"), idOf("libreoffice"), before), "\n")
	return d.data, d.fill(officeHole, container(crypto.SHA256, baseline))
}
