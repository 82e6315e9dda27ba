//go:build cgo && linux

package token

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// firstFile is the first of several places; the package must be installed.
func firstFile(t *testing.T, pkg string, paths ...string) string {
	t.Helper()
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Fatalf("none of %v is there (package %s)", paths, pkg)
	return ""
}

func command(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, bytes.TrimSpace(out))
	}
}

// TestNSS: softokn wants a string at its start, and has no serial numbers.
func TestNSS(t *testing.T) {
	module := firstFile(t, "libnss3", "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so", "/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
		"/usr/lib/aarch64-linux-gnu/nss/libsoftokn3.so", "/usr/lib64/libsoftokn3.so")
	for _, kt := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		t.Run(string(kt), func(t *testing.T) {
			resetModules()
			t.Cleanup(resetModules)
			dir, _, cert := keyFiles(t, kt)
			db := t.TempDir()
			write(t, filepath.Join(dir, "pin"), []byte(testpki.UserPIN+"\n"))
			openssl(t, dir, "pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-passout", "pass:x", "-out", "a.p12")
			command(t, nil, "certutil", "-N", "-d", "sql:"+db, "-f", filepath.Join(dir, "pin"))
			command(t, nil, "pk12util", "-i", filepath.Join(dir, "a.p12"), "-W", "x", "-d", "sql:"+db, "-k", filepath.Join(dir, "pin"))
			SetInitArgs(module, "configDir='sql:"+db+"' certPrefix='' keyPrefix='' secmod='secmod.db' flags=")
			t.Cleanup(func() { SetInitArgs(module, "") })
			e, err := Choose(list(t, module), "")
			if err != nil || !e.Certificate.Equal(cert) {
				t.Fatalf("chose %v: %v", e.Label, err)
			}
			_, err = Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000")})
			wantAuth(t, err, "incorrect", -1)
			k := open(t, e, OpenOptions{Interactive: true})
			trySign(t, k, crypto.SHA256)
			if kt == testpki.RSA2048 {
				trySign(t, k, &rsa.PSSOptions{Hash: crypto.SHA256})
			}
			if k.Way != "pkcs11" {
				t.Errorf("way %s", k.Way)
			}
		})
	}
}

const (
	ckLabel = "kyso test"
	ckSO    = "76543210" // opencryptoki wants its first one, 87654321, changed
	ckFirst = "11112222"
	ckPIN   = "33334444"
)

// opencryptoki is its soft token, new. There is one a machine: a token that is
// not of this test is left alone.
type opencryptoki struct {
	t            *testing.T
	module, slot string
}

func newOpencryptoki(t *testing.T) *opencryptoki {
	t.Helper()
	o := &opencryptoki{t: t, module: firstFile(t, "opencryptoki", "/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so",
		"/usr/lib/x86_64-linux-gnu/libopencryptoki.so.0", "/usr/lib/aarch64-linux-gnu/pkcs11/libopencryptoki.so", "/usr/lib64/pkcs11/libopencryptoki.so")}
	if exec.Command("pidof", "pkcsslotd").Run() != nil {
		command(t, nil, "pkcsslotd") // wants root; it stays, as a service does
	}
	out, err := exec.Command("pkcs11-tool", "--module", o.module, "-L").CombinedOutput()
	m := regexp.MustCompile(`(?s)Slot \d+ \(0x([0-9a-f]+)\): [^\n]*\n(.*)`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("opencryptoki shows no slot: %v\n%s", err, out)
	}
	if !bytes.Contains(m[2], []byte("uninitialized")) && !bytes.Contains(m[2], []byte(ckLabel)) {
		t.Fatalf("opencryptoki's soft token is in use; this test would wipe it\n%s", out)
	}
	n, err := strconv.ParseUint(string(m[1]), 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	o.slot = strconv.FormatUint(n, 10)
	o.wipe()
	o.tool("--init-token", "--label", ckLabel, "--so-pin", "87654321")
	o.tool("--login", "--login-type", "so", "--so-pin", "87654321", "--change-pin", "--new-pin", ckSO)
	o.tool("--login", "--login-type", "so", "--so-pin", ckSO, "--init-pin", "--pin", ckFirst)
	return o
}

// wipe takes the token's files away: a token that was set up once does not come
// up again after C_InitToken.
func (o *opencryptoki) wipe() {
	o.t.Helper()
	for _, pattern := range []string{"/var/lib/opencryptoki/swtok/*.DAT", "/var/lib/opencryptoki/swtok/MK_*",
		"/var/lib/opencryptoki/swtok/TOK_OBJ/*", "/dev/shm/var.lib.opencryptoki.swtok*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				o.t.Fatal(err)
			}
		}
	}
}

