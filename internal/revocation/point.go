package revocation

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
)

// reasons is a set of ReasonFlags, bit n of the BIT STRING as 1<<n.
type reasons uint16

// allReasons are all flags but "unused". RFC 5280, 6.3.2 (b).
const allReasons reasons = 0x1fe

// Tags of GeneralName. RFC 5280, 4.2.1.6.
const (
	nameDirectory = 4
	nameURI       = 6
)

// point is a DistributionPoint, or the naming half of an
// IssuingDistributionPoint. RFC 5280, 4.2.1.13 and 5.2.5.
type point struct {
	hasName   bool
	names     []string          // comparable forms of the full names
	relative  cryptobyte.String // nameRelativeToCRLIssuer, contents of its RDN
	reasons   reasons           // allReasons when absent
	crlIssuer []string          // comparable forms; nil: the certificate's issuer
	issuerDNs []string          // directory names of crlIssuer, as NameKey
	issuerRaw []byte            // the first of them
	uris      []string
}

// parsePoints reads CRLDistributionPoints, which FreshestCRL is too.
func parsePoints(value cryptobyte.String) ([]point, bool) {
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() {
		return nil, false
	}
	var out []point
	for !list.Empty() {
		var seq cryptobyte.String
		if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || len(out) == maxPoints {
			return nil, false
		}
		p, ok := parsePoint(seq)
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

func parsePoint(seq cryptobyte.String) (point, bool) {
	p := point{reasons: allReasons}
	var name, flags, issuer cryptobyte.String
	var hasReasons, hasIssuer bool
	if !seq.ReadOptionalASN1(&name, &p.hasName, explicit(0)) || p.hasName && !p.readName(name) ||
		!seq.ReadOptionalASN1(&flags, &hasReasons, implicit(1)) ||
		!seq.ReadOptionalASN1(&issuer, &hasIssuer, explicit(2)) || !seq.Empty() {
		return p, false
	}
	if hasReasons {
		var ok bool
		if p.reasons, ok = parseReasons(flags); !ok {
			return p, false
		}
	}
	if hasIssuer {
		n, ok := parseNames(issuer)
		if !ok || len(n.keys) == 0 {
			return p, false
		}
		p.crlIssuer, p.issuerDNs, p.issuerRaw = n.keys, n.dns, n.firstDN
	}
	return p, true
}

// readName reads the contents of a DistributionPointName.
func (p *point) readName(in cryptobyte.String) bool {
	var full cryptobyte.String
	switch {
	case in.PeekASN1Tag(explicit(0)):
		if !in.ReadASN1(&full, explicit(0)) {
			return false
		}
		n, ok := parseNames(full)
		p.names, p.uris = n.keys, n.uris
		return ok && in.Empty()
	case in.PeekASN1Tag(explicit(1)):
		return in.ReadASN1(&p.relative, explicit(1)) && in.Empty() && len(p.relative) > 0
	}
	return false
}

// fullNames are the point's names; a relative one stands behind the name of the
// CRL's issuer.
func (p *point) fullNames(crlIssuer []byte) []string {
	if p.relative == nil {
		return p.names
	}
	in := cryptobyte.String(crlIssuer)
	var rdns cryptobyte.String
	if !in.ReadASN1(&rdns, cbasn1.SEQUENCE) {
		return nil
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(rdns)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(p.relative) })
	})
	der, err := b.Bytes()
	if err != nil {
		return nil
	}
	return []string{directoryKey(der)}
}

// parseReasons reads the contents of a BIT STRING.
func parseReasons(in cryptobyte.String) (reasons, bool) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes(in) })
	der, err := b.Bytes()
	var bits asn1.BitString
	s := cryptobyte.String(der)
	if err != nil || !s.ReadASN1BitString(&bits) {
		return 0, false
	}
	var r reasons
	for i := 1; i <= 8; i++ {
		if bits.At(i) != 0 {
			r |= 1 << i
		}
	}
	return r, true
}

// names is a parsed GeneralNames.
type names struct {
	keys    []string // of all, comparable
	dns     []string // NameKey of the directory names
	firstDN []byte
	uris    []string
}

// parseNames reads the contents of GeneralNames.
func parseNames(in cryptobyte.String) (names, bool) {
	var n names
	for !in.Empty() {
		var value cryptobyte.String
		var tag cbasn1.Tag
		if !in.ReadAnyASN1(&value, &tag) || len(n.keys) == maxNames {
			return n, false
		}
		switch tag {
		case explicit(nameDirectory): // explicit, for Name is a CHOICE
			key := certpath.NameKey(value)
			n.keys, n.dns = append(n.keys, directoryKey(value)), append(n.dns, key)
			if n.firstDN == nil {
				n.firstDN = value
			}
		case implicit(nameURI):
			n.uris = append(n.uris, string(value))
			n.keys = append(n.keys, string([]byte{byte(tag)})+string(value))
		default:
			n.keys = append(n.keys, string([]byte{byte(tag)})+string(value))
		}
	}
	return n, true
}

func directoryKey(name []byte) string { return "\xa4" + certpath.NameKey(name) }

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
