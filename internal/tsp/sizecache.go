package tsp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/fetch"
)

const (
	// GuessSize is the room in bytes for a token of a TSA not yet known: most
	// tokens with their chain take 3 to 7 KB.
	GuessSize = 10 << 10

	sizeFile        = "tsa-sizes.json"
	maxSizeFile     = 256 << 10
	maxSizeEntries  = 500
	maxPlausibleTST = 1 << 20
)

// SizeCache remembers how large the tokens of a TSA are, so that no request is
// spent on finding out. It is one small file; losing it costs nothing but a
// guess. Several processes may share it: the last writer wins.
type SizeCache struct {
	Dir string // an existing folder; "": nothing is remembered
}

// SizeKey names what the size of a token depends on: TSA, hash and policy. It
// is a hash, so the file shows no addresses or credentials.
func (c *Client) SizeKey() string {
	address := "(unreadable)"
	if u, err := url.Parse(c.URL); err == nil {
		address = fetch.Redact(u)
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%v\n%v", address, cms.HashOID(c.hash()), c.Policy)))
	return hex.EncodeToString(sum[:16])
}

// Size returns the largest size in bytes seen under the key; false when none
// was, or the file is missing or damaged.
func (s SizeCache) Size(key string) (int, bool) {
	sizes, err := s.read()
	n, ok := sizes[key]
	return n, err == nil && ok && plausible(n)
}

func plausible(n int) bool { return n > 0 && n <= maxPlausibleTST }

// Learn keeps a size. Smaller than known is no news: tokens vary by some bytes.
func (s SizeCache) Learn(key string, size int) error {
	if s.Dir == "" || !plausible(size) {
		return nil
	}
	sizes, err := s.read()
	if err != nil || len(sizes) >= maxSizeEntries {
		sizes = nil // damaged or full: begin again
	}
	if size <= sizes[key] && plausible(sizes[key]) {
		return nil
	}
	if sizes == nil {
		sizes = map[string]int{}
	}
	sizes[key] = size
	return s.write(sizes)
}

func (s SizeCache) read() (map[string]int, error) {
	if s.Dir == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(s.Dir, sizeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("token sizes: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxSizeFile))
	if err != nil {
		return nil, fmt.Errorf("token sizes: %w", err)
	}
	var sizes map[string]int
	if err := json.Unmarshal(data, &sizes); err != nil {
		return nil, fmt.Errorf("token sizes: %w", err)
	}
	return sizes, nil
}

// write replaces the file in one step, so that a reader never sees half.
func (s SizeCache) write(sizes map[string]int) error {
	data, err := json.Marshal(sizes)
	if err != nil {
		return fmt.Errorf("token sizes: %w", err)
	}
	tmp, err := os.CreateTemp(s.Dir, sizeFile+".*")
	if err != nil {
		return fmt.Errorf("token sizes: %w", err)
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(s.Dir, sizeFile))
	}
	if err != nil {
		return fmt.Errorf("token sizes: %w", errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}
