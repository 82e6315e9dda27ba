package revocation

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// network is a CA with its servers.
type network struct {
	ca     *testpki.CA
	ocsp   *testpki.OCSP
	crl    *testpki.CRLServer
	hosts  testpki.Hosts
	client *fetch.Client
	events []fetch.Event
}

func newNetwork(name string) *network {
	n := &network{ca: newCA(name)}
	n.ocsp, n.crl = n.ca.OCSP(), &testpki.CRLServer{CA: n.ca}
	n.hosts = testpki.Hosts{"ocsp.example.vn": n.ocsp, "crl.example.vn": n.crl}
	n.client = &fetch.Client{Transport: testpki.Transport(n.hosts), Now: testpki.Now,
		Log: func(e fetch.Event) { n.events = append(n.events, e) }}
	return n
}

func (n *network) source() *Source { return &Source{Fetch: n.client, Now: testpki.Now} }

func (n *network) calls() string {
	return fmt.Sprintf("%d ocsp %d crl", n.ocsp.Requests, n.crl.Requests)
}

func TestO10Nonce(t *testing.T) {
	n := newNetwork("O10")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	n.crl.Mode = "http500"
	for mode, want := range map[string]certpath.State{"": certpath.Good, "no_nonce": certpath.Good, "wrong_nonce": certpath.Unknown} {
		n.ocsp.Mode = mode
		got := check(n.source(), leaf, n.ca)
		expect(t, got, want, NonceMismatch)
		if (got.Note != "") != (mode == "no_nonce") {
			t.Errorf("%q: note %q", mode, got.Note)
		}
		if want == certpath.Good && got.Origin != "online" {
			t.Errorf("origin %q", got.Origin)
		}
	}
	t.Run("the nonces differ", func(t *testing.T) {
		seen := map[string]bool{}
		n.ocsp.Mode = ""
		n.ocsp.Template = func(r *testpki.OCSPResponse) { seen[string(r.Extensions[0].Value)] = true }
		for range 3 {
			check(n.source(), leaf, n.ca)
		}
		if len(seen) != 3 {
			t.Errorf("%d nonces", len(seen))
		}
	})
	t.Run("no randomness, no request", func(t *testing.T) {
		s := n.source()
		s.Random = strings.NewReader("short")
		before := n.ocsp.Requests
		expect(t, check(s, leaf, n.ca), certpath.Unknown, Unreachable)
		if n.ocsp.Requests != before {
			t.Error("a request went out")
		}
	})
}

