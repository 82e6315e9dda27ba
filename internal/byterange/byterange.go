// Package byterange handles the signed range of a signature: the placeholder,
// the four integers, splicing the container into the gap, and the digests of all
// ranges of a file in one pass over it (Pass). It judges nothing.
package byterange

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Range is /ByteRange: offset and length of two spans, in bytes.
type Range [4]int64

// ContentsMark and RangeMark are the Raw marks of the two placeholders.
const (
	ContentsMark = "Contents"
	RangeMark    = "ByteRange"
)

// rangeWidth is the width of the /ByteRange placeholder: room for "[0 a b c]"
// with three numbers of 19 digits.
const rangeWidth = 64

// Placeholders returns the raw values for /Contents (size bytes of DER, so
// 2*size hex digits and the angle brackets) and /ByteRange (fixed width).
func Placeholders(size int) (contents, byteRange pdf.Raw) {
	c := bytes.Repeat([]byte{'0'}, 2*size+2)
	c[0], c[len(c)-1] = '<', '>'
	r := bytes.Repeat([]byte{' '}, rangeWidth)
	copy(r, "[0 0 0 0]")
	return pdf.Raw{Mark: ContentsMark, Bytes: c}, pdf.Raw{Mark: RangeMark, Bytes: r}
}

var errMarks = errors.New("byterange: the update has no signature placeholder")

// Fill computes the range for the rendered update, writes it into
// r.Bytes over the ByteRange placeholder and returns it.
func Fill(r *pdf.Rendered) (Range, error) {
	gap, ok1 := r.Marks[ContentsMark]
	at, ok2 := r.Marks[RangeMark]
	if !ok1 || !ok2 {
		return Range{}, errMarks
	}
	end := r.Base + int64(len(r.Bytes))
	out := Range{0, gap.Start, gap.End, end - gap.End}
	text := fmt.Sprintf("[%d %d %d %d]", out[0], out[1], out[2], out[3])
	place := r.Bytes[at.Start-r.Base : at.End-r.Base]
	if len(text) > len(place) {
		return Range{}, &SizeError{Need: len(text), Have: len(place)}
	}
	for i := range place {
		place[i] = ' '
	}
	copy(place, text)
	return out, nil
}

// Splice writes der in hex over the Contents placeholder, zero padded. Too
// small a gap is a *SizeError.
func Splice(r *pdf.Rendered, der []byte) error {
	gap, ok := r.Marks[ContentsMark]
	if !ok {
		return errMarks
	}
	place := r.Bytes[gap.Start-r.Base+1 : gap.End-r.Base-1]
	if 2*len(der) > len(place) {
		return &SizeError{Need: len(der), Have: len(place) / 2}
	}
	n := hex.Encode(place, der)
	for i := n; i < len(place); i++ {
		place[i] = '0'
	}
	return nil
}

// SizeError: the container does not fit its placeholder. Bytes.
type SizeError struct{ Need, Have int }

func (e *SizeError) Error() string {
	return fmt.Sprintf("byterange: the signature needs %d bytes and has room for %d", e.Need, e.Have)
}
