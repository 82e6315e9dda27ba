package cms

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

// attributeNames are for messages.
var attributeNames = []struct {
	oid  asn1.ObjectIdentifier
	name string
}{
	{oids.ContentType, "content-type"},
	{oids.MessageDigest, "message-digest"},
	{oids.SigningTime, "signing-time"},
	{oids.SigningCertificate, "signing-certificate"},
	{oids.SigningCertificateV2, "signing-certificate-v2"},
	{oids.AlgorithmProtection, "algorithm-protection"},
	{oids.SignatureTimestamp, "signature-time-stamp"},
}

func attributeError(oid asn1.ObjectIdentifier, p Problem, err error) *AttributeError {
	name := oid.String()
	for _, n := range attributeNames {
		if n.oid.Equal(oid) {
			name = n.name
		}
	}
	return &AttributeError{OID: oid, Name: name, Problem: p, Err: err}
}

// Attr returns the attributes of that type (normally 0 or 1).
func (si *SignerInfo) Attr(oid asn1.ObjectIdentifier) []Attribute {
	return filter(si.SignedAttrs, oid)
}

// UnsignedAttr likewise for unsigned attributes.
func (si *SignerInfo) UnsignedAttr(oid asn1.ObjectIdentifier) []Attribute {
	return filter(si.UnsignedAttrs, oid)
}

func filter(attrs []Attribute, oid asn1.ObjectIdentifier) []Attribute {
	var list []Attribute
	for _, a := range attrs {
		if a.OID.Equal(oid) {
			list = append(list, a)
		}
	}
	return list
}

// single returns the one value of a signed attribute that must be there at
// most once with exactly one value; nil when it is absent.
func (si *SignerInfo) single(oid asn1.ObjectIdentifier) ([]byte, error) {
	var only *Attribute
	for i := range si.SignedAttrs {
		a := &si.SignedAttrs[i]
		if !a.OID.Equal(oid) {
			continue
		}
		if only != nil {
			return nil, attributeError(oid, Duplicate, nil)
		}
		only = a
	}
	switch {
	case only == nil:
		return nil, nil
	case len(only.Values) > 1:
		return nil, attributeError(oid, Duplicate, nil)
	case len(only.Values) == 0:
		return nil, attributeError(oid, Malformed, errors.New("no value"))
	}
	return only.Values[0], nil
}

// MessageDigest returns the one message-digest attribute. RFC 5652, 11.2.
// Errors are *AttributeError.
func (si *SignerInfo) MessageDigest() ([]byte, error) {
	raw, err := si.single(oids.MessageDigest)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, attributeError(oids.MessageDigest, Missing, nil)
	}
	var b berReader
	e, rest, err := b.next(raw)
	if err != nil || len(rest) > 0 || e.tag&^constructed != tagOctets {
		return nil, attributeError(oids.MessageDigest, Malformed, err)
	}
	digest, err := b.octets(e, 0)
	if err != nil {
		return nil, attributeError(oids.MessageDigest, Malformed, err)
	}
	return digest, nil
}

// SigningTime returns the CMS signing-time attribute. RFC 5652, 11.3.
func (si *SignerInfo) SigningTime() (t time.Time, ok bool, err error) {
	raw, err := si.single(oids.SigningTime)
	if err != nil || raw == nil {
		return time.Time{}, false, err
	}
	in := cryptobyte.String(raw)
	switch {
	case in.PeekASN1Tag(cbasn1.UTCTime):
		ok = in.ReadASN1UTCTime(&t)
	default:
		ok = in.ReadASN1GeneralizedTime(&t)
	}
	if !ok || !in.Empty() {
		return time.Time{}, false, attributeError(oids.SigningTime, Malformed, nil)
	}
	return t.UTC(), true, nil
}

