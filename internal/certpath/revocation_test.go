package certpath_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// checker answers by the pair of common names, "cert/issuer", or by "cert".
type checker struct {
	states map[string]certpath.State
	asked  []string
}

var errOffline = errors.New("offline")

func (c *checker) Check(_ context.Context, cert, issuer *x509.Certificate, at time.Time) certpath.RevocationStatus {
	if !at.Equal(testpki.Now()) {
		return certpath.RevocationStatus{State: certpath.Unknown, Err: errors.New("another time")}
	}
	key := cert.Subject.CommonName + "/" + issuer.Subject.CommonName
	c.asked = append(c.asked, key)
	s, ok := c.states[key]
	if !ok {
		s, ok = c.states[cert.Subject.CommonName]
	}
	switch {
	case !ok:
		s = certpath.Good
	case s == certpath.Unknown:
		return certpath.RevocationStatus{State: s, Source: "none", Err: errOffline}
	}
	return certpath.RevocationStatus{State: s, Source: "crl"}
}

func TestRevocation(t *testing.T) {
	root, second := newCA(nil, "Root"), newCA(nil, "Second")
	sub := newCA(root, "Sub")
	low := newCA(sub, "Low")
	leaf := newLeaf(low, "leaf")
	cross := newCA(second, "Sub", sameKeyAs(sub))
	type states = map[string]certpath.State
	tests := []struct {
		name     string
		states   states
		cross    bool
		want     certpath.Reason
		at       string
		statuses string // of the path, leaf first
		asked    string
	}{
		{"all good", nil, false, 0, "", "good good good 0", "Sub/Root Low/Sub leaf/Low"},
		{"not published", states{"leaf": certpath.NotPublished}, false, 0, "", "not published good good 0", "Sub/Root Low/Sub leaf/Low"},
		{"leaf revoked", states{"leaf": certpath.Revoked}, false, certpath.CertRevoked, "leaf", "revoked good good 0", "Sub/Root Low/Sub leaf/Low"},
		{"sub revoked: nobody below is asked", states{"Sub": certpath.Revoked}, false, certpath.CertRevoked, "Sub", "0 0 revoked 0", "Sub/Root"},
		{"unknown", states{"Low": certpath.Unknown}, false, certpath.RevocationUnknown, "Low", "good unknown good 0", "Sub/Root Low/Sub leaf/Low"},
		{"unknown above, revoked below", states{"Sub": certpath.Unknown, "leaf": certpath.Revoked}, false, certpath.CertRevoked, "leaf", "revoked good unknown 0", "Sub/Root Low/Sub leaf/Low"},
		{"no state at all", states{"leaf": 0}, false, certpath.RevocationUnknown, "leaf", "0 good good 0", "Sub/Root Low/Sub leaf/Low"},
		{"another path is good", states{"Sub/Root": certpath.Revoked}, true, 0, "", "good good good 0", "Sub/Root Sub/Second Low/Sub leaf/Low"},
		{"another path is unknown", states{"Sub/Root": certpath.Revoked, "Sub/Second": certpath.Unknown}, true, certpath.RevocationUnknown, "Sub", "good good unknown 0", ""},
		{"revoked leaf on all paths", states{"Sub/Root": certpath.Unknown, "leaf": certpath.Revoked}, true, certpath.CertRevoked, "leaf", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &checker{states: tt.states}
			o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub, low), Revocation: c}
			if tt.cross {
				o.Anchors, o.Intermediates = anchorsOf(root, second), certsOf(sub, cross, low)
			}
			p, err := build(leaf, o)
			if got := reason(t, err); got != tt.want {
				t.Fatalf("want %v, got %v", tt.want, err)
			}
			if err != nil {
				var pe *certpath.PathError
				errors.As(err, &pe)
				if p = pe.Path; p == nil {
					t.Fatal("the path is missing")
				}
				if pe.Cert.Subject.CommonName != tt.at || pe.Status.State == certpath.Good || p.Anchor.Certificate == nil {
					t.Errorf("at %q, %v", pe.Cert.Subject.CommonName, pe.Status)
				}
				if pe.Status.Err != nil && !strings.Contains(pe.Detail, "offline") {
					t.Errorf("detail %q", pe.Detail)
				}
			}
			if got := statuses(p); tt.statuses != "" && got != tt.statuses {
				t.Errorf("statuses %q, want %q", got, tt.statuses)
			}
			if got := strings.Join(c.asked, " "); tt.asked != "" && got != tt.asked {
				t.Errorf("asked %q, want %q", got, tt.asked)
			}
		})
	}
}

type checkFunc func(cert, issuer *x509.Certificate) certpath.State

func (f checkFunc) Check(_ context.Context, cert, issuer *x509.Certificate, _ time.Time) certpath.RevocationStatus {
	return certpath.RevocationStatus{State: f(cert, issuer)}
}

// A leaf that is revoked by one certificate of its issuer is not saved by
// another of which nothing is known.
func TestRevokedOutranksUnknown(t *testing.T) {
	root := newCA(nil, "Root")
	subs := []*authority{newCA(root, "Sub"), newCA(root, "Sub")}
	leaf := newLeaf(subs[0], "leaf")
	for i := range subs {
		check := checkFunc(func(cert, issuer *x509.Certificate) certpath.State {
			switch {
			case cert != leaf:
				return certpath.Good
			case issuer == subs[i].cert:
				return certpath.Revoked
			}
			return certpath.Unknown
		})
		o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(subs...), Revocation: check}
		expect(t, leaf, o, certpath.CertRevoked)
	}
}

func statuses(p *certpath.Path) string {
	var words []string
	for _, s := range p.Statuses {
		if s.State == 0 {
			words = append(words, "0")
		} else {
			words = append(words, s.State.String())
		}
	}
	return strings.Join(words, " ")
}

// Nobody is asked of a path that is broken for another reason, and of many
// paths only some.
func TestRevocationIsAskedSparingly(t *testing.T) {
	root := newCA(nil, "Root")
	leaf := newLeaf(newCA(root, "Sub"), "leaf")
	c := &checker{}
	o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(newCA(root, "Sub", valid(2000, 2001))), Revocation: c}
	expect(t, leaf, o, certpath.Expired)
	if len(c.asked) > 0 {
		t.Errorf("asked %v", c.asked)
	}
	c = &checker{states: map[string]certpath.State{"leaf": certpath.Unknown}}
	o = certpath.Options{Anchors: anchorsOf(root), Revocation: c}
	for range 50 {
		o.Intermediates = append(o.Intermediates, newCA(root, "Sub").cert)
	}
	expect(t, leaf, o, certpath.RevocationUnknown)
	if len(c.asked) > 20 {
		t.Errorf("asked %d times", len(c.asked))
	}
}

func ExampleBuild() {
	root := testpki.NewRoot("Root", testpki.P256)
	leaf := root.Person(testpki.Key(testpki.P256, "a").Public())
	path, err := certpath.Build(context.Background(), leaf, certpath.Options{
		Anchors: []certpath.Anchor{{Certificate: root.Certificate}}, Time: testpki.Now()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range path.Certificates {
		fmt.Println(c.Subject.CommonName)
	}
	// Output:
	// NGUYỄN VĂN A
	// Root
}
