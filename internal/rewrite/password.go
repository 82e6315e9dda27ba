package rewrite

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// passwordBytes of a password count (ISO 32000-2, 7.6.4.3.3).
const passwordBytes = 127

// prepare brings a password to the form that is hashed: SASLprep (RFC 4013,
// 2) but for what that prohibits, and cut. pdfcpu hashes what it is given.
func prepare(password []byte) ([]byte, error) {
	if len(password) > limitPassword {
		return nil, fmt.Errorf("rewrite: password of more than %d bytes", limitPassword)
	}
	if !utf8.Valid(password) {
		return nil, errors.New("rewrite: password is not UTF-8")
	}
	b := []byte(norm.NFKC.String(strings.Map(mapped, string(password))))
	return b[:min(len(b), passwordBytes)], nil
}

// mapped does the mappings of RFC 4013, 2.1.
func mapped(r rune) rune {
	switch {
	case r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200b, r == 0x202f, r == 0x205f, r == 0x3000:
		return ' ' // RFC 3454, C.1.2
	case r == 0xad, r == 0x34f, r == 0x1806, r >= 0x180b && r <= 0x180d,
		r >= 0x200c && r <= 0x200d, r == 0x2060, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff:
		return -1 // RFC 3454, B.1
	}
	return r
}
