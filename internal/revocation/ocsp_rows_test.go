package revocation

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// The rows O1 to O12 and their kin. Every response is signed after the change.

func TestO1CertID(t *testing.T) {
	ca := newCA("O1")
	leaf := newLeaf(ca, testpki.Leaf{})
	other := sibling.Single(leaf.SerialNumber, 0)
	runOCSP(t, ca, leaf, []ocspCase{
		{"ours", nothing, certpath.Good, 0},
		{"name hash wrong", func(r *testpki.OCSPResponse) { r.Singles[0].NameHash = other.NameHash }, certpath.Unknown, OtherCertificate},
		{"key hash wrong", func(r *testpki.OCSPResponse) { r.Singles[0].KeyHash = other.KeyHash }, certpath.Unknown, OtherCertificate},
		{"both of sibling", func(r *testpki.OCSPResponse) { r.Singles[0] = other }, certpath.Unknown, OtherCertificate},
		{"another serial", func(r *testpki.OCSPResponse) { r.Singles[0].Serial = big.NewInt(4711) }, certpath.Unknown, Offline},
		{"hashes cut short", func(r *testpki.OCSPResponse) { r.Singles[0].KeyHash = r.Singles[0].KeyHash[:4] }, certpath.Unknown, OtherCertificate},
		{"no hashes", func(r *testpki.OCSPResponse) { r.Singles[0].KeyHash, r.Singles[0].NameHash = nil, nil }, certpath.Unknown, OtherCertificate},
	})
}

func TestO2HashOfCertID(t *testing.T) {
	ca := newCA("O2")
	leaf := newLeaf(ca, testpki.Leaf{})
	with := func(h crypto.Hash) func(r *testpki.OCSPResponse) {
		return func(r *testpki.OCSPResponse) { r.Singles[0] = ca.Single(leaf.SerialNumber, h) }
	}
	runOCSP(t, ca, leaf, []ocspCase{
		{"SHA-1", with(crypto.SHA1), certpath.Good, 0},
		{"SHA-256", with(crypto.SHA256), certpath.Good, 0},
		{"SHA-384", with(crypto.SHA384), certpath.Good, 0},
		{"SHA-512", with(crypto.SHA512), certpath.Good, 0},
		{"unknown", func(r *testpki.OCSPResponse) { r.Singles[0].HashID = asn1.ObjectIdentifier{1, 2, 3, 4} }, certpath.Unknown, OtherCertificate},
		{"SHA-1 that says it is SHA-256", func(r *testpki.OCSPResponse) { r.Singles[0].Hash = crypto.SHA256 }, certpath.Unknown, OtherCertificate},
	})
}

func TestO3ResponderID(t *testing.T) {
	ca := newCA("O3")
	leaf := newLeaf(ca, testpki.Leaf{})
	sum := sha1.Sum([]byte("x"))
	byKey := append([]byte{0xa2, 22, 4, 20}, sum[:]...)
	runOCSP(t, ca, leaf, []ocspCase{
		{"by name", nothing, certpath.Good, 0},
		{"by key", func(r *testpki.OCSPResponse) { r.ByKey = true }, certpath.Good, 0},
		{"another name", func(r *testpki.OCSPResponse) { r.Responder = sibling.Certificate }, certpath.Unknown, NotAuthorized},
		{"another key", func(r *testpki.OCSPResponse) { r.ID = byKey }, certpath.Unknown, NotAuthorized},
		{"short key hash", func(r *testpki.OCSPResponse) { r.ID = []byte{0xa2, 3, 4, 1, 7} }, certpath.Unknown, NotAuthorized},
		{"name of the issuer, key of another", func(r *testpki.OCSPResponse) { r.Key = sibling.Key }, certpath.Unknown, BadSignature},
		{"delegate under the issuer's name", func(r *testpki.OCSPResponse) {
			delegate(ca, testpki.Leaf{CN: "d", OCSPSigner: true, Template: testpki.NoCheck})(r)
			r.Responder = ca.Certificate
		}, certpath.Unknown, BadSignature},
	})
}

