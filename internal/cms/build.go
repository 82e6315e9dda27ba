package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

// plan is a validated request: every choice made, no key asked.
type plan struct {
	cert        *x509.Certificate
	chain       []*x509.Certificate
	hash        crypto.Hash
	scheme      Scheme
	contentType asn1.ObjectIdentifier
	digestAlg   []byte // DER AlgorithmIdentifier
	sigAlg      []byte
	certs       [][]byte // signer and chain, each once
}

// DefaultHash returns the hash Sign takes for a certificate when Request.Hash
// is 0: the one as strong as the curve, SHA-256 for RSA and P-256.
func DefaultHash(cert *x509.Certificate) crypto.Hash {
	if cert == nil {
		return crypto.SHA256
	}
	if pub, ok := cert.PublicKey.(*ecdsa.PublicKey); ok {
		switch pub.Curve {
		case elliptic.P384():
			return crypto.SHA384
		case elliptic.P521():
			return crypto.SHA512
		}
	}
	return crypto.SHA256
}

// plan makes the choices of Request and refuses what can't be signed.
func (r Request) plan() (*plan, error) {
	if r.Certificate == nil || len(r.Certificate.Raw) == 0 || r.Certificate.SerialNumber == nil {
		return nil, errors.New("cms: sign: no certificate")
	}
	p := &plan{cert: r.Certificate, chain: r.Chain, hash: r.Hash, scheme: r.Scheme, contentType: r.ContentType}
	if p.hash == 0 {
		p.hash = DefaultHash(r.Certificate)
	}
	switch p.hash {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return nil, fmt.Errorf("cms: sign: %w: hash %v is not for new signatures", ErrUnsupported, p.hash)
	}
	if p.contentType == nil {
		p.contentType = oids.Data
	} else if err := validOID(p.contentType); err != nil {
		return nil, fmt.Errorf("cms: sign: content type: %w", err)
	}
	if r.Digest != nil && len(r.Digest) != p.hash.Size() {
		return nil, fmt.Errorf("cms: sign: digest of %d bytes, %v has %d", len(r.Digest), p.hash, p.hash.Size())
	}
	if err := p.chooseScheme(); err != nil {
		return nil, err
	}
	p.digestAlg = encodeAlgorithm(HashOID(p.hash), nil)
	p.sigAlg = p.signatureAlgorithm()
	p.certs = p.certificates()
	return p, nil
}

func validOID(oid asn1.ObjectIdentifier) error {
	if _, err := asn1.Marshal(oid); err != nil {
		return err
	}
	if slices.Min(oid) < 0 {
		return errors.New("negative arc")
	}
	return nil
}

func (p *plan) chooseScheme() error {
	key, err := publicKey(p.cert, p.hash)
	if err != nil {
		return fmt.Errorf("cms: sign: %w", err)
	}
	switch pub := key.(type) {
	case *rsa.PublicKey:
		if p.scheme == 0 {
			p.scheme = PKCS1v15
			if p.cert.PublicKey == nil { // a key for PSS alone
				p.scheme = PSS
			}
		}
		if p.scheme == PKCS1v15 && p.cert.PublicKey != nil || p.scheme == PSS {
			return nil
		}
	case *ecdsa.PublicKey:
		if p.scheme == 0 {
			p.scheme = ECDSA
		}
		switch pub.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
		default:
			return fmt.Errorf("cms: sign: %w: curve %s", ErrUnsupported, pub.Curve.Params().Name)
		}
		if p.scheme == ECDSA {
			return nil
		}
	default:
		return fmt.Errorf("cms: sign: %w: key of type %T", ErrUnsupported, key)
	}
	return fmt.Errorf("cms: sign: %w: %v with a key of type %T", ErrUnsupported, p.scheme, key)
}

// signatureAlgorithm names scheme and hash in one, which leaves the least to
// guess. RFC 5754, 3; RFC 4056, 3.
func (p *plan) signatureAlgorithm() []byte {
	if p.scheme == PSS {
		return p.pssAlgorithm()
	}
	var params []byte
	if p.scheme == PKCS1v15 {
		params = []byte{tagNull, 0}
	}
	for _, known := range signatureAlgorithms {
		if known.scheme == p.scheme && known.hash == p.hash {
			return encodeAlgorithm(known.oid, params)
		}
	}
	panic("cms: internal error: no identifier for " + p.scheme.String() + " with " + p.hash.String())
}

