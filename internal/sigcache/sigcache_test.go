package sigcache_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"github.com/kyso-vn/kyso/internal/sigcache"
)

var errWrong = errors.New("wrong")

// counter counts checks that were made.
type counter struct {
	n   int
	err error
}

func (c *counter) verify() error { c.n++; return c.err }

func rsaKey(n int64, e int) *rsa.PublicKey { return &rsa.PublicKey{N: big.NewInt(n), E: e} }

func ecKey(c elliptic.Curve) *ecdsa.PublicKey {
	private := make([]byte, (c.Params().BitSize+7)/8)
	private[len(private)-1] = 7
	key, err := ecdsa.ParseRawPrivateKey(c, private)
	if err != nil {
		panic(err)
	}
	return &key.PublicKey
}

func sample() sigcache.Check {
	return sigcache.Check{Scheme: "PKCS1", Hash: crypto.SHA256, Key: rsaKey(1<<40, 65537), Digest: []byte("ab"), Signature: []byte("c")}
}

func TestRightOnce(t *testing.T) {
	c := sigcache.New()
	right := &counter{}
	for range 3 {
		if err := c.Do(sample(), right.verify); err != nil {
			t.Fatal(err)
		}
	}
	if right.n != 1 {
		t.Errorf("checked %d times", right.n)
	}
}

// TestAdded: what was checked elsewhere is not checked again, and nothing else
// became right by it.
func TestAdded(t *testing.T) {
	c := sigcache.New()
	c.Add(sample())
	wrong := &counter{err: errWrong}
	if err := c.Do(sample(), wrong.verify); err != nil || wrong.n != 0 {
		t.Errorf("%v, checked %d times", err, wrong.n)
	}
	other := sample()
	other.Digest = []byte("other")
	if err := c.Do(other, wrong.verify); !errors.Is(err, errWrong) {
		t.Errorf("another digest: %v", err)
	}
	k := sample()
	k.Key = ed25519.PublicKey{1}
	c.Add(k)
	if err := c.Do(k, wrong.verify); !errors.Is(err, errWrong) {
		t.Errorf("a key that is not kept: %v", err)
	}
}

// TestWrongIsNotKept: what was wrong is looked at again, and does not become
// right by having been asked.
func TestWrongIsNotKept(t *testing.T) {
	c := sigcache.New()
	wrong := &counter{err: errWrong}
	for range 3 {
		if err := c.Do(sample(), wrong.verify); !errors.Is(err, errWrong) {
			t.Fatal(err)
		}
	}
	if wrong.n != 3 {
		t.Errorf("checked %d times", wrong.n)
	}
}

// TestEachPartCounts: a check that differs in anything is another one.
func TestEachPartCounts(t *testing.T) {
	for name, change := range map[string]func(k *sigcache.Check){
		"scheme":               func(k *sigcache.Check) { k.Scheme = "PSS" },
		"hash":                 func(k *sigcache.Check) { k.Hash = crypto.SHA384 },
		"salt":                 func(k *sigcache.Check) { k.Salt = 20 },
		"modulus":              func(k *sigcache.Check) { k.Key = rsaKey(1<<40+1, 65537) },
		"exponent":             func(k *sigcache.Check) { k.Key = rsaKey(1<<40, 3) },
		"kind of key":          func(k *sigcache.Check) { k.Key = ecKey(elliptic.P256()) },
		"digest":               func(k *sigcache.Check) { k.Digest = []byte("ax") },
		"value":                func(k *sigcache.Check) { k.Signature = []byte("x") },
		"where the parts part": func(k *sigcache.Check) { k.Digest, k.Signature = []byte("a"), []byte("bc") },
	} {
		c := sigcache.New()
		if err := c.Do(sample(), (&counter{}).verify); err != nil {
			t.Fatal(err)
		}
		other := sample()
		change(&other)
		if err := c.Do(other, (&counter{err: errWrong}).verify); !errors.Is(err, errWrong) {
			t.Errorf("another %s: taken for right", name)
		}
	}
}

func TestCurvesDiffer(t *testing.T) {
	c := sigcache.New()
	k := sample()
	k.Key = ecKey(elliptic.P256())
	n := &counter{}
	for range 2 {
		if err := c.Do(k, n.verify); err != nil {
			t.Fatal(err)
		}
	}
	if n.n != 1 {
		t.Errorf("checked %d times", n.n)
	}
	k.Key = ecKey(elliptic.P384())
	if err := c.Do(k, (&counter{err: errWrong}).verify); !errors.Is(err, errWrong) {
		t.Error("another curve: taken for right")
	}
}

// TestOthersAreNotKept: keys that have no form here, or none that is valid.
func TestOthersAreNotKept(t *testing.T) {
	for name, key := range map[string]crypto.PublicKey{"Ed25519": ed25519.PublicKey{1}, "none": nil, "a curve of its own": &ecdsa.PublicKey{Curve: &elliptic.CurveParams{Name: "mine"}}} {
		c := sigcache.New()
		k, n := sample(), &counter{}
		k.Key = key
		for range 2 {
			if err := c.Do(k, n.verify); err != nil {
				t.Fatal(err)
			}
		}
		if n.n != 2 {
			t.Errorf("%s: checked %d times", name, n.n)
		}
	}
}

// TestBounded: the newest are kept, the oldest are forgotten.
func TestBounded(t *testing.T) {
	c := sigcache.New()
	const many = 20_000
	at := func(i int) sigcache.Check {
		k := sample()
		k.Digest = fmt.Append(nil, i)
		return k
	}
	n := &counter{}
	for i := range many {
		_ = c.Do(at(i), n.verify)
	}
	_ = c.Do(at(many-4000), n.verify)
	if n.n != many {
		t.Error("one of the newest 4,000 was forgotten")
	}
	_ = c.Do(at(0), n.verify)
	if n.n != many+1 {
		t.Error("the oldest is still kept")
	}
}

func TestConcurrent(t *testing.T) {
	c := sigcache.New()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 2000 {
				k := sample()
				k.Salt = i
				want := error(nil)
				if i%2 == 1 {
					want = errWrong
				}
				if err := c.Do(k, (&counter{err: want}).verify); !errors.Is(err, want) {
					t.Errorf("%d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
}
