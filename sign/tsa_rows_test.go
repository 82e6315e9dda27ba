package sign_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
)

// T2, T10: whatever a TSA does, signing ends within the deadline with an error
// that says so, and the key is asked once.
func TestT10HostileTSA(t *testing.T) {
	reply := func(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/timestamp-reply") }
	// A server notices that the client has gone once the body is read.
	wait := func(r *http.Request, d time.Duration) bool {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			return false
		case <-time.After(d):
			return true
		}
	}
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		kind  string // of the fetch.Error; "": the reply was read
	}{
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { reply(w); _, _ = w.Write([]byte("<html>")) }, ""},
		{"rejection", func(w http.ResponseWriter, _ *http.Request) {
			reply(w)
			_, _ = w.Write([]byte{0x30, 0x09, 0x30, 0x07, 0x02, 0x01, 0x02, 0x03, 0x02, 0x07, 0x80})
		}, ""},
		{"nothing", func(_ http.ResponseWriter, r *http.Request) { wait(r, time.Minute) }, "timeout"},
		{"an empty body", func(w http.ResponseWriter, _ *http.Request) { reply(w) }, ""},
		{"a gigabyte", func(w http.ResponseWriter, r *http.Request) {
			reply(w)
			block := make([]byte, 1<<20)
			for range 1 << 10 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "too_large"},
		{"a byte now and then", func(w http.ResponseWriter, r *http.Request) {
			reply(w)
			for wait(r, 50*time.Millisecond) {
				_, _ = w.Write([]byte{0x30})
				w.(http.Flusher).Flush()
			}
		}, "timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewServer(c.serve)
			defer s.Close()
			defer s.CloseClientConnections()
			pool := &tsp.Pool{Clients: []*tsp.Client{{URL: s.URL, Now: now, Tries: 1, Timeout: time.Second, Fetch: &fetch.Client{}}}}
			key, cert := signer(cmstest.P256)
			start := time.Now()
			_, _, err := trySign(t, input{}.bytes(), key, sign.Options{Certificate: cert, Now: now, Pool: pool, Level: sign.BT})
			var level *sign.LevelError
			if !errors.As(err, &level) || level.Want != sign.BT || level.Have != sign.BB {
				t.Errorf("%v", err)
			}
			var fe *fetch.Error
			if errors.As(err, &fe) != (c.kind != "") || fe != nil && fe.Kind != c.kind {
				t.Errorf("%v, want %q", err, c.kind)
			}
			if n := key.asked.Load(); n != 1 {
				t.Errorf("the key was asked %d times", n)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// Document timestamps meet the same servers; then there is no key at all, and
// what was there stays readable for the next try.
func TestT10TimestampAlone(t *testing.T) {
	w := newOnline()
	data := w.mustSign(t, w.options(sign.BT))
	for _, mode := range []string{"garbage", "rejection", "empty", "wrong_nonce", "http500"} {
		w.tsa.Mode = mode
		out, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = sign.Timestamp(t.Context(), readerAt(data), int64(len(data)), out, sign.ExtendOptions{Pool: w.pool(), Now: testpki.Now})
		if err == nil {
			t.Errorf("%s: no error", mode)
		}
		_ = out.Close()
	}
	w.tsa.Mode = ""
	if result := w.extend(t, data, sign.BLTA); result.Level != sign.BLTA {
		t.Errorf("%+v", result)
	}
}
