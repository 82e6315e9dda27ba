package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

type oidType = asn1.ObjectIdentifier

// Identifier octets of RFC 5652.
const (
	tagInteger     = 0x02
	tagOctets      = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagSequence    = 0x30
	tagSet         = 0x31
	tagContext0    = 0xa0 // constructed
	tagContext1    = 0xa1
	tagContext4    = 0xa4
	tagContext0Pri = 0x80 // primitive
)

// AlgorithmID is an AlgorithmIdentifier; Params is raw DER or nil.
type AlgorithmID struct {
	OID    asn1.ObjectIdentifier
	Params []byte
}

// Attribute is one CMS attribute: raw DER values of its SET.
type Attribute struct {
	OID    asn1.ObjectIdentifier
	Values [][]byte
}

// SignedData is a parsed CMS SignedData. RFC 5652, 5.1.
type SignedData struct {
	Raw              []byte // the whole ContentInfo
	Version          int
	DigestAlgorithms []AlgorithmID
	EContentType     asn1.ObjectIdentifier
	EContent         []byte // nil when detached
	HasEContent      bool
	Certificates     []*x509.Certificate // those that parse
	RawCertificates  [][]byte            // all
	RawCRLs          [][]byte
	RawOCSPs         [][]byte // OtherRevocationInfo OCSP responses
	SignerInfos      []*SignerInfo
	NotDER           bool // BER: indefinite length or non-minimal lengths
	Trailing         int  // bytes after the ContentInfo
}

// SignerInfo is one signer's block. Its digests are over the raw bytes.
// RFC 5652, 5.3.
type SignerInfo struct {
	Version            int
	Issuer             []byte // raw Name, nil when SID is a key identifier
	Serial             []byte // raw INTEGER content octets
	SubjectKeyID       []byte
	Digest             AlgorithmID
	SignedAttrs        []Attribute
	RawSignedAttrs     []byte // as received, tag [0]; nil when absent
	AttrsUnsorted      bool
	SignatureAlgorithm AlgorithmID
	Signature          []byte
	UnsignedAttrs      []Attribute
}

// Parse reads a ContentInfo of SignedData, bounded and without panics. BER is
// read where it is common and flagged. Bytes behind it are counted in
// Trailing: a PDF pads with zeros. Errors are *SyntaxError or *LimitError.
func Parse(der []byte) (*SignedData, error) {
	var b berReader
	outer, rest, err := b.expect(der, tagSequence)
	if err != nil {
		return nil, &SyntaxError{"ContentInfo", err}
	}
	if len(outer.full) > maxSize {
		return nil, &LimitError{"bytes", maxSize}
	}
	body, err := contentInfoBody(&b, outer)
	if err != nil {
		return nil, err
	}
	sd := &SignedData{Raw: outer.full, Trailing: len(rest)}
	if err := sd.parseBody(&b, body.content); err != nil {
		return nil, err
	}
	sd.NotDER = b.notDER
	return sd, nil
}

// contentInfoBody returns the SignedData element. RFC 5652, 3.
func contentInfoBody(b *berReader, outer element) (element, error) {
	fail := func(err error) (element, error) { return element{}, &SyntaxError{"ContentInfo", err} }
	typ, rest, err := b.expect(outer.content, tagOID)
	if err != nil {
		return fail(err)
	}
	oid, err := readOID(typ)
	if err != nil {
		return fail(err)
	}
	if !oid.Equal(oids.SignedData) {
		return fail(errors.New("content type is " + oid.String() + ", not signed-data"))
	}
	explicit, rest, err := b.expect(rest, tagContext0)
	if err != nil {
		return fail(err)
	}
	if len(rest) > 0 {
		return fail(errTrailing)
	}
	body, rest, err := b.expect(explicit.content, tagSequence)
	if err != nil {
		return fail(err)
	}
	if len(rest) > 0 {
		return fail(errTrailing)
	}
	return body, nil
}

