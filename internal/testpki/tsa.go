package testpki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/digitorus/timestamp"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TSA is an RFC 3161 server; an http.Handler. Mode makes it misbehave:
// wrong_nonce, rejection, garbage, empty, no_cert, http500.
type TSA struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	Chain       []*x509.Certificate
	Now         func() time.Time // nil: testpki.Now
	Requests    int64            // counted atomically
	Mode        string           // "" = good
}

// NewTSA makes a TSA under ca.
func NewTSA(ca *CA, t KeyType) *TSA {
	key := Key(t, "tsa")
	cert := ca.Issue(Leaf{CN: "Test TSA", Key: key.Public(), TSA: true, KeyUsage: x509.KeyUsageDigitalSignature})
	return &TSA{Certificate: cert, Key: key, Chain: []*x509.Certificate{ca.Certificate}}
}

// ServeHTTP answers one time-stamp query (RFC 3161, 3.4).
func (t *TSA) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := atomic.AddInt64(&t.Requests, 1)
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	req, perr := timestamp.ParseRequest(body)
	if err != nil || perr != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	var resp []byte
	switch t.Mode {
	case "http500":
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	case "garbage":
		resp = []byte("<html>not a time-stamp</html>")
	case "empty":
	case "rejection": // PKIStatusInfo{status 2, failInfo badAlg (bit 0)}
		resp = []byte{0x30, 0x09, 0x30, 0x07, 0x02, 0x01, 0x02, 0x03, 0x02, 0x07, 0x80}
	default:
		if resp, err = t.token(req, n); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(resp)
}

func (t *TSA) token(req *timestamp.Request, n int64) ([]byte, error) {
	now := Now
	if t.Now != nil {
		now = t.Now
	}
	ts := timestamp.Timestamp{HashAlgorithm: req.HashAlgorithm, HashedMessage: req.HashedMessage,
		Time: now(), Nonce: req.Nonce, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1},
		SerialNumber: big.NewInt(n), Certificates: t.Chain,
		AddTSACertificate: req.Certificates && t.Mode != "no_cert"}
	if t.Mode == "wrong_nonce" {
		ts.Nonce = big.NewInt(4711)
	}
	return ts.CreateResponseWithOpts(t.Certificate, t.Key, crypto.SHA256)
}

type transport struct{ h http.Handler }

// RoundTrip serves the request in this process.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = io.NopCloser(bytes.NewReader(nil))
	}
	defer r.Body.Close()
	rec := httptest.NewRecorder()
	t.h.ServeHTTP(rec, r)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// Transport serves the handler in-process for every request, no socket.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

// PKCS12 encodes key, certificate and chain (modern: AES).
func PKCS12(key crypto.Signer, cert *x509.Certificate, chain []*x509.Certificate, password string) ([]byte, error) {
	return pkcs12.Modern.Encode(key, cert, chain, password)
}

// Throwaway is a PKI with fresh keys, for the demo.
type Throwaway struct {
	Root       *CA
	SignerKey  crypto.Signer // RSA-2048
	SignerCert *x509.Certificate
	TSA        *TSA
}

// NewThrowaway makes one, valid from an hour before now for ten years. A nil
// random means crypto/rand.
func NewThrowaway(random io.Reader, now time.Time) (*Throwaway, error) {
	if random == nil {
		random = rand.Reader
	}
	var keys [3]*rsa.PrivateKey
	for i := range keys {
		k, err := rsa.GenerateKey(random, 2048)
		if err != nil {
			return nil, err
		}
		keys[i] = k
	}
	from, to := now.Add(-time.Hour), now.AddDate(10, 0, 0)
	tmpl := caTemplate("kyso demo root", keys[0].Public(), from, to)
	root, err := create(random, tmpl, tmpl, keys[0].Public(), keys[0])
	if err != nil {
		return nil, err
	}
	ca := &CA{Certificate: root, Key: keys[0]}
	l := person(keys[1].Public())
	l.NotBefore, l.NotAfter = from, to
	signer, err := ca.issue(random, l)
	if err != nil {
		return nil, err
	}
	tsa, err := ca.issue(random, Leaf{CN: "kyso demo TSA", Key: keys[2].Public(), TSA: true,
		KeyUsage: x509.KeyUsageDigitalSignature, NotBefore: from, NotAfter: to})
	if err != nil {
		return nil, err
	}
	return &Throwaway{ca, keys[1], signer, &TSA{Certificate: tsa, Key: keys[2],
		Chain: []*x509.Certificate{root}, Now: func() time.Time { return now }}}, nil
}
