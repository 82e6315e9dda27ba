package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// serve starts a server on loopback.
func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func local() *Client { return &Client{Proxy: noProxy} }

func TestDo(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/x-test; charset=x")
		fmt.Fprintf(w, "%s %s %s %s|%s|%s", r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Accept"), r.UserAgent(), body)
	})
	c := local()
	c.UserAgent = "kyso-test"
	resp, err := c.Do(context.Background(), Request{
		Method: "POST", URL: s.URL + "/p", Body: []byte("body"), ContentType: "a/b",
		Accept: []string{"application/x-test", "c/d"}, MaxBytes: 100, Policy: UserGiven,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "POST /p a/b application/x-test, c/d|kyso-test|body"; string(resp.Body) != want || resp.Status != 200 {
		t.Errorf("%q, want %q", resp.Body, want)
	}
	c.CloseIdleConnections()
}

func TestRequestNeedsPolicyAndLimit(t *testing.T) {
	for _, r := range []Request{{URL: "http://ca.test/", MaxBytes: 1}, {URL: "http://ca.test/", Policy: FromData}, {URL: "http://ca.test/", Policy: 7, MaxBytes: 1}, {URL: "://", MaxBytes: 1, Policy: FromData}, {URL: "http://a b/", MaxBytes: 1, Policy: FromData}} {
		if _, err := local().Do(context.Background(), r); err == nil {
			t.Errorf("%+v accepted", r)
		}
	}
}

func TestLoopbackIsTheUsersOnly(t *testing.T) {
	var hits atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	if _, err := get(local(), s.URL, FromData); kindOf(err) != "refused_address" || hits.Load() != 0 {
		t.Errorf("out of data: %v", err)
	}
	if _, err := get(local(), s.URL, UserGiven); err != nil || hits.Load() != 1 {
		t.Errorf("user given: %v", err)
	}
	c := local()
	c.AllowPrivate = true
	if _, err := get(c, s.URL, FromData); err != nil || hits.Load() != 2 {
		t.Errorf("allowed: %v", err)
	}
}

func TestN03Schemes(t *testing.T) {
	for _, u := range []string{"file:///etc/passwd", "ftp://ca.test/x", "ldap://ca.test/cn=x", "gopher://ca.test/", "data:text/plain,x", "unix:///run/x", "http:opaque", "//ca.test/x", "/x", "", "http://", "http:///x", "HTTPS//x"} {
		for _, p := range []Policy{UserGiven, FromData} {
			if _, err := get(local(), u, p); kindOf(err) != "scheme" {
				t.Errorf("%q: %v", u, err)
			}
		}
	}
}

func TestN03BadTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := get(local(), s.URL, UserGiven)
	var unknown x509.UnknownAuthorityError
	if kindOf(err) != "network" || !errors.As(err, &unknown) {
		t.Errorf("unknown issuer: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	c := local()
	c.RootCAs = pool
	if _, err := get(c, s.URL, UserGiven); err != nil {
		t.Errorf("known issuer: %v", err)
	}
	wrong := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	if _, err := get(c, wrong, UserGiven); kindOf(err) != "network" {
		t.Errorf("other host name: %v", err)
	}
}

func TestN04Redirects(t *testing.T) {
	var hits atomic.Int64
	var target atomic.Value
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		switch r.URL.Path {
		case "/end":
			io.WriteString(w, "end")
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/0", "/1", "/2", "/3":
			next := map[string]string{"/3": "/2", "/2": "/1", "/1": "/0", "/0": "/end"}[r.URL.Path]
			http.Redirect(w, r, next, http.StatusMovedPermanently)
		case "/nowhere":
			w.WriteHeader(http.StatusMovedPermanently)
		default:
			w.Header().Set("Location", target.Load().(string))
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	})
	tests := map[string]struct {
		path, to string
		kind     string
		hits     int64
	}{
		"one":            {"/0", "", "", 2},
		"three":          {"/2", "", "", 4},
		"four":           {"/3", "", "redirect", 4},
		"loop":           {"/loop", "", "redirect", 4},
		"no location":    {"/nowhere", "", "redirect", 1},
		"to loopback":    {"/x", "http://127.0.0.2:80/", "refused_address", 1},
		"other port":     {"/x", "http://127.0.0.1:80/", "refused_address", 1},
		"to metadata":    {"/x", "http://169.254.169.254/latest", "refused_address", 1},
		"to a number":    {"/x", "http://2130706433/", "refused_address", 1},
		"to localhost":   {"/x", "http://localhost/", "refused_address", 1},
		"to a file":      {"/x", "file:///etc/passwd", "scheme", 1},
		"to gopher":      {"/x", "gopher://ca.test/", "scheme", 1},
		"credentials":    {"/x", "http://u:p@" + strings.TrimPrefix(s.URL, "http://") + "/end", "redirect", 1},
		"unreadable":     {"/x", "http://[::1/", "redirect", 1},
		"relative":       {"/x", "end", "", 2},
		"without scheme": {"/x", "//127.0.0.2/x", "refused_address", 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			hits.Store(0)
			target.Store(tc.to)
			resp, err := get(local(), s.URL+tc.path, UserGiven)
			if kindOf(err) != tc.kind || hits.Load() != tc.hits {
				t.Errorf("error %v after %d hits, want %q after %d", err, hits.Load(), tc.kind, tc.hits)
			}
			if tc.kind == "" && (resp == nil || string(resp.Body) != "end") {
				t.Error("not the last answer")
			}
		})
	}
}

