package certpath_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

type pssParameters struct {
	Hash    pkix.AlgorithmIdentifier `asn1:"explicit,tag:0"`
	MGF     pkix.AlgorithmIdentifier `asn1:"explicit,tag:1"`
	Salt    int                      `asn1:"explicit,tag:2"`
	Trailer int                      `asn1:"optional,explicit,tag:3,default:1"`
}

func pssAlgorithm(hash, mgf asn1.ObjectIdentifier, salt, trailer int) []byte {
	h := pkix.AlgorithmIdentifier{Algorithm: hash, Parameters: asn1.NullRawValue}
	inner := must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: mgf, Parameters: asn1.NullRawValue}))
	params := must(asn1.Marshal(pssParameters{h, pkix.AlgorithmIdentifier{Algorithm: oids.MGF1,
		Parameters: asn1.RawValue{FullBytes: inner}}, salt, trailer}))
	return must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oids.RSAPSS, Parameters: asn1.RawValue{FullBytes: params}}))
}

// rsaSPKI is the key under the identifier id-RSASSA-PSS, with parameters or
// none.
func rsaSPKI(key crypto.Signer, params []byte) []byte {
	alg := pkix.AlgorithmIdentifier{Algorithm: oids.RSAPSS}
	if params != nil {
		alg.Parameters = asn1.RawValue{FullBytes: params}
	}
	bits := x509.MarshalPKCS1PublicKey(key.Public().(*rsa.PublicKey))
	return must(asn1.Marshal(struct {
		Alg  pkix.AlgorithmIdentifier
		Bits asn1.BitString
	}{alg, asn1.BitString{Bytes: bits, BitLength: 8 * len(bits)}}))
}

func pssParams(alg []byte) []byte {
	var id pkix.AlgorithmIdentifier
	must(asn1.Unmarshal(alg, &id))
	return id.Parameters.FullBytes
}

func TestSignatureAlgorithms(t *testing.T) {
	rsaKey := testpki.Key(testpki.RSA2048, "a")
	p384, p521 := testpki.Key(testpki.P384, "a"), testpki.Key(testpki.P521, "a")
	pss := func(salt int) func(*spec) {
		return func(s *spec) { s.alg, s.salt = pssAlgorithm(oids.SHA256, oids.SHA256, salt, 1), salt }
	}
	tests := []struct {
		name  string
		key   crypto.Signer
		spki  []byte
		alter func(*spec)
		want  certpath.Reason
	}{
		{"RSA", rsaKey, nil, nil, 0},
		{"RSA, SHA-384", rsaKey, nil, func(s *spec) { s.hash = crypto.SHA384 }, 0},
		{"RSA, SHA-1", rsaKey, nil, func(s *spec) { s.hash = crypto.SHA1 }, certpath.WeakAlgorithm},
		{"RSA, MD5", rsaKey, nil, func(s *spec) { s.hash = crypto.MD5 }, certpath.WeakAlgorithm},
		{"RSA without NULL", rsaKey, nil, func(s *spec) { s.alg = algorithmID(oids.SHA256WithRSA) }, 0},
		{"RSA with parameters", rsaKey, nil, func(s *spec) {
			s.alg = must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oids.SHA256WithRSA, Parameters: asn1.RawValue{FullBytes: []byte{2, 1, 1}}}))
		}, certpath.UnsupportedAlgorithm},
		{"RSA, other hash named", rsaKey, nil, func(s *spec) {
			s.alg = must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oids.SHA512WithRSA, Parameters: asn1.NullRawValue}))
		}, certpath.BadSignature},
		{"PSS, salt 32", rsaKey, nil, pss(32), 0},
		{"PSS, salt 20", rsaKey, nil, pss(20), 0},
		{"PSS, salt 1", rsaKey, nil, pss(1), 0},
		{"PSS, longest salt", rsaKey, nil, pss(222), 0},
		{"PSS, salt other than named", rsaKey, nil, func(s *spec) {
			s.alg, s.salt = pssAlgorithm(oids.SHA256, oids.SHA256, 32, 1), 20
		}, certpath.BadSignature},
		{"PSS, SHA-1", rsaKey, nil, func(s *spec) {
			s.alg, s.salt, s.hash = pssAlgorithm(oids.SHA1, oids.SHA1, 20, 1), 20, crypto.SHA1
		}, certpath.WeakAlgorithm},
		{"PSS, mask of another hash", rsaKey, nil, func(s *spec) {
			s.alg, s.salt = pssAlgorithm(oids.SHA256, oids.SHA1, 32, 1), 32
		}, certpath.UnsupportedAlgorithm},
		{"PSS, trailer 2", rsaKey, nil, func(s *spec) {
			s.alg, s.salt = pssAlgorithm(oids.SHA256, oids.SHA256, 32, 2), 32
		}, certpath.UnsupportedAlgorithm},
		{"PSS, negative salt", rsaKey, nil, func(s *spec) {
			s.alg, s.salt = pssAlgorithm(oids.SHA256, oids.SHA256, -1, 1), 32
		}, certpath.UnsupportedAlgorithm},
		{"PSS key", rsaKey, rsaSPKI(rsaKey, nil), pss(32), 0},
		{"PSS key with parameters", rsaKey, rsaSPKI(rsaKey, pssParams(pssAlgorithm(oids.SHA256, oids.SHA256, 32, 1))), pss(32), 0},
		{"PSS key for another hash", rsaKey, rsaSPKI(rsaKey, pssParams(pssAlgorithm(oids.SHA512, oids.SHA512, 32, 1))), pss(32), certpath.UnsupportedAlgorithm},
		{"P-384", p384, nil, func(s *spec) { s.hash = crypto.SHA384 }, 0},
		{"P-521 with SHA-256", p521, nil, nil, 0},
		{"EC signature under an RSA key", p384, spkiOf(rsaKey.Public()), nil, certpath.BadSignature},
		{"unknown curve", p384, unknownCurve(), nil, certpath.UnsupportedAlgorithm},
		{"RSA key of 16384 bits", rsaKey, spkiOf(&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 16383, 1), E: 65537}), nil, certpath.UnsupportedAlgorithm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := newCA(nil, "Root")
			sub := &authority{key: tt.key}
			if tt.spki == nil {
				tt.spki = spkiOf(tt.key.Public())
			}
			sub.cert = newCA(root, "Sub", func(s *spec) { s.spki = tt.spki }).cert
			var alter []func(*spec)
			if tt.alter != nil {
				alter = append(alter, tt.alter)
			}
			o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}
			leaf := newLeaf(sub, "l", alter...)
			expect(t, leaf, o, tt.want)
			if tt.want == certpath.WeakAlgorithm {
				o.AllowWeak = true
				expect(t, leaf, o, 0)
			}
		})
	}
}

