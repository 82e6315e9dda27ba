package pdf

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	blockSize = 32 << 10
	maxBlocks = 256 // 8 MiB
)

// source reads a file in blocks and keeps the last ones. It is safe for
// concurrent use; the slices it gives are never written to.
type source struct {
	r    io.ReaderAt
	size int64
	all  []byte // of a file that lies in memory

	mu     sync.Mutex
	blocks map[int64]*block
	ring   []int64 // block numbers, for the clock that evicts
	hand   int
}

type block struct {
	data []byte
	used bool
}

// inMemory is a reader whose bytes need not be copied. They are never written to.
// The method has a name that no reader has by chance.
type inMemory interface{ WholeFile() []byte }

func newSource(r io.ReaderAt, size int64) *source {
	if m, ok := r.(inMemory); ok {
		if b := m.WholeFile(); int64(len(b)) == size {
			return &source{r: r, size: size, all: b}
		}
	}
	return &source{r: r, size: size, blocks: make(map[int64]*block)}
}

// from returns the bytes from offset at to the end of its block: at least one
// unless at is outside of the file.
func (s *source) from(at int64) ([]byte, error) {
	if at < 0 || at >= s.size {
		return nil, io.EOF
	}
	if s.all != nil {
		return s.all[at:], nil
	}
	n := at / blockSize
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.blocks[n]
	if b == nil {
		start := n * blockSize
		data := make([]byte, min(blockSize, s.size-start))
		if err := readFull(s.r, data, start); err != nil {
			return nil, err
		}
		b = &block{data: data}
		s.keep(n, b)
	}
	b.used = true
	return b.data[at-n*blockSize:], nil
}

// keep stores a block, in place of one not used lately when all are taken.
func (s *source) keep(n int64, b *block) {
	s.blocks[n] = b
	if len(s.ring) < maxBlocks {
		s.ring = append(s.ring, n)
		return
	}
	for {
		s.hand = (s.hand + 1) % len(s.ring)
		old := s.blocks[s.ring[s.hand]]
		if !old.used {
			break
		}
		old.used = false
	}
	delete(s.blocks, s.ring[s.hand])
	s.ring[s.hand] = n
}

// peek reads up to n bytes at offset at, fewer at the end of the file. It
// takes a block when there is one and else reads no more than n, but of a file
// that is one block: of that all is needed soon.
func (s *source) peek(at int64, n int) ([]byte, error) {
	if at < 0 || at >= s.size {
		return nil, nil
	}
	n = int(min(int64(n), s.size-at))
	if s.size <= blockSize || s.all != nil {
		b, err := s.from(at)
		if err != nil {
			return nil, err
		}
		return b[:n:n], nil
	}
	k := at / blockSize
	s.mu.Lock()
	b := s.blocks[k]
	s.mu.Unlock()
	if b != nil {
		if p := b.data[at-k*blockSize:]; len(p) >= n {
			return p[:n:n], nil
		}
	}
	p := make([]byte, n)
	return p, readFull(s.r, p, at)
}

// read reads n bytes at offset at through the blocks; all must be there.
func (s *source) read(at int64, n int) ([]byte, error) {
	p, err := s.from(at)
	if err != nil {
		return nil, err
	}
	if len(p) >= n {
		return p[:n:n], nil
	}
	out := append(make([]byte, 0, n), p...)
	for len(out) < n {
		p, err = s.from(at + int64(len(out)))
		if err != nil {
			return nil, err
		}
		out = append(out, p[:min(len(p), n-len(out))]...)
	}
	return out, nil
}

func readFull(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // the file became shorter
	}
	return fmt.Errorf("pdf: read at %d: %w", at, err)
}
