package verify_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// checkStamp verifies a file whose signature is right and whose timestamp is
// not: it proves nothing, and the level falls.
func checkStamp(t *testing.T, data []byte, code string) {
	t.Helper()
	rep := check(t, data)
	w := want{verdict: verify.Valid, sub: "-", level: verify.LevelBB, code: "TIMESTAMP_INVALID"}
	w.expect(t, rep, 0)
	s := rep.Signatures[0]
	if s.Time.Proven != nil || s.Time.Proof != verify.ProofNone {
		t.Errorf("proven time %+v", s.Time)
	}
	if len(s.Timestamps) == 0 || s.Timestamps[0].Valid || s.Timestamps[0].Reason == nil {
		t.Fatalf("timestamps %+v", s.Timestamps)
	}
	if got := *s.Timestamps[0].Reason; code != "" && got != code {
		t.Errorf("reason %s, want %s", got, code)
	}
}

// TestF00 is the control.
func TestF00(t *testing.T) {
	rep := check(t, signedDoc(sigSpec{build: stamped(tokenSpec{})}).data)
	w := wantValid
	w.level = verify.LevelBT
	w.expect(t, rep, 0)
	s := rep.Signatures[0]
	if s.Time.Proven == nil || !s.Time.Proven.Equal(now()) || s.Time.Proof != verify.ProofSignatureTimestamp {
		t.Errorf("time %+v", s.Time)
	}
	if len(s.Timestamps) != 1 || !s.Timestamps[0].Valid || *s.Timestamps[0].TSACN != "Test TSA" {
		t.Errorf("timestamps %+v", s.Timestamps)
	}
}

// tsaWith is a TSA whose certificate has other key purposes.
func tsaWith(cn string, edit func(*x509.Certificate)) signer {
	return newSigner(thePKI().root, testpki.Leaf{CN: cn, KeyUsage: x509.KeyUsageDigitalSignature, Template: edit})
}

// TestF is about tokens that are wrong.
func TestF(t *testing.T) {
	stampOID, other := cmstest.OID(oids.EKUTimeStamping), cmstest.OID(oids.EKUCodeSigning)
	eku := func(critical bool, list ...[]byte) func(*x509.Certificate) {
		return cmstest.TSAExtension(critical, list...)
	}
	stranger := testpki.NewRoot("Stranger", testpki.P256)
	selfSigned := signer{testpki.NewRoot("Self", testpki.P256).Certificate, testpki.Key(testpki.P256, "Self")}
	unknown := cmstest.OID([]int{1, 2, 3, 4})
	rows := []struct {
		name string
		spec tokenSpec
		code string
	}{
		{"F01 of another signature", tokenSpec{imprint: cmstest.Sum(crypto.SHA256, []byte("another signature value"))}, "TIMESTAMP_TOKEN"},
		{"F02 time changed", tokenSpec{edit: func(sd *cmstest.SignedData) {
			sd.EContent = bytes.Replace(sd.Content, []byte("20260512"), []byte("20250512"), 1)
		}}, "TIMESTAMP_TOKEN"},
		{"F03 untrusted TSA", tokenSpec{by: newSigner(stranger, tsaLeaf("Strange TSA"))}, "UNTRUSTED"},
		{"F03 self-signed TSA", tokenSpec{by: selfSigned}, ""},
		{"F04 EKU not critical", tokenSpec{by: tsaWith("TSA a", eku(false, stampOID))}, "TIMESTAMP_TOKEN"},
		{"F04 several EKUs", tokenSpec{by: tsaWith("TSA b", eku(true, stampOID, other))}, "TIMESTAMP_TOKEN"},
		{"F04 unknown extra EKU", tokenSpec{by: tsaWith("TSA c", eku(true, stampOID, unknown))}, "TIMESTAMP_TOKEN"},
		{"F04 a CA", tokenSpec{by: tsaWith("TSA d", func(c *x509.Certificate) {
			eku(true, stampOID)(c)
			c.IsCA, c.BasicConstraintsValid = true, true
		})}, "TIMESTAMP_TOKEN"},
		{"F04 no EKU", tokenSpec{by: tsaWith("TSA e", nil)}, "TIMESTAMP_TOKEN"},
		{"F05 imprint of something else", tokenSpec{imprint: cmstest.Sum(crypto.SHA256, newDoc().data)}, "TIMESTAMP_TOKEN"},
		{"F05 SHA-1 imprint", tokenSpec{hash: crypto.SHA1}, "ALGORITHM_WEAK"},
		{"F05 MD5 imprint", tokenSpec{hash: crypto.MD5}, ""},
		{"F06 in the future", tokenSpec{at: now().Add(6 * time.Minute)}, "TIMESTAMP_FUTURE"},
		{"F07 content type", tokenSpec{edit: func(sd *cmstest.SignedData) { sd.ContentType = oids.Data }}, "TIMESTAMP_TOKEN"},
		{"F07 two signers", tokenSpec{edit: func(sd *cmstest.SignedData) { sd.Signers = 2 }}, "TIMESTAMP_TOKEN"},
		{"F07 no ESS", tokenSpec{edit: without(oids.SigningCertificateV2)}, "TIMESTAMP_TOKEN"},
		{"another key", tokenSpec{edit: func(sd *cmstest.SignedData) { sd.Key = thePKI().alice.key }}, "TIMESTAMP_TOKEN"},
		{"SHA-1 signature", tokenSpec{edit: func(sd *cmstest.SignedData) { sd.Hash = crypto.SHA1 }}, "ALGORITHM_WEAK"},
		{"no certificate", tokenSpec{edit: func(sd *cmstest.SignedData) { sd.Certificates = [][]byte{} },
			by: newSigner(thePKI().root, tsaLeaf("TSA absent"))}, "TIMESTAMP_TOKEN"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			checkStamp(t, signedDoc(sigSpec{build: stamped(row.spec)}).data, row.code)
		})
	}
	t.Run("no token at all", func(t *testing.T) {
		build := cmsBy(thePKI().alice, func(sd *cmstest.SignedData) {
			sd.Unsigned = [][]byte{cmstest.Attr(oids.SignatureTimestamp, cmstest.TLV(4, []byte("no token")))}
		})
		checkStamp(t, signedDoc(sigSpec{build: build}).data, "TIMESTAMP_TOKEN")
	})
}

