package tsp_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// T10 over real sockets: whatever a TSA does, the answer comes within the
// deadline and says what happened.
func TestT10Deadline(t *testing.T) {
	// A server notices that the client has gone once the body is read.
	wait := func(r *http.Request, d time.Duration) bool {
		io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-time.After(d):
			return true
		}
		return false
	}
	tests := map[string]struct {
		serve http.HandlerFunc
		kind  string
	}{
		"no answer": {func(_ http.ResponseWriter, r *http.Request) { wait(r, time.Minute) }, "timeout"},
		"a byte now and then": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/timestamp-reply")
			for wait(r, 30*time.Millisecond) {
				w.Write([]byte{0x30})
				w.(http.Flusher).Flush()
			}
		}, "timeout"},
		"hangs up": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
		}, "network"},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/timestamp-reply")
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, "too_large"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(tc.serve)
			defer s.Close()
			defer s.CloseClientConnections()
			c := tsp.Client{URL: s.URL, Fetch: &fetch.Client{Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }},
				Timeout: 700 * time.Millisecond, Backoff: time.Millisecond}
			start := time.Now()
			_, err := c.Timestamp(context.Background(), data)
			var failure *fetch.Error
			if !errors.As(err, &failure) || failure.Kind != tc.kind || time.Since(start) > time.Minute {
				t.Errorf("%v after %v, want %s", err, time.Since(start), tc.kind)
			}
		})
	}
}

// T10: a TSA whose TLS certificate nobody vouches for gets no request.
func TestT10TLS(t *testing.T) {
	reached := false
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	c := tsp.Client{URL: s.URL, Fetch: &fetch.Client{Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }}, Backoff: time.Millisecond}
	_, err := c.Timestamp(context.Background(), data)
	var failure *fetch.Error
	if !errors.As(err, &failure) || failure.Kind != "network" || reached {
		t.Errorf("%v, reached %v", err, reached)
	}
}

// Basic authentication and events, as --verbose and the accounts need them.
func TestAuthenticationAndEvents(t *testing.T) {
	m := &mock{}
	var seen []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		seen = append(seen, user+" "+password)
		if user != "me" {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, "no")
			return
		}
		m.ServeHTTP(w, r)
	}))
	defer s.Close()
	var events []fetch.Event
	c := client(m)
	c.Fetch = &fetch.Client{Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }, Log: func(e fetch.Event) { events = append(events, e) }}
	c.URL = s.URL
	var failure *fetch.Error
	if _, err := ask(t, c); !errors.As(err, &failure) || failure.Status != http.StatusUnauthorized {
		t.Errorf("without a name: %v", err)
	}
	c.User, c.Password = "me", "word"
	if _, err := ask(t, c); err != nil {
		t.Error(err)
	}
	if len(seen) != 2 || seen[1] != "me word" {
		t.Errorf("seen %q", seen)
	}
	if len(events) != 2 || events[0].Status != 401 || events[1].Status != 200 || events[1].Method != "POST" || events[1].Bytes == 0 {
		t.Errorf("%d events: %+v", len(events), events)
	}
}
