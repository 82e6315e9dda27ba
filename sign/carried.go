package sign

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// maxCertEntry bounds /Cert of a signature dictionary, in certificates.
const maxCertEntry = 1000

// carried is what a signature of a person has with it beside its value.
type carried struct {
	cert   *x509.Certificate   // the signer's; nil: not there
	bag    []*x509.Certificate // all that come with it
	tokens [][]byte            // timestamps of the value
}

// carries reads it from the container. A signature of adbe.x509.rsa_sha1 is no
// container: it has a bare value, its certificates in /Cert and no timestamp.
// ISO 32000-2, 12.8.3.2. The signer's certificate may be among more.
func (s *signature) carries(more ...*x509.Certificate) (*carried, error) {
	if s.dict.Get("SubFilter") == subX509 {
		if s.certErr != nil {
			return nil, s.certErr
		}
		return &carried{cert: s.certs[0], bag: s.certs}, nil // the signer's is the first
	}
	sd, err := cms.Parse(s.contents)
	if err != nil {
		return nil, err
	}
	c := &carried{bag: sd.Certificates}
	if len(sd.SignerInfos) == 0 {
		return c, nil
	}
	si := sd.SignerInfos[0]
	c.cert = si.FindCertificate(slices.Concat(sd.Certificates, more))
	for _, a := range si.UnsignedAttr(oids.SignatureTimestamp) {
		c.tokens = append(c.tokens, a.Values...)
	}
	return c, nil
}

// certEntry reads /Cert, a string or an array of strings.
func certEntry(f *pdf.File, dict *pdf.Dict) ([]*x509.Certificate, error) {
	o, err := f.Resolve(dict.Get("Cert"))
	if err != nil {
		return nil, err
	}
	list, ok := o.(pdf.Array)
	if !ok {
		list = pdf.Array{o}
	}
	if len(list) == 0 || len(list) > maxCertEntry {
		return nil, fmt.Errorf("/Cert has %d certificates", len(list))
	}
	var certs []*x509.Certificate
	for _, o := range list {
		o, err := f.Resolve(o)
		if err != nil {
			return nil, err
		}
		text, ok := o.(pdf.String)
		if !ok {
			return nil, errors.New("/Cert is no string")
		}
		c, err := certpath.ParseCertificate([]byte(text.Value))
		if err != nil {
			return nil, fmt.Errorf("/Cert: %w", err)
		}
		certs = append(certs, c)
	}
	return certs, nil
}
