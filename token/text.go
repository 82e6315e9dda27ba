package token

import (
	"strings"
	"unicode"
)

// cleanText is text of a driver made safe to show: valid UTF-8, no control
// characters, no padding (PKCS #11 pads with blanks, some drivers with NUL).
func cleanText(s string) string {
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(s)
}
