package testpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"fmt"
)

// KeyType of a generated key.
type KeyType string

// The key types. RSA keys are embedded, EC keys derived from their name.
const (
	RSA2048 KeyType = "rsa2048"
	RSA3072 KeyType = "rsa3072"
	P256    KeyType = "p256"
	P384    KeyType = "p384"
	P521    KeyType = "p521"
)

// The RSA keys are public test data; they protect nothing.
//
//go:embed keys/*.pem
var keyFiles embed.FS

// Key returns a fixed test key: the same key each time for the same type and
// name. There are four RSA-2048 and two RSA-3072 keys, so two names may share
// one; EC keys differ by name. An unknown type panics (a slip of the caller).
func Key(t KeyType, name string) crypto.Signer {
	sum := sha512.Sum512([]byte(string(t) + "\x00" + name))
	switch t {
	case RSA2048:
		return rsaKey(t, int(sum[0])%4)
	case RSA3072:
		return rsaKey(t, int(sum[0])%2)
	case P256:
		return ecKey(elliptic.P256(), 32, sum)
	case P384:
		return ecKey(elliptic.P384(), 48, sum)
	case P521:
		return ecKey(elliptic.P521(), 66, sum)
	}
	panic("testpki: unknown key type " + string(t))
}

func rsaKey(t KeyType, n int) crypto.Signer {
	data, err := keyFiles.ReadFile(fmt.Sprintf("keys/%s-%d.pem", t, n))
	must(err)
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(err)
	return key.(crypto.Signer)
}

// ecKey hashes until the scalar is in range (1 to n-1).
func ecKey(curve elliptic.Curve, size int, seed [64]byte) crypto.Signer {
	for i := byte(0); ; i++ {
		a := sha512.Sum512(append([]byte{i}, seed[:]...))
		b := sha256.Sum256(a[:])
		d := append(a[:], b[:]...)[:size]
		if size == 66 {
			d[0] &= 1
		}
		if key, err := ecdsa.ParseRawPrivateKey(curve, d); err == nil {
			return key
		}
	}
}

// must stops a test whose fixed data is broken; no input reaches it.
func must(err error) {
	if err != nil {
		panic("testpki: " + err.Error())
	}
}
