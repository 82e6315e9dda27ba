package tsp

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"

	"github.com/kyso-vn/kyso/internal/fetch"
)

const (
	defaultTimeout = 180 * time.Second // TSAs in Vietnam were seen to take 131 s
	defaultTries   = 3
	defaultBackoff = 2 * time.Second
	defaultMaxSkew = 24 * time.Hour
	maxReply       = 256 << 10

	queryType = "application/timestamp-query" // RFC 3161, 3.4
	replyType = "application/timestamp-reply"
)

// Client asks one TSA.
type Client struct {
	URL            string
	User, Password string
	Policy         asn1.ObjectIdentifier // nil: any
	Hash           crypto.Hash           // 0: SHA-256
	Fetch          *fetch.Client         // nil: default
	Rand           io.Reader             // nil: crypto/rand
	Now            func() time.Time      // nil: time.Now
	Timeout        time.Duration         // of all tries together; 0: 180 s
	Tries          int                   // 0: 3
	Backoff        time.Duration         // before the second try; 0: 2 s, doubling
	MaxSkew        time.Duration         // between token and clock; 0: 24 h, negative: any
	// Certificates are candidates where the token has no certificate.
	Certificates []*x509.Certificate
}

// defaultFetch is used by clients that bring none; it keeps connections alive.
var defaultFetch fetch.Client

// Timestamp digests data, asks, and checks the reply (status, nonce, imprint,
// policy, TSA certificate and CMS signature, ESS) before returning it. Errors
// are *StatusError, *CheckError or *fetch.Error, wrapped.
func (c *Client) Timestamp(ctx context.Context, data []byte) (*Token, error) {
	h := c.hash()
	if !h.Available() {
		return nil, fmt.Errorf("timestamp: hash %v is not available", h)
	}
	d := h.New()
	d.Write(data)
	return c.TimestampDigest(ctx, d.Sum(nil), h)
}

func (c *Client) hash() crypto.Hash {
	if c.Hash == 0 {
		return crypto.SHA256
	}
	return c.Hash
}

// TimestampDigest is Timestamp for an already computed digest.
func (c *Client) TimestampDigest(ctx context.Context, digest []byte, h crypto.Hash) (*Token, error) {
	return c.ask(ctx, digest, h, func(context.Context) error { return nil })
}

// ask tries until one try succeeds, fails for good, or time is up; turn is
// waited for before each request.
func (c *Client) ask(ctx context.Context, digest []byte, h crypto.Hash, turn func(context.Context) error) (*Token, error) {
	if h == 0 || len(digest) != h.Size() {
		return nil, fmt.Errorf("timestamp: digest of %d bytes for hash %v", len(digest), h)
	}
	timeout, tries, wait := c.Timeout, c.Tries, c.Backoff
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	if tries <= 0 {
		tries = defaultTries
	}
	if wait <= 0 {
		wait = defaultBackoff
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for try := 1; ; try++ {
		if err := waitTurn(ctx, turn); err != nil {
			return nil, fmt.Errorf("timestamp: %w", err)
		}
		token, err := c.once(ctx, digest, h)
		if err == nil {
			return token, nil
		}
		retry, after := retryable(err)
		if !retry || try == tries || pause(ctx, max(wait, after)) != nil {
			return nil, fmt.Errorf("timestamp (try %d of %d): %w", try, tries, err)
		}
		wait *= 2
	}
}

// retryable tells failures that may pass, and how long the server wants peace.
func retryable(err error) (bool, time.Duration) {
	var refusal *StatusError
	if errors.As(err, &refusal) {
		return refusal.temporary(), 0
	}
	var failure *fetch.Error
	var name *net.DNSError
	// The resolver has tried each name server more than once.
	if !errors.As(err, &failure) || errors.As(err, &name) {
		return false, 0
	}
	switch failure.Kind {
	case "network", "timeout":
		return true, 0
	case "status":
		switch failure.Status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true, failure.RetryAfter
		}
	}
	return false, 0
}

// pause waits, but not for what ends after the deadline anyway.
func pause(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// once makes one request with its own nonce.
func (c *Client) once(ctx context.Context, digest []byte, h crypto.Hash) (*Token, error) {
	nonce, err := c.nonce()
	if err != nil {
		return nil, err
	}
	query := timestamp.Request{HashAlgorithm: h, HashedMessage: digest, Certificates: true, TSAPolicyOID: c.Policy, Nonce: nonce}
	body, err := query.Marshal()
	if err != nil {
		return nil, fmt.Errorf("timestamp request: %w", err)
	}
	client := c.Fetch
	if client == nil {
		client = &defaultFetch
	}
	timeout := defaultTimeout
	if deadline, ok := ctx.Deadline(); ok {
		timeout = time.Until(deadline)
	}
	resp, err := client.Do(ctx, fetch.Request{
		Method: http.MethodPost, URL: c.URL, Body: body,
		ContentType: queryType, Accept: []string{replyType},
		User: c.User, Password: c.Password,
		MaxBytes: maxReply, Timeout: max(timeout, time.Millisecond), Policy: fetch.UserGiven,
	})
	if err != nil {
		return nil, err
	}
	token, err := ParseReply(resp.Body)
	if err != nil {
		return nil, err
	}
	if err := c.accept(token, digest, h, nonce); err != nil {
		return nil, err
	}
	return token, nil
}

// nonce returns 63 random bits: some TSAs keep it in a signed 64-bit number.
func (c *Client) nonce() (*big.Int, error) {
	random := c.Rand
	if random == nil {
		random = rand.Reader
	}
	b := make([]byte, 8)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("timestamp nonce: %w", err)
	}
	b[0] = b[0]&0x7f | 0x40 // always eight bytes: the size of a token is learnt once
	return new(big.Int).SetBytes(b), nil
}

// accept compares a token with what was asked. RFC 3161, 2.2 and 2.4.2.
func (c *Client) accept(t *Token, digest []byte, h crypto.Hash, nonce *big.Int) error {
	if t.Nonce == nil || t.Nonce.Cmp(nonce) != 0 {
		return fail(ReasonNonce, "the reply has nonce %v, sent %v", t.Nonce, nonce)
	}
	if err := t.CheckImprintDigest(digest, h); err != nil {
		return err
	}
	if c.Policy != nil && !t.Policy.Equal(c.Policy) {
		return fail(ReasonPolicy, "the reply has policy %v, asked for %v", t.Policy, c.Policy)
	}
	t.FindCertificate(c.Certificates)
	if err := t.Check(); err != nil {
		return err
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	t.Skew = t.Time.Sub(now())
	limit := c.MaxSkew
	if limit == 0 {
		limit = defaultMaxSkew
	}
	if limit > 0 && t.Skew.Abs() > limit+t.Accuracy {
		return fail(ReasonTime, "the TSA's time %s differs from this machine's clock by %v", t.Time.Format(time.RFC3339), t.Skew.Round(time.Second))
	}
	return nil
}

// waitTurn does not queue for a request that will not be made.
func waitTurn(ctx context.Context, turn func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return turn(ctx)
}
