package verify_test

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

func hourAgo() time.Time { return now().Add(-time.Hour) }

// TestL1 poisons the DSS with useless data: the verdict stays.
func TestL1(t *testing.T) {
	b := bob(thePKI().root, nil)
	good := crl(t, thePKI().root, hourAgo())
	dss := dssData{crls: [][]byte{good}}
	for i := range 10_000 {
		c := corruptSerial(b.cert, i)
		dss.certs = append(dss.certs, c)
	}
	useless := ocspSpec{ca: thePKI().root, about: thePKI().alice.cert, from: hourAgo()}.der(t)
	for i := range 1000 {
		o := append([]byte(nil), useless...)
		o[len(o)-1], o[len(o)-2] = byte(i), byte(i>>8)
		dss.ocsps = append(dss.ocsps, o)
	}
	start := time.Now()
	rep := check(t, signedBy(b, "", dss))
	took := time.Since(start)
	wantValid.with("LIMIT_CERTIFICATES").expect(t, rep, 0)
	t.Logf("%v", took)
}

// corruptSerial makes one of many certificates that parse and are worth nothing.
func corruptSerial(c *x509.Certificate, i int) []byte {
	der := append([]byte(nil), c.Raw...)
	der[len(der)-3], der[len(der)-2] = byte(i), byte(i>>8)
	return der
}

// TestL1CRL has a CRL of 50,000 entries.
func TestL1CRL(t *testing.T) {
	b := bob(thePKI().root, nil)
	entries := make([]x509.RevocationListEntry, 50_000)
	at := year(2025)
	for i := range entries {
		entries[i] = x509.RevocationListEntry{SerialNumber: bigInt(int64(i) + 1<<40), RevocationTime: at}
	}
	rep := check(t, signedBy(b, "", dssData{crls: [][]byte{crl(t, thePKI().root, hourAgo(), entries...)}}))
	wantValid.expect(t, rep, 0)
}

