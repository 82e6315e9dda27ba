package verify_test

import (
	"bytes"
	"crypto"
	"fmt"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// TestP has single departures from the PAdES baseline: the signature is valid
// and of no level.
func TestP(t *testing.T) {
	alice := thePKI().alice
	attr := func(oid []int) func(*cmstest.SignedData) {
		return withAttr(cmstest.Attr(oid, cmstest.TLV(4, []byte("x"))))
	}
	unsigned := func(oid []int) func(*cmstest.SignedData) {
		return func(sd *cmstest.SignedData) { sd.Unsigned = [][]byte{cmstest.Attr(oid, cmstest.TLV(4, []byte("x")))} }
	}
	commitment := withAttr(cmstest.Attr(oids.CommitmentType, cmstest.TLV(0x30, cmstest.OID(oids.CommitmentProofOfOrigin))))
	rows := []struct {
		name string
		spec sigSpec
		edit func(*cmstest.SignedData)
		note string
	}{
		{"P01", sigSpec{}, nil, ""},
		{"P06 no M", sigSpec{now: "-"}, nil, "P06"},
		{"P06 M is no date", sigSpec{now: "yesterday"}, nil, "P06"},
		{"P06 signing-time", sigSpec{}, withAttr(cmstest.Attr(oids.SigningTime, utcTime("260512083000Z"))), "P06"},
		{"P08 no filter", sigSpec{dict: func(s string) string { return cut(s, "/Filter/Adobe.PPKLite") }}, nil, "P08"},
		{"P11 Cert", sigSpec{extra: fmt.Sprintf("/Cert<%x>", alice.cert.Raw)}, nil, "P11"},
		{"P12 Reason and commitment", sigSpec{extra: "/Reason(I agree)"}, commitment, "P12"},
		{"P12 Reason alone", sigSpec{extra: "/Reason(I agree)"}, nil, ""},
		{"P14 two signer-attributes", sigSpec{}, func(sd *cmstest.SignedData) {
			a := cmstest.Attr(oids.SignerAttributesV2, cmstest.TLV(0x30))
			withAttr(a, a)(sd)
		}, "P14"},
		{"P15 content-hints", sigSpec{}, attr(oids.ContentHints), "P15"},
		{"P15 mime-type", sigSpec{}, attr(oids.MimeType), "P15"},
		{"P15 countersignature", sigSpec{}, unsigned(oids.Countersignature), "P21"},
		{"P17 Location and others", sigSpec{extra: "/Location(Ha Noi)/Name(A)/ContactInfo(a@example.vn)"}, nil, ""},
		{"P21 archive timestamp", sigSpec{}, unsigned(oids.ArchiveTimestampV3), "P21"},
		{"P21 complete references", sigSpec{}, unsigned(oids.CompleteRevocationRefs), "P21"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if row.edit != nil {
				row.spec.build = cmsBy(alice, row.edit)
			}
			w := want{verdict: verify.Valid, sub: "-", level: verify.LevelBB}
			if row.note != "" {
				w.level, w.code = verify.LevelNone, "~"+row.note
			}
			w.expect(t, check(t, signedDoc(row.spec).data), 0)
		})
	}
	t.Run("P10 adbe", func(t *testing.T) {
		want{verdict: verify.Valid, sub: "-", level: verify.LevelNone}.expect(t, check(t, signedDoc(sigSpec{sub: "adbe.pkcs7.detached"}).data), 0)
	})
	t.Run("P05 signing-certificate of RFC 2634", func(t *testing.T) {
		v1 := func(sd *cmstest.SignedData) {
			sd.Attrs = func(a [][]byte) [][]byte { return [][]byte{a[0], a[1], cmstest.SigningCertificateV1(alice.cert)} }
		}
		want{verdict: verify.Valid, sub: "-", level: verify.LevelBB}.expect(t, check(t, signedDoc(sigSpec{build: cmsBy(alice, v1)}).data), 0)
	})
}

func cut(s, part string) string { return string(bytes.Replace([]byte(s), []byte(part), nil, 1)) }

