package cms

import (
	"errors"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

var (
	errTruncated = errors.New("truncated element")
	errTooDeep   = &LimitError{"levels of nesting", maxDepth}
	errHighTag   = errors.New("high tag number")
	errLength    = errors.New("bad length")
	errTag       = errors.New("unexpected tag")
	errTrailing  = errors.New("trailing bytes")
)

// constructed is the bit of an identifier octet. X.690 8.1.2.5.
const constructed = 0x20

// element is one BER element; its slices point into the input.
type element struct {
	tag        byte
	content    []byte // without end-of-contents octets
	full       []byte
	indefinite bool
}

// berReader reads elements as X.690 8 allows and notes what DER forbids.
// Some tokens and old signers write CMS with indefinite lengths (PKCS#7 was
// BER); the signature inside is over DER attributes all the same.
type berReader struct{ notDER bool }

// next reads the first element of data.
func (b *berReader) next(data []byte) (element, []byte, error) {
	return b.nextAt(data, 0)
}

func (b *berReader) nextAt(data []byte, depth int) (element, []byte, error) {
	var e element
	if depth > maxDepth {
		return e, nil, errTooDeep
	}
	if len(data) < 2 {
		return e, nil, errTruncated
	}
	e.tag = data[0]
	if e.tag&0x1f == 0x1f {
		return e, nil, errHighTag
	}
	header, length, err := b.length(data)
	if err != nil {
		return e, nil, err
	}
	if length < 0 { // indefinite, X.690 8.1.3.6
		if e.tag&constructed == 0 {
			return e, nil, errLength
		}
		b.notDER = true
		e.indefinite = true
		n, err := b.endOfContents(data[header:], depth+1)
		if err != nil {
			return e, nil, err
		}
		e.content = data[header : header+n]
		e.full = data[:header+n+2]
		return e, data[header+n+2:], nil
	}
	if length > len(data)-header {
		return e, nil, errTruncated
	}
	e.content = data[header : header+length]
	e.full = data[:header+length]
	return e, data[header+length:], nil
}

// length returns the size of the header and of the content; -1: indefinite.
func (b *berReader) length(data []byte) (header, length int, err error) {
	first := data[1]
	if first < 0x80 {
		return 2, int(first), nil
	}
	n := int(first & 0x7f)
	if n == 0 {
		return 2, -1, nil
	}
	if n > 4 || len(data) < 2+n {
		return 0, 0, errLength
	}
	var v uint64
	for _, c := range data[2 : 2+n] {
		v = v<<8 | uint64(c)
	}
	if v > maxSize {
		return 0, 0, errTruncated
	}
	if v < 0x80 || data[2] == 0 {
		b.notDER = true // not the shortest form, X.690 10.1
	}
	return 2 + n, int(v), nil
}

// endOfContents returns the number of bytes before the matching 00 00.
func (b *berReader) endOfContents(data []byte, depth int) (int, error) {
	rest := data
	for {
		if len(rest) >= 2 && rest[0] == 0 && rest[1] == 0 {
			return len(data) - len(rest), nil
		}
		var err error
		if _, rest, err = b.nextAt(rest, depth); err != nil {
			return 0, err
		}
	}
}

// expect reads an element of that tag.
func (b *berReader) expect(data []byte, tag byte) (element, []byte, error) {
	e, rest, err := b.next(data)
	if err == nil && e.tag != tag {
		err = errTag
	}
	return e, rest, err
}

// optional reads an element of that tag when it is the next.
func (b *berReader) optional(data []byte, tag byte) (e element, ok bool, rest []byte, err error) {
	if len(data) == 0 || data[0] != tag {
		return element{}, false, data, nil
	}
	e, rest, err = b.next(data)
	return e, err == nil, rest, err
}

// children splits content into elements, at most limit of them.
func (b *berReader) children(content []byte, limit int, what string) ([]element, error) {
	var few [4]element // mostly enough, and what is returned then fits
	list := few[:0]
	for len(content) > 0 {
		if len(list) == limit {
			return nil, &LimitError{what, limit}
		}
		e, rest, err := b.next(content)
		if err != nil {
			return nil, err
		}
		list, content = append(list, e), rest
	}
	return slices.Clone(list), nil
}

// octets returns the value of an OCTET STRING whose universal or implicit tag
// is e.tag; pieces of a constructed one are joined (X.690 8.7.3).
func (b *berReader) octets(e element, depth int) ([]byte, error) {
	if e.tag&constructed == 0 {
		return e.content, nil
	}
	b.notDER = true
	if depth > maxDepth {
		return nil, errTooDeep
	}
	var out []byte
	for rest := e.content; len(rest) > 0; {
		piece, r, err := b.nextAt(rest, depth)
		if err != nil {
			return nil, err
		}
		if piece.tag&^constructed != byte(asn1.OCTET_STRING) {
			return nil, errTag
		}
		value, err := b.octets(piece, depth+1)
		if err != nil {
			return nil, err
		}
		out, rest = append(out, value...), r
	}
	return out, nil
}

// checkDER notes every deviation from DER in data and below. What can't be
// read counts as one. Order in SET OF is left to its users.
func (b *berReader) checkDER(data []byte, depth int) {
	for len(data) > 0 {
		e, rest, err := b.nextAt(data, depth)
		if err != nil {
			b.notDER = true
			return
		}
		switch {
		case e.tag&constructed != 0:
			if stringType(e.tag) {
				b.notDER = true // X.690 10.2
			}
			b.checkDER(e.content, depth+1)
		case e.tag == byte(asn1.BOOLEAN):
			if len(e.content) != 1 || e.content[0] != 0 && e.content[0] != 0xff {
				b.notDER = true // X.690 11.1
			}
		case e.tag == byte(asn1.INTEGER):
			if !minimalInteger(e.content) {
				b.notDER = true // X.690 8.3.2
			}
		}
		data = rest
	}
}

// stringType tells universal string types, which DER writes primitive.
func stringType(tag byte) bool {
	if tag&0xc0 != 0 {
		return false
	}
	switch tag & 0x1f {
	case 3, 4, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30:
		return true
	}
	return false
}

func minimalInteger(c []byte) bool {
	if len(c) < 2 {
		return len(c) == 1
	}
	padded := c[0] == 0 && c[1] < 0x80 || c[0] == 0xff && c[1] >= 0x80
	return !padded
}

// toDER rewrites an element with shortest definite lengths and primitive
// strings, keeping the order of everything. It is bounded by maxDepth.
func toDER(data []byte, depth int) ([]byte, error) {
	var b berReader
	e, rest, err := b.nextAt(data, depth)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, errTrailing
	}
	content := e.content
	tag := e.tag
	switch {
	case tag == byte(asn1.OCTET_STRING)|constructed:
		if content, err = b.octets(e, depth); err != nil {
			return nil, err
		}
		tag &^= constructed
	case tag&constructed != 0:
		if content, err = childrenToDER(content, depth); err != nil {
			return nil, err
		}
	}
	return wrap(tag, content), nil
}

