package cmstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
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

	counts = map[string]int{}
)

// Key returns the key of that kind and name, the same within a process.
func Key(kind Kind, name string) crypto.Signer {
	keyMu.Lock()
	defer keyMu.Unlock()
	id := string(kind) + "/" + name
	if k, ok := keys[id]; ok {
		return k
	}
	k, err := generate(kind, id)
	if err != nil {
		panic("cmstest: " + err.Error())
	}
	keys[id] = k
	return k
}

// generate derives a key from its name, so that a fuzzing worker has the keys
// its corpus was made with. Such keys protect nothing.
func generate(kind Kind, seed string) (crypto.Signer, error) {
	curve := map[Kind]elliptic.Curve{P256: elliptic.P256(), P384: elliptic.P384(), P521: elliptic.P521()}[kind]
	switch {
	case kind == RSA:
		return rsaKey(seed)
	case curve != nil:
		size := (curve.Params().BitSize + 7) / 8
		d := new(big.Int).SetBytes(stream(seed, size-1)) // below the order
		return ecdsa.ParseRawPrivateKey(curve, d.FillBytes(make([]byte, size)))
	}
	return ed25519.NewKeyFromSeed(stream(seed, ed25519.SeedSize)), nil
}

// stream returns n bytes that depend on seed alone.
func stream(seed string, n int) []byte {
	var out []byte
	for i := 0; len(out) < n; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", seed, i))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func rsaKey(seed string) (*rsa.PrivateKey, error) {
	p, q := prime(seed+"/p"), prime(seed+"/q")
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	const e = 65537
	d := new(big.Int).ModInverse(big.NewInt(e), phi)
	if d == nil {
		return nil, errors.New("unlucky name for an RSA key")
	}
	k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: e}, D: d, Primes: []*big.Int{p, q}}
	k.Precompute()
	return k, k.Validate()
}

// prime is the first prime of 1024 bits from a place given by seed.
func prime(seed string) *big.Int {
	b := stream(seed, 128)
	b[0] |= 0xc0
	b[127] |= 1
	p, two := new(big.Int).SetBytes(b), big.NewInt(2)
	for !p.ProbablyPrime(20) {
		p.Add(p, two)
	}
	return p
}

// Certificate makes one for pub, valid 2000 to 2100, issued by "Test CA" with
// a P-256 key (the issuer's certificate is CA()). The template may be changed.
func Certificate(cn string, pub crypto.PublicKey, edit func(*x509.Certificate)) *x509.Certificate {
	ca := CA()
	spki := must(x509.MarshalPKIXPublicKey(pub))
	serial := new(big.Int).SetBytes(stream(fmt.Sprintf("%s/%x/%d", cn, spki, count(cn)), 8))
	t := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: cn, Country: []string{"VN"}},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		SubjectKeyId: Sum(crypto.SHA1, spki),
	}
	if edit != nil {
		edit(t)
	}
	return parse(must(x509.CreateCertificate(nil, t, ca, pub, Key(P256, "Test CA"))))
}

// count tells how many certificates of that name were made before: two made
// alike differ in their serial numbers.
func count(cn string) int {
	keyMu.Lock()
	defer keyMu.Unlock()
	counts[cn]++
	return counts[cn]
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
	return parse(must(x509.CreateCertificate(nil, t, t, key.Public(), key)))
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
