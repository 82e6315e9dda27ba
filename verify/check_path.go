package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/revocation"
)

// pathRequest says which path is wanted.
type pathRequest struct {
	cert    *x509.Certificate
	purpose certpath.Purpose
	at      time.Time
	proven  bool // at is a proven time, not just now
	online  bool // the network may be asked, if Options allow it
	only    *material
}

// weakUntil is when SHA-1 stopped to bind a signer: before, if that is proven,
// paths with it are taken. ETSI TS 119 312.
var weakUntil = time.Date(2012, time.August, 1, 0, 0, 0, 0, time.UTC)

// buildPath builds and judges a path with revocation at a time. The error says
// that we could not look.
func (v *verifier) buildPath(ctx context.Context, q pathRequest) (pathFacts, error) {
	weak := q.proven && q.at.Before(weakUntil)
	certs := v.mat.certs
	var source *revocation.Source
	if q.only != nil {
		certs, source = q.only.certs, v.source(q.only, false, weak)
	} else {
		source = v.sourceFor(q.online, weak)
	}
	opts := certpath.Options{
		Anchors: v.o.Anchors, Intermediates: certs, Time: q.at, Purpose: q.purpose,
		Revocation: source, MaxChecks: maxPathChecks, AllowWeak: weak,
	}
	path, err := certpath.Build(ctx, q.cert, opts)
	facts := pathFacts{judged: true, path: path}
	if err == nil {
		facts.status = path.Statuses[0]
		return facts, nil
	}
	if !errors.As(err, &facts.err) {
		return facts, fmt.Errorf("verify: build a path: %w", err)
	}
	if facts.err.Err != nil {
		return facts, fmt.Errorf("verify: build a path: %w", facts.err.Err)
	}
	facts.path = facts.err.Path
	if facts.path != nil && len(facts.path.Statuses) > 0 {
		facts.status = facts.path.Statuses[0]
	}
	if v.o.IgnoreRevocation && facts.err.Reason == certpath.RevocationUnknown && facts.path != nil {
		facts.err, facts.ignored = nil, true
	}
	return facts, nil
}

// checkPath judges the signer's certificate at the proven time, or else now.
// ETSI EN 319 102-1, 5.2.6, 5.5.4 and 5.6.2.
func (v *verifier) checkPath(ctx context.Context, r *record) error {
	if r.cert == nil {
		return nil
	}
	purpose, who := certpath.Signing, "the signer"
	at, proven := v.now, false
	switch {
	case r.kind == KindTimestamp:
		if len(r.stamps) == 0 {
			return nil
		}
		purpose, who = certpath.Timestamping, "the time-stamping authority"
		at, proven = v.controlTime(r)
	case !r.proven.IsZero():
		at, proven = r.proven, true
	}
	r.judgedAt = at
	facts, err := v.buildPath(ctx, pathRequest{cert: r.cert, purpose: purpose, at: at, proven: proven, online: true})
	if err != nil {
		return err
	}
	r.path = facts
	c := pathContext{cert: r.cert, at: at, proven: proven, who: who, claimed: r.claimed, lowerBound: r.lowerBound,
		late: r.kind != KindTimestamp && r.proof == ProofDocumentTimestamp}
	if facts.err != nil && facts.err.Reason == certpath.Expired && !proven {
		if c.goodAtEnd, err = v.goodAtEnd(ctx, r.cert, purpose); err != nil {
			return err
		}
	}
	v.explainPath(r, &facts, c)
	if r.kind == KindSignature {
		r.checkKeyUsage()
	}
	return nil
}

// goodAtEnd tells whether an expired certificate is known not to have been
// revoked while it was valid: OUT_OF_BOUNDS_NOT_REVOKED.
func (v *verifier) goodAtEnd(ctx context.Context, c *x509.Certificate, purpose certpath.Purpose) (bool, error) {
	facts, err := v.buildPath(ctx, pathRequest{cert: c, purpose: purpose, at: c.NotAfter, online: true})
	return err == nil && facts.err == nil && !facts.ignored && facts.status.State == certpath.Good, err
}

