package verify_test

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

const crlURL = "http://crl.example.vn/test.crl"

// subCA makes an authority of any validity.
func subCA(ca *testpki.CA, cn string, from, to time.Time) *testpki.CA {
	key := testpki.Key(testpki.P256, cn)
	return &testpki.CA{Key: key, Certificate: ca.Issue(testpki.Leaf{CN: cn, Key: key.Public(), NotBefore: from, NotAfter: to,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		Template: func(c *x509.Certificate) { c.IsCA = true }})}
}

// status is a file and options that lead to one indication.
type status struct {
	sub  string // "": TOTAL_PASSED
	main string
	make func(t *testing.T) []byte
	opts func(*verify.Options)
}

// bob's certificate names a CRL.
func bob(ca *testpki.CA, edit func(*testpki.Leaf)) signer {
	l := testpki.Leaf{CN: "TRẦN THỊ B", CRLURL: crlURL}
	if edit != nil {
		edit(&l)
	}
	return newSigner(ca, l)
}

// signedBy is a file signed by somebody at a claimed time, with the DSS given.
func signedBy(by signer, claimed string, dss dssData, stamps ...tokenSpec) []byte {
	d := newDoc()
	d.addDSS(dss)
	d.sign(sigSpec{now: claimed, room: 12000, build: stampedBy(by, stamps)})
	return d.data
}

func doc(build func([]byte) []byte) func(*testing.T) []byte {
	return func(*testing.T) []byte { return signedDoc(sigSpec{build: build}).data }
}

