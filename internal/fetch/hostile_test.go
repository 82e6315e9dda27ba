package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
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

// asked waits for the request: what comes before it is no answer to it, and
// Go's client says so or not, as the goroutines happen to run.
func asked(c net.Conn) { c.Read(make([]byte, 4096)) }

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
			asked(c)
			io.WriteString(c, text)
		}
	}
	tests := map[string]struct {
		handle func(net.Conn, <-chan struct{})
		kind   string
	}{
		"silence":     {func(_ net.Conn, stop <-chan struct{}) { <-stop }, "timeout"},
		"header drip": {func(c net.Conn, stop <-chan struct{}) { drip(c, stop, "HTTP/1.1 200 OK\r\nX: ") }, "timeout"},
		"body drip": {func(c net.Conn, stop <-chan struct{}) {
			asked(c)
			io.WriteString(c, okHeader+"\r\n")
			drip(c, stop, "")
		}, "timeout"},
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
			if kindOf(err) != tc.kind || time.Since(start) > time.Minute {
				t.Errorf("error %v after %v, want %q", err, time.Since(start), tc.kind)
			}
		})
	}
}

// hugeHeader never ends its one field: the limit must come before the deadline.
func hugeHeader(c net.Conn, stop <-chan struct{}) {
	asked(c)
	io.WriteString(c, okHeader+"X: "+strings.Repeat("y", 200<<10))
	<-stop
}

func endless(c net.Conn, stop <-chan struct{}) {
	asked(c)
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
	for _, slip := range []string{"http:me:hidden-word@host/", "https//me:hidden-word@host/", "me:hidden-word@host/ts", "hidden-word@host", "http:/me:hidden-word@host/"} {
		do(Request{URL: slip})
	}
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

// N07: silent servers together get no more than the time of a file.
func TestN07BudgetOfTime(t *testing.T) {
	u := raw(t, func(_ net.Conn, stop <-chan struct{}) { <-stop })
	c := local()
	c.Budget = &Budget{Requests: 100, Time: 400 * time.Millisecond}
	start := time.Now()
	var kinds []string
	for range 4 {
		_, err := c.Do(context.Background(), Request{URL: u, Policy: UserGiven, MaxBytes: 10, Timeout: 300 * time.Millisecond})
		kinds = append(kinds, kindOf(err))
	}
	if fmt.Sprint(kinds) != "[timeout timeout budget budget]" {
		t.Errorf("%v", kinds)
	}
	if took := time.Since(start); took < 350*time.Millisecond || took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// The number of requests counts with and without a limit of time.
func TestBudgetOfBoth(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "four") })
	for _, limit := range []time.Duration{0, 10 * time.Second} {
		c := local()
		c.Budget = &Budget{Requests: 2, Time: limit}
		for range 2 {
			if _, err := get(c, s.URL, UserGiven); err != nil {
				t.Errorf("%v: %v", limit, err)
			}
		}
		if _, err := get(c, s.URL, UserGiven); kindOf(err) != "budget" {
			t.Errorf("%v: %v", limit, err)
		}
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

// N07: the clients of one run share what a host is asked; the user's own
// addresses do not count, and a redirect to another host does.
func TestN07BudgetOfHosts(t *testing.T) {
	var hits atomic.Int64
	rt := roundTrip(func(r *http.Request) (*http.Response, error) {
		hits.Add(1)
		resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("four"))}
		if r.URL.Path == "/away" {
			resp.StatusCode = http.StatusFound
			resp.Header.Set("Location", "http://crl.example.vn/")
		}
		return resp, nil
	})
	hosts := &HostBudget{Requests: 3}
	ask := func(address string, p Policy) string {
		c := &Client{Transport: rt, Hosts: hosts}
		_, err := get(c, address, p)
		return kindOf(err)
	}
	var got []string
	for _, address := range []string{"http://ocsp.example.vn/1", "http://OCSP.example.vn./2", "https://ocsp.example.vn/3", "http://ocsp.example.vn/4", "http://crl.example.vn/"} {
		got = append(got, ask(address, FromData))
	}
	if fmt.Sprintf("%q", got) != `["" "" "" "budget" ""]` || hits.Load() != 4 {
		t.Errorf("%q after %d requests", got, hits.Load())
	}
	for range 5 {
		if kind := ask("http://ocsp.example.vn/", UserGiven); kind != "" {
			t.Errorf("the user's own address: %s", kind)
		}
	}
	got = nil
	for range 3 {
		got = append(got, ask("http://tsa.example.vn/away", UserGiven))
	}
	if fmt.Sprintf("%q", got) != `["" "" "budget"]` {
		t.Errorf("redirects: %q", got)
	}
}