func TestRedirectFromTLSToPlain(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://ca.test/", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	c := local()
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AddCert(s.Certificate())
	if _, err := get(c, s.URL, UserGiven); kindOf(err) != "redirect" {
		t.Errorf("%v", err)
	}
}

func TestRedirectOfPost(t *testing.T) {
	var bodies []string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies = append(bodies, r.Method+" "+string(b))
		switch r.URL.Path {
		case "/302":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/308":
			http.Redirect(w, r, "/end", http.StatusPermanentRedirect)
		}
	})
	post := func(path string) error {
		_, err := local().Do(context.Background(), Request{Method: "POST", URL: s.URL + path, Body: []byte("q"), MaxBytes: 10, Policy: UserGiven})
		return err
	}
	if err := post("/302"); kindOf(err) != "redirect" || len(bodies) != 1 {
		t.Errorf("302: %v, %v", err, bodies)
	}
	if err := post("/308"); err != nil || len(bodies) != 3 || bodies[2] != "POST q" {
		t.Errorf("308: %v, %v", err, bodies)
	}
}

// raw serves one connection after another by hand.
func raw(t *testing.T, handle func(net.Conn, <-chan struct{})) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				handle(conn, stop)
			})
		}
	})
	t.Cleanup(func() { close(stop); l.Close(); wg.Wait() })
	return "http://" + l.Addr().String() + "/"
}

// drip writes a byte every 20 ms until nobody reads.
func drip(conn net.Conn, stop <-chan struct{}, text string) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
		b := byte('x')
		if i < len(text) {
			b = text[i]
		}
		if _, err := conn.Write([]byte{b}); err != nil {
			return
		}
	}
}

const okHeader = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"

