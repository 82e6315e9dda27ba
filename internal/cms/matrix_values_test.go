package cms_test

// Rows E20 to E26: values, parameters and encodings.

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// E20: forgeries against exponent 3. Any lax reading of the padding would
// accept one of them.
func TestE20SmallExponentForgery(t *testing.T) {
	key, cert := exponent3(t)
	good := cmstest.SignedData{Cert: cert, Key: key, Content: content}
	if err := judge(mustParse(t, good.Build())); err != nil {
		t.Fatalf("control with exponent 3: %v", err)
	}
	prefix := []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2, 1, 5, 0, 4, 32}
	forge := func(head func(digest []byte) []byte) func(_, digest []byte) []byte {
		return func(_, digest []byte) []byte { return cubeRootSignature(head(digest), key.Size()) }
	}
	info := func(digest []byte) []byte { return append(bytes.Clone(prefix), digest...) }
	tests := map[string]func(_, digest []byte) []byte{
		"bleichenbacher 2006: short padding, garbage behind": forge(func(d []byte) []byte {
			return append([]byte{0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}, info(d)...)
		}),
		"no padding at all": forge(func(d []byte) []byte { return append([]byte{0, 1, 0}, info(d)...) }),
		"garbage in the parameters (berserk)": forge(func(d []byte) []byte {
			return []byte{0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x30, 0x81, 0xf0, 0x30, 0x81, 0xcd, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0x81, 0xbe}
		}),
		"zero": func(_, _ []byte) []byte { return make([]byte, key.Size()) },
		"one":  func(_, _ []byte) []byte { return append(make([]byte, key.Size()-1), 1) },
	}
	for name, sign := range tests {
		t.Run(name, func(t *testing.T) {
			s := good
			s.Sign = sign
			wantError(t, mustParse(t, s.Build()), cms.ErrSignature)
		})
	}
}

// cubeRootSignature is the cube root of head followed by ones, rounded down:
// its cube begins with head.
func cubeRootSignature(head []byte, size int) []byte {
	target := append(bytes.Clone(head), bytes.Repeat([]byte{0xff}, size-len(head))...)
	n := new(big.Int).SetBytes(target)
	low, high := big.NewInt(0), new(big.Int).Lsh(big.NewInt(1), uint(size*8/3+1))
	one := big.NewInt(1)
	for new(big.Int).Sub(high, low).Cmp(one) > 0 {
		mid := new(big.Int).Rsh(new(big.Int).Add(low, high), 1)
		if new(big.Int).Exp(mid, big.NewInt(3), nil).Cmp(n) <= 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return low.FillBytes(make([]byte, size))
}

func exponent3(t *testing.T) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	three, one := big.NewInt(3), big.NewInt(1)
	for {
		p, errP := rand.Prime(rand.Reader, 1024)
		q, errQ := rand.Prime(rand.Reader, 1024)
		if errP != nil || errQ != nil {
			t.Fatal(errP, errQ)
		}
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(three, phi)
		if d == nil {
			continue
		}
		k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 3}, D: d, Primes: []*big.Int{p, q}}
		k.Precompute()
		return k, cmstest.Certificate("e=3", k.Public(), nil)
	}
}

func TestRSAKeyOfAMegabit(t *testing.T) {
	s := alice(cmstest.RSA)
	s.Sign = func(_, _ []byte) []byte { return make([]byte, 1<<17) }
	si := mustParse(t, s.Build()).SignerInfos[0]
	huge := *s.Cert
	n := new(big.Int).Lsh(big.NewInt(1), 1<<20-1)
	huge.PublicKey = &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
	var limit *cms.LimitError
	if err := si.VerifySignature(&huge, nil); !errors.Is(err, cms.ErrUnsupported) || !errors.As(err, &limit) {
		t.Errorf("%v", err)
	}
}