func (o *opencryptoki) tool(args ...string) {
	o.t.Helper()
	command(o.t, nil, "pkcs11-tool", append([]string{"--module", o.module, "--slot", o.slot}, args...)...)
}

// TestOpencryptoki: a token that really goes from COUNT_LOW to LOCKED.
func TestOpencryptoki(t *testing.T) {
	resetModules()
	t.Cleanup(resetModules)
	o := newOpencryptoki(t)
	dir, _, cert := keyFiles(t, testpki.RSA2048)
	write(t, filepath.Join(dir, "cert.der"), cert.Raw)
	login := []string{"--login", "--pin", ckFirst}
	o.tool(append(login, "--change-pin", "--new-pin", ckPIN)...)
	login[2] = ckPIN
	o.tool(append(login, "--write-object", filepath.Join(dir, "key.pem"), "--type", "privkey", "--id", "07", "--label", "k")...)
	o.tool(append(login, "--write-object", filepath.Join(dir, "cert.der"), "--type", "cert", "--id", "07", "--label", "c")...)

	fresh := func() Entry {
		t.Helper()
		e, err := Choose(list(t, o.module), "")
		if err != nil || !e.Certificate.Equal(cert) {
			t.Fatalf("chose %v: %v", e.Label, err)
		}
		return e
	}
	wrong := func(allow bool) error {
		_, err := Open(context.Background(), fresh(), OpenOptions{PIN: givePIN("00000000"), Interactive: true, AllowLastTry: allow})
		return err
	}
	t.Run("signs", func(t *testing.T) {
		k := open(t, fresh(), OpenOptions{PIN: givePIN(ckPIN)})
		trySign(t, k, crypto.SHA256)
		trySign(t, k, &rsa.PSSOptions{Hash: crypto.SHA256})
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("locks", func(t *testing.T) {
		wantAuth(t, wrong(false), "incorrect", -1)
		if e := fresh(); !e.Token.Has(FlagCountLow) {
			t.Errorf("flags %v", e.Token.Flags)
		}
		_, err := Open(context.Background(), fresh(), OpenOptions{PIN: givePIN(ckPIN)})
		wantAuth(t, err, "count_low", -1)
		wantAuth(t, wrong(false), "incorrect", 1)
		wantAuth(t, wrong(false), "last_try", 1)
		wantAuth(t, wrong(true), "incorrect", 0)
		wantAuth(t, wrong(true), "locked", 0)
		if e := fresh(); !e.Token.Has(FlagLocked) || !e.Usable {
			t.Errorf("flags %v", e.Token.Flags)
		}
	})
}

// TestOpenSCWithoutReader: a driver that has no reader lists nothing, in time.
func TestOpenSCWithoutReader(t *testing.T) {
	module := firstFile(t, "opensc-pkcs11", "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
		"/usr/lib64/opensc-pkcs11.so", "/usr/lib/opensc-pkcs11.so")
	entries, errs := List(context.Background(), ListOptions{Modules: []string{module}, Now: testpki.Now(), Self: self(t)})
	for _, e := range errs {
		if e.Kind == "timeout" || e.Kind == "crashed" {
			t.Error(e)
		}
	}
	for _, e := range entries {
		t.Logf("a card is in a reader here: %s", e.Token.Label)
	}
}
