package cms_test

import (
	"crypto"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
)

var now = time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC)

func TestAlgorithmAllowed(t *testing.T) {
	y := func(year, month int) time.Time { return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }
	open := y(9000, 1)
	tests := map[string]struct {
		alg  cms.Algorithm
		last time.Time // zero: never; else allowed just before, refused at it
	}{
		"md5":           {cms.Algorithm{Hash: crypto.MD5}, y(2004, 8)},
		"sha1":          {cms.Algorithm{Hash: crypto.SHA1}, y(2012, 8)},
		"sha224":        {cms.Algorithm{Hash: crypto.SHA224}, y(2029, 1)},
		"sha256":        {cms.Algorithm{Hash: crypto.SHA256}, open},
		"rsa 1023":      {cms.Algorithm{cms.PKCS1v15, crypto.SHA256, 1023, ""}, time.Time{}},
		"rsa 1024":      {cms.Algorithm{cms.PKCS1v15, crypto.SHA256, 1024, ""}, y(2019, 10)},
		"rsa 1899":      {cms.Algorithm{cms.PKCS1v15, crypto.SHA256, 1899, ""}, y(2019, 10)},
		"rsa 1900":      {cms.Algorithm{cms.PKCS1v15, crypto.SHA256, 1900, ""}, y(2029, 1)},
		"rsa 4096":      {cms.Algorithm{cms.PKCS1v15, crypto.SHA512, 4096, ""}, y(2029, 1)},
		"rsa 2048 sha1": {cms.Algorithm{cms.PKCS1v15, crypto.SHA1, 2048, ""}, y(2012, 8)},
		"pss 1024":      {cms.Algorithm{cms.PSS, crypto.SHA256, 1024, ""}, y(2019, 10)},
		"pss 2048":      {cms.Algorithm{cms.PSS, crypto.SHA256, 2048, ""}, y(2029, 1)},
		"pss 3000":      {cms.Algorithm{cms.PSS, crypto.SHA256, 3000, ""}, open},
		"p224":          {cms.Algorithm{cms.ECDSA, crypto.SHA256, 224, "P-224"}, y(2021, 10)},
		"p192":          {cms.Algorithm{cms.ECDSA, crypto.SHA256, 192, ""}, y(2012, 8)},
		"p256":          {cms.Algorithm{cms.ECDSA, crypto.SHA256, 0, "P-256"}, open},
		"p521":          {cms.Algorithm{cms.ECDSA, crypto.SHA512, 521, "P-521"}, open},
		"unknown curve": {cms.Algorithm{cms.ECDSA, crypto.SHA256, 256, "X-256"}, time.Time{}},
		"ed25519":       {cms.Algorithm{cms.Ed25519, crypto.SHA512, 256, ""}, open},
		"dsa":           {cms.Algorithm{cms.DSA, crypto.SHA256, 2048, ""}, time.Time{}},
		"unknown hash":  {cms.Algorithm{Hash: crypto.RIPEMD160}, time.Time{}},
		"nothing":       {cms.Algorithm{}, time.Time{}},
		"no key, rsa":   {cms.Algorithm{Scheme: cms.PKCS1v15, Hash: crypto.SHA256}, time.Time{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.last.IsZero() {
				if ok, _ := tc.alg.Allowed(y(1990, 1)); ok {
					t.Error("allowed in 1990")
				}
				return
			}
			ok, until := cms.AlgorithmAllowed(tc.alg.Scheme, tc.alg.Hash, tc.alg.KeyBits, tc.alg.Curve, tc.last.Add(-time.Second))
			if !ok {
				t.Errorf("refused before %v (until %v)", tc.last, until)
			}
			if tc.last.Equal(open) {
				return
			}
			if ok, until := tc.alg.Allowed(tc.last); ok || !until.Equal(tc.last) {
				t.Errorf("allowed %v until %v, want %v", ok, until, tc.last)
			}
		})
	}
}

func TestAlgorithmOf(t *testing.T) {
	tests := map[cmstest.Kind]cms.Algorithm{
		cmstest.RSA:     {cms.PKCS1v15, crypto.SHA256, 2048, ""},
		cmstest.P384:    {cms.ECDSA, crypto.SHA384, 384, "P-384"},
		cmstest.Ed25519: {cms.Ed25519, crypto.SHA512, 256, ""},
	}
	for kind, want := range tests {
		if got := cms.AlgorithmOf(want.Scheme, want.Hash, aliceCert(kind)); got != want {
			t.Errorf("%s: %+v", kind, got)
		}
	}
	if got := cms.AlgorithmOf(cms.DSA, crypto.SHA1, nil); got.KeyBits != 0 {
		t.Errorf("no certificate: %+v", got)
	}
}

// Every scheme has a name; a number outside has none of theirs.
func TestSchemeNames(t *testing.T) {
	seen := map[string]bool{}
	for s := cms.PKCS1v15; s <= cms.DSA; s++ {
		if seen[s.String()] || s.String() == cms.Scheme(0).String() {
			t.Errorf("scheme %d is called %s", int(s), s)
		}
		seen[s.String()] = true
	}
	if seen[cms.Scheme(int(cms.DSA)+1).String()] {
		t.Error("a scheme behind the last has a name")
	}
	for p := cms.Missing; p <= cms.Mismatch; p++ {
		if p.String() == cms.Problem(0).String() {
			t.Errorf("problem %d has no name", int(p))
		}
	}
}
