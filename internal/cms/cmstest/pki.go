package cmstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"time"

	"github.com/kyso-vn/kyso/internal/oids"
)

// Kind of key.
type Kind string

// Kinds of keys.
const (
	RSA     Kind = "rsa2048"
	P256    Kind = "p256"
	P384    Kind = "p384"
	P521    Kind = "p521"
	Ed25519 Kind = "ed25519"
)

var (
	keyMu sync.Mutex
	keys  = map[string]crypto.Signer{}
)

// Key returns the key of that kind and name, the same within a process.
func Key(kind Kind, name string) crypto.Signer {
	keyMu.Lock()
	defer keyMu.Unlock()
	id := string(kind) + "/" + name
	if k, ok := keys[id]; ok {
		return k
	}
	k, err := generate(kind)
	if err != nil {
		panic("cmstest: " + err.Error())
	}
	keys[id] = k
	return k
}

func generate(kind Kind) (crypto.Signer, error) {
	switch kind {
	case RSA:
		return rsa.GenerateKey(rand.Reader, 2048)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case P521:
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	}
	_, k, err := ed25519.GenerateKey(rand.Reader)
	return k, err
}

// Certificate makes one for pub, valid 2000 to 2100, issued by "Test CA" with
// a P-256 key (the issuer's certificate is CA()). The template may be changed.
func Certificate(cn string, pub crypto.PublicKey, edit func(*x509.Certificate)) *x509.Certificate {
	ca := CA()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		panic("cmstest: " + err.Error())
	}
	t := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: cn, Country: []string{"VN"}},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		SubjectKeyId: Sum(crypto.SHA1, must(x509.MarshalPKIXPublicKey(pub))),
	}
	if edit != nil {
		edit(t)
	}
	return parse(must(x509.CreateCertificate(rand.Reader, t, ca, pub, Key(P256, "Test CA"))))
}

func parse(der []byte) *x509.Certificate {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic("cmstest: " + err.Error())
	}
	return c
}

var caOnce = sync.OnceValue(func() *x509.Certificate {
	key := Key(P256, "Test CA")
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Test CA"},
		NotBefore:             time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	return parse(must(x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)))
})

// CA returns the certificate that signs all others.
func CA() *x509.Certificate { return caOnce() }

// TSAExtension returns a template edit that makes a TSA certificate with
// these key purposes, critical or not (RFC 3161, 2.3).
func TSAExtension(critical bool, ekuOIDs ...[]byte) func(*x509.Certificate) {
	return func(t *x509.Certificate) {
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{
			Id: oids.ExtKeyUsage, Critical: critical, Value: TLV(0x30, ekuOIDs...),
		})
	}
}
