package testgen

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"fmt"
	"strings"
)

// Acrobat writes a file anew, linearised, when it is saved for the first time,
// which is how the first signature gets in, and an update after that. The
// newest section of a linearised file is the one in front, so its end points
// to byte 116 and each update continues there. A file with cross-reference
// streams has its forms in object streams. ISO 32000-1, annex F.
//
// Written object by object after two files of Acrobat Reader, with two
// signatures each: of 2020 with streams, of 2024 and 2025 with tables. What
// those do not have (locks, certification) is after ISO 32000-2, 12.7.5.5 and
// 12.8.2. Of the hint stream there are only the headers; qpdf finds fault with
// Acrobat's own too.
const (
	acrobatFrame = "%d 0 obj\r%s\rendobj\r"
	acrobatFront = 116  // where the first section of a linearised file begins
	acrobatRoom  = 1200 // for that section
)

// acrobatHints is the room for the hints of pages and of shared objects.
var acrobatHints = strings.Repeat("\x00", 36+24)

var acrobatHole = hole{format: "[ 0 %d %d %d]", width: 62, room: 5000, digits: "%x"}

// acrobat is a file in the hands of Acrobat.
type acrobat struct {
	*draft
	layout
	name    string
	streams bool // cross-reference streams and object streams
	saves   int
}

// newAcrobat numbers as Acrobat does: what the first page does not need comes
// first.
func newAcrobat(name string, streams bool) *acrobat {
	k := 3 // pages, info
	if streams {
		k = 5 // and an object stream of the two, and a section
	}
	return &acrobat{name: name, streams: streams, layout: layout{
		catalog: k + 1, pages: 1, page: k + 2, content: k + 3, form: k + 4, font: k + 5,
		amount: k + 6, amountLook: k + 7, note: k + 8, noteLook: k + 9, placeA: k + 10, placeB: k + 11, info: 2},
		draft: newDraft("%PDF-1.6\r%\xE2\xE3\xCF\xD3\r\n", k+12)}
}

// save writes the whole file with objects changed and added.
func (a *acrobat) save(changes ...numbered) {
	all := a.objects()
	for _, o := range changes {
		all[o.num] = o.text
	}
	hints := a.alloc()
	all[hints] = streamText("/S 36", acrobatHints)
	order := []int{hints, a.catalog, a.page, a.amountLook, a.noteLook}
	last := []int{a.form, a.font, a.amount, a.note, a.placeA, a.placeB}
	for _, o := range changes {
		if o.num >= a.placeB+1 {
			order = append(order, o.num)
		}
	}
	a.data = append(a.data, strings.Repeat(" ", acrobatFront+acrobatRoom-len(a.data))...)
	front := a.part(all, append(order, a.content), last)
	frontEnd := len(a.data)
	rest := a.part(all, nil, []int{a.pages, a.info})
	main := len(a.data)
	a.closeSaved(rest, front, frontEnd, main, hints)
}

// part writes some objects, the packed ones in an object stream where the file
// has such.
func (a *acrobat) part(all map[int]string, direct, pack []int) positions {
	list := func(numbers []int) (list []numbered) {
		for _, n := range numbers {
			list = append(list, numbered{n, all[n]})
		}
		return list
	}
	at := a.body(acrobatFrame, list(direct))
	if !a.streams {
		at.add(a.body(acrobatFrame, list(pack)))
		return at
	}
	num := 3 // of what the first page does not need
	if direct != nil {
		num = a.alloc()
	}
	stream, inside := packed(num, list(pack), "\r\n")
	at.add(a.body(acrobatFrame, []numbered{stream}))
	at.add(inside)
	return at
}

