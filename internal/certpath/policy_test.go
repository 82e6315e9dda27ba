package certpath_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

type oid = asn1.ObjectIdentifier

// pol is one of our test policies; 0: anyPolicy.
func pol(n int) oid {
	if n == 0 {
		return oids.AnyPolicy
	}
	return oid{1, 3, 6, 1, 4, 1, 99999, 2, n}
}

func policies(numbers ...int) pkix.Extension {
	var infos []struct{ ID oid }
	for _, n := range numbers {
		infos = append(infos, struct{ ID oid }{pol(n)})
	}
	return extension(oids.CertificatePolicies, false, infos)
}

func mapTo(pairs ...[2]int) pkix.Extension {
	var list []struct{ From, To oid }
	for _, p := range pairs {
		list = append(list, struct{ From, To oid }{pol(p[0]), pol(p[1])})
	}
	return extension(oids.PolicyMappings, true, list)
}

// limits is PolicyConstraints; -1: not there.
func limits(explicit, mapping int) pkix.Extension {
	return extension(oids.PolicyConstraints, true, struct {
		Explicit int `asn1:"optional,tag:0,default:-1"`
		Mapping  int `asn1:"optional,tag:1,default:-1"`
	}{explicit, mapping})
}

func inhibitAny(n int) pkix.Extension { return extension(oids.InhibitAnyPolicy, true, n) }

type exts = []pkix.Extension

