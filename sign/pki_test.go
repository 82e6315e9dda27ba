package sign_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
)

func now() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }

// kinds of signature that every combination is made with.
var kinds = []struct {
	name   string
	key    cmstest.Kind
	scheme cms.Scheme
}{
	{"RSA v1.5", cmstest.RSA, cms.PKCS1v15},
	{"RSA-PSS", cmstest.RSA, cms.PSS},
	{"P-256", cmstest.P256, cms.ECDSA},
	{"P-384", cmstest.P384, cms.ECDSA},
}

// countingKey counts how often it is asked.
type countingKey struct {
	crypto.Signer
	asked atomic.Int64
}

func (k *countingKey) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	k.asked.Add(1)
	return k.Signer.Sign(r, digest, o)
}

func signer(kind cmstest.Kind) (*countingKey, *x509.Certificate) {
	key := cmstest.Key(kind, "NGUYỄN VĂN A")
	return &countingKey{Signer: key}, cmstest.Certificate("NGUYỄN VĂN A", key.Public(), nil)
}

// tsa is a server that answers rightly, padded or not at all.
type tsa struct {
	*httptest.Server
	asked atomic.Int64
	pad   int  // extra certificates in the token, to make it larger
	down  bool // 503
}

func newTSA(t *testing.T) *tsa {
	s := &tsa{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *tsa) pool() *tsp.Pool {
	return &tsp.Pool{Clients: []*tsp.Client{{URL: s.URL, Now: now, Tries: 1}}}
}

func (s *tsa) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	if s.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		return
	}
	req, err := timestamp.ParseRequest(body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	key := cmstest.Key(cmstest.RSA, "TSA")
	cert := cmstest.Certificate("TSA", key.Public(), cmstest.TSAExtension(true, cmstest.OID(oids.EKUTimeStamping)))
	ts := timestamp.Timestamp{
		HashAlgorithm: req.HashAlgorithm, HashedMessage: req.HashedMessage, Time: now(),
		Nonce: req.Nonce, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1},
		SerialNumber: big.NewInt(s.asked.Load()), AddTSACertificate: true,
	}
	for range s.pad {
		ts.Certificates = append(ts.Certificates, cmstest.CA())
	}
	reply, err := ts.CreateResponseWithOpts(cert, key, crypto.SHA256)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(reply)
}

// signed signs data and returns the output; the key must be asked once.
func signed(t *testing.T, data []byte, kind cmstest.Kind, o sign.Options) ([]byte, *sign.Result) {
	t.Helper()
	key, cert := signer(kind)
	o.Certificate, o.Now = cert, now
	o.Chain = []*x509.Certificate{cmstest.CA()}
	out, result, err := trySign(t, data, key, o)
	if err != nil {
		t.Fatal(err)
	}
	if n := key.asked.Load(); n != 1 {
		t.Fatalf("the key was asked %d times", n)
	}
	return out, result
}

func trySign(t *testing.T, data []byte, key crypto.Signer, o sign.Options) ([]byte, *sign.Result, error) {
	t.Helper()
	p, err := sign.Prepare(context.Background(), readerAt(data), int64(len(data)), o)
	if err != nil {
		return nil, nil, err
	}
	return finish(t, p, key)
}

func finish(t *testing.T, p *sign.Prepared, key crypto.Signer) ([]byte, *sign.Result, error) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	result, err := p.Finish(context.Background(), key, f)
	if err != nil {
		return nil, nil, err
	}
	if _, err := p.Finish(context.Background(), key, f); !errors.Is(err, sign.ErrUsed) {
		t.Errorf("second Finish: %v", err)
	}
	out, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return out, result, nil
}

// caFile is the test CA in PEM, for openssl.
func caFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cmstest.CA().Raw})
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
