package testpki

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

func TestCRL(t *testing.T) {
	for _, kt := range []KeyType{RSA2048, P256, P384, P521} {
		ca := NewRoot("R", kt)
		gone, held := ca.Issue(Leaf{CN: "gone"}), ca.Issue(Leaf{CN: "held"})
		ca.Revoke(gone, Revocation{Reason: 1, Invalidity: Now().AddDate(0, -1, 0)})
		ca.Revoke(held, Revocation{Reason: 6})
		ca.Unrevoke(held)
		list, err := x509.ParseRevocationList(ca.CRL())
		if err != nil {
			t.Fatal(err)
		}
		if err := list.CheckSignatureFrom(ca.Certificate); err != nil {
			t.Errorf("%s: %v", kt, err)
		}
		if len(list.RevokedCertificateEntries) != 1 || list.RevokedCertificateEntries[0].SerialNumber.Cmp(gone.SerialNumber) != 0 ||
			list.RevokedCertificateEntries[0].ReasonCode != 1 || list.Number.Int64() != 1 {
			t.Errorf("%s: %+v", kt, list.RevokedCertificateEntries)
		}
	}
}

// Every field is written as OpenSSL reads it.
func TestCRLFields(t *testing.T) {
	ca := NewRoot("R", P256)
	c := ca.NewCRL()
	c.Number, c.Base, c.Freshest = 7, 3, []string{"http://crl.example.vn/delta"}
	c.IDP = &IDP{URI: "http://crl.example.vn/a", OnlyUsers: true, Indirect: true, Reasons: []int{1, 2, 8}}
	c.Entries = []CRLEntry{{Serial: ca.Certificate.SerialNumber, At: Now(), Reason: 8, Issuer: ca.Certificate.RawSubject}}
	text := openssl(t, c.Sign(), "crl", "-inform", "DER", "-noout", "-text")
	for _, want := range []string{"X509v3 CRL Number: \n                7", "Delta CRL Indicator: critical\n                3",
		"Only User Certificates", "Indirect CRL", "Key Compromise, CA Compromise, AA Compromise", "URI:http://crl.example.vn/a",
		"Remove From CRL", "Freshest CRL", "DirName:/C=VN/CN=R"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	c.Damage = true
	if list, err := x509.ParseRevocationList(c.Sign()); err != nil || list.CheckSignatureFrom(ca.Certificate) == nil {
		t.Errorf("damage: %v", err)
	}
	c = ca.NewCRL()
	c.Version1 = true
	if text := openssl(t, c.Sign(), "crl", "-inform", "DER", "-noout", "-text"); !strings.Contains(text, "Version 1 ") {
		t.Error(text)
	}
	rdn := der(func(b *builder) {
		sequence(b, func(b *builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{2, 5, 4, 3})
			b.AddBytes([]byte{12, 1, 'z'})
		})
	})
	key := Key(P256, "x")
	tmpl := leafTemplate(Leaf{CN: "x", Key: key.Public()})
	tmpl.ExtraExtensions = []pkix.Extension{DistributionPoints(
		DP{URI: "http://a.example.vn/", Reasons: []int{1}, CRLIssuer: ca.Certificate.RawSubject},
		DP{Relative: rdn, CRLIssuer: ca.Certificate.RawSubject})}
	// crypto/x509 writes it and does not read it.
	leaf, err := x509.CreateCertificate(rand.Reader, tmpl, ca.Certificate, key.Public(), ca.Key)
	if err != nil {
		t.Fatal(err)
	}
	text = openssl(t, leaf, "x509", "-inform", "DER", "-noout", "-text")
	for _, want := range []string{"URI:http://a.example.vn/", "Reasons:\n                  Key Compromise", "CRL Issuer", "Relative Name:\n                  CN = z"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func openssl(t *testing.T, in []byte, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// post asks a handler about cert, over a real connection or in this process.
func post(t *testing.T, h http.Handler, cert, issuer *x509.Certificate, real bool) (int, []byte) {
	t.Helper()
	q, err := ocsp.CreateRequest(cert, issuer, &ocsp.RequestOptions{Hash: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	client, url := http.Client{Transport: Transport(h)}, "http://ocsp.example.vn/"
	if real {
		s := httptest.NewServer(h)
		defer s.Close()
		client, url = http.Client{}, s.URL
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(q))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/ocsp-request")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

func TestOCSP(t *testing.T) {
	for _, kt := range []KeyType{RSA2048, P256, P384} {
		ca := NewRoot("R", kt)
		good, gone := ca.Issue(Leaf{CN: "good"}), ca.Issue(Leaf{CN: "gone"})
		ca.Revoke(gone, Revocation{Reason: 4})
		for _, s := range []*OCSP{ca.OCSP(), NewOCSPDelegate(ca, kt)} {
			_, body := post(t, Hosts{"ocsp.example.vn": s}, good, ca.Certificate, false)
			r, err := ocsp.ParseResponseForCert(body, good, ca.Certificate)
			if err != nil || r.Status != ocsp.Good {
				t.Errorf("%s: %v %v", kt, r, err)
			}
			_, body = post(t, s, gone, ca.Certificate, true)
			r, err = ocsp.ParseResponseForCert(body, gone, ca.Certificate)
			if err != nil || r.Status != ocsp.Revoked || r.RevocationReason != 4 || !r.RevokedAt.Equal(Now().AddDate(0, 0, -1)) {
				t.Errorf("%s: %v %v", kt, r, err)
			}
			if s.Requests != 2 {
				t.Errorf("%d requests", s.Requests)
			}
		}
	}
}

// OpenSSL believes a good response, and none of the modes that it can tell.
func TestOCSPModes(t *testing.T) {
	ca := NewRoot("R", P256)
	other := NewRoot("Other", P256)
	leaf := ca.Issue(Leaf{CN: "leaf"})
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	toPEM := func(c *x509.Certificate) []byte {
		return []byte(openssl(t, c.Raw, "x509", "-inform", "DER"))
	}
	caFile, leafFile := write("ca.pem", toPEM(ca.Certificate)), write("leaf.pem", toPEM(leaf))
	accepts := func(body []byte) bool {
		cmd := exec.Command("openssl", "ocsp", "-respin", write("resp.der", body), "-sha256", "-issuer", caFile, "-cert", leafFile,
			"-CAfile", caFile, "-no_nonce", "-attime", "1778574912")
		out, err := cmd.CombinedOutput()
		return err == nil && bytes.Contains(out, []byte("Response verify OK")) && bytes.Contains(out, []byte("good\n\tThis Update")) // times are judged by the wall clock
	}
	s := NewOCSPDelegate(ca, P256)
	for mode, want := range map[string]bool{"": true, "no_nonce": true, "wrong_certid": false, "expired_delegate": false,
		"no_eku": false, "unsigned": false, "garbage": false, "html": false, "empty": false, "try_later": false,
		"internal_error": false, "unauthorized": false, "unknown": false} {
		s.Mode = mode
		_, body := post(t, s, leaf, ca.Certificate, false)
		if got := accepts(body); got != want {
			t.Errorf("%q: %v, want %v", mode, got, want)
		}
	}
	s.Mode = "http500"
	if code, _ := post(t, s, leaf, ca.Certificate, true); code != 500 {
		t.Errorf("http500: %d", code)
	}
	s.Mode = ""
	if _, body := post(t, s, other.Issue(Leaf{CN: "x"}), other.Certificate, false); accepts(body) || !bytes.Equal(body, (&OCSPResponse{Status: 6}).Sign()) {
		t.Errorf("another CA's certificate: %x", body)
	}
}

func TestCRLServer(t *testing.T) {
	ca := NewRoot("R", P256)
	s := &CRLServer{CA: ca}
	client := http.Client{Transport: Transport(Hosts{"crl.example.vn": s}), Timeout: time.Second}
	for _, mode := range []string{"", "stale", "future", "unsigned", "garbage", "html", "empty", "http500", "slow", "elsewhere"} {
		s.Mode = mode
		url := "http://crl.example.vn/ca.crl"
		if mode == "elsewhere" {
			url = "http://other.example.vn/"
		}
		resp, err := client.Get(url)
		if err != nil {
			if mode != "slow" {
				t.Errorf("%s: %v", mode, err)
			}
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		list, err := x509.ParseRevocationList(body)
		var got string
		switch {
		case err != nil:
			got = "no CRL"
		case list.CheckSignatureFrom(ca.Certificate) != nil:
			got = "unsigned"
		case list.NextUpdate.Before(Now()):
			got = "stale"
		case list.ThisUpdate.After(Now()):
			got = "future"
		}
		want := mode
		if strings.Contains("garbage html empty http500 slow elsewhere", mode) && mode != "" {
			want = "no CRL"
		}
		if got != want {
			t.Errorf("%q: %q", mode, got)
		}
	}
	if s.Requests != 9 {
		t.Errorf("%d requests", s.Requests)
	}
}
