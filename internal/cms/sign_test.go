package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

var content = []byte("Hợp đồng lao động số 17/2026\r\n\x00\xff")

// variants are the kinds of signature Sign makes.
var variants = []struct {
	name   string
	kind   cmstest.Kind
	hash   crypto.Hash
	scheme cms.Scheme
	want   cms.Scheme
	digest crypto.Hash
}{
	{"rsa", cmstest.RSA, 0, 0, cms.PKCS1v15, crypto.SHA256},
	{"rsa sha384", cmstest.RSA, crypto.SHA384, cms.PKCS1v15, cms.PKCS1v15, crypto.SHA384},
	{"rsa sha512", cmstest.RSA, crypto.SHA512, 0, cms.PKCS1v15, crypto.SHA512},
	{"pss", cmstest.RSA, 0, cms.PSS, cms.PSS, crypto.SHA256},
	{"pss sha512", cmstest.RSA, crypto.SHA512, cms.PSS, cms.PSS, crypto.SHA512},
	{"p256", cmstest.P256, 0, 0, cms.ECDSA, crypto.SHA256},
	{"p384", cmstest.P384, 0, 0, cms.ECDSA, crypto.SHA384},
	{"p384 sha256", cmstest.P384, crypto.SHA256, 0, cms.ECDSA, crypto.SHA256},
	{"p521", cmstest.P521, 0, cms.ECDSA, cms.ECDSA, crypto.SHA512},
}

func request(kind cmstest.Kind, hash crypto.Hash, scheme cms.Scheme) cms.Request {
	key := cmstest.Key(kind, "signer")
	cert := cmstest.Certificate("NGUYỄN VĂN A", key.Public(), nil)
	r := cms.Request{Signer: key, Certificate: cert, Chain: []*x509.Certificate{cmstest.CA()}, Hash: hash, Scheme: scheme}
	if hash == 0 {
		hash = cms.DefaultHash(cert)
	}
	r.Digest = cmstest.Sum(hash, content)
	return r
}

func mustSign(t *testing.T, r cms.Request) *cms.Signed {
	t.Helper()
	s, err := cms.Sign(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func marshal(t *testing.T, s *cms.Signed) []byte {
	t.Helper()
	der, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func mustParse(t *testing.T, der []byte) *cms.SignedData {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return sd
}

// judge is what a verifier does with the one signer over the test content.
func judge(sd *cms.SignedData) error {
	if len(sd.SignerInfos) != 1 {
		return errors.New("not one signer")
	}
	si := sd.SignerInfos[0]
	h := si.DigestHash()
	if h == 0 {
		return cms.ErrUnsupported
	}
	digest := cmstest.Sum(h, content)
	if err := si.CheckAttributes(oids.Data, digest); err != nil {
		return err
	}
	cert := sd.SigningCertificate(si)
	if err := si.CheckESS(cert); err != nil {
		return err
	}
	return si.VerifySignature(cert, digest)
}

func TestSignThenParse(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			r := request(v.kind, v.hash, v.scheme)
			signed := mustSign(t, r)
			der := marshal(t, signed)
			sd := mustParse(t, der)
			if err := judge(sd); err != nil {
				t.Fatal(err)
			}
			si := sd.SignerInfos[0]
			if sd.NotDER || si.AttrsUnsorted || sd.HasEContent || sd.Trailing != 0 || sd.Version != 1 || si.Version != 1 {
				t.Errorf("not the shape of RFC 5652 and DER: %+v %+v", sd, si)
			}
			if scheme, h, err := si.Scheme(); scheme != v.want || h != v.digest || err != nil {
				t.Errorf("scheme %v %v %v", scheme, h, err)
			}
			if !bytes.Equal(si.Signature, signed.SignatureValue()) {
				t.Error("SignatureValue is not what was written")
			}
			if len(sd.Certificates) != 2 || len(sd.RawCertificates) != 2 {
				t.Errorf("%d certificates, want signer and chain", len(sd.Certificates))
			}
			if !bytes.Equal(sd.Raw, der) {
				t.Error("Raw is not the input")
			}
		})
	}
}

