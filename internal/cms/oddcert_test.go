package cms_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
)

// relativePoint is a CRLDistributionPoints named relative to the issuer, which
// crypto/x509 does not read. RFC 5280, 4.2.1.13.
var relativePoint = cmstest.TLV(0x30, cmstest.TLV(0x30, cmstest.TLV(0xa0, cmstest.TLV(0xa1,
	cmstest.TLV(0x30, cmstest.OID(asn1.ObjectIdentifier{2, 5, 4, 3}), cmstest.TLV(0x0c, []byte("CRL1")))))))

// certificateDER makes a certificate that crypto/x509 may refuse to read.
func certificateDER(t *testing.T, edit func(*x509.Certificate)) []byte {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "TRẦN THỊ B"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	edit(tmpl)
	der, err := x509.CreateCertificate(nil, tmpl, cmstest.CA(), cmstest.Key(cmstest.P256, "signer").Public(), cmstest.Key(cmstest.P256, "Test CA"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A signature by a certificate that crypto/x509 refuses is judged like any
// other: it is there, found by its issuer and serial number, and verified.
func TestOddCertificates(t *testing.T) {
	point := certificateDER(t, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 31}, Value: relativePoint}}
	})
	serial := []byte{0x02, 0x02, 0x7f, 0x01}
	negative := certificateDER(t, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0x7f01) })
	if bytes.Count(negative, serial) != 1 {
		t.Fatal("the serial number is not there once")
	}
	negative = bytes.Replace(negative, serial, []byte{0x02, 0x02, 0xff, 0x01}, 1)
	for name, der := range map[string][]byte{"relative distribution point": point, "negative serial number": negative} {
		t.Run(name, func(t *testing.T) {
			if _, err := x509.ParseCertificate(der); err == nil {
				t.Fatal("crypto/x509 reads it")
			}
			cert, err := certpath.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			s := cmstest.SignedData{Cert: cert, Key: cmstest.Key(cmstest.P256, "signer"), Content: content}
			s.Certificates = [][]byte{cmstest.CA().Raw, der}
			sd := mustParse(t, s.Build())
			if len(sd.Certificates) != 2 || !bytes.Equal(sd.Certificates[1].Raw, der) {
				t.Fatalf("%d certificates", len(sd.Certificates))
			}
			if err := judge(sd); err != nil {
				t.Error(err)
			}
			if got := sd.SigningCertificate(sd.SignerInfos[0]); got == nil || !got.Equal(cert) {
				t.Errorf("signer %v", got)
			}
		})
	}
}

// A key of a kind that is not known is no signer's, and no panic.
func TestOddKey(t *testing.T) {
	good := aliceCert(cmstest.P256)
	p256 := cmstest.OID(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7})
	unknown := bytes.Replace(good.Raw, p256, cmstest.OID(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 6}), 1)
	s := alice(cmstest.P256)
	s.Certificates = [][]byte{unknown}
	sd := mustParse(t, s.Build())
	if len(sd.Certificates) != 1 || sd.Certificates[0].PublicKey != nil {
		t.Fatalf("%d certificates", len(sd.Certificates))
	}
	if err := judge(sd); err == nil {
		t.Error("passes")
	}
	si := sd.SignerInfos[0]
	if err := si.VerifySignature(sd.Certificates[0], make([]byte, 32)); !errors.Is(err, cms.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}