// pssAlgorithm writes the parameters in full but for the default trailer: the
// hash, MGF1 with the same, a salt as long as the hash. RFC 4055, 2.1 and 3.1.
func (p *plan) pssAlgorithm() []byte {
	hash := encodeAlgorithm(HashOID(p.hash), []byte{tagNull, 0})
	params := build(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			explicit := func(tag uint8, f cryptobyte.BuilderContinuation) {
				b.AddASN1(cbasn1.Tag(tag).Constructed().ContextSpecific(), f)
			}
			explicit(0, func(b *cryptobyte.Builder) { b.AddBytes(hash) })
			explicit(1, func(b *cryptobyte.Builder) { b.AddBytes(encodeAlgorithm(oids.MGF1, hash)) })
			explicit(2, func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(p.hash.Size())) })
		})
	})
	return encodeAlgorithm(oids.RSAPSS, params)
}

// build runs f on a builder. What is built here is our own constants and
// parsed certificates, so a failure is a fault of this package.
func build(f func(*cryptobyte.Builder)) []byte {
	b := cryptobyte.NewBuilder(nil)
	f(b)
	out, err := b.Bytes()
	if err != nil {
		panic("cms: internal error: " + err.Error())
	}
	return out
}

func encodeAlgorithm(oid asn1.ObjectIdentifier, params []byte) []byte {
	return appendAlgorithm(make([]byte, 0, 16+len(params)), oid, params)
}

func appendAlgorithm(b []byte, oid asn1.ObjectIdentifier, params []byte) []byte {
	return nest(b, tagSequence, func(b []byte) []byte { return append(appendOID(b, oid), params...) })
}

func encodeAttribute(oid asn1.ObjectIdentifier, value []byte) []byte {
	room := 32 + len(value) // three headers and an identifier
	return appendAttribute(make([]byte, 0, room), oid, func(b []byte) []byte { return append(b, value...) })
}

// appendAttribute appends an Attribute with the one value that f appends.
func appendAttribute(b []byte, oid asn1.ObjectIdentifier, f func([]byte) []byte) []byte {
	return nest(b, tagSequence, func(b []byte) []byte { return nest(appendOID(b, oid), tagSet, f) })
}

// signedAttributes returns the DER SET OF the attributes, as it is digested.
// No signing-time: PAdES has it in the signature dictionary. ETSI EN 319
// 142-1, 6.3.
func (p *plan) signedAttributes(digest []byte) []byte {
	room := 256 + len(digest) + len(p.cert.RawIssuer) + len(p.sigAlg)
	all := make([]byte, 0, room)
	var list [4][]byte
	add := func(i int, oid asn1.ObjectIdentifier, f func([]byte) []byte) {
		start := len(all)
		all = appendAttribute(all, oid, f)
		list[i] = all[start:]
	}
	add(0, oids.ContentType, func(b []byte) []byte { return appendOID(b, p.contentType) })
	add(1, oids.MessageDigest, func(b []byte) []byte { return appendElement(b, tagOctets, digest) })
	add(2, oids.SigningCertificateV2, p.appendSigningCertificate)
	add(3, oids.AlgorithmProtection, func(b []byte) []byte { // RFC 6211, 2
		return nest(b, tagSequence, func(b []byte) []byte {
			return retagged(append(b, p.digestAlg...), tagContext1, p.sigAlg)
		})
	})
	return appendSetOf(make([]byte, 0, elementSize(len(all))), tagSet, list[:])
}

// appendSigningCertificate appends SigningCertificateV2 with one ESSCertIDv2.
// The default SHA-256 is left out, as DER wants. RFC 5035, 3; ETSI EN 319
// 122-1, 5.2.2.3.
func (p *plan) appendSigningCertificate(b []byte) []byte {
	sequence := func(b []byte, f func([]byte) []byte) []byte { return nest(b, tagSequence, f) }
	id := func(b []byte) []byte { // ESSCertIDv2
		b = appendElement(b, tagOctets, digestOf(crypto.SHA256, p.cert.Raw))
		return sequence(b, func(b []byte) []byte { // IssuerSerial
			b = sequence(b, func(b []byte) []byte { return appendElement(b, tagContext4, p.cert.RawIssuer) }) // GeneralNames
			return appendInteger(b, p.cert.SerialNumber)
		})
	}
	certs := func(b []byte) []byte { return sequence(b, id) }
	return sequence(b, func(b []byte) []byte { return sequence(b, certs) })
}

