package byterange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// readBlock is what is read at once, bytes; two are held.
const readBlock = 1 << 20

// Read feeds what of a file of size bytes is not fed yet. The next block is
// read while one is hashed. A file that is shorter is io.ErrUnexpectedEOF.
func (p *Pass) Read(ctx context.Context, r io.ReaderAt, size int64) error {
	left := size - p.at
	if left <= 0 {
		return p.feed(nil)
	}
	if left <= readBlock {
		b, done := Block(left)
		defer done()
		if err := readAt(r, b, p.at); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return p.Feed(b)
	}
	return p.readAhead(ctx, r, size)
}

// smallBlock is a size, in bytes, below which a block is kept for the next file:
// a batch reads thousands of small ones.
const smallBlock = 64 << 10

var smallBlocks = sync.Pool{New: func() any { return new([smallBlock]byte) }}

// Block gives room for n bytes, until done is called.
func Block(n int64) (b []byte, done func()) {
	if n > smallBlock {
		return make([]byte, n), func() {}
	}
	kept := smallBlocks.Get().(*[smallBlock]byte)
	return kept[:n], func() { smallBlocks.Put(kept) }
}

// readAhead reads with a goroutine and two buffers.
func (p *Pass) readAhead(ctx context.Context, r io.ReaderAt, size int64) error {
	var bufs [2][]byte
	for i := range bufs {
		bufs[i] = make([]byte, readBlock)
	}
	type part struct {
		b   []byte
		err error
	}
	read := func(at int64, buf []byte) <-chan part {
		c := make(chan part, 1)
		b := buf[:min(int64(len(buf)), size-at)]
		go func() { c <- part{b, readAt(r, b, at)} }()
		return c
	}
	pending := read(p.at, bufs[0])
	for turn := 1; p.at < size; turn++ {
		got := <-pending
		if got.err != nil {
			return got.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if next := p.at + int64(len(got.b)); next < size {
			pending = read(next, bufs[turn%len(bufs)])
		}
		if err := p.Feed(got.b); err != nil {
			return err
		}
	}
	return nil
}

// readAt fills b.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read at %d: %w", at, err)
}
