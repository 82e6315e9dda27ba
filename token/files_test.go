package token

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

const password = "mật khẩu 1"

// openssl runs the tool (package openssl) in a folder.
func openssl(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func pemBlock(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// keyFiles puts key.pem (PKCS#8), cert.pem and ca.pem in a folder.
func keyFiles(t *testing.T, kt testpki.KeyType) (string, crypto.Signer, *x509.Certificate) {
	t.Helper()
	dir := t.TempDir()
	key := testpki.Key(kt, "signer")
	ca := testpki.NewRoot("Test Root", testpki.P256)
	cert := ca.Person(key.Public())
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "key.pem"), pemBlock("PRIVATE KEY", der))
	write(t, filepath.Join(dir, "cert.pem"), pemBlock("CERTIFICATE", cert.Raw))
	write(t, filepath.Join(dir, "ca.pem"), pemBlock("CERTIFICATE", ca.Certificate.Raw))
	write(t, filepath.Join(dir, "pw"), []byte(password))
	return dir, key, cert
}

// signsAs signs with each scheme of the key.
func signsAs(t *testing.T, k *Key, cert *x509.Certificate) {
	t.Helper()
	if !k.Entry.Certificate.Equal(cert) || k.Way != "file" || !k.Entry.HasPrivateKey {
		t.Fatalf("entry %+v", k.Entry)
	}
	opts := []crypto.SignerOpts{crypto.SHA256, crypto.SHA512}
	if _, ok := cert.PublicKey.(*rsa.PublicKey); ok {
		opts = append(opts, &rsa.PSSOptions{Hash: crypto.SHA256}, &rsa.PSSOptions{Hash: crypto.SHA384, SaltLength: rsa.PSSSaltLengthEqualsHash})
	}
	for _, o := range opts {
		h := o.HashFunc().New()
		h.Write([]byte("kyso"))
		digest := h.Sum(nil)
		sig, err := k.Sign(nil, digest, o)
		if err != nil {
			t.Fatalf("sign: %v", err)
		}
		if p, ok := cert.PublicKey.(*ecdsa.PublicKey); ok && !ecdsa.VerifyASN1(p, digest, sig) {
			t.Error("signature does not verify")
		}
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenPKCS12(t *testing.T) {
	cases := []struct {
		name string
		key  testpki.KeyType
		args []string
	}{
		{"AES, as OpenSSL 3 writes", testpki.RSA2048, nil},
		{"3DES", testpki.RSA2048, []string{"-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"}},
		{"RC2-40, as old Windows writes", testpki.RSA2048, []string{"-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-RC2-40"}},
		{"EC", testpki.P256, nil},
		{"P-384 with SHA-1 MAC", testpki.P384, []string{"-macalg", "sha1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, _, cert := keyFiles(t, c.key)
			openssl(t, dir, append([]string{"pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-certfile", "ca.pem",
				"-passout", "file:pw", "-out", "a.p12"}, c.args...)...)
			data := read(t, filepath.Join(dir, "a.p12"))
			k, chain, err := OpenPKCS12(data, NewPIN([]byte(password)))
			if err != nil {
				t.Fatal(err)
			}
			if len(chain) != 1 || chain[0].Subject.CommonName != "Test Root" {
				t.Errorf("chain %d", len(chain))
			}
			signsAs(t, k, cert)
			for _, wrong := range []*PIN{NewPIN([]byte("wrong")), NewPIN(nil), nil, NewPIN([]byte("\xff\xfe"))} {
				_, _, err := OpenPKCS12(data, wrong)
				var auth *AuthError
				if !errors.As(err, &auth) || auth.Kind != "incorrect" || strings.Contains(err.Error(), "wrong1") {
					t.Errorf("wrong password: %v", err)
				}
			}
			_, _, err = OpenPKCS12(data[:len(data)/2], NewPIN([]byte(password)))
			var auth *AuthError
			if err == nil || errors.As(err, &auth) {
				t.Errorf("half a file: %v", err)
			}
		})
	}
}

func TestOpenPEM(t *testing.T) {
	cases := []struct {
		name     string
		key      testpki.KeyType
		args     []string // openssl, writes out.pem
		password string
	}{
		{"PKCS#8", testpki.RSA2048, []string{"pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "out.pem"}, ""},
		{"PKCS#1", testpki.RSA2048, []string{"rsa", "-traditional", "-in", "key.pem", "-out", "out.pem"}, ""},
		{"SEC 1", testpki.P256, []string{"ec", "-in", "key.pem", "-out", "out.pem"}, ""},
		{"PKCS#8 EC P-521", testpki.P521, []string{"pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "out.pem"}, ""},
		{"encrypted, AES-256", testpki.RSA2048, []string{"pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "file:pw", "-in", "key.pem", "-out", "out.pem"}, password},
		{"encrypted, AES-128, SHA-512", testpki.P256, []string{"pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512", "-passout", "file:pw", "-in", "key.pem", "-out", "out.pem"}, password},
		{"encrypted, SHA-1", testpki.P256, []string{"pkcs8", "-topk8", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA1", "-passout", "file:pw", "-in", "key.pem", "-out", "out.pem"}, password},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, _, cert := keyFiles(t, c.key)
			openssl(t, dir, c.args...)
			key := read(t, filepath.Join(dir, "out.pem"))
			certs := append(read(t, filepath.Join(dir, "ca.pem")), read(t, filepath.Join(dir, "cert.pem"))...)
			k, chain, err := OpenPEM(key, certs, NewPIN([]byte(c.password)))
			if err != nil {
				t.Fatal(err)
			}
			if len(chain) != 1 {
				t.Errorf("chain %d", len(chain))
			}
			signsAs(t, k, cert)
			if c.password == "" {
				return
			}
			for _, wrong := range []*PIN{NewPIN([]byte("wrong")), nil} {
				_, _, err := OpenPEM(key, certs, wrong)
				var auth *AuthError
				if !errors.As(err, &auth) || auth.Kind != "incorrect" {
					t.Errorf("wrong password: %v", err)
				}
			}
		})
	}
}

func TestOpenPEMRefuses(t *testing.T) {
	dir, _, cert := keyFiles(t, testpki.P256)
	key, certPEM := read(t, filepath.Join(dir, "key.pem")), read(t, filepath.Join(dir, "cert.pem"))
	stranger := testpki.NewRoot("Test Root", testpki.P256).Issue(testpki.Leaf{CN: "B"})
	openssl(t, dir, "pkcs8", "-topk8", "-v2", "des3", "-passout", "file:pw", "-in", "key.pem", "-out", "des.pem")
	openssl(t, dir, "ec", "-aes128", "-passout", "file:pw", "-in", "key.pem", "-out", "old.pem")
	cases := []struct {
		name      string
		key, cert []byte
		mention   string
	}{
		{"no key", []byte("hello"), certPEM, "no private key"},
		{"certificate as key", certPEM, certPEM, "no private key"},
		{"no certificate", key, key, "no certificate"},
		{"garbage certificate", key, []byte("hello"), "certificate"},
		{"certificate of another", key, pemBlock("CERTIFICATE", stranger.Raw), "no certificate belongs"},
		{"3DES", read(t, filepath.Join(dir, "des.pem")), certPEM, "openssl pkcs8"},
		{"old PEM encryption", read(t, filepath.Join(dir, "old.pem")), certPEM, "openssl pkcs8"},
		{"broken PKCS#8", pemBlock("PRIVATE KEY", []byte{1}), certPEM, "private key"},
		{"broken encrypted", pemBlock("ENCRYPTED PRIVATE KEY", []byte{0x30, 0}), certPEM, "private key"},
		{"too large", bytes.Repeat([]byte{'a'}, maxKeyFile+1), certPEM, "too large"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, _, err := OpenPEM(c.key, c.cert, NewPIN([]byte(password))); err == nil || !strings.Contains(err.Error(), c.mention) {
				t.Errorf("got %v", err)
			}
		})
	}
	// One DER certificate is fine.
	k, _, err := OpenPEM(key, cert.Raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	signsAs(t, k, cert)
}

func TestFileKeyRefuses(t *testing.T) {
	dir, _, _ := keyFiles(t, testpki.P256)
	k, _, err := OpenPEM(read(t, filepath.Join(dir, "key.pem")), read(t, filepath.Join(dir, "cert.pem")), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		digest []byte
		opts   crypto.SignerOpts
	}{"SHA-1": {make([]byte, 20), crypto.SHA1}, "short digest": {make([]byte, 20), crypto.SHA256}, "no options": {make([]byte, 32), nil}} {
		if _, err := k.Sign(nil, c.digest, c.opts); !errors.Is(err, ErrScheme) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemeOf(t *testing.T) {
	rsaKey, ecKey := testpki.Key(testpki.RSA2048, "a").Public(), testpki.Key(testpki.P384, "a").Public()
	cases := []struct {
		pub  crypto.PublicKey
		opts crypto.SignerOpts
		want Scheme
	}{
		{rsaKey, crypto.SHA256, Scheme{"RSA-PKCS1v15-SHA256", "CKM_RSA_PKCS", false}},
		{rsaKey, &rsa.PSSOptions{Hash: crypto.SHA512}, Scheme{"RSA-PSS-SHA512", "CKM_RSA_PKCS_PSS", true}},
		{ecKey, crypto.SHA384, Scheme{"ECDSA-P384-SHA384", "CKM_ECDSA", true}},
	}
	for _, c := range cases {
		if got, err := SchemeOf(c.pub, c.opts); err != nil || got != c.want {
			t.Errorf("got %+v (%v), want %+v", got, err, c.want)
		}
	}
	if _, err := SchemeOf(nil, crypto.SHA256); !errors.Is(err, ErrScheme) {
		t.Error(err)
	}
}

// FuzzOpenPEM: a key file is somebody's file; whatever is in it, an error.
func FuzzOpenPEM(f *testing.F) {
	key := testpki.Key(testpki.P256, "signer")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		f.Fatal(err)
	}
	cert := testpki.NewRoot("Test Root", testpki.P256).Person(key.Public())
	f.Add(pemBlock("PRIVATE KEY", der), pemBlock("CERTIFICATE", cert.Raw))
	f.Add(pemBlock("ENCRYPTED PRIVATE KEY", der), cert.Raw)
	f.Fuzz(func(t *testing.T, key, certs []byte) {
		k, _, err := OpenPEM(key, certs, NewPIN([]byte("x")))
		if err == nil && !samePublic(k.Public(), k.Entry.Certificate.PublicKey) {
			t.Fatal("the key and its certificate are not a pair")
		}
	})
}
