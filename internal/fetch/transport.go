package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

const (
	connectTimeout = 5 * time.Second // name look-up and TCP
	tlsTimeout     = 10 * time.Second
	idleTimeout    = 30 * time.Second
	maxHeaderBytes = 64 << 10
	maxAddresses   = 8 // of one name
)

// Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// route says how one hop goes out.
type route struct {
	foreign bool   // the address is not the user's own: no client certificate
	checked bool   // addresses are checked at dial
	proxy   string // URL of a proxy, which then does the look-up
}

// transport returns the transport of a route, made once.
func (c *Client) transport(r route) (http.RoundTripper, error) {
	if c.Transport != nil {
		return c.Transport, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.routes[r]; ok {
		return t, nil
	}
	t := &http.Transport{
		DialContext:            (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSHandshakeTimeout:    tlsTimeout,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs},
		DisableCompression:     true, // a few kilobytes would grow past any limit
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        idleTimeout,
	}
	if !r.foreign {
		t.TLSClientConfig.Certificates = c.TLSCertificates
	}
	if r.checked && r.proxy == "" {
		t.DialContext = c.dialChecked
	}
	if r.proxy != "" {
		u, err := url.Parse(r.proxy)
		if err != nil {
			return nil, errors.New("bad proxy address") // it may hold a password
		}
		t.Proxy = http.ProxyURL(u)
	}
	if c.routes == nil {
		c.routes = make(map[route]*http.Transport)
	}
	c.routes[r] = t
	return t, nil
}

// CloseIdleConnections closes what is kept open for further calls.
func (c *Client) CloseIdleConnections() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.routes {
		t.CloseIdleConnections()
	}
}

// dialChecked looks the host up, drops refused addresses and dials one of the
// rest by number: a second answer of the name server has no effect.
func (c *Client) dialChecked(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	addrs, err := c.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(addrs) > maxAddresses {
		addrs = addrs[:maxAddresses]
	}
	var errs []error
	for i, a := range addrs {
		if err := checkAddr(a); err != nil {
			errs = append(errs, &errRefused{fmt.Errorf("%s: %w", host, err)})
			continue
		}
		conn, err := c.dial(ctx, network, net.JoinHostPort(a.Unmap().String(), port), len(addrs)-i)
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return nil, fmt.Errorf("%s has no address", host)
	}
	return nil, errors.Join(errs...)
}

func (c *Client) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	var r Resolver = net.DefaultResolver
	if c.Resolver != nil {
		r = c.Resolver
	}
	return r.LookupNetIP(ctx, "ip", host)
}

// dial connects to one address; left tells how many are still to be tried, so
// that a silent one leaves time for the others.
func (c *Client) dial(ctx context.Context, network, address string, left int) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
		defer cancel()
	}
	if c.dialer != nil {
		return c.dialer(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}
