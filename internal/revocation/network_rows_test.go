package revocation

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// N02: whatever form a private address has, no source asks there. The servers
// behind it would answer rightly.
func TestN02PrivateAddresses(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]",
		"[64:ff9b::7f00:1]", "169.254.169.254", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fe80::1]",
		"[fd00::1]", "224.0.0.1", "localhost", "localhost.", "ocsp.example.vn:22", "ocsp.example.vn:6379", "user:pw@ocsp.example.vn"} {
		t.Run(host, func(t *testing.T) {
			n := newNetwork("N02")
			n.client.Transport = everywhere{n}
			url := "http://" + host + "/x"
			leaf := n.ca.Issue(testpki.Leaf{CN: "leaf", OCSPURL: url, CRLURL: url, CAIssuersURL: url})
			expect(t, check(n.source(), leaf, n.ca), certpath.Unknown, Unreachable)
			o := certpath.Options{Anchors: []certpath.Anchor{{Certificate: root.Certificate}}, Time: testpki.Now()}
			if _, err := n.source().Build(t.Context(), leaf, o); err == nil {
				t.Error("the issuer was fetched")
			}
			if n.calls() != "0 ocsp 0 crl" || len(n.events) != 0 {
				t.Errorf("%s, %d calls", n.calls(), len(n.events))
			}
		})
	}
}

// everywhere answers for every host.
type everywhere struct{ n *network }

func (e everywhere) RoundTrip(r *http.Request) (*http.Response, error) {
	hosts := testpki.Hosts{r.URL.Hostname(): http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			e.n.ocsp.ServeHTTP(w, r)
		} else {
			e.n.crl.ServeHTTP(w, r)
		}
	})}
	return testpki.Transport(hosts).RoundTrip(r)
}

// N04: a redirect is judged like the first address.
func TestN04Redirects(t *testing.T) {
	for target, calls := range map[string]string{
		"http://127.0.0.1/": "0 ocsp 0 crl", "http://169.254.169.254/": "0 ocsp 0 crl", "file:///etc/passwd": "0 ocsp 0 crl",
		"ldap://x/": "0 ocsp 0 crl", "http://away.example.vn/r": "0 ocsp 0 crl", "http://moved.example.vn/ca.crl": "0 ocsp 1 crl",
	} {
		t.Run(target, func(t *testing.T) {
			n := newNetwork("N04")
			away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
			for _, host := range []string{"ocsp.example.vn", "crl.example.vn", "away.example.vn"} {
				n.hosts[host] = away
			}
			for _, host := range []string{"127.0.0.1", "169.254.169.254", "x", "moved.example.vn"} {
				n.hosts[host] = n.crl
			}
			got := check(n.source(), newLeaf(n.ca, testpki.Leaf{}), n.ca)
			if good := got.State == certpath.Good; good != strings.Contains(target, "moved") || n.calls() != calls {
				t.Errorf("%v, %s: %v", got.State, n.calls(), got.Err)
			}
			if len(n.events) > 8 { // two sources, three hops each behind the first
				t.Errorf("%d calls", len(n.events))
			}
		})
	}
}

// N06: a chain that ends at no anchor causes no request, whatever addresses are
// in it.
func TestN06StrangersChain(t *testing.T) {
	n := newNetwork("N06")
	n.hosts["ca.example.vn"] = n.crl
	evil := testpki.NewRoot("stranger", testpki.P256)
	sub := subAt(evil, "stranger's CA", "http://ca.example.vn/")
	leaf := sub.Issue(testpki.Leaf{CN: "leaf", OCSPURL: ocspURL, CRLURL: crlURL, CAIssuersURL: "http://ca.example.vn/"})
	for name, bag := range map[string][]*x509.Certificate{
		"whole": {sub.Certificate, evil.Certificate}, "without its root": {sub.Certificate}, "the leaf alone": nil,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := certpath.Build(t.Context(), leaf, certpath.Options{Anchors: []certpath.Anchor{{Certificate: root.Certificate}},
				Intermediates: bag, Time: testpki.Now(), Revocation: n.source()})
			if err == nil || len(n.events) != 0 {
				t.Errorf("%v, %d calls", err, len(n.events))
			}
		})
	}
}

// N06: of a chain that is trusted the CAs are asked for first, and what is
// revoked above ends the questions.
func TestN06OnlyWhatIsNeeded(t *testing.T) {
	n := newNetwork("N06 order")
	sub := n.ca.Issue(testpki.Leaf{CN: "sub", KeyUsage: x509.KeyUsageCertSign, Key: testpki.Key(testpki.P256, "sub").Public(),
		OCSPURL: ocspURL, Template: func(c *x509.Certificate) { c.IsCA = true }})
	subCA := &testpki.CA{Certificate: sub, Key: testpki.Key(testpki.P256, "sub")}
	responder := subCA.OCSP()
	n.hosts["sub.example.vn"] = responder
	leaf := subCA.Issue(testpki.Leaf{CN: "leaf", OCSPURL: "http://sub.example.vn/"})
	n.ca.Revoke(sub, testpki.Revocation{})
	_, err := certpath.Build(t.Context(), leaf, certpath.Options{Anchors: []certpath.Anchor{{Certificate: n.ca.Certificate}},
		Intermediates: []*x509.Certificate{sub}, Time: testpki.Now(), Revocation: n.source()})
	var pe *certpath.PathError
	if !errors.As(err, &pe) || pe.Reason != certpath.CertRevoked || !pe.Cert.Equal(sub) {
		t.Fatalf("%v", err)
	}
	if n.ocsp.Requests != 1 || responder.Requests != 0 {
		t.Errorf("%d requests above, %d below", n.ocsp.Requests, responder.Requests)
	}
}

