package certpath

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

var errMalformed = errors.New("malformed")

// policy is the content of an OBJECT IDENTIFIER: it has no limit on its arcs.
type policy string

var anyPolicy = policyOf(oids.AnyPolicy)

func policyOf(oid asn1.ObjectIdentifier) policy {
	der, err := asn1.Marshal(oid)
	if err != nil || len(der) < 2 {
		return ""
	}
	var content cryptobyte.String
	in := cryptobyte.String(der)
	in.ReadASN1(&content, cbasn1.OBJECT_IDENTIFIER)
	return policy(content)
}

// mapping is one pair of PolicyMappings.
type mapping struct{ issuer, subject policy }

// policyExtensions is what a certificate says of policies; -1: not there.
type policyExtensions struct {
	present         bool // certificatePolicies is there
	list            []policy
	any             bool // with anyPolicy, which is not in list
	mappings        []mapping
	requireExplicit int
	inhibitMapping  int
	inhibitAny      int
}

func (p *policyExtensions) init() { p.requireExplicit, p.inhibitMapping, p.inhibitAny = -1, -1, -1 }

func (p *policyExtensions) load(ext pkix.Extension) error {
	switch {
	case ext.Id.Equal(oids.CertificatePolicies):
		return p.loadPolicies(ext.Value)
	case ext.Id.Equal(oids.PolicyMappings):
		return p.loadMappings(ext.Value)
	case ext.Id.Equal(oids.PolicyConstraints):
		return p.loadConstraints(ext.Value)
	case ext.Id.Equal(oids.InhibitAnyPolicy):
		in := cryptobyte.String(ext.Value)
		var ok bool
		if p.inhibitAny, ok = readSkip(&in, cbasn1.INTEGER); !ok || !in.Empty() {
			return errMalformed
		}
	}
	return nil
}

func (p *policyExtensions) loadPolicies(value []byte) error {
	in := cryptobyte.String(value)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || seq.Empty() {
		return errMalformed
	}
	p.present = true
	seen := map[policy]bool{}
	for !seq.Empty() {
		var info, oid cryptobyte.String
		if !seq.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) {
			return errMalformed
		}
		id := policy(oid)
		if seen[id] { // RFC 5280, 4.2.1.4
			return errors.New("a policy twice")
		}
		seen[id] = true
		if id == anyPolicy {
			p.any = true
		} else {
			p.list = append(p.list, id)
		}
	}
	return nil
}

func (p *policyExtensions) loadMappings(value []byte) error {
	in := cryptobyte.String(value)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || seq.Empty() {
		return errMalformed
	}
	for !seq.Empty() {
		var pair, from, to cryptobyte.String
		if !seq.ReadASN1(&pair, cbasn1.SEQUENCE) || !pair.ReadASN1(&from, cbasn1.OBJECT_IDENTIFIER) ||
			!pair.ReadASN1(&to, cbasn1.OBJECT_IDENTIFIER) || !pair.Empty() {
			return errMalformed
		}
		p.mappings = append(p.mappings, mapping{policy(from), policy(to)})
	}
	return nil
}

func (p *policyExtensions) loadConstraints(value []byte) error {
	in := cryptobyte.String(value)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return errMalformed
	}
	for n, field := range []*int{&p.requireExplicit, &p.inhibitMapping} {
		tag := cbasn1.Tag(n).ContextSpecific() //nolint:gosec // 0 or 1
		if seq.PeekASN1Tag(tag) {
			var ok bool
			if *field, ok = readSkip(&seq, tag); !ok {
				return errMalformed
			}
		}
	}
	if !seq.Empty() {
		return errMalformed
	}
	return nil
}

// maxSkip stands for any larger SkipCerts: no path is as long.
const maxSkip = 1 << 16

// readSkip reads a SkipCerts, an INTEGER from 0 up under some tag.
func readSkip(in *cryptobyte.String, tag cbasn1.Tag) (int, bool) {
	var content cryptobyte.String
	if !in.ReadASN1(&content, tag) || len(content) == 0 || content[0]&0x80 != 0 {
		return -1, false
	}
	n := 0
	for _, c := range content {
		n = min(n<<8|int(c), maxSkip)
	}
	return n, true
}

// policyNode is a node of the valid policy graph, RFC 9618: unlike the tree of
// RFC 5280 a level has each policy once, so the graph grows with the sum of
// the policies and not with their product.
type policyNode struct {
	valid    policy
	expected []policy
	parents  []*policyNode
	reached  bool // at the end: a node of the last level descends from it
}

// policyState is the policy part of RFC 5280, 6.1.2 to 6.1.5.
type policyState struct {
	level map[policy]*policyNode // of the last certificate; empty: the graph is NULL
	// Counters of certificates until a rule holds.
	explicit, mapping, inhibitAny int
}