// The servers' half of O11: a CRL stands in for each responder that fails, and
// the other way round.
func TestO11Fallback(t *testing.T) {
	modes := map[string]Problem{"try_later": Refused, "internal_error": Refused, "unauthorized": Refused, "html": Malformed,
		"garbage": Malformed, "empty": Malformed, "http500": Unreachable, "unknown": StatusUnknown, "unsigned": BadSignature,
		"wrong_certid": OtherCertificate, "expired_delegate": SignerInvalid, "no_eku": NotAuthorized, "wrong_nonce": NonceMismatch,
		"future": FromFuture, "stale": Stale, "slow": Unreachable}
	n := newNetwork("O11 net")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	for mode, problem := range modes {
		t.Run(mode, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			n.ocsp.Mode, n.crl.Mode = mode, ""
			if mode != "slow" { // then no time is left for the CRL
				got := n.source().Check(ctx, leaf, n.ca.Certificate, testpki.Now())
				expect(t, got, certpath.Good, 0)
				if got.Source != "crl" || got.Origin != "online" {
					t.Errorf("%+v", got)
				}
			}
			n.crl.Mode = "http500"
			got := n.source().Check(ctx, leaf, n.ca.Certificate, testpki.Now())
			expect(t, got, certpath.Unknown, problem)
			var refused *ResponderError
			if errors.As(got.Err, &refused) != (problem == Refused) {
				t.Errorf("%v", got.Err)
			}
			if refused != nil && refused.Temporary() != (mode != "unauthorized") {
				t.Errorf("%v", refused)
			}
		})
	}
	for _, mode := range []string{"html", "garbage", "empty", "http500", "unsigned", "stale", "future"} {
		t.Run("crl "+mode, func(t *testing.T) {
			n.ocsp.Mode, n.crl.Mode = "", mode
			s := n.source()
			s.CRLFirst = true
			got := check(s, leaf, n.ca)
			expect(t, got, certpath.Good, 0)
			if got.Source != "ocsp" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Each source is asked once for one Source, and only when needed.
func TestRequests(t *testing.T) {
	tests := []struct {
		name  string
		setup func(n *network, s *Source, leaf *x509.Certificate)
		want  certpath.State
		calls string
	}{
		{"OCSP is enough", func(*network, *Source, *x509.Certificate) {}, certpath.Good, "1 ocsp 0 crl"},
		{"the CRL first", func(_ *network, s *Source, _ *x509.Certificate) { s.CRLFirst = true }, certpath.Good, "0 ocsp 1 crl"},
		{"OCSP fails", func(n *network, _ *Source, _ *x509.Certificate) { n.ocsp.Mode = "try_later" }, certpath.Good, "1 ocsp 1 crl"},
		{"both fail, asked once", func(n *network, _ *Source, _ *x509.Certificate) {
			n.ocsp.Mode, n.crl.Mode = "try_later", "http500"
		}, certpath.Unknown, "1 ocsp 1 crl"},
		{"the file has it", func(n *network, s *Source, leaf *x509.Certificate) {
			s.OCSPs = [][]byte{n.ca.NewOCSP(leaf).Sign()}
		}, certpath.Good, "0 ocsp 0 crl"},
		{"what the file has is stale", func(n *network, s *Source, leaf *x509.Certificate) {
			r := n.ca.NewOCSP(leaf)
			r.Singles[0].ThisUpdate, r.Singles[0].NextUpdate = testpki.Now().AddDate(0, -1, 0), testpki.Now().AddDate(0, 0, -1)
			s.OCSPs = [][]byte{r.Sign()}
		}, certpath.Good, "1 ocsp 0 crl"},
		{"revoked", func(n *network, _ *Source, leaf *x509.Certificate) { n.ca.Revoke(leaf, testpki.Revocation{}) }, certpath.Revoked, "1 ocsp 0 crl"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newNetwork(tt.name)
			leaf := newLeaf(n.ca, testpki.Leaf{})
			s := n.source()
			tt.setup(n, s, leaf)
			for range 3 {
				expect(t, check(s, leaf, n.ca), tt.want, Refused)
			}
			if n.calls() != tt.calls {
				t.Errorf("%s, want %s", n.calls(), tt.calls)
			}
		})
	}
	t.Run("one CRL for all certificates", func(t *testing.T) {
		n := newNetwork("all")
		s := n.source()
		s.CRLFirst, s.Used = true, &Evidence{}
		var wg sync.WaitGroup
		for i := range 20 {
			leaf := newLeaf(n.ca, testpki.Leaf{CN: fmt.Sprint("leaf ", i)})
			wg.Go(func() { expect(t, check(s, leaf, n.ca), certpath.Good, 0) })
		}
		wg.Wait()
		if n.calls() != "0 ocsp 1 crl" || len(s.Used.CRLs) != 1 {
			t.Error(n.calls(), len(s.Used.CRLs))
		}
	})
	t.Run("no source named", func(t *testing.T) {
		n := newNetwork("none")
		leaf := n.ca.Issue(testpki.Leaf{CN: "plain"})
		expect(t, check(n.source(), leaf, n.ca), certpath.NotPublished, 0)
		expect(t, check(&Source{}, leaf, n.ca), certpath.NotPublished, 0)
		expect(t, check(&Source{CRLs: [][]byte{n.ca.CRL()}}, leaf, n.ca), certpath.Good, 0)
		stale := n.ca.NewCRL()
		stale.ThisUpdate, stale.NextUpdate = testpki.Now().AddDate(0, -2, 0), testpki.Now().AddDate(0, -1, 0)
		expect(t, check(&Source{CRLs: [][]byte{stale.Sign()}}, leaf, n.ca), certpath.Unknown, Stale)
	})
	t.Run("offline", func(t *testing.T) {
		n := newNetwork("offline")
		got := check(&Source{}, newLeaf(n.ca, testpki.Leaf{}), n.ca)
		expect(t, got, certpath.Unknown, Offline)
	})
}

// N06, N02: addresses out of certificates are from strangers.
func TestAddresses(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/x", "http://10.0.0.1/",
		"http://localhost/", "ldap://crl.example.vn/cn=x", "file:///etc/passwd", "ftp://crl.example.vn/x"} {
		n := newNetwork("addresses")
		n.hosts["127.0.0.1"], n.hosts["::1"], n.hosts["localhost"] = n.ocsp, n.ocsp, n.ocsp
		n.hosts["10.0.0.1"], n.hosts["169.254.169.254"] = n.crl, n.crl
		leaf := n.ca.Issue(testpki.Leaf{CN: "leaf", OCSPURL: url, CRLURL: url, CAIssuersURL: url})
		expect(t, check(n.source(), leaf, n.ca), certpath.Unknown, Unreachable)
		if _, err := n.source().FetchIssuers(t.Context(), leaf); err == nil {
			t.Error("issuer fetched")
		}
		if n.calls() != "0 ocsp 0 crl" {
			t.Errorf("%s: %s", url, n.calls())
		}
	}
}

// N09: what is too large is not read.
func TestSizes(t *testing.T) {
	n := newNetwork("sizes")
	leaf := newLeaf(n.ca, testpki.Leaf{CAIssuersURL: "http://ca.example.vn/ca.cer"})
	flood := func(size int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, size)) }
	}
	n.hosts["ocsp.example.vn"], n.hosts["crl.example.vn"], n.hosts["ca.example.vn"] = flood(maxOCSP+1), flood(maxCRL+1), flood(maxCertificate+1)
	got := check(n.source(), leaf, n.ca)
	expect(t, got, certpath.Unknown, Unreachable)
	_, err := n.source().FetchIssuers(t.Context(), leaf)
	for _, err := range []error{got.Err, err} {
		var fe *fetch.Error
		if !errors.As(err, &fe) || fe.Kind != "too_large" {
			t.Errorf("%v", err)
		}
	}
	if len(n.events) != 3 {
		t.Errorf("%d calls", len(n.events))
	}
}

