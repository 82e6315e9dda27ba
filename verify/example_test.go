package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/testdata/form"
	"github.com/kyso-vn/kyso/verify"
)

// exampleFile is a form that NGUYỄN VĂN A signed.
func exampleFile(root *testpki.CA) []byte {
	key := testpki.Key(testpki.P256, "example")
	in := bytes.NewReader(form.PDF)
	p, err := sign.Prepare(context.Background(), in, in.Size(), sign.Options{Certificate: root.Person(key.Public()), Now: testpki.Now})
	if err != nil {
		panic(err)
	}
	out, err := os.CreateTemp("", "kyso-example-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = out.Close(); _ = os.Remove(out.Name()) }()
	if _, err := p.Finish(context.Background(), key, out); err != nil {
		panic(err)
	}
	data, err := os.ReadFile(out.Name())
	if err != nil {
		panic(err)
	}
	return data
}

// The verdict is data. Who is trusted, and whether the network is asked, says
// the caller.
func ExampleVerify() {
	root := testpki.NewRoot("Example Root", testpki.P256)
	file := exampleFile(root)
	changed := append([]byte{}, file...)
	changed[100] ^= 1
	for _, data := range [][]byte{file, changed} {
		report, err := verify.Verify(context.Background(), bytes.NewReader(data), int64(len(data)), verify.Options{
			Anchors: []verify.Anchor{{Certificate: root.Certificate}}, Now: testpki.Now,
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, s := range report.Signatures {
			fmt.Println(report.Verdict, s.Integrity, *s.Signer.CN)
		}
	}
	// Output:
	// valid intact NGUYỄN VĂN A
	// invalid broken NGUYỄN VĂN A
}

// sink counts what is written to it.
type sink struct{ n int }

func (s *sink) Write(b []byte) (int, error) { s.n += len(b); return len(b), nil }
func (s *sink) Close() error                { return nil }

// Extract gives the signed revision, the container and the certificates to
// other tools.
func ExampleExtract() {
	root := testpki.NewRoot("Example Root", testpki.P256)
	data := exampleFile(root)
	report, err := verify.Verify(context.Background(), bytes.NewReader(data), int64(len(data)), verify.Options{Now: testpki.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = verify.Extract(context.Background(), bytes.NewReader(data), report, func(name string) (io.WriteCloser, error) {
		fmt.Println(name)
		return &sink{}, nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// signature-1.pdf
	// signature-1.p7s
	// signature-1-cert-1.cer
}

// Codes lists every code that a reason may have.
func ExampleCodes() {
	fmt.Println(verify.Codes()[verify.CodeUntrusted])
	// Output: indeterminate
}
