package verify

import (
	"crypto"
	"crypto/x509"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// report turns the records into the report: here the indications and the
// verdict are computed, from facts that no longer change.
func (v *verifier) report() {
	for _, r := range v.recs {
		v.rep.Signatures = append(v.rep.Signatures, v.signature(r))
	}
	v.rep.Verdict = verdict(v.rep.Signatures)
	for _, f := range v.file {
		v.fileReason(f.code, f.text)
	}
}

// signature makes the entry of one record.
func (v *verifier) signature(r *record) Signature {
	for _, f := range v.file {
		r.find(f.code, "%s", f.text)
	}
	s := Signature{
		Field: clean(r.field.Name), Kind: r.kind, Revision: r.revision + 1, Integrity: r.integrity(),
		Coverage: r.coverage, ByteRange: []int64{}, ChangesAfter: r.changesAfter, Changes: r.changes,
		SubFilter: clean(r.subName), Level: r.level, Signer: signerOf(r.cert), Revocation: r.revocationOf(),
		Trust: r.trustOf(), Timestamps: []Timestamp{}, Reasons: []Reason{},
	}
	if s.Coverage == "" {
		s.Coverage = InvalidRange
	}
	if s.ChangesAfter == "" {
		s.ChangesAfter = ChangesUnknown
	}
	if s.Changes == nil {
		s.Changes = []Change{}
	}
	if s.Level == "" {
		s.Level = LevelNone
	}
	if r.rangeSane {
		s.ByteRange = r.rng[:]
	}
	r.complete()
	indication, sub := indicate(r.findings)
	s.Indication = indication
	if sub != "" {
		s.SubIndication, s.URI = &sub, uriPrefix+sub
	}
	v.addDetails(r, &s)
	for _, f := range r.findings {
		s.Reasons = append(s.Reasons, Reason{string(f.code), clean(f.text), rules[f.code].severity})
	}
	slices.SortStableFunc(s.Reasons, func(a, b Reason) int { return rank(b.Severity) - rank(a.Severity) })
	return s
}

// complete makes sure that a signature whose integrity is not proven has a
// reason: nothing passes by omission.
func (r *record) complete() {
	if r.integrity() == Intact && r.path.judged {
		return
	}
	if indication, _ := indicate(r.findings); indication == TotalPassed {
		r.find(CodeCMS, "the signature could not be judged")
	}
}

// addDetails adds what is about times, algorithms, certification and the
// dictionary's own words.
func (v *verifier) addDetails(r *record, s *Signature) {
	s.Time = Times{Claimed: timeOf(r.claimed), Proven: timeOf(r.proven), Proof: r.proof}
	if s.Time.Proof == "" {
		s.Time.Proof = ProofNone
	}
	s.JudgedAt = timeOf(r.judgedAt)
	s.CertificateAtSigning = r.certificateAtSigning()
	for _, t := range r.stamps {
		if r.kind != KindTimestamp {
			s.Timestamps = append(s.Timestamps, t.report())
		}
	}
	if r.scheme != 0 {
		a := cms.AlgorithmOf(r.scheme, r.hash, r.cert)
		s.Algorithms = &Algorithms{Digest: digestName(r.hash), Signature: r.scheme.String(), KeyBits: a.KeyBits, Curve: a.Curve}
	}
	if r.docMDP > 0 || r.fieldMDP != nil {
		s.Certification = &Certification{DocMDP: r.docMDP, Listed: r.listed, FieldLock: r.fieldMDP}
	}
	if r.dict != nil && r.view != nil {
		s.Reason, s.Location = v.statedIn(r, "Reason"), v.statedIn(r, "Location")
		s.Contact, s.Name = v.statedIn(r, "ContactInfo"), v.statedIn(r, "Name")
	}
	s.evidence = r.evidence()
}

// statedIn is a text of the dictionary; nil: it has none.
func (v *verifier) statedIn(r *record, key pdf.Name) *string {
	if text := clean(v.textIn(r, key)); text != "" {
		return ptr(text)
	}
	return nil
}

func (r *record) evidence() Evidence {
	e := Evidence{End: r.signedEnd}
	certs := append([]*x509.Certificate{r.cert}, r.x509bag...)
	if r.cms != nil {
		e.Container = r.cms.Raw
		certs = append(certs, r.cms.Certificates...)
	}
	if r.path.path != nil {
		certs = append(certs, r.path.path.Certificates...)
	}
	e.Certificates = unique(certs)
	return e
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return ptr(t.UTC())
}

// certificateAtSigning tells how the certificate stood when the signature was
// made, as far as that is known.
func (r *record) certificateAtSigning() string {
	at := r.proven
	if at.IsZero() {
		at = r.claimed
	}
	s := r.path.status
	switch {
	case r.cert == nil || at.IsZero():
		return "unknown"
	case at.Before(r.cert.NotBefore):
		return "not_yet_valid"
	case at.After(r.cert.NotAfter):
		return "expired"
	case !s.RevokedAt.IsZero() && !s.RevokedAt.After(at):
		return "revoked"
	case r.path.judged && r.path.err == nil && !r.path.ignored:
		return "valid"
	}
	return "unknown"
}

func (t *stamp) report() Timestamp {
	out := Timestamp{Kind: t.kind, Valid: t.valid, Field: clean(t.field)}
	if t.token != nil {
		out.Time = timeOf(t.token.Time)
		if c := t.token.Certificate; c != nil {
			out.TSACN = ptr(clean(nameOf(c)))
		}
	}
	if !t.valid {
		out.Reason = ptr(string(t.code))
	}
	return out
}

// trustOf describes the path.
func (r *record) trustOf() Trust {
	t := Trust{Status: TrustUnknown, Path: []string{}}
	if !r.path.judged {
		return t
	}
	var chain []*x509.Certificate
	switch {
	case r.path.path != nil:
		t.Status = Trusted
		chain = r.path.path.Certificates
		t.Anchor = ptr(clean(nameOf(r.path.path.Anchor.Certificate)))
	default:
		chain = r.path.err.Partial
		if slices.Contains([]certpath.Reason{certpath.NoAnchor, certpath.SelfSignedUntrusted, certpath.AnchorPurpose}, r.path.err.Reason) {
			t.Status = Untrusted
		}
	}
	for _, c := range chain {
		t.Path = append(t.Path, clean(nameOf(c)))
	}
	return t
}

// digestName writes SHA-256 as people do.
func digestName(h crypto.Hash) string {
	return strings.Replace(h.String(), "SHA3-", "SHA3-", 1)
}

func itoa(n int) string { return strconv.Itoa(n) }