func TestE21PSSParameters(t *testing.T) {
	defaults := cmstest.Alg(oids.RSAPSS, cmstest.TLV(0x30))
	tests := map[string]struct {
		change func(*cmstest.SignedData)
		want   error
	}{
		"control":           {func(*cmstest.SignedData) {}, nil},
		"salt 20":           {func(s *cmstest.SignedData) { s.Salt = 20 }, nil},
		"trailer 2":         {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 2) }, cms.ErrAlgorithm},
		"other mask hash":   {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA1, 32, 1) }, cms.ErrAlgorithm},
		"salt 0":            {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 0, 1) }, cms.ErrAlgorithm},
		"salt negative":     {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, -1, 1) }, cms.ErrAlgorithm},
		"salt huge":         {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 1<<30, 1) }, cms.ErrAlgorithm},
		"salt lies":         {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 33, 1) }, cms.ErrSignature},
		"salt beyond room":  {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 2000, 1) }, cms.ErrSignature},
		"no parameters":     {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.Alg(oids.RSAPSS) }, cms.ErrAlgorithm},
		"defaults are sha1": {func(s *cmstest.SignedData) { s.SignatureAlg = defaults }, cms.ErrAlgorithm},
		"hash of another":   {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA512, crypto.SHA512, 32, 1) }, cms.ErrAlgorithm},
		"unknown mask":      {func(s *cmstest.SignedData) { s.SignatureAlg = pssMask(oids.SHA256) }, cms.ErrAlgorithm},
		"pkcs1 says pss":    {func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.Alg(oids.SHA256WithRSA, cmstest.Null) }, cms.ErrSignature},
		"pss says pkcs1": {func(s *cmstest.SignedData) {
			s.PSS, s.SignatureAlg = false, cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 1)
		}, cms.ErrSignature},
		"pkcs1 parameters": {func(s *cmstest.SignedData) {
			s.PSS, s.SignatureAlg = false, cmstest.Alg(oids.SHA256WithRSA, []byte{2, 1, 0})
		}, cms.ErrAlgorithm},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.RSA)
			s.PSS = true
			tc.change(&s)
			wantError(t, mustParse(t, s.Build()), tc.want)
		})
	}
	s := alice(cmstest.RSA) // all defaults, and true
	s.PSS, s.Hash, s.Salt, s.SignatureAlg = true, crypto.SHA1, 20, defaults
	wantError(t, mustParse(t, s.Build()), nil)
}

func pssMask(mask asn1.ObjectIdentifier) []byte {
	return cmstest.Alg(oids.RSAPSS, cmstest.TLV(0x30,
		cmstest.TLV(0xa0, cmstest.Alg(oids.SHA256)), cmstest.TLV(0xa1, cmstest.Alg(mask, cmstest.Alg(oids.SHA256)))))
}

func TestE22ECDSAValues(t *testing.T) {
	n := elliptic.P256().Params().N
	key := cmstest.Key(cmstest.P256, "signer")
	encode := func(r, s *big.Int) []byte { return cmstest.TLV(0x30, cmstest.Int(r), cmstest.Int(s)) }
	value := func(digest []byte) (r, s *big.Int) {
		r, s, err := ecdsa.Sign(rand.Reader, key.(*ecdsa.PrivateKey), digest)
		if err != nil {
			t.Fatal(err)
		}
		return r, s
	}
	zero := big.NewInt(0)
	tests := map[string]func(r, s *big.Int) []byte{
		"control":      encode,
		"r zero":       func(_, s *big.Int) []byte { return encode(zero, s) },
		"s zero":       func(r, _ *big.Int) []byte { return encode(r, zero) },
		"both zero":    func(_, _ *big.Int) []byte { return encode(zero, zero) },
		"r beyond n":   func(r, s *big.Int) []byte { return encode(new(big.Int).Add(r, n), s) },
		"s beyond n":   func(r, s *big.Int) []byte { return encode(r, new(big.Int).Add(s, n)) },
		"r is n":       func(_, s *big.Int) []byte { return encode(n, s) },
		"r negative":   func(r, s *big.Int) []byte { return encode(new(big.Int).Neg(r), s) },
		"leading zero": func(r, s *big.Int) []byte { return cmstest.TLV(0x30, pad(r), cmstest.Int(s)) },
		"long length":  func(r, s *big.Int) []byte { e := encode(r, s); return append([]byte{0x30, 0x81, e[1]}, e[2:]...) },
		"bytes behind": func(r, s *big.Int) []byte { return append(encode(r, s), 0) },
		"bytes inside": func(r, s *big.Int) []byte { return cmstest.TLV(0x30, cmstest.Int(r), cmstest.Int(s), cmstest.Null) },
		"raw r and s": func(r, s *big.Int) []byte {
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		},
		"empty":   func(_, _ *big.Int) []byte { return nil },
		"swapped": func(r, s *big.Int) []byte { return encode(s, r) },
	}
	for name, make := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.P256)
			s.Sign = func(_, digest []byte) []byte { return make(value(digest)) }
			var want error
			if name != "control" {
				want = cms.ErrSignature
			}
			wantError(t, mustParse(t, s.Build()), want)
		})
	}
}

