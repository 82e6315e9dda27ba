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
	}
	if _, err := asn1.Marshal(p.contentType); err != nil {
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
	return p, nil
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
	switch p.scheme {
	case PSS:
		return p.pssAlgorithm()
	case ECDSA:
		oid := map[crypto.Hash]asn1.ObjectIdentifier{
			crypto.SHA256: oids.ECDSAWithSHA256,
			crypto.SHA384: oids.ECDSAWithSHA384,
			crypto.SHA512: oids.ECDSAWithSHA512,
		}[p.hash]
		return encodeAlgorithm(oid, nil)
	default:
		oid := map[crypto.Hash]asn1.ObjectIdentifier{
			crypto.SHA256: oids.SHA256WithRSA,
			crypto.SHA384: oids.SHA384WithRSA,
			crypto.SHA512: oids.SHA512WithRSA,
		}[p.hash]
		return encodeAlgorithm(oid, []byte{tagNull, 0})
	}
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
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid)
			b.AddBytes(params)
		})
	})
}

func encodeAttribute(oid asn1.ObjectIdentifier, value []byte) []byte {
	typ := build(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid) })
	return wrap(tagSequence, append(typ, wrap(tagSet, value)...))
}

// signedAttributes returns the DER SET OF the attributes, as it is digested.
// No signing-time: PAdES has it in the signature dictionary. ETSI EN 319
// 142-1, 6.3.
func (p *plan) signedAttributes(digest []byte) []byte {
	contentType := build(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(p.contentType) })
	protection := build(func(b *cryptobyte.Builder) { // RFC 6211, 2
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(p.digestAlg)
			b.AddBytes(retag(tagContext1, p.sigAlg))
		})
	})
	return setOf(tagSet, [][]byte{
		encodeAttribute(oids.ContentType, contentType),
		encodeAttribute(oids.MessageDigest, wrap(tagOctets, digest)),
		encodeAttribute(oids.SigningCertificateV2, p.signingCertificate()),
		encodeAttribute(oids.AlgorithmProtection, protection),
	})
}

// retag replaces the identifier octet of an element.
func retag(tag byte, der []byte) []byte {
	out := bytes.Clone(der)
	out[0] = tag
	return out
}

// signingCertificate is SigningCertificateV2 with one ESSCertIDv2. The default
// SHA-256 is left out, as DER wants. RFC 5035, 3; ETSI EN 319 122-1, 5.2.2.3.
func (p *plan) signingCertificate() []byte {
	digest := digestOf(crypto.SHA256, p.cert.Raw)
	return build(func(b *cryptobyte.Builder) {
		sequences(b, 3, func(b *cryptobyte.Builder) { // SigningCertificateV2, certs, ESSCertIDv2
			b.AddASN1OctetString(digest)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // IssuerSerial
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // GeneralNames
					b.AddASN1(cbasn1.Tag(4).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
						b.AddBytes(p.cert.RawIssuer)
					})
				})
				b.AddASN1BigInt(p.cert.SerialNumber)
			})
		})
	})
}

func sequences(b *cryptobyte.Builder, n int, f cryptobyte.BuilderContinuation) {
	if n == 0 {
		f(b)
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { sequences(b, n-1, f) })
}

// contentInfo assembles the whole. RFC 5652, 3 and 5.1.
func (p *plan) contentInfo(signedAttrs, signature, timestamp []byte) []byte {
	sid := build(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(p.cert.RawIssuer)
			b.AddASN1BigInt(p.cert.SerialNumber)
		})
	})
	version := []byte{tagInteger, 1, 1}
	parts := [][]byte{version, sid, p.digestAlg, retag(tagContext0, signedAttrs), p.sigAlg, wrap(tagOctets, signature)}
	if timestamp != nil {
		parts = append(parts, wrap(tagContext1, encodeAttribute(oids.SignatureTimestamp, timestamp)))
	}
	signerInfo := wrap(tagSequence, bytes.Join(parts, nil))

	sdVersion := version
	if !p.contentType.Equal(oids.Data) {
		sdVersion = []byte{tagInteger, 1, 3} // RFC 5652, 5.1
	}
	encap := encodeAlgorithm(p.contentType, nil) // a SEQUENCE of just the type: detached
	signedData := wrap(tagSequence, bytes.Join([][]byte{
		sdVersion,
		wrap(tagSet, p.digestAlg),
		encap,
		setOf(tagContext0, p.certificates()),
		wrap(tagSet, signerInfo),
	}, nil))
	typ := build(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oids.SignedData) })
	return wrap(tagSequence, append(typ, wrap(tagContext0, signedData)...))
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
		one := len(wrap(tagInteger, make([]byte, n)))
		return len(wrap(tagSequence, make([]byte, 2*one)))
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
	var ts []byte
	if tsSize > 0 {
		ts = make([]byte, tsSize)
	}
	attrs := p.signedAttributes(make([]byte, p.hash.Size()))
	return len(p.contentInfo(attrs, make([]byte, p.signatureSize()), ts)), nil
}
