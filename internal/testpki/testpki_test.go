package testpki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

func TestKeysAndChain(t *testing.T) {
	root := NewRoot("R", RSA3072)
	for _, kt := range []KeyType{RSA2048, RSA3072, P256, P384, P521} {
		key := Key(kt, "x")
		if !bytes.Equal(spki(key.Public()), spki(Key(kt, "x").Public())) {
			t.Errorf("%s: key not fixed", kt)
		}
		sub := root.Sub("S", kt)
		cert := sub.Person(key.Public())
		if err := cert.CheckSignatureFrom(sub.Certificate); err != nil {
			t.Errorf("%s: %v", kt, err)
		}
		if cert.EmailAddresses[0] != "a@example.vn" || len(cert.SubjectKeyId) == 0 || len(cert.Subject.Names) != 4 {
			t.Errorf("%s: subject %v", kt, cert.Subject)
		}
	}
}

func ask(t *testing.T, tsa *TSA) (*timestamp.Timestamp, int, error) {
	t.Helper()
	q, err := timestamp.CreateRequest(bytes.NewReader([]byte("x")), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true})
	if err != nil {
		t.Fatal(err)
	}
	c := http.Client{Transport: Transport(tsa)}
	resp, err := c.Post("http://tsa.example.vn", "application/timestamp-query", bytes.NewReader(q))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	ts, err := timestamp.ParseResponse(b)
	return ts, resp.StatusCode, err
}

func TestTSA(t *testing.T) {
	tsa := NewTSA(NewRoot("R", P256), RSA2048)
	ts, _, err := ask(t, tsa)
	if err != nil || !ts.Time.Equal(Now()) {
		t.Fatalf("%v %v", ts, err)
	}
	for _, m := range []string{"rejection", "garbage", "empty", "http500"} {
		tsa.Mode = m
		if _, _, err := ask(t, tsa); err == nil {
			t.Errorf("%s: accepted", m)
		}
	}
}

func TestThrowawayAndPKCS12(t *testing.T) {
	// The pkcs7 library writes the wall clock as signing time and wants it
	// inside the validity, so this one test uses the wall clock.
	now := time.Now()
	th, err := NewThrowaway(nil, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := th.SignerCert.CheckSignatureFrom(th.Root.Certificate); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ask(t, th.TSA); err != nil {
		t.Fatal(err)
	}
	p, err := PKCS12(th.SignerKey, th.SignerCert, []*x509.Certificate{th.Root.Certificate}, "pw")
	if err != nil {
		t.Fatal(err)
	}
	if _, c, _, err := pkcs12.DecodeChain(p, "pw"); err != nil || !c.Equal(th.SignerCert) {
		t.Fatal(err)
	}
}
