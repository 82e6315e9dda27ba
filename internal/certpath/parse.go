package certpath

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/recent"
)

const (
	maxCertificate = 1 << 20 // bytes of one certificate
	maxBundle      = 5000    // certificates in one file
)

// ownExtensions are those this package reads from their bytes, never from the
// fields crypto/x509 fills; so a certificate whose value crypto/x509 refuses is
// parsed without it and judged here. In the order in which they are left out.
var ownExtensions = []asn1.ObjectIdentifier{
	oids.CRLDistributionPoints, oids.SubjectAltName, oids.NameConstraints, oids.CertificatePolicies,
	oids.PolicyMappings, oids.PolicyConstraints, oids.InhibitAnyPolicy, oids.AuthorityInfoAccess,
}

// ParseCertificate is x509.ParseCertificate, with three refusals lifted that
// real certificates meet: a negative serial number (RFC 5280, 4.1.2.2 asks
// users to handle it), a key of an unknown kind or curve, and an extension
// crypto/x509 can't read (for one, a CRL distribution point named relative to
// the issuer). Then the fields of that extension, or PublicKey, are empty;
// Extensions, Raw, RawTBSCertificate and RawSubjectPublicKeyInfo are always
// those of the certificate as it is.
//
// The certificate is shared with others who parse the same bytes, which are
// copied: it is only to be read, as those of crypto/tls.
func ParseCertificate(der []byte) (*x509.Certificate, error) {
	if len(der) > maxCertificate {
		return nil, fmt.Errorf("certificate of more than %d bytes", maxCertificate)
	}
	if len(der) > maxKeptCertificate {
		return parseCertificate(der)
	}
	sum := sha256.Sum256(der)
	if cert, ok := parsed.Get(sum); ok {
		return cert, nil
	}
	cert, err := parseCertificate(bytes.Clone(der)) // der may be a part of much more
	if err == nil {
		parsed.Put(sum, cert)
	}
	return cert, err
}

// parsed are certificates that were parsed before. In memory one takes a few
// times its bytes, so that all stay below 10 MB.
var parsed = recent.New[*x509.Certificate](128)

const maxKeptCertificate = 8 << 10 // bytes

func parseCertificate(der []byte) (*x509.Certificate, error) {
	cert, first := x509.ParseCertificate(der)
	if first == nil {
		return cert, nil
	}
	parts, err := splitCertificate(der)
	if err != nil {
		return nil, first
	}
	for _, a := range attempts {
		if cert, err = parts.parse(a.hideKey, a.without); err == nil {
			return cert, nil
		}
	}
	return nil, first
}

type attempt struct {
	hideKey bool
	without []asn1.ObjectIdentifier
}

// attempts leave out as little as will do. The serial number's sign always is:
// the first is for that alone.
var attempts = func() []attempt {
	list := []attempt{{}}
	for _, oid := range ownExtensions {
		list = append(list, attempt{without: []asn1.ObjectIdentifier{oid}})
	}
	return append(list, attempt{hideKey: true}, attempt{without: ownExtensions}, attempt{true, ownExtensions})
}()

// certificateParts is a certificate taken apart far enough to leave things out.
type certificateParts struct {
	raw, tbs   []byte
	tail       []byte // signature algorithm and value
	version    []byte // element, may be empty
	serial     *big.Int
	middle     []byte // signature algorithm to subject, elements
	spki       []byte
	uniqueIDs  []byte
	extensions [][]byte // elements
}

