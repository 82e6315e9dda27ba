package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/sigcache"
)

// VerifySignature checks Signature with the key of cert: over the raw signed
// attributes (tag 0xA0 read as SET, RFC 5652, 5.4), or, without them, over
// contentDigest. It says nothing of message-digest; see CheckAttributes. A nil
// error without RawSignedAttrs covers only the digest: callers that need
// CAdES must refuse that case first.
//
// Errors wrap ErrSignature, ErrAlgorithm or ErrUnsupported.
func (si *SignerInfo) VerifySignature(cert *x509.Certificate, contentDigest []byte) error {
	scheme, hash, err := si.Scheme()
	if err != nil {
		return err
	}
	key, err := publicKey(cert, hash)
	if err != nil {
		return err
	}
	check := func(message, digest []byte) error {
		v := verification{scheme: scheme, hash: hash, message: message, digest: digest, signature: si.Signature}
		if scheme == PSS {
			p, err := parsePSS(si.SignatureAlgorithm.Params)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrAlgorithm, err)
			}
			v.salt = p.salt
		}
		return sigcache.Shared.Do(v.known(key), func() error { return v.check(key) })
	}
	if si.RawSignedAttrs == nil {
		if !hash.Available() || len(contentDigest) != hash.Size() {
			return fmt.Errorf("%w: content digest of %d bytes", ErrSignature, len(contentDigest))
		}
		return check(nil, contentDigest)
	}
	// The attributes as received, and for BER also their DER, which is what RFC
	// 5652, 5.4 asks a signer to digest whatever it sends.
	raw := bytes.Clone(si.RawSignedAttrs)
	raw[0] = tagSet
	if err = check(raw, digestOf(hash, raw)); err == nil {
		return nil
	}
	if der, bad := toDER(raw, 0); bad == nil && !bytes.Equal(der, raw) {
		err = check(der, digestOf(hash, der))
	}
	return err
}

func digestOf(h crypto.Hash, data []byte) []byte {
	if h == crypto.SHA256 { // by far the most, and one allocation less
		sum := sha256.Sum256(data)
		return sum[:]
	}
	d := h.New()
	d.Write(data)
	return d.Sum(nil)
}

// verification is one cryptographic check.
type verification struct {
	scheme    Scheme
	hash      crypto.Hash
	salt      int    // PSS
	message   []byte // Ed25519; nil when only the digest is known
	digest    []byte
	signature []byte
}

// known is what the check is remembered by.
func (v verification) known(key crypto.PublicKey) sigcache.Check {
	return sigcache.Check{Scheme: "CMS " + v.scheme.String(), Hash: v.hash, Salt: v.salt, Key: key, Digest: v.digest, Signature: v.signature}
}

func (v verification) check(key crypto.PublicKey) error {
	switch v.scheme {
	case PKCS1v15:
		pub, ok := key.(*rsa.PublicKey)
		if !ok {
			return keyType(key, v.scheme)
		}
		// Strict: compares the whole encoded message, so no room for the
		// forgeries against small exponents (CVE-2006-4339, CVE-2014-1568).
		return signatureErr(rsa.VerifyPKCS1v15(pub, v.hash, v.digest, v.signature))
	case PSS:
		pub, ok := key.(*rsa.PublicKey)
		if !ok {
			return keyType(key, v.scheme)
		}
		opts := &rsa.PSSOptions{SaltLength: v.salt, Hash: v.hash}
		return signatureErr(rsa.VerifyPSS(pub, v.hash, v.digest, v.signature, opts))
	case ECDSA:
		pub, ok := key.(*ecdsa.PublicKey)
		if !ok {
			return keyType(key, v.scheme)
		}
		return v.checkECDSA(pub)
	case Ed25519:
		pub, ok := key.(ed25519.PublicKey)
		if !ok {
			return keyType(key, v.scheme)
		}
		if v.message == nil {
			return fmt.Errorf("%w: Ed25519 without signed attributes", ErrUnsupported)
		}
		if !ed25519.Verify(pub, v.message, v.signature) {
			return ErrSignature
		}
		return nil
	case DSA:
		return fmt.Errorf("%w: DSA", ErrUnsupported)
	}
	return fmt.Errorf("%w: %v", ErrUnsupported, v.scheme)
}

