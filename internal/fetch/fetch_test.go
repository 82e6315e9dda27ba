package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
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
