//go:build cgo

package token

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

func testCA() *testpki.CA { return testpki.NewRoot("Test Root", testpki.P256) }

// The Viettel case: the certificate's label differs from the key's and no two
// labels are equal anywhere; only the CKA_ID, or only the modulus, pairs them.
func TestViettelLabelsDiffer(t *testing.T) {
	key := testpki.Key(testpki.RSA2048, "signer")
	cases := []struct {
		name          string
		keyID, certID []byte
		dropPublic    bool
	}{
		{"paired by CKA_ID", []byte{0x12, 0x34}, []byte{0x12, 0x34}, false},
		{"paired by CKA_ID, no public key object", []byte{0x12, 0x34}, []byte{0x12, 0x34}, true},
		{"paired by modulus, other CKA_ID", []byte{0x12}, []byte{0x99}, false},
		{"paired by modulus, certificate without CKA_ID", []byte{0x12}, nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHSM(t)
			h.Token("viettel")
			h.Key("viettel", key, c.keyID, "vt-key-000123")
			h.Certificate("viettel", testCA().Person(key.Public()).Raw, c.certID, "NGUYEN VAN A's Viettel-CA ID")
			if c.dropPublic {
				h.DeletePublic("viettel", c.keyID)
			}
			e := list(t, h.Module)[0]
			if !e.Usable || e.KeyAssumed != c.dropPublic {
				t.Fatalf("usable %v, assumed %v, reasons %v", e.Usable, e.KeyAssumed, e.Reasons)
			}
			trySign(t, open(t, e, OpenOptions{}), crypto.SHA256)
		})
	}
}

