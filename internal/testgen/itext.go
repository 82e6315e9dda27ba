package testgen

import (
	"crypto"
	"fmt"
	"maps"
	"slices"
)

// iText writes the keys of a dictionary in the order of the alphabet (since 7),
// its name before the end of each revision, and the range with a blank behind
// it. A signature in a file that is written anew comes first in it, and the
// rows of free objects are a list of generation 1. Written after a file of
// iText 7.1.2. What iText 5 does, its own files beside these show.
const itextFrame = "%d 0 obj\n%s\nendobj\n"

var itextHole = hole{format: "[0 %d %d %d ]", width: 80, room: 4096, digits: "%x"}

func itextSignature(sub, more string) string {
	return "<</ByteRange " + itextHole.byteRange() + "/ContactInfo()/Contents " + itextHole.contents() +
		"/Filter/Adobe.PPKLite/Location(Ha Noi)/M(D:20260512153512+07'00')/Prop_Build<</App<</Name/iText>>>>/Reason(I agree)" + more +
		"/SubFilter/" + sub + "/Type/Sig>>"
}

const itextExtension = "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"

// IText7Certified is a file that iText 7 wrote anew and certified (P=2).
func IText7Certified() ([]byte, error) {
	l := plain
	d := newDraft("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", l.info+1)
	free := d.alloc() // of an object that the program dropped
	sig := d.alloc()
	top, look := d.layers(l.font)
	all := l.objects()
	all[sig] = itextSignature("ETSI.CAdES.detached", fmt.Sprintf("/Reference[<</Data %d 0 R/TransformMethod/DocMDP"+
		"/TransformParams<</P 2/Type/TransformParams/V/1.2>>/Type/SigRef>>]", l.catalog))
	all[l.catalog] = l.catalogWith(itextExtension + fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", sig))
	all[l.form] = l.formWith(refs(l.fields()...), "/SigFlags 3")
	all[l.placeA] = l.widget("PlaceA", placeABox, top, sig, "")
	list := []numbered{{sig, all[sig]}}
	delete(all, sig)
	for _, n := range slices.Sorted(maps.Keys(all)) {
		list = append(list, numbered{n, all[n]})
	}
	at := d.body(itextFrame, append(list, look...))
	section := fmt.Sprintf("xref\n0 %d\n%010d 65535 f \n", d.next, free)
	for n := 1; n < d.next; n++ {
		if n == free {
			section += "0000000000 00001 f \n"
			continue
		}
		section += fmt.Sprintf("%010d 00000 n \n", at[n].offset)
	}
	d.end(section+fmt.Sprintf("trailer\n<</ID [<%s><%s>]/Info %d 0 R/Root %d 0 R/Size %d>>\n%%iText-7.1.2\n",
		idOf("contract"), idOf("itext7 certified"), l.info, l.catalog, d.next), "\n")
	return d.data, d.fill(itextHole, container(crypto.SHA256, baseline))
}

// IText7CAdES is an update of a file with cross-reference streams.
func IText7CAdES() ([]byte, error) {
	a := newAcrobat("itext7 cades", true)
	a.save()
	before := a.xref
	sig := a.alloc()
	top, look := a.layers(a.font)
	at := a.body(itextFrame, append([]numbered{{sig, itextSignature("ETSI.CAdES.detached", "")}}, look...))
	stream, inside := packed(a.alloc(), []numbered{
		{a.catalog, a.catalogWith(itextExtension)},
		{a.form, a.formWith(refs(a.fields()...), "/SigFlags 3")},
		{a.placeA, a.widget("PlaceA", placeABox, top, sig, "")},
	}, "\n")
	at.add(a.body(itextFrame, []numbered{stream}))
	at.add(inside)
	own := a.alloc()
	at[own] = position{offset: len(a.data)}
	var rows []byte
	for _, row := range at.rows() {
		rows = append(rows, row...)
	}
	a.end(fmt.Sprintf(itextFrame, own, deflated(fmt.Sprintf("/ID [<%s><%s>]/Index%s/Info %d 0 R/Prev %d/Root %d 0 R/Size %d/Type/XRef/W[1 4 1]",
		idOf(a.name), idOf(a.name+" 1"), at.index(), a.info, before, a.catalog, a.next), rows, "\n"))+"%iText-7.1.2\n", "\n")
	return a.data, a.fill(itextHole, container(crypto.SHA256, baseline))
}

// IText2X509 is an update with the bare RSA signature that iText up to 2 made
// for a "self-signed" handler, certificates beside it in the dictionary: after
// ISO 32000-2, 12.8.3.2, since no file of that age was at hand.
func IText2X509() ([]byte, error) {
	d := plainContract()
	before := d.xref
	sig := d.alloc()
	top, look := d.layers(plain.font)
	_, cert := Signer()
	text := fmt.Sprintf("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.x509.rsa_sha1/Cert[<%x><%x>]/Reason(I agree)/Location(Ha Noi)"+
		"/M(D:20260512153512+07'00')/ByteRange %s/Contents %s>>", cert.Raw, Root().Certificate.Raw, itextHole.byteRange(), itextHole.contents())
	at := d.body(itextFrame, append([]numbered{
		{plain.placeA, plain.widget("PlaceA", placeABox, top, sig, "")},
		{sig, text},
		{plain.form, plain.formWith(refs(plain.fields()...), "/SigFlags 3")}}, look...))
	d.end(at.table(" \n", true)+fmt.Sprintf("trailer\n<</Root %d 0 R/ID [<%s><%s>]/Info %d 0 R/Size %d/Prev %d>>\n",
		plain.catalog, idOf("contract"), idOf("itext2 x509"), plain.info, d.next, before), "\n")
	return d.data, d.fill(itextHole, rsaSHA1)
}
