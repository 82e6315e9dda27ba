package token

import (
	"encoding/asn1"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Attribute types, RFC 4519 and RFC 2985. This package stands alone, so it
// does not share internal/oids.
const (
	oidCN    = "2.5.4.3"
	oidO     = "2.5.4.10"
	oidOU    = "2.5.4.11"
	oidTitle = "2.5.4.12"
	oidEmail = "1.2.840.113549.1.9.1"
	oidUID   = "0.9.2342.19200300.100.1.1"
)

// shortNames: RFC 4514, 3, and what certificates of this country use besides.
var shortNames = map[string]string{
	oidCN: "CN", oidO: "O", oidOU: "OU", oidTitle: "T", oidEmail: "emailAddress", oidUID: "UID",
	"2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
	"2.5.4.9": "STREET", "2.5.4.20": "telephoneNumber", "2.5.4.42": "GN", "0.9.2342.19200300.100.1.25": "DC",
	"2.5.4.97": "organizationIdentifier", "2.5.4.17": "postalCode", "2.5.4.13": "description",
}

// Bounds of a name from a token.
const (
	maxRDNs      = 64
	maxAttribute = 4096 // bytes of one value
)

type attribute struct {
	oid, value string
	raw        []byte // the whole value when it is no string
}

// parseRDNs: RFC 5280, 4.1.2.4. It stops at the first thing it cannot read.
func parseRDNs(der []byte) [][]attribute {
	input := cryptobyte.String(der)
	var name cryptobyte.String
	if !input.ReadASN1(&name, cbasn1.SEQUENCE) {
		return nil
	}
	var rdns [][]attribute
	for !name.Empty() && len(rdns) < maxRDNs {
		var set cryptobyte.String
		if !name.ReadASN1(&set, cbasn1.SET) {
			break
		}
		var rdn []attribute
		for !set.Empty() && len(rdn) < maxRDNs {
			a, ok := parseAttribute(&set)
			if !ok {
				break
			}
			rdn = append(rdn, a)
		}
		rdns = append(rdns, rdn)
	}
	return rdns
}

func parseAttribute(set *cryptobyte.String) (attribute, bool) {
	var pair, element, value cryptobyte.String
	var oid asn1.ObjectIdentifier
	var tag cbasn1.Tag
	if !set.ReadASN1(&pair, cbasn1.SEQUENCE) || !pair.ReadASN1ObjectIdentifier(&oid) ||
		!pair.ReadAnyASN1Element(&element, &tag) {
		return attribute{}, false
	}
	raw := []byte(element)
	if !element.ReadAnyASN1(&value, &tag) || len(value) > maxAttribute {
		return attribute{}, false
	}
	s, ok := decodeString(tag, value)
	a := attribute{oid: oid.String(), value: s}
	if !ok {
		a.raw = raw
	}
	return a, true
}

// decodeString: X.690, 8.23. T61String is read as Latin-1, which is what the
// old issuers put there; where the bytes are valid UTF-8 they are taken as
// that, since others put UTF-8 there.
func decodeString(tag cbasn1.Tag, b []byte) (string, bool) {
	switch tag {
	case cbasn1.UTF8String, cbasn1.PrintableString, cbasn1.IA5String, numericString, visibleString:
		return strings.ToValidUTF8(string(b), "\uFFFD"), true
	case cbasn1.T61String:
		if utf8.Valid(b) {
			return string(b), true
		}
		r := make([]rune, len(b))
		for i, c := range b {
			r[i] = rune(c)
		}
		return string(r), true
	case bmpString:
		if len(b)%2 != 0 {
			return "", false
		}
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		return string(utf16.Decode(u)), true
	case universalString:
		if len(b)%4 != 0 {
			return "", false
		}
		r := make([]rune, len(b)/4)
		for i := range r {
			r[i] = rune(uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3]))
		}
		return string(r), true
	default:
		return "", false
	}
}

const (
	numericString   = cbasn1.Tag(18)
	visibleString   = cbasn1.Tag(26)
	universalString = cbasn1.Tag(28)
	bmpString       = cbasn1.Tag(30)
)

// formatRDNs: RFC 4514, 2: the last RDN first.
func formatRDNs(rdns [][]attribute) string {
	var out []string
	for i := len(rdns) - 1; i >= 0; i-- {
		var parts []string
		for _, a := range rdns[i] {
			name := shortNames[a.oid]
			if name == "" {
				name = a.oid
			}
			if a.raw != nil { // RFC 4514, 2.4: #hex of the BER
				parts = append(parts, name+"=#"+hex.EncodeToString(a.raw))
				continue
			}
			parts = append(parts, name+"="+escapeDN(a.value))
		}
		out = append(out, strings.Join(parts, "+"))
	}
	return strings.Join(out, ",")
}

// escapeDN: RFC 4514, 2.4.
func escapeDN(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == 0:
			b.WriteString(`\00`)
			continue
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\` + hex.EncodeToString([]byte{byte(r)}))
			continue
		case strings.ContainsRune(`"+,;<>\`, r), r == ' ' && (i == 0 || i == len(s)-1), r == '#' && i == 0:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
