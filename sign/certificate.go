package sign

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/revocation"
)

// CertificateStatus is what is known of a certificate before it signs.
type CertificateStatus struct {
	// State is that of the certificate and of every CA above it: Good when all
	// are, NotPublished when none is unknown and one names no source, else
	// Unknown. It is never Revoked: that is an error.
	State certpath.State
	// Revocation is the answer for the certificate itself; its State is Unknown
	// where nobody was asked.
	Revocation certpath.RevocationStatus
	// Path leads to an anchor; nil: there is none.
	Path *certpath.Path
	// Err says why State is Unknown, else nil. Has a *certpath.PathError where
	// no path to an anchor was found (so that nobody was asked), or where the
	// sources did not decide.
	Err error
	// Evidence is what decided, for Validation.Known.
	Evidence *revocation.Evidence
}

// errNobodyAsked: no anchors or sources are given.
var errNobodyAsked = errors.New("sign: nobody was asked for the status of the certificate")

// CheckCertificate looks at a certificate before it signs, as Thông tư
// 15/2025/TT-BKHCN, Phụ lục II, 1.2 asks: validity, key usage, status. chain
// are certificates that may be above it, in any order. v says whom to ask; its
// Source goes to the network only where it has a fetch.Client. A nil v asks
// nobody.
//
// An error is a *certpath.PathError (or wraps the context's) that forbids to
// sign: Expired, NotYetValid, KeyUsage of the certificate itself, or
// CertRevoked of it or of a CA above. Everything else is data: a status that is
// not known is the signer's decision.
func CheckCertificate(ctx context.Context, cert *x509.Certificate, chain []*x509.Certificate, v *Validation, now time.Time) (*CertificateStatus, error) {
	if err := checkOwn(cert, now); err != nil {
		return nil, err
	}
	s := &CertificateStatus{State: certpath.Unknown, Evidence: &revocation.Evidence{}, Err: errNobodyAsked,
		Revocation: certpath.RevocationStatus{State: certpath.Unknown, Source: "none"}}
	if v == nil || v.Revocation == nil {
		return s, nil
	}
	path, err := newSources(v).build(ctx, cert, certpath.Options{Intermediates: chain, Time: now, Purpose: certpath.Signing}, s.Evidence)
	if err != nil {
		return s.failed(ctx, err)
	}
	s.Path, s.Err = path, nil
	s.State = worstState(path)
	if len(path.Statuses) > 1 { // an anchor that signs has none
		s.Revocation = path.Statuses[0]
	}
	return s, nil
}

// checkOwn holds what the certificate says of itself.
func checkOwn(cert *x509.Certificate, now time.Time) error {
	fail := func(r certpath.Reason, detail string, args ...any) error {
		return &certpath.PathError{Reason: r, Cert: cert, Partial: []*x509.Certificate{cert}, Detail: fmt.Sprintf(detail, args...)}
	}
	const day = "2006-01-02 15:04:05 MST"
	switch {
	case now.Before(cert.NotBefore):
		return fail(certpath.NotYetValid, "the certificate is valid from %s only", cert.NotBefore.UTC().Format(day))
	case now.Truncate(time.Second).After(cert.NotAfter): // RFC 5280, 4.1.2.5: to the second
		return fail(certpath.Expired, "the certificate ended on %s", cert.NotAfter.UTC().Format(day))
	}
	// RFC 5280, 4.2.1.3. Without the extension the key is for everything.
	uses := x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if cert.KeyUsage != 0 && cert.KeyUsage&uses == 0 {
		return fail(certpath.KeyUsage, "the certificate is for neither digital signatures nor content commitment")
	}
	return nil
}

// failed judges why no path was accepted.
func (s *CertificateStatus) failed(ctx context.Context, err error) (*CertificateStatus, error) {
	if cerr := ctx.Err(); cerr != nil {
		return nil, fmt.Errorf("sign: status of the certificate: %w", cerr)
	}
	s.Err = err
	var pe *certpath.PathError
	if !errors.As(err, &pe) {
		return s, nil
	}
	if pe.Reason == certpath.CertRevoked {
		return nil, err
	}
	if s.Path = pe.Path; s.Path != nil && len(s.Path.Statuses) > 1 && s.Path.Statuses[0].State != 0 {
		s.Revocation = s.Path.Statuses[0]
	}
	return s, nil
}

func worstState(path *certpath.Path) certpath.State {
	state := certpath.Good
	for _, s := range path.Statuses[:max(0, len(path.Statuses)-1)] {
		if s.State == certpath.NotPublished {
			state = certpath.NotPublished
		}
	}
	return state
}
