package tsp_test

import (
	"context"
	"crypto"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/tsp"
)

func down() *mock {
	return &mock{serve: func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}}
}

func TestPoolInOrder(t *testing.T) {
	dead, refuses, good, spare := down(), &mock{reply: func([]byte) []byte { return refusal(2, "no", 0) }}, &mock{}, &mock{}
	pool := &tsp.Pool{Clients: []*tsp.Client{client(dead), client(refuses), client(good), client(spare)}}
	for i := range 5 {
		token, err := pool.Timestamp(context.Background(), data)
		if err != nil || token.CheckImprint(data) != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	// The one that answered is remembered: a batch costs one request each.
	if dead.requests.Load() != 1 || refuses.requests.Load() != 1 || good.requests.Load() != 5 || spare.requests.Load() != 0 {
		t.Errorf("requests %d %d %d %d", dead.requests.Load(), refuses.requests.Load(), good.requests.Load(), spare.requests.Load())
	}
	digest := cmstest.Sum(crypto.SHA512, data)
	if token, err := pool.TimestampDigest(context.Background(), digest, crypto.SHA512); err != nil || token.ImprintHash != crypto.SHA512 {
		t.Errorf("digest: %v", err)
	}
}

func TestPoolAllFail(t *testing.T) {
	pool := &tsp.Pool{Clients: []*tsp.Client{client(down()), client(&mock{reply: func([]byte) []byte { return refusal(2, "no", 0) }})}}
	token, err := pool.Timestamp(context.Background(), data)
	var status *tsp.StatusError
	var failure *fetch.Error
	if token != nil || !errors.As(err, &status) || !errors.As(err, &failure) {
		t.Errorf("not every source is named: %v", err)
	}
	if _, err := (&tsp.Pool{}).Timestamp(context.Background(), data); err == nil {
		t.Error("no client")
	}
}

func TestPoolStopsWhenCanceled(t *testing.T) {
	second := &mock{}
	pool := &tsp.Pool{Clients: []*tsp.Client{client(down()), client(second)}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pool.Timestamp(ctx, data); !errors.Is(err, context.Canceled) || second.requests.Load() != 0 {
		t.Errorf("%v, %d requests", err, second.requests.Load())
	}
}

func TestPoolRate(t *testing.T) {
	m := &mock{}
	pool := &tsp.Pool{Clients: []*tsp.Client{client(m)}, Rate: 600} // one in 100 ms
	start := time.Now()
	done := make(chan error, 5)
	for range cap(done) {
		go func() {
			_, err := pool.Timestamp(context.Background(), data)
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if d := time.Since(start); d < 400*time.Millisecond {
		t.Errorf("five requests in %v", d)
	}
	slow := &tsp.Pool{Clients: []*tsp.Client{client(m)}, Rate: 1} // the second would wait a minute
	slow.Clients[0].Timeout = 100 * time.Millisecond
	if _, err := slow.Timestamp(context.Background(), data); err != nil {
		t.Error(err)
	}
	before := m.requests.Load()
	if _, err := slow.Timestamp(context.Background(), data); !errors.Is(err, context.DeadlineExceeded) || m.requests.Load() != before {
		t.Errorf("%v", err)
	}
}

func TestSizeCache(t *testing.T) {
	s := tsp.SizeCache{Dir: t.TempDir()}
	key := client(&mock{}).SizeKey()
	if _, ok := s.Size(key); ok {
		t.Error("known before it was learnt")
	}
	for _, step := range []struct{ learn, want int }{{5000, 5000}, {4990, 5000}, {5010, 5010}, {0, 5010}, {-1, 5010}, {1 << 30, 5010}} {
		if err := s.Learn(key, step.learn); err != nil {
			t.Fatal(err)
		}
		if n, ok := s.Size(key); !ok || n != step.want {
			t.Errorf("learnt %d: %d %v, want %d", step.learn, n, ok, step.want)
		}
	}
	entries, err := os.ReadDir(s.Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files left, %v", len(entries), err)
	}
	path := filepath.Join(s.Dir, entries[0].Name())
	for name, damaged := range map[string]string{"torn": `{"x": 1`, "list": `[1]`, "text": "x", "negative": `{"` + key + `":-5}`, "huge": `{"` + key + `":99999999}`} {
		if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if n, ok := s.Size(key); ok {
			t.Errorf("%s: %d", name, n)
		}
		if err := s.Learn(key, 4000); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, _ := s.Size(key); n != 4000 {
			t.Errorf("%s: not repaired, %d", name, n)
		}
	}
	none := tsp.SizeCache{}
	if err := none.Learn(key, 1); err != nil {
		t.Error(err)
	}
	if _, ok := none.Size(key); ok {
		t.Error("remembered without a folder")
	}
	if err := (tsp.SizeCache{Dir: filepath.Join(s.Dir, "absent")}).Learn(key, 1); err == nil {
		t.Error("absent folder")
	}
}

func TestSizeKey(t *testing.T) {
	a := &tsp.Client{URL: "https://user:secret@tsa.example/ts?key=abc"}
	same := &tsp.Client{URL: "https://tsa.example/ts?key=other", Hash: crypto.SHA256}
	if a.SizeKey() != same.SizeKey() || strings.Contains(a.SizeKey(), "secret") {
		t.Error("credentials change the key")
	}
	for name, c := range map[string]*tsp.Client{
		"hash":   {URL: a.URL, Hash: crypto.SHA512},
		"policy": {URL: a.URL, Policy: policy},
		"url":    {URL: "https://tsa2.example/ts"},
	} {
		if c.SizeKey() == a.SizeKey() {
			t.Errorf("%s does not change the key", name)
		}
	}
}