// unknownCurve is an EC key on brainpoolP256r1.
func unknownCurve() []byte {
	curve := must(asn1.Marshal(asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7}))
	return must(asn1.Marshal(struct {
		Alg  pkix.AlgorithmIdentifier
		Bits asn1.BitString
	}{pkix.AlgorithmIdentifier{Algorithm: oids.ECPublicKey, Parameters: asn1.RawValue{FullBytes: curve}},
		asn1.BitString{Bytes: append([]byte{4}, make([]byte, 64)...), BitLength: 65 * 8}}))
}

func TestSignedEd25519(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	cert := newCA(nil, "Ed", func(s *spec) { s.spki = spkiOf(key.Public()) }).cert
	good := certpath.Signed{Message: []byte("message"), Algorithm: algorithmID(oids.Ed25519), Signature: ed25519.Sign(key, []byte("message"))}
	if err := good.Check(cert); err != nil || good.Weak() {
		t.Errorf("good: %v", err)
	}
	other := good
	other.Message = []byte("massage")
	if err := other.Check(cert); !errors.Is(err, certpath.ErrSignature) {
		t.Errorf("other message: %v", err)
	}
	if err := good.Check(newCA(nil, "EC").cert); !errors.Is(err, certpath.ErrSignature) {
		t.Errorf("other kind of key: %v", err)
	}
	malformed := good
	malformed.Algorithm = []byte{0x30}
	if err := malformed.Check(cert); !errors.Is(err, certpath.ErrAlgorithm) || malformed.Weak() {
		t.Errorf("malformed algorithm: %v", err)
	}
}

// What crypto/x509 verifies, this package must, and the other way round.
func TestSignedAgreesWithX509(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.RSA3072, testpki.P256, testpki.P384, testpki.P521} {
		root := testpki.NewRoot("Root", kind)
		leaf := root.Issue(testpki.Leaf{CN: "l"})
		s, err := certpath.ParseSigned(leaf.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := leaf.CheckSignatureFrom(root.Certificate); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(root.Certificate); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		s.Signature[len(s.Signature)-1] ^= 1
		if err := s.Check(root.Certificate); !errors.Is(err, certpath.ErrSignature) {
			t.Errorf("%s, broken: %v", kind, err)
		}
	}
	for _, der := range [][]byte{nil, {0x30, 0}, {0x30, 3, 0x30, 1, 0}} {
		if _, err := certpath.ParseSigned(der); err == nil {
			t.Errorf("%x was parsed", der)
		}
	}
}

// The dearest keys there are, as often as a search may check them.
func TestDearKeys(t *testing.T) {
	n := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 8192), big.NewInt(1))
	tests := []struct {
		name string
		key  crypto.PublicKey
		size int // bytes of an RSA signature
	}{
		{"RSA of 8192 bits, largest exponent", &rsa.PublicKey{N: n, E: 1<<31 - 1}, 1024},
		{"RSA of 4096 bits, largest exponent", &rsa.PublicKey{N: new(big.Int).Rsh(n, 4096), E: 1<<31 - 1}, 512},
		{"RSA of 3072 bits, largest exponent", &rsa.PublicKey{N: new(big.Int).Rsh(n, 5120), E: 1<<31 - 1}, 384},
		{"P-521", testpki.Key(testpki.P521, "a").Public(), 0},
		{"P-384", testpki.Key(testpki.P384, "a").Public(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spki := spkiOf(tt.key)
			var signature []byte
			root := newCA(nil, "Root")
			alg := must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oids.SHA256WithRSA, Parameters: asn1.NullRawValue}))
			signer := testpki.Key(testpki.P521, "b")
			if tt.size == 0 {
				if tt.name == "P-384" {
					signer = testpki.Key(testpki.P384, "b")
				}
				alg = algorithmID(oids.ECDSAWithSHA256)
			} else {
				signature = bytes.Repeat([]byte{0x55}, tt.size)
			}
			leaf := newLeaf(&authority{cert: named(root, "x", "Sub").cert, key: signer}, "l", func(s *spec) { s.alg, s.signature = alg, signature })
			o := certpath.Options{Anchors: anchorsOf(root)}
			for range 1100 {
				o.Intermediates = append(o.Intermediates, named(root, "x", "Sub", func(s *spec) { s.spki = spki }).cert)
			}
			quick(t, func() {
				if _, err := build(leaf, o); err == nil {
					t.Error("found a path")
				}
			})
		})
	}
}
