package tsp_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
)

func ask(t *testing.T, c *tsp.Client) (*tsp.Token, error) {
	t.Helper()
	token, err := c.Timestamp(context.Background(), data)
	if (token == nil) == (err == nil) {
		t.Errorf("token %v with error %v", token, err)
	}
	return token, err
}

func TestT1GrantedWithAndWithoutMods(t *testing.T) {
	for status := int64(0); status < 2; status++ {
		m := &mock{reply: func(token []byte) []byte { return granted(status, token) }}
		token, err := ask(t, client(m))
		if err != nil {
			t.Fatalf("status %d: %v", status, err)
		}
		if err := token.CheckImprint(data); err != nil || !token.Time.Equal(now) || token.Skew != 0 || m.requests.Load() != 1 {
			t.Errorf("status %d: %v, time %v, %d requests", status, err, token.Time, m.requests.Load())
		}
	}
}

func TestT1Hashes(t *testing.T) {
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		c := client(&mock{})
		c.Hash = h
		token, err := ask(t, c)
		if err != nil || token.ImprintHash != h {
			t.Errorf("%v: %v", h, err)
		}
	}
	c := client(&mock{})
	if _, err := c.TimestampDigest(context.Background(), make([]byte, 20), crypto.SHA256); err == nil {
		t.Error("digest of another length")
	}
	if _, err := c.TimestampDigest(context.Background(), nil, 0); err == nil {
		t.Error("no hash")
	}
}

func TestT2Refusals(t *testing.T) {
	tests := map[string]struct {
		reply    []byte
		status   int
		fail     string
		words    []string
		requests int64
	}{
		"bad algorithm":  {refusal(2, "không hỗ trợ", 0), 2, "badAlg", []string{"rejection", "badAlg", "không hỗ trợ"}, 1},
		"policy":         {refusal(2, "", 15), 2, "unacceptedPolicy", []string{"unacceptedPolicy"}, 1},
		"system failure": {refusal(2, "busy", 25), 2, "systemFailure", []string{"systemFailure", "busy"}, 3},
		"no time":        {refusal(2, "", 14), 2, "timeNotAvailable", nil, 3},
		"waiting":        {refusal(3, "later"), 3, "", []string{"waiting", "later"}, 1},
		"revocation":     {refusal(5, ""), 5, "", []string{"revocationNotification"}, 1},
		"unknown bit":    {refusal(2, "", 3), 2, "unknown", nil, 1},
		"unknown status": {refusal(77, ""), 77, "", []string{"77"}, 1},
		"controls":       {refusal(2, "a\x1b[31mb\nc\u202ed", 2), 2, "badRequest", []string{"a [31mb c d"}, 1},
		"endless words":  {refusal(2, strings.Repeat("x", 100000)), 2, "", []string{"xxx…"}, 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m := &mock{reply: func([]byte) []byte { return tc.reply }}
			_, err := ask(t, client(m))
			var refused *tsp.StatusError
			if !errors.As(err, &refused) || refused.Status != tc.status || strings.Join(refused.FailInfo, ",") != tc.fail {
				t.Fatalf("error %#v", err)
			}
			for _, w := range tc.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
			if len(err.Error()) > 500 || m.requests.Load() != tc.requests {
				t.Errorf("%d bytes of words, %d requests, want %d", len(err.Error()), m.requests.Load(), tc.requests)
			}
		})
	}
}