// ltDoc makes a file step by step to B-LTA; drop names what is left out.
func ltDoc(t *testing.T, drop string) []byte {
	t.Helper()
	root := thePKI().root
	b := bob(root, nil)
	tsa := newSigner(root, testpki.Leaf{CN: "TSA with CRL", TSA: true, CRLURL: crlURL, KeyUsage: 0x1})
	inner := subCA(root, "Archive CA", year(2010), year(2100))
	archiveTSA := newSigner(inner, tsaLeaf("Archive TSA"))
	bag := func(sd *cmstest.SignedData) {
		sd.Certificates = [][]byte{archiveTSA.cert.Raw, inner.Certificate.Raw}
	}
	d := newDoc()
	signedAt := now().Add(-3 * time.Hour)
	stamps := []tokenSpec{{by: tsa, at: signedAt}}
	switch drop {
	case "timestamp":
		stamps = nil
	case "timestamp bad":
		stamps[0].imprint = make([]byte, 32)
	}
	d.sign(sigSpec{build: stampedBy(b, stamps), room: 12000})
	dss := dssData{certs: [][]byte{root.Certificate.Raw, tsa.cert.Raw}, ocsps: [][]byte{
		ocspSpec{ca: root, about: b.cert, from: hourAgo()}.der(t),
		ocspSpec{ca: root, about: tsa.cert, from: hourAgo()}.der(t),
	}}
	switch drop {
	case "signer's OCSP", "signer's OCSP late":
		dss.ocsps = dss.ocsps[1:]
	case "TSA's OCSP", "TSA's OCSP late":
		dss.ocsps = dss.ocsps[:1]
	case "DSS":
		dss = dssData{}
	}
	if drop != "DSS" {
		d.addDSS(dss)
	}
	if drop == "archive" {
		return d.data
	}
	spec := tokenSpec{by: archiveTSA, edit: bag}
	if drop == "archive bad" {
		spec.imprint = make([]byte, 32)
	}
	d.docStamp(spec)
	if drop == "signer's OCSP late" || drop == "TSA's OCSP late" {
		dss.ocsps = append(dss.ocsps, ocspSpec{ca: root, about: b.cert, from: hourAgo()}.der(t), ocspSpec{ca: root, about: tsa.cert, from: hourAgo()}.der(t))
		d.addDSS(dss)
	}
	return d.data
}

// TestP27: levels degrade with what is missing.
func TestP27(t *testing.T) {
	rows := []struct {
		drop    string
		level   string
		verdict verify.Verdict
	}{
		{"", verify.LevelBLTA, verify.ValidChanged},
		{"archive", verify.LevelBLT, verify.ValidChanged},
		{"archive bad", verify.LevelBLT, verify.Invalid},
		{"DSS", verify.LevelBT, verify.Indeterminate},
		{"signer's OCSP", verify.LevelBT, verify.Indeterminate},
		{"TSA's OCSP", verify.LevelBT, verify.ValidChanged},          // the archive timestamp proves the time
		{"signer's OCSP late", verify.LevelBLT, verify.ValidChanged}, // L9
		{"TSA's OCSP late", verify.LevelBLT, verify.ValidChanged},
		{"timestamp bad", verify.LevelBLT, verify.ValidChanged}, // the archive timestamp proves the time, so nothing archives it
	}
	for _, row := range rows {
		t.Run("P27 without "+row.drop, func(t *testing.T) {
			rep := check(t, ltDoc(t, row.drop))
			want{verdict: row.verdict, level: row.level}.expect(t, rep, 0)
		})
	}
}

