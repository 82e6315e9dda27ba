package verify_test

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
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

// ocspSpec says what an OCSP response is; zero fields are right. It is written
// here, since a fixture must not depend on the clock of the machine.
type ocspSpec struct {
	ca      *testpki.CA
	by      *signer // nil: ca
	about   *x509.Certificate
	from    time.Time
	until   time.Time // zero: a week later
	revoked time.Time // zero: good
	reason  byte
}

func (s ocspSpec) der(t testing.TB) []byte {
	t.Helper()
	if s.until.IsZero() {
		s.until = s.from.AddDate(0, 0, 7)
	}
	responder, key := s.ca.Certificate, s.ca.Key
	if s.by != nil {
		responder, key = s.by.cert, s.by.key
	}
	at := func(t time.Time) []byte { return cmstest.TLV(0x18, []byte(t.UTC().Format("20060102150405Z"))) }
	state := []byte{0x80, 0}
	if !s.revoked.IsZero() {
		state = cmstest.TLV(0xa1, at(s.revoked), cmstest.TLV(0xa0, []byte{0x0a, 1, s.reason}))
	}
	issuer := s.ca.Certificate
	id := cmstest.TLV(0x30, cmstest.Alg(oids.SHA1, cmstest.Null), cmstest.TLV(4, cmstest.Sum(crypto.SHA1, issuer.RawSubject)),
		cmstest.TLV(4, keyHash(t, issuer)), cmstest.Int(s.about.SerialNumber))
	single := cmstest.TLV(0x30, id, state, at(s.from), cmstest.TLV(0xa0, at(s.until)))
	tbs := cmstest.TLV(0x30, cmstest.TLV(0xa2, cmstest.TLV(4, keyHash(t, responder))), at(s.from), cmstest.TLV(0x30, single))
	value, err := key.Sign(rnd{}, cmstest.Sum(crypto.SHA256, tbs), crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	parts := [][]byte{tbs, cmstest.Alg(oids.ECDSAWithSHA256), cmstest.TLV(3, []byte{0}, value)}
	if s.by != nil {
		parts = append(parts, cmstest.TLV(0xa0, cmstest.TLV(0x30, s.by.cert.Raw)))
	}
	basic := cmstest.TLV(0x30, parts...)
	return cmstest.TLV(0x30, []byte{0x0a, 1, 0}, cmstest.TLV(0xa0, cmstest.TLV(0x30, cmstest.OID(oids.OCSPBasic), cmstest.TLV(4, basic))))
}

// keyHash is the SHA-1 of the key's bits. RFC 6960, 4.1.1.
func keyHash(t testing.TB, c *x509.Certificate) []byte {
	t.Helper()
	var spki struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &spki); err != nil {
		t.Fatal(err)
	}
	return cmstest.Sum(crypto.SHA1, spki.Key.Bytes)
}

// noCheck is id-pkix-ocsp-nocheck.
func noCheck() pkix.Extension { return pkix.Extension{Id: oids.OCSPNoCheck, Value: cmstest.Null} }

// invalidityDate says since when a key was not to be trusted. RFC 5280, 5.3.2.
func invalidityDate(at time.Time) pkix.Extension {
	return pkix.Extension{Id: oids.InvalidityDate, Value: cmstest.TLV(0x18, []byte(at.UTC().Format("20060102150405Z")))}
}

func bigInt(n int64) *big.Int { return big.NewInt(n) }
