package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// anchorsIn are the files of the trust folder.
func anchorsIn(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "config", "kyso", "trust"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(entries)
}

func TestTrustAddListRemove(t *testing.T) {
	dir := home(t)
	w := newWorld(t)
	sum := certpath.Fingerprint(w.root.Certificate)
	call(t, "trust", "list").want(t, 0, "There is no trust anchor yet", "kyso trust add")
	if c := call(t, "trust", "list", "--json").want(t, 0); c.out != "" {
		t.Errorf("got %q", c.out)
	}
	call(t, "trust", "add", "root.pem", "--yes").want(t, 0, "Added: Kyso Test Root", sum, "signatures, timestamps", "itself (root)")
	call(t, "trust", "add", "root.pem", "--yes").want(t, 0, "Was there already: Kyso Test Root")
	call(t, "trust", "add", "root.pem", "--yes", "--purpose", "signing").want(t, 1, "other purposes", "kyso trust remove "+sum[:16])
	if n := anchorsIn(t, dir); n != 1 {
		t.Fatalf("%d files", n)
	}
	o := call(t, "trust", "list", "--json").want(t, 0).lines(t)[0]
	if o["schema"] != "kyso.trust/1" || o["action"] != "listed" || o["sha256"] != sum || o["state"] != "valid" || o["self_signed"] != true ||
		o["ca"] != true || o["not_after"] != "2100-01-01T00:00:00Z" || len(o["purposes"].([]any)) != 2 || o["source"] != "root.pem" {
		t.Errorf("got %v", o)
	}
	// The store is what verify uses.
	w.sign(t)
	call(t, "verify", "form.signed.pdf", "--ignore-revocation").want(t, 0)
	call(t, "trust", "remove", strings.ToUpper(sum[:4])+":"+sum[4:6]).want(t, 0, "Removed: Kyso Test Root")
	call(t, "verify", "form.signed.pdf", "--ignore-revocation").want(t, 5)
	if n := anchorsIn(t, dir); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestTrustPurposes(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"none", nil, "signing timestamping"},
		{"signing", []string{"--purpose", "signing"}, "signing"},
		{"timestamping", []string{"--purpose", "timestamping"}, "timestamping"},
		{"both", []string{"--purpose", "timestamping", "--purpose", "signing"}, "signing timestamping"},
	} {
		t.Run(c.name, func(t *testing.T) {
			home(t)
			newWorld(t)
			o := call(t, append([]string{"trust", "add", "root.pem", "--yes", "--json"}, c.args...)...).want(t, 0).lines(t)[0]
			var got []string
			for _, p := range o["purposes"].([]any) {
				got = append(got, p.(string))
			}
			if strings.Join(got, " ") != c.want || o["action"] != "added" {
				t.Errorf("got %v", o)
			}
		})
	}
	home(t)
	newWorld(t)
	call(t, "trust", "add", "root.pem", "--yes", "--purpose", "everything").want(t, 2, "--purpose", "signing, timestamping")
}

func TestTrustAddForms(t *testing.T) {
	root, other := testpki.NewRoot("Gốc A", testpki.P256), testpki.NewRoot("Gốc B", testpki.P384)
	pemOf := func(c *x509.Certificate) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	for _, c := range []struct {
		name string
		data []byte
		n    int
	}{
		{"DER", root.Certificate.Raw, 1},
		{"PEM", pemOf(root.Certificate), 1},
		{"two PEM", bytes.Join([][]byte{[]byte("A text\n"), pemOf(root.Certificate), pemOf(other.Certificate)}, nil), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := home(t)
			writeFile(t, "x.crt", c.data)
			call(t, "trust", "add", "x.crt", "--yes").want(t, 0, "Gốc A")
			if n := anchorsIn(t, dir); n != c.n {
				t.Errorf("%d files, want %d", n, c.n)
			}
		})
	}
	t.Run("P7B", func(t *testing.T) {
		dir := home(t)
		writeFile(t, "a.pem", append(pemOf(root.Certificate), pemOf(other.Certificate)...))
		if out, err := exec.Command("openssl", "crl2pkcs7", "-nocrl", "-certfile", "a.pem", "-outform", "DER", "-out", "x.p7b").CombinedOutput(); err != nil {
			t.Fatalf("openssl: %v %s", err, out)
		}
		call(t, "trust", "add", "x.p7b", "--yes").want(t, 0, "Gốc A", "Gốc B")
		if n := anchorsIn(t, dir); n != 2 {
			t.Errorf("%d files", n)
		}
	})
	t.Run("standard input", func(t *testing.T) {
		dir := home(t)
		callIn(t, string(pemOf(root.Certificate)), "trust", "add", "-", "--yes").want(t, 0, "Gốc A")
		if n := anchorsIn(t, dir); n != 1 {
			t.Errorf("%d files", n)
		}
	})
	t.Run("fingerprint", func(t *testing.T) {
		dir := home(t)
		writeFile(t, "x.crt", bytes.Join([][]byte{pemOf(root.Certificate), pemOf(other.Certificate)}, nil))
		sum := certpath.Fingerprint(other.Certificate)
		call(t, "trust", "add", "x.crt", "--fingerprint", strings.ToUpper(sum)).want(t, 0, "Added: Gốc B")
		if n := anchorsIn(t, dir); n != 1 {
			t.Errorf("%d files", n)
		}
		call(t, "trust", "add", "x.crt", "--fingerprint", strings.Repeat("ab", 32)).want(t, 1, "no certificate with the fingerprint")
		call(t, "trust", "add", "x.crt", "--fingerprint", "abcd").want(t, 2, "64 hex digits")
	})
}

