// Package cmstest builds SignedData of any shape, right or wrong, for tests of
// what must be refused. Nothing but tests imports it; it panics on misuse.
//
// It shares no code with package cms, so that a fault there does not hide
// itself.
package cmstest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // for E12 and its like
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"sort"

	"github.com/kyso-vn/kyso/internal/oids"
)

// SignedData says what to build. Zero fields mean what a correct signer does:
// detached id-data, SHA-256, PKCS#1 v1.5 or ECDSA, three signed attributes.
type SignedData struct {
	Cert *x509.Certificate // required
	Key  crypto.Signer     // required
	Hash crypto.Hash       // 0: SHA-256

	ContentType asn1.ObjectIdentifier // nil: id-data
	Content     []byte                // what is digested
	Embed       bool                  // Content as eContent
	EContent    []byte                // other eContent than Content; with Embed

	Certificates [][]byte // the bag; nil: Cert; empty: none
	CRLs         []byte   // raw content of crls [1]
	Signers      int      // copies of the SignerInfo; 0: 1
	SKI          bool     // SID by key identifier

	NoSignedAttrs bool
	Attrs         func([][]byte) [][]byte // edits the signed attributes
	Unsorted      bool                    // keeps the order Attrs gave
	ESS           *x509.Certificate       // named by signing-certificate-v2; nil: Cert
	DigestAlg     []byte                  // claimed AlgorithmIdentifier; nil: of Hash
	SignatureAlg  []byte                  // nil: fits the key
	PSS           bool
	Salt          int                                 // of PSS; 0: hash length
	Sign          func(message, digest []byte) []byte // nil: Key
	Unsigned      [][]byte                            // unsigned attributes
}

// TLV returns one element.
func TLV(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	n := len(content)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, content...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, content...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

// OID returns the DER of an object identifier.
func OID(oid asn1.ObjectIdentifier) []byte { return must(asn1.Marshal(oid)) }

// Int returns the DER of an INTEGER.
func Int(n *big.Int) []byte { return must(asn1.Marshal(n)) }

// Alg returns an AlgorithmIdentifier.
func Alg(oid asn1.ObjectIdentifier, params ...[]byte) []byte {
	return TLV(0x30, OID(oid), bytes.Join(params, nil))
}

// Null is the DER of NULL.
var Null = []byte{5, 0}

// Attr returns an Attribute with these values.
func Attr(oid asn1.ObjectIdentifier, values ...[]byte) []byte {
	return TLV(0x30, OID(oid), TLV(0x31, values...))
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic("cmstest: " + err.Error())
	}
	return b
}

// HashOIDs are the digest algorithms Hash may name.
var HashOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.MD5: oids.MD5, crypto.SHA1: oids.SHA1, crypto.SHA256: oids.SHA256,
	crypto.SHA384: oids.SHA384, crypto.SHA512: oids.SHA512, crypto.SHA3_256: oids.SHA3_256,
}

// Sum digests data.
func Sum(h crypto.Hash, data []byte) []byte {
	d := h.New()
	d.Write(data)
	return d.Sum(nil)
}

// SigningCertificateV2 names a certificate by its SHA-256.
func SigningCertificateV2(c *x509.Certificate) []byte {
	return Attr(oids.SigningCertificateV2, TLV(0x30, TLV(0x30, TLV(0x30, TLV(4, Sum(crypto.SHA256, c.Raw))))))
}

// SigningCertificateV1 names a certificate by its SHA-1. RFC 2634.
func SigningCertificateV1(c *x509.Certificate) []byte {
	return Attr(oids.SigningCertificate, TLV(0x30, TLV(0x30, TLV(0x30, TLV(4, Sum(crypto.SHA1, c.Raw))))))
}

