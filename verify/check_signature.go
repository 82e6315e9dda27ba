package verify

import (
	"crypto"
	"crypto/rsa"
	"errors"

	"github.com/kyso-vn/kyso/internal/cms"
)

// checkSignature verifies the signature value with the signer's key. Of a
// document timestamp that is the token's, see tsp.Token.Check.
func (v *verifier) checkSignature(r *record) {
	switch {
	case r.cert == nil:
		return
	case r.sub == subX509:
		r.verifyX509()
		return
	case r.token != nil:
		r.scheme, r.hash, _ = r.si.Scheme()
		return
	}
	var err error
	r.scheme, r.hash, err = r.si.Scheme()
	if err == nil {
		digest := r.digests[r.si.DigestHash()]
		if r.sub == subPKCS7SHA1 {
			digest = r.contentDigest()
		}
		if r.si.RawSignedAttrs == nil && (digest == nil || r.sub.pades()) {
			return
		}
		err = r.si.VerifySignature(r.cert, digest)
	}
	switch {
	case err == nil:
		r.signatureOK = yes
	case errors.Is(err, cms.ErrUnsupported):
		r.find(CodeAlgUnsupported, "%v", err)
	case errors.Is(err, cms.ErrAlgorithm):
		r.signatureOK = no
		r.find(CodeAlgContradiction, "%v", err)
	default:
		r.signatureOK = no
		r.find(CodeSignatureMismatch, "the signature value was not made with the signer's key over these data: %v", err)
	}
}

// contentDigest is what a bare signature over the content covers.
func (r *record) contentDigest() []byte {
	h := r.si.DigestHash()
	if h == 0 || !h.Available() {
		return nil
	}
	d := h.New()
	d.Write(r.cms.EContent)
	return d.Sum(nil)
}

// verifyX509 is adbe.x509.rsa_sha1. ISO 32000-2, 12.8.3.2.
func (r *record) verifyX509() {
	digest := r.digests[crypto.SHA1]
	if r.x509sig == nil || digest == nil {
		return
	}
	r.scheme, r.hash = cms.PKCS1v15, crypto.SHA1
	key, ok := r.cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		r.find(CodeAlgUnsupported, "adbe.x509.rsa_sha1 with a key that is not RSA")
		return
	}
	good := rsa.VerifyPKCS1v15(key, crypto.SHA1, digest, r.x509sig) == nil
	r.signatureOK = triOf(good)
	r.digestOK = r.signatureOK
	if !good {
		r.find(CodeSignatureMismatch, "the signed bytes were changed, or the signature is by another key")
	}
}
