package verify

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// checkContents reads /Contents from the bytes of the file, where it has to
// stand as a direct hexadecimal string. ISO 32000-2, 12.8.1, Table 255. The
// bytes are taken from the token, so that no decryption touches them.
func (v *verifier) checkContents(_ context.Context, r *record) error {
	if r.dict == nil {
		return nil
	}
	value := r.dict.Get("Contents")
	span, inFile := r.dict.ValueSpan("Contents")
	switch value.(type) {
	case nil:
		r.find(CodeContentsMissing, "the dictionary has no /Contents")
		return nil
	case pdf.Ref:
		r.find(CodeContentsIndirect, "/Contents is a reference")
		return nil
	case pdf.String:
	default:
		r.find(CodeContentsNotHex, "/Contents is no string")
		return nil
	}
	if !inFile {
		r.find(CodeInObjectStream, "the dictionary lies in an object stream")
		return nil
	}
	r.contentsSpan = span
	n := span.End - span.Start
	if n > 2*maxContents+2 {
		r.find(CodeContentsLimit, "/Contents has %d bytes, more than are read", n)
		return nil
	}
	token := make([]byte, n)
	if _, err := v.r.ReadAt(token, span.Start); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("verify: read /Contents: %w", err)
	}
	r.decodeContents(token)
	return nil
}

// decodeContents reads <hex digits>. The token is used up: what it says takes
// its place.
func (r *record) decodeContents(token []byte) {
	inner, open := bytes.CutPrefix(token, []byte("<"))
	inner, closed := bytes.CutSuffix(inner, []byte(">"))
	if !open || !closed {
		r.find(CodeContentsNotHex, "/Contents is no hexadecimal string")
		return
	}
	digits := inner
	if hasWhite(inner) {
		digits = slices.DeleteFunc(inner, isWhite)
		r.find(CodeContentsSpace, "white space stands among the digits of /Contents")
		r.deviates("P07: white space within /Contents")
	}
	if len(digits)%2 == 1 {
		// ISO 32000-2, 7.3.4.3 takes a 0 for the last digit.
		digits = append(digits, '0')
		r.oddity(CodeContentsOdd, "/Contents has an odd number of digits")
	}
	out := token[:len(digits)/2] // a byte is written before the digits that are still to be read
	if _, err := hex.Decode(out, digits); err != nil {
		r.find(CodeContentsNotHex, "/Contents holds other than hexadecimal digits")
		return
	}
	if len(bytes.Trim(out, "\x00")) == 0 {
		r.find(CodeContentsEmpty, "/Contents holds no signature")
		return
	}
	r.contents = out
}

// hasWhite looks for each kind of white space, which is faster than at each byte.
func hasWhite(b []byte) bool {
	for c := range byte(' ' + 1) {
		if isWhite(c) && bytes.IndexByte(b, c) >= 0 {
			return true
		}
	}
	return false
}

// oddity is a failure for the subfilters of PAdES, whose container is DER with
// zeros behind (EN 319 142-1, 6.3), and a mark of quality for others.
func (r *record) oddity(code Code, format string, args ...any) {
	r.deviates("P07: " + fmt.Sprintf(format, args...))
	if r.sub.pades() {
		r.find(code, format, args...)
	}
}

// checkPadding looks at what follows the container.
func (r *record) checkPadding(container int) {
	if container > len(r.contents) {
		return
	}
	if len(bytes.Trim(r.contents[container:], "\x00")) > 0 {
		r.oddity(CodeContentsPadding, "other bytes than zeros follow the container in /Contents")
	}
}
