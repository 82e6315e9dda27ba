package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// now is the clock of all tests.
func now() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }

// year is the first instant of one.
func year(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }

// signer is a certificate with its key.
type signer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// pki is one root with a signer and a TSA, whose certificates name no source
// for their revocation status.
type pki struct {
	root  *testpki.CA
	alice signer
	tsa   signer
}

var thePKI = sync.OnceValue(func() pki {
	root := testpki.NewRoot("Test Root", testpki.P256)
	return pki{root: root, alice: newSigner(root, testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn",
		UID: []string{"CCCD:001000000001", "MST:0100000000"}}), tsa: newSigner(root, tsaLeaf("Test TSA"))}
})

func tsaLeaf(cn string) testpki.Leaf {
	return testpki.Leaf{CN: cn, TSA: true, KeyUsage: x509.KeyUsageDigitalSignature}
}

// newSigner issues a certificate for the P-256 key of that name.
func newSigner(ca *testpki.CA, l testpki.Leaf) signer {
	key := testpki.Key(testpki.P256, l.CN)
	l.Key = key.Public()
	return signer{ca.Issue(l), key}
}

func anchors(cas ...*testpki.CA) []certpath.Anchor {
	var out []certpath.Anchor
	for _, ca := range cas {
		out = append(out, certpath.Anchor{Certificate: ca.Certificate})
	}
	return out
}

// goodCMS is a right container by Alice.
func goodCMS(content []byte) []byte { return cmsBy(thePKI().alice)(content) }

// cmsBy makes right containers, with edits.
func cmsBy(s signer, edits ...func(*cmstest.SignedData)) func(content []byte) []byte {
	return func(content []byte) []byte {
		sd := cmstest.SignedData{Cert: s.cert, Key: s.key, Content: content}
		for _, edit := range edits {
			edit(&sd)
		}
		return sd.Build()
	}
}

// tokenSpec says how a time-stamp token is made; zero fields are right.
type tokenSpec struct {
	by      signer
	at      time.Time   // zero: now
	hash    crypto.Hash // of the imprint; 0: SHA-256
	imprint []byte      // nil: of the data
	edit    func(*cmstest.SignedData)
	info    func([]byte) []byte // edits the DER of TSTInfo
}

// token is an RFC 3161 token over data.
func (s tokenSpec) token(data []byte) []byte {
	by := s.by
	if by.cert == nil {
		by = thePKI().tsa
	}
	if s.at.IsZero() {
		s.at = now()
	}
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}
	if s.imprint == nil {
		s.imprint = cmstest.Sum(s.hash, data)
	}
	info := cmstest.TLV(0x30, cmstest.Int(big.NewInt(1)), cmstest.OID(asn1.ObjectIdentifier{1, 2, 3, 4, 1}),
		cmstest.TLV(0x30, cmstest.Alg(cmstest.HashOIDs[s.hash]), cmstest.TLV(4, s.imprint)),
		cmstest.Int(big.NewInt(7)), cmstest.TLV(0x18, []byte(s.at.UTC().Format("20060102150405Z"))))
	if s.info != nil {
		info = s.info(info)
	}
	sd := cmstest.SignedData{Cert: by.cert, Key: by.key, ContentType: oids.TSTInfo, Content: info, Embed: true}
	if s.edit != nil {
		s.edit(&sd)
	}
	return sd.Build()
}

// stamped adds a signature timestamp to what Alice signs. The signature value
// is needed first, so the signing is done here and repeated from memory.
func stamped(s tokenSpec, edits ...func(*cmstest.SignedData)) func(content []byte) []byte {
	return stampedBy(thePKI().alice, []tokenSpec{s}, edits...)
}

func stampedBy(by signer, specs []tokenSpec, edits ...func(*cmstest.SignedData)) func(content []byte) []byte {
	return func(content []byte) []byte {
		var value []byte
		keep := func(sd *cmstest.SignedData) {
			sd.Sign = func(_, digest []byte) []byte {
				if value == nil {
					v, err := by.key.Sign(rnd{}, digest, crypto.SHA256)
					if err != nil {
						panic(err)
					}
					value = v
				}
				return value
			}
		}
		cmsBy(by, append(edits, keep)...)(content)
		add := func(sd *cmstest.SignedData) {
			for _, s := range specs {
				sd.Unsigned = append(sd.Unsigned, cmstest.Attr(oids.SignatureTimestamp, s.token(value)))
			}
		}
		return cmsBy(by, append(edits, keep, add)...)(content)
	}
}

