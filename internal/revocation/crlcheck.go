package revocation

import (
	"bytes"
	"context"
	"crypto/x509"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
)

// judgeCRLs is RFC 5280, 6.3.3 over the CRLs at hand; nil when they don't
// decide.
func (s *Source) judgeCRLs(ctx context.Context, q *query) *answer {
	if !s.loaded().hasCRLs() {
		return nil
	}
	var sum *answer
	var mask reasons
	tried, deltas := 0, false
	for _, p := range q.allPoints() {
		for _, c := range s.crlsFor(q, &p) {
			if c.base != nil {
				deltas = true
				continue
			}
			interim, err := c.scope(q, &p) // (b), (d)
			if err != nil {
				q.problem(err)
				continue
			}
			if interim&^mask == 0 { // (e)
				continue
			}
			if tried++; tried > maxCandidates {
				q.problem(crlError(LimitReached, "more than %d CRLs", maxCandidates))
				return nil
			}
			a, err := s.judgeCRL(ctx, q, c)
			if err != nil {
				q.problem(err)
				continue
			}
			if a.State == certpath.Revoked {
				return a
			}
			sum = sum.join(a)
			if mask |= interim; mask == allReasons {
				return sum
			}
		}
	}
	if deltas && tried == 0 {
		q.problem(crlError(OutOfScope, "there are deltas, and no complete CRL"))
	}
	if mask != 0 {
		q.problem(crlError(SomeReasons, "not all reasons for a revocation are covered"))
	}
	return nil
}

// join adds an answer for other reasons: the sum is as old as its oldest part.
func (a *answer) join(b *answer) *answer {
	if a == nil {
		return b
	}
	a.ThisUpdate, a.NextUpdate = earlier(a.ThisUpdate, b.ThisUpdate), earlier(a.NextUpdate, b.NextUpdate)
	a.found.merge(b.found)
	return a
}

// crlsFor are the CRLs of the issuers that a point may name.
func (s *Source) crlsFor(q *query, p *point) []*crl {
	x := s.loaded()
	if p.crlIssuer == nil {
		return x.crlsOf(q.issuerKey)
	}
	var list []*crl
	for i, dn := range p.issuerDNs {
		if !slices.Contains(p.issuerDNs[:i], dn) {
			list = append(list, x.crlsOf(dn)...)
		}
	}
	return list
}

// scope checks that the CRL may speak about the certificate under a
// distribution point, and returns for which reasons. RFC 5280, 6.3.3 (b), (d).
func (c *crl) scope(q *query, p *point) (reasons, *Error) {
	out := func(why string) (reasons, *Error) { return 0, crlError(OutOfScope, "%s: %s", c.label(), why) }
	switch {
	case p.crlIssuer == nil:
		if c.issuerKey != q.issuerKey {
			return out("it is another issuer's")
		}
	case c.idp == nil || !c.idp.indirect:
		return out("it is no indirect CRL")
	case !slices.Contains(p.issuerDNs, c.issuerKey):
		return out("it is not by the CRL issuer that the certificate names")
	}
	if c.idp == nil {
		return p.reasons, nil
	}
	if d := c.idp; d.hasName {
		want := p.crlIssuer
		if p.hasName {
			base := q.cert.RawIssuer
			if p.issuerRaw != nil {
				base = p.issuerRaw
			}
			want = p.fullNames(base)
		}
		if !overlap(d.fullNames(c.issuer), want) {
			return out("it is for another distribution point")
		}
	}
	switch {
	case c.idp.onlyUsers && isCA(q.cert):
		return out("it is for end certificates")
	case c.idp.onlyCAs && !isCA(q.cert):
		return out("it is for CA certificates")
	case c.idp.onlyAttrs:
		return out("it is for attribute certificates")
	}
	return p.reasons & c.idp.reasons, nil
}

