package revocation

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// sameAuthority tells whether two certificates are of one name and one key.
func sameAuthority(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo) && certpath.SameName(a.RawSubject, b.RawSubject)
}

// mayUse tells whether the key usage allows it, or is not limited.
func mayUse(cert *x509.Certificate, usage x509.KeyUsage) bool {
	return !hasExtension(cert.Extensions, oids.KeyUsage) || cert.KeyUsage&usage != 0
}

// certified checks that the issuer of the question certified the signer itself,
// and that the signer was valid at the time it signed.
func (s *Source) certified(ctx context.Context, q *query, signer *x509.Certificate, at time.Time, nocheck bool) (found, error) {
	n := s.newNested(q, signer, at)
	o := certpath.Options{Anchors: []certpath.Anchor{{Certificate: q.issuer}}, Time: at,
		Purpose: certpath.Any, AllowWeak: s.AllowWeak}
	if !nocheck {
		o.Revocation = n
	}
	_, err := certpath.Build(ctx, signer, o)
	n.found.certs = append(n.found.certs, signer)
	return n.found, err
}

// anchored checks that a path leads from the signer to the anchor of the
// question's issuer. RFC 5280, 6.3.3 (f).
func (s *Source) anchored(ctx context.Context, q *query, signer *x509.Certificate, at time.Time) (found, error) {
	anchors := s.anchorsOf(ctx, q)
	if len(anchors) == 0 {
		return found{}, errors.New("no anchor is known for it")
	}
	n := s.newNested(q, signer, at)
	path, err := certpath.Build(ctx, signer, certpath.Options{Anchors: anchors, Intermediates: s.with(q.issuer),
		Time: at, Purpose: certpath.Any, AllowWeak: s.AllowWeak, Revocation: n})
	if err == nil {
		n.found.certs = append(n.found.certs, path.Certificates...)
	}
	return n.found, err
}

func (s *Source) with(issuer *x509.Certificate) []*x509.Certificate {
	return append(s.Certs[:len(s.Certs):len(s.Certs)], issuer)
}

// anchorsOf is the anchor at which the issuer's path ends.
func (s *Source) anchorsOf(ctx context.Context, q *query) []certpath.Anchor {
	if len(s.Anchors) == 0 {
		return nil
	}
	x := s.loaded()
	key := string(q.issuer.Raw)
	x.mu.Lock()
	list, known := x.anchors[key]
	x.mu.Unlock()
	if known {
		return list
	}
	// A self-issued issuer may break a name constraint as the end of a path,
	// and pass in the middle of one (6.1.3 (b)).
	for _, end := range []*x509.Certificate{q.issuer, q.cert} {
		path, err := certpath.Build(ctx, end, certpath.Options{Anchors: s.Anchors, Intermediates: s.with(q.issuer),
			Time: q.t, Purpose: certpath.Any, AllowWeak: s.AllowWeak})
		if err == nil {
			list = []certpath.Anchor{path.Anchor}
			break
		}
	}
	x.mu.Lock()
	x.anchors[key] = list
	x.mu.Unlock()
	return list
}

// otherIssuer tells whether certified failed only because somebody else issued
// the signer's certificate.
func otherIssuer(err error) bool {
	var pe *certpath.PathError
	return errors.As(err, &pe) && (pe.Reason == certpath.NoAnchor || pe.Reason == certpath.SelfSignedUntrusted ||
		pe.Reason == certpath.BadSignature)
}

// nested asks for the status of a signer, at a time of its own.
type nested struct {
	source *Source
	parent *query
	t      time.Time
	self   *x509.Certificate // is not asked for, see selfCovered
	found  found
}

// selfCovered tells whether a certificate names its own subject as the issuer
// of the CRL that covers it: its CA said so, and there is nobody else to ask.
func (q *query) selfCovered(signer *x509.Certificate) bool {
	if !signer.Equal(q.cert) {
		return false
	}
	own := certpath.NameKey(signer.RawSubject)
	for _, p := range q.points {
		if slices.Contains(p.issuerDNs, own) {
			return true
		}
	}
	return false
}

func (s *Source) newNested(q *query, signer *x509.Certificate, at time.Time) *nested {
	n := &nested{source: s, parent: q, t: later(q.t, at)}
	if q.selfCovered(signer) {
		n.self = signer
	}
	return n
}

// Check implements certpath.RevocationChecker.
func (n *nested) Check(ctx context.Context, cert, issuer *x509.Certificate, _ time.Time) certpath.RevocationStatus {
	unknown := certpath.RevocationStatus{State: certpath.Unknown, Source: kindNone}
	switch {
	case n.self != nil && cert.Equal(n.self):
		return certpath.RevocationStatus{State: certpath.Good, Source: kindCRL}
	case n.parent.circular(cert):
		unknown.Err = &Error{Kind: kindCRL, Problem: SignerInvalid,
			Err: fmt.Errorf("the status of %q depends on itself", cert.Subject.CommonName)}
		return unknown
	case n.parent.depth == maxDepth:
		unknown.Err = &Error{Kind: kindCRL, Problem: LimitReached,
			Err: fmt.Errorf("more than %d signers in a row", maxDepth)}
		return unknown
	}
	q := n.source.newQuery(cert, issuer, n.t)
	q.parent, q.depth = n.parent, n.parent.depth+1
	a := n.source.ask(ctx, q)
	n.found.merge(a.found)
	return a.RevocationStatus
}
