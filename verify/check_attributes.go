package verify

import (
	"bytes"
	"crypto"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
)

// checkAttributes compares the digest of the range with the signed one, and
// looks at the signed attributes. RFC 5652, 5.3 and 5.6.
func (v *verifier) checkAttributes(r *record) {
	switch {
	case r.token != nil:
		r.checkImprint()
	case r.si == nil:
		return
	case r.sub == subPKCS7SHA1:
		r.checkSHA1Content()
	case r.si.RawSignedAttrs == nil:
		r.checkNoAttributes()
	default:
		r.checkSigned(oids.Data, r.digests[r.si.DigestHash()])
		r.checkPAdESAttributes()
	}
	if r.si != nil && r.si.AttrsUnsorted {
		r.find(CodeAttrsUnsorted, "the signed attributes are not in the order of DER")
		r.deviates("P18: the signed attributes are not in the order of DER")
	}
}

// checkImprint compares a document timestamp with the range. RFC 3161, 2.4.2;
// the token itself is judged in checkTimestamps.
func (r *record) checkImprint() {
	digest := r.digests[r.token.ImprintHash]
	if digest == nil {
		if r.rangeSane && (r.token.ImprintHash == 0 || !r.token.ImprintHash.Available()) {
			r.find(CodeAlgUnsupported, "the digest algorithm %v of the timestamp is not known", r.token.ImprintOID)
		}
		return
	}
	r.digestOK = triOf(bytes.Equal(digest, r.token.Imprint))
	if r.digestOK == no {
		r.find(CodeDigestMismatch, "the bytes that the timestamp covers were changed")
	}
}

// checkSHA1Content is adbe.pkcs7.sha1: the content is the digest of the range.
// ISO 32000-2, 12.8.3.3.1.
func (r *record) checkSHA1Content() {
	digest := r.digests[crypto.SHA1]
	if digest == nil {
		return
	}
	r.digestOK = triOf(bytes.Equal(digest, r.cms.EContent))
	if r.digestOK == no {
		r.find(CodeDigestMismatch, "the signed bytes were changed")
		return
	}
	if r.si.RawSignedAttrs == nil {
		return // the signature value is over the content itself
	}
	h := r.si.DigestHash()
	if h == 0 || !h.Available() {
		r.find(CodeAlgUnsupported, "the digest algorithm %v is not known", r.si.Digest.OID)
		return
	}
	d := h.New()
	d.Write(r.cms.EContent)
	r.checkSigned(r.cms.EContentType, d.Sum(nil))
}

// checkNoAttributes is a bare signature over the digest of the range: never for
// ETSI subfilters (ETSI EN 319 122-1, 5.1), tolerated for adbe.pkcs7.detached.
func (r *record) checkNoAttributes() {
	if r.sub.pades() {
		r.find(CodeNoSignedAttrs, "the signature has no signed attributes, which %s requires", r.subName)
		return
	}
	r.find(CodeNoSignedAttrsOld, "the signature has no signed attributes")
	r.deviates("P03: no signed attributes")
	if r.digests[r.si.DigestHash()] != nil {
		r.digestOK = yes // the signature value decides
	}
}

// checkSigned runs the checks of RFC 5652 on the signed attributes.
func (r *record) checkSigned(contentType []int, digest []byte) {
	h := r.si.DigestHash()
	if h == 0 || !h.Available() {
		r.find(CodeAlgUnsupported, "the digest algorithm %v is not known", r.si.Digest.OID)
		return
	}
	if digest == nil {
		return // a limit, or no range: said already
	}
	if want, err := r.si.MessageDigest(); err == nil {
		if bytes.Equal(want, digest) {
			r.digestOK = yes
		} else {
			r.digestOK = no
			r.find(CodeDigestMismatch, "the signed bytes were changed")
		}
	}
	err := r.si.CheckAttributes(contentType, digest)
	var bad *cms.AttributeError
	switch {
	case err == nil:
	case !errors.As(err, &bad):
		r.find(CodeCMS, "the signed attributes can't be judged: %v", err)
	case bad.OID.Equal(oids.MessageDigest):
		if bad.Problem != cms.Mismatch {
			r.find(CodeDigestAttr, "%v", err)
		}
	case bad.OID.Equal(oids.ContentType):
		r.find(CodeContentType, "%v", err)
	case bad.OID.Equal(oids.AlgorithmProtection):
		r.find(CodeAlgProtection, "%v", err)
	default:
		r.find(CodeCMS, "%v", err)
	}
}

// checkPAdESAttributes reads the signing time and the signature policy.
func (r *record) checkPAdESAttributes() {
	if t, ok, err := r.si.SigningTime(); ok && err == nil {
		r.deviates("P06: the attribute signing-time is present")
		if r.claimed.IsZero() {
			r.claimed = t
		}
	}
	r.checkPolicy()
}

// checkPolicy looks at signature-policy-identifier. ETSI EN 319 122-1, 5.2.9:
// an explicit policy binds the signature to rules that are not at hand here.
func (r *record) checkPolicy() {
	attrs := r.si.Attr(oids.SignaturePolicy)
	if len(attrs) == 0 {
		return
	}
	if len(attrs) > 1 || len(attrs[0].Values) != 1 {
		r.find(CodePolicyMalformed, "the signature names more than one signature policy")
		return
	}
	in := cryptobyte.String(attrs[0].Values[0])
	var seq cryptobyte.String
	var id []int
	switch {
	case in.PeekASN1Tag(cbasn1.NULL): // implied policy
		return
	case !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !readOID(&seq, &id):
		r.find(CodePolicyMalformed, "the signature policy of the signature can't be read")
	default:
		r.find(CodePolicyUnavailable, "the signature is bound to the signature policy %s, which is not at hand", oidString(id))
	}
}