// The attributes are those of PAdES (rows P03..P06, E15) and no others.
func TestSignedAttributesArePAdES(t *testing.T) {
	si := mustParse(t, marshal(t, mustSign(t, request(cmstest.RSA, 0, 0)))).SignerInfos[0]
	want := []string{oids.ContentType.String(), oids.MessageDigest.String(), oids.SigningCertificateV2.String(), oids.AlgorithmProtection.String()}
	if len(si.SignedAttrs) != len(want) {
		t.Fatalf("%d attributes", len(si.SignedAttrs))
	}
	for _, w := range want {
		found := 0
		for _, a := range si.SignedAttrs {
			if a.OID.String() == w && len(a.Values) == 1 {
				found++
			}
		}
		if found != 1 {
			t.Errorf("attribute %s is there %d times", w, found)
		}
	}
	if _, ok, err := si.SigningTime(); ok || err != nil {
		t.Errorf("signing-time is there (%v)", err)
	}
	ids, err := si.ESS()
	if err != nil || len(ids) != 1 || !ids[0].V2 || ids[0].Hash != crypto.SHA256 || ids[0].Issuer == nil || ids[0].Serial == nil {
		t.Errorf("ESS %+v %v", ids, err)
	}
}

func TestChainIsEmbeddedOnceAndSorted(t *testing.T) {
	r := request(cmstest.P256, 0, 0)
	r.Chain = []*x509.Certificate{cmstest.CA(), r.Certificate, nil, cmstest.CA()}
	sd := mustParse(t, marshal(t, mustSign(t, r)))
	if len(sd.RawCertificates) != 2 || bytes.Compare(sd.RawCertificates[0], sd.RawCertificates[1]) >= 0 {
		t.Errorf("%d certificates, or out of order", len(sd.RawCertificates))
	}
	if sd.SigningCertificate(sd.SignerInfos[0]).Subject.CommonName != "NGUYỄN VĂN A" {
		t.Error("wrong signer found")
	}
}

// countingSigner counts and may spoil its answers.
type countingSigner struct {
	crypto.Signer
	calls int
	spoil func([]byte) ([]byte, error)
}

func (c *countingSigner) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	c.calls++
	sig, err := c.Signer.Sign(r, digest, opts)
	if err == nil && c.spoil != nil {
		return c.spoil(sig)
	}
	return sig, err
}

func TestKeyIsAskedOnce(t *testing.T) {
	for _, v := range variants {
		r := request(v.kind, v.hash, v.scheme)
		k := &countingSigner{Signer: r.Signer}
		r.Signer = k
		s := mustSign(t, r)
		marshal(t, s)
		marshal(t, s)
		if k.calls != 1 {
			t.Errorf("%s: key asked %d times", v.name, k.calls)
		}
	}
}

func TestSignRefusesABadAnswer(t *testing.T) {
	boom := errors.New("CKR_DEVICE_REMOVED")
	tests := map[string]struct {
		spoil func([]byte) ([]byte, error)
		want  error
	}{
		"flipped":   {func(s []byte) ([]byte, error) { s[len(s)-1] ^= 1; return s, nil }, cms.ErrBadAnswer},
		"empty":     {func([]byte) ([]byte, error) { return nil, nil }, cms.ErrBadAnswer},
		"truncated": {func(s []byte) ([]byte, error) { return s[:len(s)-1], nil }, cms.ErrBadAnswer},
		"error":     {func([]byte) ([]byte, error) { return nil, boom }, boom},
	}
	for _, v := range variants {
		for name, tc := range tests {
			r := request(v.kind, v.hash, v.scheme)
			k := &countingSigner{Signer: r.Signer, spoil: tc.spoil}
			r.Signer = k
			if s, err := cms.Sign(context.Background(), r); s != nil || !errors.Is(err, tc.want) || k.calls != 1 {
				t.Errorf("%s, %s: %v after %d calls", v.name, name, err, k.calls)
			}
		}
	}
}

// checkedSigner says that it verifies what it makes, with some key.
type checkedSigner struct {
	crypto.Signer
	with crypto.PublicKey
}

func (s checkedSigner) Checked() crypto.PublicKey { return s.with }

// TestSignerThatChecks: what such a signer makes is not verified a second time,
// but only when the key is that of the certificate.
func TestSignerThatChecks(t *testing.T) {
	flip := func(s []byte) ([]byte, error) { s[len(s)-1] ^= 1; return s, nil }
	for _, v := range variants {
		r := request(v.kind, v.hash, v.scheme)
		k := &countingSigner{Signer: r.Signer, spoil: flip}
		for name, with := range map[string]crypto.PublicKey{
			"another": cmstest.Key(cmstest.RSA, "other").Public(), "none": nil,
		} {
			r.Signer = checkedSigner{k, with}
			if _, err := cms.Sign(context.Background(), r); !errors.Is(err, cms.ErrBadAnswer) {
				t.Errorf("%s, checked with %s: %v", v.name, name, err)
			}
		}
		r.Signer = checkedSigner{k, k.Public()}
		if _, err := cms.Sign(context.Background(), r); err != nil {
			t.Errorf("%s: verified again: %v", v.name, err)
		}
	}
}