// N07: however many addresses a certificate names, a question asks few of them,
// and a file no more than its budget.
func TestN07Budget(t *testing.T) {
	many := func(kind string) (list []string) {
		for i := range 50 {
			list = append(list, fmt.Sprintf("http://%s%d.example.vn/", kind, i))
		}
		return list
	}
	newWorld := func(budget int) (*network, *x509.Certificate) {
		n := newNetwork("N07")
		down := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusInternalServerError) })
		for _, url := range append(many("o"), many("c")...) {
			n.hosts[strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")] = down
		}
		if budget > 0 {
			n.client.Budget = &fetch.Budget{Requests: budget}
		}
		return n, n.ca.Issue(testpki.Leaf{CN: "leaf", Template: func(c *x509.Certificate) {
			c.OCSPServer, c.CRLDistributionPoints, c.IssuingCertificateURL = many("o"), many("c"), many("c")
		}})
	}
	t.Run("addresses", func(t *testing.T) {
		n, leaf := newWorld(0)
		s := n.source()
		for range 3 {
			expect(t, check(s, leaf, n.ca), certpath.Unknown, Unreachable)
		}
		if len(n.events) != 2*maxAddresses {
			t.Errorf("%d calls", len(n.events))
		}
		if _, err := s.FetchIssuers(t.Context(), leaf); err == nil || len(n.events) != 3*maxAddresses {
			t.Errorf("%v, %d calls", err, len(n.events))
		}
	})
	t.Run("budget", func(t *testing.T) {
		n, leaf := newWorld(4)
		got := check(n.source(), leaf, n.ca)
		expect(t, got, certpath.Unknown, Unreachable)
		if len(n.events) != 4 || !strings.Contains(got.Err.Error(), "more than 4 requests") {
			t.Errorf("%d calls: %v", len(n.events), got.Err)
		}
	})
	t.Run("no address in the list", func(t *testing.T) {
		n := newNetwork("N07 none")
		leaf := n.ca.Issue(testpki.Leaf{CN: "leaf", Template: func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: []int{2, 5, 29, 31}, Value: []byte{0x30, 0}})
		}})
		expect(t, check(n.source(), leaf, n.ca), certpath.Unknown, Malformed)
		if len(n.events) != 0 {
			t.Errorf("%d calls", len(n.events))
		}
	})
}

// N08: a source that does not answer costs its deadline and no more; the
// caller's counts where it is shorter.
func TestN08Silence(t *testing.T) {
	n := newNetwork("N08")
	n.ocsp.Mode, n.crl.Mode = "slow", "slow"
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	got := n.source().Check(ctx, newLeaf(n.ca, testpki.Leaf{}), n.ca.Certificate, testpki.Now())
	expect(t, got, certpath.Unknown, Unreachable)
	var fe *fetch.Error
	if !errors.As(got.Err, &fe) || fe.Kind != "timeout" {
		t.Errorf("%v", got.Err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// N10: garbage of every kind is a typed error and the next source is asked.
func TestN10Garbage(t *testing.T) {
	n := newNetwork("N10")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	response, list := n.ca.NewOCSP(leaf).Sign(), n.ca.CRL()
	body := func(b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, tt := range map[string]struct {
		ocsp, crl http.HandlerFunc
		problem   Problem
	}{
		"HTML":                 {body([]byte("<html>")), body([]byte("<html>")), Malformed},
		"empty":                {body(nil), body(nil), Malformed},
		"cut":                  {body(response[:len(response)-3]), body(list[:len(list)-3]), Malformed},
		"more behind":          {body(append(response[:len(response):len(response)], 0)), body(append(list[:len(list):len(list)], 0)), Malformed},
		"each other's":         {body(list), body(response), Malformed},
		"a certificate":        {body(leaf.Raw), body(leaf.Raw), Malformed},
		"204":                  {status(204), status(204), Unreachable},
		"301 without location": {status(301), status(301), Unreachable},
		"404":                  {status(404), status(404), Unreachable},
		"503":                  {status(503), status(503), Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			n.hosts["ocsp.example.vn"], n.hosts["crl.example.vn"] = tt.ocsp, n.crl
			got := check(n.source(), leaf, n.ca)
			expect(t, got, certpath.Good, 0)
			if got.Source != "crl" {
				t.Errorf("by %s", got.Source)
			}
			n.hosts["crl.example.vn"] = tt.crl
			expect(t, check(n.source(), leaf, n.ca), certpath.Unknown, tt.problem)
		})
	}
}

// N14: no name server, no answer; and no wait.
func TestN14NoNames(t *testing.T) {
	n := newNetwork("N14")
	n.client = &fetch.Client{Resolver: noNames{}, Now: testpki.Now}
	start := time.Now()
	expect(t, check(n.source(), newLeaf(n.ca, testpki.Leaf{}), n.ca), certpath.Unknown, Unreachable)
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

type noNames struct{}

func (noNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no name server", Name: host, IsTemporary: true}
}