// CheckAttributes checks content-type (against want) and message-digest
// (against contentDigest), each exactly once, and algorithm protection where
// it is present. RFC 5652, 5.3 and 5.6; RFC 6211, 3. Errors are
// *AttributeError or ErrNoSignedAttrs.
func (si *SignerInfo) CheckAttributes(want asn1.ObjectIdentifier, contentDigest []byte) error {
	if si.RawSignedAttrs == nil {
		return ErrNoSignedAttrs
	}
	if err := si.checkContentType(want); err != nil {
		return err
	}
	digest, err := si.MessageDigest()
	if err != nil {
		return err
	}
	if len(contentDigest) == 0 || subtle.ConstantTimeCompare(digest, contentDigest) != 1 {
		return attributeError(oids.MessageDigest, Mismatch,
			fmt.Errorf("attribute %x, content %x", digest, contentDigest))
	}
	return si.checkProtection()
}

func (si *SignerInfo) checkContentType(want asn1.ObjectIdentifier) error {
	raw, err := si.single(oids.ContentType)
	if err != nil {
		return err
	}
	if raw == nil {
		return attributeError(oids.ContentType, Missing, nil)
	}
	in := cryptobyte.String(raw)
	var got asn1.ObjectIdentifier
	if !in.ReadASN1ObjectIdentifier(&got) || !in.Empty() {
		return attributeError(oids.ContentType, Malformed, nil)
	}
	if !got.Equal(want) {
		return attributeError(oids.ContentType, Mismatch, fmt.Errorf("%v, want %v", got, want))
	}
	return nil
}

// checkProtection compares CMSAlgorithmProtection with the SignerInfo.
func (si *SignerInfo) checkProtection() error {
	raw, err := si.single(oids.AlgorithmProtection)
	if err != nil || raw == nil {
		return err
	}
	bad := func(p Problem) error { return attributeError(oids.AlgorithmProtection, p, nil) }
	var b berReader
	seq, rest, err := b.expect(raw, tagSequence)
	if err != nil || len(rest) > 0 {
		return bad(Malformed)
	}
	digest, rest, err := readAlgorithm(&b, seq.content)
	if err != nil {
		return bad(Malformed)
	}
	e, rest, err := b.expect(rest, tagContext1)
	if err != nil || len(rest) > 0 {
		return bad(Malformed)
	}
	signature, err := algorithmOf(&b, e)
	if err != nil {
		return bad(Malformed)
	}
	if !sameAlgorithm(digest, si.Digest) || !sameAlgorithm(signature, si.SignatureAlgorithm) {
		return bad(Mismatch)
	}
	return nil
}

func sameAlgorithm(a, b AlgorithmID) bool {
	if !a.OID.Equal(b.OID) {
		return false
	}
	return bytes.Equal(a.Params, b.Params) || emptyParams(a.Params) && emptyParams(b.Params)
}

// ESSCertID is one entry of signing-certificate or signing-certificate-v2.
type ESSCertID struct {
	V2     bool
	Hash   crypto.Hash // 0: unknown
	Digest []byte
	Issuer []byte // raw Name or nil
	Serial []byte // INTEGER content octets
}