func TestSignRefusesBeforeAskingTheKey(t *testing.T) {
	other := cmstest.Certificate("TRẦN THỊ B", cmstest.Key(cmstest.RSA, "other").Public(), nil)
	ed := cmstest.Key(cmstest.Ed25519, "ed")
	tests := map[string]func(*cms.Request){
		"no certificate":      func(r *cms.Request) { r.Certificate = nil },
		"empty certificate":   func(r *cms.Request) { r.Certificate = &x509.Certificate{} },
		"no digest":           func(r *cms.Request) { r.Digest = nil },
		"short digest":        func(r *cms.Request) { r.Digest = r.Digest[:20] },
		"other certificate":   func(r *cms.Request) { r.Certificate = other },
		"sha1":                func(r *cms.Request) { r.Hash, r.Digest = crypto.SHA1, make([]byte, 20) },
		"md5":                 func(r *cms.Request) { r.Hash, r.Digest = crypto.MD5, make([]byte, 16) },
		"ecdsa with rsa":      func(r *cms.Request) { r.Scheme = cms.ECDSA },
		"content type":        func(r *cms.Request) { r.ContentType = []int{9, 99} },
		"dsa":                 func(r *cms.Request) { r.Scheme = cms.DSA },
		"scheme out of range": func(r *cms.Request) { r.Scheme = 99 },
		"ed25519": func(r *cms.Request) {
			r.Signer, r.Certificate = ed, cmstest.Certificate("ed", ed.Public(), nil)
		},
	}
	for name, change := range tests {
		r := request(cmstest.RSA, 0, 0)
		change(&r)
		k := &countingSigner{Signer: r.Signer}
		r.Signer = k
		if s, err := cms.Sign(context.Background(), r); err == nil || s != nil || k.calls != 0 {
			t.Errorf("%s: error %v, key asked %d times", name, err, k.calls)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := request(cmstest.RSA, 0, 0)
	k := &countingSigner{Signer: r.Signer}
	r.Signer = k
	if _, err := cms.Sign(ctx, r); !errors.Is(err, context.Canceled) || k.calls != 0 {
		t.Errorf("canceled: %v after %d calls", err, k.calls)
	}
}

func TestSize(t *testing.T) {
	token := cmstest.SignedData{Cert: cmstest.CA(), Key: cmstest.Key(cmstest.P256, "Test CA"), Content: bytes.Repeat([]byte{7}, 3000), Embed: true}.Build()
	for _, v := range variants {
		for _, ts := range [][]byte{nil, token} {
			r := request(v.kind, v.hash, v.scheme)
			bare := r
			bare.Signer, bare.Digest = nil, nil
			size, err := cms.Size(bare, len(ts))
			if err != nil {
				t.Fatal(err)
			}
			slack := 0
			if v.want == cms.ECDSA {
				slack = 16
			}
			for range 8 {
				s := mustSign(t, r)
				s.SetTimestamp(ts)
				if n := len(marshal(t, s)); n > size || n < size-slack {
					t.Errorf("%s: %d bytes, estimated %d", v.name, n, size)
				}
			}
		}
	}
	if _, err := cms.Size(cms.Request{}, 0); err == nil {
		t.Error("size without certificate")
	}
	if _, err := cms.Size(request(cmstest.RSA, 0, 0), -1); err == nil {
		t.Error("negative timestamp")
	}
}

func TestSetTimestamp(t *testing.T) {
	token := cmstest.SignedData{Cert: cmstest.CA(), Key: cmstest.Key(cmstest.P256, "Test CA"), Content: content, Embed: true}.Build()
	s := mustSign(t, request(cmstest.P256, 0, 0))
	before := marshal(t, s)
	s.SetTimestamp(token)
	sd := mustParse(t, marshal(t, s))
	attr := sd.SignerInfos[0].UnsignedAttr(oids.SignatureTimestamp)
	if len(attr) != 1 || len(attr[0].Values) != 1 || !bytes.Equal(attr[0].Values[0], token) || sd.NotDER {
		t.Error("the token is not the one value")
	}
	if err := judge(sd); err != nil {
		t.Error(err)
	}
	added, err := cms.AddTimestamp(mustParse(t, before), token)
	if err != nil || !bytes.Equal(added, marshal(t, s)) {
		t.Errorf("AddTimestamp makes something else than SetTimestamp (%v)", err)
	}
	s.SetTimestamp([]byte{0x30, 0x80})
	if _, err := s.Marshal(); err == nil {
		t.Error("garbage as token")
	}
}

// Deterministic schemes give the same bytes for the same input.
func TestGoldenDeterminism(t *testing.T) {
	r := request(cmstest.RSA, 0, 0)
	r.Rand = rand.New(rand.NewSource(1))
	a, b := marshal(t, mustSign(t, r)), marshal(t, mustSign(t, r))
	if !bytes.Equal(a, b) {
		t.Error("two outputs differ")
	}
}

// openssl runs the tool; its absence fails the test.
func openssl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command("openssl", args...).CombinedOutput()
	var missing *exec.Error
	if errors.As(err, &missing) {
		t.Fatal(err)
	}
	return string(out), err
}

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func writeCert(t *testing.T, c *x509.Certificate) string {
	return writeFile(t, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

// opensslVerifies asks openssl for its verdict on der over the test content.
func opensslVerifies(t *testing.T, der []byte, extra ...string) (string, error) {
	t.Helper()
	args := append([]string{"cms", "-verify", "-binary", "-inform", "DER", "-in", writeFile(t, "sig.der", der),
		"-content", writeFile(t, "content", content), "-CAfile", writeCert(t, cmstest.CA()),
		"-purpose", "any", "-out", os.DevNull}, extra...)
	return openssl(t, args...)
}

func TestOpenSSLVerifiesOurs(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			der := marshal(t, mustSign(t, request(v.kind, v.hash, v.scheme)))
			if out, err := opensslVerifies(t, der, "-cades"); err != nil {
				t.Errorf("openssl: %v\n%s", err, out)
			}
			der[len(der)-1] ^= 1
			if _, err := opensslVerifies(t, der, "-cades"); err == nil {
				t.Error("openssl accepts a flipped signature: the test proves nothing")
			}
		})
	}
}

