package testpki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// T is what the helpers need of a test.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	TempDir() string
	Setenv(name, value string)
}

// The PINs of every test token.
const (
	UserPIN = "12345678"
	SOPIN   = "87654321"
)

// SoftHSM is a folder of SoftHSM2 tokens of one test.
type SoftHSM struct {
	Module string // libsofthsm2.so
	Conf   string // the value of SOFTHSM2_CONF
	PIN    string // of the tokens to come; UserPIN at first
	t      T
	dir    string
}

// NewSoftHSM makes an empty token folder and points SOFTHSM2_CONF at it for
// this test and its children. SoftHSM2 (package softhsm2) must be installed.
func NewSoftHSM(t T) *SoftHSM {
	t.Helper()
	s := &SoftHSM{Module: SoftHSMModule(t), PIN: UserPIN, t: t, dir: t.TempDir()}
	tokens := filepath.Join(s.dir, "tokens")
	s.Conf = filepath.Join(s.dir, "softhsm2.conf")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatalf("SoftHSM: %v", err)
	}
	conf := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n", tokens)
	if err := os.WriteFile(s.Conf, []byte(conf), 0o600); err != nil {
		t.Fatalf("SoftHSM: %v", err)
	}
	t.Setenv("SOFTHSM2_CONF", s.Conf)
	return s
}

// SoftHSMModule finds SoftHSM2.
func SoftHSMModule(t T) string {
	t.Helper()
	for _, p := range []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
		"/usr/lib64/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
		"/opt/homebrew/lib/softhsm/libsofthsm2.so"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Fatalf("SoftHSM2 is not installed (package softhsm2)")
	return ""
}

// Token makes a token with the user PIN s.PIN.
func (s *SoftHSM) Token(label string) {
	s.t.Helper()
	s.run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", s.PIN, "--so-pin", SOPIN)
}

// Key imports a private key (and, as SoftHSM does, its public half).
func (s *SoftHSM) Key(token string, key crypto.Signer, id []byte, label string) {
	s.t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	file := filepath.Join(s.dir, "key.pem")
	s.write(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	s.run("softhsm2-util", "--import", file, "--token", token, "--pin", s.PIN,
		"--label", label, "--id", hex.EncodeToString(id), "--force")
}

// Certificate writes a certificate (package opensc).
func (s *SoftHSM) Certificate(token string, der, id []byte, label string) {
	s.t.Helper()
	file := filepath.Join(s.dir, "cert.der")
	s.write(file, der)
	args := []string{"--module", s.Module, "--token-label", token, "--login", "--pin", s.PIN,
		"--write-object", file, "--type", "cert", "--label", label}
	if len(id) > 0 {
		args = append(args, "--id", hex.EncodeToString(id))
	}
	s.run("pkcs11-tool", args...)
}

// DeletePublic removes the public key objects with an id, as many tokens have
// none.
func (s *SoftHSM) DeletePublic(token string, id []byte) {
	s.t.Helper()
	s.run("pkcs11-tool", "--module", s.Module, "--token-label", token, "--login", "--pin", s.PIN,
		"--delete-object", "--type", "pubkey", "--id", hex.EncodeToString(id))
}

// Signer makes a token with one key and one certificate under an id.
func (s *SoftHSM) Signer(token string, key crypto.Signer, cert *x509.Certificate) {
	s.t.Helper()
	s.Token(token)
	s.Key(token, key, []byte{1}, "key of "+token)
	s.Certificate(token, cert.Raw, []byte{1}, "certificate of "+token)
}

func (s *SoftHSM) write(file string, data []byte) {
	s.t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		s.t.Fatalf("SoftHSM: %v", err)
	}
}

func (s *SoftHSM) run(name string, args ...string) {
	s.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+s.Conf)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%s %v: %v\n%s", name, args, err, bytes.TrimSpace(out))
	}
}
