package revocation

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

func files(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A new Source, as of another process, finds what the first one fetched.
func TestCache(t *testing.T) {
	for _, kind := range []string{"ocsp", "crl"} {
		t.Run(kind, func(t *testing.T) {
			n := newNetwork("cache " + kind)
			leaf := newLeaf(n.ca, testpki.Leaf{})
			dir := filepath.Join(t.TempDir(), "not", "there")
			ask := func(now time.Time) certpath.RevocationStatus {
				s := n.source()
				s.CRLFirst, s.Cache, s.Used = kind == "crl", &Cache{Dir: dir}, &Evidence{}
				s.Now = func() time.Time { return now }
				got := checkAt(s, leaf, n.ca, now)
				if got.State == certpath.Good && (got.Origin != "online" || got.Source != kind || len(s.Used.OCSPs)+len(s.Used.CRLs) != 1) {
					t.Errorf("%+v", got)
				}
				return got
			}
			total := func() int64 { return n.ocsp.Requests + n.crl.Requests }
			expect(t, ask(testpki.Now()), certpath.Good, 0)
			expect(t, ask(testpki.Now()), certpath.Good, 0)
			if total() != 1 || len(files(t, dir)) != 1 {
				t.Fatalf("%s, files %v", n.calls(), files(t, dir))
			}
			// Another certificate of the issuer shares the CRL and no response.
			s := n.source()
			s.CRLFirst, s.Cache = kind == "crl", &Cache{Dir: dir}
			expect(t, check(s, newLeaf(n.ca, testpki.Leaf{CN: "second"}), n.ca), certpath.Good, 0)
			if want := map[string]int64{"ocsp": 2, "crl": 1}[kind]; total() != want {
				t.Errorf("%s", n.calls())
			}
			// After nextUpdate it is fetched anew.
			before := total()
			n.ocsp.Now = func() time.Time { return testpki.Now().AddDate(0, 0, 8) }
			n.crl.Now = n.ocsp.Now
			expect(t, ask(n.ocsp.Now()), certpath.Good, 0)
			if total() != before+1 {
				t.Errorf("%s", n.calls())
			}
		})
	}
}

// What is damaged, another's or forged in the folder is fetched again.
func TestCacheIsNotTrusted(t *testing.T) {
	n := newNetwork("cache distrust")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	forged := n.ca.NewOCSP(leaf)
	forged.Key = sibling.Key
	wrapped := func(der []byte) []byte {
		dir := t.TempDir()
		(&Cache{Dir: dir}).put("ocsp-x", der, testpki.Now().AddDate(1, 0, 0))
		data, err := os.ReadFile(filepath.Join(dir, "ocsp-x"))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	good := wrapped(n.ca.NewOCSP(leaf).Sign())
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	tests := map[string]struct {
		file  []byte
		calls int64
	}{
		"good":               {good, 0},
		"empty":              {nil, 1},
		"cut":                {good[:len(good)-7], 1},
		"cut in its head":    {good[:20], 1},
		"flipped":            {flipped, 1},
		"garbage":            {[]byte("garbage garbage garbage garbage garbage garbage garbage"), 1},
		"forged":             {wrapped(forged.Sign()), 1},
		"of another":         {wrapped(sibling.NewOCSP(leaf).Sign()), 1},
		"no response in it":  {wrapped([]byte("x")), 1},
		"a symbolic folder?": {wrapped(n.ca.CRL()), 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			key := cacheKey(kindOCSP, n.ca.Certificate, serialBytes(leaf), ocspURL)
			if err := os.WriteFile(filepath.Join(dir, key), tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
			s := n.source()
			s.Cache = &Cache{Dir: dir}
			n.ocsp.Requests = 0
			expect(t, check(s, leaf, n.ca), certpath.Good, 0)
			if n.ocsp.Requests != tt.calls {
				t.Errorf("%d requests, want %d", n.ocsp.Requests, tt.calls)
			}
		})
	}
}

// What failed, or has no nextUpdate, is not kept; nor does a folder that can't
// be written stop anything.
func TestCacheKeepsOnlyWhatDecided(t *testing.T) {
	n := newNetwork("cache keep")
	leaf := newLeaf(n.ca, testpki.Leaf{})
	for _, mode := range []string{"unsigned", "stale", "wrong_nonce", "unknown", "garbage"} {
		dir := t.TempDir()
		n.ocsp.Mode, n.crl.Mode = mode, "unsigned"
		s := n.source()
		s.Cache = &Cache{Dir: dir}
		if got := check(s, leaf, n.ca); got.State != certpath.Unknown || len(files(t, dir)) != 0 {
			t.Errorf("%s: %v, %v", mode, got.State, files(t, dir))
		}
	}
	n.ocsp.Mode, n.ocsp.Lifetime = "", -1
	dir := t.TempDir()
	s := n.source()
	s.Cache = &Cache{Dir: dir}
	expect(t, check(s, leaf, n.ca), certpath.Good, 0)
	if len(files(t, dir)) != 0 {
		t.Errorf("without nextUpdate: %v", files(t, dir))
	}
	n.ocsp.Lifetime = 0
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = n.source()
	s.Cache = &Cache{Dir: filepath.Join(file, "sub")}
	expect(t, check(s, leaf, n.ca), certpath.Good, 0)
}

func TestCachePrune(t *testing.T) {
	dir := t.TempDir()
	c := &Cache{Dir: dir}
	now := testpki.Now()
	c.put("ocsp-old", []byte("x"), now.Add(-time.Second))
	c.put("crl-new", []byte("x"), now.Add(time.Second))
	for _, name := range []string{"mine.txt", "ocsp-broken", "new-1", "new-2"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, young := now.AddDate(0, 0, -2), now.Add(-time.Minute)
	if os.Chtimes(filepath.Join(dir, "new-1"), old, old) != nil || os.Chtimes(filepath.Join(dir, "new-2"), young, young) != nil {
		t.Fatal("times")
	}
	if err := c.Prune(now); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, f := range files(t, dir) {
		left = append(left, filepath.Base(f))
	}
	if got := left; len(got) != 3 || got[0] != "crl-new" || got[1] != "mine.txt" || got[2] != "new-2" {
		t.Errorf("left %v", left)
	}
	if c.Prune(now) != nil || (&Cache{Dir: filepath.Join(dir, "no")}).Prune(now) == nil {
		t.Error("prune again")
	}
}

// Readers never see half a file.
func TestCacheConcurrent(t *testing.T) {
	dir := t.TempDir()
	now := testpki.Now()
	a, b := bytes.Repeat([]byte("a"), 1<<20), bytes.Repeat([]byte("b"), 1<<19)
	var wg sync.WaitGroup
	(&Cache{Dir: dir}).put("crl-x", a, now.Add(time.Hour))
	for i := range 4 {
		wg.Go(func() {
			c := &Cache{Dir: dir}
			for range 10 {
				if i%2 == 0 {
					c.put("crl-x", [][]byte{a, b}[i/2], now.Add(time.Hour))
				} else if got := c.get("crl-x", now); !bytes.Equal(got, a) && !bytes.Equal(got, b) {
					t.Errorf("%d bytes", len(got))
				}
			}
		})
	}
	wg.Wait()
}