// golang/go 81395: the issuer's own certificate in the response.
func TestO4IssuerSigns(t *testing.T) {
	ca := newCA("O4")
	leaf := newLeaf(ca, testpki.Leaf{})
	runOCSP(t, ca, leaf, []ocspCase{
		{"without certificate", nothing, certpath.Good, 0},
		{"with its certificate", func(r *testpki.OCSPResponse) { r.Certs = [][]byte{ca.Certificate.Raw} }, certpath.Good, 0},
		{"with others before it", func(r *testpki.OCSPResponse) {
			r.Certs = [][]byte{sibling.Certificate.Raw, leaf.Raw, ca.Certificate.Raw}
		}, certpath.Good, 0},
		{"with garbage for a certificate", func(r *testpki.OCSPResponse) { r.Certs = [][]byte{{0x30, 0}} }, certpath.Good, 0},
		{"bad signature", func(r *testpki.OCSPResponse) { r.Damage = true }, certpath.Unknown, BadSignature},
	})
}

func TestO5Delegate(t *testing.T) {
	ca := newCA("O5")
	leaf := newLeaf(ca, testpki.Leaf{})
	usage := func(u ...x509.ExtKeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { testpki.NoCheck(c); c.ExtKeyUsage = u }
	}
	runOCSP(t, ca, leaf, []ocspCase{
		{"OCSPSigning", delegate(ca, testpki.Leaf{CN: "a", OCSPSigner: true, Template: testpki.NoCheck}), certpath.Good, 0},
		{"by key", func(r *testpki.OCSPResponse) {
			delegate(ca, testpki.Leaf{CN: "a", OCSPSigner: true, Template: testpki.NoCheck})(r)
			r.ByKey = true
		}, certpath.Good, 0},
		{"OCSPSigning and others", delegate(ca, testpki.Leaf{CN: "b", Template: usage(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageOCSPSigning)}), certpath.Good, 0},
		{"no usage", delegate(ca, testpki.Leaf{CN: "c", Template: testpki.NoCheck}), certpath.Unknown, NotAuthorized},
		{"any usage", delegate(ca, testpki.Leaf{CN: "d", Template: usage(x509.ExtKeyUsageAny)}), certpath.Unknown, NotAuthorized},
		{"another usage", delegate(ca, testpki.Leaf{CN: "e", Template: usage(x509.ExtKeyUsageTimeStamping)}), certpath.Unknown, NotAuthorized},
		{"key usage does not allow it", delegate(ca, testpki.Leaf{CN: "f", OCSPSigner: true, KeyUsage: x509.KeyUsageKeyAgreement, Template: testpki.NoCheck}), certpath.Unknown, NotAuthorized},
		{"unknown critical extension", delegate(ca, testpki.Leaf{CN: "g", OCSPSigner: true, Template: func(c *x509.Certificate) {
			testpki.NoCheck(c)
			c.ExtraExtensions = append(c.ExtraExtensions, strange)
		}}), certpath.Unknown, SignerInvalid},
	})
}

func TestO6DelegateValidity(t *testing.T) {
	ca := newCA("O6")
	leaf := newLeaf(ca, testpki.Leaf{})
	valid := func(name string, issuer *testpki.CA, from, to time.Time) func(r *testpki.OCSPResponse) {
		return delegate(issuer, testpki.Leaf{CN: name, OCSPSigner: true, NotBefore: from, NotAfter: to, Template: testpki.NoCheck})
	}
	now := testpki.Now()
	runOCSP(t, ca, leaf, []ocspCase{
		{"expired", valid("a", ca, time.Time{}, now.AddDate(-1, 0, 0)), certpath.Unknown, SignerInvalid},
		{"not yet valid", valid("b", ca, now.Add(time.Hour), time.Time{}), certpath.Unknown, SignerInvalid},
		{"by the grand-parent", valid("c", root, time.Time{}, time.Time{}), certpath.Unknown, NotAuthorized},
		{"by another CA", valid("d", sibling, time.Time{}, time.Time{}), certpath.Unknown, NotAuthorized},
		{"by another CA of the same name", valid("e", sameName(ca), time.Time{}, time.Time{}), certpath.Unknown, SignerInvalid},
		// It was valid when it signed, but its word does not outlive it.
		{"expired since, long nextUpdate", func(r *testpki.OCSPResponse) {
			valid("f", ca, time.Time{}, now.AddDate(0, -1, 0))(r)
			r.ProducedAt, r.Singles[0].ThisUpdate = now.AddDate(0, -2, 0), now.AddDate(0, -2, 0)
			r.Singles[0].NextUpdate = now.AddDate(10, 0, 0)
		}, certpath.Unknown, Stale},
	})
}