// checkECDSA wants strict DER of two integers in [1, n-1]; crypto/ecdsa would
// refuse the same, but not say why.
func (v verification) checkECDSA(pub *ecdsa.PublicKey) error {
	var seq cryptobyte.String
	r, s := new(big.Int), new(big.Int)
	in := cryptobyte.String(v.signature)
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() ||
		!seq.ReadASN1Integer(r) || !seq.ReadASN1Integer(s) || !seq.Empty() {
		return fmt.Errorf("%w: ECDSA value is not DER", ErrSignature)
	}
	n := pub.Curve.Params().N
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(n) >= 0 || s.Cmp(n) >= 0 {
		return fmt.Errorf("%w: ECDSA value out of range", ErrSignature)
	}
	if !ecdsa.VerifyASN1(pub, v.digest, v.signature) {
		return ErrSignature
	}
	return nil
}

func signatureErr(err error) error {
	if err == nil || errors.Is(err, rsa.ErrVerification) {
		if err != nil {
			return ErrSignature
		}
		return nil
	}
	return fmt.Errorf("%w: %w", ErrUnsupported, err) // a key crypto/rsa will not use
}

func keyType(key crypto.PublicKey, s Scheme) error {
	return fmt.Errorf("%w: %v signature with a key of type %T", ErrSignature, s, key)
}

// publicKey returns the key of cert. crypto/x509 does not parse keys under the
// identifier id-RSASSA-PSS (RFC 4055, 1.2); their restrictions are honoured.
func publicKey(cert *x509.Certificate, hash crypto.Hash) (crypto.PublicKey, error) {
	if cert == nil {
		return nil, fmt.Errorf("%w: no certificate", ErrUnsupported)
	}
	if cert.PublicKey != nil {
		return boundedKey(cert.PublicKey)
	}
	in := cryptobyte.String(cert.RawSubjectPublicKeyInfo)
	var spki, alg cryptobyte.String
	var oid oidType
	var bits []byte
	if !in.ReadASN1(&spki, cbasn1.SEQUENCE) || !spki.ReadASN1(&alg, cbasn1.SEQUENCE) ||
		!alg.ReadASN1ObjectIdentifier(&oid) || !spki.ReadASN1BitStringAsBytes(&bits) {
		return nil, fmt.Errorf("%w: malformed public key", ErrUnsupported)
	}
	if !oid.Equal(oids.RSAPSS) {
		return nil, fmt.Errorf("%w: public key %v", ErrUnsupported, oid)
	}
	if !alg.Empty() {
		p, err := parsePSS(alg)
		if err != nil {
			return nil, fmt.Errorf("%w: public key: %w", ErrAlgorithm, err)
		}
		if p.hash != hash {
			return nil, fmt.Errorf("%w: the key is for %v, the signature uses %v", ErrAlgorithm, p.hash, hash)
		}
	}
	pub, err := x509.ParsePKCS1PublicKey(bits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return boundedKey(pub)
}

func boundedKey(key crypto.PublicKey) (crypto.PublicKey, error) {
	if pub, ok := key.(*rsa.PublicKey); ok && pub.N.BitLen() > maxRSABits {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, &LimitError{"bits in an RSA key", maxRSABits})
	}
	return key, nil
}

// SigningCertificate finds the certificate a SignerInfo names by SID (and, of
// several, the one the ESS attribute names). It returns nil when none is
// there; the order of certificates means nothing.
func (sd *SignedData) SigningCertificate(si *SignerInfo) *x509.Certificate {
	return si.FindCertificate(sd.Certificates)
}

// FindCertificate is SigningCertificate with candidates from elsewhere (a
// configured chain, a DSS).
func (si *SignerInfo) FindCertificate(candidates []*x509.Certificate) *x509.Certificate {
	var first *x509.Certificate
	for _, c := range candidates {
		if c == nil || !si.names(c) {
			continue
		}
		if first == nil {
			first = c
		}
		if si.CheckESS(c) == nil {
			return c
		}
	}
	return first
}

// names compares the SID with a certificate. RFC 5652, 5.3.
func (si *SignerInfo) names(c *x509.Certificate) bool {
	if si.SubjectKeyID != nil {
		return len(c.SubjectKeyId) > 0 && bytes.Equal(si.SubjectKeyID, c.SubjectKeyId)
	}
	return bytes.Equal(si.Issuer, c.RawIssuer) && sameSerial(si.Serial, c.SerialNumber)
}

// sameSerial compares INTEGER content octets (two's complement) with a number.
func sameSerial(content []byte, n *big.Int) bool {
	if n == nil || len(content) == 0 {
		return false
	}
	var have [32]byte // room for what certificates have
	if content[0]&0x80 == 0 && n.Sign() >= 0 && n.BitLen() <= 8*len(have) && len(content) <= len(have) {
		n.FillBytes(have[:])
		at := len(have) - len(content)
		return bytes.Equal(have[at:], content) && n.BitLen() <= 8*len(content)
	}
	v := new(big.Int).SetBytes(content)
	if content[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(content))))
	}
	return v.Cmp(n) == 0
}
