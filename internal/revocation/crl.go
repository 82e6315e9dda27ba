package revocation

import (
	"bytes"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// crl is a CertificateList whose entries are not parsed yet. RFC 5280, 5.1.
type crl struct {
	raw        []byte
	origin     string
	online     bool // just fetched, not out of the cache
	signed     certpath.Signed
	issuer     []byte // DER Name
	issuerKey  string
	thisUpdate time.Time
	nextUpdate time.Time         // zero: none
	entries    cryptobyte.String // contents of revokedCertificates
	number     *big.Int          // nil: none
	base       *big.Int          // BaseCRLNumber; nil: a complete CRL
	keyID      []byte            // value of AuthorityKeyIdentifier
	idp        *idp              // nil: none
	freshest   []point
	keeps      time.Time // expiredCertsOnCRL; zero: none
	problem    *Error    // why it can't be used for anything
}

// idp is an IssuingDistributionPoint. RFC 5280, 5.2.5.
type idp struct {
	point
	raw                           []byte
	onlyUsers, onlyCAs, onlyAttrs bool
	onlySomeReasons, indirect     bool
}

// parseCRL reads everything but the entries. A CRL with a critical extension
// that is not known parses, and has problem set.
func parseCRL(der []byte) (*crl, error) {
	c := &crl{raw: der}
	var err error
	if c.signed, err = certpath.ParseSigned(der); err != nil {
		return nil, crlError(Malformed, "%w", err)
	}
	tbs := cryptobyte.String(c.signed.Message)
	var body, alg, issuer cryptobyte.String
	version := 0
	if !tbs.ReadASN1(&body, cbasn1.SEQUENCE) ||
		body.PeekASN1Tag(cbasn1.INTEGER) && !(body.ReadASN1Integer(&version) && version == 1) ||
		!algorithmElement(&body, &alg) || !body.ReadASN1Element(&issuer, cbasn1.SEQUENCE) ||
		!readTime(&body, &c.thisUpdate) {
		return nil, crlError(Malformed, "%w", errMalformed)
	}
	if !bytes.Equal(alg, c.signed.Algorithm) { // 5.1.2.2
		return nil, crlError(Malformed, "two signature algorithms")
	}
	c.issuer, c.issuerKey = issuer, certpath.NameKey(issuer)
	if isTime(body) && !readTime(&body, &c.nextUpdate) ||
		body.PeekASN1Tag(cbasn1.SEQUENCE) && !body.ReadASN1(&c.entries, cbasn1.SEQUENCE) {
		return nil, crlError(Malformed, "%w", errMalformed)
	}
	var outer, list cryptobyte.String
	var there bool
	if !body.ReadOptionalASN1(&outer, &there, explicit(0)) || !body.Empty() ||
		there && (version != 1 || !outer.ReadASN1(&list, cbasn1.SEQUENCE) || !outer.Empty()) {
		return nil, crlError(Malformed, "%w", errMalformed)
	}
	if err := c.readExtensions(list); err != nil {
		return nil, err
	}
	if !c.nextUpdate.IsZero() && c.nextUpdate.Before(c.thisUpdate) {
		c.problem = crlError(Inconsistent, "nextUpdate is before thisUpdate")
	}
	return c, nil
}

func (c *crl) readExtensions(list cryptobyte.String) error {
	exts, ok := readExtensions(list)
	if !ok {
		return crlError(Malformed, "extensions: %w", errMalformed)
	}
	for _, e := range exts {
		ok := true
		v := e.value
		switch {
		case e.id.Equal(oids.CRLNumber):
			c.number, ok = readNumber(v)
		case e.id.Equal(oids.DeltaCRLIndicator):
			c.base, ok = readNumber(v)
		case e.id.Equal(oids.IssuingDistributionPoint):
			c.idp, ok = parseIDP(v)
		case e.id.Equal(oids.AuthorityKeyIdentifier):
			c.keyID = v
		case e.id.Equal(oids.FreshestCRL):
			c.freshest, ok = parsePoints(v)
		case e.id.Equal(oids.ExpiredCertsOnCRL):
			ok = v.ReadASN1GeneralizedTime(&c.keeps) && v.Empty()
		case e.critical: // 5.2: the CRL must not be used
			c.problem = crlError(UnknownCritical, "%v", e.id)
		}
		if !ok {
			return crlError(Malformed, "extension %v: %w", e.id, errMalformed)
		}
	}
	return nil
}

// readNumber reads a CRLNumber, at most 20 octets (5.2.3).
func readNumber(v cryptobyte.String) (*big.Int, bool) {
	n := new(big.Int)
	if len(v) > 23 || !v.ReadASN1Integer(n) || !v.Empty() || n.Sign() < 0 {
		return nil, false
	}
	return n, true
}

func parseIDP(value cryptobyte.String) (*idp, bool) {
	d := &idp{raw: value}
	d.reasons = allReasons
	var seq, name, flags cryptobyte.String
	if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !value.Empty() ||
		!seq.ReadOptionalASN1(&name, &d.hasName, explicit(0)) || d.hasName && !d.readName(name) ||
		!readFlag(&seq, 1, &d.onlyUsers) || !readFlag(&seq, 2, &d.onlyCAs) ||
		!seq.ReadOptionalASN1(&flags, &d.onlySomeReasons, implicit(3)) ||
		!readFlag(&seq, 4, &d.indirect) || !readFlag(&seq, 5, &d.onlyAttrs) || !seq.Empty() {
		return nil, false
	}
	if d.onlySomeReasons {
		var ok bool
		if d.reasons, ok = parseReasons(flags); !ok {
			return nil, false
		}
	}
	return d, true
}

// readFlag reads an implicitly tagged BOOLEAN DEFAULT FALSE.
func readFlag(s *cryptobyte.String, tag uint8, out *bool) bool {
	var v cryptobyte.String
	var there bool
	if !s.ReadOptionalASN1(&v, &there, implicit(tag)) {
		return false
	}
	if there && (len(v) != 1 || v[0] != 0 && v[0] != 0xff) {
		return false
	}
	*out = there && v[0] != 0
	return true
}

// sameScope tells whether delta d is about the same certificates.
// RFC 5280, 6.3.3 (c).
func (c *crl) sameScope(d *crl) bool {
	if c.issuerKey != d.issuerKey || !bytes.Equal(c.keyID, d.keyID) || (c.idp == nil) != (d.idp == nil) {
		return false
	}
	return c.idp == nil || bytes.Equal(c.idp.raw, d.idp.raw)
}

// extendedBy tells whether delta d may be added to complete CRL c. RFC 5280,
// 5.2.4 (c), (d).
func (c *crl) extendedBy(d *crl) bool {
	return c.number != nil && d.number != nil && d.base != nil &&
		c.number.Cmp(d.base) >= 0 && c.number.Cmp(d.number) < 0
}

func (c *crl) label() string {
	if c.number != nil {
		return fmt.Sprintf("CRL number %v of %s", c.number, c.thisUpdate.UTC().Format(time.RFC3339))
	}
	return "CRL of " + c.thisUpdate.UTC().Format(time.RFC3339)
}
