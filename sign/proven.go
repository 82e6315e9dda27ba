package sign

import (
	"context"
	"crypto/x509"
	"slices"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// settled tells whether the file itself proves a signature: a document
// timestamp behind it, and in the store the data that show its certificates
// good at that time. Then nothing is collected for it, which after their end
// nobody could: only the last document timestamp is left to be proven.
// ETSI EN 319 142-1, 5.4.3 and 5.5.
func (r *run) settled(ctx context.Context, s *signature, have *dss.Store) bool {
	at, ok := r.provenTime(s)
	if !ok {
		return false
	}
	p := &pastProof{r: r, have: have, at: at}
	if s.isTimestamp() {
		token, err := tsp.Parse(s.contents)
		return err == nil && p.token(ctx, token)
	}
	c, err := s.carries(slices.Concat(r.sources.heldCertificates(), r.intermediates)...)
	if err != nil || c.cert == nil || !p.path(ctx, c.cert, c.bag, certpath.Signing) {
		return false
	}
	for _, v := range c.tokens {
		token, err := tsp.Parse(v)
		if err != nil || !p.token(ctx, token) {
			return false
		}
	}
	return true
}

// provenTime is that of the earliest document timestamp over all of s. Their
// digests were checked when the file was copied.
func (r *run) provenTime(s *signature) (at time.Time, ok bool) {
	for i := range r.earlier {
		d := &r.earlier[i]
		if !d.isTimestamp() || d.rng[1] < s.end() {
			continue
		}
		token, err := tsp.Parse(d.contents)
		if err != nil || token.Check() != nil {
			continue
		}
		if !ok || token.Time.Before(at) {
			at, ok = token.Time, true
		}
	}
	return at, ok
}

// pastProof proves paths at a time with the data of the file alone.
type pastProof struct {
	r    *run
	have *dss.Store
	at   time.Time
}

func (p *pastProof) token(ctx context.Context, t *tsp.Token) bool {
	if t.Certificate == nil {
		t.FindCertificate(p.r.sources.heldCertificates())
	}
	return t.Certificate != nil && p.path(ctx, t.Certificate, t.CMS.Certificates, certpath.Timestamping)
}

func (p *pastProof) path(ctx context.Context, leaf *x509.Certificate, bag []*x509.Certificate, purpose certpath.Purpose) bool {
	v := p.r.sources.validation
	candidates := slices.Concat(bag, p.r.sources.heldCertificates())
	path, err := certpath.Build(ctx, leaf, certpath.Options{
		Anchors: v.Anchors, Intermediates: candidates, Time: p.at, Purpose: purpose,
		Revocation: &revocation.Source{OCSPs: p.have.OCSPs, CRLs: p.have.CRLs, Certs: candidates, Anchors: v.Anchors, Now: p.r.now},
	})
	if err != nil {
		return false
	}
	for _, s := range path.Statuses[:min(len(path.Statuses), len(path.Certificates)-1)] {
		if s.State != certpath.Good {
			return false
		}
	}
	return true
}
