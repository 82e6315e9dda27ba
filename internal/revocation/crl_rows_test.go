package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// crlCase is a CRL of the CA, changed and then signed.
type crlCase struct {
	name    string
	change  func(c *testpki.CRL)
	want    certpath.State
	problem Problem
}

func runCRL(t *testing.T, ca *testpki.CA, leaf *x509.Certificate, cases []crlCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			c := ca.NewCRL()
			tt.change(c)
			expect(t, check(&Source{CRLs: [][]byte{c.Sign()}}, leaf, ca), tt.want, tt.problem)
		})
	}
}

func idpOf(d testpki.IDP) func(c *testpki.CRL) { return func(c *testpki.CRL) { c.IDP = &d } }

func TestCRLBasics(t *testing.T) {
	ca := newCA("basics")
	leaf := newLeaf(ca, testpki.Leaf{})
	now := testpki.Now()
	listed := func(e testpki.CRLEntry) func(c *testpki.CRL) {
		e.Serial = leaf.SerialNumber
		if e.At.IsZero() {
			e.At = now.AddDate(0, 0, -2)
		}
		return func(c *testpki.CRL) {
			c.Entries = []testpki.CRLEntry{{Serial: big.NewInt(1), At: now, Reason: 5}, e, {Serial: big.NewInt(2), At: now}}
		}
	}
	runCRL(t, ca, leaf, []crlCase{
		{"empty", func(*testpki.CRL) {}, certpath.Good, 0},
		{"others listed", func(c *testpki.CRL) { c.Entries = []testpki.CRLEntry{{Serial: big.NewInt(7), At: now}} }, certpath.Good, 0},
		{"listed", listed(testpki.CRLEntry{Reason: 1}), certpath.Revoked, 0},
		{"listed without reason", listed(testpki.CRLEntry{}), certpath.Revoked, 0},
		{"listed after 2050", listed(testpki.CRLEntry{At: time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC)}), certpath.Revoked, 0},
		{"version 1", func(c *testpki.CRL) { c.Version1 = true }, certpath.Good, 0},
		{"damaged", func(c *testpki.CRL) { c.Damage = true }, certpath.Unknown, BadSignature},
		{"unknown critical extension", func(c *testpki.CRL) { c.Extensions = []pkix.Extension{strange} }, certpath.Unknown, UnknownCritical},
		{"unknown extension", func(c *testpki.CRL) {
			c.Extensions = []pkix.Extension{{Id: strange.Id, Value: []byte{5, 0}}}
		}, certpath.Good, 0},
		{"unknown critical extension of another entry", func(c *testpki.CRL) {
			c.Entries = []testpki.CRLEntry{{Serial: big.NewInt(7), At: now, Extensions: []pkix.Extension{strange}}}
		}, certpath.Unknown, UnknownCritical},
		{"reason that is none", listed(testpki.CRLEntry{Reason: 7}), certpath.Unknown, Malformed},
		{"two reasons", listed(testpki.CRLEntry{Reason: 1, Extensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 21}, Value: []byte{10, 1, 8}}}}), certpath.Unknown, Malformed},
		{"certificate issuer in a CRL that is not indirect", listed(testpki.CRLEntry{Issuer: ca.Certificate.RawSubject}), certpath.Unknown, Malformed},
		{"removed, in a complete CRL", listed(testpki.CRLEntry{Reason: 8}), certpath.Good, 0},
		{"no next update, six days old", func(c *testpki.CRL) { c.NextUpdate, c.ThisUpdate = time.Time{}, now.AddDate(0, 0, -6) }, certpath.Good, 0},
		{"number of 21 octets", func(c *testpki.CRL) {
			c.Number = 0
			c.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 20}, Value: append([]byte{2, 24, 1}, make([]byte, 23)...)}}
		}, certpath.Unknown, Malformed},
	})
}

