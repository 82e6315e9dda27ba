package certpath

import (
	"crypto/x509"
	"fmt"
	"time"
)

// validation is the state of RFC 5280, 6.1.2 on a path whose signatures and
// names already chain.
type validation struct {
	b           *builder
	path        []*node
	constraints []*nameConstraints
	policies    *policyState
	pathLen     int // certificates that may follow which are not self-issued
}

// validate is RFC 5280, 6.1, from the anchor down; nil: valid.
func (b *builder) validate(path []*node) *PathError {
	n := len(path) - 1
	v := &validation{b: b, path: path, policies: newPolicyState(n, b.opts), pathLen: n}
	if e := v.anchor(path[n]); e != nil {
		return e
	}
	for i := n - 1; i >= 0; i-- {
		final := i == 0
		if e := v.process(path[i], final); e != nil {
			return e
		}
		if !final {
			if e := v.next(path[i]); e != nil {
				return e
			}
		}
	}
	return v.finish(path[0])
}

func fail(r Reason, n *node, format string, args ...any) *PathError {
	return &PathError{Reason: r, Cert: n.cert, Detail: n.label() + " " + fmt.Sprintf(format, args...)}
}

// anchor judges the anchor as the certificate that it is. RFC 5937.
func (v *validation) anchor(n *node) *PathError {
	if !n.anchor.serves(v.b.opts.Purpose) {
		return fail(AnchorPurpose, n, "is a trust anchor, but not for %v", v.b.opts.Purpose)
	}
	if e := v.basics(n); e != nil {
		return e
	}
	if len(v.path) == 1 {
		return nil
	}
	// A root of version 1 is an anchor by its owner's word.
	if n.cert.Version >= 3 && !n.isCA() || n.cert.BasicConstraintsValid && !n.cert.IsCA {
		return fail(NotCA, n, "is no certification authority")
	}
	if e := v.issuerUse(n); e != nil {
		return e
	}
	if l := n.pathLen(); l >= 0 {
		v.pathLen = min(v.pathLen, l)
	}
	if n.constraints != nil {
		v.constraints = append(v.constraints, n.constraints)
	}
	return nil
}

// basics are what every certificate must be: readable and in time.
func (v *validation) basics(n *node) *PathError {
	switch before, after := v.b.outside(n); { // 6.1.3 (a)(2)
	case before:
		return fail(NotYetValid, n, "is valid from %s only", stamp(n.cert.NotBefore))
	case after:
		return fail(Expired, n, "was valid until %s", stamp(n.cert.NotAfter))
	}
	n.load()
	if n.malformed != "" {
		return fail(Malformed, n, "can't be judged: %s", n.malformed)
	}
	if n.critical != nil { // 6.1.4 (o), 6.1.5 (f)
		return fail(UnknownCritical, n, "has the critical extension %v, which is not known", n.critical)
	}
	return nil
}

// outside tells whether the validation time is before or after the validity.
func (b *builder) outside(n *node) (before, after bool) {
	t := b.opts.Time.Truncate(time.Second)
	return t.Before(n.cert.NotBefore), t.After(n.cert.NotAfter)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// process is 6.1.3.
func (v *validation) process(n *node, final bool) *PathError {
	if e := v.basics(n); e != nil {
		return e
	}
	if n.weak && !v.b.opts.AllowWeak {
		return fail(WeakAlgorithm, n, "is signed over SHA-1 or MD5")
	}
	if !n.selfIssued() || final { // (b), (c)
		if e := v.checkNames(n); e != nil {
			return e
		}
	}
	if !v.b.spend(len(n.policies.list) + len(n.policies.mappings) + len(v.policies.level)) {
		return fail(LimitReached, n, "has too many policies")
	}
	if !v.policies.process(&n.policies, n.selfIssued(), final) {
		return fail(Policy, n, "leaves no policy, and one is required")
	}
	return nil
}

func (v *validation) checkNames(n *node) *PathError {
	if len(v.constraints) == 0 {
		return nil
	}
	names := n.constrained()
	for _, c := range v.constraints {
		for _, g := range names {
			if wrong := c.check(g, v.b.spend); wrong != "" {
				return fail(NameConstraint, n, "breaks a name constraint: %s", wrong)
			}
		}
	}
	return nil
}

// next is 6.1.4: the certificate as an issuer.
func (v *validation) next(n *node) *PathError {
	if n.subject.empty() { // 4.1.2.6
		return fail(NameChaining, n, "is an issuer without a name")
	}
	if !v.policies.next(&n.policies, n.selfIssued()) { // (a)
		return fail(Policy, n, "maps anyPolicy")
	}
	if n.constraints != nil { // (g)
		v.constraints = append(v.constraints, n.constraints)
	}
	if !n.isCA() { // (k)
		return fail(NotCA, n, "is no certification authority")
	}
	if !n.selfIssued() { // (l)
		if v.pathLen == 0 {
			return fail(PathLength, n, "is one authority more than the path may have")
		}
		v.pathLen--
	}
	if l := n.pathLen(); l >= 0 { // (m)
		v.pathLen = min(v.pathLen, l)
	}
	return v.issuerUse(n)
}

// issuerUse is 6.1.4 (n), and usages that limit what an authority may issue.
func (v *validation) issuerUse(n *node) *PathError {
	if n.hasKeyUsage && n.cert.KeyUsage&x509.KeyUsageCertSign == 0 {
		return fail(KeyUsage, n, "may not sign certificates")
	}
	if v.b.opts.Purpose == Timestamping && hasEKU(n.cert) && !stamps(n.cert, true) {
		return fail(ExtKeyUsage, n, "may not issue certificates for time-stamping")
	}
	return nil
}

func hasEKU(c *x509.Certificate) bool { return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 }

// stamps tells whether a certificate is for time-stamping.
func stamps(c *x509.Certificate, orAny bool) bool {
	for _, u := range c.ExtKeyUsage {
		if u == x509.ExtKeyUsageTimeStamping || orAny && u == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

// finish is 6.1.5, and the rules of the purpose.
func (v *validation) finish(leaf *node) *PathError {
	if len(v.path) > 1 && !v.policies.finish(&leaf.policies, v.b.opts.InitialPolicies) { // (a), (b), (g)
		return fail(Policy, leaf, "is not valid for a policy that was asked for")
	}
	purpose := v.b.opts.Purpose
	if purpose != Any && len(v.path) > 1 && leaf.isCA() {
		return fail(CAAsLeaf, leaf, "is a certification authority's, and no signer's")
	}
	if purpose == Timestamping && !stamps(leaf.cert, false) { // RFC 3161, 2.3
		return fail(ExtKeyUsage, leaf, "is not for time-stamping")
	}
	return nil
}
