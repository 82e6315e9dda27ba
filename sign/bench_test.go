package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/testdata/form"
)

// onceKey answers with a signature it made before, as the digests of a
// benchmark with a still clock are all alike: what is measured is not RSA.
type onceKey struct {
	crypto.Signer
	digest, value []byte
}

func (k *onceKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) (_ []byte, err error) {
	if !bytes.Equal(k.digest, digest) {
		k.digest = bytes.Clone(digest)
		k.value, err = k.Signer.Sign(random, digest, opts)
	}
	return k.value, err
}

// BenchmarkSign is what a batch does with each small file in this package.
func BenchmarkSign(b *testing.B) {
	key, cert := signer(cmstest.RSA)
	once := &onceKey{Signer: key}
	f, err := os.Create(filepath.Join(b.TempDir(), "out.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	random := bytes.Repeat([]byte{7}, 1<<10)
	b.ReportAllocs()
	for b.Loop() {
		o := sign.Options{Certificate: cert, Now: now, Rand: bytes.NewReader(random)}
		p, err := sign.Prepare(context.Background(), bytes.NewReader(form.PDF), int64(len(form.PDF)), o)
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Truncate(0); err != nil {
			b.Fatal(err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Finish(context.Background(), once, f); err != nil {
			b.Fatal(err)
		}
	}
}