// The details of a revocation reach the caller.
func TestRevokedDetails(t *testing.T) {
	ca := newCA("details")
	leaf := newLeaf(ca, testpki.Leaf{})
	at, lost := testpki.Now().AddDate(0, 0, -3), testpki.Now().AddDate(0, -1, 0)
	ca.Revoke(leaf, testpki.Revocation{At: at, Reason: 1, Invalidity: lost})
	for _, origin := range []string{"embedded", "file"} {
		used := &Evidence{}
		s := &Source{CRLs: [][]byte{ca.CRL()}, Used: used}
		if origin == "file" {
			s.CRLs, s.FileCRLs = nil, s.CRLs
		}
		got := check(s, leaf, ca)
		if got.State != certpath.Revoked || !got.RevokedAt.Equal(at) || got.Reason != 1 || !got.InvalidityDate.Equal(lost) ||
			got.Source != "crl" || got.Origin != origin || !got.ThisUpdate.Equal(testpki.Now().Add(-time.Hour)) ||
			!got.NextUpdate.Equal(testpki.Now().AddDate(0, 0, 7)) || len(used.CRLs) != 1 {
			t.Errorf("%+v", got)
		}
	}
	got := check(&Source{FileOCSPs: [][]byte{ca.NewOCSP(leaf).Sign()}}, leaf, ca)
	if got.State != certpath.Revoked || !got.RevokedAt.Equal(at) || got.Reason != 1 || got.Source != "ocsp" || got.Origin != "file" {
		t.Errorf("%+v", got)
	}
}

// A good response from before the revocation, replayed.
func TestL2Replay(t *testing.T) {
	ca := newCA("L2")
	leaf := newLeaf(ca, testpki.Leaf{})
	r := ca.NewOCSP(leaf)
	r.ProducedAt = testpki.Now().AddDate(0, -1, 0)
	r.Singles[0].ThisUpdate, r.Singles[0].NextUpdate = r.ProducedAt, r.ProducedAt.AddDate(0, 0, 1)
	old := r.Sign()
	expect(t, check(&Source{OCSPs: [][]byte{old}}, leaf, ca), certpath.Unknown, Stale)
	ca.Revoke(leaf, testpki.Revocation{Reason: 1})
	expect(t, check(&Source{OCSPs: [][]byte{old}, CRLs: [][]byte{ca.CRL()}}, leaf, ca), certpath.Revoked, 0)
	expect(t, check(&Source{OCSPs: [][]byte{old, ca.NewOCSP(leaf).Sign()}}, leaf, ca), certpath.Revoked, 0)
	// For a time that is proven to lie before, the old response is enough.
	expect(t, checkAt(&Source{OCSPs: [][]byte{old}}, leaf, ca, r.ProducedAt.Add(time.Hour)), certpath.Good, 0)
}

// L3 (no id-kp-OCSPSigning) is TestO5Delegate, L4 (sibling CA, same serial)
// TestO1CertID; here they are end to end.
func TestL3L4ForeignResponses(t *testing.T) {
	ca := newCA("L3")
	leaf := newLeaf(ca, testpki.Leaf{})
	twin := sibling.Issue(testpki.Leaf{CN: "leaf", Template: func(c *x509.Certificate) { c.SerialNumber = leaf.SerialNumber }})
	r := ca.NewOCSP(leaf)
	delegate(ca, testpki.Leaf{CN: "another signer"})(r)
	expect(t, check(&Source{OCSPs: [][]byte{r.Sign()}}, leaf, ca), certpath.Unknown, NotAuthorized)
	resp := sibling.NewOCSP(twin).Sign()
	expect(t, check(&Source{OCSPs: [][]byte{resp}, Certs: []*x509.Certificate{sibling.Certificate}}, leaf, ca), certpath.Unknown, OtherCertificate)
	expect(t, check(&Source{OCSPs: [][]byte{resp}}, twin, sibling), certpath.Good, 0)
}

func TestL5Responder(t *testing.T) {
	ca := newCA("L5")
	leaf := newLeaf(ca, testpki.Leaf{})
	expired := ca.NewOCSP(leaf)
	delegate(ca, testpki.Leaf{CN: "old", OCSPSigner: true, NotAfter: testpki.Now().Add(-2 * time.Hour), Template: testpki.NoCheck})(expired)
	expect(t, check(&Source{OCSPs: [][]byte{expired.Sign()}}, leaf, ca), certpath.Unknown, SignerInvalid)
	revoked := ca.NewOCSP(leaf)
	delegate(ca, testpki.Leaf{CN: "revoked", OCSPSigner: true})(revoked)
	ca.Revoke(revoked.Responder, testpki.Revocation{Reason: 1})
	c := ca.NewCRL()
	c.IDP = &testpki.IDP{URI: "http://crl.example.vn/responders.crl"} // says nothing about the leaf
	resp := revoked.Sign()
	responder := &Source{OCSPs: [][]byte{resp}, CRLs: [][]byte{c.Sign()}}
	expect(t, check(responder, leaf, ca), certpath.Good, 0) // nor about this responder, which names no point
	c.IDP = nil
	c.Entries = append(c.Entries, testpki.CRLEntry{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 6})
	got := check(&Source{OCSPs: [][]byte{resp}, CRLs: [][]byte{c.Sign()}}, leaf, ca)
	if got.State != certpath.Revoked || got.Source != "crl" {
		t.Errorf("%+v", got)
	}
}

