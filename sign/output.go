package sign

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/kyso-vn/kyso/internal/byterange"
)

// Output is what Finish writes: *os.File serves. It is written from its start
// in order and read back.
type Output interface {
	io.Writer
	io.WriterAt
	io.ReaderAt
}

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
	if c.sha, err = byterange.CloneHash(t.sha); err != nil || t.dig == nil {
		return c, err
	}
	c.hash = t.hash
	c.dig, err = byterange.CloneHash(t.dig)
	return c, err
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
	c, err := byterange.CloneHash(state)
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
	before tally           // what tally was before the last append
	old    *byterange.Pass // over the bytes of the input, as they stand in w
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

// copyFrom copies size bytes of r to the output and digests them as they stand
// there. Earlier signatures are checked in the same pass.
func (out *output) copyFrom(ctx context.Context, r io.ReaderAt, size int64, sigs []signature) error {
	earlier, err := watchEarlier(sigs)
	if err != nil {
		return err
	}
	whole := []crypto.Hash{crypto.SHA256}
	if out.dig != nil {
		whole = append(whole, out.hash)
	}
	out.old = byterange.NewPass(size, earlier.jobs(), whole...)
	if err := atEnd(r, size); err != nil {
		return err
	}
	cloned, err := clone(out.w, r, size)
	if err != nil {
		return &writeError{err}
	}
	if cloned {
		// The blocks are shared: what is in the output is what is read.
		err = out.old.Read(ctx, out.w, size)
		if err != nil {
			err = readError(err)
		}
	} else {
		err = copyChecked(ctx, r, size, out.w, out.old.Feed)
	}
	if err != nil {
		return err
	}
	out.size = size
	if err := atEnd(r, size); err != nil {
		return err
	}
	if err := out.goOn(); err != nil {
		return err
	}
	return earlier.check(out.old)
}

// goOn lets the running digests follow those of the old bytes.
func (out *output) goOn() (err error) {
	if out.sha, err = out.old.Running(crypto.SHA256); err != nil || out.dig == nil {
		return err
	}
	out.dig, err = out.old.Running(out.hash)
	return err
}

// atEnd notices an input that grew.
func atEnd(r io.ReaderAt, size int64) error {
	var b [1]byte
	if n, err := r.ReadAt(b[:], size); n != 0 {
		return errChanged
	} else if err != nil && !errors.Is(err, io.EOF) {
		return readError(err)
	}
	return nil
}

func readError(err error) error { return fmt.Errorf("read input: %w", err) }
