// Package certpath builds and validates certification paths at a given time
// (RFC 5280, 6), and holds trust anchors.
//
// Build searches for a path from a certificate to an anchor and validates each
// that it finds; the search is bounded in signature checks, in comparisons and
// in depth, so that no set of certificates holds it for long. A Store keeps
// anchors in a folder.
//
// Where RFC 5280 leaves a choice, or practice differs:
//
//   - An anchor is judged as a certificate too (RFC 5937): its validity at the
//     validation time, basic constraints, key usage and name constraints count;
//     its policies do not. A root that is retired today serves for times inside
//     its validity.
//   - A serial number of zero or below is taken (4.1.2.2 asks users to handle
//     it); one of more than 20 octets is not. Key identifiers only order the
//     search, so a certificate without them is as good as any.
//   - Policy constraints, name constraints and the like count whether they are
//     marked critical or not.
//   - A certification authority's certificate as the signer's own is refused
//     for Signing and Timestamping, unless it is an anchor itself; Purpose Any
//     takes it, as RFC 5280 does.
//   - Extended key usage is not looked at for Signing: certificates for signing
//     documents carry many, or none. For Timestamping it must be there, and a
//     CA that is limited to other usages can't issue one.
//   - DSA, Ed448 and curves that crypto/x509 does not know are refused
//     (UnsupportedAlgorithm); SHA-1 and MD5 are a choice (Options.AllowWeak).
//   - Validity has the resolution of one second (4.1.2.5): a fraction after
//     notAfter is still in time.
package certpath

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"
)

// Purpose of an anchor or a path.
type Purpose int

// Purposes.
const (
	Signing Purpose = iota + 1
	Timestamping
	Any // RFC 5280 alone, no rule of a use
)

// String returns "signing", "timestamping" or "any".
func (p Purpose) String() string {
	switch p {
	case Signing:
		return "signing"
	case Timestamping:
		return "timestamping"
	case Any:
		return "any"
	}
	return fmt.Sprintf("unknown purpose %d", int(p))
}

// Anchor is a trust anchor. Its certificate is held to its own limits: see the
// package's comment.
type Anchor struct {
	Certificate *x509.Certificate
	Purposes    []Purpose // empty: all
	Source      string    // where it came from, for reports
}

// serves tells whether the anchor is for a purpose.
func (a *Anchor) serves(p Purpose) bool {
	if len(a.Purposes) == 0 || p == Any {
		return true
	}
	for _, q := range a.Purposes {
		if q == p || q == Any {
			return true
		}
	}
	return false
}

// Options for Build.
type Options struct {
	Anchors       []Anchor
	Intermediates []*x509.Certificate // any order, may hold useless ones
	Time          time.Time           // required: validation time
	Purpose       Purpose             // 0: Signing
	// Revocation, when not nil, is asked for each certificate of a path but
	// the anchor, from the anchor down.
	Revocation RevocationChecker
	// MaxChecks bounds signature checks; 0: 1000. One with a large key or
	// over a large certificate counts several times.
	MaxChecks int
	// AllowWeak accepts SHA-1 and MD5 signatures in the path (past validation
	// decides that by date).
	AllowWeak bool

	// Inputs of RFC 5280, 6.1.1 (c), (e), (f), (g).
	InitialPolicies      []asn1.ObjectIdentifier // empty: any policy
	ExplicitPolicy       bool                    // the path must be valid for one of them
	InhibitPolicyMapping bool
	InhibitAnyPolicy     bool
}

// Path is leaf first, anchor last. A leaf that is an anchor is a path of one.
type Path struct {
	Certificates []*x509.Certificate
	Anchor       Anchor
	Statuses     []RevocationStatus // for Certificates[i]; last is zero; nil when nobody was asked
}

// PathError says why no path was accepted: the failure of the attempt that
// came furthest.
type PathError struct {
	Reason  Reason
	Cert    *x509.Certificate   // where; with NoAnchor the one whose issuer is missing
	Partial []*x509.Certificate // that attempt's chain, leaf first; else the longest found
	Status  RevocationStatus    // of CertRevoked and RevocationUnknown
	Detail  string
	// Path, with CertRevoked and RevocationUnknown: the path, which is valid
	// but for that, with all statuses that were asked.
	Path *Path
	// Err is the context's error, when that ended the search.
	Err error
}

// Error returns one line.
func (e *PathError) Error() string {
	return fmt.Sprintf("no certification path: %v: %s", e.Reason, e.Detail)
}

// Unwrap returns Err.
func (e *PathError) Unwrap() error { return e.Err }

// Reason classifies a failure.
type Reason int

// Reasons.
const (
	NoAnchor Reason = iota + 1 // chain ends in an unknown issuer
	SelfSignedUntrusted
	Expired
	NotYetValid
	CertRevoked
	RevocationUnknown
	BadSignature
	WeakAlgorithm
	NotCA
	PathLength
	KeyUsage
	NameConstraint
	Policy
	UnknownCritical
	NameChaining // an issuer without a name
	LimitReached
	UnsupportedAlgorithm // DSA, unknown curves, too large or too small keys
	Malformed            // an extension that can't be read, an overlong serial number
	AnchorPurpose        // the anchor is there, but not for this purpose
	ExtKeyUsage
	CAAsLeaf // a CA's certificate as that of a signer
)

var reasonWords = map[Reason]string{
	NoAnchor: "no trust anchor", SelfSignedUntrusted: "self-signed and not trusted",
	Expired: "expired", NotYetValid: "not yet valid", CertRevoked: "revoked",
	RevocationUnknown: "revocation status unknown", BadSignature: "bad signature",
	WeakAlgorithm: "weak algorithm", NotCA: "issuer is no CA", PathLength: "path too long",
	KeyUsage: "key usage", NameConstraint: "name constraint", Policy: "policy",
	UnknownCritical: "unknown critical extension", NameChaining: "name chaining",
	LimitReached: "limit reached", UnsupportedAlgorithm: "unsupported algorithm",
	Malformed: "malformed certificate", AnchorPurpose: "anchor is for another purpose",
	ExtKeyUsage: "extended key usage", CAAsLeaf: "a CA's certificate as a signer's",
}

// String returns a few words, such as "not yet valid".
func (r Reason) String() string {
	if w, ok := reasonWords[r]; ok {
		return w
	}
	return fmt.Sprintf("unknown reason %d", int(r))
}