// TestF03Needed: where a proof is needed, an untrusted TSA leaves it open.
func TestF03Needed(t *testing.T) {
	old := newSigner(thePKI().root, testpki.Leaf{CN: "TRẦN THỊ B", NotBefore: year(2020), NotAfter: year(2024)})
	strange := newSigner(testpki.NewRoot("Stranger", testpki.P256), tsaLeaf("Strange TSA"))
	at := year(2023)
	for name, row := range map[string]struct {
		spec tokenSpec
		want want
	}{
		"trusted":   {tokenSpec{at: at}, want{verdict: verify.Valid, sub: "-", level: verify.LevelBT}},
		"untrusted": {tokenSpec{at: at, by: strange}, doubtful("OUT_OF_BOUNDS_NO_POE", "EXPIRED_NO_PROOF")},
	} {
		t.Run("F03 "+name, func(t *testing.T) {
			d := signedDoc(sigSpec{now: "D:20230101000000Z", build: stampedBy(old, []tokenSpec{row.spec})})
			row.want.expect(t, check(t, d.data), 0)
		})
	}
}

// TestF06 has times outside the validity of the signer's certificate.
func TestF06(t *testing.T) {
	short := newSigner(thePKI().root, testpki.Leaf{CN: "TRẦN THỊ B", NotBefore: year(2020), NotAfter: year(2024)})
	rows := []struct {
		name    string
		at      time.Time
		claimed string
		want    want
	}{
		{"F06 before notBefore", year(2019), "D:20210101000000Z", invalid("NOT_YET_VALID", "CERTIFICATE_NOT_YET_VALID")},
		{"F06 after notAfter", year(2025), "D:20230101000000Z", doubtful("OUT_OF_BOUNDS_NO_POE", "EXPIRED_NO_PROOF")},
		{"F06 after notAfter, and claimed", year(2025), "D:20241231000000Z", invalid("EXPIRED", "CERTIFICATE_EXPIRED")},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := signedDoc(sigSpec{now: row.claimed, build: stampedBy(short, []tokenSpec{{at: row.at}})})
			row.want.expect(t, check(t, d.data), 0)
		})
	}
}

// TestF08 has a bad token before a good one: both are told, the good one counts.
func TestF08(t *testing.T) {
	bad := tokenSpec{imprint: make([]byte, 32), at: year(2021)}
	for name, specs := range map[string][]tokenSpec{
		"bad first": {bad, {at: now()}}, "good first": {{at: now()}, bad}, "the earlier counts": {{at: now()}, {at: year(2025)}, bad},
	} {
		t.Run("F08 "+name, func(t *testing.T) {
			rep := check(t, signedDoc(sigSpec{room: 16000, build: stampedBy(thePKI().alice, specs)}).data)
			w := wantValid.with("TIMESTAMP_INVALID")
			w.level = verify.LevelBT
			w.expect(t, rep, 0)
			s := rep.Signatures[0]
			at := now()
			if strings.Contains(name, "earlier") {
				at = year(2025)
			}
			if len(s.Timestamps) != len(specs) || !s.Time.Proven.Equal(at) {
				t.Errorf("%+v %+v", s.Timestamps, s.Time)
			}
		})
	}
}

// contentStamped adds a content timestamp.
func contentStamped(content tokenSpec, signature *tokenSpec) func([]byte) []byte {
	return func(data []byte) []byte {
		edit := withAttr(cmstest.Attr(oids.ContentTimestamp, content.token(data)))
		if signature == nil {
			return cmsBy(thePKI().alice, edit)(data)
		}
		return stampedBy(thePKI().alice, []tokenSpec{*signature}, edit)(data)
	}
}