// rnd is a source of bytes that does not end.
type rnd struct{}

func (rnd) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i*7 + 3)
	}
	return len(p), nil
}

// check verifies with the anchor of thePKI.
func check(t testing.TB, data []byte, edits ...func(*verify.Options)) *verify.Report {
	t.Helper()
	o := verify.Options{Anchors: anchors(thePKI().root), Now: now}
	for _, edit := range edits {
		edit(&o)
	}
	rep, err := verify.Verify(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	checkSane(t, rep)
	return rep
}

// checkSane holds what is true of every report.
func checkSane(t testing.TB, rep *verify.Report) {
	t.Helper()
	if len(rep.Signatures) == 0 && rep.Verdict != verify.Unsigned && rep.Verdict != verify.Unreadable {
		t.Errorf("verdict %s without signatures", rep.Verdict)
	}
	for _, s := range rep.Signatures {
		if s.Indication == verify.TotalPassed && (s.Integrity != verify.Intact || s.SubIndication != nil || s.Trust.Status != verify.Trusted ||
			s.ChangesAfter == verify.ChangesForbidden || s.ChangesAfter == verify.ChangesUnknown && s.Kind != verify.KindUsageRights) {
			t.Errorf("TOTAL_PASSED with %+v", s)
		}
		if s.Indication != verify.TotalPassed && (s.SubIndication == nil || len(s.Reasons) == 0) {
			t.Errorf("%s without a reason: %+v", s.Indication, s)
		}
		if rep.Verdict == verify.Valid && s.Indication != verify.TotalPassed && s.Kind != verify.KindUsageRights {
			t.Errorf("valid with %+v", s)
		}
	}
}

// want is the outcome a row asks for.
type want struct {
	verdict   verify.Verdict
	sub       string // of the signature; "": none asked for
	integrity string // "": not asked for
	code      string // one of the reasons; "": not asked for
	changes   string
	level     string
}

// Outcomes that many rows share. "-" asks for no sub-indication.
var (
	wantValid     = want{verdict: verify.Valid, sub: "-", integrity: verify.Intact, changes: verify.ChangesNone}
	wantMalformed = want{verdict: verify.Invalid, sub: "FORMAT_FAILURE", integrity: verify.Unprocessable}
	wantModified  = want{verdict: verify.Invalid, sub: "FORMAT_FAILURE", changes: verify.ChangesForbidden}
)

// expect compares the report's i-th signature with what is wanted.
func (w want) expect(t testing.TB, rep *verify.Report, i int) {
	t.Helper()
	if rep.Verdict != w.verdict {
		t.Errorf("verdict %s, want %s", rep.Verdict, w.verdict)
	}
	if i >= len(rep.Signatures) {
		t.Fatalf("%d signatures; %+v", len(rep.Signatures), rep)
	}
	s := rep.Signatures[i]
	sub := "-"
	if s.SubIndication != nil {
		sub = *s.SubIndication
	}
	if w.sub != "" && sub != w.sub {
		t.Errorf("sub-indication %s, want %s", sub, w.sub)
	}
	if w.integrity != "" && s.Integrity != w.integrity {
		t.Errorf("integrity %s, want %s", s.Integrity, w.integrity)
	}
	if w.changes != "" && s.ChangesAfter != w.changes {
		t.Errorf("changes %s, want %s", s.ChangesAfter, w.changes)
	}
	if w.level != "" && s.Level != w.level {
		t.Errorf("level %s, want %s", s.Level, w.level)
	}
	if w.code != "" && !hasCode(s, w.code) {
		t.Errorf("no reason %s", w.code)
	}
	if t.Failed() {
		t.Logf("%s %s/%s %s; changes %+v", s.Indication, s.Integrity, s.Coverage, s.Level, s.Changes)
		for _, r := range s.Reasons {
			t.Logf("  %s: %s", r.Code, r.Message)
		}
	}
}

func hasCode(s verify.Signature, code string) bool {
	for _, r := range s.Reasons {
		if r.Code == code || strings.HasPrefix(code, "~") && strings.Contains(r.Message, code[1:]) {
			return true
		}
	}
	return false
}

// with returns w with another code.
func (w want) with(code string) want { w.code = code; return w }
