package revocation

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// folder holds files for OpenSSL.
type folder struct {
	t   *testing.T
	dir string
}

func (f folder) write(name string, data []byte) string {
	f.t.Helper()
	file := filepath.Join(f.dir, name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return file
}

func (f folder) cert(name string, c *x509.Certificate) string {
	f.t.Helper()
	return f.write(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func (f folder) key(name string, key any) string {
	f.t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.write(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func (f folder) openssl(args ...string) string {
	f.t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = f.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		f.t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// opensslResponder answers each request with the openssl command, which keeps
// its own data base of certificates.
type opensslResponder struct {
	folder
	ca     *testpki.CA
	signer *x509.Certificate
	key    any
	extra  []string
}

func (o *opensslResponder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	args := append([]string{"ocsp", "-index", filepath.Join(o.dir, "index.txt"), "-CA", o.cert("ca.pem", o.ca.Certificate),
		"-rsigner", o.cert("signer.pem", o.signer), "-rkey", o.key2("signer.key"), "-reqin", o.write("req.der", body),
		"-respout", filepath.Join(o.dir, "resp.der")}, o.extra...)
	o.openssl(args...)
	resp, err := os.ReadFile(filepath.Join(o.dir, "resp.der"))
	if err != nil {
		o.t.Error(err)
	}
	_, _ = w.Write(resp)
}

func (o *opensslResponder) key2(name string) string { return o.folder.key(name, o.key) }

// index writes OpenSSL's data base.
func (f folder) index(good, revoked *x509.Certificate) {
	line := func(status, at string, c *x509.Certificate) string {
		return fmt.Sprintf("%s\t21000101000000Z\t%s\t%X\tunknown\t/C=VN/CN=%s\n", status, at, c.SerialNumber, c.Subject.CommonName)
	}
	text := line("V", "", good)
	if revoked != nil {
		text += line("R", "260501120000Z,keyCompromise", revoked)
	}
	f.write("index.txt", []byte(text))
}

// OpenSSL as the responder: it reads our requests, and we its answers. Its
// clock is the wall's, so this test's is too.
func TestOpenSSLResponds(t *testing.T) {
	ca := newCA("openssl")
	good, gone, stranger := newLeaf(ca, testpki.Leaf{CN: "good"}), newLeaf(ca, testpki.Leaf{CN: "gone"}), newLeaf(ca, testpki.Leaf{CN: "stranger"})
	key := testpki.Key(testpki.RSA2048, "delegate")
	delegate := ca.Issue(testpki.Leaf{CN: "delegate", Key: key.Public(), OCSPSigner: true, Template: testpki.NoCheck})
	useless := ca.Issue(testpki.Leaf{CN: "useless", Key: key.Public()})
	tests := []struct {
		name   string
		cert   *x509.Certificate
		signer *x509.Certificate
		key    any
		extra  []string
		want   certpath.State
		p      Problem
	}{
		{"good, by the CA", good, ca.Certificate, ca.Key, nil, certpath.Good, 0},
		{"good, by a delegate", good, delegate, key, nil, certpath.Good, 0},
		{"by key", good, delegate, key, []string{"-resp_key_id"}, certpath.Good, 0},
		{"for a day", good, delegate, key, []string{"-ndays", "1"}, certpath.Good, 0},
		{"SHA-512", good, delegate, key, []string{"-rmd", "sha512"}, certpath.Good, 0},
		{"RSA-PSS", good, delegate, key, []string{"-rsigopt", "rsa_padding_mode:pss"}, certpath.Good, 0},
		{"SHA-1", good, delegate, key, []string{"-rmd", "sha1"}, certpath.Unknown, WeakAlgorithm},
		{"without certificate", good, delegate, key, []string{"-resp_no_certs"}, certpath.Unknown, NotAuthorized},
		{"revoked", gone, delegate, key, nil, certpath.Revoked, 0},
		{"unknown", stranger, delegate, key, nil, certpath.Unknown, StatusUnknown},
		{"by a signer that is none", good, useless, key, nil, certpath.Unknown, NotAuthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := folder{t, t.TempDir()}
			f.index(good, gone)
			o := &opensslResponder{f, ca, tt.signer, tt.key, tt.extra}
			s := &Source{Fetch: &fetch.Client{Transport: testpki.Transport(testpki.Hosts{"ocsp.example.vn": o})}, Now: time.Now}
			got := checkAt(s, tt.cert, ca, time.Now())
			expect(t, got, tt.want, tt.p)
			if got.Note != "" {
				t.Errorf("note %q", got.Note)
			}
			if at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC); tt.want == certpath.Revoked && (got.Reason != 1 || !got.RevokedAt.Equal(at)) {
				t.Errorf("%+v", got)
			}
			text := f.openssl("ocsp", "-reqin", "req.der", "-req_text", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "signer.pem",
				"-rkey", "signer.key", "-respout", "again.der")
			if !strings.Contains(text, fmt.Sprintf("Serial Number: %X", tt.cert.SerialNumber)) || !strings.Contains(text, "OCSP Nonce") {
				t.Errorf("request:\n%s", text)
			}
		})
	}
}

// OpenSSL makes the CRL from the same data base.
func TestOpenSSLCRL(t *testing.T) {
	ca := newCA("openssl crl")
	good, gone := newLeaf(ca, testpki.Leaf{CN: "good"}), newLeaf(ca, testpki.Leaf{CN: "gone"})
	for _, v2 := range []bool{true, false} {
		f := folder{t, t.TempDir()}
		f.index(good, gone)
		f.write("number", []byte("01\n"))
		conf := "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=7\nunique_subject=no\n"
		if v2 {
			conf += "crl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n"
		} else {
			conf = strings.Replace(conf, "crlnumber=number\n", "", 1)
			f.index(good, nil) // reasons would make it version 2
		}
		f.openssl("ca", "-gencrl", "-config", f.write("ca.cnf", []byte(conf)), "-cert", f.cert("ca.pem", ca.Certificate),
			"-keyfile", f.key("ca.key", ca.Key), "-out", "crl.pem")
		crl, err := os.ReadFile(filepath.Join(f.dir, "crl.pem"))
		if err != nil {
			t.Fatal(err)
		}
		if !v2 && !strings.Contains(f.openssl("crl", "-in", "crl.pem", "-noout", "-text"), "Version") {
			t.Error("no CRL")
		}
		s := &Source{FileCRLs: [][]byte{crl}, Now: time.Now}
		expect(t, checkAt(s, gone, ca, time.Now()), map[bool]certpath.State{true: certpath.Revoked, false: certpath.Good}[v2], 0)
		expect(t, checkAt(s, newLeaf(ca, testpki.Leaf{CN: "other"}), ca, time.Now()), certpath.Good, 0)
		if !bytes.HasPrefix(crl, []byte("-----BEGIN")) {
			t.Error("not PEM")
		}
	}
}