func TestN08N09HostileServers(t *testing.T) {
	say := func(text string) func(net.Conn, <-chan struct{}) {
		return func(c net.Conn, _ <-chan struct{}) {
			c.Read(make([]byte, 4096))
			io.WriteString(c, text)
		}
	}
	tests := map[string]struct {
		handle func(net.Conn, <-chan struct{})
		kind   string
	}{
		"silence":          {func(_ net.Conn, stop <-chan struct{}) { <-stop }, "timeout"},
		"header drip":      {func(c net.Conn, stop <-chan struct{}) { drip(c, stop, "HTTP/1.1 200 OK\r\nX: ") }, "timeout"},
		"body drip":        {func(c net.Conn, stop <-chan struct{}) { io.WriteString(c, okHeader+"\r\n"); drip(c, stop, "") }, "timeout"},
		"hang up":          {func(net.Conn, <-chan struct{}) {}, "network"},
		"reset":            {func(c net.Conn, _ <-chan struct{}) { c.(*net.TCPConn).SetLinger(0) }, "network"},
		"not http":         {say("SSH-2.0-x\r\n"), "network"},
		"length lies":      {say(okHeader + "Content-Length: 500\r\n\r\nshort"), "network"},
		"length too large": {say(okHeader + "Content-Length: 1000000000\r\n\r\n"), "too_large"},
		"length negative":  {say(okHeader + "Content-Length: -5\r\n\r\n"), "network"},
		"two lengths":      {say(okHeader + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "network"},
		"bad chunks":       {say(okHeader + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "network"},
		"endless chunks":   {endless, "too_large"},
		"huge header":      {hugeHeader, "network"},
		"gzip":             {say(okHeader + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx"), "content_type"},
		"empty":            {say(okHeader + "Content-Length: 0\r\n\r\n"), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := raw(t, tc.handle)
			start := time.Now()
			_, err := local().Do(context.Background(), Request{URL: u, Policy: UserGiven, MaxBytes: 1000, Timeout: 400 * time.Millisecond})
			if kindOf(err) != tc.kind || time.Since(start) > 3*time.Second {
				t.Errorf("error %v after %v, want %q", err, time.Since(start), tc.kind)
			}
		})
	}
}

// hugeHeader never ends its one field: the limit must come before the deadline.
func hugeHeader(c net.Conn, stop <-chan struct{}) {
	io.WriteString(c, okHeader+"X: "+strings.Repeat("y", 200<<10))
	<-stop
}

func endless(c net.Conn, stop <-chan struct{}) {
	io.WriteString(c, okHeader+"Transfer-Encoding: chunked\r\n\r\n")
	for {
		select {
		case <-stop:
			return
		default:
		}
		if _, err := io.WriteString(c, "40\r\n"+strings.Repeat("z", 64)+"\r\n"); err != nil {
			return
		}
	}
}

func TestN09ExactLimit(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1000)) })
	for limit, kind := range map[int64]string{1000: "", 1001: "", 999: "too_large", 1: "too_large"} {
		_, err := local().Do(context.Background(), Request{URL: s.URL, Policy: UserGiven, MaxBytes: limit})
		if kindOf(err) != kind {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestN10Answers(t *testing.T) {
	var status atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		w.WriteHeader(int(status.Load()))
	})
	for _, code := range []int{201, 202, 204, 206, 300, 304, 400, 401, 403, 404, 407, 410, 429, 500, 502, 503, 599} {
		status.Store(int64(code))
		_, err := get(local(), s.URL, UserGiven)
		var e *Error
		if !errors.As(err, &e) || e.Kind != "status" || e.Status != code || !strings.Contains(err.Error(), fmt.Sprint(code)) {
			t.Errorf("%d: %v", code, err)
		}
	}
	status.Store(200)
	for typ, kind := range map[string]string{
		"application/pkix-crl": "", "APPLICATION/PKIX-CRL": "", "application%2Fpkix-crl%3B%20charset%3Dx": "",
		"text/html": "content_type", "": "content_type", "%3B": "content_type", strings.Repeat("x", 1000): "content_type",
	} {
		_, err := local().Do(context.Background(), Request{URL: s.URL + "?type=" + typ, Policy: UserGiven, MaxBytes: 10, Accept: []string{"application/ocsp-response", "application/pkix-crl"}})
		if kindOf(err) != kind {
			t.Errorf("type %.40q: %v", typ, err)
		}
		if err != nil && len(err.Error()) > 400 {
			t.Errorf("%d bytes of words", len(err.Error()))
		}
	}
}

func TestN12RetryAfter(t *testing.T) {
	at := time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC)
	c := local()
	c.Now = func() time.Time { return at }
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, " 7 ": 7 * time.Second, "-5": 0, "1.5": 0, "soon": 0, "99999999999999999999": 0,
		"Tue, 12 May 2026 08:36:12 GMT": time.Minute, "Tue, 12 May 2026 08:34:12 GMT": 0,
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := get(c, s.URL, UserGiven)
		var e *Error
		if !errors.As(err, &e) || e.RetryAfter != want {
			t.Errorf("%q: %+v, want %v", value, e, want)
		}
	}
}

func TestN13Proxy(t *testing.T) {
	var seen []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.String()+" "+r.Header.Get("Proxy-Authorization"))
		io.WriteString(w, "through the proxy")
	})
	c := &Client{Proxy: func(*http.Request) (*url.URL, error) {
		u := mustURL(t, proxy.URL)
		u.User = url.UserPassword("me", "hidden-word")
		return u, nil
	}}
	var events []Event
	c.Log = func(e Event) { events = append(events, e) }
	resp, err := get(c, "http://ca.test/crl", FromData)
	if err != nil || string(resp.Body) != "through the proxy" || len(seen) != 1 || !strings.Contains(seen[0], "Basic ") {
		t.Fatalf("%v, seen %v", err, seen)
	}
	for _, u := range []string{"http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://ca.test:22/"} {
		if _, err := get(c, u, FromData); kindOf(err) != "refused_address" || len(seen) != 1 {
			t.Errorf("%s through the proxy: %v", u, err)
		}
	}
	bad := &Client{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("parse http://me:hidden-word@[") }, Log: c.Log}
	_, err = get(bad, "http://ca.test/", FromData)
	if kindOf(err) != "network" {
		t.Errorf("bad proxy: %v", err)
	}
	proxy.Close()
	_, err2 := get(&Client{Proxy: c.Proxy, Log: c.Log}, "http://ca.test/", FromData)
	if kindOf(err2) != "network" {
		t.Errorf("dead proxy: %v", err2)
	}
	if all := fmt.Sprint(events, err, err2); strings.Contains(all, "hidden-word") {
		t.Errorf("password shown: %s", all)
	}
}

