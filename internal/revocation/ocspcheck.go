package revocation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha1" //nolint:gosec // the key hash of a responder's identifier, RFC 6960, 4.2.1
	"crypto/x509"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// judgeOCSPs looks at all responses at hand; nil when none decides.
func (s *Source) judgeOCSPs(ctx context.Context, q *query) *answer {
	var best *answer
	tried := 0
	for _, ref := range s.loaded().ocspsOf(q.serial) {
		if err := ref.single.matches(q); err != nil {
			q.problem(err)
			continue
		}
		if tried++; tried > maxCandidates {
			q.problem(ocspError(LimitReached, "more than %d responses", maxCandidates))
			break
		}
		a, err := s.judgeOCSP(ctx, q, ref.response, ref.single)
		if err != nil {
			q.problem(err)
			continue
		}
		best = s.choose(best, a)
	}
	return best
}

// matches compares the CertID. RFC 6960, 3.2 (1) and 4.1.1.
func (s *single) matches(q *query) *Error {
	if s.hash == 0 {
		return ocspError(OtherCertificate, "the identifier's hash is not known")
	}
	sum := func(data []byte) []byte {
		h := s.hash.New()
		h.Write(data)
		return h.Sum(nil)
	}
	// The name is hashed as it is written, which may differ in the two places.
	if !bytes.Equal(s.nameHash, sum(q.cert.RawIssuer)) && !bytes.Equal(s.nameHash, sum(q.issuer.RawSubject)) {
		return ocspError(OtherCertificate, "the serial number fits, the issuer's name does not")
	}
	if !bytes.Equal(s.keyHash, sum(keyBits(q.issuer.RawSubjectPublicKeyInfo))) {
		return ocspError(OtherCertificate, "the serial number fits, the issuer's key does not")
	}
	if s.certHash != nil && !hashFits(s.certHash, q.cert.Raw) {
		return ocspError(OtherCertificate, "the certificate's hash does not fit")
	}
	return nil
}

// hashFits checks CertHash ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }.
func hashFits(value cryptobyte.String, cert []byte) bool {
	var seq, want cryptobyte.String
	if !value.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return false
	}
	hash, ok := readHash(&seq)
	if !ok || hash == 0 || !seq.ReadASN1(&want, cbasn1.OCTET_STRING) {
		return false
	}
	h := hash.New()
	h.Write(cert)
	return bytes.Equal(h.Sum(nil), want)
}

