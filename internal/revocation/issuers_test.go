package revocation

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// subAt makes a CA below another whose certificate names where that of its own
// issuer is.
func subAt(ca *testpki.CA, cn, url string) *testpki.CA {
	key := testpki.Key(testpki.P256, cn)
	cert := ca.Issue(testpki.Leaf{CN: cn, Key: key.Public(), CAIssuersURL: url,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		Template: func(c *x509.Certificate) { c.IsCA = true }})
	return &testpki.CA{Certificate: cert, Key: key}
}

// ladder is a chain of CAs, each certificate of which is at the address that
// the one below names.
type ladder struct {
	anchor certpath.Anchor
	cas    []*testpki.CA // below the anchor, downward
	leaf   *x509.Certificate
	hosts  testpki.Hosts
	asked  map[string]int
	client *fetch.Client
}

func newLadder(depth int) *ladder {
	top := testpki.NewRoot("ladder", testpki.P256)
	l := &ladder{anchor: certpath.Anchor{Certificate: top.Certificate}, hosts: testpki.Hosts{}, asked: map[string]int{}}
	l.client = &fetch.Client{Transport: testpki.Transport(l.hosts), Now: testpki.Now}
	at, url := top, ""
	for i := range depth {
		at = subAt(at, fmt.Sprint("CA ", i), url)
		l.cas = append(l.cas, at)
		host := fmt.Sprintf("ca%d.example.vn", i)
		l.serve(host, at.Certificate.Raw)
		url = "http://" + host + "/ca.cer"
	}
	l.leaf = at.Issue(testpki.Leaf{CN: "leaf", CAIssuersURL: url})
	return l
}

func (l *ladder) serve(host string, body []byte) {
	l.hosts[host] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		l.asked[host]++
		_, _ = w.Write(body)
	})
}

func (l *ladder) total() (n int) {
	for _, k := range l.asked {
		n += k
	}
	return n
}

func (l *ladder) options() certpath.Options {
	return certpath.Options{Anchors: []certpath.Anchor{l.anchor}, Time: testpki.Now()}
}

func (l *ladder) source() *Source { return &Source{Fetch: l.client, Now: testpki.Now} }

// A path is completed from the leaf upward, with one request for each
// certificate that is missing, and none for those that are at hand.
func TestBuildFetchesMissingIssuers(t *testing.T) {
	for _, tt := range []struct {
		name         string
		depth, given int // CAs; those at hand, from the top
		want         int // requests
		ok           bool
	}{
		{"issued by the anchor", 0, 0, 0, true},
		{"all at hand", 3, 3, 0, true},
		{"one missing", 1, 0, 1, true},
		{"the lowest missing", 3, 2, 1, true},
		{"all missing", 4, 0, 4, true},
		{"too deep", 5, 0, 4, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLadder(tt.depth)
			o := l.options()
			for _, ca := range l.cas[:tt.given] {
				o.Intermediates = append(o.Intermediates, ca.Certificate)
			}
			s := l.source()
			for range 2 { // asked again, nothing goes out again
				path, err := s.Build(t.Context(), l.leaf, o)
				if (err == nil) != tt.ok || l.total() != tt.want {
					t.Fatalf("%v, %d requests: %v", err, l.total(), l.asked)
				}
				if tt.ok && len(path.Certificates) != tt.depth+2 {
					t.Errorf("%d certificates", len(path.Certificates))
				}
				var pe *certpath.PathError
				if !tt.ok && (!errors.As(err, &pe) || pe.Reason != certpath.NoAnchor) {
					t.Errorf("%v", err)
				}
			}
			if len(o.Intermediates) != tt.given {
				t.Error("the caller's list was changed")
			}
		})
	}
}

// What one path fetched is at hand for the next, whose leaf names no address.
func TestBuildSharesIssuers(t *testing.T) {
	l := newLadder(2)
	other := l.cas[1].Issue(testpki.Leaf{CN: "other"})
	s := l.source()
	if _, err := s.Build(t.Context(), other, l.options()); err == nil {
		t.Error("a path without an address")
	}
	for _, leaf := range []*x509.Certificate{l.leaf, other} {
		if _, err := s.Build(t.Context(), leaf, l.options()); err != nil {
			t.Error(err)
		}
	}
	if l.total() != 2 {
		t.Errorf("%d requests", l.total())
	}
}