// sameName makes another CA with ca's name.
func sameName(ca *testpki.CA) *testpki.CA {
	other := sibling.Sub("other key", testpki.P256)
	return &testpki.CA{Key: other.Key, Certificate: &x509.Certificate{RawSubject: ca.Certificate.RawSubject,
		Subject: ca.Certificate.Subject, PublicKey: other.Certificate.PublicKey, SubjectKeyId: other.Certificate.SubjectKeyId}}
}

func TestO7DelegateStatus(t *testing.T) {
	ca := newCA("O7")
	leaf := newLeaf(ca, testpki.Leaf{})
	responder := func(revoke bool, reason int, l testpki.Leaf) ([]byte, []byte) {
		r := ca.NewOCSP(leaf)
		l.OCSPSigner = true
		delegate(ca, l)(r)
		if revoke {
			ca.Revoke(r.Responder, testpki.Revocation{Reason: reason})
			defer ca.Unrevoke(r.Responder)
		}
		return r.Sign(), ca.CRL()
	}
	// With the CRL the leaf is good either way: the source tells whether the
	// response was believed.
	tests := []struct {
		name    string
		revoke  bool
		reason  int
		leaf    testpki.Leaf
		withCRL bool
		source  string
	}{
		{"nocheck", false, 0, testpki.Leaf{CN: "a", Template: testpki.NoCheck}, false, "ocsp"},
		{"nocheck, revoked: nobody asks", true, 1, testpki.Leaf{CN: "b", Template: testpki.NoCheck}, true, "ocsp"},
		{"names no source: the CA's policy", false, 0, testpki.Leaf{CN: "c"}, false, "ocsp"},
		{"names a CRL that is not there", false, 0, testpki.Leaf{CN: "d", CRLURL: crlURL}, false, "none"},
		{"names a CRL, good", false, 0, testpki.Leaf{CN: "e", CRLURL: crlURL}, true, "ocsp"},
		{"revoked", true, 4, testpki.Leaf{CN: "f", CRLURL: crlURL}, true, "crl"},
		{"revoked, names no source", true, 1, testpki.Leaf{CN: "g"}, true, "crl"},
		{"on hold", true, 6, testpki.Leaf{CN: "h"}, true, "crl"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, crl := responder(tt.revoke, tt.reason, tt.leaf)
			used := &Evidence{}
			s := &Source{OCSPs: [][]byte{resp}, Used: used}
			if tt.withCRL {
				s.CRLs = [][]byte{crl}
			}
			got := check(s, leaf, ca)
			if got.Source != tt.source || (got.State == certpath.Good) != (tt.source != "none") {
				t.Errorf("%v by %s, want %s: %v", got.State, got.Source, tt.source, got.Err)
			}
			if tt.source == "none" && !Has(got.Err, SignerInvalid) {
				t.Error(got.Err)
			}
			if tt.leaf.CN == "e" && (len(used.OCSPs) != 1 || len(used.CRLs) != 1 || len(used.Certs) != 1) {
				t.Errorf("evidence %d %d %d", len(used.OCSPs), len(used.CRLs), len(used.Certs))
			}
		})
	}
}

func TestO8Times(t *testing.T) {
	ca := newCA("O8")
	leaf := newLeaf(ca, testpki.Leaf{})
	now := testpki.Now()
	times := func(produced, this, next time.Duration) func(r *testpki.OCSPResponse) {
		return func(r *testpki.OCSPResponse) {
			r.ProducedAt, r.Singles[0].ThisUpdate, r.Singles[0].NextUpdate = now.Add(produced), now.Add(this), now.Add(next)
			if next == 0 {
				r.Singles[0].NextUpdate = time.Time{}
			}
		}
	}
	const day = 24 * time.Hour
	runOCSP(t, ca, leaf, []ocspCase{
		{"thisUpdate in the future", times(2*time.Hour, 2*time.Hour, day), certpath.Unknown, FromFuture},
		{"producedAt in the future", times(2*time.Hour, -day, day), certpath.Unknown, FromFuture},
		{"a clock that is two minutes fast", times(2*time.Minute, 2*time.Minute, day), certpath.Good, 0},
		{"nextUpdate past", times(-2*day, -2*day, -day), certpath.Unknown, Stale},
		{"nextUpdate past by two minutes", times(-2*day, -2*day, -2*time.Minute), certpath.Good, 0},
		{"nextUpdate before thisUpdate", times(-day, -day, -2*day), certpath.Unknown, Inconsistent},
		{"no nextUpdate, six days old", times(-6*day, -6*day, 0), certpath.Good, 0},
		{"no nextUpdate, eight days old", times(-8*day, -8*day, 0), certpath.Unknown, Stale},
		{"nextUpdate in ten years: the CA's word", times(-day, -day, 3650*day), certpath.Good, 0},
	})
	t.Run("max age", func(t *testing.T) {
		r := ca.NewOCSP(leaf)
		times(-2*day, -2*day, 0)(r)
		expect(t, check(&Source{OCSPs: [][]byte{r.Sign()}, MaxAge: day}, leaf, ca), certpath.Unknown, Stale)
	})
}

