package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// called is one run of the program in this process.
type called struct {
	code     int
	out, err string
}

// call runs the program with a home of its own (see home).
func call(t *testing.T, args ...string) called {
	t.Helper()
	return callIn(t, "", args...)
}

func callIn(t *testing.T, in string, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, streams{strings.NewReader(in), &out, &errs})
	return called{code, out.String(), errs.String()}
}

// want fails when the exit code is another.
func (c called) want(t *testing.T, code int, parts ...string) called {
	t.Helper()
	if c.code != code {
		t.Fatalf("exit %d, want %d\nstdout: %s\nstderr: %s", c.code, code, c.out, c.err)
	}
	for _, p := range parts {
		if !strings.Contains(c.out+c.err, p) {
			t.Errorf("no %q in\nstdout: %s\nstderr: %s", p, c.out, c.err)
		}
	}
	return c
}

// lines are the JSON objects of standard output.
func (c called) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, l := range strings.Split(strings.TrimSpace(c.out), "\n") {
		var o map[string]any
		if err := json.Unmarshal([]byte(l), &o); err != nil {
			t.Fatalf("%v: %q", err, l)
		}
		if err := fitsSchema(o); err != nil {
			t.Errorf("%v in %s", err, l)
		}
		all = append(all, o)
	}
	return all
}

// home gives the run a configuration of its own and an English terminal, and
// goes to a new folder.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, value := range map[string]string{
		"HOME": dir, "XDG_CONFIG_HOME": filepath.Join(dir, "config"), "XDG_CACHE_HOME": filepath.Join(dir, "cache"),
		"LC_ALL": "en_US.UTF-8", "KYSO_TRUST_DIR": "", "KYSO_CONFIG": "",
	} {
		t.Setenv(name, value)
	}
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	return dir
}

// world is a PKI with servers on loopback whose clock is the real one.
type world struct {
	root   *testpki.CA
	tsa    *testpki.TSA
	ocsp   *testpki.OCSP
	tsaURL string
	signer *x509.Certificate
}

// newWorld writes root.pem, key.pem, cert.pem and form.pdf into the folder.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{root: testpki.NewRoot("Kyso Test Root", testpki.P256)}
	w.ocsp = w.root.OCSP()
	w.ocsp.Now = time.Now
	ocsp := httptest.NewServer(w.ocsp)
	t.Cleanup(ocsp.Close)
	stamps := testpki.Key(testpki.P256, "stamps")
	w.tsa = &testpki.TSA{Key: stamps, Now: time.Now,
		Certificate: w.root.Issue(testpki.Leaf{CN: "Kyso Test TSA", Key: stamps.Public(), TSA: true, OCSPURL: ocsp.URL})}
	server := httptest.NewServer(w.tsa)
	t.Cleanup(server.Close)
	w.tsaURL = server.URL
	key := testpki.Key(testpki.P256, "signer")
	w.signer = w.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", Key: key.Public(), OCSPURL: ocsp.URL})
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, "key.pem", "PRIVATE KEY", der)
	writePEM(t, "cert.pem", "CERTIFICATE", w.signer.Raw)
	writePEM(t, "root.pem", "CERTIFICATE", w.root.Certificate.Raw)
	writeFile(t, "form.pdf", form.PDF)
	return w
}

func writePEM(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	writeFile(t, name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sign makes form.signed.pdf.
func (w *world) sign(t *testing.T, args ...string) {
	t.Helper()
	all := append([]string{"sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--force"}, args...)
	call(t, all...).want(t, 0)
}

func (w *world) tsaRequests() int64 { return atomic.LoadInt64(&w.tsa.Requests) }

// dead is the address of a server that knows nothing of timestamps; a 503
// would be asked again after a while.
func dead(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }))
	t.Cleanup(s.Close)
	return s.URL
}

// names are the files of the folder.
func names(t *testing.T) string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}
