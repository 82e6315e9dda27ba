package cms

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// headerSize is how many bytes tag and shortest length of n content bytes take.
func headerSize(n int) int {
	switch {
	case n < 0x80:
		return 2
	case n < 1<<8:
		return 3
	case n < 1<<16:
		return 4
	case n < 1<<24:
		return 5
	}
	return 6
}

// elementSize is the size of an element with n content bytes.
func elementSize(n int) int { return headerSize(n) + n }

// appendHeader appends tag and shortest length.
func appendHeader(b []byte, tag byte, n int) []byte {
	b = append(b, tag)
	switch headerSize(n) {
	case 2:
		return append(b, byte(n))
	case 3:
		return append(b, 0x81, byte(n))
	case 4:
		return append(b, 0x82, byte(n>>8), byte(n))
	case 5:
		return append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// appendElement appends tag, shortest length and content.
func appendElement(b []byte, tag byte, content []byte) []byte {
	return append(appendHeader(b, tag, len(content)), content...)
}

// wrap returns tag, shortest length and content.
func wrap(tag byte, content []byte) []byte {
	return appendElement(make([]byte, 0, elementSize(len(content))), tag, content)
}

// nest appends an element whose content f appends. Room is left for a short
// header; a longer one moves the content up.
func nest(b []byte, tag byte, f func([]byte) []byte) []byte {
	start := len(b)
	b = f(append(b, tag, 0))
	n := len(b) - start - 2
	more := headerSize(n) - 2
	b = append(b, make([]byte, more)...)
	copy(b[start+2+more:], b[start+2:start+2+n])
	appendHeader(b[:start], tag, n)
	return b
}

// retagged appends an element under another tag.
func retagged(b []byte, tag byte, der []byte) []byte {
	return append(append(b, tag), der[1:]...)
}

// appendInteger appends an INTEGER in the shortest form. X.690, 8.3.
func appendInteger(b []byte, n *big.Int) []byte {
	if n.Sign() < 0 { // a serial number may be, and hardly is
		return append(b, build(func(b *cryptobyte.Builder) { b.AddASN1BigInt(n) })...)
	}
	size := n.BitLen()/8 + 1 // with the bit of the sign
	b = appendHeader(b, tagInteger, size)
	b = append(b, make([]byte, size)...)
	n.FillBytes(b[len(b)-size:])
	return b
}

// appendOID appends an OBJECT IDENTIFIER that asn1.Marshal takes. X.690, 8.19.
func appendOID(b []byte, oid asn1.ObjectIdentifier) []byte {
	return nest(b, tagOID, func(b []byte) []byte {
		b = appendArc(b, oid[0]*40+oid[1])
		for _, arc := range oid[2:] {
			b = appendArc(b, arc)
		}
		return b
	})
}

func appendArc(b []byte, arc int) []byte {
	shift := 0
	for arc>>shift > 0x7f {
		shift += 7
	}
	for ; shift > 0; shift -= 7 {
		b = append(b, byte(arc>>shift)|0x80)
	}
	return append(b, byte(arc)&0x7f)
}

// appendSetOf appends a SET OF in the order of DER (X.690 11.6) under tag. The
// elements are sorted in their place.
func appendSetOf(b []byte, tag byte, elements [][]byte) []byte {
	slices.SortStableFunc(elements, bytes.Compare)
	return nest(b, tag, func(b []byte) []byte {
		for _, e := range elements {
			b = append(b, e...)
		}
		return b
	})
}
