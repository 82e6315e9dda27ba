// Package sigcache remembers signature values that were found right, so that
// one process checks each once: the certificates of one authority come with
// every file of an inbox, and who signs looks at a signature when it is made,
// when it is read back, and when the file is judged.
//
// Whether a value is right depends on the scheme, the key, the digest and the
// value, and on nothing else; not on time, trust or files. Only what was right
// is kept, under the SHA-256 of all four.
package sigcache

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"

	"github.com/kyso-vn/kyso/internal/recent"
)

// Check is one check of a value over a digest. Scheme and Salt tell apart what
// the verifier is asked for.
type Check struct {
	Scheme    string
	Hash      crypto.Hash
	Salt      int
	Key       crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey; others are not kept
	Digest    []byte
	Signature []byte
}

// generation is how many are kept at least; twice as many at most, 32 bytes each.
const generation = 4096

// Cache is safe for concurrent use.
type Cache struct{ right *recent.Cache[struct{}] }

// New returns an empty cache.
func New() *Cache { return &Cache{recent.New[struct{}](generation)} }

// Shared is that of the process.
var Shared = New()

// Do returns nil for what was right before; else what verify returns.
func (c *Cache) Do(k Check, verify func() error) error {
	id, ok := k.id()
	if !ok {
		return verify()
	}
	if _, ok := c.right.Get(id); ok {
		return nil
	}
	err := verify()
	if err == nil {
		c.right.Put(id, struct{}{})
	}
	return err
}

// Add says that a check was made elsewhere and its value found right.
func (c *Cache) Add(k Check) {
	if id, ok := k.id(); ok {
		c.right.Put(id, struct{}{})
	}
}

// id is over all parts with their lengths, so that no two checks share one.
func (k Check) id() (id recent.Sum, ok bool) {
	var room [1024]byte // enough for RSA of 2048 bits and P-521
	all := room[:0]
	number := func(v int) { all = binary.BigEndian.AppendUint64(all, uint64(v)) } //nolint:gosec // any bits do, as long as they differ
	part := func(b []byte) {
		number(len(b))
		all = append(all, b...)
	}
	name := func(s string) {
		number(len(s))
		all = append(all, s...)
	}
	name(k.Scheme)
	number(int(k.Hash))
	number(k.Salt)
	switch key := k.Key.(type) {
	case *rsa.PublicKey:
		name("RSA")
		size := (key.N.BitLen() + 7) / 8
		number(size)
		all = append(all, make([]byte, size)...)
		key.N.FillBytes(all[len(all)-size:])
		number(key.E)
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return id, false
		}
		name(key.Curve.Params().Name)
		part(point)
	default:
		return id, false
	}
	part(k.Digest)
	part(k.Signature)
	return sha256.Sum256(all), true
}
