package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"testing"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// BenchmarkVerifySigned judges a small file with one signature, as a batch does
// with each file that it writes: begun is with the old bytes digested already,
// chain with an authority between root and signer, and keys of RSA. Signature
// values are checked once, so what is left is the work around them.
func BenchmarkVerifySigned(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		benchVerify(b, signedDoc(sigSpec{}).data, 0, thePKI().root)
	})
	b.Run("begun", func(b *testing.B) {
		d := newDoc()
		old := len(d.data)
		d.sign(sigSpec{})
		benchVerify(b, d.data, old, thePKI().root)
	})
	b.Run("chain", func(b *testing.B) {
		root := testpki.NewRoot("Bench Root", testpki.RSA2048)
		ca := root.Sub("Bench CA", testpki.RSA2048)
		key := testpki.Key(testpki.RSA2048, "bench signer")
		cert := ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(), UID: []string{"MST:0100000000"}})
		d := newDoc()
		old := len(d.data)
		d.sign(sigSpec{build: cmsBy(signer{cert, key}, func(sd *cmstest.SignedData) {
			sd.Certificates = [][]byte{cert.Raw, ca.Certificate.Raw, root.Certificate.Raw}
		})})
		benchVerify(b, d.data, old, root)
	})
}

// benchVerify judges a file of which the first bytes are digested.
func benchVerify(b *testing.B, data []byte, old int, root *testpki.CA) {
	b.Helper()
	o := verify.Options{Anchors: anchors(root), Now: now}
	if old > 0 {
		p := byterange.NewPass(int64(old), nil, crypto.SHA256)
		if err := p.Feed(data[:old]); err != nil {
			b.Fatal(err)
		}
		o.Begun = p
	}
	b.ReportAllocs()
	for b.Loop() {
		rep, err := verify.Verify(context.Background(), bytes.NewReader(data), int64(len(data)), o)
		if err != nil || rep.Verdict != verify.Valid {
			b.Fatalf("%v, error %v", rep, err)
		}
	}
}
