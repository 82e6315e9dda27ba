package revocation

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Cache keeps fetched data in a folder, a file each, until the nextUpdate that
// the data states; data without one is not kept. What comes out is checked like
// any other data, so the folder is not trusted; a file that is damaged or out
// of date is passed over. Several processes may use one folder. A nil *Cache
// keeps nothing.
type Cache struct {
	Dir string // is made when needed, for the user alone

	prune sync.Once
}

// A file is magic, expiry (Unix seconds), SHA-256 of the data, data.
const (
	cacheMagic  = "kysorev1"
	cacheHeader = len(cacheMagic) + 8 + sha256.Size
	maxPrune    = 10_000 // files looked at
)

// get returns nil when there is nothing that holds at now.
func (c *Cache) get(key string, now time.Time) []byte {
	if c == nil {
		return nil
	}
	c.prune.Do(func() { _ = c.Prune(now) })
	f, err := os.Open(filepath.Join(c.Dir, key))
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	expiry, sum, ok := readHeader(f)
	if !ok || !now.Before(expiry) {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(f, maxCRL+1))
	if err != nil || len(data) > maxCRL || sha256.Sum256(data) != sum {
		return nil
	}
	return data
}

func readHeader(f io.Reader) (expiry time.Time, sum [32]byte, ok bool) {
	var head [cacheHeader]byte
	if _, err := io.ReadFull(f, head[:]); err != nil || string(head[:len(cacheMagic)]) != cacheMagic {
		return expiry, sum, false
	}
	sec := int64(binary.BigEndian.Uint64(head[len(cacheMagic):])) //nolint:gosec // any value is a time
	copy(sum[:], head[len(cacheMagic)+8:])
	return time.Unix(sec, 0), sum, true
}

// put writes a new file and renames it, so that nobody reads half of one. A
// failure only costs a request later.
func (c *Cache) put(key string, data []byte, expiry time.Time) {
	if c == nil || expiry.IsZero() || os.MkdirAll(c.Dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(c.Dir, "new-*")
	if err != nil {
		return
	}
	head := binary.BigEndian.AppendUint64([]byte(cacheMagic), uint64(expiry.Unix())) //nolint:gosec // read back as int64
	sum := sha256.Sum256(data)
	_, err = f.Write(append(head, sum[:]...))
	if err == nil {
		_, err = f.Write(data)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(c.Dir, key))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

// Prune removes what no longer holds at now, and temporary files that a killed
// process left a day ago. A Source does it once.
func (c *Cache) Prune(now time.Time) error {
	dir, err := os.Open(c.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	names, err := dir.Readdirnames(maxPrune)
	if err != nil && err != io.EOF { //nolint:errorlint // Readdirnames does not wrap it
		return err
	}
	for _, name := range names {
		if path := filepath.Join(c.Dir, name); spent(path, now) {
			_ = os.Remove(path) // another process may have been faster
		}
	}
	return nil
}

func spent(path string, now time.Time) bool {
	name := filepath.Base(path)
	if ok, _ := filepath.Match("new-*", name); ok {
		info, err := os.Lstat(path)
		return err == nil && now.Sub(info.ModTime()) > 24*time.Hour
	}
	ours, _ := filepath.Match("ocsp-*", name)
	if crl, _ := filepath.Match("crl-*", name); !ours && !crl {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	expiry, _, ok := readHeader(f)
	return !ok || !now.Before(expiry)
}