func childrenToDER(content []byte, depth int) ([]byte, error) {
	var b berReader
	var out []byte
	for len(content) > 0 {
		child, rest, err := b.nextAt(content, depth+1)
		if err != nil {
			return nil, err
		}
		der, err := toDER(child.full, depth+1)
		if err != nil {
			return nil, err
		}
		out, content = append(out, der...), rest
	}
	return out, nil
}

// knownOIDs are the identifiers of this package by their DER.
var knownOIDs = func() map[string]oidType {
	known := make(map[string]oidType)
	add := func(oid oidType) { known[string(appendOID(nil, oid))] = oid }
	for _, oid := range []oidType{oids.Data, oids.SignedData, oids.TSTInfo, oids.RSAPSS, oids.Ed25519} {
		add(oid)
	}
	for _, a := range attributeNames {
		add(a.oid)
	}
	for _, h := range hashes {
		add(h.oid)
	}
	for _, a := range signatureAlgorithms {
		add(a.oid)
	}
	return known
}()

// readOID reads exactly one OBJECT IDENTIFIER from an element.
func readOID(e element) (oid oidType, err error) {
	if oid, ok := knownOIDs[string(e.full)]; ok {
		return oid, nil
	}
	s := cryptobyte.String(e.full)
	if !s.ReadASN1ObjectIdentifier(&oid) || !s.Empty() {
		return nil, errors.New("bad object identifier")
	}
	return oid, nil
}
