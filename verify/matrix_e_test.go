package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// without drops the attributes of a type.
func without(oid []int) func(*cmstest.SignedData) {
	return func(sd *cmstest.SignedData) {
		sd.Attrs = func(attrs [][]byte) [][]byte {
			var out [][]byte
			for _, a := range attrs {
				if !bytes.Contains(a, cmstest.OID(oid)) {
					out = append(out, a)
				}
			}
			return out
		}
	}
}

// with adds signed attributes.
func withAttr(more ...[]byte) func(*cmstest.SignedData) {
	return func(sd *cmstest.SignedData) {
		sd.Attrs = func(attrs [][]byte) [][]byte { return append(attrs, more...) }
	}
}

// utcTime is the DER of a UTCTime.
func utcTime(s string) []byte { return cmstest.TLV(0x17, []byte(s)) }

func invalid(sub, code string) want { return want{verdict: verify.Invalid, sub: sub, code: code} }
func doubtful(sub, code string) want {
	return want{verdict: verify.Indeterminate, sub: sub, code: code}
}

// TestE has containers that are wrong, in a file whose structure is right.
func TestE(t *testing.T) {
	alice := thePKI().alice
	mallory := newSigner(thePKI().root, testpki.Leaf{CN: "Mallory"})
	twin := newSigner(thePKI().root, testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn",
		UID:      []string{"CCCD:001000000001", "MST:0100000000"},
		Template: func(c *x509.Certificate) { c.SerialNumber = big.NewInt(4711) }})
	rows := []struct {
		name string
		by   signer
		sub  string
		edit func(*cmstest.SignedData)
		want want
	}{
		{"E01 evil content inside", alice, "", func(sd *cmstest.SignedData) { sd.Embed, sd.EContent = true, []byte("evil") },
			invalid("FORMAT_FAILURE", "CMS_HAS_CONTENT")},
		{"E02 empty content inside", alice, "", func(sd *cmstest.SignedData) { sd.Embed, sd.EContent = true, []byte{} },
			invalid("FORMAT_FAILURE", "CMS_HAS_CONTENT")},
		{"E03 two signers", alice, "", func(sd *cmstest.SignedData) { sd.Signers = 2 }, invalid("FORMAT_FAILURE", "CMS_SIGNERS")},
		{"E04 no signed attributes", alice, "", func(sd *cmstest.SignedData) { sd.NoSignedAttrs = true },
			invalid("SIG_CONSTRAINTS_FAILURE", "NO_SIGNED_ATTRIBUTES")},
		{"E04 no signed attributes, adbe", alice, "adbe.pkcs7.detached", func(sd *cmstest.SignedData) { sd.NoSignedAttrs = true },
			wantValid.with("SIGNATURE_WITHOUT_ATTRIBUTES")},
		{"E05 no message digest", alice, "", without(oids.MessageDigest), invalid("FORMAT_FAILURE", "MESSAGE_DIGEST_ATTRIBUTE")},
		{"E06 two message digests", alice, "", withAttr(cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, make([]byte, 32)))),
			invalid("FORMAT_FAILURE", "MESSAGE_DIGEST_ATTRIBUTE")},
		{"E07 no content type", alice, "", without(oids.ContentType), invalid("FORMAT_FAILURE", "CONTENT_TYPE_ATTRIBUTE")},
		{"E08 wrong content type", alice, "", func(sd *cmstest.SignedData) { sd.ContentType = oids.TSTInfo },
			invalid("FORMAT_FAILURE", "CONTENT_TYPE_ATTRIBUTE")},
		{"E09 no signing certificate", alice, "", without(oids.SigningCertificateV2), doubtful("SIG_CONSTRAINTS_FAILURE", "ESS_MISSING")},
		{"E09 no signing certificate, adbe", alice, "adbe.pkcs7.detached", without(oids.SigningCertificateV2), wantValid.with("ESS_ABSENT")},
		{"E10 ESS of another certificate", alice, "", func(sd *cmstest.SignedData) { sd.ESS = mallory.cert },
			invalid("SIG_CONSTRAINTS_FAILURE", "ESS_MISMATCH")},
		{"E11 substituted certificate", alice, "", func(sd *cmstest.SignedData) { sd.Cert, sd.ESS = twin.cert, alice.cert },
			invalid("SIG_CONSTRAINTS_FAILURE", "ESS_MISMATCH")},
		{"E12 SHA-1", alice, "", func(sd *cmstest.SignedData) { sd.Hash = crypto.SHA1 },
			doubtful("CRYPTO_CONSTRAINTS_FAILURE", "ALGORITHM_WEAK")},
		{"E13 another key", alice, "", func(sd *cmstest.SignedData) { sd.Key = mallory.key },
			invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")},
		{"E14 digest algorithm lies", alice, "", func(sd *cmstest.SignedData) { sd.DigestAlg = cmstest.Alg(oids.SHA512) },
			want{verdict: verify.Invalid, integrity: verify.Broken}},
		{"E15 signing time", alice, "", withAttr(cmstest.Attr(oids.SigningTime, utcTime("260512083000Z"))),
			want{verdict: verify.Valid, sub: "-", level: verify.LevelNone, code: "NOT_BASELINE"}},
		{"E16 no certificates", alice, "", func(sd *cmstest.SignedData) { sd.Certificates = [][]byte{} },
			doubtful("NO_SIGNING_CERTIFICATE_FOUND", "NO_CERTIFICATE")},
		{"E17 Mallory first in the bag", alice, "", func(sd *cmstest.SignedData) {
			sd.Certificates = [][]byte{mallory.cert.Raw, alice.cert.Raw}
		}, wantValid},
		{"E21 PSS with odd trailer", alice, "", func(sd *cmstest.SignedData) {
			sd.Key, sd.Cert = rsaSigner().key, rsaSigner().cert
			sd.PSS, sd.SignatureAlg = true, cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 2)
		}, invalid("SIG_CRYPTO_FAILURE", "ALGORITHM_MISMATCH")},
		{"E21 PSS with another salt", alice, "", func(sd *cmstest.SignedData) {
			sd.Key, sd.Cert = rsaSigner().key, rsaSigner().cert
			sd.PSS, sd.SignatureAlg = true, cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 20, 1)
		}, invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")},
		{"E21 PKCS#1 that is PSS", alice, "", func(sd *cmstest.SignedData) {
			sd.Key, sd.Cert = rsaSigner().key, rsaSigner().cert
			sd.PSS, sd.SignatureAlg = true, cmstest.Alg(oids.RSAEncryption, cmstest.Null)
		}, invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")},
		{"E21 PSS, control", alice, "", func(sd *cmstest.SignedData) {
			sd.Key, sd.Cert, sd.PSS = rsaSigner().key, rsaSigner().cert, true
		}, wantValid},
		{"E22 r is 0", alice, "", func(sd *cmstest.SignedData) {
			sd.Sign = func(_, _ []byte) []byte { return cmstest.TLV(0x30, []byte{2, 1, 0}, []byte{2, 1, 1}) }
		}, invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")},
		{"E22 bytes behind the value", alice, "", func(sd *cmstest.SignedData) {
			sd.Sign = func(_, digest []byte) []byte {
				v, _ := alice.key.Sign(rnd{}, digest, crypto.SHA256)
				return append(v, 0)
			}
		}, invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")},
		{"E24 unsorted attributes", alice, "", func(sd *cmstest.SignedData) {
			sd.Unsorted = true
			sd.Attrs = func(a [][]byte) [][]byte { return [][]byte{a[2], a[1], a[0]} }
		}, want{verdict: verify.Valid, sub: "-", level: verify.LevelNone, code: "ATTRIBUTES_UNSORTED"}},
		{"E25 algorithm protection", alice, "", withAttr(cmstest.Attr(oids.AlgorithmProtection,
			cmstest.TLV(0x30, cmstest.Alg(oids.SHA512), cmstest.TLV(0xa1, cmstest.OID(oids.ECDSAWithSHA512))))),
			invalid("SIG_CONSTRAINTS_FAILURE", "ALGORITHM_PROTECTION")},
		{"E26 by key identifier", alice, "", func(sd *cmstest.SignedData) { sd.SKI = true }, wantValid},
		{"E26 two certificates fit", alice, "", func(sd *cmstest.SignedData) {
			sd.SKI, sd.Certificates = true, [][]byte{twin.cert.Raw, alice.cert.Raw}
		}, wantValid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			rep := check(t, signedDoc(sigSpec{sub: row.sub, build: cmsBy(row.by, row.edit)}).data)
			row.want.expect(t, rep, 0)
			if s := rep.Signatures[0]; row.want.verdict == verify.Valid && row.by.cert == alice.cert &&
				(s.Signer == nil || s.Signer.CN == nil || *s.Signer.CN == "Mallory" || s.Signer.Serial == "1267") {
				t.Errorf("the signer shown is %+v", s.Signer)
			}
		})
	}
}