// parseBody reads the fields of SignedData in their order.
func (sd *SignedData) parseBody(b *berReader, data []byte) error {
	version, data, err := readVersion(b, data)
	if err != nil {
		return &SyntaxError{"version", err}
	}
	sd.Version = version
	if data, err = sd.parseDigestAlgorithms(b, data); err != nil {
		return wrapSyntax("digestAlgorithms", err)
	}
	if data, err = sd.parseEncap(b, data); err != nil {
		return wrapSyntax("encapContentInfo", err)
	}
	if data, err = sd.parseCertificates(b, data); err != nil {
		return wrapSyntax("certificates", err)
	}
	if data, err = sd.parseCRLs(b, data); err != nil {
		return wrapSyntax("crls", err)
	}
	if data, err = sd.parseSignerInfos(b, data); err != nil {
		return wrapSyntax("signerInfos", err)
	}
	if len(data) > 0 {
		return &SyntaxError{"SignedData", errTrailing}
	}
	return nil
}

// wrapSyntax adds the field's name but lets limits and inner fields through.
func wrapSyntax(where string, err error) error {
	var limit *LimitError
	var inner *SyntaxError
	if errors.As(err, &limit) || errors.As(err, &inner) {
		return err
	}
	return &SyntaxError{where, err}
}

func readVersion(b *berReader, data []byte) (int, []byte, error) {
	e, rest, err := b.expect(data, tagInteger)
	if err != nil {
		return 0, nil, err
	}
	if len(e.content) != 1 || e.content[0] > 5 {
		return 0, nil, errors.New("not between 0 and 5")
	}
	return int(e.content[0]), rest, nil
}

func (sd *SignedData) parseDigestAlgorithms(b *berReader, data []byte) ([]byte, error) {
	set, rest, err := b.expect(data, tagSet)
	if err != nil {
		return nil, err
	}
	b.checkDER(set.full, 0)
	list, err := b.children(set.content, maxAlgorithms, "digest algorithms")
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		alg, err := algorithmOf(b, e)
		if err != nil {
			return nil, err
		}
		sd.DigestAlgorithms = append(sd.DigestAlgorithms, alg)
	}
	return rest, nil
}

// algorithmOf reads an AlgorithmIdentifier from a SEQUENCE (or an implicitly
// tagged one, as in RFC 6211).
func algorithmOf(b *berReader, e element) (AlgorithmID, error) {
	if e.tag != tagSequence && e.tag != tagContext1 {
		return AlgorithmID{}, errTag
	}
	typ, rest, err := b.expect(e.content, tagOID)
	if err != nil {
		return AlgorithmID{}, err
	}
	oid, err := readOID(typ)
	if err != nil {
		return AlgorithmID{}, err
	}
	alg := AlgorithmID{OID: oid}
	if len(rest) > 0 {
		params, rest, err := b.next(rest)
		if err != nil {
			return AlgorithmID{}, err
		}
		if len(rest) > 0 {
			return AlgorithmID{}, errTrailing
		}
		alg.Params = params.full
	}
	return alg, nil
}

func readAlgorithm(b *berReader, data []byte) (AlgorithmID, []byte, error) {
	e, rest, err := b.expect(data, tagSequence)
	if err != nil {
		return AlgorithmID{}, nil, err
	}
	b.checkDER(e.full, 0)
	alg, err := algorithmOf(b, e)
	return alg, rest, err
}

