package verify_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/changes"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// codeRow is a file that leads to a reason code.
type codeRow struct {
	code    string
	verdict verify.Verdict
	make    func(t *testing.T) []byte
	opts    func(*verify.Options)
}

func fixed(data []byte) func(*testing.T) []byte { return func(*testing.T) []byte { return data } }

// structureCodes are about file, dictionary and range.
func structureCodes() []codeRow {
	manyRevisions := after(func(d *pdfDoc) {
		for range 20_010 {
			d.table(map[int]int{}, "")
		}
	})
	return []codeRow{
		{"UNREADABLE", verify.Unreadable, fixed([]byte("no PDF at all")), nil},
		{"PASSWORD_REQUIRED", verify.Unreadable, encrypted, nil},
		{"SIGNATURE_MARKS", verify.Invalid, fixed([]byte("%PDF-1.7\n1 0 obj<</Type/Sig/ByteRange[0 1 2 3]")), nil},
		{"SIGNATURE_STRAY", verify.Invalid, fixed(strayMark()), nil},
		{"BYTE_RANGE_MISSING", verify.Invalid, fixed(forge("keep", "", false)), nil},
		{"CONTENTS_MISSING", verify.Invalid, fixed(forge("", "keep", false)), nil},
		{"CONTENTS_EMPTY", verify.Invalid, fixed(forge("/Contents <0000>", "keep", false)), nil},
		{"SIGNATURE_NOT_DICTIONARY", verify.Invalid, fixed(after(func(d *pdfDoc) {
			d.append(map[int]string{d.next - 2: "(a string)"})
		})), nil},
		{"SIGNATURE_UNREADABLE", verify.Invalid, fixed(unreadableValue()), nil},
		{"DICTIONARY_IN_STREAM", verify.Invalid, fixed(inObjectStream()), nil},
		{"DICTIONARY_NOT_SIGNED", verify.Invalid, fixed(dictionaryLater()), nil},
		{"FIELD_NOT_SIGNED", verify.Invalid, fixed(fieldLater()), nil},
		{"FILTER_MISSING", verify.Valid, fixed(signedDoc(sigSpec{dict: func(s string) string { return cut(s, "/Filter/Adobe.PPKLite") }}).data), nil},
		{"CERT_ENTRY_IGNORED", verify.Valid, fixed(signedDoc(sigSpec{extra: "/Cert<3000>"}).data), nil},
		{"SIG_FLAGS", verify.Valid, fixed(signedDoc(sigSpec{objects: func(d *pdfDoc, objects map[int]string, _, _ int) {
			objects[objForm] = cut(d.acroForm(), "/SigFlags 3")
		}}).data), nil},
		{"SIGNED_TRAILING_DATA", verify.Valid, fixed(signedTail()), nil},
		{"LIMIT_MARKS", verify.Indeterminate, fixed(signedDoc(sigSpec{objects: func(d *pdfDoc, objects map[int]string, _, _ int) {
			objects[d.alloc()] = stream("", strings.Repeat("/ByteRange ", 10_050))
		}}).data), nil},
		{"LIMIT_REVISIONS", verify.Invalid, fixed(manyRevisions), nil},
		{"REVISIONS_UNCLEAR", verify.Invalid, fixed(manyRevisions), nil},
		{"FORM_UNREADABLE", verify.Invalid, fixed(after(func(d *pdfDoc) {
			d.append(map[int]string{objCatalog: "<</Type/Catalog/Pages 2 0 R/AcroForm (no form)>>"})
		})), nil},
		{"LIMIT_HASHING", verify.Invalid, overlapping, nil},
		{"LIMIT_SIGNATURES", verify.Invalid, fixed(emptySignatures(1005)), nil},
		{"CHANGES_FORBIDDEN", verify.Invalid, fixed(after(func(d *pdfDoc) { d.append(map[int]string{objContent: evilContent()}) })), nil},
	}
}

