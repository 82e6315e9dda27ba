//go:build cgo

package token

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512"
	"errors"
	"os"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// self is this test binary.
func self(t *testing.T) string {
	t.Helper()
	p, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// list lists in child processes and wants no failure.
func list(t *testing.T, modules ...string) []Entry {
	t.Helper()
	entries, errs := List(context.Background(), ListOptions{Modules: modules, Now: testpki.Now(), Self: self(t)})
	for _, e := range errs {
		t.Fatalf("list: %v", e)
	}
	return entries
}

// givePIN is a PIN callback.
func givePIN(pin string) func(context.Context, Info) (*PIN, error) {
	return func(context.Context, Info) (*PIN, error) { return NewPIN([]byte(pin)), nil }
}

// resetModules forgets all drivers, so that each test starts a new process as
// far as the driver can tell.
func resetModules() {
	modules.Lock()
	defer modules.Unlock()
	for _, m := range modules.m {
		if m.calls.hangs() {
			continue
		}
		for _, c := range m.slots {
			_ = c.Close()
		}
		_ = m.ctx.Finalize()
	}
	modules.m = map[string]*module{}
	wrongPINs.m = map[string]bool{}
}

// open opens with the right PIN and closes at the end of the test.
func open(t *testing.T, e Entry, o OpenOptions) *Key {
	t.Helper()
	if o.PIN == nil {
		o.PIN = givePIN(testpki.UserPIN)
	}
	k, err := Open(context.Background(), e, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

func newHSM(t *testing.T) *testpki.SoftHSM {
	t.Helper()
	h := testpki.NewSoftHSM(t)
	resetModules()
	t.Cleanup(resetModules)
	return h
}

// trySign signs and checks with the certificate's key.
func trySign(t *testing.T, k *Key, opts crypto.SignerOpts) []byte {
	t.Helper()
	h := opts.HashFunc().New()
	h.Write([]byte("kyso"))
	digest := h.Sum(nil)
	sig, err := k.Sign(nil, digest, opts)
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	if err := checkSignature(k.Entry.Certificate.PublicKey, digest, sig, plainOptions(opts)); err != nil {
		t.Fatalf("signature: %v", err)
	}
	return sig
}

func TestSoftHSMSigns(t *testing.T) {
	h := newHSM(t)
	ca := testpki.NewRoot("Test Root", testpki.P256)
	cases := []struct {
		name string
		key  testpki.KeyType
		opts []crypto.SignerOpts
	}{
		{"rsa2048", testpki.RSA2048, []crypto.SignerOpts{crypto.SHA256, crypto.SHA384, crypto.SHA512,
			&rsa.PSSOptions{Hash: crypto.SHA256}, &rsa.PSSOptions{Hash: crypto.SHA512, SaltLength: rsa.PSSSaltLengthEqualsHash}}},
		{"rsa3072", testpki.RSA3072, []crypto.SignerOpts{crypto.SHA256}},
		{"p256", testpki.P256, []crypto.SignerOpts{crypto.SHA256, crypto.SHA512}},
		{"p384", testpki.P384, []crypto.SignerOpts{crypto.SHA256, crypto.SHA384}},
		{"p521", testpki.P521, []crypto.SignerOpts{crypto.SHA512}},
	}
	for _, c := range cases {
		key := testpki.Key(c.key, "signer")
		h.Signer(c.name, key, ca.Person(key.Public()))
	}
	entries := list(t, h.Module)
	if len(entries) != len(cases) {
		t.Fatalf("%d entries, want %d", len(entries), len(cases))
	}
	for _, c := range cases {
		for _, direct := range []bool{false, true} {
			name, way := c.name+"/crypto11", "crypto11"
			if direct {
				name, way = c.name+"/pkcs11", "pkcs11"
			}
			t.Run(name, func(t *testing.T) {
				e := byToken(t, entries, c.name)
				if !e.Usable || !e.HasPrivateKey || e.KeyAssumed {
					t.Fatalf("entry %+v", e.Reasons)
				}
				k := open(t, e, OpenOptions{NoCrypto11: direct})
				if k.Way != way {
					t.Errorf("signs through %s, want %s", k.Way, way)
				}
				for _, o := range c.opts {
					trySign(t, k, o)
				}
			})
		}
	}
}

func byToken(t *testing.T, entries []Entry, label string) Entry {
	t.Helper()
	for _, e := range entries {
		if e.Token.Label == label {
			return e
		}
	}
	t.Fatalf("no entry of token %s", label)
	return Entry{}
}

func TestWrongPINIsTyped(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.P256, "signer")
	h.Signer("one", key, testpki.NewRoot("Test Root", testpki.P256).Person(key.Public()))
	e := list(t, h.Module)[0]
	_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000")})
	var auth *AuthError
	if !errors.As(err, &auth) || auth.Kind != "incorrect" || auth.Retries != -1 {
		t.Fatalf("got %v", err)
	}
	sum := sha256.Sum256(nil)
	k := open(t, e, OpenOptions{Interactive: true})
	_ = k.Close()
	if _, err := k.Sign(nil, sum[:], crypto.SHA256); !errors.Is(err, ErrClosed) {
		t.Errorf("sign after close: %v", err)
	}
}
