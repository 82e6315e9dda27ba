package sign

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Output is what Finish writes: *os.File serves. It is written from its start
// in order and read back.
type Output interface {
	io.Writer
	io.WriterAt
	io.ReaderAt
}

// Sizes of the copy: enough to keep disk and hash busy, little memory.
const (
	chunkSize  = 1 << 20
	chunkCount = 4
)

// writeError: the output could not be written.
type writeError struct{ err error }

func (e *writeError) Error() string { return "write output: " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// errChanged: the input is not what Prepare read.
var errChanged = errors.New("sign: the input changed while it was read")

// tally is the running digests of the first bytes of the output, so that no
// byte is read a second time for another range or checksum.
type tally struct {
	sha hash.Hash // SHA-256
	dig hash.Hash // by the digest of the signature; nil: that is SHA-256

	hash crypto.Hash // of dig
}

// feed adds bytes.
func (t tally) feed(b []byte) {
	t.sha.Write(b) // hash.Hash never returns an error
	if t.dig != nil {
		t.dig.Write(b)
	}
}

// clone copies the state.
func (t tally) clone() (c tally, err error) {
	if c.sha, err = cloneHash(t.sha); err != nil || t.dig == nil {
		return c, err
	}
	c.hash = t.hash
	c.dig, err = cloneHash(t.dig)
	return c, err
}

func cloneHash(h hash.Hash) (hash.Hash, error) {
	cloner, ok := h.(hash.Cloner)
	if !ok {
		return nil, fmt.Errorf("sign: a running %T can't be copied", h)
	}
	return cloner.Clone()
}

// rangeDigest is the digest over the range of an update that follows the bytes
// of the tally: all of them, and update (its bytes) around its gap.
func (t tally) rangeDigest(h crypto.Hash, s *slotUpdate, update []byte) ([]byte, error) {
	state := t.sha
	if h != crypto.SHA256 {
		state = t.dig
	}
	if state == nil || h != crypto.SHA256 && h != t.hash {
		return nil, fmt.Errorf("sign: internal error: no running %v", h)
	}
	c, err := cloneHash(state)
	if err != nil {
		return nil, err
	}
	c.Write(update[:s.rng[1]-s.rendered.Base])
	c.Write(update[s.rng[2]-s.rendered.Base:])
	return c.Sum(nil), nil
}

// output is the file being written.
type output struct {
	tally
	before tally // what tally was before the last append
	w      Output
	size   int64
}

func newOutput(w Output, h crypto.Hash) *output {
	out := &output{w: w, tally: tally{sha: sha256.New()}}
	if h != crypto.SHA256 {
		out.dig, out.hash = h.New(), h
	}
	return out
}

// append writes bytes to the end.
func (out *output) append(b []byte) error {
	var err error
	if out.before, err = out.clone(); err != nil {
		return err
	}
	if _, err := out.w.Write(b); err != nil {
		return &writeError{err}
	}
	out.feed(b)
	out.size += int64(len(b))
	return nil
}

// sum256 is the SHA-256 of everything so far.
func (out *output) sum256() (s [sha256.Size]byte) {
	out.sha.Sum(s[:0])
	return s
}

// copyFrom copies size bytes of r to the output and hashes them, reading once.
// Earlier signatures are checked in the same pass.
func (out *output) copyFrom(ctx context.Context, r io.ReaderAt, size int64, sigs []signature) error {
	earlier, err := watchEarlier(sigs, out.tally)
	if err != nil {
		return err
	}
	var failed error // of feed; pump is through with it when it returns
	feed := func(b []byte) {
		if failed == nil {
			failed = earlier.feed(b)
		}
	}
	if err := atEnd(r, size); err != nil {
		return err
	}
	cloned, err := clone(out.w, r, size)
	if err != nil {
		return &writeError{err}
	}
	if cloned {
		// The blocks are shared; what is hashed is read from the output, so
		// that the digest is that of the bytes which are in it.
		err = pump(ctx, out.w, size, feed, nil)
	} else {
		err = out.copyHashed(ctx, r, size, feed)
	}
	if err != nil {
		return err
	}
	out.size = size
	if err := errors.Join(failed, atEnd(r, size)); err != nil {
		return err
	}
	return earlier.check()
}

// copyHashed copies, in the kernel where that is possible.
func (out *output) copyHashed(ctx context.Context, r io.ReaderAt, size int64, feed func([]byte)) error {
	c := startCopy(out.w, r, size)
	if c == nil {
		return pump(ctx, r, size, feed, out.w)
	}
	err := pump(ctx, c, size, feed, nil)
	if copied := c.wait(); copied != nil {
		return copied
	}
	return err
}

// atEnd notices an input that grew.
func atEnd(r io.ReaderAt, size int64) error {
	var b [1]byte
	if n, err := r.ReadAt(b[:], size); n != 0 {
		return errChanged
	} else if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read input: %w", err)
	}
	return nil
}

// chunk is one piece on its way from the reader to hash and writer.
type chunk struct {
	b    []byte
	done chan struct{} // the hash is through with b
}

// pump reads r once in order; each chunk is hashed by a second goroutine while
// this one writes it (w may be nil) and reads the next. Memory is
// chunkSize*chunkCount. The same bytes are hashed and written, so a digest of
// the copy is a digest of what was handed to the disk.
func pump(ctx context.Context, r io.ReaderAt, size int64, feed func([]byte), w io.Writer) error {
	free := make(chan []byte, chunkCount)
	for range chunkCount {
		free <- make([]byte, min(chunkSize, max(size, 1)))
	}
	full := make(chan chunk, chunkCount)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for c := range full {
			feed(c.b)
			close(c.done)
		}
	}()
	err := pumpChunks(ctx, r, size, free, full, w)
	close(full)
	<-finished
	return err
}

func pumpChunks(ctx context.Context, r io.ReaderAt, size int64, free chan []byte, full chan chunk, w io.Writer) error {
	var waiting []chunk // written, hash not done; in order
	for off := int64(0); off < size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(waiting) == chunkCount {
			<-waiting[0].done
			free <- waiting[0].b[:cap(waiting[0].b)]
			waiting = waiting[1:]
		}
		b := <-free
		b = b[:min(int64(len(b)), size-off)]
		n, err := r.ReadAt(b, off)
		if n < len(b) {
			if err == nil || errors.Is(err, io.EOF) {
				return errChanged
			}
			return fmt.Errorf("read input: %w", err)
		}
		c := chunk{b: b, done: make(chan struct{})}
		full <- c
		waiting = append(waiting, c)
		if w != nil {
			if _, err := w.Write(b); err != nil {
				return &writeError{err}
			}
		}
		off += int64(n)
	}
	return nil
}
