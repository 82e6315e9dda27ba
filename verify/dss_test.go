package verify_test

import (
	"crypto"
	"fmt"
	"math/big"
	"testing"
	"time"

	"crypto/x509"

	"golang.org/x/crypto/ocsp"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// dssData is what a DSS holds.
type dssData struct {
	certs, ocsps, crls [][]byte
}

// addDSS adds a revision with a DSS of these data; an earlier DSS is replaced.
func (d *pdfDoc) addDSS(s dssData) {
	objects := make(map[int]string)
	list := func(key string, items [][]byte) string {
		if len(items) == 0 {
			return ""
		}
		text := "/" + key + "["
		for _, der := range items {
			n := d.alloc()
			objects[n] = stream("", string(der))
			text += fmt.Sprintf("%d 0 R ", n)
		}
		return text + "]"
	}
	dss := d.alloc()
	objects[dss] = "<</Type/DSS" + list("Certs", s.certs) + list("OCSPs", s.ocsps) + list("CRLs", s.crls) + ">>"
	d.dss = fmt.Sprintf("/DSS %d 0 R", dss)
	objects[objCatalog] = d.catalog()
	d.append(objects)
}

// docStamp adds a document timestamp.
func (d *pdfDoc) docStamp(s tokenSpec) (sig, field int) {
	return d.sign(sigSpec{sub: "ETSI.RFC3161", typ: "/Type/DocTimeStamp", now: "-",
		build: func(content []byte) []byte { return s.token(content) }})
}

// crl makes a CRL of ca, current from an instant for a week.
func crl(t testing.TB, ca *testpki.CA, from time.Time, revoked ...x509.RevocationListEntry) []byte {
	t.Helper()
	der, err := x509.CreateRevocationList(rnd{}, &x509.RevocationList{
		Number: big.NewInt(from.Unix()), ThisUpdate: from, NextUpdate: from.AddDate(0, 0, 7),
		RevokedCertificateEntries: revoked,
	}, ca.Certificate, ca.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func revokedAt(c *x509.Certificate, at time.Time, reason int) x509.RevocationListEntry {
	return x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at, ReasonCode: reason}
}

// ocspSpec says what an OCSP response is; zero fields are right.
type ocspSpec struct {
	ca     *testpki.CA
	by     *signer // nil: ca
	about  *x509.Certificate
	from   time.Time
	until  time.Time // zero: a week later
	status int       // of package ocsp; 0: good
	at     time.Time // of revocation
	reason int
}

func (s ocspSpec) der(t testing.TB) []byte {
	t.Helper()
	if s.until.IsZero() {
		s.until = s.from.AddDate(0, 0, 7)
	}
	template := ocsp.Response{Status: s.status, SerialNumber: s.about.SerialNumber, ThisUpdate: s.from, NextUpdate: s.until,
		RevokedAt: s.at, RevocationReason: s.reason, IssuerHash: crypto.SHA1}
	responder, key := s.ca.Certificate, s.ca.Key
	if s.by != nil {
		responder, key = s.by.cert, s.by.key
		template.Certificate = s.by.cert
	}
	der, err := ocsp.CreateResponse(s.ca.Certificate, responder, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