func TestO9ProducedAtAndExtensions(t *testing.T) {
	ca := newCA("O9")
	leaf := newLeaf(ca, testpki.Leaf{})
	gone := newLeaf(ca, testpki.Leaf{CN: "expired", NotAfter: testpki.Now().AddDate(-1, 0, 0)})
	single := func(e ...pkix.Extension) func(r *testpki.OCSPResponse) {
		return func(r *testpki.OCSPResponse) { r.Singles[0].Extensions = e }
	}
	cutoff := func(years int) func(r *testpki.OCSPResponse) {
		return single(pkix.Extension{Id: ocspOID(6), Value: generalized(testpki.Now().AddDate(-years, 0, 0))})
	}
	runOCSP(t, ca, leaf, []ocspCase{
		{"producedAt before thisUpdate", func(r *testpki.OCSPResponse) {
			r.ProducedAt = r.Singles[0].ThisUpdate.Add(-time.Hour)
		}, certpath.Unknown, Inconsistent},
		{"critical unknown single extension", single(strange), certpath.Unknown, UnknownCritical},
		{"unknown single extension", single(pkix.Extension{Id: strange.Id, Value: []byte{5, 0}}), certpath.Good, 0},
		{"critical unknown extension", func(r *testpki.OCSPResponse) { r.Extensions = []pkix.Extension{strange} }, certpath.Unknown, UnknownCritical},
		{"archive cutoff", cutoff(2), certpath.Good, 0},
		{"archive cutoff, malformed", single(pkix.Extension{Id: ocspOID(6), Value: []byte{5, 0}}), certpath.Unknown, Malformed},
		{"the certificate's hash", single(certHash(leaf.Raw)), certpath.Good, 0},
		{"another certificate's hash", single(certHash(gone.Raw)), certpath.Unknown, OtherCertificate},
	})
	runOCSP(t, ca, gone, []ocspCase{
		{"expired certificate", nothing, certpath.Unknown, CertificateExpired},
		{"expired certificate, cutoff before", cutoff(2), certpath.Good, 0},
		{"expired certificate, cutoff after", cutoff(0), certpath.Unknown, CertificateExpired},
		{"expired certificate, revoked", func(r *testpki.OCSPResponse) {
			r.Singles[0].Status, r.Singles[0].RevokedAt = 1, testpki.Now().AddDate(-3, 0, 0)
		}, certpath.Revoked, 0},
	})
}

// certHash is CertHash { SHA-256, hash }.
func certHash(der []byte) pkix.Extension {
	h := crypto.SHA256.New()
	h.Write(der)
	value := append([]byte{0x30, 49, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32}, h.Sum(nil)...)
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 36, 8, 3, 13}, Value: value}
}

// For O10 and the servers' half of O11 see online_test.go.

func TestO11Refusals(t *testing.T) {
	ca := newCA("O11")
	leaf := newLeaf(ca, testpki.Leaf{})
	status := func(n int) func(r *testpki.OCSPResponse) {
		return func(r *testpki.OCSPResponse) { r.Status = n }
	}
	runOCSP(t, ca, leaf, []ocspCase{
		{"unknown", func(r *testpki.OCSPResponse) { r.Singles[0].Status = 2 }, certpath.Unknown, StatusUnknown},
		{"malformedRequest", status(1), certpath.Unknown, Refused},
		{"internalError", status(2), certpath.Unknown, Refused},
		{"tryLater", status(3), certpath.Unknown, Refused},
		{"sigRequired", status(5), certpath.Unknown, Refused},
		{"unauthorized", status(6), certpath.Unknown, Refused},
	})
	got := check(&Source{OCSPs: [][]byte{[]byte("<html></html>")}, CRLs: [][]byte{[]byte("-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n")}}, leaf, ca)
	expect(t, got, certpath.Unknown, Malformed)
	// A CRL stands in.
	r := ca.NewOCSP(leaf)
	r.Singles[0].Status = 2
	got = check(&Source{OCSPs: [][]byte{r.Sign()}, CRLs: [][]byte{ca.CRL()}}, leaf, ca)
	expect(t, got, certpath.Good, 0)
	if got.Source != "crl" {
		t.Errorf("by %s", got.Source)
	}
}