// pad encodes with a zero octet DER forbids.
func pad(n *big.Int) []byte {
	c := cmstest.Int(n)[2:]
	return cmstest.TLV(2, append([]byte{0}, c...))
}

func TestE22Ed25519(t *testing.T) {
	key := cmstest.Key(cmstest.Ed25519, "signer")
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	sign := func(message []byte) []byte {
		sig, err := key.Sign(nil, message, crypto.Hash(0))
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	tests := map[string]struct {
		spoil func([]byte) []byte
		want  error
	}{
		"control": {func(s []byte) []byte { return s }, nil},
		"S beyond L": {func(s []byte) []byte {
			le := bytes.Clone(s[32:])
			reverse(le)
			n := new(big.Int).Add(new(big.Int).SetBytes(le), order)
			out := n.FillBytes(make([]byte, 32))
			reverse(out)
			return append(bytes.Clone(s[:32]), out...)
		}, cms.ErrSignature},
		"short": {func(s []byte) []byte { return s[:63] }, cms.ErrSignature},
		"long":  {func(s []byte) []byte { return append(s, 0) }, cms.ErrSignature},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.Ed25519)
			s.Hash = crypto.SHA512
			s.SignatureAlg = cmstest.Alg(oids.Ed25519)
			s.Sign = func(message, _ []byte) []byte { return tc.spoil(sign(message)) }
			wantError(t, mustParse(t, s.Build()), tc.want)
		})
	}
	s := alice(cmstest.Ed25519) // RFC 8410, 3: no parameters
	s.Hash = crypto.SHA512
	s.SignatureAlg = cmstest.Alg(oids.Ed25519, cmstest.Null)
	s.Sign = func(message, _ []byte) []byte { return sign(message) }
	wantError(t, mustParse(t, s.Build()), cms.ErrAlgorithm)
	s = alice(cmstest.Ed25519) // RFC 8419, 3.1: SHA-512 only
	s.SignatureAlg = cmstest.Alg(oids.Ed25519)
	s.Sign = func(message, _ []byte) []byte { return sign(message) }
	wantError(t, mustParse(t, s.Build()), cms.ErrAlgorithm)
	s.Hash, s.NoSignedAttrs = crypto.SHA512, true
	sd := mustParse(t, s.Build())
	if err := sd.SignerInfos[0].VerifySignature(s.Cert, cmstest.Sum(crypto.SHA512, content)); !errors.Is(err, cms.ErrUnsupported) {
		t.Errorf("without attributes: %v", err)
	}
	if _, ok := s.Cert.PublicKey.(ed25519.PublicKey); !ok {
		t.Error("not an Ed25519 certificate")
	}
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

// E23: the collision is the caller's row; the fact needed is the hash.
func TestE23SHA1WithoutAttributes(t *testing.T) {
	s := alice(cmstest.RSA)
	s.Hash, s.NoSignedAttrs = crypto.SHA1, true
	si := mustParse(t, s.Build()).SignerInfos[0]
	if _, h, err := si.Scheme(); h != crypto.SHA1 || err != nil {
		t.Errorf("%v %v", h, err)
	}
}

func TestE24UnsortedAttributesAreAcceptedAndFlagged(t *testing.T) {
	s := alice(cmstest.P256)
	s.Unsorted = true
	s.Attrs = func(a [][]byte) [][]byte { return [][]byte{a[2], a[1], a[0]} }
	sd := mustParse(t, s.Build())
	if !sd.SignerInfos[0].AttrsUnsorted || sd.NotDER {
		t.Errorf("unsorted %v, NotDER %v", sd.SignerInfos[0].AttrsUnsorted, sd.NotDER)
	}
	if err := judge(sd); err != nil {
		t.Error(err)
	}
}