// A CRL of the same name and another key.
func TestL6OtherKey(t *testing.T) {
	ca := newCA("L6")
	leaf := newLeaf(ca, testpki.Leaf{})
	evil := testpki.NewRoot("L6", testpki.P384)
	c := evil.NewCRL()
	if string(c.Issuer) != string(ca.Certificate.RawSubject) {
		t.Fatal("the names differ")
	}
	der := c.Sign()
	expect(t, check(&Source{CRLs: [][]byte{der}}, leaf, ca), certpath.Unknown, BadSignature)
	known := []*x509.Certificate{evil.Certificate}
	expect(t, check(&Source{CRLs: [][]byte{der}, Certs: known}, leaf, ca), certpath.Unknown, SignerInvalid)
	// Not even when both are anchors: RFC 5280, 6.3.3 (f) wants the same one.
	anchors := []certpath.Anchor{{Certificate: root.Certificate}, {Certificate: evil.Certificate}}
	expect(t, check(&Source{CRLs: [][]byte{der}, Certs: known, Anchors: anchors}, leaf, ca), certpath.Unknown, SignerInvalid)
	// Without a source that the certificate names, it is as if it were not there.
	plain := ca.Issue(testpki.Leaf{CN: "plain"})
	expect(t, check(&Source{CRLs: [][]byte{der}}, plain, ca), certpath.NotPublished, 0)
}

func TestL7Scope(t *testing.T) {
	ca := newCA("L7")
	leaf := newLeaf(ca, testpki.Leaf{})
	all := []int{1, 2, 3, 4, 5, 6, 7, 8}
	runCRL(t, ca, leaf, []crlCase{
		{"onlyContainsUserCerts", idpOf(testpki.IDP{OnlyUsers: true}), certpath.Good, 0},
		{"onlyContainsCACerts", idpOf(testpki.IDP{OnlyCAs: true}), certpath.Unknown, OutOfScope},
		{"onlyContainsAttributeCerts", idpOf(testpki.IDP{OnlyAttrs: true}), certpath.Unknown, OutOfScope},
		{"onlySomeReasons, some", idpOf(testpki.IDP{Reasons: []int{1, 2}}), certpath.Unknown, SomeReasons},
		{"onlySomeReasons, all", idpOf(testpki.IDP{Reasons: all}), certpath.Good, 0},
		{"our distribution point", idpOf(testpki.IDP{URI: crlURL}), certpath.Good, 0},
		{"another distribution point", idpOf(testpki.IDP{URI: crlURL + "2"}), certpath.Unknown, OutOfScope},
		{"the issuer's name for a point", idpOf(testpki.IDP{Directory: ca.Certificate.RawSubject}), certpath.Good, 0},
		{"another's name for a point", idpOf(testpki.IDP{Directory: root.Certificate.RawSubject}), certpath.Unknown, OutOfScope},
		{"indirect", idpOf(testpki.IDP{Indirect: true}), certpath.Good, 0},
		{"indirect, entry without issuer", func(c *testpki.CRL) {
			c.IDP = &testpki.IDP{Indirect: true}
			c.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now()}}
		}, certpath.Revoked, 0},
		{"indirect, entry of another issuer", func(c *testpki.CRL) {
			c.IDP = &testpki.IDP{Indirect: true}
			c.Entries = []testpki.CRLEntry{{Serial: big.NewInt(1), At: testpki.Now(), Issuer: root.Certificate.RawSubject},
				{Serial: leaf.SerialNumber, At: testpki.Now()}}
		}, certpath.Good, 0},
		{"indirect, back to our issuer", func(c *testpki.CRL) {
			c.IDP = &testpki.IDP{Indirect: true}
			c.Entries = []testpki.CRLEntry{{Serial: big.NewInt(1), At: testpki.Now(), Issuer: root.Certificate.RawSubject},
				{Serial: big.NewInt(2), At: testpki.Now(), Issuer: ca.Certificate.RawSubject},
				{Serial: leaf.SerialNumber, At: testpki.Now()}}
		}, certpath.Revoked, 0},
	})
	t.Run("two CRLs with all reasons together", func(t *testing.T) {
		one, two := ca.NewCRL(), ca.NewCRL()
		one.IDP, two.IDP = &testpki.IDP{Reasons: all[:3]}, &testpki.IDP{Reasons: all[3:]}
		two.ThisUpdate, two.NextUpdate = two.ThisUpdate.Add(-time.Hour), two.NextUpdate.Add(-time.Hour)
		used := &Evidence{}
		got := check(&Source{CRLs: [][]byte{one.Sign(), two.Sign()}, Used: used}, leaf, ca)
		expect(t, got, certpath.Good, 0)
		if len(used.CRLs) != 2 || !got.ThisUpdate.Equal(two.ThisUpdate) || !got.NextUpdate.Equal(two.NextUpdate) {
			t.Errorf("%d CRLs, %+v", len(used.CRLs), got)
		}
		two.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 5}}
		expect(t, check(&Source{CRLs: [][]byte{one.Sign(), two.Sign()}}, leaf, ca), certpath.Revoked, 0)
	})
	t.Run("a CA's certificate", func(t *testing.T) {
		users, cas := root.NewCRL(), root.NewCRL()
		users.IDP, cas.IDP = &testpki.IDP{OnlyUsers: true}, &testpki.IDP{OnlyCAs: true}
		expect(t, check(&Source{CRLs: [][]byte{users.Sign()}}, ca.Certificate, root), certpath.NotPublished, 0)
		expect(t, check(&Source{CRLs: [][]byte{cas.Sign()}}, ca.Certificate, root), certpath.Good, 0)
	})
}

