package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
)

// samePublic: an RSA exponent that a private key object does not show is 0 and
// not compared.
func samePublic(a, b crypto.PublicKey) bool {
	switch a := a.(type) {
	case *rsa.PublicKey:
		b, ok := b.(*rsa.PublicKey)
		return ok && a.N.Cmp(b.N) == 0 && (a.E == b.E || a.E == 0 || b.E == 0)
	case *ecdsa.PublicKey:
		return a.Equal(b)
	}
	return false
}