func TestPolicies(t *testing.T) {
	broken := certpath.Policy
	tests := []struct {
		name           string
		sub, low, leaf exts
		o              certpath.Options
		want           certpath.Reason
	}{
		{"none and none asked", nil, nil, nil, certpath.Options{}, 0},
		{"none, explicit", nil, nil, nil, certpath.Options{ExplicitPolicy: true}, broken},
		{"the same all along", exts{policies(1)}, exts{policies(1)}, exts{policies(1)}, certpath.Options{ExplicitPolicy: true}, 0},
		{"asked for another", exts{policies(1)}, exts{policies(1)}, exts{policies(1)}, certpath.Options{InitialPolicies: []oid{pol(2)}, ExplicitPolicy: true}, broken},
		{"asked for another, not explicit", exts{policies(1)}, exts{policies(1)}, exts{policies(1)}, certpath.Options{InitialPolicies: []oid{pol(2)}}, 0},
		{"asked for one of two", exts{policies(1, 2)}, exts{policies(1, 2)}, exts{policies(2)}, certpath.Options{InitialPolicies: []oid{pol(3), pol(2)}, ExplicitPolicy: true}, 0},
		{"asked for any", exts{policies(1)}, exts{policies(1)}, exts{policies(1)}, certpath.Options{InitialPolicies: []oid{oids.AnyPolicy}, ExplicitPolicy: true}, 0},
		{"dies on the way", exts{policies(1)}, exts{policies(2)}, exts{policies(1)}, certpath.Options{ExplicitPolicy: true}, broken},
		{"missing on the way", exts{policies(1)}, nil, exts{policies(1)}, certpath.Options{ExplicitPolicy: true}, broken},
		{"any on the way", exts{policies(0)}, exts{policies(0)}, exts{policies(1)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"any at the end", exts{policies(1)}, exts{policies(1)}, exts{policies(0)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"any all along", exts{policies(0)}, exts{policies(0)}, exts{policies(0)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"any inhibited by option", exts{policies(0)}, exts{policies(0)}, exts{policies(1)}, certpath.Options{ExplicitPolicy: true, InhibitAnyPolicy: true}, broken},
		{"any inhibited by sub", exts{policies(0), inhibitAny(0)}, exts{policies(0)}, exts{policies(1)}, certpath.Options{ExplicitPolicy: true}, broken},
		{"any inhibited later", exts{policies(0), inhibitAny(1)}, exts{policies(0)}, exts{policies(1)}, certpath.Options{ExplicitPolicy: true}, 0},
		{"explicit by sub", exts{limits(0, -1)}, nil, nil, certpath.Options{}, broken},
		{"explicit by sub, later than the path", exts{limits(5, -1)}, nil, nil, certpath.Options{}, 0},
		{"explicit by sub, not critical", exts{func() pkix.Extension { e := limits(0, -1); e.Critical = false; return e }()}, nil, nil, certpath.Options{}, broken}, // limbo: ica-noncritical-pc
		{"explicit by the leaf", nil, nil, exts{limits(0, -1)}, certpath.Options{}, broken},
		{"explicit, a number beyond int", exts{extension(oids.PolicyConstraints, true, append([]byte{0x30, 22, 0x80, 20, 0x7f}, make([]byte, 19)...))}, nil, nil, certpath.Options{}, 0},
		{"negative", exts{extension(oids.InhibitAnyPolicy, true, []byte{2, 1, 0xff})}, nil, nil, certpath.Options{}, certpath.Malformed},
		{"mapped", exts{policies(1), mapTo([2]int{1, 2})}, exts{policies(2)}, exts{policies(2)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"mapped, asked for the inner one", exts{policies(1), mapTo([2]int{1, 2})}, exts{policies(2)}, exts{policies(2)}, certpath.Options{InitialPolicies: []oid{pol(2)}, ExplicitPolicy: true}, broken},
		{"mapped twice", exts{policies(1), mapTo([2]int{1, 2})}, exts{policies(2), mapTo([2]int{2, 3})}, exts{policies(3)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"mapped to two", exts{policies(1), mapTo([2]int{1, 2}, [2]int{1, 3}, [2]int{1, 3})}, exts{policies(3)}, exts{policies(3)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"two to one", exts{policies(1, 2), mapTo([2]int{1, 3}, [2]int{2, 3})}, exts{policies(3)}, exts{policies(3)}, certpath.Options{InitialPolicies: []oid{pol(2)}, ExplicitPolicy: true}, 0},
		{"mapped out of any", exts{policies(0), mapTo([2]int{1, 2})}, exts{policies(2)}, exts{policies(2)}, certpath.Options{InitialPolicies: []oid{pol(1)}, ExplicitPolicy: true}, 0},
		{"mapped without having it", exts{policies(3), mapTo([2]int{1, 2})}, exts{policies(2)}, exts{policies(2)}, certpath.Options{ExplicitPolicy: true}, broken},
		{"mapping inhibited by option", exts{policies(1), mapTo([2]int{1, 2})}, exts{policies(2)}, exts{policies(2)}, certpath.Options{ExplicitPolicy: true, InhibitPolicyMapping: true}, broken},
		{"mapping inhibited by sub", exts{policies(1), limits(-1, 0)}, exts{policies(1), mapTo([2]int{1, 2})}, exts{policies(2)}, certpath.Options{ExplicitPolicy: true}, broken},
		{"maps any", exts{policies(0), mapTo([2]int{0, 1})}, exts{policies(1)}, exts{policies(1)}, certpath.Options{}, broken},
		{"maps to any", exts{policies(1), mapTo([2]int{1, 0})}, exts{policies(1)}, exts{policies(1)}, certpath.Options{}, broken},
		{"a policy twice", exts{policies(1, 1)}, nil, nil, certpath.Options{}, certpath.Malformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := newCA(nil, "Root")
			sub := newCA(root, "Sub", with(tt.sub...))
			low := newCA(sub, "Low", with(tt.low...))
			leaf := newLeaf(low, "l", with(tt.leaf...))
			tt.o.Anchors, tt.o.Intermediates = anchorsOf(root), certsOf(sub, low)
			expect(t, leaf, tt.o, tt.want)
		})
	}
}

// In the tree of RFC 5280 each level multiplies; the graph of RFC 9618 adds.
func TestPolicyGraphDoesNotExplode(t *testing.T) {
	const width, depth = 60, 25
	var numbers []int
	var pairs [][2]int
	for i := 1; i <= width; i++ {
		numbers = append(numbers, i)
		for j := 1; j <= width; j++ {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	cas := []*authority{newCA(nil, "Root")}
	for i := range depth {
		cas = append(cas, newCA(cas[i], "CA "+string(rune('A'+i)), with(policies(numbers...), mapTo(pairs...))))
	}
	leaf := newLeaf(cas[depth], "l", with(policies(numbers...)))
	quick(t, func() {
		expect(t, leaf, certpath.Options{Anchors: anchorsOf(cas[0]), Intermediates: certsOf(cas...),
			InitialPolicies: []oid{pol(width + 1)}, ExplicitPolicy: true}, certpath.Policy)
	})
	expect(t, leaf, certpath.Options{Anchors: anchorsOf(cas[0]), Intermediates: certsOf(cas...),
		InitialPolicies: []oid{pol(width)}, ExplicitPolicy: true}, 0)
}