func TestWeVerifyOpenSSL(t *testing.T) {
	tests := map[string]struct {
		kind cmstest.Kind
		args []string
		der  bool
	}{
		"rsa":        {cmstest.RSA, []string{"-cades"}, true},
		"rsa sha512": {cmstest.RSA, []string{"-cades", "-md", "sha512"}, true},
		"pss":        {cmstest.RSA, []string{"-cades", "-keyopt", "rsa_padding_mode:pss"}, true},
		"pss salt":   {cmstest.RSA, []string{"-cades", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"}, true},
		"p256":       {cmstest.P256, []string{"-cades"}, true},
		"p521":       {cmstest.P521, []string{"-cades", "-md", "sha512"}, true},
		"key id":     {cmstest.RSA, []string{"-cades", "-keyid"}, true},
		"stream":     {cmstest.RSA, []string{"-cades", "-stream"}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			key := cmstest.Key(tc.kind, "signer")
			cert := cmstest.Certificate("NGUYỄN VĂN A", key.Public(), nil)
			pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
			if err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(t.TempDir(), "out.der")
			args := append([]string{"cms", "-sign", "-binary", "-outform", "DER", "-out", out,
				"-in", writeFile(t, "content", content), "-signer", writeCert(t, cert),
				"-inkey", writeFile(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))}, tc.args...)
			if text, err := openssl(t, args...); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			der, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			sd := mustParse(t, der)
			if err := judge(sd); err != nil {
				t.Error(err)
			}
			if sd.NotDER == tc.der {
				t.Errorf("NotDER is %v", sd.NotDER)
			}
			if _, ok, err := sd.SignerInfos[0].SigningTime(); !ok || err != nil {
				t.Errorf("signing-time of openssl is not read: %v", err)
			}
		})
	}
}

func TestPSSSaltLength(t *testing.T) {
	si := mustParse(t, marshal(t, mustSign(t, request(cmstest.RSA, 0, cms.PSS)))).SignerInfos[0]
	if n, err := si.PSSSaltLength(); n != 32 || err != nil {
		t.Errorf("salt %d %v", n, err)
	}
	si = mustParse(t, marshal(t, mustSign(t, request(cmstest.RSA, 0, 0)))).SignerInfos[0]
	if _, err := si.PSSSaltLength(); !errors.Is(err, cms.ErrAlgorithm) {
		t.Errorf("salt of PKCS#1 v1.5: %v", err)
	}
}

// The length of an RSA signature in Size is the modulus, also when odd.
func TestSizeOddModulus(t *testing.T) {
	key, err := rsa.GenerateKey(rand.New(rand.NewSource(3)), 2047)
	if err != nil {
		t.Fatal(err)
	}
	r := cms.Request{Signer: key, Certificate: cmstest.Certificate("odd", key.Public(), nil), Digest: cmstest.Sum(crypto.SHA256, content)}
	size, err := cms.Size(r, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(marshal(t, mustSign(t, r))); n != size {
		t.Errorf("%d bytes, estimated %d", n, size)
	}
}