func TestN16Credentials(t *testing.T) {
	var auth []string
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		auth = append(auth, "other "+r.Header.Get("Authorization"))
	})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		auth = append(auth, "own "+r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/no":
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	const basic = "Basic bWU6aGlkZGVuLXdvcmQ=" // me:hidden-word
	withUser := strings.Replace(s.URL, "http://", "http://me:hidden-word@", 1)
	var shown []string
	c := local()
	c.AllowPrivate = true // so that the other server is reached
	c.Log = func(e Event) { shown = append(shown, fmt.Sprintf("%+v", e)) }
	do := func(r Request) {
		r.MaxBytes, r.Timeout = 10, 5*time.Second
		if r.Policy == 0 {
			r.Policy = UserGiven
		}
		if _, err := c.Do(context.Background(), r); err != nil {
			shown = append(shown, err.Error(), fmt.Sprintf("%+v", err))
		}
	}
	tests := map[string]struct {
		r    Request
		want []string
	}{
		"in fields":    {Request{URL: s.URL + "/x", User: "me", Password: "hidden-word"}, []string{"own " + basic}},
		"in the url":   {Request{URL: withUser + "/x?pin=hidden-word"}, []string{"own " + basic}},
		"same host":    {Request{URL: withUser + "/here"}, []string{"own " + basic, "own " + basic}},
		"another host": {Request{URL: withUser + "/away"}, []string{"own " + basic, "other "}},
		"refused":      {Request{URL: withUser + "/no?k=hidden-word#hidden-word"}, []string{"own " + basic}},
		"out of data":  {Request{URL: s.URL + "/x", User: "me", Password: "hidden-word", Policy: FromData}, []string{"own "}},
	}
	for name, tc := range tests {
		auth = nil
		do(tc.r)
		if fmt.Sprint(auth) != fmt.Sprint(tc.want) {
			t.Errorf("%s: %v, want %v", name, auth, tc.want)
		}
	}
	do(Request{URL: withUser + ":x/hidden-word"})
	do(Request{URL: strings.Replace(withUser, "http", "ftp", 1)})
	if all := strings.Join(shown, "\n"); strings.Contains(all, "hidden-word") || strings.Contains(all, "bWU6") {
		t.Errorf("password shown:\n%s", all)
	}
}

func TestN16ClientCertificate(t *testing.T) {
	var names []string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		name := "none"
		if len(r.TLS.PeerCertificates) > 0 {
			name = r.TLS.PeerCertificates[0].Subject.Organization[0]
		}
		names = append(names, name)
	}))
	s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	s.StartTLS()
	t.Cleanup(s.Close)
	c := local()
	c.AllowPrivate = true
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AddCert(s.Certificate())
	c.TLSCertificates = s.TLS.Certificates // any key pair will do
	for _, p := range []Policy{UserGiven, FromData} {
		if _, err := get(c, s.URL, p); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(names) != "[Acme Co none]" {
		t.Errorf("certificates shown: %v", names)
	}
}

func TestBudgetAndEvents(t *testing.T) {
	var hits atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if r.URL.Path == "/r" {
			http.Redirect(w, r, "/end", http.StatusFound)
			return
		}
		io.WriteString(w, "four")
	})
	c := local()
	c.Budget = &Budget{Requests: 3}
	var events []Event
	c.Log = func(e Event) { events = append(events, e) }
	for i, want := range []string{"", "", "budget", "budget"} { // 2 + 1 hops, then none
		path := "/r"
		if i == 1 {
			path = "/end"
		}
		if _, err := get(c, s.URL+path, UserGiven); kindOf(err) != want {
			t.Errorf("call %d: %v, want %q", i, err, want)
		}
	}
	if hits.Load() != 3 || len(events) != 3 || c.Budget.Used() < 3 {
		t.Errorf("%d hits, %d events, %d used", hits.Load(), len(events), c.Budget.Used())
	}
	last := events[2]
	if last.Method != "GET" || last.Status != 200 || last.Bytes != 4 || last.Err != nil || last.Duration <= 0 || last.URL != s.URL+"/end" {
		t.Errorf("%+v", last)
	}
}

func TestCanceled(t *testing.T) {
	u := raw(t, func(_ net.Conn, stop <-chan struct{}) { <-stop })
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := local().Do(ctx, Request{URL: u, Policy: UserGiven, MaxBytes: 10})
	if kindOf(err) != "canceled" || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	var events int
	c := local()
	c.Log = func(Event) { events++ }
	if _, err := c.Do(ctx, Request{URL: u, Policy: UserGiven, MaxBytes: 10}); kindOf(err) != "canceled" || events != 0 {
		t.Errorf("canceled before: %v, %d events", err, events)
	}
}
