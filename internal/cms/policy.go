package cms

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"time"
)

// Algorithm is what an algorithm policy judges.
type Algorithm struct {
	Scheme  Scheme      // 0: a hash alone (imprint of a timestamp)
	Hash    crypto.Hash // 0: a key alone
	KeyBits int         // of RSA: the modulus
	Curve   string      // of ECDSA: "P-256"
}

// AlgorithmOf describes a signature by the key of cert.
func AlgorithmOf(s Scheme, h crypto.Hash, cert *x509.Certificate) Algorithm {
	a := Algorithm{Scheme: s, Hash: h}
	key, err := publicKey(cert, h)
	if err != nil {
		return a
	}
	switch pub := key.(type) {
	case *rsa.PublicKey:
		a.KeyBits = pub.N.BitLen()
	case *ecdsa.PublicKey:
		a.KeyBits, a.Curve = pub.Curve.Params().BitSize, pub.Curve.Params().Name
	case ed25519.PublicKey:
		a.KeyBits = 256
	}
	return a
}

// forever ends what has no end in the table.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func month(year int, m time.Month) time.Time { return time.Date(year, m, 1, 0, 0, 0, 0, time.UTC) }

// hashEnds says until when a hash is trusted. ETSI TS 119 312, as dated in the
// validation policy of DSS.
var hashEnds = map[crypto.Hash]time.Time{
	crypto.MD5:      month(2004, time.August),
	crypto.SHA1:     month(2012, time.August),
	crypto.SHA224:   month(2029, time.January),
	crypto.SHA256:   forever,
	crypto.SHA384:   forever,
	crypto.SHA512:   forever,
	crypto.SHA3_256: forever,
	crypto.SHA3_384: forever,
	crypto.SHA3_512: forever,
}

// keyEnds says until when a scheme is trusted from a key size on; the last
// row that fits counts. Smaller keys were never trusted.
var keyEnds = []struct {
	scheme Scheme
	bits   int // at least
	until  time.Time
}{
	{PKCS1v15, 1024, month(2019, time.October)},
	{PKCS1v15, 1900, month(2029, time.January)},
	{PSS, 1024, month(2019, time.October)},
	{PSS, 1900, month(2029, time.January)},
	{PSS, 3000, forever},
	{ECDSA, 160, month(2012, time.August)},
	{ECDSA, 224, month(2021, time.October)},
	{ECDSA, 256, forever},
	{Ed25519, 256, forever},
}

// curveBits are the sizes of curves by name.
var curveBits = map[string]int{"P-224": 224, "P-256": 256, "P-384": 384, "P-521": 521}

// AlgorithmAllowed tells whether an algorithm was trusted at a time, and until
// when it is (the earliest end of its parts; the zero time: never was). What
// the table does not know is not allowed. Zero scheme: a hash alone; zero
// hash: a key alone; keyBits is the modulus of RSA in bits; curve ("P-256")
// goes before keyBits. ETSI TS 119 312.
func AlgorithmAllowed(scheme Scheme, hash crypto.Hash, keyBits int, curve string, at time.Time) (ok bool, until time.Time) {
	return Algorithm{scheme, hash, keyBits, curve}.Allowed(at)
}

// Allowed is AlgorithmAllowed for a described algorithm.
func (a Algorithm) Allowed(at time.Time) (ok bool, until time.Time) {
	until = forever
	if a.Hash != 0 {
		until = hashEnds[a.Hash]
	}
	if a.Scheme != 0 {
		end := keyEnd(a)
		if end.Before(until) {
			until = end
		}
	}
	if a.Hash == 0 && a.Scheme == 0 {
		return false, time.Time{}
	}
	return at.Before(until), until
}

func keyEnd(a Algorithm) time.Time {
	bits := a.KeyBits
	if bits == 0 {
		bits = curveBits[a.Curve]
	}
	if a.Scheme == ECDSA && a.Curve != "" {
		bits = curveBits[a.Curve]
	}
	var end time.Time
	for _, row := range keyEnds {
		if row.scheme == a.Scheme && bits >= row.bits {
			end = row.until
		}
	}
	return end
}
