package revocation

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Source answers from given data and, when Fetch is set, from the network. It
// implements certpath.RevocationChecker. Its methods are safe for concurrent
// use; the fields must not change after the first call. What was parsed,
// verified and fetched is kept for later questions, so use one Source for all
// certificates of a file.
type Source struct {
	OCSPs    [][]byte            // DER OCSPResponse (or BasicOCSPResponse), Origin "embedded"
	CRLs     [][]byte            // DER, Origin "embedded"
	Certs    []*x509.Certificate // candidates for responders and CRL issuers
	Fetch    *fetch.Client       // nil: no network
	Now      func() time.Time    // nil: time.Now; data from after it is refused
	CRLFirst bool                // prefer CRLs where both answer, and fetch them first
	MaxAge   time.Duration       // for data without nextUpdate; 0: 7 days
	// Used collects what decided, for embedding (filled by Check).
	Used *Evidence

	FileOCSPs, FileCRLs [][]byte // given by the user, Origin "file"
	// Anchors are for CRL issuers that the certificate's own issuer did not
	// certify: their path must end at the anchor of the issuer's. Empty: such
	// CRLs decide nothing.
	Anchors   []certpath.Anchor
	Cache     *Cache        // nil: none; used only with Fetch
	Tolerance time.Duration // between clocks; 0: 5 minutes
	AllowWeak bool          // SHA-1 and MD5 signatures, for validation of the past
	// LaterIsGood reports a revocation after the validation time as Good, with
	// RevokedAt and Reason set.
	LaterIsGood bool
	Random      io.Reader // for nonces; nil: crypto/rand

	once  sync.Once
	index *index
}

// Evidence is verified data, deduplicated.
type Evidence struct {
	OCSPs, CRLs [][]byte // OCSPs as OCSPResponse
	Certs       []*x509.Certificate

	mu   sync.Mutex
	seen map[string]bool
}

func (e *Evidence) add(from *found) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seen == nil {
		e.seen = map[string]bool{}
		for _, list := range [][][]byte{e.OCSPs, e.CRLs} {
			for _, der := range list {
				e.seen[string(der)] = true
			}
		}
		for _, c := range e.Certs {
			e.seen[string(c.Raw)] = true
		}
	}
	fresh := func(der []byte) bool {
		old := e.seen[string(der)]
		e.seen[string(der)] = true
		return !old
	}
	for _, der := range from.ocsps {
		if fresh(der) {
			e.OCSPs = append(e.OCSPs, der)
		}
	}
	for _, der := range from.crls {
		if fresh(der) {
			e.CRLs = append(e.CRLs, der)
		}
	}
	for _, c := range from.certs {
		if fresh(c.Raw) {
			e.Certs = append(e.Certs, c)
		}
	}
}

// found is the evidence of one answer.
type found struct {
	ocsps, crls [][]byte
	certs       []*x509.Certificate
}

func (f *found) merge(g found) {
	f.ocsps, f.crls, f.certs = append(f.ocsps, g.ocsps...), append(f.crls, g.crls...), append(f.certs, g.certs...)
}

// answer is a status that is Good or Revoked, with its evidence.
type answer struct {
	certpath.RevocationStatus
	found found
}

// final tells a revocation that nothing lifts.
func (a *answer) final() bool { return a.State == certpath.Revoked && a.Reason != reasonHold }

// Check implements certpath.RevocationChecker: the status of cert at t, as the
// package's comment defines it. issuer must be trusted by the caller. It asks
// the network only where the given data did not decide.
func (s *Source) Check(ctx context.Context, cert, issuer *x509.Certificate, t time.Time) certpath.RevocationStatus {
	return s.Collect(s.Used).Check(ctx, cert, issuer, t)
}

// Collector asks a Source and keeps what decided apart from that of others. It
// implements certpath.RevocationChecker and is safe for concurrent use.
type Collector struct {
	source *Source
	used   *Evidence
}

// Collect returns a checker that answers as s does, with all that s knows and
// fetched, and collects in used in place of s.Used. So the signatures of a file
// share one Source, and nothing is fetched twice.
func (s *Source) Collect(used *Evidence) *Collector { return &Collector{source: s, used: used} }

// Check implements certpath.RevocationChecker, as Source.Check does.
func (c *Collector) Check(ctx context.Context, cert, issuer *x509.Certificate, t time.Time) certpath.RevocationStatus {
	if cert == nil || issuer == nil || t.IsZero() {
		return certpath.RevocationStatus{State: certpath.Unknown, Source: kindNone,
			Err: errors.New("revocation: no certificate, issuer or time given")}
	}
	s := c.source
	a := s.ask(ctx, s.newQuery(cert, issuer, t))
	if c.used != nil {
		c.used.add(&a.found)
	}
	if first := earlier(a.RevokedAt, a.InvalidityDate); s.LaterIsGood && a.State == certpath.Revoked && first.After(t) {
		a.State = certpath.Good
	}
	return a.RevocationStatus
}

// ask never returns nil.
func (s *Source) ask(ctx context.Context, q *query) *answer {
	a := s.choose(s.judgeOCSPs(ctx, q), s.judgeCRLs(ctx, q))
	if a == nil && s.Fetch != nil {
		a = s.online(ctx, q)
	}
	if a == nil {
		a = s.undecided(q)
	}
	return a
}

// undecided is NotPublished or Unknown.
func (s *Source) undecided(q *query) *answer {
	st := certpath.RevocationStatus{State: certpath.Unknown, Source: kindNone}
	if !q.named() && !q.known {
		st.State = certpath.NotPublished
		return &answer{RevocationStatus: st}
	}
	if s.Fetch == nil && q.named() {
		kind := kindOCSP
		if len(q.cert.OCSPServer) == 0 {
			kind = kindCRL
		}
		q.problem(&Error{Kind: kind, Problem: Offline, Err: errors.New("the network was not asked")})
	}
	errs := q.problems
	for _, err := range s.loaded().malformed {
		if len(errs) < maxProblems {
			errs = append(errs, err)
		}
	}
	st.Err = errors.Join(errs...)
	return &answer{RevocationStatus: st}
}

// choose decides between two answers, of which one or both may be nil. a is of
// OCSP and b of CRLs, or a is the newer of one kind.
func (s *Source) choose(a, b *answer) *answer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	if s.CRLFirst && a.Source != b.Source {
		a, b = b, a
	}
	if a.State == b.State {
		if a.State == certpath.Revoked && b.RevokedAt.Before(a.RevokedAt) {
			return b
		}
		return a
	}
	revoked, good := a, b
	if b.State == certpath.Revoked {
		revoked, good = b, a
	}
	// A hold may have been lifted since.
	if revoked.final() || !revoked.ThisUpdate.Before(good.ThisUpdate) {
		return revoked
	}
	return good
}

func (s *Source) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Source) tolerance() time.Duration {
	if s.Tolerance > 0 {
		return s.Tolerance
	}
	return defaultTolerance
}

// fresh tells whether data is current at t, or was issued after it.
func (s *Source) fresh(thisUpdate, nextUpdate, t time.Time) bool {
	if nextUpdate.IsZero() {
		nextUpdate = thisUpdate.Add(s.maxAge())
	}
	return !nextUpdate.Add(s.tolerance()).Before(t)
}

func (s *Source) maxAge() time.Duration {
	if s.MaxAge > 0 {
		return s.MaxAge
	}
	return defaultMaxAge
}

func (s *Source) future(t time.Time) bool { return t.After(s.now().Add(s.tolerance())) }

// earlier ignores zero times.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