// containerCodes are about container, certificates and times.
func containerCodes() []codeRow {
	root, alice := thePKI().root, thePKI().alice
	rsa := testpki.Key(testpki.RSA2048, "rsa")
	rsaSigner := signer{root.Issue(testpki.Leaf{CN: "rsa", Key: rsa.Public()}), rsa}
	self := signer{key: testpki.Key(testpki.P256, "self")}
	self.cert = testpki.NewRoot("self", testpki.P256).Certificate
	self.key = testpki.NewRoot("self", testpki.P256).Key
	weakRoot := testpki.NewRoot("Weak Root", testpki.RSA2048)
	weak := &testpki.CA{Key: rsa, Certificate: weakRoot.Issue(testpki.Leaf{CN: "Weak CA", Key: rsa.Public(), KeyUsage: x509.KeyUsageCertSign,
		Template: func(c *x509.Certificate) { c.IsCA, c.SignatureAlgorithm = true, x509.SHA1WithRSA }})}
	return []codeRow{
		{"CMS_MALFORMED", verify.Invalid, fixed(signedDoc(sigSpec{build: func([]byte) []byte { return []byte{0x30, 3, 2, 1, 1} }}).data), nil},
		{"ALGORITHM_UNKNOWN", verify.Indeterminate, doc(cmsBy(alice, func(sd *cmstest.SignedData) { sd.DigestAlg = cmstest.Alg([]int{1, 2, 3, 4}) })), nil},
		{"ALGORITHM_WEAK_NOW", verify.Indeterminate, statusFile("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"), nil},
		{"ALGORITHM_ENDS_SOON", verify.Valid, doc(cmsBy(rsaSigner)), func(o *verify.Options) { o.At = time.Date(2028, 6, 1, 0, 0, 0, 0, time.UTC) }},
		{"SIGNATURE_POLICY_BAD", verify.Indeterminate, statusFile("POLICY_PROCESSING_ERROR"), nil},
		{"ESS_MALFORMED", verify.Invalid, doc(cmsBy(alice, func(sd *cmstest.SignedData) {
			sd.Attrs = func(a [][]byte) [][]byte {
				return [][]byte{a[0], a[1], cmstest.Attr(oids.SigningCertificateV2, cmstest.TLV(4, []byte("x")))}
			}
		})), nil},
		{"REVOKED_CA", verify.Indeterminate, statusFile("REVOKED_CA_NO_POE"), nil},
		{"CHAIN_CONSTRAINT", verify.Indeterminate, doc(withBag(newSigner(signerAsCA(), testpki.Leaf{CN: "below a signer"}), signerAsCA())), nil},
		{"SIGNATURE_POLICY", verify.Indeterminate, statusFile("SIGNATURE_POLICY_NOT_AVAILABLE"), nil},
		{"SELF_SIGNED", verify.Indeterminate, doc(cmsBy(self)), nil},
		{"CHAIN_ALGORITHM_WEAK", verify.Indeterminate, doc(withBag(newSigner(weak, testpki.Leaf{CN: "below SHA-1"}), weak)),
			func(o *verify.Options) { o.Anchors = anchors(weakRoot) }},
		{"KEY_USAGE", verify.Indeterminate, statusFile("CHAIN_CONSTRAINTS_FAILURE"), nil},
		{"CHAIN_BAD", verify.Indeterminate, statusFile("CERTIFICATE_CHAIN_GENERAL_FAILURE"), nil},
		{"CHAIN_EXPIRED", verify.Indeterminate, statusFile("NO_CERTIFICATE_CHAIN_FOUND_NO_POE"), nil},
		{"EXPIRED_NOT_REVOKED", verify.Indeterminate, statusFile("OUT_OF_BOUNDS_NOT_REVOKED"), nil},
		{"NOT_YET_VALID_NOW", verify.Indeterminate, doc(cmsBy(newSigner(root, testpki.Leaf{CN: "young", NotBefore: year(2027)}))), nil},
		{"CLAIMED_TIME_OUTSIDE", verify.Valid, fixed(signedDoc(sigSpec{now: "D:20200101000000Z", room: 12000,
			build: stampedBy(newSigner(root, testpki.Leaf{CN: "new", NotBefore: year(2025)}), []tokenSpec{{}})}).data), nil},
		{"TIME_NOT_PROVEN", verify.Valid, doc(goodCMS), nil},
		{"LIMIT_TIMESTAMPS", verify.Indeterminate, fixed(signedDoc(sigSpec{room: 60000, build: stampedBy(alice, make([]tokenSpec, 20))}).data), nil},
		{"DSS_IGNORED", verify.Valid, func(t *testing.T) []byte {
			d := newDoc()
			var many [][]byte
			for i := range 1100 {
				many = append(many, crl(t, root, hourAgo().Add(-time.Duration(i)*time.Second)))
			}
			d.addDSS(dssData{crls: many})
			d.sign(sigSpec{})
			return d.data
		}, nil},
		{"LIMIT_REVOCATION", verify.Valid, func(t *testing.T) []byte {
			d := newDoc()
			var dss dssData
			for i := range 1000 {
				dss.crls = append(dss.crls, crl(t, root, hourAgo().Add(-time.Duration(i)*time.Second)))
			}
			for i := range 20 {
				dss.ocsps = append(dss.ocsps, ocspSpec{ca: root, about: alice.cert, from: hourAgo().Add(-time.Duration(i) * time.Second)}.der(t))
			}
			d.addDSS(dss)
			d.sign(sigSpec{room: 500_000, build: cmsBy(alice, func(sd *cmstest.SignedData) { sd.CRLs = bytes.Repeat(dss.crls[0], 990) })})
			return d.data
		}, nil},
	}
}