// checkKeyUsage holds the use of the key: signatures or content commitment.
// RFC 5280, 4.2.1.3.
func (r *record) checkKeyUsage() {
	uses := x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if r.cert.KeyUsage != 0 && r.cert.KeyUsage&uses == 0 {
		r.find(CodeKeyUsage, "the certificate of the signer is not for signatures")
	}
}

// pathContext is what explains the failure of a path.
type pathContext struct {
	cert       *x509.Certificate
	at         time.Time
	proven     bool
	who        string
	claimed    time.Time
	lowerBound time.Time
	goodAtEnd  bool
	// late tells that only a document timestamp proves the time: it may have
	// been added long after the signature.
	late bool
}

// explainPath turns the outcome of a path into findings.
func (v *verifier) explainPath(r *record, facts *pathFacts, c pathContext) {
	if facts.err == nil {
		v.explainStatuses(r, facts, c)
		return
	}
	e := facts.err
	switch e.Reason {
	case certpath.Expired, certpath.NotYetValid:
		explainValidity(r, e, c)
	case certpath.CertRevoked:
		explainRevoked(r, e, c)
	case certpath.RevocationUnknown:
		explainUnknown(r, e, c)
	default:
		r.find(pathCodes[e.Reason], "%s: %s", c.who, pathText(e))
	}
}

// pathCodes are the failures that need no look at the time.
var pathCodes = map[certpath.Reason]Code{
	certpath.NoAnchor:             CodeUntrusted,
	certpath.SelfSignedUntrusted:  CodeSelfSigned,
	certpath.BadSignature:         CodeChainBad,
	certpath.WeakAlgorithm:        CodeChainWeak,
	certpath.NotCA:                CodeChain,
	certpath.PathLength:           CodeChain,
	certpath.KeyUsage:             CodeChain,
	certpath.NameConstraint:       CodeChain,
	certpath.Policy:               CodeChain,
	certpath.UnknownCritical:      CodeChain,
	certpath.NameChaining:         CodeChain,
	certpath.LimitReached:         CodeLimitPath,
	certpath.UnsupportedAlgorithm: CodeChainBad,
	certpath.Malformed:            CodeChainBad,
	certpath.AnchorPurpose:        CodeUntrusted,
	certpath.ExtKeyUsage:          CodeChain,
	certpath.CAAsLeaf:             CodeChain,
}

func pathText(e *certpath.PathError) string {
	if e.Detail != "" {
		return e.Detail
	}
	return e.Reason.String()
}

// explainValidity is about certificates outside their validity.
func explainValidity(r *record, e *certpath.PathError, c pathContext) {
	if e.Cert == nil || !e.Cert.Equal(c.cert) {
		r.find(CodeChainExpired, "%s: %s", c.who, pathText(e))
		return
	}
	from, until := c.cert.NotBefore, c.cert.NotAfter
	switch {
	case e.Reason == certpath.NotYetValid && c.proven:
		r.find(CodeNotYetValid, "the certificate of %s is valid from %s only; the signature existed at %s",
			c.who, stampText(from), stampText(c.at))
	case e.Reason == certpath.NotYetValid:
		r.find(CodeNotYetValidNow, "the certificate of %s is valid from %s only", c.who, stampText(from))
	case c.lowerBound.After(until):
		r.find(CodeExpired, "the certificate of %s ended on %s; a timestamp proves that the signature was made after %s",
			c.who, stampText(until), stampText(c.lowerBound))
	case c.claimed.After(until):
		r.find(CodeExpired, "the certificate of %s ended on %s; the signature says it was made on %s",
			c.who, stampText(until), stampText(c.claimed))
	case c.goodAtEnd:
		r.find(CodeExpiredGood, "the certificate of %s ended on %s and was not revoked; nothing proves that the signature was made before",
			c.who, stampText(until))
	default:
		r.find(CodeExpiredNoPOE, "the certificate of %s ended on %s; nothing proves that the signature was made before",
			c.who, stampText(until))
	}
}
