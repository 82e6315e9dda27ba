package sign

import (
	"io"
	"sync"
)

// rangeCopy is a copy that the kernel makes piece by piece while the pieces
// that are done are read back from the output and hashed: no byte passes
// through this process for the copy, and what is hashed is what is in the
// output.
type rangeCopy struct {
	w io.ReaderAt // the output

	mu   sync.Mutex
	more *sync.Cond
	done int64 // bytes copied
	err  error // of the copy
	over bool  // nothing more comes
	stop bool  // nobody waits any more
}

func newRangeCopy(w io.ReaderAt) *rangeCopy {
	c := &rangeCopy{w: w}
	c.more = sync.NewCond(&c.mu)
	return c
}

// ReadAt reads the output, and waits for what is not copied yet.
func (c *rangeCopy) ReadAt(b []byte, off int64) (int, error) {
	c.mu.Lock()
	for c.done < off+int64(len(b)) && !c.over {
		c.more.Wait()
	}
	err, done := c.err, c.done
	c.mu.Unlock()
	switch {
	case err != nil:
		return 0, err
	case done < off+int64(len(b)):
		return 0, io.ErrUnexpectedEOF
	}
	return c.w.ReadAt(b, off)
}

// advance tells how far the copy is; false: stop.
func (c *rangeCopy) advance(n int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	c.more.Broadcast()
	return !c.stop
}

// finish ends the copy.
func (c *rangeCopy) finish(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over, c.err = true, err
	c.more.Broadcast()
}

// wait stops the copy when it is not through, and returns when no more is
// written.
func (c *rangeCopy) wait() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = true
	for !c.over {
		c.more.Wait()
	}
	return c.err
}
