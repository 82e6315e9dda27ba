package certpath

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // recognised in old certificates; AllowWeak decides
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/sigcache"
)

// Errors of Signed.Check.
var (
	// ErrSignature: the signature is not by this key over these bytes.
	ErrSignature = errors.New("signature does not verify")
	// ErrAlgorithm: the algorithm is unknown, refused (DSA) or its parameters
	// are malformed, so nothing was verified.
	ErrAlgorithm = errors.New("signature algorithm is not supported")
)

// Signed is data with a signature, as certificates, CRLs and OCSP responses
// have it.
type Signed struct {
	Message   []byte // the bytes that are signed
	Algorithm []byte // DER AlgorithmIdentifier
	Signature []byte // contents of the BIT STRING
}

// ParseSigned splits SEQUENCE { message, AlgorithmIdentifier, BIT STRING },
// the form of a Certificate and a CertificateList. RFC 5280, 4.1 and 5.1.
func ParseSigned(der []byte) (Signed, error) {
	var s Signed
	in := cryptobyte.String(der)
	var seq, message, alg cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() ||
		!seq.ReadASN1Element(&message, cbasn1.SEQUENCE) || !seq.ReadASN1Element(&alg, cbasn1.SEQUENCE) ||
		!seq.ReadASN1BitStringAsBytes(&s.Signature) || !seq.Empty() {
		return s, errors.New("malformed signed structure")
	}
	s.Message, s.Algorithm = message, alg
	return s, nil
}

type scheme int

const (
	pkcs1v15 scheme = iota + 1
	pss
	ecdsaScheme
	ed25519Scheme
	dsaScheme // recognised, never verified
)

var algorithms = []struct {
	oid    asn1.ObjectIdentifier
	scheme scheme
	hash   crypto.Hash
}{
	{oids.SHA256WithRSA, pkcs1v15, crypto.SHA256},
	{oids.SHA384WithRSA, pkcs1v15, crypto.SHA384},
	{oids.SHA512WithRSA, pkcs1v15, crypto.SHA512},
	{oids.SHA224WithRSA, pkcs1v15, crypto.SHA224},
	{oids.SHA1WithRSA, pkcs1v15, crypto.SHA1},
	{oids.SHA1WithRSAOIW, pkcs1v15, crypto.SHA1},
	{oids.MD5WithRSA, pkcs1v15, crypto.MD5},
	{oids.SHA3_256WithRSA, pkcs1v15, crypto.SHA3_256},
	{oids.SHA3_384WithRSA, pkcs1v15, crypto.SHA3_384},
	{oids.SHA3_512WithRSA, pkcs1v15, crypto.SHA3_512},
	{oids.ECDSAWithSHA256, ecdsaScheme, crypto.SHA256},
	{oids.ECDSAWithSHA384, ecdsaScheme, crypto.SHA384},
	{oids.ECDSAWithSHA512, ecdsaScheme, crypto.SHA512},
	{oids.ECDSAWithSHA224, ecdsaScheme, crypto.SHA224},
	{oids.ECDSAWithSHA1, ecdsaScheme, crypto.SHA1},
	{oids.ECDSAWithSHA3_256, ecdsaScheme, crypto.SHA3_256},
	{oids.ECDSAWithSHA3_384, ecdsaScheme, crypto.SHA3_384},
	{oids.ECDSAWithSHA3_512, ecdsaScheme, crypto.SHA3_512},
	{oids.Ed25519, ed25519Scheme, 0},
	{oids.DSAWithSHA1, dsaScheme, crypto.SHA1},
	{oids.DSAWithSHA224, dsaScheme, crypto.SHA224},
	{oids.DSAWithSHA256, dsaScheme, crypto.SHA256},
}

var hashes = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{oids.SHA256, crypto.SHA256}, {oids.SHA384, crypto.SHA384}, {oids.SHA512, crypto.SHA512},
	{oids.SHA224, crypto.SHA224}, {oids.SHA1, crypto.SHA1}, {oids.SHA3_256, crypto.SHA3_256},
	{oids.SHA3_384, crypto.SHA3_384}, {oids.SHA3_512, crypto.SHA3_512},
}

// schemeNames tell the checks of this package apart from others'.
var schemeNames = map[scheme]string{
	pkcs1v15: "certpath RSA-PKCS1v15", pss: "certpath RSA-PSS", ecdsaScheme: "certpath ECDSA",
}