// judgeCRL looks a certificate up in a CRL that is about it.
func (s *Source) judgeCRL(ctx context.Context, q *query, c *crl) (*answer, *Error) {
	if err := s.usable(c); err != nil {
		return nil, err
	}
	signer, evidence, err := s.crlSigner(ctx, q, c) // (f), (g)
	if err != nil {
		return nil, err
	}
	q.known = true
	evidence.crls = append(evidence.crls, c.raw)
	a := &answer{RevocationStatus: certpath.RevocationStatus{State: certpath.Good, Source: kindCRL,
		Origin: c.origin, ThisUpdate: c.thisUpdate, NextUpdate: c.nextUpdate}, found: evidence}
	e, err := c.find(q.serial, q.cert.RawIssuer)
	if err != nil {
		return nil, err
	}
	current, keeps := s.fresh(c.thisUpdate, c.nextUpdate, q.t), c.keeps
	if d := s.delta(q, c, signer); d != nil { // (c), (h), (i)
		de, derr := d.find(q.serial, q.cert.RawIssuer)
		if derr != nil {
			q.problem(derr)
		} else {
			if de != nil {
				e = de
			}
			current = current || s.fresh(d.thisUpdate, d.nextUpdate, q.t)
			keeps = later(keeps, d.keeps)
			a.Origin, a.ThisUpdate, a.NextUpdate = d.origin, d.thisUpdate, d.nextUpdate
			a.found.crls = append(a.found.crls, d.raw)
		}
	}
	if e != nil && e.reason != reasonRemove { // (j), (k)
		a.State, a.RevokedAt, a.Reason, a.InvalidityDate = certpath.Revoked, e.revokedAt, e.reason, e.invalidity
	}
	switch {
	case a.final(): // a revocation does not age
	case !current:
		return nil, crlError(Stale, "%s", c.label())
	case a.State == certpath.Good && a.ThisUpdate.After(q.cert.NotAfter) && (keeps.IsZero() || keeps.After(q.cert.NotAfter)):
		return nil, crlError(CertificateExpired, "%s", c.label())
	}
	return a, nil
}

// usable are the rules for any CRL.
func (s *Source) usable(c *crl) *Error {
	switch {
	case c.problem != nil:
		return c.problem
	case s.future(c.thisUpdate):
		return crlError(FromFuture, "%s", c.label())
	case c.signed.Weak() && !s.AllowWeak:
		return crlError(WeakAlgorithm, "%s is signed over SHA-1 or MD5", c.label())
	}
	return nil
}

// delta returns the newest delta for a complete CRL, verified with the key of
// its signer; nil when there is none.
func (s *Source) delta(q *query, c *crl, signer *x509.Certificate) *crl {
	var best *crl
	tried := 0
	x := s.loaded()
	for _, d := range x.crlsOf(c.issuerKey) {
		if d.base == nil || !c.sameScope(d) || best != nil && d.number != nil && d.number.Cmp(best.number) <= 0 {
			continue
		}
		if !c.extendedBy(d) {
			q.problem(crlError(OutOfScope, "delta %s does not extend %s", d.label(), c.label()))
			continue
		}
		if err := s.usable(d); err != nil {
			q.problem(err)
			continue
		}
		if tried++; tried > maxCandidates {
			break
		}
		if err := x.verify(d, d.signed, signer); err != nil {
			q.problem(crlError(BadSignature, "delta %s: %w", d.label(), err))
			continue
		}
		best = d
	}
	return best
}

// crlSigner finds who signed, and checks that it may.
func (s *Source) crlSigner(ctx context.Context, q *query, c *crl) (*x509.Certificate, found, *Error) {
	worst := crlError(BadSignature, "%s: nobody of the issuer's name at hand signed it", c.label())
	for _, cand := range s.crlSigners(q, c) {
		if err := s.loaded().verify(c, c.signed, cand); err != nil {
			continue
		}
		if !mayUse(cand, x509.KeyUsageCRLSign) {
			worst = crlError(NotAuthorized, "%s: %q may not sign CRLs", c.label(), cand.Subject.CommonName)
			continue
		}
		if sameAuthority(cand, q.issuer) {
			return cand, found{}, nil
		}
		at := earlier(c.thisUpdate, s.now())
		f, err := s.certified(ctx, q, cand, at, false)
		if err != nil && otherIssuer(err) {
			f, err = s.anchored(ctx, q, cand, at)
		}
		if err == nil {
			return cand, f, nil
		}
		worst = crlError(SignerInvalid, "%s: %q: %w", c.label(), cand.Subject.CommonName, err)
	}
	return nil, found{}, worst
}

// crlSigners are the certificates of the CRL issuer's name, the likeliest
// first.
func (s *Source) crlSigners(q *query, c *crl) []*x509.Certificate {
	var list, last []*x509.Certificate
	id := authorityKeyID(c.keyID)
	seen := map[string]bool{}
	add := func(cert *x509.Certificate) {
		if seen[string(cert.Raw)] {
			return
		}
		seen[string(cert.Raw)] = true
		if len(id) > 0 && len(cert.SubjectKeyId) > 0 && !bytes.Equal(id, cert.SubjectKeyId) {
			last = append(last, cert)
		} else {
			list = append(list, cert)
		}
	}
	if certpath.NameKey(q.issuer.RawSubject) == c.issuerKey {
		add(q.issuer)
	}
	for _, cert := range s.loaded().certs().bySubject[c.issuerKey] {
		add(cert)
	}
	list = append(list, last...)
	return list[:min(len(list), maxSigners)]
}

// authorityKeyID returns the keyIdentifier of an AuthorityKeyIdentifier.
func authorityKeyID(value cryptobyte.String) []byte {
	var seq, id cryptobyte.String
	var there bool
	if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadOptionalASN1(&id, &there, implicit(0)) {
		return nil
	}
	return id
}
