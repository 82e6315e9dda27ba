package sign_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/testdata/form"
)

// What the examples sign with: a CA, a signer and a timestamp server inside
// this program. A real program takes the key from package token.
var (
	exampleRoot = testpki.NewRoot("Example Root", testpki.P256)
	exampleKey  = testpki.Key(testpki.P256, "example")
	exampleCert = exampleRoot.Person(exampleKey.Public())
	exampleTSA  = &sign.TSA{URL: "http://tsa.example.vn", Now: testpki.Now,
		Fetch: &sign.HTTPClient{Transport: testpki.Transport(testpki.NewTSA(exampleRoot, testpki.P256))}}
)

// scratch is a new file that goes away with done.
func scratch() (f *os.File, done func()) {
	f, err := os.CreateTemp("", "kyso-example-")
	if err != nil {
		panic(err)
	}
	return f, func() { _ = f.Close(); _ = os.Remove(f.Name()) }
}

// exampleSigned is the form with one signature.
func exampleSigned() (*bytes.Reader, int64) {
	out, done := scratch()
	defer done()
	in := bytes.NewReader(form.PDF)
	p, err := sign.Prepare(context.Background(), in, in.Size(), sign.Options{Certificate: exampleCert, Now: testpki.Now})
	if err != nil {
		panic(err)
	}
	if _, err := p.Finish(context.Background(), exampleKey, out); err != nil {
		panic(err)
	}
	data, err := os.ReadFile(out.Name())
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(data), int64(len(data))
}

// Prepare needs no key: it says what would be written, and refuses what may
// not be signed.
func ExamplePrepare() {
	in := bytes.NewReader(form.PDF)
	p, err := sign.Prepare(context.Background(), in, in.Size(), sign.Options{
		Certificate: exampleCert,
		Reason:      "Approved",
		Visible:     true,
		Place:       appearance.Place{Rect: &appearance.Rect{350, 80, 550, 160}},
		Info:        appearance.Info{Signer: "NGUYỄN VĂN A", Email: "a@example.vn"},
		Now:         testpki.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Field, p.Page, p.Rect, p.Size > in.Size())
	// Output: Signature1 1 [350 80 550 160] true
}

// Finish asks the key once and reads back what it wrote.
func ExamplePrepared_Finish() {
	ctx := context.Background()
	in := bytes.NewReader(form.PDF)
	p, err := sign.Prepare(ctx, in, in.Size(), sign.Options{Certificate: exampleCert, TSAs: []*sign.TSA{exampleTSA}, Now: testpki.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, done := scratch()
	defer done()
	result, err := p.Finish(ctx, exampleKey, out)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Level, result.Digest, result.Scheme, result.Signatures)
	// Output: B-T SHA-256 ECDSA 1
}

// Extend raises a signed file; here with the CA's revocation list, which the
// caller has. With RevocationSource.Fetch set it is fetched.
func ExampleExtend() {
	in, size := exampleSigned()
	out, done := scratch()
	defer done()
	anchors := []sign.Anchor{{Certificate: exampleRoot.Certificate}}
	result, err := sign.Extend(context.Background(), in, size, out, sign.ExtendOptions{
		Level: sign.BLTA,
		Pool:  &sign.TSAPool{Clients: []*sign.TSA{exampleTSA}},
		Validation: &sign.Validation{Anchors: anchors, Revocation: func(used *sign.RevocationEvidence) sign.RevocationChecker {
			return &sign.RevocationSource{FileCRLs: [][]byte{exampleRoot.CRL()}, Used: used, Now: testpki.Now, Anchors: anchors}
		}},
		Now: testpki.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Level, result.Added)
	// Output: B-LTA 3
}

// Timestamp needs no key of a signer.
func ExampleTimestamp() {
	in := bytes.NewReader(form.PDF)
	out, done := scratch()
	defer done()
	result, err := sign.Timestamp(context.Background(), in, in.Size(), out, sign.ExtendOptions{
		Pool: &sign.TSAPool{Clients: []*sign.TSA{exampleTSA}}, Now: testpki.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Timestamp.Time.Equal(testpki.Now()), result.Signatures)
	// Output: true 1
}

// AddField makes a place for somebody to sign, ListFields shows it.
func ExampleAddField() {
	ctx := context.Background()
	in := bytes.NewReader(form.PDF)
	out, done := scratch()
	defer done()
	_, err := sign.AddField(ctx, in, in.Size(), out, sign.FieldOptions{
		Name: "Director", Place: appearance.Place{Rect: &appearance.Rect{350, 80, 550, 160}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	info, err := out.Stat()
	if err != nil {
		fmt.Println(err)
		return
	}
	fields, err := sign.ListFields(ctx, out, info.Size(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range fields {
		fmt.Println(f.Name, f.Page, f.Rect, f.Filled)
	}
	// Output: Director 1 350,80,550,160 false
}

// ListFields repeats what a signature says of itself; package verify judges.
func ExampleListFields() {
	in, size := exampleSigned()
	fields, err := sign.ListFields(context.Background(), in, size, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range fields {
		fmt.Println(f.Name, f.SubFilter, f.Signer.Subject.CommonName)
	}
	// Output: Signature1 ETSI.CAdES.detached NGUYỄN VĂN A
}

// CheckCertificate looks at the certificate before the PIN is asked.
func ExampleCheckCertificate() {
	for _, now := range []time.Time{testpki.Now(), time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC)} {
		status, err := sign.CheckCertificate(context.Background(), exampleCert, []*x509.Certificate{exampleRoot.Certificate}, nil, now)
		if err != nil {
			fmt.Println("may not sign")
			continue
		}
		fmt.Println("may sign; revocation:", status.State)
	}
	// Output:
	// may sign; revocation: unknown
	// may not sign
}

// ParseLevel reads a level as the command line does.
func ExampleParseLevel() {
	level, err := sign.ParseLevel("B-LTA")
	fmt.Println(level == sign.BLTA, err)
	// Output: true <nil>
}
