package verify

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// checkCMS parses the container by /SubFilter, and says which digests of the
// range are wanted.
func (v *verifier) checkCMS(_ context.Context, r *record) error {
	if r.contents == nil {
		return nil
	}
	switch r.sub {
	case subX509:
		v.parseX509(r)
	case subTimestamp:
		parseToken(r)
	case subCAdES, subPKCS7, subPKCS7SHA1, subOther:
		parseCMS(r)
	}
	return nil
}

func parseCMS(r *record) {
	sd, err := cms.Parse(r.contents)
	if err != nil {
		r.find(CodeCMS, "the signature container can't be read: %v", err)
		return
	}
	r.cms = sd
	r.checkPadding(len(sd.Raw))
	if sd.NotDER {
		r.oddity(CodeContentsNotDER, "the container is not DER")
	}
	if n := len(sd.SignerInfos); n != 1 {
		// ISO 32000-2, 12.8.3.3.1: a single signer.
		r.find(CodeSigners, "the container has %d signers instead of one", n)
		return
	}
	r.si = sd.SignerInfos[0]
	if r.sub == subPKCS7SHA1 {
		if !sd.HasEContent || len(sd.EContent) != crypto.SHA1.Size() {
			r.find(CodeSubFilterMismatch, "/SubFilter adbe.pkcs7.sha1 asks for a SHA-1 digest as content")
			return
		}
		r.want(crypto.SHA1)
		return
	}
	if sd.HasEContent {
		r.find(CodeEContent, "the container of a detached signature has content of its own")
	}
	if !sd.EContentType.Equal(oids.Data) { // RFC 5652, 11.1: the same as the attribute, which is id-data
		r.find(CodeContentType, "the container says that its content is %v, not data", sd.EContentType)
	}
	r.want(r.si.DigestHash())
	for _, a := range r.si.Attr(oids.ContentTimestamp) {
		for _, der := range a.Values {
			if t, err := tsp.Parse(der); err == nil {
				r.want(t.ImprintHash)
			}
		}
	}
}

func parseToken(r *record) {
	t, err := tsp.Parse(r.contents)
	if err != nil {
		r.find(CodeSubFilterMismatch, "/SubFilter ETSI.RFC3161 asks for a time-stamp token: %v", err)
		return
	}
	r.token, r.cms = t, t.CMS
	r.checkPadding(len(t.CMS.Raw))
	if len(t.CMS.SignerInfos) != 1 { // RFC 3161, 2.4.2
		r.find(CodeSigners, "the token has %d signers instead of one", len(t.CMS.SignerInfos))
		return
	}
	r.si = t.CMS.SignerInfos[0]
	r.want(t.ImprintHash)
}

// want asks for a digest of the range.
func (r *record) want(h crypto.Hash) {
	if h == 0 || !h.Available() || !r.rangeSane {
		return
	}
	for _, j := range r.jobs {
		if j.Hash == h {
			return
		}
	}
	r.jobs = append(r.jobs, byterange.Job{Range: byterange.Range(r.rng), Hash: h})
}

// parseX509 reads what adbe.x509.rsa_sha1 has: a PKCS#1 signature as OCTET
// STRING, certificates in /Cert. ISO 32000-2, 12.8.3.2.
func (v *verifier) parseX509(r *record) {
	in := cryptobyte.String(r.contents)
	var sig cryptobyte.String
	if !in.ReadASN1(&sig, cbasn1.OCTET_STRING) {
		r.find(CodeSubFilterMismatch, "/SubFilter adbe.x509.rsa_sha1 asks for a PKCS#1 signature")
		return
	}
	r.checkPadding(len(r.contents) - len(in))
	r.x509sig = sig
	certs, err := v.certEntry(r)
	if err != nil {
		r.find(CodeNoCertificate, "/Cert can't be read: %v", err)
		return
	}
	r.x509bag = certs
	r.want(crypto.SHA1)
}

func (v *verifier) certEntry(r *record) ([]*x509.Certificate, error) {
	o, err := r.view.Resolve(r.dict.Get("Cert"))
	if err != nil {
		return nil, err
	}
	list, ok := o.(pdf.Array)
	if !ok {
		list = pdf.Array{o}
	}
	var certs []*x509.Certificate
	for _, o := range list[:min(len(list), maxCertificates)] {
		o, err := r.view.Resolve(o)
		if err != nil {
			return nil, err
		}
		s, ok := o.(pdf.String)
		if !ok {
			return nil, errors.New("it is no string")
		}
		c, err := certpath.ParseCertificate([]byte(s.Value))
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	return certs, nil
}