// statuses are EN 319 102-1, 5.1.3: each indication and sub-indication.
func statuses() []status {
	root, alice := thePKI().root, thePKI().alice
	past := func(l *testpki.Leaf) { l.NotBefore, l.NotAfter = year(2020), year(2024) }
	return []status{
		{"", verify.TotalPassed, func(t *testing.T) []byte {
			b := bob(root, nil)
			return signedBy(b, "", dssData{crls: [][]byte{crl(t, root, now().Add(-time.Hour))}})
		}, nil},
		{"FORMAT_FAILURE", verify.TotalFailed, func(*testing.T) []byte {
			return append(signedDoc(sigSpec{}).data, "4 0 obj<<>>endobj"...)
		}, nil},
		{"HASH_FAILURE", verify.TotalFailed, func(*testing.T) []byte {
			return signedDoc(sigSpec{}).replace("amount is 100", "amount is 101").data
		}, nil},
		{"SIG_CRYPTO_FAILURE", verify.TotalFailed, doc(cmsBy(alice, func(sd *cmstest.SignedData) { sd.Key = thePKI().tsa.key })), nil},
		{"REVOKED", verify.TotalFailed, func(t *testing.T) []byte {
			b := bob(root, nil)
			return signedBy(b, "", dssData{crls: [][]byte{crl(t, root, now().Add(-time.Hour), revokedAt(b.cert, year(2026), 1))}}, tokenSpec{})
		}, nil},
		{"EXPIRED", verify.TotalFailed, func(*testing.T) []byte {
			return signedBy(bob(root, past), "D:20250101000000Z", dssData{})
		}, nil},
		{"NOT_YET_VALID", verify.TotalFailed, func(*testing.T) []byte {
			young := func(l *testpki.Leaf) { l.NotBefore = year(2025) }
			return signedBy(bob(root, young), "", dssData{}, tokenSpec{at: year(2024)})
		}, nil},
		{"SIG_CONSTRAINTS_FAILURE", verify.IndeterminateResult, doc(cmsBy(alice, without(oids.SigningCertificateV2))), nil},
		{"CHAIN_CONSTRAINTS_FAILURE", verify.IndeterminateResult, doc(cmsBy(newSigner(root, testpki.Leaf{CN: "encipher", KeyUsage: x509.KeyUsageKeyEncipherment}))), nil},
		{"CERTIFICATE_CHAIN_GENERAL_FAILURE", verify.IndeterminateResult, func(*testing.T) []byte {
			impostor := subCA(root, root.Certificate.Subject.CommonName, year(2000), year(2100))
			impostor = &testpki.CA{Certificate: root.Certificate, Key: impostor.Key}
			cert := impostor.Issue
			key := testpki.Key(testpki.P256, "victim")
			forged := corrupt(cert(testpki.Leaf{CN: "victim", Key: key.Public(), Template: func(*x509.Certificate) {}}))
			return signedDoc(sigSpec{build: cmsBy(signer{forged, key})}).data
		}, nil},
		{"CRYPTO_CONSTRAINTS_FAILURE", verify.IndeterminateResult, doc(cmsBy(alice, func(sd *cmstest.SignedData) { sd.Hash = crypto.SHA1 })), nil},
		{"POLICY_PROCESSING_ERROR", verify.IndeterminateResult, doc(cmsBy(alice, withAttr(cmstest.Attr(oids.SignaturePolicy, cmstest.TLV(4, []byte("x")))))), nil},
		{"SIGNATURE_POLICY_NOT_AVAILABLE", verify.IndeterminateResult, doc(cmsBy(alice, withAttr(cmstest.Attr(oids.SignaturePolicy,
			cmstest.TLV(0x30, cmstest.OID([]int{1, 2, 3, 4}), cmstest.TLV(0x30, cmstest.Alg(oids.SHA256), cmstest.TLV(4, make([]byte, 32)))))))), nil},
		{"TIMESTAMP_ORDER_FAILURE", verify.IndeterminateResult, func(*testing.T) []byte {
			return signedDoc(sigSpec{room: 12000, build: contentStamped(tokenSpec{}, &tokenSpec{at: year(2026)})}).data
		}, nil},
		{"NO_SIGNING_CERTIFICATE_FOUND", verify.IndeterminateResult, doc(cmsBy(alice, func(sd *cmstest.SignedData) { sd.Certificates = [][]byte{} })), nil},
		{"NO_CERTIFICATE_CHAIN_FOUND", verify.IndeterminateResult, doc(goodCMS), func(o *verify.Options) { o.Anchors = nil }},
		{"NO_CERTIFICATE_CHAIN_FOUND_NO_POE", verify.IndeterminateResult, func(*testing.T) []byte {
			sub := subCA(root, "Old CA", year(2010), year(2020))
			return signedDoc(sigSpec{build: withBag(newSigner(sub, testpki.Leaf{CN: "outlives"}), sub)}).data
		}, nil},
		{"REVOKED_NO_POE", verify.IndeterminateResult, func(t *testing.T) []byte {
			b := bob(root, nil)
			return signedBy(b, "D:20251231000000Z", dssData{crls: [][]byte{crl(t, root, now().Add(-time.Hour), revokedAt(b.cert, year(2026), 1))}})
		}, nil},
		{"REVOKED_CA_NO_POE", verify.IndeterminateResult, func(t *testing.T) []byte {
			sub := subCA(root, "Revoked CA", year(2010), year(2100))
			d := newDoc()
			d.addDSS(dssData{crls: [][]byte{crl(t, root, now().Add(-time.Hour), revokedAt(sub.Certificate, year(2026), 2))}})
			d.sign(sigSpec{build: withBag(newSigner(sub, testpki.Leaf{CN: "below"}), sub)})
			return d.data
		}, nil},
		{"OUT_OF_BOUNDS_NOT_REVOKED", verify.IndeterminateResult, func(t *testing.T) []byte {
			return signedBy(bob(root, past), "D:20230101000000Z", dssData{crls: [][]byte{crl(t, root, year(2024).Add(-time.Hour))}})
		}, nil},
		{"OUT_OF_BOUNDS_NO_POE", verify.IndeterminateResult, func(*testing.T) []byte {
			return signedBy(bob(root, past), "D:20230101000000Z", dssData{})
		}, nil},
		{"REVOCATION_OUT_OF_BOUNDS_NO_POE", verify.IndeterminateResult, func(t *testing.T) []byte {
			b := bob(root, nil)
			key := testpki.Key(testpki.P256, "responder")
			responder := signer{root.Issue(testpki.Leaf{CN: "responder", OCSPSigner: true, Key: key.Public(), NotBefore: year(2020), NotAfter: year(2021),
				KeyUsage: x509.KeyUsageDigitalSignature}), key}
			return signedBy(b, "", dssData{ocsps: [][]byte{ocspSpec{ca: root, by: &responder, about: b.cert, from: now().Add(-time.Hour)}.der(t)}})
		}, nil},
		{"CRYPTO_CONSTRAINTS_FAILURE_NO_POE", verify.IndeterminateResult, func(*testing.T) []byte {
			return signedDoc(sigSpec{now: "D:20100101000000Z", build: cmsBy(alice, func(sd *cmstest.SignedData) { sd.Hash = crypto.SHA1 })}).data
		}, nil},
		{"NO_POE", verify.IndeterminateResult, doc(goodCMS), func(o *verify.Options) { o.RequireTimestamp = true }},
		{"TRY_LATER", verify.IndeterminateResult, func(*testing.T) []byte { return signedBy(bob(root, nil), "", dssData{}) }, nil},
		{"SIGNED_DATA_NOT_FOUND", verify.IndeterminateResult, overlapping, nil},
	}
}

