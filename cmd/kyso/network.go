package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// networkOptions widen what may be reached.
type networkOptions struct{ allowPrivate bool }

func (o *networkOptions) addFlags(f flagSet) { f.yes(&o.allowPrivate, "allow-private-network") }

// Bounds of the requests to addresses out of certificates: a file of a stranger
// must not make the program knock at doors all day.
const (
	fetchBudget = 10               // a file
	fetchTime   = 30 * time.Second // a file, from the first request on
	hostBudget  = 200              // a host, in one run
	timeEach    = 3 * time.Second  // of the requests that the user allowed
)

// fetcher is the network for the data of one file.
func (a *app) fetcher(o networkOptions, requests int) *fetch.Client {
	return &fetch.Client{Transport: a.transport, AllowPrivate: o.allowPrivate, UserAgent: userAgent(), Log: a.logFetch,
		Budget: &fetch.Budget{Requests: cmp.Or(requests, fetchBudget), Time: max(fetchTime, timeEach*time.Duration(requests))}, Hosts: a.hosts}
}

func (a *app) logFetch(e fetch.Event) {
	a.calls.Add(1)
	if e.Err != nil {
		a.verbosef("%s %s: %v (%d ms)", e.Method, e.URL, e.Err, e.Duration.Milliseconds())
		return
	}
	a.verbosef("%s %s: %d, %d bytes (%d ms)", e.Method, e.URL, e.Status, e.Bytes, e.Duration.Milliseconds())
}

// tsaOptions name timestamp servers.
type tsaOptions struct {
	urls         []string
	user         string
	passwordFile string
	clientCert   string
	clientKey    string
	policy       string
	rate         string
	timeout      string
}

func (o *tsaOptions) addFlags(f flagSet) {
	f.list(&o.urls, "tsa")
	f.str(&o.user, "tsa-user")
	f.str(&o.passwordFile, "tsa-password-file")
	f.str(&o.clientCert, "tsa-client-cert")
	f.str(&o.clientKey, "tsa-client-key")
	f.str(&o.policy, "tsa-policy")
	f.str(&o.rate, "tsa-rate")
	f.str(&o.timeout, "tsa-timeout")
}

func (o *tsaOptions) validate() error {
	switch {
	case (o.clientCert == "") != (o.clientKey == ""):
		return needs("tsa-client-cert", "tsa-client-key")
	case len(o.urls) == 0 && (o.user != "" || o.clientCert != "" || o.policy != ""):
		return needs("tsa-user", "tsa")
	}
	for _, u := range o.urls {
		if !strings.HasPrefix(strings.ToLower(u), "http://") && !strings.HasPrefix(strings.ToLower(u), "https://") {
			return usagef(func(e *i18n.Errors) string { return e.TSAAddress })
		}
	}
	if o.policy != "" {
		if _, err := parseOID(o.policy); err != nil {
			return flagError("tsa-policy", err)
		}
	}
	if o.rate != "" {
		if _, err := parseRate(o.rate); err != nil {
			return flagError("tsa-rate", err)
		}
	}
	if o.timeout != "" {
		if _, err := parseWait(o.timeout); err != nil {
			return flagError("tsa-timeout", err)
		}
	}
	return nil
}

// tsas is the pool of one run with the memory of token sizes.
type tsas struct {
	pool  *tsp.Pool
	cache tsp.SizeCache
}

// buildTSA makes the pool; nil when no TSA is named.
func (a *app) buildTSA(ctx context.Context, o tsaOptions) (*tsas, error) {
	if len(o.urls) == 0 {
		return nil, nil
	}
	client := &fetch.Client{Transport: a.transport, UserAgent: userAgent(), Log: a.logFetch}
	if o.clientCert != "" {
		pair, err := tls.LoadX509KeyPair(o.clientCert, o.clientKey)
		if err != nil {
			return nil, flagError("tsa-client-cert", err)
		}
		client.TLSCertificates = []tls.Certificate{pair}
	}
	password, err := a.tsaPassword(ctx, o)
	if err != nil {
		return nil, err
	}
	t := &tsas{pool: &tsp.Pool{Now: a.now}, cache: tsp.SizeCache{Dir: a.cacheDir("tsa")}}
	if o.rate != "" {
		t.pool.Rate, _ = parseRate(o.rate) // validated
	}
	for _, url := range o.urls {
		c := &tsp.Client{URL: url, User: o.user, Password: password, Fetch: client, Now: a.now}
		if o.timeout != "" {
			c.Timeout, _ = parseWait(o.timeout) // validated
		}
		if o.policy != "" {
			c.Policy, _ = parseOID(o.policy) // validated
		}
		t.pool.Clients = append(t.pool.Clients, c)
	}
	return t, nil
}

func (a *app) tsaPassword(ctx context.Context, o tsaOptions) (string, error) {
	if o.user == "" {
		return "", nil
	}
	source := secretSource{file: o.passwordFile, fd: -1, env: envTSAPassword, flag: "tsa-password-file"}
	b, err := a.secret(ctx, source, fmt.Sprintf(a.m.Prompts.TSAPassword, printable(o.user)))
	return string(b), err
}

// size is the expected size of a token; 0: not known.
func (t *tsas) size() int {
	if t == nil {
		return 0
	}
	largest := 0
	for _, c := range t.pool.Clients {
		if n, ok := t.cache.Size(c.SizeKey()); ok {
			largest = max(largest, n)
		} else {
			return 0
		}
	}
	return largest
}

// learn remembers the size of a token of whichever TSA answered: the largest
// of all counts.
func (t *tsas) learn(token *tsp.Token) {
	if t == nil || token == nil {
		return
	}
	for _, c := range t.pool.Clients {
		_ = t.cache.Learn(c.SizeKey(), len(token.Raw)) // losing it costs a guess
	}
}

// noTSA says that a level needs a TSA.
func noTSA(level string) error {
	return &codedError{
		status: status{exitUsage, "tsa_needed"},
		text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.FlagNeeds, "level "+level, "tsa") },
		hints:  func(m *i18n.Messages) []string { return []string{m.Hints.TSA} },
	}
}
