package recent_test

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"testing"

	"github.com/kyso-vn/kyso/internal/recent"
)

func sum(i int) recent.Sum {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
}

func TestKept(t *testing.T) {
	c := recent.New[string](4)
	if v, ok := c.Get(sum(1)); ok || v != "" {
		t.Errorf("an empty cache has %q", v)
	}
	c.Put(sum(1), "one")
	if v, ok := c.Get(sum(1)); !ok || v != "one" {
		t.Errorf("got %q, %v", v, ok)
	}
	if _, ok := c.Get(sum(2)); ok {
		t.Error("another key has the value")
	}
}

// TestBounded: the newest are kept, the oldest are forgotten, and never more
// than two generations are held.
func TestBounded(t *testing.T) {
	const generation, many = 10, 1000
	c := recent.New[int](generation)
	for i := range many {
		c.Put(sum(i), i)
	}
	for i := many - generation; i < many; i++ {
		if v, ok := c.Get(sum(i)); !ok || v != i {
			t.Errorf("%d of the newest %d was forgotten", i, generation)
		}
	}
	held := 0
	for i := range many {
		if _, ok := c.Get(sum(i)); ok {
			held++
		}
	}
	if held > 2*generation {
		t.Errorf("%d are held, more than two generations of %d", held, generation)
	}
}

// TestAskedForStays: what is used goes on being kept, whatever comes besides.
func TestAskedForStays(t *testing.T) {
	c := recent.New[int](10)
	c.Put(sum(-1), 7)
	for i := range 1000 {
		c.Put(sum(i), i)
		if v, ok := c.Get(sum(-1)); !ok || v != 7 {
			t.Fatalf("forgotten after %d others", i+1)
		}
	}
}

func TestConcurrent(t *testing.T) {
	c := recent.New[int](50)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 5000 {
				n := i % 200
				if v, ok := c.Get(sum(n)); ok && v != n {
					t.Errorf("%d: got %d", n, v)
				}
				c.Put(sum(n), n)
			}
		})
	}
	wg.Wait()
}