// corrupt flips a bit of a certificate's signature.
func corrupt(c *x509.Certificate) *x509.Certificate {
	der := slices.Clone(c.Raw)
	der[len(der)-1] ^= 1
	out, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return out
}

// withBag puts authorities beside the signer's certificate.
func withBag(s signer, cas ...*testpki.CA) func([]byte) []byte {
	return cmsBy(s, func(sd *cmstest.SignedData) {
		sd.Certificates = [][]byte{s.cert.Raw}
		for _, ca := range cas {
			sd.Certificates = append(sd.Certificates, ca.Certificate.Raw)
		}
	})
}

// overlapping has so many ranges from early gaps to the end of a large file
// that hashing them all is refused.
func overlapping(*testing.T) []byte {
	d := newDoc()
	const n, size = 80, 1 << 20
	objects := make(map[int]string)
	var holes []*sigSpec
	for i := range n {
		s := &sigSpec{room: 2000, name: fmt.Sprintf("Sig%d", i)}
		sig, field := d.alloc(), d.alloc()
		objects[sig], objects[field] = strings.Replace(s.dictionary(), "/Contents", fmt.Sprintf("/No %d/Contents", i), 1), s.fieldDict(sig)
		d.fields = append(d.fields, field)
		holes = append(holes, s)
	}
	objects[d.alloc()] = stream("", strings.Repeat("x", size))
	objects[objForm], objects[objPage] = d.acroForm(), d.page()
	d.append(objects)
	for _, s := range slices.Backward(holes) {
		s.fill(d)
	}
	return d.data
}

// TestStatuses produces every indication and sub-indication.
func TestStatuses(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range statuses() {
		name := s.sub
		if name == "" {
			name = s.main
		}
		t.Run(name, func(t *testing.T) {
			rep := check(t, s.make(t), func(o *verify.Options) {
				if s.opts != nil {
					s.opts(o)
				}
			})
			for _, sig := range rep.Signatures {
				got := ""
				if sig.SubIndication != nil {
					got = *sig.SubIndication
				}
				if got == s.sub && sig.Indication == s.main {
					if s.sub != "" && sig.URI != "urn:etsi:019102:subindication:"+s.sub {
						t.Errorf("URI %q", sig.URI)
					}
					seen[s.sub] = true
					return
				}
				t.Logf("%s %s %v", sig.Indication, got, sig.Reasons)
			}
			t.Errorf("no signature has %s %s", s.main, s.sub)
		})
	}
	if len(seen) != 26 { // 25 sub-indications, and none
		t.Errorf("%d outcomes, want 26", len(seen))
	}
}
