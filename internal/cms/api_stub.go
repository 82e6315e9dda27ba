// Package cms builds and parses CMS SignedData with CAdES attributes.
package cms

// API agreed between packages; the owner replaces this file by real ones.

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"time"
)

// Scheme is a signature scheme.
type Scheme int

const (
	PKCS1v15 Scheme = iota + 1
	PSS
	ECDSA
	Ed25519 // verify only
	DSA     // recognised, never verified
)

func (s Scheme) String() string { panic("stub") } // "RSA-PKCS1v15", "RSA-PSS", "ECDSA", ...

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

// SignedData is a parsed CMS SignedData.
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
// read where it is common and flagged.
func Parse(der []byte) (*SignedData, error) { panic("stub") }

// SigningCertificate finds the certificate a SignerInfo names by SID (and, of
// several, the one the ESS attribute names).
func (sd *SignedData) SigningCertificate(si *SignerInfo) *x509.Certificate { panic("stub") }

// DigestHash maps the digest algorithm to a hash; 0 when unknown.
func (si *SignerInfo) DigestHash() crypto.Hash { panic("stub") }

// Scheme maps the signature algorithm with its parameters.
func (si *SignerInfo) Scheme() (Scheme, crypto.Hash, error) { panic("stub") }

// MessageDigest returns the one message-digest attribute.
func (si *SignerInfo) MessageDigest() ([]byte, error) { panic("stub") }

// Attr returns the attributes of that type (normally 0 or 1).
func (si *SignerInfo) Attr(oid asn1.ObjectIdentifier) []Attribute { panic("stub") }

// UnsignedAttr likewise for unsigned attributes.
func (si *SignerInfo) UnsignedAttr(oid asn1.ObjectIdentifier) []Attribute { panic("stub") }

// SigningTime returns the CMS signing-time attribute.
func (si *SignerInfo) SigningTime() (t time.Time, ok bool, err error) { panic("stub") }

// ESSCertID is one entry of signing-certificate or signing-certificate-v2.
type ESSCertID struct {
	V2     bool
	Hash   crypto.Hash
	Digest []byte
	Issuer []byte // raw Name or nil
	Serial []byte
}

// ESS returns the certificate identifiers of signing-certificate(-v2).
func (si *SignerInfo) ESS() ([]ESSCertID, error) { panic("stub") }

// Matches tells whether the identifier names the certificate.
func (id ESSCertID) Matches(cert *x509.Certificate) bool { panic("stub") }

// VerifySignature checks Signature with the key of cert: over the raw signed
// attributes (tag 0xA0 read as SET), or, without them, over contentDigest.
// It says nothing of message-digest; see CheckAttributes.
func (si *SignerInfo) VerifySignature(cert *x509.Certificate, contentDigest []byte) error {
	panic("stub")
}

// CheckAttributes checks content-type (against want) and message-digest
// (against contentDigest), each exactly once, and algorithm protection.
func (si *SignerInfo) CheckAttributes(want asn1.ObjectIdentifier, contentDigest []byte) error {
	panic("stub")
}

// Request says what to sign.
type Request struct {
	Signer      crypto.Signer
	Certificate *x509.Certificate     // required
	Chain       []*x509.Certificate   // embedded after Certificate
	Hash        crypto.Hash           // 0: SHA-256 (P-384: SHA-384)
	Scheme      Scheme                // 0: PKCS1v15 for RSA, ECDSA for EC
	Digest      []byte                // of the detached content, by Hash
	ContentType asn1.ObjectIdentifier // nil: id-data
	Rand        io.Reader             // nil: crypto/rand
}

// Signed is a signature being finished.
type Signed struct{}

// Sign asks the key exactly once and checks the answer with the certificate.
func Sign(ctx context.Context, r Request) (*Signed, error) { panic("stub") }

// SignatureValue is what a signature timestamp covers.
func (s *Signed) SignatureValue() []byte { panic("stub") }

// SetTimestamp adds the signature-time-stamp unsigned attribute.
func (s *Signed) SetTimestamp(token []byte) { panic("stub") }

// Marshal returns the DER ContentInfo.
func (s *Signed) Marshal() ([]byte, error) { panic("stub") }

// Size returns the exact or an upper size in bytes of what Sign would make
// for r (Signer not used, Digest may be nil), with a timestamp of tsSize bytes
// (0: none).
func Size(r Request, tsSize int) (int, error) { panic("stub") }

// AddTimestamp returns sd with a signature-time-stamp added, all other bytes kept.
func AddTimestamp(sd *SignedData, token []byte) ([]byte, error) { panic("stub") }