// closeSaved writes the section at the end, then the one in front.
func (a *acrobat) closeSaved(rest, front positions, frontEnd, main, hints int) {
	rest[0] = position{}
	trailer := fmt.Sprintf("/ID[<%s><%s>]", idOf(a.name), idOf(a.name))
	if a.streams {
		rest[4] = position{offset: main}
		a.data = append(a.data, a.section(4, rest, trailer+fmt.Sprintf("/Info %d 0 R/Root %d 0 R/Size 5", a.info, a.catalog))...)
	} else {
		a.data = append(a.data, rest.table("\r\n", true)+"trailer\r\n<</Size 3"+trailer+">>\r\n"...)
	}
	a.data = fmt.Appendf(a.data, "startxref\r\n%d\r\n%%%%EOF\r\n", acrobatFront)
	linear := a.pages + 2 // the number behind the rest
	if a.streams {
		linear = 5
	}
	front[linear] = position{offset: len("%PDF-1.6\r%....\r\n")}
	trailer += fmt.Sprintf("/Info %d 0 R/Prev %d/Root %d 0 R", a.info, main, a.catalog)
	var section string
	if a.streams {
		own := a.alloc()
		front[own] = position{offset: acrobatFront}
		section = a.section(own, front, trailer+fmt.Sprintf("/Size %d", a.next))
	} else {
		section = front.table("\r\n", false) + fmt.Sprintf("trailer\r\n<<%s/Size %d>>\r\n", trailer, a.next)
	}
	section += "startxref\r\n0\r\n%%EOF\r\n"
	if len(section) > acrobatRoom {
		panic("testgen: no room for the first section")
	}
	copy(a.data[acrobatFront:], section)
	copy(a.data[front[linear].offset:], fmt.Sprintf(acrobatFrame, linear, fmt.Sprintf("<</Linearized 1/L %d/O %d/E %d/N 1/T %d/H[ %d %d]>>",
		len(a.data), a.page, frontEnd, main, front[hints].offset, front[a.catalog].offset-front[hints].offset)))
	a.xref = acrobatFront
	// Only the headers: the least number of objects of a page, where the first
	// page would be without the hints, and its length. ISO 32000-1, table F.3.
	head := a.data[bytes.Index(a.data, []byte(acrobatHints)):]
	binary.BigEndian.PutUint32(head, uint32(a.placeB-a.page+1))
	binary.BigEndian.PutUint32(head[4:], uint32(front[a.page].offset-front[a.catalog].offset+front[hints].offset))
	binary.BigEndian.PutUint32(head[10:], uint32(frontEnd-front[a.page].offset))
}

// section is a cross-reference stream as an object.
func (a *acrobat) section(num int, at positions, entries string) string {
	return fmt.Sprintf(acrobatFrame, num, deflated("/DecodeParms<</Columns 6/Predictor 12>>"+entries+"/Index"+at.index()+
		"/Type/XRef/W[1 4 1]", predicted(at.rows()), "\r\n"))
}

// update appends a revision: objects on their own, and those that are packed
// where the file has object streams.
func (a *acrobat) update(direct, pack []numbered) {
	a.saves++
	var at positions
	if a.streams {
		stream, inside := packed(a.alloc(), pack, "\r\n")
		at = a.body(acrobatFrame, append(direct, stream))
		at.add(inside)
	} else {
		at = a.body(acrobatFrame, append(pack, direct...))
	}
	trailer := fmt.Sprintf("/ID[<%s><%s>]/Info %d 0 R/Prev %d/Root %d 0 R", idOf(a.name),
		idOf(fmt.Sprintf("%s %d", a.name, a.saves)), a.info, a.xref, a.catalog)
	if !a.streams {
		a.end(at.table("\r\n", true)+fmt.Sprintf("trailer\r\n<<%s/Size %d>>\r\n", trailer, a.next), "\r\n")
		return
	}
	own := a.alloc()
	at[own] = position{offset: len(a.data)}
	a.end(a.section(own, at, trailer+fmt.Sprintf("/Size %d", a.next)), "\r\n")
}

// acrobatSignature is the dictionary; more is a /Reference.
func acrobatSignature(more string) string {
	return "<</ByteRange" + acrobatHole.byteRange() + "/Contents" + acrobatHole.contents() +
		"/Filter/Adobe.PPKLite/M(D:20260512153512+07'00')/Name(NGUYEN VAN A)/Prop_Build<</App<</Name/Adobe#20Acrobat#20Reader#20#2864-bit#29" +
		"/OS[/Win]/R 1638656/REx(2025.001.20531)/TrustedMode true>>/Filter<</Date(Jun  6 2025 13:14:40)/Name/Adobe.PPKLite/R 131104/V 2>>" +
		"/PubSec<</Date(Jun  6 2025 13:14:40)/NonEFontNoWarn true/R 131105>>>>" + more + "/SubFilter/adbe.pkcs7.detached/Type/Sig>>"
}