func TestT3toT8WrongReplies(t *testing.T) {
	tests := map[string]struct {
		mock   *mock
		reason string
	}{
		"T3 other nonce":      {&mock{info: func(i *info) { i.nonce.Add(i.nonce, big.NewInt(1)) }}, tsp.ReasonNonce},
		"T3 no nonce":         {&mock{info: func(i *info) { i.nonce = nil }}, tsp.ReasonNonce},
		"T3 negative nonce":   {&mock{info: func(i *info) { i.nonce.Neg(i.nonce) }}, tsp.ReasonNonce},
		"T4 other data":       {&mock{info: func(i *info) { i.imprint = cmstest.Sum(crypto.SHA256, []byte("x")) }}, tsp.ReasonImprint},
		"T4 other algorithm":  {&mock{info: func(i *info) { i.hash, i.imprint = crypto.SHA512, cmstest.Sum(crypto.SHA512, data) }}, tsp.ReasonImprint},
		"T5 other policy":     {&mock{info: func(i *info) { i.policy = oids.AnyPolicy }}, tsp.ReasonPolicy},
		"T6 no certificate":   {&mock{signed: func(s *cmstest.SignedData) { s.Certificates = [][]byte{} }}, tsp.ReasonCertificate},
		"T7 two days ahead":   {&mock{info: func(i *info) { i.time = now.AddDate(0, 0, 2).Format("20060102150405") + "Z" }}, tsp.ReasonTime},
		"T7 two days behind":  {&mock{info: func(i *info) { i.time = now.AddDate(0, 0, -2).Format("20060102150405") + "Z" }}, tsp.ReasonTime},
		"T8 not critical":     {&mock{signed: func(s *cmstest.SignedData) { s.Cert = tsaCert("x", false, timeStamping) }}, tsp.ReasonEKU},
		"T8 no purpose":       {&mock{signed: func(s *cmstest.SignedData) { s.Cert = cmstest.Certificate("x", tsaKey().Public(), nil) }}, tsp.ReasonEKU},
		"F07 two signers":     {&mock{signed: func(s *cmstest.SignedData) { s.Signers = 2 }}, tsp.ReasonStructure},
		"other key":           {&mock{signed: func(s *cmstest.SignedData) { s.Key = cmstest.Key(cmstest.P256, "mallory") }}, tsp.ReasonSignature},
		"T10 granted, empty":  {&mock{reply: func([]byte) []byte { return refusal(0, "") }}, tsp.ReasonStructure},
		"T10 bytes behind":    {&mock{reply: func(k []byte) []byte { return append(granted(0, k), 0) }}, tsp.ReasonStructure},
		"T10 behind inside":   {&mock{reply: func(k []byte) []byte { return granted(0, append(k, 5, 0)) }}, tsp.ReasonStructure},
		"T10 truncated":       {&mock{reply: func(k []byte) []byte { return granted(0, k)[:300] }}, tsp.ReasonStructure},
		"T10 empty body":      {&mock{reply: func([]byte) []byte { return nil }}, tsp.ReasonStructure},
		"T10 html":            {&mock{reply: func([]byte) []byte { return []byte("<html>") }}, tsp.ReasonStructure},
		"T10 text of numbers": {&mock{reply: func([]byte) []byte { return statusWith([]byte{0x30, 3, 2, 1, 1}) }}, tsp.ReasonStructure},
		"T10 empty bits":      {&mock{reply: func([]byte) []byte { return statusWith([]byte{3, 0}) }}, tsp.ReasonStructure},
		"T10 huge status": {&mock{reply: func([]byte) []byte {
			return cmstest.TLV(0x30, cmstest.TLV(0x30, cmstest.TLV(2, bytes.Repeat([]byte{1}, 40))))
		}}, tsp.ReasonStructure},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m := tc.mock
			c := client(m)
			c.Policy = policy
			_, err := ask(t, c)
			wantReason(t, err, tc.reason)
			if m.requests.Load() != 1 {
				t.Errorf("%d requests: a wrong answer is not asked for again", m.requests.Load())
			}
		})
	}
}

func statusWith(field []byte) []byte {
	return cmstest.TLV(0x30, cmstest.TLV(0x30, []byte{2, 1, 2}, field))
}

func TestT5Policy(t *testing.T) {
	m := &mock{}
	c := client(m)
	c.Policy = oids.SHA256 // any identifier
	token, err := ask(t, c)
	if err != nil || !token.Policy.Equal(oids.SHA256) {
		t.Errorf("%v", err)
	}
}

func TestT6ConfiguredCertificate(t *testing.T) {
	m := &mock{signed: func(s *cmstest.SignedData) { s.Certificates = [][]byte{} }}
	c := client(m)
	c.Certificates = []*x509.Certificate{cmstest.CA(), goodTSA}
	token, err := ask(t, c)
	if err != nil || !token.Certificate.Equal(goodTSA) {
		t.Errorf("%v", err)
	}
}

func TestT7Clock(t *testing.T) {
	tests := map[string]struct {
		off      time.Duration
		accuracy int64 // seconds
		limit    time.Duration
		ok       bool
	}{
		"an hour ahead":       {time.Hour, 0, 0, true},
		"an hour behind":      {-time.Hour, 0, 0, true},
		"hour, strict":        {time.Hour, 0, 5 * time.Minute, false},
		"behind, strict":      {-time.Hour, 0, 5 * time.Minute, false},
		"strict, with excuse": {12 * time.Minute, 600, 5 * time.Minute, true},
		"two days, any":       {48 * time.Hour, 0, -1, true},
		"exactly a day":       {24 * time.Hour, 0, 0, true},
		"a second more":       {24*time.Hour + time.Second, 0, 0, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m := &mock{info: func(i *info) {
				i.time = now.Add(tc.off).Format("20060102150405") + "Z"
				if tc.accuracy > 0 {
					i.accuracy = cmstest.TLV(0x30, cmstest.Int(big.NewInt(tc.accuracy)))
				}
			}}
			c := client(m)
			c.MaxSkew = tc.limit
			token, err := ask(t, c)
			if !tc.ok {
				wantReason(t, err, tsp.ReasonTime)
				return
			}
			if err != nil || token.Skew != tc.off {
				t.Errorf("%v %v", token, err)
			}
		})
	}
}