// TestL is about revocation data in the file that must not be believed.
func TestL(t *testing.T) {
	root := thePKI().root
	b := bob(root, nil)
	ocspBy := func(by signer, from time.Time) [][]byte {
		return [][]byte{ocspSpec{ca: root, by: &by, about: b.cert, from: from}.der(t)}
	}
	responder := func(cn string, edit func(*testpki.Leaf)) signer {
		l := testpki.Leaf{CN: cn, OCSPSigner: true, KeyUsage: x509.KeyUsageDigitalSignature, Template: func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, noCheck())
		}}
		edit(&l)
		return newSigner(root, l)
	}
	sibling := testpki.NewRoot("Sibling", testpki.P256)
	twin := &testpki.CA{Certificate: root.Certificate, Key: testpki.Key(testpki.P256, "other key")}
	later := revokedAt(b.cert, now().Add(-30*time.Minute), 1)
	unknown := doubtful("TRY_LATER", "REVOCATION_UNKNOWN")
	rows := []struct {
		name string
		dss  dssData
		want want
	}{
		{"L0 OCSP by the CA", dssData{ocsps: [][]byte{ocspSpec{ca: root, about: b.cert, from: hourAgo()}.der(t)}}, wantValid},
		{"L0 OCSP by a responder", dssData{ocsps: ocspBy(responder("OCSP good", func(*testpki.Leaf) {}), hourAgo())}, wantValid},
		{"L0 CRL", dssData{crls: [][]byte{crl(t, root, hourAgo())}}, wantValid},
		{"L2 old answer", dssData{ocsps: [][]byte{ocspSpec{ca: root, about: b.cert, from: year(2025)}.der(t)}}, unknown},
		{"L2 old answer, revoked later", dssData{ocsps: [][]byte{ocspSpec{ca: root, about: b.cert, from: year(2025)}.der(t)},
			crls: [][]byte{crl(t, root, now().Add(-time.Minute), later)}}, doubtful("REVOKED_NO_POE", "REVOKED_NO_PROOF")},
		{"L3 signed by a leaf", dssData{ocsps: ocspBy(thePKI().alice, hourAgo())}, unknown},
		{"L4 of a sibling CA, same serial", dssData{ocsps: [][]byte{ocspSpec{ca: sibling, about: b.cert, from: hourAgo()}.der(t)}}, unknown},
		{"L5 responder expired", dssData{ocsps: ocspBy(responder("OCSP old", func(l *testpki.Leaf) { l.NotAfter = year(2021) }), hourAgo())},
			doubtful("REVOCATION_OUT_OF_BOUNDS_NO_POE", "REVOCATION_SIGNER")},
		{"L6 CRL by another key", dssData{crls: [][]byte{crl(t, twin, hourAgo())}}, unknown},
		{"L14 from the future", dssData{crls: [][]byte{crl(t, root, now().Add(time.Hour))}}, unknown},
		{"L14 nextUpdate before thisUpdate", dssData{ocsps: [][]byte{ocspSpec{ca: root, about: b.cert, from: hourAgo(), until: hourAgo().Add(-time.Hour)}.der(t)}}, unknown},
		{"garbage", dssData{crls: [][]byte{[]byte("no CRL")}, ocsps: [][]byte{{0x30, 0}}, certs: [][]byte{{1, 2, 3}}}, unknown},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			// The time claimed is before the revocation of the L2 row.
			row.want.expect(t, check(t, signedBy(b, "D:20260512073000Z", row.dss)), 0)
		})
	}
	t.Run("ignored", func(t *testing.T) {
		rep := check(t, signedBy(b, "", dssData{}), func(o *verify.Options) { o.IgnoreRevocation = true })
		wantValid.with("REVOCATION_IGNORED").expect(t, rep, 0)
		if s := rep.Signatures[0]; s.Revocation.Status != verify.RevocationIgnored {
			t.Errorf("%+v", s.Revocation)
		}
	})
	t.Run("revoked is not ignored", func(t *testing.T) {
		rep := check(t, signedBy(b, "D:20260512073000Z", dssData{crls: [][]byte{crl(t, root, now().Add(-time.Minute), later)}}),
			func(o *verify.Options) { o.IgnoreRevocation = true })
		doubtful("REVOKED_NO_POE", "REVOKED_NO_PROOF").expect(t, rep, 0)
	})
	t.Run("not published", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{}).data)
		if s := rep.Signatures[0]; s.Revocation.Status != verify.RevocationNotPublished {
			t.Errorf("%+v", s.Revocation)
		}
	})
	t.Run("not published, but required", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{}).data, func(o *verify.Options) { o.RequireRevocation = true })
		doubtful("TRY_LATER", "REVOCATION_NOT_PUBLISHED").expect(t, rep, 0)
	})
}

// TestL12 is a revocation at a time, and timestamps around it.
func TestL12(t *testing.T) {
	root := thePKI().root
	b := bob(root, nil)
	when := year(2026)
	data := dssData{crls: [][]byte{crl(t, root, hourAgo(), revokedAt(b.cert, when, 4))}}
	before, after := when.AddDate(0, 0, -1), when.AddDate(0, 0, 1)
	rows := []struct {
		name    string
		claimed string
		stamps  []tokenSpec
		want    want
	}{
		{"L12 timestamp before", "D:20251230000000Z", []tokenSpec{{at: before}}, wantValid},
		{"L12 only claimed before", "D:20251230000000Z", nil, doubtful("REVOKED_NO_POE", "REVOKED_NO_PROOF")},
		{"L12 timestamp after", "D:20251230000000Z", []tokenSpec{{at: after}}, invalid("REVOKED", "REVOKED")},
		{"L12 claimed after", "D:20260401000000Z", nil, invalid("REVOKED", "REVOKED")},
		{"L12 no time at all", "-", nil, doubtful("REVOKED_NO_POE", "REVOKED_NO_PROOF")},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			rep := check(t, signedBy(b, row.claimed, data, row.stamps...))
			row.want.expect(t, rep, 0)
			if s := rep.Signatures[0]; s.Revocation.RevokedAt == nil || *s.Revocation.Reason != "superseded" {
				t.Errorf("%+v", s.Revocation)
			}
		})
	}
	t.Run("L12 document timestamp after, claimed before", func(t *testing.T) {
		d := newDoc()
		d.addDSS(data)
		d.sign(sigSpec{now: "D:20251230000000Z", build: cmsBy(b)})
		d.docStamp(tokenSpec{at: after})
		want{verdict: verify.Indeterminate, sub: "REVOKED_NO_POE"}.expect(t, check(t, d.data), 0)
	})
}