// A CRL by somebody else, whom the certificate names.
func TestL7IndirectIssuer(t *testing.T) {
	ca := newCA("L7 indirect")
	other := root.Sub("CRL issuer", testpki.P256)
	stranger := sibling.Sub("CRL issuer", testpki.P384)
	leaf := ca.Issue(testpki.Leaf{CN: "leaf", Template: func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{testpki.DistributionPoints(testpki.DP{URI: crlURL, CRLIssuer: other.Certificate.RawSubject})}
	}})
	anchors := []certpath.Anchor{{Certificate: root.Certificate}, {Certificate: sibling.Certificate}}
	indirect := testpki.IDP{URI: crlURL, Indirect: true}
	entry := []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 1, Issuer: ca.Certificate.RawSubject}}
	bare := []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 1}}
	tests := []struct {
		name    string
		by      *testpki.CA
		idp     testpki.IDP
		entries []testpki.CRLEntry
		anchors []certpath.Anchor
		want    certpath.State
		problem Problem
	}{
		{"good", other, indirect, nil, anchors, certpath.Good, 0},
		{"revoked", other, indirect, entry, anchors, certpath.Revoked, 0},
		{"the entry is of the CRL issuer's own", other, indirect, bare, anchors, certpath.Good, 0},
		{"no anchors given", other, indirect, nil, nil, certpath.Unknown, SignerInvalid},
		{"not marked indirect", other, testpki.IDP{URI: crlURL}, nil, anchors, certpath.Unknown, OutOfScope},
		{"same name under another anchor", stranger, indirect, nil, anchors, certpath.Unknown, SignerInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.by.NewCRL()
			c.IDP, c.Entries = &tt.idp, tt.entries
			used := &Evidence{}
			s := &Source{CRLs: [][]byte{c.Sign()}, Certs: []*x509.Certificate{tt.by.Certificate, sibling.Certificate},
				Anchors: tt.anchors, Used: used}
			expect(t, check(s, leaf, ca), tt.want, tt.problem)
			if tt.want == certpath.Good && (len(used.CRLs) != 1 || len(used.Certs) == 0) {
				t.Errorf("evidence: %d CRLs, %d certificates", len(used.CRLs), len(used.Certs))
			}
		})
	}
	t.Run("the CRL issuer is revoked", func(t *testing.T) {
		c := other.NewCRL()
		c.IDP = &indirect
		root.Revoke(other.Certificate, testpki.Revocation{Reason: 1})
		defer root.Unrevoke(other.Certificate)
		s := &Source{CRLs: [][]byte{c.Sign(), root.CRL()}, Certs: []*x509.Certificate{other.Certificate}, Anchors: anchors}
		expect(t, check(s, leaf, ca), certpath.Unknown, SignerInvalid)
	})
	t.Run("the CRL issuer may not sign CRLs", func(t *testing.T) {
		key := testpki.Key(testpki.P256, "no crl")
		cert := root.Issue(testpki.Leaf{CN: "CRL issuer", Key: key.Public()})
		c := other.NewCRL()
		c.IDP, c.Key, c.KeyID = &indirect, key, nil
		s := &Source{CRLs: [][]byte{c.Sign()}, Certs: []*x509.Certificate{cert}, Anchors: anchors}
		expect(t, check(s, leaf, ca), certpath.Unknown, NotAuthorized)
	})
}

