package revocation

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"math/big"
	"runtime"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// largeCRL lists n certificates, each second with a reason; the last is leaf.
func largeCRL(ca *testpki.CA, leaf *x509.Certificate, n int) []byte {
	c := ca.NewCRL()
	plain := append([]byte{0x30, 33, 2, 16}, make([]byte, 16)...)
	plain = append(plain, "\x17\x0d260412083512Z"...)
	reason := append(bytes.Clone(plain), 0x30, 12, 0x30, 10, 6, 3, 0x55, 0x1d, 0x15, 4, 3, 10, 1, 5)
	reason[1] += 14
	for i := range n - 1 {
		e := [][]byte{reason, plain}[i%2]
		binary.BigEndian.PutUint64(e[4:], 1<<60+uint64(i))
		c.RawEntries = append(c.RawEntries, e...)
	}
	copy(plain[4:], leaf.SerialNumber.FillBytes(make([]byte, 16)))
	c.RawEntries = append(c.RawEntries, plain...)
	return c.Sign()
}

// A CRL of 50 MB with 1.2 million entries takes no memory for its entries. The promise is a
// second; the bound here leaves room for a busy machine.
func TestLargeCRL(t *testing.T) {
	ca := newCA("large")
	leaf := newLeaf(ca, testpki.Leaf{})
	der := largeCRL(ca, leaf, 1_200_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	s := &Source{CRLs: [][]byte{der}}
	expect(t, check(s, leaf, ca), certpath.Revoked, 0)
	took := time.Since(start)
	expect(t, check(s, newLeaf(ca, testpki.Leaf{CN: "other"}), ca), certpath.Good, 0)
	runtime.ReadMemStats(&after)
	t.Logf("%d MB: %v", len(der)>>20, took)
	if took > time.Minute {
		t.Errorf("took %v", took)
	}
	if n := after.Mallocs - before.Mallocs; n > 20_000 {
		t.Errorf("%d allocations", n)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

func BenchmarkLargeCRL(b *testing.B) {
	ca := newCA("large")
	leaf := newLeaf(ca, testpki.Leaf{})
	der := largeCRL(ca, leaf, 1_200_000)
	b.SetBytes(int64(len(der)))
	b.ReportAllocs()
	for b.Loop() {
		if got := check(&Source{CRLs: [][]byte{der}}, leaf, ca); got.State != certpath.Revoked {
			b.Fatal(got)
		}
	}
}

// L1: many responses and certificates don't slow the question down.
func TestManyResponses(t *testing.T) {
	ca := newCA("many")
	leaf := newLeaf(ca, testpki.Leaf{})
	s := &Source{}
	for i := range 1000 {
		r := ca.NewOCSP()
		r.Singles = append(r.Singles, ca.Single(big.NewInt(int64(i+1)), 0))
		s.OCSPs = append(s.OCSPs, r.Sign())
	}
	for range 10_000 {
		s.Certs = append(s.Certs, sibling.Certificate)
	}
	s.OCSPs = append(s.OCSPs, ca.NewOCSP(leaf).Sign())
	start := time.Now()
	expect(t, check(s, leaf, ca), certpath.Good, 0)
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// Signatures of strangers are not tried without end: many certificates of the
// CRL issuer's name, many CRLs, many responses that claim to be about the
// certificate.
func TestHostileNumbers(t *testing.T) {
	ca := newCA("hostile")
	leaf := newLeaf(ca, testpki.Leaf{})
	s := &Source{}
	junk := ca.NewCRL()
	junk.Damage = true
	for i := range 500 {
		c := sameName(ca)
		cert := sibling.Issue(testpki.Leaf{CN: "hostile", Key: testpki.Key(testpki.P256, string(rune('a'+i%26))).Public(),
			Template: func(x *x509.Certificate) { x.RawSubject = c.Certificate.RawSubject }})
		s.Certs = append(s.Certs, cert)
		junk.Number = int64(i + 1)
		s.CRLs = append(s.CRLs, junk.Sign())
		r := ca.NewOCSP(leaf)
		r.Damage = true
		s.OCSPs = append(s.OCSPs, r.Sign())
	}
	start := time.Now()
	got := check(s, leaf, ca)
	expect(t, got, certpath.Unknown, LimitReached)
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
	x := s.loaded()
	if n := len(x.signed); n > maxCandidates*maxSigners*2 {
		t.Errorf("%d signatures checked", n)
	}
	t.Logf("%d signatures checked in %v", len(x.signed), time.Since(start))
}