// ESS returns the certificate identifiers of signing-certificate(-v2), those
// of v2 first. RFC 5035, 3. The first of each attribute names the signer;
// CheckESS looks at that. It returns none when neither attribute is there.
func (si *SignerInfo) ESS() ([]ESSCertID, error) {
	var all []ESSCertID
	for _, v2 := range []bool{true, false} {
		ids, err := si.essOf(v2)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

func essOID(v2 bool) asn1.ObjectIdentifier {
	if v2 {
		return oids.SigningCertificateV2
	}
	return oids.SigningCertificate
}

func (si *SignerInfo) essOf(v2 bool) ([]ESSCertID, error) {
	raw, err := si.single(essOID(v2))
	if err != nil || raw == nil {
		return nil, err
	}
	bad := func() error { return attributeError(essOID(v2), Malformed, nil) }
	in := cryptobyte.String(raw)
	var seq, certs cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1(&certs, cbasn1.SEQUENCE) {
		return nil, bad()
	}
	var ids []ESSCertID
	for !certs.Empty() {
		if len(ids) == maxCertificates {
			return nil, &LimitError{"certificate identifiers", maxCertificates}
		}
		id, ok := readESSCertID(&certs, v2)
		if !ok {
			return nil, bad()
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, bad()
	}
	return ids, nil
}

// readESSCertID reads ESSCertID or ESSCertIDv2. RFC 5035, 4 and 5.
func readESSCertID(in *cryptobyte.String, v2 bool) (ESSCertID, bool) {
	id := ESSCertID{V2: v2, Hash: crypto.SHA1}
	var seq, digest cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return id, false
	}
	if v2 {
		id.Hash = crypto.SHA256 // DEFAULT
		if seq.PeekASN1Tag(cbasn1.SEQUENCE) {
			var alg cryptobyte.String
			var oid asn1.ObjectIdentifier
			if !seq.ReadASN1(&alg, cbasn1.SEQUENCE) || !alg.ReadASN1ObjectIdentifier(&oid) {
				return id, false
			}
			id.Hash = HashByOID(oid)
		}
	}
	if !seq.ReadASN1(&digest, cbasn1.OCTET_STRING) {
		return id, false
	}
	id.Digest = digest
	if seq.Empty() {
		return id, true
	}
	return id, readIssuerSerial(&seq, &id) && seq.Empty()
}

func readIssuerSerial(seq *cryptobyte.String, id *ESSCertID) bool {
	var issuerSerial, names, name, serial cryptobyte.String
	if !seq.ReadASN1(&issuerSerial, cbasn1.SEQUENCE) || !issuerSerial.ReadASN1(&names, cbasn1.SEQUENCE) ||
		!issuerSerial.ReadASN1(&serial, cbasn1.INTEGER) {
		return false // an issuerUID may follow in the attribute certificate form; it says nothing here
	}
	id.Serial = serial
	for !names.Empty() {
		var tag cbasn1.Tag
		if !names.ReadAnyASN1(&name, &tag) {
			return false
		}
		if tag == cbasn1.Tag(4).Constructed().ContextSpecific() { // directoryName
			id.Issuer = name
		}
	}
	return true
}

// Matches tells whether the identifier names the certificate: its digest, and
// issuer and serial number where they are given.
func (id ESSCertID) Matches(cert *x509.Certificate) bool {
	if cert == nil || id.Hash == 0 || !id.Hash.Available() {
		return false
	}
	if subtle.ConstantTimeCompare(id.Digest, digestOf(id.Hash, cert.Raw)) != 1 {
		return false
	}
	if id.Serial != nil && !sameSerial(id.Serial, cert.SerialNumber) {
		return false
	}
	return id.Issuer == nil || sameName(id.Issuer, cert.RawIssuer)
}

// sameName compares names; a writer may have changed the string types.
func sameName(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y pkix.RDNSequence
	restX, errX := asn1.Unmarshal(a, &x)
	restY, errY := asn1.Unmarshal(b, &y)
	return errX == nil && errY == nil && len(restX)+len(restY) == 0 && x.String() == y.String()
}

// CheckESS compares the first identifier of each signing-certificate attribute
// with cert. ETSI EN 319 122-1, 5.2.2. Errors are *AttributeError: Missing
// when there is neither attribute, Mismatch when one names another certificate.
func (si *SignerInfo) CheckESS(cert *x509.Certificate) error {
	found := false
	for _, v2 := range []bool{true, false} {
		ids, err := si.essOf(v2)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			continue
		}
		found = true
		if !ids[0].Matches(cert) {
			return attributeError(essOID(v2), Mismatch, nil)
		}
	}
	if !found {
		return attributeError(oids.SigningCertificateV2, Missing, nil)
	}
	return nil
}
