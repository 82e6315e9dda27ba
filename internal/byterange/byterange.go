// Package byterange handles the signed range of a signature: the placeholder,
// the four integers, hashing around the gap and splicing the container in.
package byterange

import (
	"context"
	"crypto"
	"io"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Range is /ByteRange: offset and length of two spans, in bytes.
type Range [4]int64

// ContentsMark and RangeMark are the Raw marks of the two placeholders.
const (
	ContentsMark = "Contents"
	RangeMark    = "ByteRange"
)

// Placeholders returns the raw values for /Contents (size bytes of DER, so
// 2*size hex digits and the angle brackets) and /ByteRange (fixed width).
func Placeholders(size int) (contents, byteRange pdf.Raw) { panic("stub") }

// Fill computes the range for the rendered update, writes it into
// r.Bytes over the ByteRange placeholder and returns it.
func Fill(r *pdf.Rendered) (Range, error) { panic("stub") }

// Hash reads the two spans of f once and feeds the hash.
func Hash(ctx context.Context, f io.ReaderAt, r Range, h crypto.Hash) ([]byte, error) { panic("stub") }

// Splice writes der in hex over the Contents placeholder, zero padded. Too
// small a gap is a *SizeError.
func Splice(r *pdf.Rendered, der []byte) error { panic("stub") }

// SizeError: the container does not fit its placeholder.
type SizeError struct{ Need, Have int }

func (e *SizeError) Error() string { panic("stub") }