// rsaSigner is a signer with an RSA key.
func rsaSigner() signer {
	key := testpki.Key(testpki.RSA2048, "rsa signer")
	return signer{thePKI().root.Issue(testpki.Leaf{CN: "rsa signer", Key: key.Public()}), key}
}

// TestE16 finds the certificate elsewhere in the file.
func TestE16(t *testing.T) {
	d := newDoc()
	d.addDSS(dssData{certs: [][]byte{thePKI().alice.cert.Raw}})
	d.sign(sigSpec{build: cmsBy(thePKI().alice, func(sd *cmstest.SignedData) { sd.Certificates = [][]byte{} })})
	wantValid.expect(t, check(t, d.data), 0)
}

// TestE18 strips the signed attributes: the attributes, as the SET they are
// signed as, become the content of another file.
func TestE18(t *testing.T) {
	var attrs, value []byte
	catch := func(sd *cmstest.SignedData) {
		sd.Sign = func(message, digest []byte) []byte {
			attrs = bytes.Clone(message)
			value, _ = thePKI().alice.key.Sign(rnd{}, digest, crypto.SHA256)
			return value
		}
	}
	cmsBy(thePKI().alice, catch)([]byte("what Alice signed"))
	for _, sub := range []string{"ETSI.CAdES.detached", "adbe.pkcs7.detached"} {
		t.Run("E18 "+sub, func(t *testing.T) {
			d := newDoc()
			at := len(d.data) + 1
			d.data = append(append(append(d.data, '%'), attrs...), '\n')
			d.sign(sigSpec{sub: sub,
				rng: func(_, _, _ int) (string, [][2]int) {
					end := at + len(attrs)
					return fmt.Sprintf("[%d %d %d 0]", at, len(attrs), end+1), [][2]int{{at, end}}
				},
				build: cmsBy(thePKI().alice, func(sd *cmstest.SignedData) {
					sd.NoSignedAttrs = true
					sd.Sign = func(_, _ []byte) []byte { return value }
				})})
			if rep := check(t, d.data); rep.Verdict != verify.Invalid {
				t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
			}
		})
	}
}

