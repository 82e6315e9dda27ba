package certpath

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/recent"
)

// Tags of the strings a name may hold. X.680, 8.4.
const (
	tagUTF8      = 12
	tagNumeric   = 18
	tagPrintable = 19
	tagT61       = 20
	tagIA5       = 22
	tagVisible   = 26
	tagUniversal = 28
	tagBMP       = 30
)

// SameName compares two DER names by the rules of RFC 5280, 7.1: letters of
// either case, runs of white space and the type of string make no difference;
// what is not a string, or is malformed, is compared byte for byte.
func SameName(a, b []byte) bool { return string(a) == string(b) || knownDN(a).key == knownDN(b).key }

// NameKey returns a string that two DER names share if, and only if, they are
// the same for SameName: a key for maps. It is not readable.
func NameKey(name []byte) string { return knownDN(name).key }

// names are those made comparable before: subjects and issuers of certificates
// come again with every file. The limits keep it below 10 MB.
var names = recent.New[dn](512)

const (
	maxKeptName = 1 << 10 // bytes of DER
	maxKeptKey  = 4 << 10 // bytes of a key: NFKC makes names longer
)

// knownDN is parseDN, made once for a name.
func knownDN(raw []byte) dn {
	if len(raw) > maxKeptName {
		return parseDN(raw)
	}
	sum := sha256.Sum256(raw)
	d, ok := names.Get(sum)
	if !ok {
		if d = parseDN(raw); len(d.key) <= maxKeptKey {
			names.Put(sum, d)
		}
	}
	return d
}

// dn is a distinguished name made comparable. It is shared: only to be read.
type dn struct {
	rdns []string // each one's attributes, canonical
	key  string   // of the whole
}

func (d dn) empty() bool { return len(d.rdns) == 0 }

// within tells whether base is a prefix of d. RFC 5280, 4.2.1.10.
func (d dn) within(base dn) bool {
	return len(base.rdns) <= len(d.rdns) && slices.Equal(base.rdns, d.rdns[:len(base.rdns)])
}

// parseDN never fails: a malformed name is one opaque part that equals only
// the same bytes.
func parseDN(raw []byte) dn {
	var d dn
	in := cryptobyte.String(raw)
	var seq cryptobyte.String
	ok := in.ReadASN1(&seq, cbasn1.SEQUENCE) && in.Empty()
	for ok && !seq.Empty() {
		var set cryptobyte.String
		var rdn string
		if ok = seq.ReadASN1(&set, cbasn1.SET); ok {
			rdn, ok = canonicalRDN(set)
			d.rdns = append(d.rdns, rdn)
		}
	}
	if !ok {
		d.rdns = []string{"\xff" + string(raw)}
	}
	d.key = joinParts(d.rdns)
	return d
}

// canonicalRDN sorts the attributes: an RDN is a set.
func canonicalRDN(set cryptobyte.String) (string, bool) {
	var parts []string
	for !set.Empty() {
		var atv, oid, value cryptobyte.String
		var tag cbasn1.Tag
		if !set.ReadASN1(&atv, cbasn1.SEQUENCE) || !atv.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) ||
			!atv.ReadAnyASN1(&value, &tag) || !atv.Empty() {
			return "", false
		}
		kind, text := "s", ""
		if s, ok := stringValue(tag, value); ok {
			text = prepare(s)
		} else {
			kind, text = "b", string([]byte{byte(tag)})+string(value)
		}
		parts = append(parts, joinParts([]string{string(oid), kind + text}))
	}
	slices.Sort(parts)
	return joinParts(parts), len(parts) > 0
}

// joinParts writes each part behind its length, so that no two lists collide.
func joinParts(parts []string) string {
	var b strings.Builder
	var size [4]byte
	for _, p := range parts {
		binary.BigEndian.PutUint32(size[:], uint32(len(p))) //nolint:gosec // parts of a certificate, below 4 GiB
		b.Write(size[:])
		b.WriteString(p)
	}
	return b.String()
}

// stringValue decodes the string types of DirectoryString and IA5String.
func stringValue(tag cbasn1.Tag, v []byte) (string, bool) {
	switch tag {
	case tagUTF8:
		return string(v), utf8.Valid(v)
	case tagPrintable, tagIA5, tagNumeric, tagVisible:
		if utf8.Valid(v) { // UTF-8 in a PrintableString is wrong and common
			return string(v), true
		}
		return latin1(v), true
	case tagT61: // in practice Latin-1
		return latin1(v), true
	case tagBMP:
		if len(v)%2 != 0 {
			return "", false
		}
		units := make([]uint16, 0, len(v)/2)
		for i := 0; i < len(v); i += 2 {
			units = append(units, binary.BigEndian.Uint16(v[i:]))
		}
		return string(utf16.Decode(units)), true
	case tagUniversal:
		if len(v)%4 != 0 {
			return "", false
		}
		var b strings.Builder
		for i := 0; i < len(v); i += 4 {
			b.WriteRune(rune(binary.BigEndian.Uint32(v[i:]))) //nolint:gosec // WriteRune replaces what is no rune
		}
		return b.String(), true
	default:
		return "", false
	}
}

func latin1(v []byte) string {
	r := make([]rune, len(v))
	for i, c := range v {
		r[i] = rune(c)
	}
	return string(r)
}

// prepare is the string preparation of RFC 4518, 2, for matching without case,
// as RFC 5280, 7.1 asks: map, normalise, fold, squeeze white space.
func prepare(s string) string {
	s = strings.Map(mapRune, s)
	if isASCII(s) {
		s = strings.ToLower(s)
	} else {
		s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// mapRune is RFC 4518, 2.2: controls and format characters go, separators are
// spaces.
func mapRune(r rune) rune {
	switch {
	case r >= 0x09 && r <= 0x0d, r == 0x85:
		return ' '
	case r < 0x80:
		if unicode.IsControl(r) {
			return -1
		}
		return r
	case r == 0x200b, r == 0x034f, r == 0xfffc, r >= 0xfe00 && r <= 0xfe0f, r >= 0x180b && r <= 0x180d:
		return -1
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	case unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp):
		return ' '
	}
	return r
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
