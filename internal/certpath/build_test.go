package certpath_test

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// keyID is a SubjectKeyIdentifier, authID an AuthorityKeyIdentifier.
func keyID(id string) func(*spec) {
	return with(extension(oids.SubjectKeyIdentifier, false, must(asn1.Marshal([]byte(id)))))
}

func authID(id string) func(*spec) {
	return with(extension(oids.AuthorityKeyIdentifier, false, struct {
		ID []byte `asn1:"tag:0"`
	}{[]byte(id)}))
}

func sameKeyAs(a *authority) func(*spec) {
	return func(s *spec) { s.spki, s.subject = a.cert.RawSubjectPublicKeyInfo, a.cert.RawSubject }
}

func chainOf(p *certpath.Path) string {
	var names []string
	for _, c := range p.Certificates {
		names = append(names, c.Subject.CommonName)
	}
	return strings.Join(names, " < ")
}

func TestBuildFindsThePath(t *testing.T) {
	root, other := newCA(nil, "Root"), newCA(nil, "Other")
	sub := newCA(root, "Sub")
	leaf := newLeaf(sub, "leaf")
	renewed := newCA(nil, "Root key 2", func(s *spec) { s.subject = root.cert.RawSubject })
	newWithOld := newCA(root, "Root key 2", func(s *spec) { s.subject = root.cert.RawSubject })
	tests := []struct {
		name    string
		leaf    *x509.Certificate
		anchors []*authority
		bag     []*authority
		want    string
	}{
		{"in any order, among others", leaf, []*authority{other, root}, []*authority{newCA(other, "X"), sub, newCA(nil, "Y")}, "leaf < Sub < Root"},
		{"the bag holds all, twice", leaf, []*authority{root}, []*authority{root, sub, {cert: leaf}, sub, root}, "leaf < Sub < Root"},
		{"directly under the anchor", newLeaf(root, "l"), []*authority{root}, nil, "l < Root"},
		{"the intermediate is the anchor", leaf, []*authority{sub}, []*authority{root}, "leaf < Sub"},
		{"cross-certified", leaf, []*authority{other}, []*authority{sub, newCA(other, "Root", sameKeyAs(root))}, "leaf < Sub < Root < Other"},
		{"expired twin of the intermediate", leaf, []*authority{root}, []*authority{newCA(root, "Sub", valid(2000, 2001)), sub}, "leaf < Sub < Root"},
		{"expired twin of the anchor", leaf, []*authority{newCA(nil, "Root", valid(2000, 2001)), root}, []*authority{sub}, "leaf < Sub < Root"},
		{"same name, other key", leaf, []*authority{root}, []*authority{newCA(root, "Sub wrong", func(s *spec) { s.subject = sub.cert.RawSubject }), sub}, "leaf < Sub < Root"},
		{"constrained twin", leaf, []*authority{root}, []*authority{newCA(root, "Sub", with(constrain(nil, list{dir(nameOf("leaf"))}))), sub}, "leaf < Sub < Root"},
		{"key rollover, new with old", newLeaf(renewed, "l"), []*authority{root}, []*authority{newWithOld}, "l < Root < Root"},
		{"both roots are anchors", newLeaf(renewed, "l"), []*authority{root, renewed}, []*authority{newWithOld}, "l < Root"},
		{"a circle beside the way", leaf, []*authority{root}, []*authority{newCA(newCA(sub, "Loop"), "Sub", sameKeyAs(sub)), newCA(sub, "Loop"), sub}, "leaf < Sub < Root"},
		{"wrong key identifiers", newLeaf(sub, "l", authID("what")), []*authority{root}, []*authority{newCA(root, "Sub", keyID("other"))}, "l < Sub < Root"},
		{"anchor without identifiers", newLeaf(root, "l", authID("x")), []*authority{root}, nil, "l < Root"}, // limbo: missing AKI, SKI
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := certpath.Options{Anchors: anchorsOf(tt.anchors...), Intermediates: certsOf(tt.bag...)}
			p, err := build(tt.leaf, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := chainOf(p); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if last := p.Certificates[len(p.Certificates)-1]; p.Anchor.Certificate != last || p.Statuses != nil {
				t.Errorf("anchor %v, statuses %v", p.Anchor.Certificate.Subject, p.Statuses)
			}
			slices.Reverse(o.Intermediates)
			slices.Reverse(o.Anchors)
			if p, err := build(tt.leaf, o); err != nil || chainOf(p) != tt.want {
				t.Errorf("other order: %v", err)
			}
		})
	}
}

