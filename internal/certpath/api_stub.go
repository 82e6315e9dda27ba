// Package certpath builds and validates certification paths at a given time
// (RFC 5280, 6), and holds trust anchors.
package certpath

import (
	"context"
	"crypto/x509"
	"time"
)

// Purpose of an anchor or a path.
type Purpose int

const (
	Signing Purpose = iota + 1
	Timestamping
)

// Anchor is a trust anchor. Name constraints and validity of the certificate
// itself: validity is checked at the validation time.
type Anchor struct {
	Certificate *x509.Certificate
	Purposes    []Purpose // empty: all
	Source      string    // where it came from, for reports
}

// Options for Build.
type Options struct {
	Anchors       []Anchor
	Intermediates []*x509.Certificate
	Time          time.Time // required: validation time
	Purpose       Purpose   // 0: Signing
	// Revocation, when not nil, is asked for each certificate of a path but
	// the anchor, from the anchor down.
	Revocation RevocationChecker
	MaxChecks  int // signature checks; 0: 1000
	// AllowWeak accepts SHA-1 and MD5 signatures in the path (past validation
	// decides that by date).
	AllowWeak bool
}

// RevocationChecker answers for cert issued by issuer at time t.
type RevocationChecker interface {
	Check(ctx context.Context, cert, issuer *x509.Certificate, t time.Time) RevocationStatus
}

// RevocationStatus is one answer.
type RevocationStatus struct {
	State      State
	Source     string // "ocsp", "crl", "none"
	Origin     string // "embedded", "online", "file"
	ThisUpdate time.Time
	NextUpdate time.Time
	RevokedAt  time.Time
	Reason     int // CRLReason
	Err        error
}

// State of revocation.
type State int

const (
	Unknown State = iota + 1
	Good
	Revoked
	NotPublished // the certificate names no source
)

// Path is leaf first, anchor last.
type Path struct {
	Certificates []*x509.Certificate
	Anchor       Anchor
	Statuses     []RevocationStatus // for Certificates[i]; last is zero
}

// Build finds the best valid path from leaf to an anchor. On failure the error
// is a *PathError with the reason of the best attempt and its partial path.
// Not done yet: it refuses every leaf, so nothing is trusted unchecked.
func Build(ctx context.Context, leaf *x509.Certificate, opts Options) (*Path, error) {
	return nil, &PathError{Reason: NoAnchor, Cert: leaf, Partial: []*x509.Certificate{leaf},
		Detail: "path validation is not written yet"}
}

// PathError says why no path was accepted.
type PathError struct {
	Reason  Reason
	Cert    *x509.Certificate   // where
	Partial []*x509.Certificate // the longest chain found, leaf first
	Status  RevocationStatus
	Detail  string
}

func (e *PathError) Error() string { return "no certification path: " + e.Detail }

// Reason classifies a failure.
type Reason int

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
	NameChaining
	LimitReached
)

func (r Reason) String() string { panic("stub") }

// ParseCertificates reads PEM (one or many), DER or PKCS#7 bundles.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) { panic("stub") }