// TestE20 forges a signature for a key with the exponent 3: the cube root of a
// block whose padding is short and whose rest is free (CVE-2006-4339).
func TestE20(t *testing.T) {
	n := new(big.Int).SetBytes(bytes.Repeat([]byte{0xd7, 0x35, 0x91}, 86)[:256])
	n.SetBit(n, 0, 1)
	pub := &rsa.PublicKey{N: n, E: 3}
	forger := signer{thePKI().root.Issue(testpki.Leaf{CN: "exponent 3", Key: pub}), nil}
	forge := func(garbageLast bool) func(message, digest []byte) []byte {
		return func(_, digest []byte) []byte {
			info := cmstest.TLV(0x30, cmstest.Alg(oids.SHA256, cmstest.Null), cmstest.TLV(4, digest))
			block := append([]byte{0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}, info...)
			block = append(block, bytes.Repeat([]byte{0xff}, 256-len(block))...)
			if !garbageLast {
				block = append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, 254)...)
			}
			return cubeRoot(new(big.Int).SetBytes(block)).FillBytes(make([]byte, 256))
		}
	}
	for name, last := range map[string]bool{"behind": true, "instead": false} {
		t.Run("E20 garbage "+name, func(t *testing.T) {
			build := func(content []byte) []byte {
				return cmstest.SignedData{Cert: forger.cert, Key: rsaSigner().key, Content: content, Sign: forge(last)}.Build()
			}
			invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH").expect(t, check(t, signedDoc(sigSpec{build: build}).data), 0)
		})
	}
}