// parseEncap reads encapContentInfo. RFC 5652, 5.2. PKCS#7 allowed any type
// as content; only OCTET STRING is understood.
func (sd *SignedData) parseEncap(b *berReader, data []byte) ([]byte, error) {
	encap, rest, err := b.expect(data, tagSequence)
	if err != nil {
		return nil, err
	}
	typ, inner, err := b.expect(encap.content, tagOID)
	if err != nil {
		return nil, err
	}
	if sd.EContentType, err = readOID(typ); err != nil {
		return nil, err
	}
	explicit, ok, inner, err := b.optional(inner, tagContext0)
	if err != nil {
		return nil, err
	}
	if len(inner) > 0 {
		return nil, errTrailing
	}
	if !ok {
		return rest, nil
	}
	content, inner, err := b.next(explicit.content)
	if err != nil {
		return nil, err
	}
	if content.tag&^constructed != tagOctets {
		return nil, errTag
	}
	if len(inner) > 0 {
		return nil, errTrailing
	}
	octets, err := b.octets(content, 0)
	if err != nil {
		return nil, err
	}
	sd.HasEContent = true
	sd.EContent = append([]byte{}, octets...)
	return rest, nil
}

// parseCertificates keeps the inside of certificates as opaque bytes: their
// encoding is their issuer's affair and does not count for NotDER.
func (sd *SignedData) parseCertificates(b *berReader, data []byte) ([]byte, error) {
	set, ok, rest, err := b.optional(data, tagContext0)
	if err != nil || !ok {
		return rest, err
	}
	var opaque berReader
	list, err := opaque.children(set.content, maxCertificates, "certificates")
	if err != nil {
		return nil, err
	}
	sd.RawCertificates = make([][]byte, 0, len(list))
	sd.Certificates = make([]*x509.Certificate, 0, len(list))
	for _, e := range list {
		sd.RawCertificates = append(sd.RawCertificates, e.full)
		if e.tag != tagSequence {
			continue // attribute certificates and other choices
		}
		if cert, err := certpath.ParseCertificate(e.full); err == nil {
			sd.Certificates = append(sd.Certificates, cert)
		}
	}
	return rest, nil
}

// parseCRLs reads RevocationInfoChoices. RFC 5652, 10.2.1; RFC 5940, 2.
func (sd *SignedData) parseCRLs(b *berReader, data []byte) ([]byte, error) {
	set, ok, rest, err := b.optional(data, tagContext1)
	if err != nil || !ok {
		return rest, err
	}
	var opaque berReader
	list, err := opaque.children(set.content, maxRevocation, "pieces of revocation data")
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.tag == tagSequence {
			sd.RawCRLs = append(sd.RawCRLs, e.full)
			continue
		}
		if e.tag != tagContext1 {
			return nil, errTag
		}
		format, value, err := opaque.expect(e.content, tagOID)
		if err != nil {
			return nil, err
		}
		oid, err := readOID(format)
		if err != nil {
			return nil, err
		}
		if oid.Equal(oids.RIOCSPResponse) {
			sd.RawOCSPs = append(sd.RawOCSPs, value)
		}
	}
	return rest, nil
}

func (sd *SignedData) parseSignerInfos(b *berReader, data []byte) ([]byte, error) {
	set, rest, err := b.expect(data, tagSet)
	if err != nil {
		return nil, err
	}
	list, err := b.children(set.content, maxSignerInfos, "signers")
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.tag != tagSequence {
			return nil, errTag
		}
		si, err := parseSignerInfo(b, e.content)
		if err != nil {
			return nil, err
		}
		sd.SignerInfos = append(sd.SignerInfos, si)
	}
	return rest, nil
}