func TestTrustAddRefused(t *testing.T) {
	dir := home(t)
	newWorld(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"no file", nil, 2, "no file was named"},
		{"missing", []string{"none.pem", "--yes"}, 1, "none.pem was not found"},
		{"folder", []string{".", "--yes"}, 2, "is a folder"},
		{"a key", []string{"key.pem", "--yes"}, 1, "no certificates that can be read"},
		{"a PDF", []string{"form.pdf", "--yes"}, 1, "no certificates that can be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			call(t, append([]string{"trust", "add"}, c.args...)...).want(t, c.code, c.say)
		})
	}
	if n := anchorsIn(t, dir); n != 0 {
		t.Errorf("%d files", n)
	}
}

func TestTrustRemoveRefused(t *testing.T) {
	home(t)
	newWorld(t)
	call(t, "trust", "add", "root.pem", "--yes").want(t, 0)
	call(t, "trust", "remove", "00000000").want(t, 1, "no trust anchor has a fingerprint", "kyso trust list")
	call(t, "trust", "remove", "xyz").want(t, 2, "no start of a fingerprint")
	call(t, "trust", "remove", "ab").want(t, 2, "no start of a fingerprint")
	call(t, "trust", "remove").want(t, 2)
	o := call(t, "trust", "remove", "00000000", "--json").want(t, 1).lines(t)[0]
	if o["error"].(map[string]any)["code"] != "trust_not_found" {
		t.Errorf("got %v", o)
	}
}

// testApp is an app with a fixed clock and a terminal of the test.
func testApp(t *testing.T, typed string) (*app, *bytes.Buffer, *os.File) {
	t.Helper()
	var out, errs bytes.Buffer
	a := newApp(streams{strings.NewReader(""), &out, &errs})
	a.m = i18n.For(i18n.English)
	a.now = testpki.Now
	screen, err := os.Create(filepath.Join(t.TempDir(), "screen"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	a.terminal = func() (*terminal, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		if _, err := w.WriteString(typed); err != nil {
			return nil, err
		}
		_ = w.Close()
		shown, err := os.OpenFile(screen.Name(), os.O_WRONLY|os.O_APPEND, 0)
		return &terminal{in: r, out: shown}, err
	}
	return a, &out, screen
}

func TestTrustAsks(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		added       bool
	}{{"yes", "yes\n", true}, {"no", "no\n", false}, {"Enter", "\n", false}, {"end", "", false}} {
		t.Run(c.name, func(t *testing.T) {
			dir := home(t)
			w := newWorld(t)
			a, out, screen := testApp(t, c.typed)
			err := a.execute(t.Context(), []string{"trust", "add", "root.pem", "--lang", "en"})
			shown := string(readFile(t, screen.Name()))
			for _, part := range []string{certpath.Fingerprint(w.root.Certificate), "Kyso Test Root", "from 2000-01-01 to 2100-01-01", "Compare the fingerprint"} {
				if !strings.Contains(shown, part) {
					t.Errorf("the terminal did not show %q: %s", part, shown)
				}
			}
			if got := anchorsIn(t, dir) == 1; got != c.added {
				t.Errorf("added: %v", got)
			}
			if c.added != (err == nil) || c.added != strings.Contains(out.String(), "Added") {
				t.Errorf("%v, %s", err, out)
			}
			if !c.added && statusOf(err) != (status{exitFailed, "not_confirmed"}) {
				t.Errorf("status %v", statusOf(err))
			}
		})
	}
	t.Run("no terminal", func(t *testing.T) {
		home(t)
		newWorld(t)
		a, _, _ := testApp(t, "")
		a.terminal = func() (*terminal, error) { return nil, errors.New("none") }
		err := a.execute(t.Context(), []string{"trust", "add", "root.pem", "--lang", "en"})
		if statusOf(err) != (status{exitUsage, "no_terminal"}) || !strings.Contains(hintsOf(a.m, err)[0], "--yes") {
			t.Errorf("%v", err)
		}
	})
}

func TestTrustDoubts(t *testing.T) {
	a, _, _ := testApp(t, "")
	root := testpki.NewRoot("Gốc", testpki.P256)
	day := 24 * time.Hour
	for _, c := range []struct {
		name string
		cert *x509.Certificate
		want []string
	}{
		{"root", root.Certificate, nil},
		{"intermediate", root.Sub("CA con", testpki.P256).Certificate, []string{`issued by "Gốc"`}},
		{"person", root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A"}), []string{"no certificate of a certification authority", `issued by "Gốc"`}},
		{"expired", root.Issue(testpki.Leaf{CN: "Cũ", NotAfter: testpki.Now().Add(-day)}), []string{"no certificate of a", "issued by", "expired on 2026-05-11"}},
		{"not yet", root.Issue(testpki.Leaf{CN: "Mới", NotBefore: testpki.Now().Add(day)}), []string{"no certificate of a", "issued by", "from 2026-05-13 only"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := a.doubts(c.cert)
			if len(got) != len(c.want) {
				t.Fatalf("%d doubts, want %d", len(got), len(c.want))
			}
			for i, w := range c.want {
				if text := got[i](a.m); !strings.Contains(text, w) {
					t.Errorf("%q lacks %q", text, w)
				}
			}
		})
	}
}

// The help says where the Vietnamese roots are published, and that nobody
// checked the fingerprints.
func TestTrustHelpNamesTheRoots(t *testing.T) {
	home(t)
	for lang, caution := range map[string]string{"en": "could NOT check", "vi": "CHƯA đối chiếu"} {
		call(t, "trust", "add", "--help", "--lang", lang).want(t, 0, caution, "https://rootca.gov.vn/crt/vnrca256.p7b",
			"bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7", "http://ca.gov.vn/pki/pub/crt/rootcag2.crt",
			"f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8")
	}
}