// Where nobody is trusted nothing that could be fetched would help.
func TestBuildWithoutAnchors(t *testing.T) {
	l := newLadder(2)
	if _, err := l.source().Build(t.Context(), l.leaf, certpath.Options{Time: testpki.Now()}); err == nil || l.total() != 0 {
		t.Errorf("%v, %d requests", err, l.total())
	}
}

// What can't be fetched leaves the failure of the path, and says why.
func TestBuildFetchFails(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(l *ladder)
		want  string
	}{
		{"no such host", func(l *ladder) { delete(l.hosts, "ca1.example.vn") }, "502"},
		{"HTML", func(l *ladder) { l.serve("ca1.example.vn", []byte("<html></html>")) }, "issuer's certificate"},
		{"another's", func(l *ladder) { l.serve("ca1.example.vn", sibling.Certificate.Raw) }, "not the issuer's"},
		{"its own", func(l *ladder) { l.serve("ca1.example.vn", l.leaf.Raw) }, "not the issuer's"},
		{"too large", func(l *ladder) { l.serve("ca1.example.vn", make([]byte, maxCertificate+1)) }, "bytes"},
		{"no network", func(l *ladder) { l.client = nil }, "leaf"},
		{"not the last but the first", func(l *ladder) { delete(l.hosts, "ca0.example.vn") }, "CA 1"},
		{"no budget", func(l *ladder) { l.client.Budget = &fetch.Budget{Requests: 1} }, "more than 1 requests"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLadder(2)
			tt.spoil(l)
			_, err := l.source().Build(t.Context(), l.leaf, l.options())
			var pe *certpath.PathError
			if !errors.As(err, &pe) || pe.Reason != certpath.NoAnchor || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// Only a missing issuer is fetched: no other failure of a path is cured by it.
func TestBuildFetchesNothingElse(t *testing.T) {
	l := newLadder(1)
	stranger := testpki.NewRoot("stranger", testpki.P256)
	expired := l.cas[0].Issue(testpki.Leaf{CN: "old", CAIssuersURL: "http://ca0.example.vn/ca.cer",
		NotAfter: testpki.Now().AddDate(-1, 0, 0)})
	own := stranger.Issue(testpki.Leaf{CN: "own", CAIssuersURL: "http://ca0.example.vn/ca.cer"})
	for _, tt := range []struct {
		name   string
		leaf   *x509.Certificate
		bag    []*x509.Certificate
		reason certpath.Reason
	}{
		{"expired", expired, []*x509.Certificate{l.cas[0].Certificate}, certpath.Expired},
		{"below a stranger's root", own, []*x509.Certificate{stranger.Certificate}, certpath.SelfSignedUntrusted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := l.options()
			o.Intermediates = tt.bag
			_, err := l.source().Build(t.Context(), tt.leaf, o)
			var pe *certpath.PathError
			if !errors.As(err, &pe) || pe.Reason != tt.reason || l.total() != 0 {
				t.Errorf("%v, %d requests", err, l.total())
			}
		})
	}
}

// The answers of one Source go to whoever asked, and each is fetched once.
func TestCollect(t *testing.T) {
	n := newNetwork("collect")
	s := n.source()
	s.CRLFirst, s.Used = true, &Evidence{}
	var used []*Evidence
	for i := range 3 {
		e := &Evidence{}
		used = append(used, e)
		leaf := newLeaf(n.ca, testpki.Leaf{CN: fmt.Sprint("leaf ", i)})
		expect(t, s.Collect(e).Check(t.Context(), leaf, n.ca.Certificate, testpki.Now()), certpath.Good, 0)
	}
	for i, e := range used {
		if len(e.CRLs) != 1 || len(e.OCSPs) != 0 {
			t.Errorf("%d: %d CRLs, %d responses", i, len(e.CRLs), len(e.OCSPs))
		}
	}
	if n.calls() != "0 ocsp 1 crl" || len(s.Used.CRLs) != 0 {
		t.Errorf("%s, %d in the source's own", n.calls(), len(s.Used.CRLs))
	}
	if got := s.Collect(nil).Check(t.Context(), nil, n.ca.Certificate, testpki.Now()); got.State != certpath.Unknown || got.Err == nil {
		t.Errorf("no certificate: %+v", got)
	}
}
