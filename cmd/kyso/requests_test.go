package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// counted is a small internet that counts what each host is asked.
type counted struct {
	hosts testpki.Hosts
	mu    sync.Mutex
	n     map[string]int
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.n[r.URL.Hostname()]++
	c.mu.Unlock()
	c.hosts.ServeHTTP(w, r)
}

// take is what was asked since the last time: "host n host n".
func (c *counted) take() string {
	var all []string
	for host, n := range c.n {
		all = append(all, fmt.Sprint(host, " ", n))
	}
	slices.Sort(all)
	c.n = map[string]int{}
	return strings.Join(all, ", ")
}

// A signature makes exactly the requests that it must: what the look at the
// certificate fetched is used again for the level, what signer and TSA share is
// asked once, and a batch costs one request to the TSA for each signature, one
// more for B-LTA. Issue 6.
func TestRequestsOfSign(t *testing.T) {
	y := newYears(t)
	y.at(2026)
	c := &counted{hosts: y.hosts, n: map[string]int{}}
	y.hosts = testpki.Hosts{}
	for host := range c.hosts {
		y.hosts[host] = c
	}
	writeFile(t, "b.pdf", form.PDF)
	writeFile(t, "c.pdf", form.PDF)
	for _, tc := range []struct {
		name, args, want string
	}{
		{"B-B", "form.pdf --level B-B", ""},
		{"B-B, online", "form.pdf --level B-B --online", "ocsp.root.test 1, ocsp.test 1"},
		{"B-T", "form.pdf", "tsa1.test 1"},
		{"B-LT", "form.pdf --level B-LT", "ocsp.root.test 1, ocsp.test 2, tsa1.test 1"},
		{"B-LTA", "form.pdf --level B-LTA", "ocsp.root.test 1, ocsp.test 2, tsa1.test 2"},
		{"batch, B-T", "form.pdf b.pdf c.pdf", "tsa1.test 3"},
		{"batch, B-LT", "form.pdf b.pdf c.pdf --level B-LT --jobs 1", "ocsp.root.test 1, ocsp.test 2, tsa1.test 3"},
		{"batch, B-LTA", "form.pdf b.pdf c.pdf --level B-LTA --jobs 1", "ocsp.root.test 1, ocsp.test 2, tsa1.test 6"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			args := append(append([]string{"sign"}, strings.Fields(tc.args)...), "--key", "key.pem", "--cert-file", "cert.pem",
				"--chain", "ca.pem", "--trust", "root.pem", "--invisible", "--tsa", "http://tsa1.test/", "--out-dir", t.TempDir())
			y.run(false, args...).want(t, 0)
			if got := c.take(); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}