func TestT10Transport(t *testing.T) {
	status := func(code int, header ...string) func(int64, http.ResponseWriter, *http.Request) bool {
		return func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			return true
		}
	}
	answer := func(contentType, encoding string, body []byte) func(int64, http.ResponseWriter, *http.Request) bool {
		return func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", contentType)
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			w.Write(body)
			return true
		}
	}
	tests := map[string]struct {
		serve    func(int64, http.ResponseWriter, *http.Request) bool
		kind     string
		requests int64
	}{
		"html":          {answer("text/html", "", []byte("<html>")), "content_type", 1},
		"no type":       {answer("", "", []byte("x")), "content_type", 1},
		"gzip":          {answer("application/timestamp-reply", "gzip", []byte("x")), "content_type", 1},
		"400":           {status(400), "status", 1},
		"401":           {status(401), "status", 1},
		"404":           {status(404), "status", 1},
		"204":           {status(204), "status", 1},
		"500":           {status(500), "status", 3},
		"503":           {status(503), "status", 3},
		"302":           {status(302, "Location", "http://tsa.test/other"), "redirect", 1},
		"301 nowhere":   {status(301), "redirect", 1},
		"307 to itself": {status(307, "Location", "http://tsa.test/tsa"), "redirect", 4},
		"307 to a file": {status(307, "Location", "file:///etc/passwd"), "scheme", 1},
		"one gigabyte":  {func(_ int64, w http.ResponseWriter, _ *http.Request) bool { return flood(w) }, "too_large", 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m := &mock{serve: tc.serve}
			_, err := ask(t, client(m))
			var failure *fetch.Error
			if !errors.As(err, &failure) || failure.Kind != tc.kind {
				t.Errorf("error %v, want kind %s", err, tc.kind)
			}
			if m.requests.Load() != tc.requests {
				t.Errorf("%d requests, want %d", m.requests.Load(), tc.requests)
			}
		})
	}
}

// flood answers with more than any token has.
func flood(w http.ResponseWriter) bool {
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(make([]byte, 1<<20))
	return true
}

func TestRetryThenSuccess(t *testing.T) {
	m := &mock{serve: func(n int64, w http.ResponseWriter, _ *http.Request) bool {
		if n < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return n < 3
	}}
	c := client(m)
	c.Backoff = 50 * time.Millisecond
	start := time.Now()
	defer func() {
		if d := time.Since(start); d < 150*time.Millisecond {
			t.Errorf("waited %v: the pause does not double", d)
		}
	}()
	var events atomic.Int64
	c.Fetch.Log = func(fetch.Event) { events.Add(1) }
	if _, err := ask(t, c); err != nil || m.requests.Load() != 3 || events.Load() != 3 {
		t.Errorf("%v after %d requests, %d events", err, m.requests.Load(), events.Load())
	}
}

// Each try has a nonce of its own, always of the same length.
func TestNonces(t *testing.T) {
	seen := map[string]bool{}
	m := &mock{info: func(i *info) {
		if seen[i.nonce.String()] || len(cmstest.Int(i.nonce)) != 10 {
			t.Errorf("nonce %v", i.nonce)
		}
		seen[i.nonce.String()] = true
	}}
	for range 200 {
		if _, err := ask(t, client(m)); err != nil {
			t.Fatal(err)
		}
	}
	c := client(m)
	c.Rand = bytes.NewReader(make([]byte, 8)) // the least number has eight bytes too
	if _, err := ask(t, c); err != nil {
		t.Error(err)
	}
	c.Rand = bytes.NewReader([]byte{1, 2, 3})
	before := m.requests.Load()
	if _, err := ask(t, c); !errors.Is(err, io.ErrUnexpectedEOF) || m.requests.Load() != before {
		t.Errorf("no random numbers: %v", err)
	}
}

func TestN12RetryAfter(t *testing.T) {
	limited := func(after string) *mock {
		return &mock{serve: func(n int64, w http.ResponseWriter, _ *http.Request) bool {
			if n == 1 {
				w.Header().Set("Retry-After", after)
				w.WriteHeader(http.StatusTooManyRequests)
			}
			return n == 1
		}}
	}
	m := limited("1")
	start := time.Now()
	if _, err := ask(t, client(m)); err != nil || time.Since(start) < time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	m = limited("86400") // longer than there is time: an error now, not tomorrow
	start = time.Now()
	_, err := ask(t, client(m))
	var failure *fetch.Error
	if !errors.As(err, &failure) || failure.RetryAfter != 24*time.Hour || time.Since(start) > time.Minute || m.requests.Load() != 1 {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestCancel(t *testing.T) {
	m := &mock{serve: func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}}
	c := client(m)
	c.Backoff = time.Hour
	c.Timeout = 2 * time.Hour
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	if _, err := c.Timestamp(ctx, data); err == nil || time.Since(start) > time.Minute || m.requests.Load() != 1 {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

// N14: a name that can't be looked up is not asked for again: the resolver has
// tried for 5 s.
func TestN14NoSecondLookUp(t *testing.T) {
	lookups := 0
	c := &tsp.Client{URL: "http://tsa.test/", Fetch: &fetch.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		lookups++
		return nil, &net.DNSError{Err: "i/o timeout", Name: "tsa.test", IsTimeout: true}
	})}}
	_, err := c.Timestamp(t.Context(), make([]byte, 32))
	var failure *fetch.Error
	if !errors.As(err, &failure) || lookups != 1 {
		t.Errorf("%v after %d look-ups", err, lookups)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