type algorithm struct {
	scheme scheme
	hash   crypto.Hash
	salt   int // of PSS, bytes
}

// usual are the identifiers as they are mostly written, with NULL or nothing
// for parameters: those are not read anew for each certificate.
var usual = func() map[string]algorithm {
	list := make(map[string]algorithm)
	for _, a := range algorithms {
		for _, params := range [][]byte{nil, {5, 0}} {
			var b cryptobyte.Builder
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(a.oid)
				b.AddBytes(params)
			})
			list[string(b.BytesOrPanic())] = algorithm{scheme: a.scheme, hash: a.hash}
		}
	}
	return list
}()

func parseAlgorithm(der []byte) (algorithm, error) {
	if a, ok := usual[string(der)]; ok {
		return a, nil
	}
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1ObjectIdentifier(&oid) {
		return algorithm{}, fmt.Errorf("%w: malformed identifier", ErrAlgorithm)
	}
	if oid.Equal(oids.RSAPSS) {
		return parsePSS(seq)
	}
	for _, a := range algorithms {
		if !a.oid.Equal(oid) {
			continue
		}
		// RFC 4055 writes NULL for RSA, RFC 8410 and RFC 5758 nothing for
		// the others; both are met and neither changes the meaning.
		if len(seq) != 0 && !bytes.Equal(seq, []byte{5, 0}) && a.scheme != dsaScheme {
			return algorithm{}, fmt.Errorf("%w: %v with parameters", ErrAlgorithm, oid)
		}
		return algorithm{scheme: a.scheme, hash: a.hash}, nil
	}
	return algorithm{}, fmt.Errorf("%w: %v", ErrAlgorithm, oid)
}

// maxSalt is more than any modulus of maxRSABits leaves room for.
const maxSalt = 2048

// parsePSS reads RSASSA-PSS-params (RFC 4055, 3.1) with any length of salt;
// crypto/x509 takes only that of the hash.
func parsePSS(params cryptobyte.String) (algorithm, error) {
	bad := fmt.Errorf("%w: RSA-PSS parameters", ErrAlgorithm)
	a := algorithm{scheme: pss}
	hash, mgf := oids.SHA1, oids.SHA1
	salt, trailer := int64(20), int64(1)
	var seq, field cryptobyte.String
	var there bool
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() {
		return a, bad
	}
	if !seq.ReadOptionalASN1(&field, &there, explicit(0)) || there && !readHash(&field, &hash) {
		return a, bad
	}
	if !seq.ReadOptionalASN1(&field, &there, explicit(1)) || there && !readMGF(&field, &mgf) {
		return a, bad
	}
	if !seq.ReadOptionalASN1(&field, &there, explicit(2)) || there && (!field.ReadASN1Integer(&salt) || !field.Empty()) {
		return a, bad
	}
	if !seq.ReadOptionalASN1(&field, &there, explicit(3)) || there && (!field.ReadASN1Integer(&trailer) || !field.Empty()) {
		return a, bad
	}
	for _, h := range hashes {
		if h.oid.Equal(hash) {
			a.hash = h.hash
		}
	}
	if !seq.Empty() || a.hash == 0 || !mgf.Equal(hash) || trailer != 1 || salt < 0 || salt > maxSalt {
		return a, bad
	}
	a.salt = int(salt)
	return a, nil
}

func explicit(n uint8) cbasn1.Tag { return cbasn1.Tag(n).Constructed().ContextSpecific() }

func readHash(field *cryptobyte.String, oid *asn1.ObjectIdentifier) bool {
	var alg cryptobyte.String
	return field.ReadASN1(&alg, cbasn1.SEQUENCE) && field.Empty() && alg.ReadASN1ObjectIdentifier(oid) &&
		(alg.Empty() || bytes.Equal(alg, []byte{5, 0}))
}

func readMGF(field *cryptobyte.String, oid *asn1.ObjectIdentifier) bool {
	var alg cryptobyte.String
	var mgf asn1.ObjectIdentifier
	return field.ReadASN1(&alg, cbasn1.SEQUENCE) && field.Empty() && alg.ReadASN1ObjectIdentifier(&mgf) &&
		mgf.Equal(oids.MGF1) && readHash(&alg, oid)
}

