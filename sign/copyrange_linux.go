package sign

import (
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// copyStep is what one call copies, bytes: the hash follows that far behind.
const copyStep = 4 << 20

// writeEarly is the size of files from which on the disk is told to begin
// writing while the copy goes on.
const writeEarly = 32 << 20

// startCopy begins a copy in the kernel (copy_file_range), which costs less than
// half of one through this process. nil means that nothing was done and that
// the files are not of the kind.
func startCopy(w Output, r io.ReaderAt, size int64) *rangeCopy {
	dst, src, ok := emptyAndFile(w, r)
	if !ok || size == 0 {
		return nil
	}
	c := newRangeCopy(w)
	started := make(chan bool)
	go func() {
		begun := false
		err := within(dst, src, func(to, from int) error {
			var in, out int64
			for out < size {
				n, err := unix.CopyFileRange(from, &in, to, &out, int(min(copyStep, size-out)), 0)
				if !begun { // other file systems, pipes and so on: not this way
					if n <= 0 || err != nil {
						return errNotThisWay
					}
					begun = true
					started <- true
				}
				switch {
				case err == unix.EINTR:
					continue
				case err != nil:
					return &writeError{fmt.Errorf("copy: %w", err)}
				case n == 0:
					return errChanged // the input became shorter
				}
				if size > writeEarly {
					// The disk begins with it now and not when all is to be synced.
					_ = unix.SyncFileRange(to, out-int64(n), int64(n), unix.SYNC_FILE_RANGE_WRITE)
				}
				if !c.advance(int64(n)) {
					return nil
				}
			}
			return nil
		})
		if begun && err == nil {
			_, err = dst.Seek(c.done, io.SeekStart)
		}
		c.finish(err)
		if !begun {
			started <- false
		}
	}()
	if <-started {
		return c
	}
	return nil
}