// Lengths that are not minimal inside the attributes: the bytes received are
// what was signed.
func TestE24BERInsideAttributes(t *testing.T) {
	long := func(attrs [][]byte) [][]byte {
		a := attrs[1] // message-digest; SEQUENCE with a long length
		attrs[1] = append([]byte{0x30, 0x81, a[1]}, a[2:]...)
		return attrs
	}
	s := alice(cmstest.P256)
	s.Attrs, s.Unsorted = long, true
	sd := mustParse(t, s.Build())
	if err := judge(sd); err != nil || !sd.NotDER {
		t.Errorf("signed as sent: %v, NotDER %v", err, sd.NotDER)
	}
	// The same sent in BER, but signed in DER as RFC 5652 asks.
	der := alice(cmstest.P256)
	der.Unsorted = true
	si := mustParse(t, der.Build()).SignerInfos[0]
	s.Sign = func(_, _ []byte) []byte { return si.Signature }
	if err := judge(mustParse(t, s.Build())); err != nil {
		t.Errorf("signed in DER: %v", err)
	}
}

func TestE25AlgorithmProtection(t *testing.T) {
	attr := func(parts ...[]byte) []byte {
		return cmstest.Attr(oids.AlgorithmProtection, cmstest.TLV(0x30, parts...))
	}
	sig := func(oid asn1.ObjectIdentifier, params ...[]byte) []byte {
		a := cmstest.Alg(oid, params...)
		a[0] = 0xa1
		return a
	}
	tests := map[string]struct {
		value []byte
		want  cms.Problem
	}{
		"control":          {attr(cmstest.Alg(oids.SHA256), sig(oids.ECDSAWithSHA256)), 0},
		"null as absent":   {attr(cmstest.Alg(oids.SHA256, cmstest.Null), sig(oids.ECDSAWithSHA256)), 0},
		"other digest":     {attr(cmstest.Alg(oids.SHA1), sig(oids.ECDSAWithSHA256)), cms.Mismatch},
		"other signature":  {attr(cmstest.Alg(oids.SHA256), sig(oids.ECDSAWithSHA1)), cms.Mismatch},
		"other parameters": {attr(cmstest.Alg(oids.SHA256), sig(oids.ECDSAWithSHA256, []byte{2, 1, 1})), cms.Mismatch},
		"mac":              {attr(cmstest.Alg(oids.SHA256), cmstest.TLV(0xa2, cmstest.OID(oids.SHA256))), cms.Malformed},
		"digest alone":     {attr(cmstest.Alg(oids.SHA256)), cms.Malformed},
		"garbage":          {cmstest.Attr(oids.AlgorithmProtection, cmstest.Null), cms.Malformed},
		"garbage behind":   {attr(cmstest.Alg(oids.SHA256), sig(oids.ECDSAWithSHA256), cmstest.Null), cms.Malformed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.P256)
			s.Attrs = addAttr(tc.value)
			sd := mustParse(t, s.Build())
			if tc.want == 0 {
				wantError(t, sd, nil)
				return
			}
			wantProblem(t, sd, oids.AlgorithmProtection, tc.want)
		})
	}
}

func TestE26KeyIdentifier(t *testing.T) {
	s := alice(cmstest.P256)
	s.SKI = true
	sd := mustParse(t, s.Build())
	if si := sd.SignerInfos[0]; si.Issuer != nil || si.Serial != nil || !bytes.Equal(si.SubjectKeyID, s.Cert.SubjectKeyId) {
		t.Errorf("SID %+v", si)
	}
	wantError(t, sd, nil)

	si := mustParse(t, s.Build()).SignerInfos[0]
	si.SubjectKeyID = []byte{}
	bare := *s.Cert
	bare.SubjectKeyId = nil
	if c := si.FindCertificate([]*x509.Certificate{&bare}); c != nil {
		t.Error("an empty identifier finds a certificate without one")
	}

	twin := cmstest.Certificate("NGUYỄN VĂN A", s.Key.Public(), nil) // same key identifier
	for name, bag := range map[string][][]byte{"twin first": {twin.Raw, s.Cert.Raw}, "twin last": {s.Cert.Raw, twin.Raw}} {
		s.Certificates = bag
		sd := mustParse(t, s.Build())
		if got := sd.SigningCertificate(sd.SignerInfos[0]); !got.Equal(s.Cert) {
			t.Errorf("%s: not the one ESS names", name)
		}
		wantError(t, sd, nil)
	}
}
