//go:build cgo

package token

import (
	"context"
	"crypto"
	"crypto/sha256"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/miekg/pkcs11"
)

// benchT lets the helpers of tests serve benchmarks.
type benchT struct{ *testing.B }

func benchKey(b *testing.B, o OpenOptions) *Key {
	b.Helper()
	h := testpki.NewSoftHSM(benchT{b})
	resetModules()
	b.Cleanup(resetModules)
	key := testpki.Key(testpki.RSA2048, "signer")
	h.Signer("one", key, testCA().Person(key.Public()))
	entries, errs := List(context.Background(), ListOptions{Modules: []string{h.Module}, Now: testpki.Now()})
	if len(errs) > 0 || len(entries) != 1 {
		b.Fatal(entries, errs)
	}
	o.PIN = givePIN(testpki.UserPIN)
	k, err := Open(context.Background(), entries[0], o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = k.Close() })
	return k
}

// BenchmarkSign: a signature through crypto11 and through miekg/pkcs11, with
// our check; raw is C_SignInit and C_Sign alone.
func BenchmarkSign(b *testing.B) {
	sum := sha256.Sum256(nil)
	for name, o := range map[string]OpenOptions{"crypto11": {}, "pkcs11": {NoCrypto11: true}} {
		b.Run(name, func(b *testing.B) {
			k := benchKey(b, o)
			b.ResetTimer()
			for b.Loop() {
				if _, err := k.Sign(nil, sum[:], crypto.SHA256); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("raw", func(b *testing.B) {
		s := benchKey(b, OpenOptions{NoCrypto11: true}).Signer.(*tokenSigner)
		info, err := digestInfo(crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		for b.Loop() {
			if err := s.m.ctx.SignInit(s.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil)}, s.handle); err != nil {
				b.Fatal(err)
			}
			if _, err := s.m.raw.sign(s.session, info, 256); err != nil {
				b.Fatal(err)
			}
		}
	})
}
