package verify

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// maxAhead is how far a timestamp may be ahead of the clock.
const maxAhead = 5 * time.Minute

// checkTimestamps judges the timestamps of a record, and fixes the time that
// is proven for it. ETSI EN 319 102-1, 5.4 and 5.5.
func (v *verifier) checkTimestamps(ctx context.Context, r *record) error {
	if r.kind == KindTimestamp {
		return v.checkDocumentTimestamp(ctx, r)
	}
	if r.si == nil {
		return nil
	}
	if err := v.ownTimestamps(ctx, r); err != nil {
		return err
	}
	r.proof = ProofNone
	for _, s := range r.stamps {
		switch {
		case !s.valid:
		case s.kind == TimestampContent:
			if s.token.Time.After(r.lowerBound) {
				r.lowerBound = s.token.Time
			}
		case r.proven.IsZero() || s.token.Time.Before(r.proven):
			r.proven, r.proof = s.token.Time, ProofSignatureTimestamp
		}
	}
	v.documentProofs(r)
	r.checkOrder()
	if r.proven.IsZero() {
		r.find(CodeTimeNotProven, "no timestamp proves when the signature was made")
	}
	return nil
}

// ownTimestamps judges the tokens within the signature.
func (v *verifier) ownTimestamps(ctx context.Context, r *record) error {
	for _, a := range []struct {
		kind  string
		attrs []cms.Attribute
	}{
		{TimestampContent, r.si.Attr(oids.ContentTimestamp)},
		{TimestampSignature, r.si.UnsignedAttr(oids.SignatureTimestamp)},
	} {
		n := 0
		for _, attr := range a.attrs {
			for _, der := range attr.Values {
				if n++; n > maxTimestamps {
					r.find(CodeLimitTimestamps, "the signature has more than %d timestamps of one kind", maxTimestamps)
					break
				}
				s := &stamp{kind: a.kind}
				r.stamps = append(r.stamps, s)
				if err := v.judgeStamp(ctx, r, s, der); err != nil {
					return err
				}
				if !s.valid {
					r.find(CodeTimestampInvalid, "the %s proves nothing: %s", words(s.kind), s.why)
				}
			}
		}
	}
	return nil
}

func words(kind string) string {
	switch kind {
	case TimestampContent:
		return "content timestamp"
	case TimestampDocument:
		return "document timestamp"
	default:
		return "signature timestamp"
	}
}

// judgeStamp judges one token over the signature value or the content.
func (v *verifier) judgeStamp(ctx context.Context, r *record, s *stamp, der []byte) error {
	t, err := tsp.Parse(der)
	if err != nil {
		s.fail(CodeTimestampToken, err.Error())
		return nil
	}
	s.token = t
	t.FindCertificate(v.mat.certs)
	switch s.kind {
	case TimestampContent: // ETSI EN 319 122-1, 5.2.8
		err = t.CheckImprintDigest(r.digests[t.ImprintHash], t.ImprintHash)
	default: // ETSI EN 319 122-1, 5.3
		err = t.CheckImprint(r.si.Signature)
	}
	if err != nil {
		s.fail(CodeTimestampToken, err.Error())
		return nil
	}
	return v.judgeToken(ctx, r, s)
}

func (s *stamp) fail(code Code, why string) { s.valid, s.code, s.why = false, code, why }

// judgeToken judges a token whose imprint fits: its signature, its algorithms,
// and the path of the authority at the control time.
func (v *verifier) judgeToken(ctx context.Context, r *record, s *stamp) error {
	if err := s.token.Check(); err != nil {
		s.fail(CodeTimestampToken, err.Error())
		return nil
	}
	at, proven := v.controlTime(r)
	if s.token.Time.After(v.now.Add(maxAhead)) {
		s.fail(CodeTimestampFuture, "its time "+stampText(s.token.Time)+" lies in the future")
		return nil
	}
	if at.Before(s.token.Time) {
		at = s.token.Time // the clock is a little behind
	}
	if code, why := v.weakToken(s.token, at); code != "" {
		s.fail(code, why)
		return nil
	}
	facts, err := v.buildPath(ctx, pathRequest{cert: s.token.Certificate, purpose: certpath.Timestamping,
		at: at, proven: proven, online: true})
	if err != nil {
		return err
	}
	s.path = facts
	var found record
	v.explainPath(&found, &facts, pathContext{cert: s.token.Certificate, at: at, proven: proven, who: "the time-stamping authority"})
	for _, f := range found.findings {
		if sev := rules[f.code].severity; sev == Failure || sev == Doubt {
			s.fail(f.code, f.text)
			return nil
		}
	}
	s.valid = true
	return nil
}

