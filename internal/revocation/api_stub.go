// Package revocation parses, checks, fetches, chooses and caches OCSP
// responses and CRLs.
package revocation

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Source answers from given data and, when Fetch is set, from the network. It
// implements certpath.RevocationChecker.
type Source struct {
	OCSPs    [][]byte // DER OCSPResponse (or BasicOCSPResponse)
	CRLs     [][]byte
	Certs    []*x509.Certificate // candidates for responders and CRL issuers
	Fetch    *fetch.Client       // nil: no network
	Now      func() time.Time
	CRLFirst bool
	MaxAge   time.Duration // for data without nextUpdate; 0: 7 days
	// Used collects what decided, for embedding (filled by Check).
	Used *Evidence
}

// Evidence is verified data, deduplicated.
type Evidence struct {
	OCSPs, CRLs [][]byte
	Certs       []*x509.Certificate
}

// Check implements certpath.RevocationChecker. Not done yet: it reads no OCSP
// response and no CRL, so it never answers Good or Revoked.
func (s *Source) Check(ctx context.Context, cert, issuer *x509.Certificate, t time.Time) certpath.RevocationStatus {
	if len(cert.OCSPServer) == 0 && len(cert.CRLDistributionPoints) == 0 {
		return certpath.RevocationStatus{State: certpath.NotPublished, Source: "none"}
	}
	return certpath.RevocationStatus{State: certpath.Unknown, Source: "none",
		Err: errors.New("revocation data is not evaluated yet")}
}
