package sign

import (
	"context"
	"crypto/x509"
	"slices"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/revocation"
)

// sources are where the paths of one document get their data from.
type sources struct {
	validation *Validation
	held       *dss.Store          // of the file: what is current is not asked for again; nil: none
	parsed     []*x509.Certificate // of held
	shared     *revocation.Source  // nil until asked for, and with a checker of another kind
}

// newSources returns nil when there is nothing to ask.
func newSources(v *Validation) *sources {
	if v == nil {
		return nil
	}
	return &sources{validation: v}
}

// build finds a path with revocation data, which it collects in used. Anchors
// and further intermediates are those of the Validation.
func (s *sources) build(ctx context.Context, leaf *x509.Certificate, o certpath.Options, used *revocation.Evidence) (*certpath.Path, error) {
	v := s.validation
	o.Anchors = v.Anchors
	o.Intermediates = slices.Concat(o.Intermediates, v.Intermediates, s.heldCertificates())
	if v.Revocation == nil {
		return certpath.Build(ctx, leaf, o)
	}
	if s.shared == nil {
		checker := v.Revocation(used)
		source, ok := checker.(*revocation.Source)
		if !ok {
			o.Revocation = checker
			return certpath.Build(ctx, leaf, o)
		}
		if v.Known != nil {
			source.OCSPs = slices.Concat(source.OCSPs, v.Known.OCSPs)
			source.CRLs = slices.Concat(source.CRLs, v.Known.CRLs)
			source.Certs = slices.Concat(source.Certs, v.Known.Certs)
		}
		if s.held != nil {
			source.OCSPs = slices.Concat(source.OCSPs, s.held.OCSPs)
			source.CRLs = slices.Concat(source.CRLs, s.held.CRLs)
		}
		s.shared = source
	}
	o.Revocation = s.shared.Collect(used)
	return s.shared.Build(ctx, leaf, o)
}

// heldCertificates are those of the file's store that can be read: a signature
// by another hand may have its chain there alone.
func (s *sources) heldCertificates() []*x509.Certificate {
	if s.held == nil || s.parsed != nil {
		return s.parsed
	}
	s.parsed = []*x509.Certificate{}
	for _, der := range s.held.Certs {
		if c, err := certpath.ParseCertificate(der); err == nil {
			s.parsed = append(s.parsed, c)
		}
	}
	return s.parsed
}