// Weak tells whether the signature is over SHA-1 or MD5, which no longer bind
// a signer. An unknown algorithm is not weak: it is refused by Check.
func (s Signed) Weak() bool {
	a, err := parseAlgorithm(s.Algorithm)
	return err == nil && (a.hash == crypto.SHA1 || a.hash == crypto.MD5)
}

// Check verifies the signature with the key of a certificate, whatever else
// that says. SHA-1 and MD5 pass: ask Weak. Errors wrap ErrSignature or
// ErrAlgorithm. Safe for concurrent use.
func (s Signed) Check(issuer *x509.Certificate) error {
	a, err := parseAlgorithm(s.Algorithm)
	if err != nil {
		return err
	}
	key, err := publicKey(issuer, a.hash)
	if err != nil {
		return err
	}
	if a.scheme == ed25519Scheme {
		if pub, ok := key.(ed25519.PublicKey); ok && ed25519.Verify(pub, s.Message, s.Signature) {
			return nil
		}
		return ErrSignature
	}
	if a.scheme == dsaScheme {
		return fmt.Errorf("%w: DSA", ErrAlgorithm)
	}
	h := a.hash.New()
	h.Write(s.Message)
	digest := h.Sum(nil)
	known := sigcache.Check{Scheme: schemeNames[a.scheme], Hash: a.hash, Salt: a.salt, Key: key, Digest: digest, Signature: s.Signature}
	return sigcache.Shared.Do(known, func() error { return a.verify(key, digest, s.Signature) })
}

func (a algorithm) verify(key crypto.PublicKey, digest, signature []byte) error {
	switch pub := key.(type) {
	case *rsa.PublicKey:
		if a.scheme == pkcs1v15 {
			return rsaError(rsa.VerifyPKCS1v15(pub, a.hash, digest, signature))
		}
		if a.scheme == pss {
			// crypto/rsa reads a salt of 0 as "any", which is no weaker.
			return rsaError(rsa.VerifyPSS(pub, a.hash, digest, signature, &rsa.PSSOptions{SaltLength: a.salt, Hash: a.hash}))
		}
	case *ecdsa.PublicKey:
		if a.scheme == ecdsaScheme && ecdsa.VerifyASN1(pub, digest, signature) {
			return nil
		}
	}
	return ErrSignature
}

func rsaError(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, rsa.ErrVerification) {
		return ErrSignature
	}
	return fmt.Errorf("%w: %w", ErrAlgorithm, err) // a key crypto/rsa will not use
}

// maxRSABits is what crypto/tls takes too: a check of a megabit key takes
// seconds.
const maxRSABits = 8192

// publicKey returns the key of cert. crypto/x509 does not parse keys under the
// identifier id-RSASSA-PSS (RFC 4055, 1.2); their hash is honoured.
func publicKey(cert *x509.Certificate, hash crypto.Hash) (crypto.PublicKey, error) {
	key := cert.PublicKey
	if key == nil {
		in := cryptobyte.String(cert.RawSubjectPublicKeyInfo)
		var spki, alg cryptobyte.String
		var oid asn1.ObjectIdentifier
		var bits []byte
		if !in.ReadASN1(&spki, cbasn1.SEQUENCE) || !spki.ReadASN1(&alg, cbasn1.SEQUENCE) ||
			!alg.ReadASN1ObjectIdentifier(&oid) || !spki.ReadASN1BitStringAsBytes(&bits) {
			return nil, fmt.Errorf("%w: malformed public key", ErrAlgorithm)
		}
		if !oid.Equal(oids.RSAPSS) {
			return nil, fmt.Errorf("%w: public key %v", ErrAlgorithm, oid)
		}
		if !alg.Empty() {
			if p, err := parsePSS(alg); err != nil || p.hash != hash {
				return nil, fmt.Errorf("%w: the key is for other RSA-PSS parameters", ErrAlgorithm)
			}
		}
		pub, err := x509.ParsePKCS1PublicKey(bits)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAlgorithm, err)
		}
		key = pub
	}
	if pub, ok := key.(*rsa.PublicKey); ok && pub.N.BitLen() > maxRSABits {
		return nil, fmt.Errorf("%w: RSA key of more than %d bits", ErrAlgorithm, maxRSABits)
	}
	return key, nil
}