// TestL13 is a hold, and a key that was compromised before it was reported.
func TestL13(t *testing.T) {
	root := thePKI().root
	b := bob(root, nil)
	t.Run("L13 on hold", func(t *testing.T) {
		data := dssData{crls: [][]byte{crl(t, root, hourAgo(), revokedAt(b.cert, year(2026), 6))}}
		doubtful("REVOKED_NO_POE", "REVOKED_NO_PROOF").expect(t, check(t, signedBy(b, "D:20251230000000Z", data)), 0)
	})
	t.Run("L13 compromised before the timestamp", func(t *testing.T) {
		e := revokedAt(b.cert, year(2026), 1)
		e.ExtraExtensions = append(e.ExtraExtensions, invalidityDate(year(2025)))
		data := dssData{crls: [][]byte{crl(t, root, hourAgo(), e)}}
		rep := check(t, signedBy(b, "D:20250601000000Z", data, tokenSpec{at: year(2025).AddDate(0, 6, 0)}))
		if rep.Verdict == verify.Valid {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
}

// TestL10 has a DSS of wrong types: ignored, no panic.
func TestL10(t *testing.T) {
	for i, value := range []string{
		"null", "7", "[]", "(text)", "<</Certs 7>>", "<</Certs[1 2 null 99 0 R 4 0 R]/OCSPs[[[]]]/CRLs<<>>>>",
		"<</VRI<</abc 7/" + strings.Repeat("A", 40) + "<</Cert[99 0 R]/CRL 5/OCSP<<>>>>>>>>", "<</VRI[]>>", "5 0 R", "99 0 R",
	} {
		t.Run(fmt.Sprintf("L10 %d", i), func(t *testing.T) {
			d := newDoc()
			d.dss = "/DSS " + value
			d.sign(sigSpec{})
			wantValid.expect(t, check(t, d.data), 0)
		})
	}
}

// TestL11 removes the DSS.
func TestL11(t *testing.T) {
	d := newDoc()
	d.addDSS(dssData{crls: [][]byte{crl(t, thePKI().root, hourAgo())}})
	d.sign(sigSpec{})
	d.dss = ""
	d.append(map[int]string{objCatalog: d.catalog()})
	wantModified.expect(t, check(t, d.data), 0)
}

// TestAdobeArchival finds revocation data in the signed attribute of Adobe.
func TestAdobeArchival(t *testing.T) {
	b := bob(thePKI().root, nil)
	o := ocspSpec{ca: thePKI().root, about: b.cert, from: hourAgo()}.der(t)
	archival := cmstest.TLV(0x30, cmstest.TLV(0xa1, cmstest.TLV(0x30, o)))
	rep := check(t, signedDoc(sigSpec{sub: "adbe.pkcs7.detached",
		build: cmsBy(b, withAttr(cmstest.Attr(oids.AdobeRevocationArchival, archival)))}).data)
	wantValid.expect(t, rep, 0)
	if s := rep.Signatures[0]; s.Revocation.Status != verify.RevocationGood || s.Revocation.Source != "ocsp" || *s.Revocation.Origin != "embedded" {
		t.Errorf("%+v", s.Revocation)
	}
	_ = crypto.SHA1
}