// weakToken judges the algorithms of a token at a time.
func (v *verifier) weakToken(t *tsp.Token, at time.Time) (Code, string) {
	if ok, _ := cms.AlgorithmAllowed(0, t.ImprintHash, 0, "", at); !ok {
		return CodeWeak, "its imprint is by a digest algorithm that is not reliable"
	}
	scheme, hash, err := t.CMS.SignerInfos[0].Scheme()
	if err != nil {
		return CodeAlgUnsupported, err.Error()
	}
	if ok, _ := cms.AlgorithmOf(scheme, hash, t.Certificate).Allowed(at); !ok {
		return CodeWeak, "it is signed with an algorithm that is not reliable"
	}
	return "", ""
}

// checkDocumentTimestamp judges the token of a document timestamp: a signature
// that proves its own time, and that of all before it.
func (v *verifier) checkDocumentTimestamp(ctx context.Context, r *record) error {
	r.proof = ProofNone
	if r.token == nil {
		return nil
	}
	s := &stamp{kind: TimestampDocument, token: r.token, field: r.field.Name}
	r.stamps = []*stamp{s}
	r.claimed = r.token.Time
	if r.cert == nil {
		s.fail(CodeNoCertificate, "its certificate is not in the file")
		return nil
	}
	err := r.token.Check()
	var bad *tsp.CheckError
	switch {
	case err == nil:
		r.signatureOK = yes
	case errors.As(err, &bad) && bad.Reason == tsp.ReasonSignature:
		r.signatureOK = no
		r.find(CodeSignatureMismatch, "%v", err)
	default:
		r.signatureOK = yes
		r.find(CodeTimestampToken, "the token may not be used: %v", err)
	}
	if s.token.Time.After(v.now.Add(maxAhead)) {
		r.find(CodeTimestampFuture, "the time %s lies in the future", stampText(s.token.Time))
	}
	if err := v.judgeToken(ctx, r, s); err != nil {
		return err
	}
	if s.valid && (r.digestOK != yes || !r.wholeRevision()) {
		s.fail(CodeDigestMismatch, "it does not cover a whole revision unchanged")
	}
	if s.valid {
		r.proven, r.proof = s.token.Time, ProofDocumentTimestamp
	}
	return nil
}

// wholeRevision tells whether the range is a revision but for its signature.
func (r *record) wholeRevision() bool {
	return r.coverage == EntireRevision || r.coverage == EntireFile
}

// documentProofs adds the document timestamps behind a signature.
func (v *verifier) documentProofs(r *record) {
	for _, d := range v.recs {
		if d.kind != KindTimestamp || len(d.stamps) != 1 || !d.covers(r) {
			continue
		}
		s := d.stamps[0]
		r.stamps = append(r.stamps, s)
		if s.valid && (r.proven.IsZero() || s.token.Time.Before(r.proven)) {
			r.proven, r.proof = s.token.Time, ProofDocumentTimestamp
		}
	}
}

// checkOrder holds the valid timestamps against each other: content before
// signature before document. ETSI EN 319 102-1, 5.5.4, step 3.
func (r *record) checkOrder() {
	order := map[string]int{TimestampContent: 1, TimestampSignature: 2, TimestampDocument: 3}
	for _, a := range r.stamps {
		for _, b := range r.stamps {
			if a.valid && b.valid && order[a.kind] < order[b.kind] && a.token.Time.After(b.token.Time) {
				r.find(CodeTimestampOrder, "the %s (%s) is later than the %s (%s)", words(a.kind),
					stampText(a.token.Time), words(b.kind), stampText(b.token.Time))
			}
		}
	}
}

func stampText(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// hashOfSignature returns the scheme and hash by which a certificate was
// signed; ok is false for what is not known.
func hashOfSignature(c *x509.Certificate) (cms.Scheme, crypto.Hash, bool) {
	row, ok := certAlgorithms[c.SignatureAlgorithm]
	return row.scheme, row.hash, ok
}

type certAlgorithm struct {
	scheme cms.Scheme
	hash   crypto.Hash
}

// certAlgorithms are those that crypto/x509 names.
var certAlgorithms = map[x509.SignatureAlgorithm]certAlgorithm{
	x509.MD5WithRSA:       {cms.PKCS1v15, crypto.MD5},
	x509.SHA1WithRSA:      {cms.PKCS1v15, crypto.SHA1},
	x509.SHA256WithRSA:    {cms.PKCS1v15, crypto.SHA256},
	x509.SHA384WithRSA:    {cms.PKCS1v15, crypto.SHA384},
	x509.SHA512WithRSA:    {cms.PKCS1v15, crypto.SHA512},
	x509.SHA256WithRSAPSS: {cms.PSS, crypto.SHA256},
	x509.SHA384WithRSAPSS: {cms.PSS, crypto.SHA384},
	x509.SHA512WithRSAPSS: {cms.PSS, crypto.SHA512},
	x509.ECDSAWithSHA1:    {cms.ECDSA, crypto.SHA1},
	x509.ECDSAWithSHA256:  {cms.ECDSA, crypto.SHA256},
	x509.ECDSAWithSHA384:  {cms.ECDSA, crypto.SHA384},
	x509.ECDSAWithSHA512:  {cms.ECDSA, crypto.SHA512},
	x509.PureEd25519:      {cms.Ed25519, crypto.SHA512},
}