// judgeOCSP checks a response that names the certificate.
func (s *Source) judgeOCSP(ctx context.Context, q *query, r *response, o *single) (*answer, *Error) {
	if err := s.plausible(r, o); err != nil {
		return nil, err
	}
	evidence, until, err := s.responder(ctx, q, r)
	if err != nil {
		return nil, err
	}
	q.known = true
	evidence.ocsps = append(evidence.ocsps, r.raw)
	a := &answer{RevocationStatus: certpath.RevocationStatus{State: certpath.Good, Source: kindOCSP, Origin: r.origin,
		ThisUpdate: o.thisUpdate, NextUpdate: o.nextUpdate, Note: r.note}, found: evidence}
	switch o.status {
	case statusGood:
	case statusRevoked:
		a.State, a.RevokedAt, a.Reason = certpath.Revoked, o.revokedAt, o.reason
	default:
		return nil, ocspError(StatusUnknown, "the responder does not know the certificate")
	}
	end := o.nextUpdate
	if end.IsZero() {
		end = o.thisUpdate.Add(s.maxAge())
	}
	switch {
	case a.final(): // a revocation does not age
	case !s.fresh(o.thisUpdate, earlier(end, until), q.t):
		return nil, ocspError(Stale, "response of %s", stamp(o.thisUpdate))
	case a.State == certpath.Good && o.thisUpdate.After(q.cert.NotAfter) && (o.cutoff.IsZero() || o.cutoff.After(q.cert.NotAfter)):
		// RFC 6960, 4.4.4
		return nil, ocspError(CertificateExpired, "response of %s", stamp(o.thisUpdate))
	}
	return a, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// plausible are the checks that need no key. RFC 6960, 3.2 and 4.2.2.1.
func (s *Source) plausible(r *response, o *single) *Error {
	switch {
	case r.problem != nil:
		return r.problem
	case o.problem != nil:
		return o.problem
	case s.future(o.thisUpdate) || s.future(r.producedAt):
		return ocspError(FromFuture, "response of %s", stamp(later(o.thisUpdate, r.producedAt)))
	case o.thisUpdate.After(r.producedAt.Add(s.tolerance())):
		return ocspError(Inconsistent, "producedAt is before thisUpdate")
	case !o.nextUpdate.IsZero() && o.nextUpdate.Before(o.thisUpdate):
		return ocspError(Inconsistent, "nextUpdate is before thisUpdate")
	case r.signed.Weak() && !s.AllowWeak:
		return ocspError(WeakAlgorithm, "response of %s is signed over SHA-1 or MD5", stamp(o.thisUpdate))
	}
	return nil
}

// responder finds who signed, and checks that it may answer for the issuer: it
// is the issuer, or certified by it for that. RFC 6960, 4.2.2.2. A delegate's
// answer is good no longer than its certificate; until is zero for the issuer.
func (s *Source) responder(ctx context.Context, q *query, r *response) (found, time.Time, *Error) {
	worst := ocspError(NotAuthorized, "no certificate at hand is the responder's")
	for i, cand := range s.responders(q, r) {
		if i == maxSigners {
			break
		}
		if err := s.loaded().verify(r, r.signed, cand); err != nil {
			worst = ocspError(BadSignature, "%w", err)
			continue
		}
		if sameAuthority(cand, q.issuer) {
			return found{}, time.Time{}, nil
		}
		if !certpath.SameName(cand.RawIssuer, q.issuer.RawSubject) || !signsOCSP(cand) {
			worst = ocspError(NotAuthorized, "%q is not certified by the issuer for OCSP", cand.Subject.CommonName)
			continue
		}
		if !mayUse(cand, x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) {
			worst = ocspError(NotAuthorized, "%q may not sign", cand.Subject.CommonName)
			continue
		}
		f, err := s.certified(ctx, q, cand, earlier(r.producedAt, s.now()), hasExtension(cand.Extensions, oids.OCSPNoCheck))
		if err == nil {
			return f, cand.NotAfter, nil
		}
		worst = ocspError(SignerInvalid, "%q: %w", cand.Subject.CommonName, err)
	}
	return found{}, time.Time{}, worst
}

// signsOCSP asks for id-kp-OCSPSigning itself: anyExtendedKeyUsage is not enough.
func signsOCSP(cert *x509.Certificate) bool {
	for _, u := range cert.ExtKeyUsage {
		if u == x509.ExtKeyUsageOCSPSigning {
			return true
		}
	}
	return false
}

// responders are the certificates that the responder's identifier fits: the
// issuer's, those in the response, those at hand.
func (s *Source) responders(q *query, r *response) []*x509.Certificate {
	var list []*x509.Certificate
	seen := map[string]bool{}
	add := func(cert *x509.Certificate) {
		if !seen[string(cert.Raw)] && r.names(cert) {
			seen[string(cert.Raw)] = true
			list = append(list, cert)
		}
	}
	add(q.issuer)
	for _, cert := range r.certificates() {
		add(cert)
	}
	x := s.loaded()
	if r.responderName != nil {
		for _, cert := range x.certs().bySubject[certpath.NameKey(r.responderName)] {
			add(cert)
		}
	} else if len(r.responderKey) == crypto.SHA1.Size() {
		for _, cert := range x.certs().byKey[[20]byte(r.responderKey)] {
			add(cert)
		}
	}
	return list
}

// names tells whether the responder's identifier fits a certificate.
func (r *response) names(cert *x509.Certificate) bool {
	if r.responderName != nil {
		return certpath.SameName(r.responderName, cert.RawSubject)
	}
	sum := sha1.Sum(keyBits(cert.RawSubjectPublicKeyInfo)) //nolint:gosec // as above
	return bytes.Equal(r.responderKey, sum[:])
}

// certificates reads those that came with the response; a broken one ends them.
func (r *response) certificates() []*x509.Certificate {
	var list []*x509.Certificate
	in := r.certs
	for len(list) < maxEmbedded && !in.Empty() {
		var e cryptobyte.String
		if !in.ReadASN1Element(&e, cbasn1.SEQUENCE) {
			break
		}
		cert, err := certpath.ParseCertificate(e)
		if err != nil {
			break
		}
		list = append(list, cert)
	}
	return list
}
