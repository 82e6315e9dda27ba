//go:build cgo

package token_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/token"
)

// examplesT lets an example make a SoftHSM token.
type examplesT struct{ dir string }

func (t *examplesT) Helper()                           {}
func (t *examplesT) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (t *examplesT) Setenv(name, value string) {
	if err := os.Setenv(name, value); err != nil {
		panic(err)
	}
}

func (t *examplesT) TempDir() string {
	dir, err := os.MkdirTemp("", "kyso-example-")
	if err != nil {
		panic(err)
	}
	t.dir = dir
	return dir
}

// plugIn is a token of NGUYỄN VĂN A; unplug takes it away.
func plugIn() (module string, unplug func()) {
	old, was := os.LookupEnv("SOFTHSM2_CONF")
	t := &examplesT{}
	hsm := testpki.NewSoftHSM(t)
	key := testpki.Key(testpki.RSA2048, "person")
	hsm.Signer("Token của A", key, testpki.NewRoot("Example Root", testpki.P256).Person(key.Public()))
	return hsm.Module, func() {
		_ = os.RemoveAll(t.dir)
		_ = os.Unsetenv("SOFTHSM2_CONF")
		if was {
			_ = os.Setenv("SOFTHSM2_CONF", old)
		}
	}
}

// List needs no PIN. Self makes each driver run in a child process, whose main
// must call Probe (see ProbeArg).
func ExampleList() {
	module, unplug := plugIn()
	defer unplug()
	self, err := os.Executable()
	if err != nil {
		fmt.Println(err)
		return
	}
	entries, errs := token.List(context.Background(), token.ListOptions{Modules: []string{module}, Now: testpki.Now(), Self: self})
	for _, err := range errs {
		fmt.Println(err)
	}
	for _, e := range entries {
		fmt.Println(e.Token.Label, token.ParseSubject(e.Certificate).CN, e.Usable)
	}
	// Output: Token của A NGUYỄN VĂN A true
}

// Open logs in once. The key is a crypto.Signer for sign's Finish; each of its
// signatures is checked against the certificate.
func ExampleOpen() {
	module, unplug := plugIn()
	defer unplug()
	self, err := os.Executable()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	entries, _ := token.List(ctx, token.ListOptions{Modules: []string{module}, Now: testpki.Now(), Self: self})
	entry, err := token.Choose(entries, "nguyen van a")
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := token.Open(ctx, entry, token.OpenOptions{
		PIN: func(context.Context, token.Info) (*token.PIN, error) { return token.NewPIN([]byte("12345678")), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = key.Close() }()
	digest := sha256.Sum256([]byte("document"))
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	fmt.Println(len(signature), err)
	// Output: 256 <nil>
}

// A key file needs no driver.
func ExampleOpenPKCS12() {
	root := testpki.NewRoot("Example Root", testpki.P256)
	private := testpki.Key(testpki.P256, "file")
	p12, err := testpki.PKCS12(private, root.Person(private.Public()), nil, "mat-khau")
	if err != nil {
		fmt.Println(err)
		return
	}
	key, _, err := token.OpenPKCS12(p12, token.NewPIN([]byte("mat-khau")))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.ParseSubject(key.Entry.Certificate).CN)
	// Output: NGUYỄN VĂN A
}

// A PIN does not show, however it is printed.
func ExampleNewPIN() {
	pin := token.NewPIN([]byte("12345678"))
	fmt.Printf("%v %s %x\n", pin, pin, pin)
	pin.Clear()
	// Output: [redacted] [redacted] [redacted]
}

// A key and its certificate in PEM, as openssl writes them.
func ExampleOpenPEM() {
	root := testpki.NewRoot("Example Root", testpki.P256)
	private := testpki.Key(testpki.P256, "file")
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		fmt.Println(err)
		return
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Person(private.Public()).Raw})
	key, _, err := token.OpenPEM(keyPEM, certPEM, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.ParseSubject(key.Entry.Certificate).Email)
	// Output: a@example.vn
}