// TestCodes reaches the reasons that the matrices do not ask for by name.
func TestCodes(t *testing.T) {
	known := verify.Codes()
	for _, row := range append(structureCodes(), containerCodes()...) {
		t.Run(row.code, func(t *testing.T) {
			if _, ok := known[verify.Code(row.code)]; !ok {
				t.Fatal("no such code")
			}
			rep := check(t, row.make(t), func(o *verify.Options) {
				if row.opts != nil {
					row.opts(o)
				}
			})
			if rep.Verdict != row.verdict {
				t.Errorf("verdict %s, want %s", rep.Verdict, row.verdict)
			}
			for _, r := range rep.Reasons {
				if r.Code == row.code {
					return
				}
			}
			for _, s := range rep.Signatures {
				if hasCode(s, row.code) {
					return
				}
			}
			t.Errorf("not told: %v", rep.Reasons)
			for _, s := range rep.Signatures[:min(3, len(rep.Signatures))] {
				t.Logf("%s %v", s.Indication, s.Reasons)
			}
		})
	}
}

// TestCodesAreTested: each code stands in a test of this package or of
// internal/changes, or in the list of those that a test can't name.
func TestCodesAreTested(t *testing.T) {
	// A bare file can't reach these at bearable cost; internal/changes and
	// internal/certpath test the limits behind them.
	exempt := map[string]bool{"CHANGES_WARNING": true, "CHANGES_UNKNOWN": true, "LIMIT_CHANGES": true, "LIMIT_FIELDS": true,
		"LIMIT_PATH": true}
	// Tested there by the name of their constants.
	for _, code := range []string{changes.WarnDSSRemoved, changes.WarnAnnotation, changes.WarnSignatureCovers, changes.WarnCopiedSignature, changes.WarnAppearanceOnly} {
		exempt[code] = true
	}
	var text strings.Builder
	for _, pattern := range []string{"*_test.go", filepath.Join("..", "internal", "changes", "*_test.go")} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(b)
		}
	}
	for code := range verify.Codes() {
		if !exempt[string(code)] && !strings.Contains(text.String(), `"`+string(code)+`"`) && !strings.Contains(text.String(), "verify.Code"+string(code)) {
			t.Errorf("no test names %s", code)
		}
	}
}

// signerAsCA is a signer's certificate that is used as that of an authority.
func signerAsCA() *testpki.CA {
	key := testpki.Key(testpki.P256, "no authority")
	return &testpki.CA{Key: key, Certificate: thePKI().root.Issue(testpki.Leaf{CN: "no authority", Key: key.Public()})}
}

// statusFile is the file of TestStatuses for a sub-indication.
func statusFile(sub string) func(*testing.T) []byte {
	for _, s := range statuses() {
		if s.sub == sub {
			return s.make
		}
	}
	panic(sub)
}

