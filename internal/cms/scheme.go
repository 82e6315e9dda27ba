package cms

import (
	"bytes"
	"crypto"
	_ "crypto/md5" // recognised in old signatures; policy refuses it
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

// Scheme is a signature scheme.
type Scheme int

// Signature schemes.
const (
	PKCS1v15 Scheme = iota + 1
	PSS
	ECDSA
	Ed25519 // verify only
	DSA     // recognised, never verified
)

// String returns "RSA-PKCS1v15", "RSA-PSS", "ECDSA", "Ed25519" or "DSA".
func (s Scheme) String() string {
	switch s {
	case PKCS1v15:
		return "RSA-PKCS1v15"
	case PSS:
		return "RSA-PSS"
	case ECDSA:
		return "ECDSA"
	case Ed25519:
		return "Ed25519"
	case DSA:
		return "DSA"
	}
	return fmt.Sprintf("unknown scheme %d", int(s))
}

// hashes maps digest algorithms both ways.
var hashes = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{oids.SHA256, crypto.SHA256},
	{oids.SHA384, crypto.SHA384},
	{oids.SHA512, crypto.SHA512},
	{oids.SHA224, crypto.SHA224},
	{oids.SHA1, crypto.SHA1},
	{oids.MD5, crypto.MD5},
	{oids.SHA3_256, crypto.SHA3_256},
	{oids.SHA3_384, crypto.SHA3_384},
	{oids.SHA3_512, crypto.SHA3_512},
}

// HashByOID returns the hash of a digest algorithm; 0 when unknown.
func HashByOID(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, h := range hashes {
		if h.oid.Equal(oid) {
			return h.hash
		}
	}
	return 0
}

// HashOID returns the digest algorithm of a hash; nil when unknown.
func HashOID(h crypto.Hash) asn1.ObjectIdentifier {
	for _, e := range hashes {
		if e.hash == h {
			return e.oid
		}
	}
	return nil
}

// signatureAlgorithms lists identifiers that name scheme and hash in one; a
// zero hash means the digest algorithm's.
var signatureAlgorithms = []struct {
	oid    asn1.ObjectIdentifier
	scheme Scheme
	hash   crypto.Hash
}{
	{oids.RSAEncryption, PKCS1v15, 0}, // RFC 3370, 3.2
	{oids.SHA256WithRSA, PKCS1v15, crypto.SHA256},
	{oids.SHA384WithRSA, PKCS1v15, crypto.SHA384},
	{oids.SHA512WithRSA, PKCS1v15, crypto.SHA512},
	{oids.SHA224WithRSA, PKCS1v15, crypto.SHA224},
	{oids.SHA1WithRSA, PKCS1v15, crypto.SHA1},
	{oids.SHA1WithRSAOIW, PKCS1v15, crypto.SHA1},
	{oids.MD5WithRSA, PKCS1v15, crypto.MD5},
	{oids.ECDSAWithSHA256, ECDSA, crypto.SHA256},
	{oids.ECDSAWithSHA384, ECDSA, crypto.SHA384},
	{oids.ECDSAWithSHA512, ECDSA, crypto.SHA512},
	{oids.ECDSAWithSHA224, ECDSA, crypto.SHA224},
	{oids.ECDSAWithSHA1, ECDSA, crypto.SHA1},
	{oids.SHA3_256WithRSA, PKCS1v15, crypto.SHA3_256},
	{oids.SHA3_384WithRSA, PKCS1v15, crypto.SHA3_384},
	{oids.SHA3_512WithRSA, PKCS1v15, crypto.SHA3_512},
	{oids.ECDSAWithSHA3_256, ECDSA, crypto.SHA3_256},
	{oids.ECDSAWithSHA3_384, ECDSA, crypto.SHA3_384},
	{oids.ECDSAWithSHA3_512, ECDSA, crypto.SHA3_512},
	// The key's identifier in the place of the scheme's, by analogy with RSA:
	// then too the hash is the digest algorithm's, and nothing is left open.
	{oids.ECPublicKey, ECDSA, 0},
	{oids.DSA, DSA, 0},
	{oids.DSAWithSHA1, DSA, crypto.SHA1},
	{oids.DSAWithSHA224, DSA, crypto.SHA224},
	{oids.DSAWithSHA256, DSA, crypto.SHA256},
}

// DigestHash maps the digest algorithm to a hash; 0 when unknown.
func (si *SignerInfo) DigestHash() crypto.Hash { return HashByOID(si.Digest.OID) }

// Scheme maps the signature algorithm with its parameters. The error wraps
// ErrUnsupported (unknown) or ErrAlgorithm (bad parameters, or a hash that is
// not the digest algorithm's: RFC 5652, 5.4 has one hash for both). Scheme and
// hash are returned as far as they are known, also with an error.
func (si *SignerInfo) Scheme() (Scheme, crypto.Hash, error) {
	alg := si.SignatureAlgorithm
	switch {
	case alg.OID.Equal(oids.RSAPSS):
		p, err := parsePSS(alg.Params)
		if err != nil {
			return PSS, 0, fmt.Errorf("%w: %w", ErrAlgorithm, err)
		}
		return PSS, p.hash, si.sameHash(p.hash)
	case alg.OID.Equal(oids.Ed25519):
		// RFC 8419, 3.1: SHA-512 for the content when there are attributes.
		if alg.Params != nil {
			return Ed25519, 0, fmt.Errorf("%w: Ed25519 with parameters", ErrAlgorithm)
		}
		return Ed25519, crypto.SHA512, si.sameHash(crypto.SHA512)
	}
	for _, known := range signatureAlgorithms {
		if !known.oid.Equal(alg.OID) {
			continue
		}
		if known.scheme == PKCS1v15 && !emptyParams(alg.Params) {
			return known.scheme, known.hash, fmt.Errorf("%w: RSA parameters are not NULL", ErrAlgorithm)
		}
		if known.hash == 0 {
			h := si.DigestHash()
			if h == 0 {
				return known.scheme, 0, fmt.Errorf("%w: digest %v", ErrUnsupported, si.Digest.OID)
			}
			return known.scheme, h, nil
		}
		return known.scheme, known.hash, si.sameHash(known.hash)
	}
	return 0, 0, fmt.Errorf("%w: signature %v", ErrUnsupported, alg.OID)
}

