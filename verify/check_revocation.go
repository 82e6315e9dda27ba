package verify

import (
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/revocation"
)

// explainStatuses looks at the statuses of a path that is valid: those that
// were ignored, and those that nobody publishes.
func (v *verifier) explainStatuses(r *record, facts *pathFacts, c pathContext) {
	if facts.ignored {
		r.find(CodeRevocationIgnored, "%s: the revocation status is not known, and was ignored as asked", c.who)
		return
	}
	if !v.o.RequireRevocation {
		return
	}
	for i, s := range facts.path.Statuses {
		if s.State == certpath.NotPublished {
			r.find(CodeNotPublished, "%s: the certificate of %s names no source for its revocation status",
				c.who, nameOf(facts.path.Certificates[i]))
		}
	}
}

// explainUnknown is about a status that had to be known. ETSI EN 319 102-1,
// 5.2.5 and 5.2.6.
func explainUnknown(r *record, e *certpath.PathError, c pathContext) {
	if revocation.Has(e.Status.Err, revocation.SignerInvalid) {
		r.find(CodeRevocationSigner, "%s: %s", c.who, pathText(e))
		return
	}
	r.find(CodeRevocationUnknown, "%s: %s", c.who, pathText(e))
}

// explainRevoked is about a certificate that was revoked at or before the time
// of judgement. Only a proof of existence from before helps; a signature that
// is proven, or says itself, to be from after it fails.
func explainRevoked(r *record, e *certpath.PathError, c pathContext) {
	when := e.Status.RevokedAt
	if e.Cert == nil || !e.Cert.Equal(c.cert) {
		r.find(CodeRevokedCA, "%s: the certificate of %s was revoked on %s", c.who, nameOf(e.Cert), stampText(when))
		return
	}
	text := "the certificate of %s was revoked on %s (%s)%s"
	reason := crlReason(e.Status.Reason)
	switch {
	case c.proven && !c.late:
		r.find(CodeRevoked, text, c.who, stampText(when), reason, "; the signature is not proven to be older")
	case !c.lowerBound.IsZero() && !c.lowerBound.Before(when):
		r.find(CodeRevoked, text, c.who, stampText(when), reason, "; a timestamp proves that the signature was made after that")
	case !c.claimed.IsZero() && !c.claimed.Before(when):
		r.find(CodeRevoked, text, c.who, stampText(when), reason, "; the signature says it was made after that")
	default:
		r.find(CodeRevokedNoPOE, text, c.who, stampText(when), reason, "; nothing proves that the signature is older")
	}
}

// crlReasons are the names of RFC 5280, 5.3.1.
var crlReasons = map[int]string{
	0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
	5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}

func crlReason(n int) string {
	if s, ok := crlReasons[n]; ok {
		return s
	}
	return "unspecified"
}

// revocationOf makes the report's block of the signer's certificate.
func (r *record) revocationOf() Revocation {
	out := Revocation{Status: RevocationUnknown, Source: "none"}
	if !r.path.judged {
		return out
	}
	s := r.path.status
	switch s.State {
	case certpath.Good:
		out.Status = RevocationGood
	case certpath.Revoked:
		out.Status = RevocationRevoked
		out.Reason = ptr(crlReason(s.Reason))
	case certpath.NotPublished:
		out.Status = RevocationNotPublished
	case certpath.Unknown:
		if r.path.ignored {
			out.Status = RevocationIgnored
		}
	default: // nobody was asked: the path itself is an anchor, or there is none
		if r.path.err == nil && r.path.path != nil {
			out.Status = RevocationNotPublished
		}
	}
	if s.Source != "" {
		out.Source = s.Source
	}
	if s.Origin != "" && out.Source != "none" {
		out.Origin = ptr(s.Origin)
	}
	if !s.ThisUpdate.IsZero() {
		out.ThisUpdate = ptr(s.ThisUpdate.UTC())
	}
	if !s.RevokedAt.IsZero() {
		out.RevokedAt = ptr(s.RevokedAt.UTC())
		if out.Reason == nil {
			out.Reason = ptr(crlReason(s.Reason))
		}
	}
	return out
}

func ptr[T any](v T) *T { return &v }
