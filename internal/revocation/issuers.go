package revocation

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Build is certpath.Build, and where a path ends only for want of an issuer's
// certificate it fetches that from the address that the certificate below
// names, up to four of them one above the other, and builds again. Without
// Fetch or anchors, or with the whole chain at hand, nothing is fetched; what
// was fetched for one path is at hand for the next.
//
// The addresses are those of a chain that no anchor vouches for yet. So this
// is for the user's own certificate, its TSA's, and signatures the user asks to
// extend; never for a file that is only being verified.
//
// An error holds the *certpath.PathError, and what fetching failed with.
func (s *Source) Build(ctx context.Context, leaf *x509.Certificate, o certpath.Options) (*certpath.Path, error) {
	o.Intermediates = slices.Concat(o.Intermediates, s.fetchedIssuers())
	for asked := 0; ; asked++ {
		path, err := certpath.Build(ctx, leaf, o)
		var pe *certpath.PathError
		if err == nil || s.Fetch == nil || len(o.Anchors) == 0 || !errors.As(err, &pe) || pe.Reason != certpath.NoAnchor || pe.Cert == nil {
			return path, err
		}
		if asked == maxIssuers || s.height(pe.Cert) == maxIssuers {
			return nil, fmt.Errorf("%w; of the chain %d certificates were fetched and no more are", err, maxIssuers)
		}
		issuers, ferr := s.issuersOf(ctx, pe.Cert)
		if ferr != nil {
			return nil, fmt.Errorf("%w; its issuer's certificate: %w", err, ferr)
		}
		o.Intermediates = append(o.Intermediates, issuers...)
	}
}

// height is how many certificates were fetched, one for another, to come to
// this one.
func (s *Source) height(cert *x509.Certificate) int {
	x := s.loaded()
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.heights[string(cert.Raw)]
}

func (s *Source) fetchedIssuers() []*x509.Certificate {
	x := s.loaded()
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.fetched)
}

// issuersOf is FetchIssuers, once for a certificate.
func (s *Source) issuersOf(ctx context.Context, cert *x509.Certificate) ([]*x509.Certificate, error) {
	x := s.loaded()
	key := string(cert.Raw)
	err := x.once(ctx, "issuers "+key, func() *Error {
		list, err := s.FetchIssuers(ctx, cert)
		if err != nil {
			return &Error{Kind: kindIssuer, Problem: Unreachable, Err: err}
		}
		x.mu.Lock()
		x.issuers[key] = list
		x.fetched = append(x.fetched, list...)
		for _, c := range list {
			x.heights[string(c.Raw)] = x.heights[key] + 1
		}
		x.mu.Unlock()
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.issuers[key], nil
}

// FetchIssuers gets certificates from the addresses that cert names for its
// issuer (caIssuers; DER, PEM or PKCS #7). Those that verify cert's signature
// come first; when there is none it is an error, and nothing is returned. The
// caller bounds the depth, and asks only where the issuer is missing.
func (s *Source) FetchIssuers(ctx context.Context, cert *x509.Certificate) ([]*x509.Certificate, error) {
	if s.Fetch == nil {
		return nil, errors.New("the network was not asked for the issuer's certificate")
	}
	signed, err := certpath.ParseSigned(cert.Raw)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, url := range webAddresses(cert.IssuingCertificateURL) {
		resp, err := s.Fetch.Do(ctx, fetch.Request{URL: url, MaxBytes: maxCertificate, Policy: fetch.FromData})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		certs, err := certpath.ParseCertificates(resp.Body)
		if err != nil {
			errs = append(errs, fmt.Errorf("issuer's certificate: %w", err))
			continue
		}
		if list := issuersFirst(cert, signed, certs); list != nil {
			return list, nil
		}
		errs = append(errs, errors.New("the certificate that was fetched is not the issuer's"))
	}
	if errs == nil {
		errs = append(errs, errors.New("the certificate names no address of its issuer's"))
	}
	return nil, errors.Join(errs...)
}

func issuersFirst(cert *x509.Certificate, signed certpath.Signed, certs []*x509.Certificate) []*x509.Certificate {
	var issuers, rest []*x509.Certificate
	for _, c := range certs {
		if len(issuers) < maxSigners && certpath.SameName(c.RawSubject, cert.RawIssuer) && signed.Check(c) == nil {
			issuers = append(issuers, c)
		} else {
			rest = append(rest, c)
		}
	}
	if issuers == nil {
		return nil
	}
	return append(issuers, rest...)
}