// size is that of contentInfo: the certificates and the timestamp are a part of
// all that is around them, so their sizes are added up and not copied.
func (p *plan) size(attrs, signature, timestamp int) int {
	algorithms := len(p.digestAlg) + len(p.sigAlg)
	sid := elementSize(len(p.cert.RawIssuer) + len(appendInteger(nil, p.cert.SerialNumber)))
	info := versionSize + sid + algorithms + attrs + elementSize(signature)
	if timestamp > 0 {
		oid := len(appendOID(nil, oids.SignatureTimestamp))
		info += elementSize(elementSize(oid + elementSize(timestamp)))
	}
	certs := 0
	for _, c := range p.certs {
		certs += len(c)
	}
	data := versionSize + elementSize(len(p.digestAlg)) + len(appendAlgorithm(nil, p.contentType, nil)) +
		elementSize(certs) + elementSize(elementSize(info))
	return elementSize(len(appendOID(nil, oids.SignedData)) + elementSize(elementSize(data)))
}

// versionSize is that of a version below 128.
const versionSize = 3

// contentInfo assembles the whole. RFC 5652, 3 and 5.1.
func (p *plan) contentInfo(signedAttrs, signature, timestamp []byte) []byte {
	out := make([]byte, 0, p.size(len(signedAttrs), len(signature), len(timestamp)))
	return nest(out, tagSequence, func(b []byte) []byte {
		return nest(appendOID(b, oids.SignedData), tagContext0, func(b []byte) []byte {
			return nest(b, tagSequence, func(b []byte) []byte { return p.appendSignedData(b, signedAttrs, signature, timestamp) })
		})
	})
}

func (p *plan) appendSignedData(b, signedAttrs, signature, timestamp []byte) []byte {
	version := byte(1)
	if !p.contentType.Equal(oids.Data) {
		version = 3 // RFC 5652, 5.1
	}
	b = append(b, tagInteger, 1, version)
	b = appendElement(b, tagSet, p.digestAlg)
	b = appendAlgorithm(b, p.contentType, nil) // a SEQUENCE of just the type: detached
	b = appendSetOf(b, tagContext0, p.certs)
	return nest(b, tagSet, func(b []byte) []byte {
		return nest(b, tagSequence, func(b []byte) []byte { return p.appendSignerInfo(b, signedAttrs, signature, timestamp) })
	})
}

func (p *plan) appendSignerInfo(b, signedAttrs, signature, timestamp []byte) []byte {
	b = append(b, tagInteger, 1, 1)
	b = nest(b, tagSequence, func(b []byte) []byte {
		return appendInteger(append(b, p.cert.RawIssuer...), p.cert.SerialNumber)
	})
	b = append(b, p.digestAlg...)
	b = retagged(b, tagContext0, signedAttrs)
	b = append(b, p.sigAlg...)
	b = appendElement(b, tagOctets, signature)
	if timestamp == nil {
		return b
	}
	return nest(b, tagContext1, func(b []byte) []byte {
		return appendAttribute(b, oids.SignatureTimestamp, func(b []byte) []byte { return append(b, timestamp...) })
	})
}

// certificates returns signer and chain, each once.
func (p *plan) certificates() [][]byte {
	list := [][]byte{p.cert.Raw}
	for _, c := range p.chain {
		known := c == nil
		for _, have := range list {
			known = known || bytes.Equal(have, c.Raw)
		}
		if !known {
			list = append(list, c.Raw)
		}
	}
	return list
}

// signatureSize is the most bytes a signature value takes.
func (p *plan) signatureSize() int {
	key, err := publicKey(p.cert, p.hash)
	if err != nil {
		return 0 // plan() has refused it
	}
	switch pub := key.(type) {
	case *rsa.PublicKey:
		return pub.Size()
	case *ecdsa.PublicKey:
		// Two INTEGERs below the order, each with a sign bit.
		n := pub.Params().N.BitLen()/8 + 1
		return elementSize(2 * elementSize(n))
	}
	return 0
}

// Size returns the exact (RSA) or an upper (ECDSA: at most 9 bytes more) size
// in bytes of what Sign would make for r (Signer not used, Digest may be nil),
// with a timestamp of tsSize bytes (0: none).
func Size(r Request, tsSize int) (int, error) {
	r.Digest = nil
	p, err := r.plan()
	if err != nil {
		return 0, err
	}
	if tsSize < 0 || tsSize > maxSize {
		return 0, fmt.Errorf("cms: size: timestamp of %d bytes", tsSize)
	}
	attrs := p.signedAttributes(make([]byte, p.hash.Size()))
	return p.size(len(attrs), p.signatureSize(), tsSize), nil
}