// encrypted opens with a password only.
func encrypted(t *testing.T) []byte {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(in, newDoc().data, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("qpdf", "--encrypt", "user", "owner", "256", "--", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// strayMark has the trace of a signature in a comment.
func strayMark() []byte {
	d := newDoc()
	d.data = append(d.data, "% <</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>\n"...)
	d.append(map[int]string{objContent: stream("", pageText)})
	return d.data
}

// unreadableValue has a field whose value is no object.
func unreadableValue() []byte {
	return after(func(d *pdfDoc) {
		sig := d.next - 2
		d.table(map[int]int{sig: bytes.LastIndex(d.data, []byte("startxref"))}, "")
	})
}

// inObjectStream has a signature dictionary that lies in an object stream.
func inObjectStream() []byte {
	d := newDoc()
	sig, field, objstm, xref := d.alloc(), d.alloc(), d.alloc(), d.alloc()
	d.fields = append(d.fields, field)
	head := fmt.Sprintf("%d 0 ", sig)
	offsets := d.body(map[int]string{field: (&sigSpec{}).fieldDict(sig), objForm: d.acroForm(), objPage: d.page(),
		objstm: stream(fmt.Sprintf("/Type/ObjStm/N 1/First %d", len(head)), head+"<</Type/Sig/Filter/X/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 30]/Contents<3000>>>")})
	at := len(d.data)
	offsets[xref] = at
	var rows, index strings.Builder
	for _, n := range []int{objPage, objForm, sig, field, objstm, xref} {
		fmt.Fprintf(&index, "%d 1 ", n)
		if n == sig {
			rows.WriteString("\x02" + string([]byte{0, 0, byte(objstm >> 8), byte(objstm)}) + "\x00")
			continue
		}
		o := offsets[n]
		rows.WriteString("\x01" + string([]byte{byte(o >> 24), byte(o >> 16), byte(o >> 8), byte(o)}) + "\x00")
	}
	d.data = fmt.Appendf(d.data, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", xref,
		stream(fmt.Sprintf("/Type/XRef/W[1 4 1]/Size %d/Root 1 0 R/Prev %d/Index[%s]", d.next, d.xref, index.String()), rows.String()), at)
	return d.data
}

// dictionaryLater signs a revision whose table does not name the dictionary;
// a later table does.
func dictionaryLater() []byte {
	d := newDoc()
	s := sigSpec{}
	s.room = 8000
	sig, field := d.alloc(), d.alloc()
	d.fields = append(d.fields, field)
	offsets := d.body(map[int]string{sig: s.dictionary(), field: s.fieldDict(sig), objForm: d.acroForm(), objPage: d.page()})
	at := offsets[sig]
	delete(offsets, sig)
	d.table(offsets, "")
	s.fill(d)
	d.table(map[int]int{sig: at}, "")
	return d.data
}

// fieldLater puts a signature in a field that came after it.
func fieldLater() []byte {
	d := newDoc()
	sig, _ := d.sign(sigSpec{objects: func(d *pdfDoc, objects map[int]string, _, field int) {
		d.fields = d.fields[:len(d.fields)-1]
		delete(objects, field)
		objects[objForm], objects[objPage] = d.acroForm(), d.page()
	}})
	field := d.alloc()
	d.fields = append(d.fields, field)
	d.append(map[int]string{field: (&sigSpec{}).fieldDict(sig), objForm: d.acroForm(), objPage: d.page()})
	return d.data
}

// signedTail signs what follows the last revision too.
func signedTail() []byte {
	d := newDoc()
	s := sigSpec{room: 8000}
	sig, field := d.alloc(), d.alloc()
	d.fields = append(d.fields, field)
	d.append(map[int]string{sig: s.dictionary(), field: s.fieldDict(sig), objForm: d.acroForm(), objPage: d.page()})
	d.data = append(d.data, "% a line behind the end\n"...)
	s.fill(d)
	return d.data
}

// emptySignatures has many fields with one bad value.
func emptySignatures(n int) []byte {
	d := newDoc()
	objects := make(map[int]string)
	for range n {
		sig, field := d.alloc(), d.alloc()
		objects[sig], objects[field] = "<</Type/Sig/SubFilter/X/ByteRange[0 1 2 3]/Contents<00>>>", (&sigSpec{}).fieldDict(sig)
		d.fields = append(d.fields, field)
	}
	objects[objForm], objects[objPage] = d.acroForm(), d.page()
	d.append(objects)
	return d.data
}