// Build returns the ContentInfo.
func (s SignedData) Build() []byte {
	if s.Hash == 0 {
		s.Hash = crypto.SHA256
	}
	if s.ContentType == nil {
		s.ContentType = oids.Data
	}
	digestAlg := s.DigestAlg
	if digestAlg == nil {
		digestAlg = Alg(HashOIDs[s.Hash])
	}
	signer := s.signerInfo(digestAlg)
	signers := [][]byte{signer}
	for len(signers) < s.Signers {
		signers = append(signers, signer)
	}
	encap := [][]byte{OID(s.ContentType)}
	if s.Embed {
		content := s.Content
		if s.EContent != nil {
			content = s.EContent
		}
		encap = append(encap, TLV(0xa0, TLV(4, content)))
	}
	parts := [][]byte{{2, 1, 1}, TLV(0x31, digestAlg), TLV(0x30, encap...)}
	bag := s.Certificates
	if bag == nil {
		bag = [][]byte{s.Cert.Raw}
	}
	if len(bag) > 0 {
		parts = append(parts, TLV(0xa0, bag...))
	}
	if s.CRLs != nil {
		parts = append(parts, TLV(0xa1, s.CRLs))
	}
	parts = append(parts, TLV(0x31, signers...))
	return TLV(0x30, OID(oids.SignedData), TLV(0xa0, TLV(0x30, parts...)))
}

func (s SignedData) signerInfo(digestAlg []byte) []byte {
	version, sid := []byte{2, 1, 1}, TLV(0x30, s.Cert.RawIssuer, Int(s.Cert.SerialNumber))
	if s.SKI {
		version, sid = []byte{2, 1, 3}, TLV(0x80, s.Cert.SubjectKeyId)
	}
	parts := [][]byte{version, sid, digestAlg}
	message := s.Content
	if !s.NoSignedAttrs {
		attrs := s.attributes()
		message = TLV(0x31, attrs...)
		parts = append(parts, TLV(0xa0, attrs...))
	}
	sigAlg := s.SignatureAlg
	if sigAlg == nil {
		sigAlg = s.signatureAlg()
	}
	parts = append(parts, sigAlg, TLV(4, s.sign(message)))
	if len(s.Unsigned) > 0 {
		parts = append(parts, TLV(0xa1, s.Unsigned...))
	}
	return TLV(0x30, parts...)
}

func (s SignedData) attributes() [][]byte {
	named := s.ESS
	if named == nil {
		named = s.Cert
	}
	attrs := [][]byte{
		Attr(oids.ContentType, OID(s.ContentType)),
		Attr(oids.MessageDigest, TLV(4, Sum(s.Hash, s.Content))),
		SigningCertificateV2(named),
	}
	if s.Attrs != nil {
		attrs = s.Attrs(attrs)
	}
	if !s.Unsorted {
		sort.Slice(attrs, func(i, j int) bool { return bytes.Compare(attrs[i], attrs[j]) < 0 })
	}
	return attrs
}

func (s SignedData) signatureAlg() []byte {
	_, isRSA := s.Key.Public().(*rsa.PublicKey)
	switch {
	case s.PSS:
		salt := s.Salt
		if salt == 0 {
			salt = s.Hash.Size()
		}
		return PSSAlg(s.Hash, s.Hash, salt, 1)
	case isRSA:
		return Alg(oids.RSAEncryption, Null)
	}
	return Alg(map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA1: oids.ECDSAWithSHA1, crypto.SHA256: oids.ECDSAWithSHA256,
		crypto.SHA384: oids.ECDSAWithSHA384, crypto.SHA512: oids.ECDSAWithSHA512,
	}[s.Hash])
}

// PSSAlg returns RSA-PSS with every parameter written.
func PSSAlg(h, mgf crypto.Hash, salt, trailer int) []byte {
	return Alg(oids.RSAPSS, TLV(0x30,
		TLV(0xa0, Alg(HashOIDs[h], Null)),
		TLV(0xa1, Alg(oids.MGF1, Alg(HashOIDs[mgf], Null))),
		TLV(0xa2, Int(big.NewInt(int64(salt)))),
		TLV(0xa3, Int(big.NewInt(int64(trailer))))))
}

func (s SignedData) sign(message []byte) []byte {
	digest := Sum(s.Hash, message)
	if s.Sign != nil {
		return s.Sign(message, digest)
	}
	var opts crypto.SignerOpts = s.Hash
	if s.PSS {
		salt := s.Salt
		if salt == 0 {
			salt = s.Hash.Size()
		}
		opts = &rsa.PSSOptions{SaltLength: salt, Hash: s.Hash}
	}
	return must(s.Key.Sign(rand.Reader, digest, opts))
}
