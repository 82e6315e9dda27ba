package token

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"crypto/x509"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// entry is a made-up entry of a signer.
func entry(t *testing.T, cnText string, change func(*Entry, *testpki.Leaf)) Entry {
	t.Helper()
	key := testpki.Key(testpki.P256, cnText)
	l := testpki.Leaf{CN: cnText, Key: key.Public()}
	e := Entry{Module: "/usr/lib/a.so", Slot: 1, Token: Info{Label: "token", Serial: "01"}, ID: []byte{0, 0xab}, HasPrivateKey: true}
	if change != nil {
		change(&e, &l)
	}
	e.Certificate = testpki.NewRoot("Test Root", testpki.P256).Issue(l)
	e.Raw = e.Certificate.Raw
	e.judge(testpki.Now())
	return e
}

func TestChooseSelectors(t *testing.T) {
	serial, _ := new(big.Int).SetString("5401abcdef0102030405060708090a0b", 16)
	a := entry(t, "NGUYỄN VĂN A", func(e *Entry, l *testpki.Leaf) {
		l.Template = func(c *x509.Certificate) { c.SerialNumber = serial }
	})
	b := entry(t, "TRẦN THỊ ĐÔNG", func(e *Entry, _ *testpki.Leaf) { e.Slot, e.ID = 2, []byte{0xcd} })
	c := entry(t, "CÔNG TY A", func(e *Entry, _ *testpki.Leaf) { e.Slot, e.ID, e.HasPrivateKey = 3, nil, false })
	entries := []Entry{a, b, c}
	sum := sha256.Sum256(b.Raw)
	cases := []struct {
		selector string
		want     int // index; -1 none, -2 ambiguous
	}{
		{"1", 0}, {"2", 1}, {"4", -1}, {"0", -1},
		{"5401abcdef0102030405060708090a0b", 0}, {"54 01 AB CD EF 01 02 03 04 05 06 07 08 09 0A 0B", 0},
		{"00:54:01:ab:cd:ef:01:02:03:04:05:06:07:08:09:0a:0b", 0}, {"5401abcdef", -1},
		{hex.EncodeToString(sum[:]), 1}, {strings.ToUpper(hex.EncodeToString(sum[:])), 1},
		{"00ab", 0}, {"ab", 0}, {"CD", 1},
		{"NGUYỄN VĂN A", 0}, {"nguyễn", 0}, {"Nguyen Van A", 0}, {"tran  thi", 1}, {"dong", 1}, {"đông", 1},
		{"Nguyễn", 0}, // NFD
		{"N", -2}, {"T", 1}, {"ô", 1}, {"nobody", -1}, {"  ", -2},
	}
	for _, c := range cases {
		t.Run(c.selector, func(t *testing.T) {
			got, err := Choose(entries, c.selector)
			var amb *AmbiguousError
			switch c.want {
			case -2:
				if !errors.As(err, &amb) {
					t.Errorf("got %v (%v)", got.Certificate, err)
				}
			case -1:
				var n *NoCertificateError
				if !errors.As(err, &n) || !errors.Is(err, ErrNoCertificate) || len(n.Entries) != 3 {
					t.Errorf("got %v", err)
				}
			default:
				if err != nil || !got.sameCertificate(entries[c.want]) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	var bad *UnusableError
	if _, err := Choose(entries, "công ty"); !errors.As(err, &bad) || bad.Entry.Reasons[0] != ReasonNoKey {
		t.Errorf("unusable: %v", err)
	}
	if _, err := Choose(entries, "3"); !errors.As(err, &bad) {
		t.Errorf("unusable by number: %v", err)
	}
}

func TestChooseByItself(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	from := func(y int, slot uint, ku x509.KeyUsage) func(*Entry, *testpki.Leaf) {
		return func(e *Entry, l *testpki.Leaf) { l.NotBefore, e.Slot, l.KeyUsage = day(y), slot, ku }
	}
	oldOne := entry(t, "NGUYỄN VĂN A", from(2020, 1, 0))
	renewed := entry(t, "NGUYỄN VĂN A", from(2025, 1, 0))
	expired := entry(t, "NGUYỄN VĂN A", func(e *Entry, l *testpki.Leaf) { l.NotAfter = day(2021) })
	future := entry(t, "NGUYỄN VĂN A", from(2050, 1, 0))
	otherUse := entry(t, "NGUYỄN VĂN A", from(2025, 1, x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment))
	otherToken := entry(t, "NGUYỄN VĂN A", from(2025, 7, 0))
	viaOther := renewed
	viaOther.Module = "/usr/lib/b.so"
	cases := []struct {
		name    string
		entries []Entry
		want    int // index; -1 none, -2 ambiguous
	}{
		{"nothing", nil, -1}, {"one", []Entry{oldOne}, 0}, {"only an expired one", []Entry{expired}, -1},
		{"renewed", []Entry{oldOne, renewed}, 1}, {"renewed, other order", []Entry{renewed, oldOne}, 0},
		{"expired and renewed", []Entry{expired, renewed}, 1}, {"not yet valid", []Entry{oldOne, future}, 0},
		{"other key use", []Entry{oldOne, otherUse}, -2}, {"other token", []Entry{oldOne, otherToken}, -2},
		{"one certificate through two drivers", []Entry{renewed, viaOther}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Choose(c.entries, "")
			var amb *AmbiguousError
			var n *NoCertificateError
			switch {
			case c.want == -2 && !errors.As(err, &amb), c.want == -1 && !errors.As(err, &n):
				t.Errorf("got %v", err)
			case c.want >= 0 && (err != nil || !got.sameCertificate(c.entries[c.want])):
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	now := testpki.Now()
	cases := []struct {
		name   string
		change func(*Entry, *testpki.Leaf)
		want   Reason
	}{
		{"good", nil, ""},
		{"expired", func(_ *Entry, l *testpki.Leaf) { l.NotAfter = now.Add(-time.Second) }, ReasonExpired},
		{"ends this second", func(_ *Entry, l *testpki.Leaf) { l.NotAfter = now }, ""},
		{"not yet valid", func(_ *Entry, l *testpki.Leaf) { l.NotBefore = now.Add(time.Second) }, ReasonNotYetValid},
		{"CA", func(_ *Entry, l *testpki.Leaf) { l.Template = func(c *x509.Certificate) { c.IsCA = true } }, ReasonCA},
		{"encryption only", func(_ *Entry, l *testpki.Leaf) { l.KeyUsage = x509.KeyUsageKeyEncipherment }, ReasonKeyUsage},
		{"nonRepudiation only", func(_ *Entry, l *testpki.Leaf) { l.KeyUsage = x509.KeyUsageContentCommitment }, ""},
		{"no key usage", func(_ *Entry, l *testpki.Leaf) { l.Template = func(c *x509.Certificate) { c.KeyUsage = 0 } }, ""},
		{"no key", func(e *Entry, _ *testpki.Leaf) { e.HasPrivateKey = false }, ReasonNoKey},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := entry(t, "A", c.change)
			if c.want == "" && (!e.Usable || len(e.Reasons) != 0) || c.want != "" && (e.Usable || len(e.Reasons) != 1 || e.Reasons[0] != c.want) {
				t.Errorf("usable %v, %v", e.Usable, e.Reasons)
			}
		})
	}
}