// The lock of a field, and what a signature in that field says of it. Acrobat
// makes the locked fields read-only in the same revision.
const (
	acrobatLock    = "/Lock<</Action/Include/Fields[(Amount)]/Type/SigFieldLock>>"
	acrobatFieldTP = "/TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(Amount)]/Type/TransformParams/V/1.2>>/Type/SigRef"
)

// AcrobatSaved is signed as it was saved for the first time: the signature is in
// the only revision, and the newest section is the one in front.
func AcrobatSaved() ([]byte, error) {
	a := newAcrobat("acrobat saved", true)
	sig := a.alloc()
	top, look := a.layers(a.font)
	a.save(append([]numbered{
		{sig, acrobatSignature("")},
		{a.form, a.formWith(refs(a.fields()...), "/SigFlags 3")},
		{a.placeA, a.widget("PlaceA", placeABox, top, sig, "")},
	}, look...)...)
	return a.data, a.fill(acrobatHole, container(crypto.SHA256, archival))
}

// AcrobatApproval is a form whose first signature locks a field: an update with
// a cross-reference stream.
func AcrobatApproval() ([]byte, error) {
	a := newAcrobat("acrobat approval", true)
	a.save(numbered{a.placeA, a.place("PlaceA", placeABox, "/F 4", acrobatLock)})
	sig := a.alloc()
	top, look := a.layers(a.font)
	a.update(append([]numbered{{sig, acrobatSignature(fmt.Sprintf("/Reference[<</Data %d 0 R%s>>]", a.catalog, acrobatFieldTP))}}, look...), []numbered{
		{a.info, "<</CreationDate(D:20260512083000Z)/ModDate(D:20260512153512+07'00')/Producer(kyso testgen)/Title(Agreement)>>"},
		{a.form, a.formWith(refs(a.fields()...), "/SigFlags 3")},
		{a.amount, a.textField("Amount", "100", amountBox, a.amountLook, "/Ff 1")},
		{a.placeA, a.widget("PlaceA", placeABox, top, sig, acrobatLock)},
	})
	return a.data, a.fill(acrobatHole, container(crypto.SHA256, archival))
}

// AcrobatCertified is certified for filling in (P=2) as it is saved, with
// tables. Then a field is filled in, and a signature locks another, in an
// update.
func AcrobatCertified() ([]byte, error) {
	a := newAcrobat("acrobat certified", false)
	sig := a.alloc()
	top, look := a.layers(a.font)
	const reference = "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2/Type/TransformParams/V/1.2>>/Type/SigRef>>]"
	a.save(append([]numbered{
		{sig, acrobatSignature(reference)},
		{a.catalog, a.catalogWith(fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", sig))},
		{a.form, a.formWith(refs(a.fields()...), "/SigFlags 3")},
		{a.placeA, a.widget("PlaceA", placeABox, top, sig, "")},
		{a.placeB, a.place("PlaceB", placeBBox, "/F 4", acrobatLock)},
	}, look...)...)
	if err := a.fill(acrobatHole, container(crypto.SHA256, archival)); err != nil {
		return nil, err
	}
	sig = a.alloc()
	top, look = a.layers(a.font)
	a.update(append([]numbered{{sig, acrobatSignature(fmt.Sprintf("/Reference[<</Data %d 0 R%s>>]", a.catalog, acrobatFieldTP))}}, look...), []numbered{
		{a.noteLook, a.look("seen")},
		{a.note, a.textField("Note", "seen", noteBox, a.noteLook, "")},
		{a.amount, a.textField("Amount", "100", amountBox, a.amountLook, "/Ff 1")},
		{a.placeB, a.widget("PlaceB", placeBBox, top, sig, acrobatLock)},
	})
	return a.data, a.fill(acrobatHole, container(crypto.SHA256, archival))
}
