package certpath_test

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// named is a CA whose subject is one name and whose key is another's.
func named(parent *authority, key, subject string, m ...func(*spec)) *authority {
	return newCA(parent, key, append([]func(*spec){func(s *spec) { s.subject = nameOf(subject) }}, m...)...)
}

// mesh is n authorities of one name that all certify each other.
func mesh(n int) (last *authority, bag []*authority) {
	var keys []*authority
	for i := range n {
		keys = append(keys, named(nil, fmt.Sprintf("mesh %d", i), "Mesh"))
	}
	for i, issuer := range keys {
		for j := range keys {
			if i != j {
				bag = append(bag, named(issuer, fmt.Sprintf("mesh %d", j), "Mesh"))
			}
		}
	}
	return keys[0], bag
}

// Bundles made to keep a search busy. Each must end within a second, and say
// that it was cut short.
func TestHostileBundles(t *testing.T) {
	root := newCA(nil, "Root")
	tests := []struct {
		name string
		make func() (*x509.Certificate, certpath.Options)
		want certpath.Reason
	}{
		{"issuers of one name and many keys", func() (*x509.Certificate, certpath.Options) {
			var bag []*authority
			for i := range 3000 {
				bag = append(bag, named(root, fmt.Sprintf("k%d", i), "Sub"))
			}
			return newLeaf(named(root, "right", "Sub"), "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(bag...)}
		}, certpath.LimitReached},
		{"a mesh of cross-certificates", func() (*x509.Certificate, certpath.Options) {
			issuer, bag := mesh(15)
			return newLeaf(issuer, "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(bag...)}
		}, certpath.LimitReached},
		{"a mesh to an expired anchor", func() (*x509.Certificate, certpath.Options) {
			old := newCA(nil, "Old", valid(2000, 2001))
			issuer, bag := mesh(12)
			bag = append(bag, named(old, "mesh 3", "Mesh"), named(old, "mesh 4", "Mesh"))
			return newLeaf(issuer, "l"), certpath.Options{Anchors: anchorsOf(old), Intermediates: certsOf(bag...)}
		}, certpath.LimitReached},
		{"a chain too long", func() (*x509.Certificate, certpath.Options) {
			cas := []*authority{root}
			for i := range 40 {
				cas = append(cas, newCA(cas[i], fmt.Sprintf("CA %d", i)))
			}
			return newLeaf(cas[40], "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(cas...)}
		}, certpath.LimitReached},
		{"names against constraints", func() (*x509.Certificate, certpath.Options) { // limbo: nc-dos-1
			var bases, names list
			for i := range 2048 {
				bases = append(bases, dns(fmt.Sprintf("t%d.example.vn", i)))
				names = append(names, dns(fmt.Sprintf("x%d.example.com", i)))
			}
			sub := newCA(root, "Sub", with(constrain(nil, bases)))
			return newLeaf(sub, "l", with(altNames(names...))), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}
		}, certpath.LimitReached},
		{"directory names against constraints", func() (*x509.Certificate, certpath.Options) { // limbo: nc-dos-2
			var bases, names list
			for i := range 2048 {
				bases = append(bases, dir(nameOf(fmt.Sprintf("t%d", i))))
				names = append(names, dir(nameOf(fmt.Sprintf("x%d", i))))
			}
			sub := newCA(root, "Sub", with(constrain(nil, bases)))
			return newLeaf(sub, "l", with(altNames(names...))), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}
		}, certpath.LimitReached},
		{"long names against constraints", func() (*x509.Certificate, certpath.Options) {
			var bases, names list
			for range 100 {
				bases = append(bases, dns(strings.Repeat("a.", 2000)+"vn"))
				names = append(names, dns("b."+strings.Repeat("a.", 1999)+"vn"))
			}
			sub := newCA(root, "Sub", with(constrain(nil, bases)))
			return newLeaf(sub, "l", with(altNames(names...))), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}
		}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leaf, o := tt.make()
			quick(t, func() { expect(t, leaf, o, tt.want) })
		})
	}
}

func TestMaxChecks(t *testing.T) {
	root := newCA(nil, "Root")
	sub := newCA(root, "Sub")
	leaf := newLeaf(sub, "l")
	for _, tt := range []struct {
		checks int
		want   certpath.Reason
	}{{0, 0}, {2, 0}, {1, certpath.LimitReached}} {
		o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub), MaxChecks: tt.checks}
		_, err := build(leaf, o)
		if got := reason(t, err); got != tt.want {
			t.Errorf("%d checks: %v", tt.checks, err)
		}
	}
}

// A needle in a haystack: hints of validity and key identifier come first, so
// the right one of many is found within the limit.
func TestBuildAmongMany(t *testing.T) {
	root := newCA(nil, "Root")
	right := named(root, "right", "Sub", keyID("right"))
	var bag []*authority
	for i := range 3000 {
		bag = append(bag, named(root, fmt.Sprintf("k%d", i), "Sub", keyID(fmt.Sprintf("k%d", i))))
	}
	bag = append(bag, right)
	leaf := newLeaf(right, "l", authID("right"))
	quick(t, func() { expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(bag...)}, 0) })
}

func BenchmarkBuild(b *testing.B) {
	root := testpki.NewRoot("Root", testpki.RSA2048)
	sub := root.Sub("Sub", testpki.RSA3072)
	leaf := sub.Person(testpki.Key(testpki.RSA2048, "a").Public())
	o := certpath.Options{Anchors: []certpath.Anchor{{Certificate: root.Certificate}}, Intermediates: []*x509.Certificate{sub.Certificate}}
	for b.Loop() {
		if _, err := build(leaf, o); err != nil {
			b.Fatal(err)
		}
	}
}
