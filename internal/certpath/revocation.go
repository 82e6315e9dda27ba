package certpath

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"
)

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
	// InvalidityDate is when the key may have been lost; zero: not said. RFC
	// 5280, 5.3.2.
	InvalidityDate time.Time
	Note           string // what deserves a mention though it decided nothing
}

// State of revocation.
type State int

// States.
const (
	Unknown State = iota + 1
	Good
	Revoked
	NotPublished // the certificate names no source
)

// String returns "unknown", "good", "revoked" or "not published".
func (s State) String() string {
	switch s {
	case Unknown:
		return "unknown"
	case Good:
		return "good"
	case Revoked:
		return "revoked"
	case NotPublished:
		return "not published"
	}
	return fmt.Sprintf("unknown state %d", int(s))
}

// maxRevocationPaths bounds the paths whose statuses are asked: each may mean
// requests to the network.
const maxRevocationPaths = 8

// askRevocation asks from the anchor down. It stops at a revoked certificate,
// what that issued means nothing; it goes on after an unknown status, for one
// below may be revoked. NotPublished is no failure: who reads the path decides.
func (b *builder) askRevocation(ctx context.Context, path []*node, p *Path) *PathError {
	p.Statuses = make([]RevocationStatus, len(path))
	var unknown *PathError
	for i := len(path) - 2; i >= 0; i-- {
		s := b.status(ctx, path[i], path[i+1])
		p.Statuses[i] = s
		switch s.State {
		case Good, NotPublished:
		case Revoked:
			return &PathError{Reason: CertRevoked, Cert: path[i].cert, Status: s, Path: p,
				Detail: fmt.Sprintf("%s was revoked", path[i].label())}
		default:
			if unknown == nil {
				detail := fmt.Sprintf("the status of %s is not known", path[i].label())
				if s.Err != nil {
					detail += ": " + s.Err.Error()
				}
				unknown = &PathError{Reason: RevocationUnknown, Cert: path[i].cert, Status: s, Path: p, Detail: detail}
			}
		}
	}
	return unknown
}

// status asks once for each pair.
func (b *builder) status(ctx context.Context, child, issuer *node) RevocationStatus {
	key := edge{child, issuer}
	if s, ok := b.statuses[key]; ok {
		return s
	}
	s := b.opts.Revocation.Check(ctx, child.cert, issuer.cert, b.opts.Time)
	b.statuses[key] = s
	return s
}
