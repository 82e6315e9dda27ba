package verify

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
)

// checkSigningCertificate finds the signer's certificate by the signer
// identifier, never by its place, and holds the signing-certificate attribute
// against it. ETSI EN 319 102-1, 5.2.3; EN 319 122-1, 5.2.2.
func (v *verifier) checkSigningCertificate(r *record) {
	switch {
	case r.sub == subX509:
		r.certFromEntry()
		return
	case r.token != nil:
		r.token.FindCertificate(v.mat.certs)
		r.cert = r.token.Certificate
		if r.cert == nil {
			r.find(CodeNoCertificate, "the certificate of the time-stamping authority is not in the file")
		}
		return
	case r.si == nil:
		return
	}
	if r.cert = r.cms.SigningCertificate(r.si); r.cert == nil {
		r.deviates("P01: the signer's certificate is not in the container")
		r.cert = r.si.FindCertificate(v.mat.certs)
	}
	if r.cert == nil {
		r.find(CodeNoCertificate, "the signer's certificate is not in the file")
		return
	}
	if r.si.RawSignedAttrs != nil {
		r.checkESS()
	}
}

// certFromEntry takes the certificate of adbe.x509.rsa_sha1, the first of
// /Cert. ISO 32000-2, 12.8.1, Table 255.
func (r *record) certFromEntry() {
	if r.x509sig == nil {
		return
	}
	if len(r.x509bag) == 0 {
		r.find(CodeNoCertificate, "the signer's certificate is not in /Cert")
		return
	}
	r.cert = r.x509bag[0]
}

// checkESS compares the certificate with the signed identifier of it.
func (r *record) checkESS() {
	err := r.si.CheckESS(r.cert)
	var bad *cms.AttributeError
	switch {
	case err == nil:
	case !errors.As(err, &bad):
		r.find(CodeESSMalformed, "%v", err)
	case bad.Problem == cms.Missing && r.sub.pades():
		r.find(CodeESSMissing, "the signature does not name its certificate in a signed attribute")
	case bad.Problem == cms.Missing:
		r.find(CodeESSMissingOld, "the signature does not name its certificate in a signed attribute")
		r.deviates("P05: no signing-certificate attribute")
	case bad.Problem == cms.Mismatch:
		r.find(CodeESSMismatch, "the signature was made with another certificate: %v", err)
	default:
		r.find(CodeESSMalformed, "%v", err)
	}
	v1, v2 := len(r.si.Attr(oids.SigningCertificate)), len(r.si.Attr(oids.SigningCertificateV2))
	if v1 > 0 && v2 > 0 {
		r.deviates("P05: both signing-certificate attributes are present")
	}
	for _, a := range r.si.Attr(oids.SigningCertificateV2) {
		if len(a.Values) == 1 && essHash(a.Values[0]).Equal(oids.SHA1) {
			r.deviates("P05: signing-certificate-v2 with SHA-1")
		}
	}
}

// essHash is the algorithm of the first ESSCertIDv2 of an attribute; nil: the
// default, or none that can be read. RFC 5035, 4.
func essHash(der []byte) (oid asn1.ObjectIdentifier) {
	in := cryptobyte.String(der)
	var attr, list, id, alg cryptobyte.String
	if in.ReadASN1(&attr, cbasn1.SEQUENCE) && attr.ReadASN1(&list, cbasn1.SEQUENCE) &&
		list.ReadASN1(&id, cbasn1.SEQUENCE) && id.ReadASN1(&alg, cbasn1.SEQUENCE) && alg.ReadASN1ObjectIdentifier(&oid) {
		return oid
	}
	return nil
}

// readOID reads an object identifier of any length.
func readOID(in *cryptobyte.String, out *[]int) bool {
	return in.ReadASN1ObjectIdentifier((*asn1.ObjectIdentifier)(out))
}

func oidString(id []int) string { return asn1.ObjectIdentifier(id).String() }

// certKey names a certificate in maps.
func certKey(c *x509.Certificate) string { return string(c.Raw) }
