// Package tsp speaks RFC 3161: request, reply, client, token check.
package tsp

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"time"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/fetch"
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
	Timeout        time.Duration         // 0: 180 s
	Tries          int                   // 0: 3
	Backoff        time.Duration         // 0: 2 s, doubling
}

// Timestamp digests data, asks, and checks the reply (status, nonce, imprint,
// policy, TSA certificate and CMS signature, ESS) before returning it.
func (c *Client) Timestamp(ctx context.Context, data []byte) (*Token, error) { panic("stub") }

// TimestampDigest is Timestamp for an already computed digest.
func (c *Client) TimestampDigest(ctx context.Context, digest []byte, h crypto.Hash) (*Token, error) {
	panic("stub")
}

// Token is a parsed TimeStampToken.
type Token struct {
	Raw         []byte
	CMS         *cms.SignedData
	Time        time.Time
	Accuracy    time.Duration
	Policy      asn1.ObjectIdentifier
	Serial      *big.Int
	Nonce       *big.Int
	Imprint     []byte
	ImprintHash crypto.Hash       // 0 when unknown
	Certificate *x509.Certificate // the TSA's, when embedded
}

// Parse reads a token; it checks structure only.
func Parse(der []byte) (*Token, error) { panic("stub") }

// Check verifies the token itself: content type, one signer, CMS signature
// with Certificate, ESS certificate id, EKU critical and alone, not a CA, TSA
// certificate valid at Time. Path and trust are the caller's.
func (t *Token) Check() error { panic("stub") }

// CheckImprint compares the imprint with data.
func (t *Token) CheckImprint(data []byte) error { panic("stub") }

// CheckImprintDigest compares the imprint with a digest by hash h.
func (t *Token) CheckImprintDigest(digest []byte, h crypto.Hash) error { panic("stub") }

// StatusError is a refusal of the TSA.
type StatusError struct {
	Status   int
	FailInfo []string
	Text     string
}

func (e *StatusError) Error() string { panic("stub") }

// CheckError: a reply or token that may not be used; Reason is stable (nonce,
// imprint, policy, eku, ess, signature, certificate, structure, time).
type CheckError struct {
	Reason string
	Err    error
}

func (e *CheckError) Error() string { panic("stub") }
func (e *CheckError) Unwrap() error { panic("stub") }
