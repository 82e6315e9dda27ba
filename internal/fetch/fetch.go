package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	defaultTimeout = 15 * time.Second
	maxRedirects   = 3
)

// Policy says which addresses may be reached.
type Policy int

const (
	// UserGiven: an address the user typed; private addresses are fine. A
	// redirect to another host is judged as FromData.
	UserGiven Policy = iota + 1
	// FromData: an address out of a certificate; loopback, link-local,
	// private, CGNAT, NAT64 and multicast addresses are refused.
	FromData
)

// Client is safe for concurrent use. Zero fields mean the defaults.
type Client struct {
	Transport       http.RoundTripper // nil: real; the address policy is then not checked at dial, only on literal hosts
	AllowPrivate    bool              // --allow-private-network
	UserAgent       string            // "": none
	Budget          *Budget           // nil: none
	Hosts           *HostBudget       // nil: none
	Log             func(Event)       // called once a call, perhaps from several goroutines
	TLSCertificates []tls.Certificate // for user-given addresses only
	RootCAs         *x509.CertPool    // nil: the system's
	Resolver        Resolver          // for addresses out of data; nil: the system's
	Now             func() time.Time  // nil: time.Now
	// Proxy chooses the proxy of a request; nil: http.ProxyFromEnvironment.
	Proxy func(*http.Request) (*url.URL, error)

	mu     sync.Mutex
	routes map[route]*http.Transport
	dialer func(ctx context.Context, network, address string) (net.Conn, error) // tests
}

// Event is one finished network call, for --verbose and counting. Each hop of
// a redirect is one; a call refused before it went out is none.
type Event struct {
	Method, URL string // credentials and query redacted
	Status      int
	Bytes       int64
	Duration    time.Duration
	Err         error
}

// Request is one call.
type Request struct {
	Method         string // "" = GET
	URL            string // may hold user and password where Policy is UserGiven
	Body           []byte
	ContentType    string        // of the body
	Accept         []string      // content types allowed in the answer; empty: any
	User, Password string        // basic authentication, sent to the user's own address only
	MaxBytes       int64         // required
	Timeout        time.Duration // total; 0: 15 s
	Policy         Policy        // required
}

// Response is a whole answer with status 200.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do performs the call; errors are *Error. Only status 200 is an answer.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, &Error{Kind: "scheme", URL: "(unreadable address)", Err: errors.New("the address is not a URL")}
	}
	if r.MaxBytes <= 0 || r.Policy != UserGiven && r.Policy != FromData {
		return nil, &Error{Kind: "refused_address", URL: Redact(u), Err: errors.New("request without size limit or policy")}
	}
	if u.User != nil && r.Policy == FromData {
		return nil, &Error{Kind: "refused_address", URL: Redact(u), Err: errors.New("credentials in an address out of data")}
	}
	if u.User != nil && r.User == "" {
		r.User = u.User.Username()
		r.Password, _ = u.User.Password()
	}
	u.User = nil
	if r.Timeout <= 0 {
		r.Timeout = defaultTimeout
	}
	if left := c.Budget.left(); left > 0 {
		r.Timeout = min(r.Timeout, left)
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	return c.follow(ctx, &r, u)
}

// follow makes the call and up to maxRedirects more, each judged anew.
func (c *Client) follow(ctx context.Context, r *Request, first *url.URL) (*Response, error) {
	u := first
	for hop := 0; ; hop++ {
		foreign := r.Policy == FromData || hop > 0 && !sameOrigin(first, u)
		if err := c.admit(ctx, u, foreign); err != nil {
			return nil, err
		}
		resp, next, err := c.once(ctx, r, u, foreign)
		if err != nil || next == nil {
			return resp, err
		}
		if hop == maxRedirects {
			return nil, &Error{Kind: "redirect", URL: Redact(u), Err: fmt.Errorf("more than %d redirects", maxRedirects)}
		}
		if u.Scheme == "https" && next.Scheme == "http" {
			return nil, &Error{Kind: "redirect", URL: Redact(u), Err: errors.New("redirect from https to http")}
		}
		u = next
	}
}

// sameOrigin tells whether credentials for a may go to b: the same host and
// port, or the same host moved from http to https on the usual ports.
func sameOrigin(a, b *url.URL) bool {
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		return false
	}
	if a.Scheme == b.Scheme {
		return a.Port() == b.Port()
	}
	return b.Scheme == "https" && a.Port() == "" && b.Port() == ""
}

// admit judges an address before anything is sent.
func (c *Client) admit(ctx context.Context, u *url.URL, foreign bool) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.Hostname() == "" {
		return &Error{Kind: "scheme", URL: Redact(u), Err: fmt.Errorf("not an http or https address: scheme %q", u.Scheme)}
	}
	if err := ctx.Err(); err != nil {
		return &Error{Kind: classify(ctx, err), URL: Redact(u), Err: err}
	}
	if foreign && !c.AllowPrivate {
		if err := checkHost(u.Hostname(), u.Port()); err != nil {
			return &Error{Kind: "refused_address", URL: Redact(u), Err: err}
		}
	}
	err := c.Budget.take()
	if err == nil && foreign {
		err = c.Hosts.take(u.Hostname())
	}
	if err != nil {
		return &Error{Kind: "budget", URL: Redact(u), Err: err}
	}
	return nil
}

