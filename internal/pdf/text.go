package pdf

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// docEncoding holds the code points of PDFDocEncoding where it differs from
// Latin-1 (ISO 32000-2, annex D.3). 0xFFFD: undefined.
var docEncoding = func() (t [256]rune) {
	for c := range t {
		t[c] = rune(c)
	}
	copy(t[0x18:], []rune("\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc"))
	copy(t[0x80:], []rune("\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018"+
		"\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd\u20ac"))
	t[0x7f], t[0xad] = utf8.RuneError, utf8.RuneError
	return t
}()

// docCode is the inverse of docEncoding.
var docCode = func() map[rune]byte {
	m := make(map[rune]byte, 256)
	for c, r := range docEncoding {
		if r != utf8.RuneError {
			m[r] = byte(c)
		}
	}
	return m
}()

// encodeDoc encodes s in PDFDocEncoding; ok is false when a letter is not in it.
func encodeDoc(s string) (b []byte, ok bool) {
	for _, r := range s {
		c, ok := docCode[r]
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}

// Text decodes a text string (PDFDocEncoding, UTF-16BE/LE, UTF-8) to UTF-8
// (ISO 32000-2, 7.9.2.2). Bytes without meaning become U+FFFD; language
// escapes are dropped. The UTF-16LE that some writers use is not in the
// standard.
func Text(s String) string {
	v := s.Value
	switch {
	case strings.HasPrefix(v, "\xfe\xff"):
		return decode16(v[2:], 1, 0)
	case strings.HasPrefix(v, "\xff\xfe"):
		return decode16(v[2:], 0, 1)
	case strings.HasPrefix(v, "\xef\xbb\xbf"):
		v = strings.ToValidUTF8(v[3:], "\ufffd")
		if strings.IndexByte(v, escape) < 0 {
			return v
		}
		return string(dropEscapes([]rune(v)))
	}
	var out strings.Builder
	for _, c := range []byte(v) {
		out.WriteRune(docEncoding[c])
	}
	return out.String()
}

// decode16 decodes UTF-16; low and high are the places of the two bytes.
func decode16(v string, low, high int) string {
	units := make([]uint16, 0, len(v)/2)
	for i := 0; i+1 < len(v); i += 2 {
		units = append(units, uint16(v[i+high])<<8|uint16(v[i+low]))
	}
	if len(v)%2 == 1 {
		units = append(units, utf8.RuneError)
	}
	return string(utf16.Decode(dropEscapes(units)))
}

// escape starts and ends a language escape (ISO 32000-2, 7.9.2.2).
const escape = 0x1b

// maxEscape is the longest language escape looked for: language and country
// take two or four, newer language tags somewhat more.
const maxEscape = 16

// dropEscapes removes language escapes, and an escape character that starts none.
func dropEscapes[T uint16 | rune](in []T) []T {
	out := in[:0]
	for i := 0; i < len(in); i++ {
		if in[i] != escape {
			out = append(out, in[i])
			continue
		}
		for k := i + 1; k < len(in) && k <= i+maxEscape; k++ {
			if in[k] == escape {
				i = k
				break
			}
		}
	}
	return out
}

// TextString encodes UTF-8 as PDFDocEncoding where it fits in ASCII, else
// UTF-16BE. Invalid UTF-8 becomes U+FFFD; escape characters, which would hide
// text, are dropped.
func TextString(s string) String {
	s = strings.ReplaceAll(s, "\x1b", "")
	ascii := true
	for _, c := range []byte(s) {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c > '~' {
			ascii = false
			break
		}
	}
	if ascii {
		return String{Value: s}
	}
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return String{Value: string(out), Hex: true}
}