// A renewal under the same CKA_ID: crypto11 alone would take the old
// certificate with the new key.
func TestRenewalUnderOneID(t *testing.T) {
	h := newHSM(t)
	oldKey, newKey := testpki.Key(testpki.P256, "old"), testpki.Key(testpki.P256, "new")
	ca := testCA()
	issue := func(key crypto.Signer, from int) *x509.Certificate {
		return ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(),
			NotBefore: time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
	oldCert, newCert := issue(oldKey, 2020), issue(newKey, 2025)
	h.Token("one")
	h.Key("one", oldKey, []byte{1}, "k")
	h.Key("one", newKey, []byte{1}, "k")
	h.Certificate("one", oldCert.Raw, []byte{1}, "c")
	h.Certificate("one", newCert.Raw, []byte{1}, "c")
	entries := list(t, h.Module)
	e, err := Choose(entries, "")
	if err != nil || !e.Certificate.Equal(newCert) {
		t.Fatalf("chose %v (%v)", e.Certificate, err)
	}
	trySign(t, open(t, e, OpenOptions{}), crypto.SHA256)
	for _, e := range entries {
		trySign(t, open(t, e, OpenOptions{}), crypto.SHA256)
	}
}

// K10: equal labels everywhere, a key without certificate, a certificate
// without key, an expired one, a CA.
func TestK10AmbiguousChoice(t *testing.T) {
	h := newHSM(t)
	ca := testCA()
	a, b, c, d := testpki.Key(testpki.P256, "a"), testpki.Key(testpki.P256, "b"), testpki.Key(testpki.P256, "c"), testpki.Key(testpki.P256, "d")
	h.Token("same")
	h.Token("other")
	h.Key("same", a, []byte{1}, "label")
	h.Certificate("same", ca.Person(a.Public()).Raw, []byte{1}, "label")
	h.Key("same", d, []byte{4}, "no certificate")
	h.Certificate("same", ca.Certificate.Raw, []byte{9}, "label")
	h.Certificate("same", ca.Person(testpki.Key(testpki.P256, "e").Public()).Raw, []byte{5}, "no key")
	h.Key("other", b, []byte{1}, "label")
	h.Certificate("other", ca.Person(b.Public()).Raw, []byte{1}, "label")
	h.Key("other", c, []byte{2}, "label")
	expired := ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: c.Public(), NotAfter: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
	h.Certificate("other", expired.Raw, []byte{2}, "label")
	entries := list(t, h.Module)
	if len(entries) != 5 {
		t.Fatalf("%d entries", len(entries))
	}
	for _, selector := range []string{"", "nguyễn văn", "NGUYEN VAN A", "01 "} {
		_, err := Choose(entries, selector)
		var amb *AmbiguousError
		if !errors.As(err, &amb) || len(amb.Entries) != 2 {
			t.Errorf("%q: %v", selector, err)
		}
	}
	reasons := map[Reason]int{}
	for _, e := range entries {
		for _, r := range e.Reasons {
			reasons[r]++
		}
	}
	// The CA is refused for its key use and its missing key too.
	if reasons[ReasonExpired] != 1 || reasons[ReasonCA] != 1 || reasons[ReasonNoKey] != 2 || reasons[ReasonKeyUsage] != 1 {
		t.Errorf("reasons %v", reasons)
	}
	for i, e := range entries {
		if got := e.Usable; got != (i < 2) {
			t.Errorf("entry %d usable %v: the usable ones come first", i, got)
		}
	}
	for i := range entries {
		got, err := Choose(entries, entries[i].Certificate.SerialNumber.Text(16))
		var bad *UnusableError
		if i < 2 && err != nil || i >= 2 && !errors.As(err, &bad) || string(got.Raw) != string(entries[i].Raw) {
			t.Errorf("entry %d by serial: %v", i, err)
		}
	}
}

// K11: the key under the certificate's CKA_ID is another one. RSA and EC keys
// with a public half are seen to be other keys, and nothing is signed; an EC
// key that shows nothing signs once and its signature is refused.
func TestK11KeyOfAnotherCertificate(t *testing.T) {
	cases := []struct {
		name       string
		key        testpki.KeyType
		dropPublic bool
		signs      bool
	}{
		{"rsa", testpki.RSA2048, false, false},
		{"rsa, no public key object", testpki.RSA2048, true, false},
		{"ec", testpki.P256, false, false},
		{"ec, no public key object", testpki.P256, true, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHSM(t)
			h.Token("one")
			h.Key("one", testpki.Key(c.key, "signer"), []byte{1}, "k")
			h.Certificate("one", testCA().Person(testpki.Key(c.key, "somebody else").Public()).Raw, []byte{1}, "c")
			if c.dropPublic {
				h.DeletePublic("one", []byte{1})
			}
			e := list(t, h.Module)[0]
			if e.HasPrivateKey != c.dropPublic {
				t.Errorf("has key %v", e.HasPrivateKey)
			}
			k, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(testpki.UserPIN)})
			if !c.signs {
				if !errors.Is(err, ErrNoKey) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			sum := sha256.Sum256(nil)
			if _, err := k.Sign(nil, sum[:], crypto.SHA256); !errors.Is(err, ErrMismatch) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A certificate that Go cannot parse lists, and says so.
func TestUnparsableCertificateLists(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.P256, "signer")
	h.Signer("one", key, testCA().Person(key.Public()))
	// A certificate whose version is one that no standard knows.
	raw := testCA().Person(testpki.Key(testpki.P256, "x").Public()).Raw
	i := indexOf(raw, []byte{0xa0, 3, 2, 1, 2})
	raw[i+4] = 9
	h.Certificate("one", raw, []byte{7}, "odd")
	entries := list(t, h.Module)
	last := entries[len(entries)-1]
	if len(entries) != 2 || last.Certificate != nil || string(last.Raw) != string(raw) || last.Usable ||
		last.Reasons[0] != ReasonUnparsable {
		t.Fatalf("entries %+v", last.Reasons)
	}
	if _, err := Open(context.Background(), last, OpenOptions{}); !errors.Is(err, ErrNoCertificate) {
		t.Errorf("open: %v", err)
	}
}

func indexOf(b, sub []byte) int {
	for i := range b {
		if len(b)-i >= len(sub) && string(b[i:i+len(sub)]) == string(sub) {
			return i
		}
	}
	return -1
}

// A token that shows its certificates after a login only: one login lists and
// signs.
func TestHiddenCertificates(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.RSA2048, "signer")
	cert := testCA().Person(key.Public())
	h.Token("one")
	h.Key("one", key, []byte{1}, "k")
	h.Certificate("one", cert.Raw, []byte{1}, "c")
	m := fakep11.New(t, h.Module)
	if e := list(t, m.Path)[0]; e.KeyAssumed {
		t.Fatal("the key shows")
	}
	m.Set("hidecerts=1")
	slots, entries, errs := Survey(context.Background(), ListOptions{Modules: []string{m.Path}, Now: testpki.Now(), Self: self(t)})
	if len(errs) != 0 || len(entries) != 0 || len(slots) != 1 || slots[0].Token.Label != "one" || slots[0].Certificates != 0 {
		t.Fatalf("%v %v %v", slots, entries, errs)
	}
	asks := 0
	o := OpenOptions{PIN: countPIN(testpki.UserPIN, &asks)}
	found, done, err := ListHidden(context.Background(), slots[0], o)
	if err != nil || len(found) != 1 || !found[0].HasPrivateKey || found[0].KeyAssumed {
		t.Fatalf("%+v %v", found, err)
	}
	found[0].Judge(testpki.Now())
	e, err := Choose(found, "")
	if err != nil {
		t.Fatal(err)
	}
	k := open(t, e, o)
	if err := done(); err != nil {
		t.Error(err)
	}
	trySign(t, k, crypto.SHA256)
	wantCount(t, m, "C_Login", 1)
	if asks != 1 {
		t.Errorf("asked %d times", asks)
	}
	resetModules()
	_, _, err = ListHidden(context.Background(), slots[0], OpenOptions{PIN: givePIN("00000000")})
	wantAuth(t, err, "incorrect", -1)
}