func splitCertificate(der []byte) (*certificateParts, error) {
	p := &certificateParts{raw: der}
	bad := errors.New("malformed certificate")
	in := cryptobyte.String(der)
	var seq, tbs, body, e cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return nil, bad
	}
	p.tbs, p.tail = tbs, seq
	if !tbs.ReadASN1(&body, cbasn1.SEQUENCE) {
		return nil, bad
	}
	if body.PeekASN1Tag(explicit(0)) {
		if !body.ReadASN1Element(&e, explicit(0)) {
			return nil, bad
		}
		p.version = e
	}
	p.serial = new(big.Int)
	if !body.ReadASN1Integer(p.serial) {
		return nil, bad
	}
	for range 4 { // signature, issuer, validity, subject
		if !body.ReadASN1Element(&e, cbasn1.SEQUENCE) {
			return nil, bad
		}
		p.middle = append(p.middle, e...)
	}
	if !body.ReadASN1Element(&e, cbasn1.SEQUENCE) {
		return nil, bad
	}
	p.spki = e
	return p, p.splitExtensions(body, bad)
}

func (p *certificateParts) splitExtensions(body cryptobyte.String, bad error) error {
	var e cryptobyte.String
	for _, n := range []uint8{1, 2} { // unique identifiers
		tag := cbasn1.Tag(n).ContextSpecific()
		if body.PeekASN1Tag(tag) {
			if !body.ReadASN1Element(&e, tag) {
				return bad
			}
			p.uniqueIDs = append(p.uniqueIDs, e...)
		}
	}
	var outer, list cryptobyte.String
	var there bool
	if !body.ReadOptionalASN1(&outer, &there, explicit(3)) || !body.Empty() {
		return bad
	}
	if !there {
		return nil
	}
	if !outer.ReadASN1(&list, cbasn1.SEQUENCE) || !outer.Empty() {
		return bad
	}
	for !list.Empty() {
		if !list.ReadASN1Element(&e, cbasn1.SEQUENCE) {
			return bad
		}
		p.extensions = append(p.extensions, e)
	}
	return nil
}

// parse gives crypto/x509 a copy without what it refuses, then puts the true
// parts in place.
func (p *certificateParts) parse(hideKey bool, without []asn1.ObjectIdentifier) (*x509.Certificate, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(p.version)
			b.AddASN1BigInt(new(big.Int).Abs(p.serial))
			b.AddBytes(p.middle)
			if hideKey {
				addOpaqueKey(b)
			} else {
				b.AddBytes(p.spki)
			}
			b.AddBytes(p.uniqueIDs)
			p.addExtensions(b, without)
		})
		b.AddBytes(p.tail)
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if cert.Extensions, err = parseExtensions(p.extensions); err != nil {
		return nil, err
	}
	cert.Raw, cert.RawTBSCertificate, cert.RawSubjectPublicKeyInfo = p.raw, p.tbs, p.spki
	cert.SerialNumber = p.serial
	return cert, nil
}

// addOpaqueKey writes a key of a kind crypto/x509 does not know, which it takes
// as such.
func addOpaqueKey(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oids.Ed448) })
		b.AddASN1BitString(nil)
	})
}

func (p *certificateParts) addExtensions(b *cryptobyte.Builder, without []asn1.ObjectIdentifier) {
	var kept []byte
	for _, e := range p.extensions {
		if ext, err := parseExtension(e); err != nil || !contains(without, ext.Id) {
			kept = append(kept, e...)
		}
	}
	if len(kept) == 0 {
		return
	}
	b.AddASN1(explicit(3), func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(kept) })
	})
}

func contains(list []asn1.ObjectIdentifier, oid asn1.ObjectIdentifier) bool {
	for _, o := range list {
		if o.Equal(oid) {
			return true
		}
	}
	return false
}

func parseExtensions(elements [][]byte) ([]pkix.Extension, error) {
	var list []pkix.Extension
	seen := map[string]bool{}
	for _, e := range elements {
		ext, err := parseExtension(e)
		if err != nil {
			return nil, err
		}
		if seen[ext.Id.String()] { // RFC 5280, 4.2
			return nil, errors.New("duplicate extension")
		}
		seen[ext.Id.String()] = true
		list = append(list, ext)
	}
	return list, nil
}