// once makes one request. A redirect is returned as next.
func (c *Client) once(ctx context.Context, r *Request, u *url.URL, foreign bool) (resp *Response, next *url.URL, err error) {
	req, err := c.newRequest(ctx, r, u, foreign)
	if err != nil {
		return nil, nil, &Error{Kind: "network", URL: Redact(u), Err: err}
	}
	rt, err := c.routeFor(req, foreign)
	if err != nil {
		return nil, nil, &Error{Kind: "network", URL: Redact(u), Err: err}
	}
	start := c.now()
	event := Event{Method: req.Method, URL: Redact(u)}
	defer func() {
		event.Err = err
		event.Duration = c.now().Sub(start)
		if c.Log != nil {
			c.Log(event)
		}
	}()
	raw, err := rt.RoundTrip(req)
	if err != nil {
		return nil, nil, &Error{Kind: classify(ctx, err), URL: Redact(u), Err: err}
	}
	defer raw.Body.Close()
	event.Status = raw.StatusCode
	if isRedirect(raw.StatusCode) {
		next, err := nextURL(req, raw, u)
		return nil, next, err
	}
	if raw.StatusCode != http.StatusOK {
		return nil, nil, &Error{Kind: "status", URL: Redact(u), Status: raw.StatusCode, RetryAfter: c.retryAfter(raw.Header)}
	}
	body, err := readBody(ctx, r, raw, u)
	event.Bytes = int64(len(body))
	if err != nil {
		return nil, nil, err
	}
	return &Response{Status: raw.StatusCode, Header: raw.Header, Body: body}, nil, nil
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) newRequest(ctx context.Context, r *Request, u *url.URL, foreign bool) (*http.Request, error) {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, errors.New("malformed request")
	}
	req.Header.Set("User-Agent", c.UserAgent)
	if r.ContentType != "" {
		req.Header.Set("Content-Type", r.ContentType)
	}
	if len(r.Accept) > 0 {
		req.Header.Set("Accept", strings.Join(r.Accept, ", "))
	}
	if r.User != "" && !foreign { // never to an address out of data, nor to another host
		req.SetBasicAuth(r.User, r.Password)
	}
	return req, nil
}

// routeFor chooses transport and proxy for one hop.
func (c *Client) routeFor(req *http.Request, foreign bool) (http.RoundTripper, error) {
	way := route{foreign: foreign, checked: foreign && !c.AllowPrivate}
	if c.Transport == nil {
		choose := c.Proxy
		if choose == nil {
			choose = http.ProxyFromEnvironment
		}
		proxy, err := choose(req)
		if err != nil {
			return nil, errors.New("bad proxy address in the environment")
		}
		if proxy != nil {
			way.proxy = proxy.String()
		}
	}
	return c.transport(way)
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// nextURL reads Location. A POST is repeated only where the status says that
// method and body stay (RFC 9110, 15.4.8 and 15.4.9).
func nextURL(req *http.Request, raw *http.Response, u *url.URL) (*url.URL, error) {
	fail := func(msg string) (*url.URL, error) {
		return nil, &Error{Kind: "redirect", URL: Redact(u), Status: raw.StatusCode, Err: errors.New(msg)}
	}
	keeps := raw.StatusCode == http.StatusTemporaryRedirect || raw.StatusCode == http.StatusPermanentRedirect
	if req.Method != http.MethodGet && !keeps {
		return fail(fmt.Sprintf("status %d would drop the request's body", raw.StatusCode))
	}
	location := raw.Header.Get("Location")
	if location == "" {
		return fail("redirect without an address")
	}
	next, err := u.Parse(location)
	if err != nil {
		return fail("redirect to an unreadable address")
	}
	if next.User != nil {
		return fail("redirect to an address with credentials")
	}
	return next, nil
}

// readBody reads at most MaxBytes of an acceptable type.
func readBody(ctx context.Context, r *Request, raw *http.Response, u *url.URL) ([]byte, error) {
	if err := checkType(r.Accept, raw.Header); err != nil {
		return nil, &Error{Kind: "content_type", URL: Redact(u), Status: raw.StatusCode, Err: err}
	}
	tooLarge := &Error{Kind: "too_large", URL: Redact(u), Status: raw.StatusCode, Err: fmt.Errorf("answer of more than %d bytes", r.MaxBytes)}
	if raw.ContentLength > r.MaxBytes {
		return nil, tooLarge
	}
	body, err := io.ReadAll(io.LimitReader(raw.Body, r.MaxBytes+1))
	if err != nil {
		return nil, &Error{Kind: classify(ctx, err), URL: Redact(u), Status: raw.StatusCode, Err: err}
	}
	if int64(len(body)) > r.MaxBytes {
		return nil, tooLarge
	}
	return body, nil
}

func checkType(accept []string, h http.Header) error {
	if enc := h.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return fmt.Errorf("content encoding %q was not asked for", clip(enc))
	}
	if len(accept) == 0 {
		return nil
	}
	got, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("content type %q is not %s", clip(h.Get("Content-Type")), accept[0])
	}
	for _, a := range accept {
		if strings.EqualFold(got, a) {
			return nil
		}
	}
	return fmt.Errorf("content type %q is not %s", clip(got), accept[0])
}

// clip bounds what a server can put in a message.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// retryAfter reads seconds or a date. RFC 9110, 10.2.3.
func (c *Client) retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		if d := t.Sub(c.now()); d > 0 {
			return d
		}
	}
	return 0
}

// Redact returns an address without user, password and query values.
func Redact(u *url.URL) string {
	if u == nil {
		return ""
	}
	r := *u
	r.User, r.Fragment, r.RawFragment = nil, "", ""
	if r.RawQuery != "" {
		r.RawQuery = "..."
	}
	// A slip in the scheme ("http:me:word@host", "https//me:word@host") puts
	// the credentials elsewhere.
	if r.Opaque != "" {
		r.Opaque = "..."
	}
	if r.Host == "" && strings.Contains(r.Path, "@") {
		r.Path, r.RawPath = "...", ""
	}
	return r.String()
}