// TestP25 renews the archive: what proves the first archive timestamp goes
// into the file before the next one, and is enough when its authority is gone.
func TestP25(t *testing.T) {
	root := thePKI().root
	b := bob(root, func(l *testpki.Leaf) { l.NotBefore, l.NotAfter = year(2010), year(2014) })
	tsa1 := newSigner(root, testpki.Leaf{CN: "TSA 1", TSA: true, CRLURL: crlURL, KeyUsage: 0x1, NotBefore: year(2010), NotAfter: year(2016)})
	tsa2 := newSigner(root, testpki.Leaf{CN: "TSA 2", TSA: true, CRLURL: crlURL, KeyUsage: 0x1, NotBefore: year(2010), NotAfter: year(2020)})
	tsa3 := newSigner(root, tsaLeaf("TSA 3"))
	good := func(about signer, at time.Time) []byte { return ocspSpec{ca: root, about: about.cert, from: at}.der(t) }
	build := func(renew bool) []byte {
		d := newDoc()
		d.sign(sigSpec{now: "D:20130101000000Z", room: 12000, build: stampedBy(b, []tokenSpec{{by: tsa1, at: year(2013)}})})
		dss := dssData{certs: [][]byte{root.Certificate.Raw}, ocsps: [][]byte{good(b, year(2013).AddDate(0, 0, 1)), good(tsa1, year(2013).AddDate(0, 0, 1))}}
		d.addDSS(dss)
		d.docStamp(tokenSpec{by: tsa2, at: year(2013).AddDate(0, 0, 2)})
		if renew {
			dss.ocsps = append(dss.ocsps, good(tsa2, year(2018)))
			d.addDSS(dss)
			d.docStamp(tokenSpec{by: tsa3, at: year(2018).AddDate(0, 0, 1)})
		}
		return d.data
	}
	t.Run("P25 renewed", func(t *testing.T) {
		rep := check(t, build(true))
		w := want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLTA}
		w.expect(t, rep, 0)
		if s := rep.Signatures[0]; !s.Time.Proven.Equal(year(2013)) {
			t.Errorf("%+v", s.Time)
		}
	})
	t.Run("P25 not renewed", func(t *testing.T) {
		want{verdict: verify.Indeterminate, sub: "OUT_OF_BOUNDS_NO_POE"}.expect(t, check(t, build(false)), 0)
	})
	t.Run("P25 seen at its time", func(t *testing.T) {
		rep := check(t, build(false), func(o *verify.Options) { o.At = year(2013).AddDate(0, 0, 3) })
		want{verdict: verify.Indeterminate, level: verify.LevelBLT}.expect(t, rep, 0)
	})
}

// TestRequirements are what the caller asks for.
func TestRequirements(t *testing.T) {
	data := signedDoc(sigSpec{}).data
	doubtful("SIG_CONSTRAINTS_FAILURE", "LEVEL_TOO_LOW").expect(t, check(t, data, func(o *verify.Options) { o.RequireLevel = verify.LevelBT }), 0)
	wantValid.expect(t, check(t, data, func(o *verify.Options) { o.RequireLevel = verify.LevelBB }), 0)
	doubtful("NO_POE", "TIMESTAMP_REQUIRED").expect(t, check(t, data, func(o *verify.Options) { o.RequireTimestamp = true }), 0)
	stampedData := signedDoc(sigSpec{build: stamped(tokenSpec{})}).data
	wantValid.expect(t, check(t, stampedData, func(o *verify.Options) { o.RequireTimestamp, o.RequireLevel = true, verify.LevelBT }), 0)
	wantValid.with("CLAIMED_TIME_FUTURE").expect(t, check(t, signedDoc(sigSpec{now: "D:20270101000000Z"}).data), 0)
}

// TestAlgorithmDates: SHA-1 was good until August 2012, where a timestamp
// proves that time.
func TestAlgorithmDates(t *testing.T) {
	sha1 := func(sd *cmstest.SignedData) { sd.Hash = crypto.SHA1 }
	sign := func(at time.Time) []byte {
		build := func(content []byte) []byte {
			var value []byte
			keep := func(sd *cmstest.SignedData) {
				sd.Sign = func(_, digest []byte) []byte {
					if value == nil {
						value, _ = thePKI().alice.key.Sign(rnd{}, digest, crypto.SHA1)
					}
					return value
				}
			}
			cmsBy(thePKI().alice, sha1, keep)(content)
			return cmsBy(thePKI().alice, sha1, keep, func(sd *cmstest.SignedData) {
				sd.Unsigned = [][]byte{cmstest.Attr(oids.SignatureTimestamp, tokenSpec{at: at}.token(value))}
			})(content)
		}
		return signedDoc(sigSpec{now: "D:20100101000000Z", room: 12000, build: build}).data
	}
	wantValid.expect(t, check(t, sign(year(2010))), 0)
	doubtful("CRYPTO_CONSTRAINTS_FAILURE", "ALGORITHM_WEAK").expect(t, check(t, sign(year(2013))), 0)
}
