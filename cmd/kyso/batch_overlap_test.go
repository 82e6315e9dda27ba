package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// barrier holds every request until so many are under way, and then holds none.
type barrier struct {
	http.Handler
	many int

	mu   sync.Mutex
	here int
	open chan struct{}
}

func (b *barrier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	if b.here++; b.here == b.many {
		close(b.open)
	}
	b.mu.Unlock()
	select {
	case <-b.open:
		b.Handler.ServeHTTP(w, r)
	case <-time.After(60 * time.Second): // the others never come
		w.WriteHeader(http.StatusNotFound)
	}
}

// The token goes on with other files while the TSA keeps some waiting: four
// signatures are made before the first timestamp comes. The lines keep the
// order of the files, and one login does for all.
func TestTokenWaitsForNoTimestamp(t *testing.T) {
	const files = 12
	r := newRig(t, files)
	tsa := testpki.NewTSA(r.root, testpki.P256)
	tsa.Now = time.Now
	server := httptest.NewServer(&barrier{Handler: tsa, many: 4, open: make(chan struct{})})
	t.Cleanup(server.Close)
	got := r.run(r.command("--tsa", server.URL, "--json"))
	got.want(t, 0)
	for i, l := range got.lines(t) {
		if l["file"] != inputName(i) || l["level"] != "B-T" {
			t.Errorf("line %d is of %v, %v", i, l["file"], l["level"])
		}
	}
	if n := r.driver.Count("login:user"); n != 1 {
		t.Errorf("%d logins", n)
	}
	if n := r.driver.Count("sign:real"); n != files {
		t.Errorf("%d signatures for %d files", n, files)
	}
	if n := len(r.outputs()); n != files {
		t.Errorf("%d outputs", n)
	}
}

// A line now and then where there is no terminal, with what the token and the
// TSA cost; none with --json unless it is asked for, and none with --quiet.
func TestProgressWithoutATerminal(t *testing.T) {
	r := newRig(t, 3)
	tsa := testpki.NewTSA(r.root, testpki.P256)
	tsa.Now = time.Now
	server := httptest.NewServer(tsa)
	t.Cleanup(server.Close)
	for name, tc := range map[string]struct {
		args []string
		want bool
	}{
		"asked for":              {[]string{"--progress"}, true},
		"asked for with JSON":    {[]string{"--progress", "--json"}, true},
		"a short run needs none": {nil, false},
		"JSON":                   {[]string{"--json"}, false},
		"quiet":                  {[]string{"--progress", "--quiet"}, false},
		"refused":                {[]string{"--progress", "--no-progress"}, false},
	} {
		got := r.run(r.command(append(tc.args, "--tsa", server.URL, "--force")...))
		got.want(t, 0)
		if strings.Contains(got.err, "3/3 files, ") != tc.want {
			t.Errorf("%s: %q", name, got.err)
		}
		if tc.want && (!strings.Contains(got.err, ", TSA ") || !strings.Contains(got.err, ", token ")) {
			t.Errorf("%s: no costs in %q", name, got.err)
		}
		if strings.Contains(got.out, "3/3") {
			t.Errorf("%s: progress on standard output", name)
		}
	}
}
