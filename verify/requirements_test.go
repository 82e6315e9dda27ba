package verify_test

import (
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// TestExpectSigner: somebody else's signature is no answer to whom was asked
// for.
func TestExpectSigner(t *testing.T) {
	root, alice := thePKI().root, thePKI().alice
	seal := newSigner(root, testpki.Leaf{CN: "CÔNG TY B", UID: []string{"MST:0100000000-001"}})
	stranger := newSigner(testpki.NewRoot("Strangers", testpki.P256), testpki.Leaf{CN: "NGUYỄN VĂN A", UID: []string{"CCCD:001000000001"}})
	byBoth := signedDoc(sigSpec{})
	byBoth.sign(sigSpec{build: cmsBy(seal)})
	serial := alice.cert.SerialNumber.Text(16)
	rep := check(t, signedDoc(sigSpec{}).data)
	good, other := want{verdict: verify.Valid, sub: "-"}, doubtful("SIG_CONSTRAINTS_FAILURE", "SIGNER_UNEXPECTED")
	rows := []struct {
		name, who string
		data      []byte
		want      want
	}{
		{"anybody", "", signedDoc(sigSpec{}).data, good},
		{"tax code", "0100000000", signedDoc(sigSpec{}).data, good},
		{"personal number", "001000000001", signedDoc(sigSpec{}).data, good},
		{"serial number", serial, signedDoc(sigSpec{}).data, good},
		{"serial number with zeros and colons", "00:" + serial, signedDoc(sigSpec{}).data, good},
		{"SHA-256", rep.Signatures[0].Signer.SHA256, signedDoc(sigSpec{}).data, good},
		{"one digit less", "00100000000", signedDoc(sigSpec{}).data, other},
		{"another", "0100000001", signedDoc(sigSpec{}).data, other},
		{"zeros only", "000", signedDoc(sigSpec{}).data, other},
		{"spaces only", " ", signedDoc(sigSpec{}).data, other},
		{"branch", "0100000000-001", signedDoc(sigSpec{build: cmsBy(seal)}).data, good},
		{"branch for the company", "0100000000", signedDoc(sigSpec{build: cmsBy(seal)}).data, other},
		{"one of two", "001000000001", byBoth.data, want{verdict: verify.ValidChanged, sub: "-"}},
		{"none of two", "999", byBoth.data, other},
		{"the same number from a stranger", "001000000001", signedDoc(sigSpec{build: cmsBy(stranger)}).data, doubtful("NO_CERTIFICATE_CHAIN_FOUND", "UNTRUSTED")},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.want.expect(t, check(t, row.data, func(o *verify.Options) { o.ExpectSigner = row.who }), 0)
		})
	}
	t.Run("unsigned stays unsigned", func(t *testing.T) {
		rep := check(t, newDoc().data, func(o *verify.Options) { o.ExpectSigner = "1" })
		if rep.Verdict != verify.Unsigned {
			t.Errorf("verdict %s", rep.Verdict)
		}
	})
}