func parseExtension(element cryptobyte.String) (pkix.Extension, error) {
	var ext pkix.Extension
	var seq, value cryptobyte.String
	if !element.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&ext.Id) ||
		seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&ext.Critical) ||
		!seq.ReadASN1(&value, cbasn1.OCTET_STRING) || !seq.Empty() {
		return ext, errors.New("malformed extension")
	}
	ext.Value = value
	return ext, nil
}

// ParseCertificates reads PEM (one or many, with other blocks and text between
// them), DER (one or several in a row) or PKCS#7 bundles (.p7b, DER or PEM), in
// their order. A certificate that can't be read fails the whole.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	certs, errs := parseBundle(data)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return certs, nil
}

var errNone = errors.New("no certificate found")

// parseBundle is ParseCertificates with what can be read, and an error for
// each part that can't; both are never empty.
func parseBundle(data []byte) (certs []*x509.Certificate, errs []error) {
	b := &bundle{}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // a byte order mark, of Notepad
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		b.readPEM(data)
	} else {
		b.readDER(data, "")
	}
	if len(b.certs)+len(b.errs) == 0 {
		b.errs = []error{errNone}
	}
	return b.certs, b.errs
}

type bundle struct {
	certs []*x509.Certificate
	errs  []error
	count int // of what was there
}

func (b *bundle) readPEM(data []byte) {
	for n := 1; len(data) > 0; n++ {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return
		}
		der := cryptobyte.String(block.Bytes)
		switch block.Type {
		case "TRUSTED CERTIFICATE": // of OpenSSL: settings follow the certificate
			var e cryptobyte.String
			if der.ReadASN1Element(&e, cbasn1.SEQUENCE) {
				der = e
			}
		case "CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "CMS":
		default:
			continue
		}
		if !b.readDER(der, fmt.Sprintf("PEM block %d: ", n)) {
			return
		}
	}
}

// readDER returns false when it is no use to go on.
func (b *bundle) readDER(data cryptobyte.String, where string) bool {
	for !data.Empty() {
		var e cryptobyte.String
		if !data.ReadASN1Element(&e, cbasn1.SEQUENCE) {
			b.errs = append(b.errs, fmt.Errorf("%sneither PEM nor DER of a certificate", where))
			return true
		}
		elements, ok := bundleElements(e)
		if !ok {
			elements = [][]byte{e}
		}
		for _, der := range elements {
			if b.count++; b.count > maxBundle {
				b.errs = append(b.errs, fmt.Errorf("more than %d certificates", maxBundle))
				return false
			}
			cert, err := ParseCertificate(der)
			if err != nil {
				b.errs = append(b.errs, fmt.Errorf("%scertificate %d: %w", where, b.count, err))
				continue
			}
			b.certs = append(b.certs, cert)
		}
	}
	return true
}

// bundleElements returns the certificates of a ContentInfo with SignedData;
// false when it is none. RFC 5652, 3 and 5.1; other kinds of certificate in the
// set are passed over.
func bundleElements(der cryptobyte.String) ([][]byte, bool) {
	var info, outer, sd, skip, set cryptobyte.String
	var oid asn1.ObjectIdentifier
	var there bool
	if !der.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(oids.SignedData) ||
		!info.ReadASN1(&outer, explicit(0)) || !outer.ReadASN1(&sd, cbasn1.SEQUENCE) ||
		!sd.SkipASN1(cbasn1.INTEGER) || !sd.ReadASN1(&skip, cbasn1.SET) || !sd.ReadASN1(&skip, cbasn1.SEQUENCE) ||
		!sd.ReadOptionalASN1(&set, &there, explicit(0)) {
		return nil, false
	}
	var list [][]byte
	for !set.Empty() {
		var e cryptobyte.String
		var tag cbasn1.Tag
		if !set.ReadAnyASN1Element(&e, &tag) {
			return nil, false
		}
		if tag == cbasn1.SEQUENCE {
			list = append(list, e)
		}
	}
	return list, true
}