func TestL8Delta(t *testing.T) {
	ca := newCA("L8")
	leaf := newLeaf(ca, testpki.Leaf{})
	now := testpki.Now()
	entry := func(reason int) []testpki.CRLEntry {
		return []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: now.Add(-time.Hour), Reason: reason}}
	}
	type change = func(base, delta *testpki.CRL)
	tests := []struct {
		name    string
		change  change
		noBase  bool
		want    certpath.State
		problem Problem
	}{
		{"nothing new", func(_, _ *testpki.CRL) {}, false, certpath.Good, 0},
		{"revoked in the delta", func(_, d *testpki.CRL) { d.Entries = entry(1) }, false, certpath.Revoked, 0},
		{"delta without base", func(_, d *testpki.CRL) {}, true, certpath.Unknown, OutOfScope},
		{"the base is older than BaseCRLNumber", func(_, d *testpki.CRL) { d.Base, d.Number, d.Entries = 11, 13, entry(1) }, false, certpath.Good, 0},
		{"the base is newer than BaseCRLNumber", func(_, d *testpki.CRL) { d.Base, d.Entries = 9, entry(1) }, false, certpath.Revoked, 0},
		{"the delta is older than the base", func(b, d *testpki.CRL) { b.Number, d.Entries = 20, entry(1) }, false, certpath.Good, 0},
		{"the base has no number", func(b, d *testpki.CRL) { b.Number, d.Entries = 0, entry(1) }, false, certpath.Good, 0},
		{"the delta has another scope", func(_, d *testpki.CRL) { d.IDP, d.Entries = &testpki.IDP{OnlyUsers: true}, entry(1) }, false, certpath.Good, 0},
		{"the delta has another key identifier", func(_, d *testpki.CRL) { d.KeyID, d.Entries = []byte{1}, entry(1) }, false, certpath.Good, 0},
		{"the delta is damaged", func(_, d *testpki.CRL) { d.Damage, d.Entries = true, entry(1) }, false, certpath.Good, 0},
		{"the delta is from the future", func(_, d *testpki.CRL) { d.ThisUpdate, d.Entries = now.Add(time.Hour), entry(1) }, false, certpath.Good, 0},
		{"the delta has an unknown critical extension", func(_, d *testpki.CRL) {
			d.Extensions, d.Entries = []pkix.Extension{strange}, entry(1)
		}, false, certpath.Good, 0},
		{"the base is stale, the delta is not", func(b, _ *testpki.CRL) {
			b.ThisUpdate, b.NextUpdate = now.AddDate(0, -1, 0), now.AddDate(0, 0, -1)
		}, false, certpath.Good, 0},
		{"both are stale", func(b, d *testpki.CRL) {
			b.ThisUpdate, b.NextUpdate = now.AddDate(0, -1, 0), now.AddDate(0, 0, -1)
			d.ThisUpdate, d.NextUpdate = b.ThisUpdate, b.NextUpdate
		}, false, certpath.Unknown, Stale},
		{"the base is stale, the delta is for a later one", func(b, d *testpki.CRL) {
			b.ThisUpdate, b.NextUpdate = now.AddDate(0, -1, 0), now.AddDate(0, 0, -1)
			d.Base, d.Number = 11, 13
		}, false, certpath.Unknown, Stale},
		{"hold in the base, removed in the delta", func(b, d *testpki.CRL) { b.Entries, d.Entries = entry(6), entry(8) }, false, certpath.Good, 0},
		{"hold in the base, for good in the delta", func(b, d *testpki.CRL) { b.Entries, d.Entries = entry(6), entry(1) }, false, certpath.Revoked, 0},
		{"hold in the base, nothing in the delta", func(b, _ *testpki.CRL) { b.Entries = entry(6) }, false, certpath.Revoked, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base, delta := ca.NewCRL(), ca.NewCRL()
			base.Number, delta.Number, delta.Base = 10, 12, 10
			tt.change(base, delta)
			s := &Source{CRLs: [][]byte{delta.Sign()}}
			if !tt.noBase {
				s.CRLs = append(s.CRLs, base.Sign())
			}
			expect(t, check(s, leaf, ca), tt.want, tt.problem)
		})
	}
	t.Run("the newest of several", func(t *testing.T) {
		base, one, two := ca.NewCRL(), ca.NewCRL(), ca.NewCRL()
		base.Number, one.Number, one.Base, two.Number, two.Base = 10, 11, 10, 12, 10
		one.Entries, two.Entries = entry(6), entry(8)
		used := &Evidence{}
		expect(t, check(&Source{CRLs: [][]byte{one.Sign(), base.Sign(), two.Sign()}, Used: used}, leaf, ca), certpath.Good, 0)
		if len(used.CRLs) != 2 {
			t.Errorf("%d CRLs", len(used.CRLs))
		}
	})
}