func (si *SignerInfo) sameHash(h crypto.Hash) error {
	d := si.DigestHash()
	if d == 0 {
		return fmt.Errorf("%w: digest %v", ErrUnsupported, si.Digest.OID)
	}
	if d != h {
		return fmt.Errorf("%w: signature uses %v, digest algorithm is %v", ErrAlgorithm, h, d)
	}
	return nil
}

// emptyParams accepts absent and NULL alike: RFC 4055 and RFC 5754 write
// NULL for RSA, and both are met.
func emptyParams(params []byte) bool {
	return params == nil || bytes.Equal(params, []byte{tagNull, 0})
}

// pssParams are RSASSA-PSS-params. RFC 4055, 3.1.
type pssParams struct {
	hash crypto.Hash
	salt int // bytes, at least 1
}

// PSSSaltLength returns the salt length in bytes of an RSA-PSS signature.
func (si *SignerInfo) PSSSaltLength() (int, error) {
	if !si.SignatureAlgorithm.OID.Equal(oids.RSAPSS) {
		return 0, fmt.Errorf("%w: not RSA-PSS", ErrAlgorithm)
	}
	p, err := parsePSS(si.SignatureAlgorithm.Params)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrAlgorithm, err)
	}
	return p.salt, nil
}

// maxSalt is more than any modulus of 16384 bits leaves room for.
const maxSalt = 2048

// parsePSS is strict: MGF1 with the same hash, trailer field 1, a salt.
// A salt of 0 is refused; besides, crypto/rsa reads 0 as "any".
func parsePSS(params []byte) (pssParams, error) {
	var p pssParams
	in := cryptobyte.String(params)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return p, fmt.Errorf("RSA-PSS parameters are not a sequence")
	}
	hashAlg, mgfHash := oids.SHA1, oids.SHA1 // the defaults
	var err error
	if hashAlg, err = explicitAlgorithm(&seq, 0, hashAlg, nil); err != nil {
		return p, fmt.Errorf("RSA-PSS hash: %w", err)
	}
	if mgfHash, err = explicitAlgorithm(&seq, 1, mgfHash, oids.MGF1); err != nil {
		return p, fmt.Errorf("RSA-PSS mask generation: %w", err)
	}
	salt, trailer := int64(20), int64(1)
	if !optionalInt(&seq, 2, &salt) || !optionalInt(&seq, 3, &trailer) || !seq.Empty() {
		return p, fmt.Errorf("malformed RSA-PSS parameters")
	}
	p.hash = HashByOID(hashAlg)
	switch {
	case p.hash == 0:
		return p, fmt.Errorf("RSA-PSS hash %v is unknown", hashAlg)
	case !mgfHash.Equal(hashAlg):
		return p, fmt.Errorf("RSA-PSS mask hash %v is not %v", mgfHash, hashAlg)
	case trailer != 1:
		return p, fmt.Errorf("RSA-PSS trailer field is %d, not 1", trailer)
	case salt < 1 || salt > maxSalt:
		return p, fmt.Errorf("RSA-PSS salt of %d bytes", salt)
	}
	p.salt = int(salt)
	return p, nil
}

// explicitAlgorithm reads [tag] EXPLICIT AlgorithmIdentifier. With outer set,
// the identifier must be outer and its parameter the one returned (MGF1).
func explicitAlgorithm(seq *cryptobyte.String, tag uint8, def, outer asn1.ObjectIdentifier) (asn1.ObjectIdentifier, error) {
	var field cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&field, &present, cbasn1.Tag(tag).Constructed().ContextSpecific()) {
		return nil, fmt.Errorf("malformed")
	}
	if !present {
		return def, nil
	}
	var alg cryptobyte.String
	if !field.ReadASN1(&alg, cbasn1.SEQUENCE) || !field.Empty() {
		return nil, fmt.Errorf("malformed")
	}
	var oid asn1.ObjectIdentifier
	if !alg.ReadASN1ObjectIdentifier(&oid) {
		return nil, fmt.Errorf("malformed")
	}
	if outer != nil {
		if !oid.Equal(outer) {
			return nil, fmt.Errorf("%v is unknown", oid)
		}
		var inner cryptobyte.String
		if !alg.ReadASN1(&inner, cbasn1.SEQUENCE) || !alg.Empty() || !inner.ReadASN1ObjectIdentifier(&oid) {
			return nil, fmt.Errorf("malformed")
		}
		alg = inner
	}
	if !emptyParams(nilIfEmpty(alg)) {
		return nil, fmt.Errorf("hash with parameters")
	}
	return oid, nil
}

func nilIfEmpty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

func optionalInt(seq *cryptobyte.String, tag uint8, out *int64) bool {
	var field cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&field, &present, cbasn1.Tag(tag).Constructed().ContextSpecific()) {
		return false
	}
	return !present || field.ReadASN1Integer(out) && field.Empty()
}