func TestBuildNamesTheBestFailure(t *testing.T) {
	root := newCA(nil, "Root")
	sub := newCA(root, "Sub", keyID("sub"))
	leaf := newLeaf(sub, "leaf", authID("sub"))
	loopA := newCA(newCA(nil, "B"), "A")
	loopB := newCA(loopA, "B")
	tests := []struct {
		name    string
		leaf    *x509.Certificate
		anchors []*authority
		bag     []*authority
		want    certpath.Reason
		at      string // common name of Cert
		partial int
	}{
		{"nothing known", leaf, nil, nil, certpath.NoAnchor, "leaf", 1},
		{"no anchor", leaf, nil, []*authority{sub}, certpath.NoAnchor, "Sub", 2},
		{"untrusted root", leaf, nil, []*authority{sub, root}, certpath.SelfSignedUntrusted, "Root", 3},
		{"longest of two", leaf, nil, []*authority{newCA(newCA(nil, "Z"), "Sub", sameKeyAs(sub)), sub, root}, certpath.SelfSignedUntrusted, "Root", 3},
		{"not signed by its issuer", newLeaf(rekeyed(sub, "thief"), "leaf"), []*authority{root}, []*authority{sub}, certpath.BadSignature, "leaf", 1},
		{"another key's name-sake", newLeaf(rekeyed(sub, "new"), "leaf", authID("new")), []*authority{root}, []*authority{sub}, certpath.NoAnchor, "leaf", 1},
		{"a whole path before a longer one", leaf, []*authority{newCA(nil, "Root", valid(2000, 2001))}, []*authority{sub, newCA(newCA(newCA(nil, "Q"), "P"), "Root", sameKeyAs(root))}, certpath.Expired, "Root", 3},
		{"of two whole paths the likelier", newLeaf(newCA(nil, "Twin", valid(2000, 2001)), "l"), []*authority{newCA(nil, "Twin", valid(2000, 2001)), newCA(nil, "Twin", with(constrain(nil, list{dir(nameOf("l"))})))}, nil, certpath.NameConstraint, "l", 2},
		{"a circle", newLeaf(loopA, "l"), []*authority{root}, []*authority{loopA, loopB}, certpath.NoAnchor, "B", 3},
		{"no issuer's name", newLeaf(root, "l", func(s *spec) { s.issuer = []byte{0x30, 0} }), []*authority{root}, nil, certpath.NameChaining, "l", 1},
		{"self-issued, not self-signed", issue(rekeyed(root, "thief"), "Root", nil, nil).cert, nil, nil, certpath.NoAnchor, "Root", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := build(tt.leaf, certpath.Options{Anchors: anchorsOf(tt.anchors...), Intermediates: certsOf(tt.bag...)})
			if got := reason(t, err); got != tt.want || p != nil {
				t.Fatalf("got %v, %v", p, err)
			}
			var pe *certpath.PathError
			errors.As(err, &pe)
			if pe.Cert.Subject.CommonName != tt.at || len(pe.Partial) != tt.partial || pe.Partial[0] != tt.leaf || pe.Path != nil {
				t.Errorf("at %q, %d certificates: %v", pe.Cert.Subject.CommonName, len(pe.Partial), err)
			}
		})
	}
}

func TestBuildNeedsLeafAndTime(t *testing.T) {
	root := newCA(nil, "Root")
	if _, err := certpath.Build(context.Background(), nil, certpath.Options{Time: testpki.Now()}); err == nil {
		t.Error("no leaf")
	}
	if _, err := certpath.Build(context.Background(), root.cert, certpath.Options{Anchors: anchorsOf(root)}); err == nil {
		t.Error("no time")
	}
}

func TestBuildStopsWithTheContext(t *testing.T) {
	root := newCA(nil, "Root")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := certpath.Build(ctx, newLeaf(root, "l"), certpath.Options{Anchors: anchorsOf(root), Time: testpki.Now()})
	if !errors.Is(err, context.Canceled) || reason(t, err) != certpath.LimitReached {
		t.Errorf("got %v", err)
	}
}

// nil entries in the lists are passed over, as a bag from a file may have them.
func TestBuildSkipsNil(t *testing.T) {
	root := newCA(nil, "Root")
	o := certpath.Options{Anchors: append([]certpath.Anchor{{}}, anchorsOf(root)...), Intermediates: []*x509.Certificate{nil}}
	expect(t, newLeaf(root, "l"), o, 0)
}

func TestWords(t *testing.T) {
	seen := map[string]bool{}
	for r := certpath.NoAnchor; r <= certpath.CAAsLeaf; r++ {
		if s := r.String(); seen[s] || strings.Contains(s, "unknown reason") {
			t.Errorf("%d: %q", r, s)
		} else {
			seen[s] = true
		}
	}
	for _, s := range []interface{ String() string }{certpath.Reason(0), certpath.Reason(99), certpath.Purpose(0), certpath.State(0)} {
		if !strings.HasPrefix(s.String(), "unknown ") {
			t.Errorf("%q", s)
		}
	}
	if certpath.Any.String() != "any" || certpath.NotPublished.String() != "not published" || certpath.Unknown.String() != "unknown" {
		t.Error("words")
	}
}

// quick fails a test that takes longer than the promise of one second; what
// other processes take is not counted.
func quick(t *testing.T, f func()) {
	t.Helper()
	start := cpuTime(t)
	f()
	if took := cpuTime(t) - start; took > time.Second {
		t.Errorf("took %v", took)
	}
}
