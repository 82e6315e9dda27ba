package verify

import (
	"context"
	"encoding/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// checkLevel finds the PAdES baseline level that is reached, not the one that
// was meant: what is invalid or missing does not count. EN 319 142-1, 6.
func (v *verifier) checkLevel(ctx context.Context, r *record) error {
	r.level = LevelNone
	if r.kind != KindSignature {
		return nil
	}
	v.checkBaseline(r)
	if len(r.baseline) > 0 {
		if r.sub == subCAdES {
			for _, b := range r.baseline {
				r.find(CodeNotBaseline, "no PAdES baseline signature: %s", b)
			}
		}
		return nil
	}
	if r.integrity() != Intact || !r.wholeRevision() {
		return nil
	}
	r.level = LevelBB
	if r.proven.IsZero() || r.proven.After(r.cert.NotAfter) {
		return nil
	}
	r.level = LevelBT
	lt, err := v.longTerm(ctx, r, nil)
	if err != nil || !lt {
		return err
	}
	r.level = LevelBLT
	for _, d := range v.recs {
		if !d.provesTime() || !d.covers(r) {
			continue
		}
		m, err := v.materialIn(d)
		if err != nil {
			return err
		}
		lta, err := v.longTerm(ctx, r, &archive{d, m})
		if err != nil {
			return err
		}
		if lta {
			r.level = LevelBLTA
			return nil
		}
	}
	return nil
}

// archive is a document timestamp and what it protects.
type archive struct {
	stamp *record
	m     *material
}

// materialIn is the material of the file that a document timestamp covers.
func (v *verifier) materialIn(d *record) (*material, error) {
	m := &material{}
	for _, r := range v.recs {
		if d.covers(r) {
			m.addContainer(r.cms, 0)
		}
	}
	if d.signedView != nil {
		return m, m.addStore(d.signedView)
	}
	return m, nil
}

// longTerm tells whether the file itself proves the signer's certificate and
// those of the timestamps, and has a DSS. With an archive only what that covers
// counts, but for the archive timestamp itself. EN 319 142-1, 6.3, P20 to P24.
func (v *verifier) longTerm(ctx context.Context, r *record, a *archive) (bool, error) {
	m := v.mat
	store := v.f
	if a != nil {
		m, store = a.m, a.stamp.signedView
	} else if len(v.o.Intermediates) > 0 {
		m = &material{}
		for _, s := range v.recs {
			m.addContainer(s.cms, 0)
		}
		if err := m.addStore(v.f); err != nil {
			return false, err
		}
	}
	if !hasStore(store) {
		return false, nil
	}
	at := r.proven
	ok, err := v.carried(ctx, pathRequest{cert: r.cert, purpose: certpath.Signing, at: at, proven: true, only: m})
	if err != nil || !ok {
		return false, err
	}
	return v.longTermStamps(ctx, r, a, m)
}

// longTermStamps tells whether the file proves the authorities of the
// timestamps. An archive timestamp does not count as what proves the time too:
// its own proof comes with the next.
func (v *verifier) longTermStamps(ctx context.Context, r *record, a *archive, m *material) (bool, error) {
	proofs := 0
	for _, s := range r.stamps {
		switch {
		case s.kind == TimestampSignature && s.code == CodeRevocationUnknown:
			return false, nil
		case !s.valid || a != nil && s == a.stamp.stamps[0] || s.kind == TimestampDocument && !s.needed(r):
			continue
		}
		// What is in the file does not change with the clock: without an archive
		// the data must reach to the timestamp's own time. Whether the authority
		// is still good was judged with the timestamp.
		when := s.token.Time
		if a != nil {
			when = a.stamp.token.Time
		}
		ok, err := v.carried(ctx, pathRequest{cert: s.token.Certificate, purpose: certpath.Timestamping, at: when, proven: true, only: m})
		if err != nil || !ok {
			return false, err
		}
		if s.kind != TimestampContent {
			proofs++
		}
	}
	return proofs > 0, nil
}

// needed tells whether a document timestamp is what proves the signature's
// time. Others are archive timestamps, whose own proof comes with the next.
func (s *stamp) needed(r *record) bool {
	return r.proof == ProofDocumentTimestamp && s.token.Time.Equal(r.proven)
}

// carried tells whether a path with all statuses known stands on material of
// the file alone.
func (v *verifier) carried(ctx context.Context, q pathRequest) (bool, error) {
	facts, err := v.buildPath(ctx, q)
	if err != nil || facts.err != nil || facts.ignored || facts.path == nil {
		return false, err
	}
	inside := make(map[string]bool)
	for _, c := range q.only.certs {
		inside[certKey(c)] = true
	}
	for i, c := range facts.path.Certificates {
		last := i == len(facts.path.Certificates)-1
		if !last && !inside[certKey(c)] {
			return false, nil
		}
	}
	return true, nil
}

func hasStore(f *pdf.File) bool {
	if f == nil {
		return false
	}
	catalog, _, err := f.Catalog()
	if err != nil {
		return false
	}
	d, err := f.Dict(catalog.Get("DSS"))
	return err == nil && d != nil
}

// forbiddenSigned and forbiddenUnsigned are attributes that a PAdES baseline
// signature does not have. EN 319 142-1, 6.3; rows P15 and P21.
var (
	forbiddenSigned = []asn1.ObjectIdentifier{
		oids.ContentHints, oids.ContentReference, oids.ContentIdentifier, oids.MimeType,
	}
	forbiddenUnsigned = []asn1.ObjectIdentifier{
		oids.Countersignature, oids.CompleteCertificateRefs, oids.CompleteRevocationRefs, oids.CertificateValues,
		oids.RevocationValues, oids.CAdESCTimestamp, oids.CertCRLTimestamp, oids.ArchiveTimestampV2, oids.ArchiveTimestampV3,
	}
)

// checkBaseline holds the rows of EN 319 142-1, 6.3 that other checks did not.
func (v *verifier) checkBaseline(r *record) {
	if r.si == nil {
		r.deviates("P13: no container with one signer")
		return
	}
	for _, oid := range forbiddenSigned {
		if len(r.si.Attr(oid)) > 0 {
			r.deviates("P15: signed attribute " + oid.String())
		}
	}
	for _, oid := range forbiddenUnsigned {
		if len(r.si.UnsignedAttr(oid)) > 0 {
			r.deviates("P21: unsigned attribute " + oid.String())
		}
	}
	for _, oid := range []asn1.ObjectIdentifier{oids.SignerAttributes, oids.SignerAttributesV2, oids.SignaturePolicy, oids.CommitmentType} {
		if len(r.si.Attr(oid)) > 1 {
			r.deviates("P14: more than one attribute " + oid.String())
		}
	}
	if r.dict.Has("Reason") && (len(r.si.Attr(oids.CommitmentType)) > 0 || len(r.si.Attr(oids.SignaturePolicy)) > 0) {
		r.deviates("P12: /Reason beside commitment type or signature policy")
	}
}
