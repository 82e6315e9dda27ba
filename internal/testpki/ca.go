package testpki

import (
	"crypto"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // key identifiers, RFC 5280, 4.2.1.2
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"sync"
	"time"
)

// CA is a test certification authority.
type CA struct {
	Certificate *x509.Certificate
	Key         crypto.Signer

	mu      sync.Mutex
	revoked map[string]Revocation // by serial number
}

// Leaf describes an end certificate; zero fields have sensible defaults.
type Leaf struct {
	CN, O, Title, Email           string   // Email goes in SAN rfc822Name
	UID                           []string // "MST:0100000000", "CCCD:001000000001"
	Key                           crypto.PublicKey
	NotBefore, NotAfter           time.Time     // zero: 2000 to 2100
	KeyUsage                      x509.KeyUsage // zero: digitalSignature | contentCommitment
	TSA                           bool          // EKU timeStamping critical, alone
	OCSPSigner                    bool
	OCSPURL, CRLURL, CAIssuersURL string
	Template                      func(*x509.Certificate) // last word
}

func year(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }

// NewRoot makes a self-signed root valid 2000 to 2100.
func NewRoot(cn string, t KeyType) *CA {
	key := Key(t, cn)
	tmpl := caTemplate(cn, key.Public(), year(2000), year(2100))
	cert, err := create(rand.Reader, tmpl, tmpl, key.Public(), key)
	must(err)
	return &CA{Certificate: cert, Key: key}
}

// Sub makes an intermediate CA.
func (ca *CA) Sub(cn string, t KeyType) *CA {
	key := Key(t, cn)
	cert, err := create(rand.Reader, caTemplate(cn, key.Public(), year(2000), year(2100)), ca.Certificate, key.Public(), ca.Key)
	must(err)
	return &CA{Certificate: cert, Key: key}
}

// Issue makes the certificate. A nil Key takes Key(P256, l.CN).
func (ca *CA) Issue(l Leaf) *x509.Certificate {
	cert, err := ca.issue(rand.Reader, l)
	must(err)
	return cert
}

// Person is the standard signer NGUYỄN VĂN A <a@example.vn>, MST and CCCD set.
func (ca *CA) Person(key crypto.PublicKey) *x509.Certificate { return ca.Issue(person(key)) }

func person(key crypto.PublicKey) Leaf {
	return Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", Key: key,
		UID: []string{"CCCD:001000000001", "MST:0100000000"}}
}

func (ca *CA) issue(random io.Reader, l Leaf) (*x509.Certificate, error) {
	if l.Key == nil {
		l.Key = Key(P256, l.CN).Public()
	}
	tmpl := leafTemplate(l)
	if l.Template != nil {
		l.Template(tmpl)
	}
	return create(random, tmpl, ca.Certificate, l.Key, ca.Key)
}

func leafTemplate(l Leaf) *x509.Certificate {
	if l.NotBefore.IsZero() {
		l.NotBefore = year(2000)
	}
	if l.NotAfter.IsZero() {
		l.NotAfter = year(2100)
	}
	if l.KeyUsage == 0 {
		l.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	}
	tmpl := &x509.Certificate{Subject: subject(l), NotBefore: l.NotBefore, NotAfter: l.NotAfter,
		KeyUsage: l.KeyUsage, BasicConstraintsValid: true, SubjectKeyId: keyID(l.Key),
		SerialNumber: serial(l.CN, l.Key)}
	if l.Email != "" {
		tmpl.EmailAddresses = []string{l.Email}
	}
	if l.TSA { // RFC 3161, 2.3: critical and alone; Go writes EKU not critical
		tmpl.ExtraExtensions = append(tmpl.ExtraExtensions, pkix.Extension{
			Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
			Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8}})
	}
	if l.OCSPSigner {
		tmpl.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
	}
	tmpl.OCSPServer, tmpl.CRLDistributionPoints = list(l.OCSPURL), list(l.CRLURL)
	tmpl.IssuingCertificateURL = list(l.CAIssuersURL)
	return tmpl
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func subject(l Leaf) pkix.Name {
	n := pkix.Name{CommonName: l.CN, Country: []string{"VN"}, Organization: list(l.O)}
	if l.Title != "" {
		n.ExtraNames = append(n.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, 12}, Value: l.Title})
	}
	for _, id := range l.UID {
		n.ExtraNames = append(n.ExtraNames, pkix.AttributeTypeAndValue{
			Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: id})
	}
	return n
}

func caTemplate(cn string, pub crypto.PublicKey, from, to time.Time) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: cn, Country: []string{"VN"}},
		NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true,
		KeyUsage:     x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId: keyID(pub), SerialNumber: serial(cn, pub)}
}

func create(random io.Reader, tmpl, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(random, tmpl, parent, pub, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func spki(pub crypto.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(pub)
	must(err)
	return der
}

func keyID(pub crypto.PublicKey) []byte { s := sha1.Sum(spki(pub)); return s[:] }

func serial(cn string, pub crypto.PublicKey) *big.Int {
	s := sha256.Sum256(append([]byte(cn+"\x00"), spki(pub)...))
	s[0] = s[0]&0x3f | 0x40
	return new(big.Int).SetBytes(s[:16])
}
