package apilist

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

// outside is a program of somebody else that uses all four packages.
const outside = `package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
	"github.com/kyso-vn/kyso/verify"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := context.Background()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "NGUYỄN VĂN A"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	cert, err := x509.ParseCertificate(der)
	check(err)
	data, err := os.ReadFile(os.Args[1])
	check(err)
	p, err := sign.Prepare(ctx, bytes.NewReader(data), int64(len(data)), sign.Options{
		Certificate: cert, Visible: true, Info: appearance.Info{Signer: token.ParseSubject(cert).CN},
		Place: appearance.Place{At: "bottom-right"}, TSAs: []*sign.TSA{}, Scheme: sign.ECDSA,
	})
	check(err)
	out, err := os.Create(os.Args[2])
	check(err)
	_, err = p.Finish(ctx, key, out)
	check(err)
	check(out.Close())
	signed, err := os.ReadFile(os.Args[2])
	check(err)
	report, err := verify.Verify(ctx, bytes.NewReader(signed), int64(len(signed)), verify.Options{
		Anchors: []verify.Anchor{{Certificate: cert}}, Online: &verify.HTTPClient{},
	})
	check(err)
	fmt.Println(report.Verdict)
}
`

// TestOutsideModule: a module that is not ours can sign and verify.
func TestOutsideModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	// The same versions, so that nothing is to be fetched.
	mod := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(ours), "module example.com/outside") +
		"\nrequire github.com/kyso-vn/kyso v0.0.0\n\nreplace github.com/kyso-vn/kyso => " + root + "\n"
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": mod, "go.sum": string(sums), "main.go": outside, "form.pdf": string(form.PDF)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", "-mod=mod", ".", "form.pdf", "signed.pdf")
	run.Dir, run.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := run.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "valid" {
		t.Errorf("%v: %s", err, got)
	}
}