// L12 and X1: what was revoked, and when, is there for the caller's rule.
func TestL12X1RevocationTime(t *testing.T) {
	ca := newCA("L12")
	leaf := newLeaf(ca, testpki.Leaf{})
	at := testpki.Now().AddDate(0, 0, -10)
	ca.Revoke(leaf, testpki.Revocation{At: at, Reason: 4})
	for _, source := range []string{"ocsp", "crl"} {
		for _, tt := range []struct {
			name  string
			t     time.Time
			later bool
			want  certpath.State
		}{
			{"timestamp after the revocation", at.AddDate(0, 0, 1), false, certpath.Revoked},
			{"timestamp after the revocation, later is good", at.AddDate(0, 0, 1), true, certpath.Revoked},
			{"timestamp before", at.AddDate(0, 0, -1), false, certpath.Revoked},
			{"timestamp before, later is good", at.AddDate(0, 0, -1), true, certpath.Good},
			{"at the moment", at, true, certpath.Revoked},
		} {
			t.Run(source+" "+tt.name, func(t *testing.T) {
				s := &Source{LaterIsGood: tt.later}
				if source == "ocsp" {
					s.OCSPs = [][]byte{ca.NewOCSP(leaf).Sign()}
				} else {
					s.CRLs = [][]byte{ca.CRL()}
				}
				got := checkAt(s, leaf, ca, tt.t)
				expect(t, got, tt.want, 0)
				if !got.RevokedAt.Equal(at) || got.Reason != 4 {
					t.Errorf("%+v", got)
				}
			})
		}
	}
}

// A hold that was lifted is none; an invalidity date counts with LaterIsGood
// and is handed on without.
func TestL13HoldAndInvalidity(t *testing.T) {
	ca := newCA("L13")
	leaf := newLeaf(ca, testpki.Leaf{})
	now := testpki.Now()
	held := ca.NewCRL()
	held.ThisUpdate = now.AddDate(0, 0, -3)
	held.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: now.AddDate(0, 0, -4), Reason: 6}}
	got := check(&Source{CRLs: [][]byte{held.Sign()}}, leaf, ca)
	expect(t, got, certpath.Revoked, 0)
	if got.Reason != 6 {
		t.Errorf("%+v", got)
	}
	lifted := ca.NewCRL()
	lifted.Number = 2
	expect(t, check(&Source{CRLs: [][]byte{held.Sign(), lifted.Sign()}}, leaf, ca), certpath.Good, 0)
	expect(t, check(&Source{CRLs: [][]byte{held.Sign()}, OCSPs: [][]byte{ca.NewOCSP(leaf).Sign()}}, leaf, ca), certpath.Good, 0)
	// A hold that is out of date says nothing.
	held.NextUpdate = now.AddDate(0, 0, -1)
	expect(t, check(&Source{CRLs: [][]byte{held.Sign()}}, leaf, ca), certpath.Unknown, Stale)

	lost := ca.NewCRL()
	stamped := now.AddDate(0, 0, -5)
	lost.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: now.AddDate(0, 0, -4), Reason: 1, Invalidity: now.AddDate(0, 0, -6)}}
	got = checkAt(&Source{CRLs: [][]byte{lost.Sign()}, LaterIsGood: true}, leaf, ca, stamped)
	expect(t, got, certpath.Revoked, 0)
	if !got.InvalidityDate.Equal(now.AddDate(0, 0, -6)) || !got.RevokedAt.Equal(now.AddDate(0, 0, -4)) {
		t.Errorf("%+v", got)
	}
	expect(t, checkAt(&Source{CRLs: [][]byte{lost.Sign()}, LaterIsGood: true}, leaf, ca, now.AddDate(0, 0, -7)), certpath.Good, 0)
}

