// Package fetch is the one bounded HTTP getter: deadline, size, address
// policy, redirects, retry.
package fetch

import (
	"context"
	"net/http"
	"time"
)

// Policy says which addresses may be reached.
type Policy int

const (
	// UserGiven: an address the user typed; private addresses are fine.
	UserGiven Policy = iota + 1
	// FromData: an address out of a certificate; loopback, link-local,
	// private, CGNAT, NAT64 and multicast addresses are refused.
	FromData
)

// Client is safe for concurrent use. Zero fields mean the defaults.
type Client struct {
	Transport    http.RoundTripper // nil: real; the address policy is then not checked at dial, only on literal hosts
	AllowPrivate bool              // --allow-private-network
	UserAgent    string
	Budget       *Budget // nil: none
	Log          func(Event)
}

// Event is one finished network call, for --verbose and counting.
type Event struct {
	Method, URL string // credentials redacted
	Status      int
	Bytes       int64
	Duration    time.Duration
	Err         error
}

// Budget bounds the requests of one file.
type Budget struct{ Requests int }

// Request is one call.
type Request struct {
	Method         string // "" = GET
	URL            string
	Body           []byte
	ContentType    string   // of the body
	Accept         []string // content types allowed in the answer; empty: any
	User, Password string
	MaxBytes       int64         // required
	Timeout        time.Duration // total; 0: 15 s
	Policy         Policy        // required
}

// Response is a whole answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do performs the call; errors are *Error.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) { panic("stub") }

// Error says what failed: Kind is stable.
type Error struct {
	Kind       string // "refused_address", "timeout", "too_large", "status", "content_type", "network", "scheme", "redirect", "budget"
	URL        string
	Status     int
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string { panic("stub") }
func (e *Error) Unwrap() error { panic("stub") }