func TestO12ManyResponses(t *testing.T) {
	ca := newCA("O12")
	leaf, gone := newLeaf(ca, testpki.Leaf{}), newLeaf(ca, testpki.Leaf{CN: "gone"})
	ca.Revoke(gone, testpki.Revocation{Reason: 1})
	many := func(n int) func(r *testpki.OCSPResponse) {
		return func(r *testpki.OCSPResponse) {
			ours := r.Singles[0]
			r.Singles = nil
			for i := range n - 1 {
				r.Singles = append(r.Singles, ca.Single(big.NewInt(int64(i+1)), 0))
			}
			r.Singles = append(r.Singles, ours)
		}
	}
	runOCSP(t, ca, leaf, []ocspCase{
		{"ours second", func(r *testpki.OCSPResponse) {
			r.Singles = []testpki.OCSPSingle{ca.Single(gone.SerialNumber, 0), r.Singles[0]}
		}, certpath.Good, 0},
		{"revoked second", func(r *testpki.OCSPResponse) {
			second := r.Singles[0]
			second.Status, second.RevokedAt = 1, testpki.Now().AddDate(0, 0, -1)
			r.Singles = append(r.Singles, second)
		}, certpath.Revoked, 0},
		{"1,000", many(1000), certpath.Good, 0},
		{"1,001", many(1001), certpath.Unknown, LimitReached},
		{"none", func(r *testpki.OCSPResponse) { r.Singles = nil }, certpath.Unknown, Offline},
		{"33 certificates before the responder's", func(r *testpki.OCSPResponse) {
			delegate(ca, testpki.Leaf{CN: "a", OCSPSigner: true, Template: testpki.NoCheck})(r)
			for range 33 {
				r.Certs = append([][]byte{leaf.Raw}, r.Certs...)
			}
		}, certpath.Unknown, NotAuthorized},
	})
	t.Run("40 junk responses hide no good one", func(t *testing.T) {
		s := &Source{}
		for range 40 {
			r := ca.NewOCSP(leaf)
			r.Damage = true
			s.OCSPs = append(s.OCSPs, r.Sign())
		}
		s.OCSPs = append(s.OCSPs, ca.NewOCSP(leaf).Sign())
		expect(t, check(s, leaf, ca), certpath.Good, 0)
	})
}

func TestWeakAlgorithm(t *testing.T) {
	ca := newCA("weak")
	leaf := newLeaf(ca, testpki.Leaf{})
	r, c := ca.NewOCSP(leaf), ca.NewCRL()
	r.Hash, c.Hash = crypto.SHA1, crypto.SHA1
	expect(t, check(&Source{OCSPs: [][]byte{r.Sign()}, CRLs: [][]byte{c.Sign()}}, leaf, ca), certpath.Unknown, WeakAlgorithm)
	expect(t, check(&Source{OCSPs: [][]byte{r.Sign()}, AllowWeak: true}, leaf, ca), certpath.Good, 0)
	expect(t, check(&Source{CRLs: [][]byte{c.Sign()}, AllowWeak: true}, leaf, ca), certpath.Good, 0)
}

// Both forms are read, and the evidence is always the whole one.
func TestBasicForm(t *testing.T) {
	ca := newCA("basic")
	leaf := newLeaf(ca, testpki.Leaf{})
	r := ca.NewOCSP(leaf)
	r.Key = testpki.Key(testpki.RSA2048, "basic") // signs the same twice
	cert := ca.Issue(testpki.Leaf{CN: "d", Key: r.Key.Public(), OCSPSigner: true, Template: testpki.NoCheck})
	r.Responder, r.Certs = cert, [][]byte{cert.Raw}
	used := &Evidence{}
	expect(t, check(&Source{OCSPs: [][]byte{r.Basic(), r.Sign(), r.Basic()}, Used: used}, leaf, ca), certpath.Good, 0)
	if len(used.OCSPs) != 1 || !bytes.Equal(used.OCSPs[0], r.Sign()) {
		t.Errorf("%d responses", len(used.OCSPs))
	}
}