// The times of CRLs; those of OCSP are in TestO8Times, the nonce in TestO10.
func TestL14Times(t *testing.T) {
	ca := newCA("L14")
	leaf := newLeaf(ca, testpki.Leaf{})
	gone := newLeaf(ca, testpki.Leaf{CN: "expired", NotAfter: testpki.Now().AddDate(-1, 0, 0)})
	now := testpki.Now()
	times := func(this, next time.Time) func(c *testpki.CRL) {
		return func(c *testpki.CRL) { c.ThisUpdate, c.NextUpdate = this, next }
	}
	runCRL(t, ca, leaf, []crlCase{
		{"thisUpdate in the future", times(now.Add(time.Hour), now.AddDate(0, 0, 1)), certpath.Unknown, FromFuture},
		{"nextUpdate missing", times(now.AddDate(0, 0, -8), time.Time{}), certpath.Unknown, Stale},
		{"nextUpdate before thisUpdate", times(now.Add(-time.Hour), now.AddDate(0, 0, -1)), certpath.Unknown, Inconsistent},
		{"nextUpdate past", times(now.AddDate(0, 0, -8), now.AddDate(0, 0, -1)), certpath.Unknown, Stale},
		{"past, but revoked for good", func(c *testpki.CRL) {
			times(now.AddDate(0, 0, -8), now.AddDate(0, 0, -1))(c)
			c.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: now.AddDate(0, 0, -9), Reason: 1}}
		}, certpath.Revoked, 0},
	})
	runCRL(t, ca, gone, []crlCase{
		{"expired certificate", func(*testpki.CRL) {}, certpath.Unknown, CertificateExpired},
		{"expired certificate that is kept", func(c *testpki.CRL) { c.KeepsExpired = now.AddDate(-5, 0, 0) }, certpath.Good, 0},
		{"expired before those that are kept", func(c *testpki.CRL) { c.KeepsExpired = now.AddDate(0, -1, 0) }, certpath.Unknown, CertificateExpired},
	})
	t.Run("the past", func(t *testing.T) {
		old, fresh := ca.NewCRL(), ca.NewCRL()
		times(now.AddDate(0, -2, 0), now.AddDate(0, -1, 0))(old)
		fresh.Number = 2
		s := &Source{CRLs: [][]byte{old.Sign(), fresh.Sign()}}
		expect(t, checkAt(s, leaf, ca, now.AddDate(0, -1, -10)), certpath.Good, 0)
		expect(t, checkAt(&Source{CRLs: s.CRLs[:1]}, leaf, ca, now.AddDate(0, -1, -10)), certpath.Good, 0)
		expect(t, checkAt(&Source{CRLs: s.CRLs[:1]}, leaf, ca, now.AddDate(0, -3, 0)), certpath.Good, 0)
		expect(t, checkAt(&Source{CRLs: s.CRLs[:1]}, leaf, ca, now), certpath.Unknown, Stale)
	})
}

// X2: no issuer, no verified signature, no belief.
func TestX2MissingIssuer(t *testing.T) {
	ca := newCA("X2")
	leaf := newLeaf(ca, testpki.Leaf{})
	got := (&Source{CRLs: [][]byte{ca.CRL()}}).Check(t.Context(), leaf, nil, testpki.Now())
	if got.State != certpath.Unknown || got.Err == nil {
		t.Errorf("%+v", got)
	}
	// The CRL names another, who is not at hand.
	c := sibling.NewCRL()
	c.Issuer = ca.Certificate.RawSubject
	expect(t, check(&Source{CRLs: [][]byte{c.Sign()}}, leaf, ca), certpath.Unknown, BadSignature)
	// A stranger's certificate with the issuer's name and the right key is the
	// issuer; the right name alone is not.
	expect(t, check(&Source{CRLs: [][]byte{ca.CRL()}, Certs: []*x509.Certificate{sibling.Certificate}}, leaf, ca), certpath.Good, 0)
}