// TestF09 has content timestamps.
func TestF09(t *testing.T) {
	later := tokenSpec{at: now()}
	t.Run("F09 control", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{room: 12000, build: contentStamped(tokenSpec{at: now().Add(-time.Hour)}, &later)}).data)
		wantValid.expect(t, rep, 0)
		if s := rep.Signatures[0]; len(s.Timestamps) != 2 || s.Timestamps[0].Kind != verify.TimestampContent || !s.Timestamps[0].Valid {
			t.Errorf("%+v", s.Timestamps)
		}
	})
	t.Run("F09 content later than signature", func(t *testing.T) {
		early := tokenSpec{at: now().Add(-time.Hour)}
		rep := check(t, signedDoc(sigSpec{room: 12000, build: contentStamped(tokenSpec{at: now()}, &early)}).data)
		doubtful("TIMESTAMP_ORDER_FAILURE", "TIMESTAMP_ORDER").expect(t, rep, 0)
	})
	t.Run("F09 of other content", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{room: 12000, build: contentStamped(tokenSpec{imprint: make([]byte, 32)}, nil)}).data)
		wantValid.with("TIMESTAMP_INVALID").expect(t, rep, 0)
	})
}

// TestF10 has document timestamps: good, copied, over an earlier revision.
func TestF10(t *testing.T) {
	t.Run("F10 control", func(t *testing.T) {
		d := signedDoc(sigSpec{})
		d.docStamp(tokenSpec{})
		rep := check(t, d.data)
		w := want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBT, changes: verify.ChangesPermitted}
		w.expect(t, rep, 0)
		s, stamp := rep.Signatures[0], rep.Signatures[1]
		if s.Time.Proof != verify.ProofDocumentTimestamp || s.Time.Proven == nil {
			t.Errorf("time %+v", s.Time)
		}
		if stamp.Kind != verify.KindTimestamp || !stamp.Valid() || stamp.Coverage != verify.EntireFile {
			t.Errorf("timestamp %+v", stamp)
		}
	})
	t.Run("F10 copied", func(t *testing.T) {
		d := signedDoc(sigSpec{})
		sig, _ := d.docStamp(tokenSpec{})
		at := bytes.LastIndex(d.data, []byte("<</Type/DocTimeStamp"))
		object := string(d.data[at : at+bytes.Index(d.data[at:], []byte("\nendobj"))])
		copied, field := d.alloc(), d.alloc()
		d.fields = append(d.fields, field)
		d.append(map[int]string{copied: object, field: (&sigSpec{name: "Copy"}).fieldDict(copied), objForm: d.acroForm(), objPage: d.page()})
		rep := check(t, d.data)
		if rep.Verdict != verify.Invalid {
			t.Errorf("verdict %s", rep.Verdict)
		}
		if n := len(rep.Signatures); n != 3 {
			t.Errorf("%d signatures", n)
		}
		_ = sig
	})
	t.Run("F10 untrusted", func(t *testing.T) {
		d := signedDoc(sigSpec{})
		d.docStamp(tokenSpec{by: newSigner(testpki.NewRoot("Stranger", testpki.P256), tsaLeaf("Strange TSA"))})
		rep := check(t, d.data)
		want{verdict: verify.Indeterminate, sub: "-", level: verify.LevelBB}.expect(t, rep, 0)
	})
	t.Run("F10 changed", func(t *testing.T) {
		d := signedDoc(sigSpec{})
		d.docStamp(tokenSpec{imprint: make([]byte, 32)})
		rep := check(t, d.data)
		w := invalid("HASH_FAILURE", "DIGEST_MISMATCH")
		w.integrity = verify.Broken
		w.expect(t, rep, 1)
		if s := rep.Signatures[0]; s.Level != verify.LevelBB || s.Time.Proven != nil {
			t.Errorf("the signature has %s %+v", s.Level, s.Time)
		}
	})
	t.Run("F10 over an earlier revision only", func(t *testing.T) {
		d := newDoc()
		d.docStamp(tokenSpec{})
		d.sign(sigSpec{})
		rep := check(t, d.data)
		want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBB}.expect(t, rep, 1)
	})
}

// TestF11 has /Type and /SubFilter that contradict each other.
func TestF11(t *testing.T) {
	t.Run("F11 DocTimeStamp with CAdES", func(t *testing.T) {
		invalid("FORMAT_FAILURE", "TYPE_MISMATCH").expect(t, check(t, signedDoc(sigSpec{typ: "/Type/DocTimeStamp"}).data), 0)
	})
	// Some writers make document timestamps of /Type Sig: in doubt, not failed.
	t.Run("F11 Sig with RFC3161", func(t *testing.T) {
		d := newDoc()
		d.sign(sigSpec{sub: "ETSI.RFC3161", build: func(c []byte) []byte { return tokenSpec{}.token(c) }})
		doubtful("FORMAT_FAILURE", "TIMESTAMP_TYPE").expect(t, check(t, d.data), 0)
	})
	t.Run("F11 another type", func(t *testing.T) {
		invalid("FORMAT_FAILURE", "TYPE_MISMATCH").expect(t, check(t, signedDoc(sigSpec{typ: "/Type/Page"}).data), 0)
	})
}
