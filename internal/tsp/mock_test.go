package tsp_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
)

var (
	now    = time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC)
	policy = asn1.ObjectIdentifier{1, 2, 3, 4, 1}
	data   = []byte("giá trị chữ ký")
)

// info is a TSTInfo to be written, right or wrong.
type info struct {
	version  int64
	policy   asn1.ObjectIdentifier
	hash     crypto.Hash
	imprint  []byte
	serial   *big.Int
	time     string
	accuracy []byte
	ordering []byte
	nonce    *big.Int
	tail     []byte // tsa, extensions
}

func newInfo(h crypto.Hash, imprint []byte, nonce *big.Int) info {
	return info{version: 1, policy: policy, hash: h, imprint: imprint, serial: big.NewInt(4711),
		time: now.Format("20060102150405") + "Z", nonce: nonce}
}

func (i info) der() []byte {
	parts := [][]byte{
		cmstest.Int(big.NewInt(i.version)), cmstest.OID(i.policy),
		cmstest.TLV(0x30, cmstest.Alg(cmstest.HashOIDs[i.hash], cmstest.Null), cmstest.TLV(4, i.imprint)),
		cmstest.Int(i.serial), cmstest.TLV(0x18, []byte(i.time)), i.accuracy, i.ordering,
	}
	if i.nonce != nil {
		parts = append(parts, cmstest.Int(i.nonce))
	}
	return cmstest.TLV(0x30, append(parts, i.tail)...)
}

var timeStamping = cmstest.OID(oids.EKUTimeStamping)

func tsaCert(name string, critical bool, ekus ...[]byte) *x509.Certificate {
	return cmstest.Certificate(name, tsaKey().Public(), cmstest.TSAExtension(critical, ekus...))
}

func tsaKey() crypto.Signer { return cmstest.Key(cmstest.P256, "tsa") }

var goodTSA = tsaCert("Test TSA", true, timeStamping)

// signed is the SignedData of a token, to be changed.
func signed(tst []byte) cmstest.SignedData {
	return cmstest.SignedData{Cert: goodTSA, Key: tsaKey(), ContentType: oids.TSTInfo, Content: tst, Embed: true}
}

// goodToken stamps the test data.
func goodToken() []byte {
	return signed(newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, data), nil).der()).Build()
}

// granted wraps a token as a reply.
func granted(status int64, token []byte) []byte {
	return cmstest.TLV(0x30, cmstest.TLV(0x30, cmstest.Int(big.NewInt(status))), token)
}

// refusal is a reply without token; bits of PKIFailureInfo.
func refusal(status int64, text string, bits ...int) []byte {
	parts := [][]byte{cmstest.Int(big.NewInt(status))}
	if text != "" {
		parts = append(parts, cmstest.TLV(0x30, cmstest.TLV(0x0c, []byte(text))))
	}
	if len(bits) > 0 {
		set := make([]byte, 5)
		for _, b := range bits {
			set[1+b/8] |= 0x80 >> (b % 8)
		}
		parts = append(parts, cmstest.TLV(3, set))
	}
	return cmstest.TLV(0x30, cmstest.TLV(0x30, parts...))
}

// mock is a TSA that can misbehave at each stage.
type mock struct {
	requests atomic.Int64
	info     func(*info)
	signed   func(*cmstest.SignedData)
	reply    func(token []byte) []byte
	serve    func(n int64, w http.ResponseWriter, r *http.Request) bool // true: done
}

func (m *mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := m.requests.Add(1)
	if m.serve != nil && m.serve(n, w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req, err := timestamp.ParseRequest(body)
	if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not a query", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(m.answer(req))
}

func (m *mock) answer(req *timestamp.Request) []byte {
	i := newInfo(req.HashAlgorithm, req.HashedMessage, req.Nonce)
	if req.TSAPolicyOID != nil {
		i.policy = req.TSAPolicyOID
	}
	if m.info != nil {
		m.info(&i)
	}
	s := signed(i.der())
	if m.signed != nil {
		m.signed(&s)
	}
	if m.reply != nil {
		return m.reply(s.Build())
	}
	return granted(0, s.Build())
}

// inProcess serves a handler without a socket.
type inProcess struct{ h http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	p.h.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: -1, Request: r}, nil
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// client asks the mock in-process with the fixed clock and short waits.
func client(m *mock) *tsp.Client {
	return &tsp.Client{
		URL: "http://tsa.test/tsa", Fetch: &fetch.Client{Transport: inProcess{m}},
		Now: func() time.Time { return now }, Backoff: time.Millisecond, Timeout: 10 * time.Second,
	}
}

func mustParse(t *testing.T, der []byte) *tsp.Token {
	t.Helper()
	token, err := tsp.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
