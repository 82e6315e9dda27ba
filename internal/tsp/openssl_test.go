package tsp_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// opensslTSA answers with `openssl ts -reply`.
type opensslTSA struct {
	t   *testing.T
	dir string
}

const tsaConf = `
[tsa]
default_tsa = tsa1
[tsa1]
serial = %[1]s/serial
crypto_device = builtin
signer_cert = %[1]s/tsa.pem
signer_key = %[1]s/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5.6
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = %[2]s
`

func newOpenSSLTSA(t *testing.T, kind cmstest.Kind, essAlg string) *opensslTSA {
	t.Helper()
	dir := t.TempDir()
	key := cmstest.Key(kind, "openssl tsa")
	cert := cmstest.Certificate("OpenSSL TSA", key.Public(), cmstest.TSAExtension(true, timeStamping))
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"tsa.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}),
		"tsa.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		"ca.pem":  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cmstest.CA().Raw}),
		"serial":  []byte("01\n"),
		"conf":    fmt.Appendf(nil, tsaConf, dir, essAlg),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &opensslTSA{t: t, dir: dir}
}

func (o *opensslTSA) path(name string) string { return filepath.Join(o.dir, name) }

func (o *opensslTSA) run(args ...string) (string, error) {
	out, err := exec.Command("openssl", args...).CombinedOutput()
	var missing *exec.Error
	if errors.As(err, &missing) {
		o.t.Fatal(err)
	}
	return string(out), err
}

func (o *opensslTSA) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(o.path("query"), body, 0o600)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if out, err := o.run("ts", "-reply", "-config", o.path("conf"), "-queryfile", o.path("query"), "-out", o.path("reply")); err != nil {
		o.t.Errorf("openssl ts -reply: %v\n%s", err, out)
	}
	reply, err := os.ReadFile(o.path("reply"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(reply)
}

// T11: our requests are understood by openssl, its tokens by us, and what we
// accept `openssl ts -verify` accepts as well.
func TestT11OpenSSLBothWays(t *testing.T) {
	tests := map[string]struct {
		kind cmstest.Kind
		hash crypto.Hash
		ess  string
	}{
		"rsa, ess v1":    {cmstest.RSA, crypto.SHA256, "sha1"},
		"rsa, ess v2":    {cmstest.RSA, crypto.SHA384, "sha256"},
		"ecdsa, ess 512": {cmstest.P256, crypto.SHA512, "sha512"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOpenSSLTSA(t, tc.kind, tc.ess)
			c := client(nil)
			c.Fetch.Transport = inProcess{o}
			c.Hash, c.Policy, c.Now = tc.hash, policy, time.Now // openssl has the real clock
			token, err := ask(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if want := time.Second + 500*time.Millisecond + 100*time.Microsecond; token.Accuracy != want {
				t.Errorf("accuracy %v", token.Accuracy)
			}
			o.verifies(token.Raw, data, true)
			o.verifies(token.Raw, []byte("other"), false)
		})
	}
}

// verifies asks openssl for its verdict on a token.
func (o *opensslTSA) verifies(token, data []byte, want bool) {
	o.t.Helper()
	for name, content := range map[string][]byte{"token": token, "data": data} {
		if err := os.WriteFile(o.path(name), content, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	out, err := o.run("ts", "-verify", "-in", o.path("token"), "-token_in", "-data", o.path("data"), "-CAfile", o.path("ca.pem"))
	if (err == nil) != want {
		o.t.Errorf("openssl ts -verify: %v, want success %v\n%s", err, want, out)
	}
}

// Tokens made by the mock pass openssl too, so the mock is right where it is
// meant to be right.
func TestMockPassesOpenSSL(t *testing.T) {
	o := newOpenSSLTSA(t, cmstest.P256, "sha256")
	o.verifies(goodToken(), data, true)
}

// A refusal of openssl in its own encoding.
func TestT2OpenSSLRefuses(t *testing.T) {
	o := newOpenSSLTSA(t, cmstest.P256, "sha256")
	c := client(nil)
	c.Fetch.Transport = inProcess{o}
	c.Now = time.Now
	c.Policy = []int{1, 2, 3, 99}
	_, err := ask(t, c)
	var refused *tsp.StatusError
	if !errors.As(err, &refused) || refused.Status != 2 || len(refused.FailInfo) != 1 || refused.FailInfo[0] != "unacceptedPolicy" || refused.Text == "" {
		t.Errorf("%#v", err)
	}
}