// cubeRoot is the integer below the cube root.
func cubeRoot(n *big.Int) *big.Int {
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()/3+1))
	for one := big.NewInt(1); new(big.Int).Sub(high, low).Cmp(one) > 0; {
		mid := new(big.Int).Rsh(new(big.Int).Add(low, high), 1)
		if new(big.Int).Exp(mid, big.NewInt(3), nil).Cmp(n) <= 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// TestE23 has signatures that bind a SHA-1 digest of the file: whoever finds a
// collision has two files for one signature.
func TestE23(t *testing.T) {
	sha1CMS := func(content []byte) []byte {
		digest := cmstest.Sum(crypto.SHA1, content)
		return cmstest.SignedData{Cert: thePKI().alice.cert, Key: thePKI().alice.key, Content: digest, Embed: true}.Build()
	}
	t.Run("E23 adbe.pkcs7.sha1", func(t *testing.T) {
		w := doubtful("CRYPTO_CONSTRAINTS_FAILURE", "SUBFILTER_DEPRECATED")
		w.integrity = verify.Intact
		w.expect(t, check(t, signedDoc(sigSpec{sub: "adbe.pkcs7.sha1", build: sha1CMS}).data), 0)
	})
	t.Run("E23 adbe.pkcs7.sha1, changed", func(t *testing.T) {
		d := signedDoc(sigSpec{sub: "adbe.pkcs7.sha1", build: sha1CMS}).replace("amount is 100", "amount is 900")
		invalid("HASH_FAILURE", "DIGEST_MISMATCH").expect(t, check(t, d.data), 0)
	})
	x509sig := func(content []byte) []byte {
		v, err := rsaSigner().key.Sign(rnd{}, cmstest.Sum(crypto.SHA1, content), crypto.SHA1)
		if err != nil {
			t.Fatal(err)
		}
		return cmstest.TLV(4, v)
	}
	cert := fmt.Sprintf("/Cert<%x>", rsaSigner().cert.Raw)
	t.Run("E23 adbe.x509.rsa_sha1", func(t *testing.T) {
		w := doubtful("CRYPTO_CONSTRAINTS_FAILURE", "SUBFILTER_DEPRECATED")
		w.integrity = verify.Intact
		w.expect(t, check(t, signedDoc(sigSpec{sub: "adbe.x509.rsa_sha1", extra: cert, build: x509sig}).data), 0)
	})
	t.Run("E23 adbe.x509.rsa_sha1, changed", func(t *testing.T) {
		d := signedDoc(sigSpec{sub: "adbe.x509.rsa_sha1", extra: cert, build: x509sig}).replace("amount is 100", "amount is 900")
		w := invalid("SIG_CRYPTO_FAILURE", "SIGNATURE_MISMATCH")
		w.integrity = verify.Broken
		w.expect(t, check(t, d.data), 0)
	})
}

// TestFlipped changes single bytes of what is signed.
func TestFlipped(t *testing.T) {
	d := signedDoc(sigSpec{}).replace("amount is 100", "amount is 101")
	w := invalid("HASH_FAILURE", "DIGEST_MISMATCH")
	w.integrity = verify.Broken
	w.expect(t, check(t, d.data), 0)
}