func parseSignerInfo(b *berReader, data []byte) (*SignerInfo, error) {
	si := &SignerInfo{}
	var err error
	if si.Version, data, err = readVersion(b, data); err != nil {
		return nil, &SyntaxError{"SignerInfo.version", err}
	}
	if data, err = si.parseSID(b, data); err != nil {
		return nil, &SyntaxError{"SignerInfo.sid", err}
	}
	if si.Digest, data, err = readAlgorithm(b, data); err != nil {
		return nil, &SyntaxError{"SignerInfo.digestAlgorithm", err}
	}
	signed, ok, data, err := b.optional(data, tagContext0)
	if err != nil {
		return nil, &SyntaxError{"SignerInfo.signedAttrs", err}
	}
	if ok {
		si.RawSignedAttrs = signed.full
		b.checkDER(signed.full, 0)
		if si.SignedAttrs, si.AttrsUnsorted, err = parseAttributes(b, signed.content); err != nil {
			return nil, wrapSyntax("SignerInfo.signedAttrs", err)
		}
	}
	if si.SignatureAlgorithm, data, err = readAlgorithm(b, data); err != nil {
		return nil, &SyntaxError{"SignerInfo.signatureAlgorithm", err}
	}
	sig, data, err := b.next(data)
	if err == nil && sig.tag&^constructed != tagOctets {
		err = errTag
	}
	if err != nil {
		return nil, &SyntaxError{"SignerInfo.signature", err}
	}
	if si.Signature, err = b.octets(sig, 0); err != nil {
		return nil, &SyntaxError{"SignerInfo.signature", err}
	}
	unsigned, ok, data, err := b.optional(data, tagContext1)
	if err == nil && ok {
		si.UnsignedAttrs, _, err = parseAttributes(b, unsigned.content)
	}
	if err != nil {
		return nil, wrapSyntax("SignerInfo.unsignedAttrs", err)
	}
	if len(data) > 0 {
		return nil, &SyntaxError{"SignerInfo", errTrailing}
	}
	return si, nil
}

// parseSID reads the SignerIdentifier. RFC 5652, 5.3. The key identifier is
// an IMPLICIT OCTET STRING; a few writers made it EXPLICIT, which is refused.
func (si *SignerInfo) parseSID(b *berReader, data []byte) ([]byte, error) {
	e, rest, err := b.next(data)
	if err != nil {
		return nil, err
	}
	switch e.tag {
	case tagContext0Pri:
		si.SubjectKeyID = e.content
		return rest, nil
	case tagSequence:
		b.checkDER(e.full, 0)
		name, inner, err := b.expect(e.content, tagSequence)
		if err != nil {
			return nil, err
		}
		serial, inner, err := b.expect(inner, tagInteger)
		if err != nil {
			return nil, err
		}
		if len(inner) > 0 {
			return nil, errTrailing
		}
		if len(serial.content) == 0 {
			return nil, errors.New("empty serial number")
		}
		si.Issuer, si.Serial = name.full, serial.content
		return rest, nil
	}
	return nil, errTag
}

// parseAttributes reads a SET OF Attribute and tells whether it is out of the
// order of DER.
func parseAttributes(b *berReader, content []byte) ([]Attribute, bool, error) {
	list, err := b.children(content, maxAttributes, "attributes")
	if err != nil {
		return nil, false, err
	}
	attrs := make([]Attribute, 0, len(list))
	unsorted := false
	for i, e := range list {
		if i > 0 && bytes.Compare(list[i-1].full, e.full) > 0 {
			unsorted = true
		}
		attr, err := parseAttribute(b, e)
		if err != nil {
			return nil, false, err
		}
		attrs = append(attrs, attr)
	}
	return attrs, unsorted, nil
}

func parseAttribute(b *berReader, e element) (Attribute, error) {
	if e.tag != tagSequence {
		return Attribute{}, errTag
	}
	typ, rest, err := b.expect(e.content, tagOID)
	if err != nil {
		return Attribute{}, err
	}
	oid, err := readOID(typ)
	if err != nil {
		return Attribute{}, err
	}
	set, rest, err := b.expect(rest, tagSet)
	if err != nil {
		return Attribute{}, err
	}
	if len(rest) > 0 {
		return Attribute{}, errTrailing
	}
	// A value is opaque here: the signed ones were looked at as a whole, and
	// the encoding of a time-stamp token is its maker's affair.
	var opaque berReader
	values, err := opaque.children(set.content, maxAttributes, "values of an attribute")
	if err != nil {
		return Attribute{}, err
	}
	attr := Attribute{OID: oid, Values: make([][]byte, len(values))}
	for i, v := range values {
		attr.Values[i] = v.full
	}
	return attr, nil
}
