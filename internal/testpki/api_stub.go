// Package testpki makes certificates and servers with a fixed clock for tests
// and for the demo: CA, signer, TSA, OCSP, CRL. Nothing in it expires.
package testpki

import (
	"crypto"
	"crypto/x509"
	"net/http"
	"time"
)

// Now is the fixed clock of all test data: 2026-05-12 08:35:12 UTC.
func Now() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }

// KeyType of a generated key.
type KeyType string

const (
	RSA2048 KeyType = "rsa2048"
	RSA3072 KeyType = "rsa3072"
	P256    KeyType = "p256"
	P384    KeyType = "p384"
	P521    KeyType = "p521"
)

// Key returns a fixed test key (the same key each time for the same type and
// name, kept in the binary or derived; generation must be fast).
func Key(t KeyType, name string) crypto.Signer { panic("stub") }

// CA is a test certification authority.
type CA struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
}

// NewRoot makes a self-signed root valid 2000 to 2100.
func NewRoot(cn string, t KeyType) *CA { panic("stub") }

// Sub makes an intermediate CA.
func (ca *CA) Sub(cn string, t KeyType) *CA { panic("stub") }

// Leaf describes an end certificate; zero fields have sensible defaults.
type Leaf struct {
	CN, O, Title, Email           string   // Email goes in SAN rfc822Name
	UID                           []string // "MST:0100000000", "CCCD:001000000001"
	Key                           crypto.PublicKey
	NotBefore, NotAfter           time.Time     // zero: 2020 to 2100
	KeyUsage                      x509.KeyUsage // zero: digitalSignature | contentCommitment
	TSA                           bool          // EKU timeStamping critical, alone
	OCSPSigner                    bool
	OCSPURL, CRLURL, CAIssuersURL string
	Template                      func(*x509.Certificate) // last word
}

// Issue makes the certificate.
func (ca *CA) Issue(l Leaf) *x509.Certificate { panic("stub") }

// Person is the standard signer NGUYỄN VĂN A <a@example.vn>, MST and CCCD set.
func (ca *CA) Person(key crypto.PublicKey) *x509.Certificate { panic("stub") }

// TSA is an RFC 3161 server; an http.Handler. Modes make it misbehave.
type TSA struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	Chain       []*x509.Certificate
	Now         func() time.Time // nil: testpki.Now
	Requests    int64            // counted atomically
	Mode        string           // "" = good; see modes in tsa.go
}

// NewTSA makes a TSA under ca.
func NewTSA(ca *CA, t KeyType) *TSA { panic("stub") }

func (t *TSA) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("stub") }

// Transport serves the handler in-process for every request, no socket.
func Transport(h http.Handler) http.RoundTripper { panic("stub") }

// PKCS12 encodes key, certificate and chain (modern: AES).
func PKCS12(key crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate, password string) ([]byte, error) {
	panic("stub")
}