// newPolicyState is 6.1.2 (a), (d), (e), (f) for a path of n certificates.
func newPolicyState(n int, o Options) *policyState {
	root := &policyNode{valid: anyPolicy, expected: []policy{anyPolicy}}
	s := &policyState{level: map[policy]*policyNode{anyPolicy: root}, explicit: n + 1, mapping: n + 1, inhibitAny: n + 1}
	if o.ExplicitPolicy {
		s.explicit = 0
	}
	if o.InhibitPolicyMapping {
		s.mapping = 0
	}
	if o.InhibitAnyPolicy {
		s.inhibitAny = 0
	}
	return s
}

// process is 6.1.3 (d), (e), (f). False: an explicit policy is required and
// there is none.
func (s *policyState) process(p *policyExtensions, selfIssued, final bool) bool {
	if !p.present {
		s.level = nil
	} else if len(s.level) > 0 {
		s.grow(p, p.any && (s.inhibitAny > 0 || !final && selfIssued))
	}
	return s.explicit > 0 || len(s.level) > 0
}

func (s *policyState) grow(p *policyExtensions, useAny bool) {
	byExpected := map[policy][]*policyNode{}
	for _, n := range s.level {
		for _, e := range n.expected {
			byExpected[e] = append(byExpected[e], n)
		}
	}
	next := map[policy]*policyNode{}
	add := func(id policy, parents []*policyNode) {
		next[id] = &policyNode{valid: id, expected: []policy{id}, parents: parents}
	}
	for _, id := range p.list { // (d)(1)
		if parents := byExpected[id]; len(parents) > 0 {
			add(id, parents)
		} else if from := s.level[anyPolicy]; from != nil {
			add(id, []*policyNode{from})
		}
	}
	if useAny { // (d)(2)
		for id, parents := range byExpected {
			if next[id] == nil {
				add(id, parents)
			}
		}
	}
	s.level = next
}

// next is 6.1.4 (a), (b), (h), (i), (j). False: a mapping of anyPolicy.
func (s *policyState) next(p *policyExtensions, selfIssued bool) bool {
	for _, m := range p.mappings {
		if m.issuer == anyPolicy || m.subject == anyPolicy {
			return false
		}
	}
	s.apply(p.mappings)
	if !selfIssued {
		s.explicit, s.mapping, s.inhibitAny = down(s.explicit), down(s.mapping), down(s.inhibitAny)
	}
	s.explicit = limit(s.explicit, p.requireExplicit)
	s.mapping = limit(s.mapping, p.inhibitMapping)
	s.inhibitAny = limit(s.inhibitAny, p.inhibitAny)
	return true
}

func (s *policyState) apply(list []mapping) {
	if s.mapping == 0 { // (b)(2)
		for _, m := range list {
			delete(s.level, m.issuer)
		}
		return
	}
	to := map[policy][]policy{}
	for _, m := range list {
		to[m.issuer] = append(to[m.issuer], m.subject)
	}
	for from, expected := range to { // (b)(1)
		expected = unique(expected)
		if n := s.level[from]; n != nil {
			n.expected = expected
		} else if a := s.level[anyPolicy]; a != nil {
			s.level[from] = &policyNode{valid: from, expected: expected, parents: a.parents}
		}
	}
}

func unique(list []policy) []policy {
	seen := map[policy]bool{}
	var out []policy
	for _, p := range list {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// finish is 6.1.5 (a), (b), (g), as RFC 9618 has it.
func (s *policyState) finish(p *policyExtensions, initial []asn1.ObjectIdentifier) bool {
	s.explicit = down(s.explicit)
	if p.requireExplicit == 0 {
		s.explicit = 0
	}
	return s.explicit > 0 || s.intersects(initial)
}

// intersects tells whether the user-constrained-policy-set is not empty.
func (s *policyState) intersects(initial []asn1.ObjectIdentifier) bool {
	if len(s.level) == 0 {
		return false
	}
	want := map[policy]bool{}
	for _, oid := range initial {
		want[policyOf(oid)] = true
	}
	if len(initial) == 0 || want[anyPolicy] || s.level[anyPolicy] != nil {
		return true
	}
	var todo []*policyNode
	for _, n := range s.level {
		todo = append(todo, n)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, parent := range n.parents {
			if parent.valid == anyPolicy && want[n.valid] {
				return true
			}
			if !parent.reached {
				parent.reached = true
				todo = append(todo, parent)
			}
		}
	}
	return false
}

func down(n int) int { return max(n-1, 0) }

func limit(n, by int) int {
	if by >= 0 && by < n {
		return by
	}
	return n
}
