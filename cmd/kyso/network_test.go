package main

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// N07: a file has 10 requests and 30 s for the addresses of its certificates,
// or what --max-requests says and 3 s for each; all files of a run ask one host at most 200
// times.
func TestN07BudgetOfTheProgram(t *testing.T) {
	home(t)
	var a *app
	hits := 0
	ask := func(c *fetch.Client, host string) string {
		_, err := c.Do(t.Context(), fetch.Request{URL: "http://" + host + "/", MaxBytes: 10, Policy: fetch.FromData})
		var e *fetch.Error
		if errors.As(err, &e) {
			return e.Kind
		}
		return ""
	}
	fresh := func() {
		a, hits = newApp(streams{}), 0
		a.transport = testpki.Transport(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	}
	for flag, want := range map[int]int{0: 10, 3: 3, 25: 25} {
		fresh()
		c := a.fetcher(networkOptions{}, flag)
		for i := range want + 1 {
			if kind := ask(c, fmt.Sprintf("h%d.example.vn", i)); (kind == "budget") != (i == want) {
				t.Errorf("--max-requests %d, request %d: %q", flag, i+1, kind)
			}
		}
		if hits != want || c.Budget.Time != max(30*time.Second, 3*time.Second*time.Duration(flag)) {
			t.Errorf("--max-requests %d: %d requests, %v", flag, hits, c.Budget.Time)
		}
	}
	fresh()
	for range 30 { // files
		c := a.fetcher(networkOptions{}, 0)
		for range 10 {
			ask(c, "ocsp.example.vn")
		}
	}
	if hits != 200 {
		t.Errorf("one host was asked %d times", hits)
	}
}
