package verify_test

import (
	"crypto"
	"fmt"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// TestI is ISO 32000-2, 12.8, as far as other matrices do not have it.
func TestI(t *testing.T) {
	t.Run("I02 reference", func(t *testing.T) {
		checkMalformed(t, forge("/Contents 4 0 R", "keep", false))
	})
	t.Run("I03 flags missing", func(t *testing.T) {
		data := signedDoc(sigSpec{objects: func(d *pdfDoc, objects map[int]string, _, _ int) {
			objects[objForm] = cut(d.acroForm(), "/SigFlags 3")
		}}).data
		wantValid.with("SIG_FLAGS").expect(t, check(t, data), 0)
		if hasCode(check(t, signedDoc(sigSpec{}).data).Signatures[0], "SIG_FLAGS") {
			t.Error("flags that are there are said to be missing")
		}
	})
	t.Run("I07 dictionary not in the signed revision", func(t *testing.T) {
		invalid("FORMAT_FAILURE", "DICTIONARY_NOT_SIGNED").expect(t, check(t, dictionaryLater()), 0)
	})
	t.Run("I07 field not in the signed revision", func(t *testing.T) {
		invalid("FORMAT_FAILURE", "FIELD_NOT_SIGNED").expect(t, check(t, fieldLater()), 0)
	})
	for _, p := range []int{1, 2, 3} {
		t.Run(fmt.Sprintf("I05 DSS and timestamp at P=%d", p), func(t *testing.T) {
			d := certified(p)
			d.addDSS(dssData{certs: [][]byte{thePKI().root.Certificate.Raw}})
			d.docStamp(tokenSpec{})
			want{verdict: verify.ValidChanged, sub: "-", changes: verify.ChangesPermitted}.expect(t, check(t, d.data), 0)
		})
	}
}

// TestP26: a document timestamp has no entries of a signature; those that have
// them are told of.
func TestP26(t *testing.T) {
	for name, extra := range map[string]string{"Cert": "/Cert<3000>", "Reference": "/Reference[]", "Reason": "/Reason(archive)"} {
		t.Run("P26 "+name, func(t *testing.T) {
			d := newDoc()
			d.sign(sigSpec{sub: "ETSI.RFC3161", typ: "/Type/DocTimeStamp", now: "-", extra: extra, build: tokenSpec{}.token})
			wantValid.with("TIMESTAMP_ENTRIES").expect(t, check(t, d.data), 0)
		})
	}
	t.Run("P26 control", func(t *testing.T) {
		d := newDoc()
		d.docStamp(tokenSpec{})
		rep := check(t, d.data)
		wantValid.expect(t, rep, 0)
		if hasCode(rep.Signatures[0], "TIMESTAMP_ENTRIES") {
			t.Error("told of entries that are not there")
		}
	})
}

// TestPForms has the rows of the container and the dictionary under the names
// of the PAdES baseline; the same files stand in the matrices D, E and F.
func TestPForms(t *testing.T) {
	alice := thePKI().alice
	level := func(t *testing.T, data []byte, w want) {
		t.Helper()
		w.expect(t, check(t, data), 0)
	}
	none := func(code string) want {
		return want{verdict: verify.Valid, sub: "-", level: verify.LevelNone, code: code}
	}
	t.Run("P01 certificate in the DSS only", func(t *testing.T) {
		d := newDoc()
		d.addDSS(dssData{certs: [][]byte{alice.cert.Raw}})
		d.sign(sigSpec{build: cmsBy(alice, func(sd *cmstest.SignedData) { sd.Certificates = [][]byte{} })})
		level(t, d.data, none("~P01"))
	})
	t.Run("P02 the chain is inside", func(t *testing.T) {
		inner := subCA(thePKI().root, "P02 CA", year(2010), year(2100))
		level(t, signedDoc(sigSpec{build: withBag(newSigner(inner, testpki.Leaf{CN: "NGUYỄN VĂN A"}), inner)}).data, want{verdict: verify.Valid, sub: "-", level: verify.LevelBB})
	})
	t.Run("P02 the chain is not inside", func(t *testing.T) {
		inner := subCA(thePKI().root, "P02 CA", year(2010), year(2100))
		level(t, signedDoc(sigSpec{build: cmsBy(newSigner(inner, testpki.Leaf{CN: "NGUYỄN VĂN A"}))}).data, doubtful("NO_CERTIFICATE_CHAIN_FOUND", "UNTRUSTED"))
	})
	t.Run("P03 content type", func(t *testing.T) {
		level(t, signedDoc(sigSpec{build: cmsBy(alice, func(sd *cmstest.SignedData) { sd.ContentType = oids.TSTInfo })}).data, invalid("FORMAT_FAILURE", "CONTENT_TYPE_ATTRIBUTE"))
	})
	t.Run("P04 no message digest", func(t *testing.T) {
		level(t, signedDoc(sigSpec{build: cmsBy(alice, without(oids.MessageDigest))}).data, invalid("FORMAT_FAILURE", "MESSAGE_DIGEST_ATTRIBUTE"))
	})
	t.Run("P05 both attributes", func(t *testing.T) {
		both := withAttr(cmstest.SigningCertificateV1(alice.cert))
		level(t, signedDoc(sigSpec{build: cmsBy(alice, both)}).data, none("~P05"))
	})
	t.Run("P05 SHA-1 in the newer attribute", func(t *testing.T) {
		id := cmstest.TLV(0x30, cmstest.Alg(oids.SHA1), cmstest.TLV(4, cmstest.Sum(crypto.SHA1, alice.cert.Raw)))
		edit := func(sd *cmstest.SignedData) {
			sd.Attrs = func(a [][]byte) [][]byte {
				return [][]byte{a[0], a[1], cmstest.Attr(oids.SigningCertificateV2, cmstest.TLV(0x30, cmstest.TLV(0x30, id)))}
			}
		}
		level(t, signedDoc(sigSpec{build: cmsBy(alice, edit)}).data, none("~P05"))
	})
	t.Run("P07 white space", func(t *testing.T) {
		token := hexToken(func(d string, room int) string { return "<" + d + " " + zeros(room-len(d)-2) + " >" })
		level(t, signedDoc(sigSpec{token: token}).data, none("~P07"))
	})
	t.Run("P09 a part is not covered", func(t *testing.T) {
		rng := func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a, b, c-40), [][2]int{{0, a}, {b, b + c - 40}}
		}
		level(t, signedDoc(sigSpec{rng: rng}).data, want{verdict: verify.Invalid, level: verify.LevelNone, code: "BYTE_RANGE_END"})
	})
	t.Run("P13 two signers", func(t *testing.T) {
		level(t, signedDoc(sigSpec{build: cmsBy(alice, func(sd *cmstest.SignedData) { sd.Signers = 2 })}).data, invalid("FORMAT_FAILURE", "CMS_SIGNERS"))
	})
	t.Run("P16 content timestamp", func(t *testing.T) {
		before := tokenSpec{at: now().Add(-3600e9)}
		level(t, signedDoc(sigSpec{room: 12000, build: contentStamped(before, &tokenSpec{})}).data, want{verdict: verify.Valid, sub: "-", level: verify.LevelBT})
	})
	t.Run("P18 unsorted", func(t *testing.T) {
		unsorted := func(sd *cmstest.SignedData) {
			sd.Unsorted = true
			sd.Attrs = func(a [][]byte) [][]byte { return [][]byte{a[2], a[1], a[0]} }
		}
		level(t, signedDoc(sigSpec{build: cmsBy(alice, unsorted)}).data, none("~P18"))
	})
	t.Run("P19 signature timestamp", func(t *testing.T) {
		level(t, signedDoc(sigSpec{build: stamped(tokenSpec{})}).data, want{verdict: verify.Valid, sub: "-", level: verify.LevelBT})
	})
	t.Run("P19 document timestamp", func(t *testing.T) {
		d := signedDoc(sigSpec{})
		d.docStamp(tokenSpec{})
		level(t, d.data, want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBT})
	})
	for drop, l := range map[string]string{"DSS": verify.LevelBT, "archive": verify.LevelBLT, "": verify.LevelBLTA} {
		t.Run("P20 P24 without "+drop, func(t *testing.T) {
			if got := check(t, ltDoc(t, drop)).Signatures[0].Level; got != l {
				t.Errorf("level %s, want %s", got, l)
			}
		})
	}
}
