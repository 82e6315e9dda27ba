package sign

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/kyso-vn/kyso/internal/byterange"
)

// Sizes of the copy: enough to keep disk and hash busy, little memory. A block
// stays in the processor's cache on its way.
const (
	chunkSize  = 1 << 20
	chunkCount = 3 // read back and not hashed yet
)

// piece is one chunk of the output, and the checksum of what the input has
// there, taken before the chunk was handed to anybody. A 64-bit checksum with a
// key of this process: it has to notice faults, nobody chooses the bytes by it.
type piece struct {
	end int64
	sum uint64
}

// copyChecked copies size bytes of r to w, which is empty, reads them back,
// holds them against what was read from r, and feeds them on: what is fed is
// what is in the output and what is in the input, and r is read once. The three
// steps work side by side.
//
// The kernel's own copy (copy_file_range) is not used: without shared blocks it
// fills its cache page by page, and the disk then takes three times as long to
// be given that as what comes in large writes.
func copyChecked(ctx context.Context, r io.ReaderAt, size int64, w Output, feed func([]byte) error) error {
	if size <= chunkSize {
		return copyAtOnce(ctx, r, size, w, feed)
	}
	caller := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	copied := make(chan piece, 1<<10)
	seed := maphash.MakeSeed()
	checked := make(chan []byte, chunkCount)
	free := make(chan []byte, chunkCount)
	for range chunkCount {
		free <- make([]byte, chunkSize)
	}
	done := make(chan struct{}, 2)
	step := func(ended func(), work func() error) {
		defer func() { done <- struct{}{} }()
		defer ended()
		if err := work(); err != nil {
			cancel(err)
		}
	}
	go step(func() { close(copied) }, func() error { return copyChunks(ctx, r, size, w, seed, copied) })
	go step(func() { close(checked) }, func() error { return checkChunks(ctx, w, seed, copied, checked, free) })
	for b := range checked {
		if err := feed(b); err != nil {
			cancel(err)
			break
		}
		free <- b[:chunkSize]
	}
	<-done
	<-done
	if err := caller.Err(); err != nil {
		return err // and not its cause, which nobody knows for an interrupt
	}
	return context.Cause(ctx)
}

// copyAtOnce is copyChecked for what one chunk holds.
func copyAtOnce(ctx context.Context, r io.ReaderAt, size int64, w Output, feed func([]byte) error) error {
	if size == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	b, done := byterange.Block(size)
	defer done()
	seed := maphash.MakeSeed()
	if err := readInput(r, b, 0); err != nil {
		return err
	}
	sum := maphash.Bytes(seed, b)
	if _, err := w.Write(b); err != nil {
		return &writeError{err}
	}
	if err := readBack(w, b, 0, seed, sum); err != nil {
		return err
	}
	return feed(b)
}

// copyChunks writes, and tells how far it has come.
func copyChunks(ctx context.Context, r io.ReaderAt, size int64, w io.Writer, seed maphash.Seed, copied chan<- piece) error {
	if size >= writeEarly {
		early := newEarlyWriter(w)
		defer early.stop()
		w = early
	}
	buf := make([]byte, chunkSize)
	for at := int64(0); at < size; {
		b := buf[:min(chunkSize, size-at)]
		if err := readInput(r, b, at); err != nil {
			return err
		}
		sum := maphash.Bytes(seed, b)
		if _, err := w.Write(b); err != nil {
			return &writeError{err}
		}
		at += int64(len(b))
		select {
		case copied <- piece{at, sum}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// checkChunks reads back what is copied.
func checkChunks(ctx context.Context, w io.ReaderAt, seed maphash.Seed, copied <-chan piece, checked chan<- []byte, free <-chan []byte) error {
	at := int64(0)
	for p := range copied {
		var b []byte
		select {
		case b = <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
		b = b[:p.end-at]
		if err := readBack(w, b, at, seed, p.sum); err != nil {
			return err
		}
		checked <- b // has room for all buffers
		at = p.end
	}
	return ctx.Err()
}

// readBack fills b from the output and compares.
func readBack(w io.ReaderAt, b []byte, at int64, seed maphash.Seed, sum uint64) error {
	if err := readFull(w, b, at); err != nil {
		return fmt.Errorf("%w: read back: %w", ErrSelfCheck, err)
	}
	if maphash.Bytes(seed, b) != sum {
		return fmt.Errorf("%w: what was written at byte %d is not what the input has there", ErrSelfCheck, at)
	}
	return nil
}

// readFull fills b. An io.EOF that comes with the last byte is no error.
func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}

// readInput fills b from the input.
func readInput(r io.ReaderAt, b []byte, at int64) error {
	err := readFull(r, b, at)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errChanged
	}
	return readError(err)
}