func TestFreshestCRL(t *testing.T) {
	n := newNetwork("freshest")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	n.ocsp.Mode = "try_later"
	n.crl.Template = func(c *testpki.CRL) { c.Number, c.Freshest = 10, []string{"http://delta.example.vn/d.crl"} }
	delta := &testpki.CRLServer{CA: n.ca, Template: func(c *testpki.CRL) {
		c.Number, c.Base = 12, 10
		c.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now().Add(-time.Hour), Reason: 1}}
	}}
	n.hosts["delta.example.vn"] = delta
	expect(t, check(n.source(), leaf, n.ca), certpath.Revoked, 0)
	if delta.Requests != 1 || n.crl.Requests != 1 {
		t.Errorf("%d deltas, %d CRLs", delta.Requests, n.crl.Requests)
	}
	delta.Mode = "http500"
	expect(t, check(n.source(), leaf, n.ca), certpath.Good, 0)
}

func TestFetchIssuers(t *testing.T) {
	n := newNetwork("issuers")
	leaf := newLeaf(n.ca, testpki.Leaf{CAIssuersURL: "http://ca.example.vn/ca.cer"})
	p7, err := pkcs7.DegenerateCertificate(append(append([]byte(nil), root.Certificate.Raw...), n.ca.Certificate.Raw...))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		body []byte
		want int
	}{
		{"DER", n.ca.Certificate.Raw, 1},
		{"PEM", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: n.ca.Certificate.Raw}), 1},
		{"PKCS #7", p7, 2},
		{"another's", sibling.Certificate.Raw, 0},
		{"same name, another key", testpki.NewRoot("issuers", testpki.P384).Certificate.Raw, 0},
		{"HTML", []byte("<html></html>"), 0},
		{"empty", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n.hosts["ca.example.vn"] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tt.body) })
			certs, err := n.source().FetchIssuers(t.Context(), leaf)
			if len(certs) != tt.want || (err == nil) != (tt.want > 0) {
				t.Fatalf("%d certificates, %v", len(certs), err)
			}
			if tt.want > 0 && !certs[0].Equal(n.ca.Certificate) {
				t.Errorf("first is %v", certs[0].Subject)
			}
		})
	}
	if _, err := (&Source{}).FetchIssuers(t.Context(), leaf); err == nil {
		t.Error("without network")
	}
	if _, err := n.source().FetchIssuers(t.Context(), n.ca.Issue(testpki.Leaf{CN: "x"})); err == nil {
		t.Error("without address")
	}
}

// Through a real path: every certificate but the anchor is asked for, and the
// evidence is what decided.
func TestEvidenceOfPath(t *testing.T) {
	n := newNetwork("path")
	sub := n.ca.Sub("path sub", testpki.P256)
	leaf := sub.Issue(testpki.Leaf{CN: "leaf", OCSPURL: "http://sub.example.vn/"})
	n.hosts["sub.example.vn"] = testpki.NewOCSPDelegate(sub, testpki.P256)
	used := &Evidence{}
	s := n.source()
	s.Used, s.CRLs = used, [][]byte{root.CRL(), n.ca.CRL(), sibling.CRL(), n.ca.CRL()}
	path, err := certpath.Build(t.Context(), leaf, certpath.Options{Anchors: []certpath.Anchor{{Certificate: root.Certificate}},
		Intermediates: []*x509.Certificate{n.ca.Certificate, sub.Certificate}, Time: testpki.Now(), Revocation: s})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"ocsp online", "crl embedded", "crl embedded"} {
		if got := path.Statuses[i].Source + " " + path.Statuses[i].Origin; got != want || path.Statuses[i].State != certpath.Good {
			t.Errorf("%d: %s %v", i, got, path.Statuses[i].State)
		}
	}
	if len(used.OCSPs) != 1 || len(used.CRLs) != 2 || len(used.Certs) != 1 || used.Certs[0].Subject.CommonName != "Test OCSP" {
		t.Errorf("%d %d %d", len(used.OCSPs), len(used.CRLs), len(used.Certs))
	}
	// The evidence alone is enough for the next one, offline.
	again := &Source{OCSPs: used.OCSPs, CRLs: used.CRLs, Certs: used.Certs, Used: used}
	expect(t, check(again, leaf, sub), certpath.Good, 0)
	if len(used.OCSPs) != 1 {
		t.Errorf("not deduplicated: %d", len(used.OCSPs))
	}
}
