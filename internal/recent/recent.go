// Package recent keeps what was made from bytes, so that one process makes it
// once while the bytes come again and again: the certificates and names of one
// authority come with every file of a batch or an inbox.
//
// What is kept must depend on the bytes alone, and nobody may write to it.
package recent

import (
	"crypto/sha256"
	"sync"
)

// Sum is the SHA-256 of what something was made from. Nobody finds other bytes
// with the same, so no file can put something in the place of another's.
type Sum = [sha256.Size]byte

// Cache keeps the values that were asked for last: at least as many as a
// generation, at most twice as many. It is safe for concurrent use.
type Cache[V any] struct {
	generation int

	mu           sync.Mutex
	young, grown map[Sum]V
}

// New returns an empty cache.
func New[V any](generation int) *Cache[V] {
	return &Cache[V]{generation: generation, young: make(map[Sum]V)}
}

// Get returns what Put kept.
func (c *Cache[V]) Get(key Sum) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.young[key]
	if ok {
		return v, true
	}
	if v, ok = c.grown[key]; ok {
		c.put(key, v) // it is asked for, so it stays
	}
	return v, ok
}

// Put keeps a value.
func (c *Cache[V]) Put(key Sum, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, v)
}

func (c *Cache[V]) put(key Sum, v V) {
	if len(c.young) >= c.generation {
		c.young, c.grown = make(map[Sum]V), c.young
	}
	c.young[key] = v
}
