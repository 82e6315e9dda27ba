package sign

import (
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// clone lets the output share the blocks of the input where the file system
// can (btrfs, xfs, bcachefs), which costs nothing however large the file. false means that
// nothing was done. The offset of w is then behind the copy.
func clone(w Output, r io.ReaderAt, size int64) (bool, error) {
	dst, ok := w.(interface {
		syscall.Conn
		io.Seeker
	})
	if !ok {
		return false, nil
	}
	src, ok := r.(syscall.Conn)
	if !ok {
		return false, nil
	}
	if at, err := dst.Seek(0, io.SeekCurrent); err != nil || at != 0 {
		return false, nil
	}
	if !ficlone(dst, src) {
		return false, nil
	}
	// The input may have grown or shrunk since its size was taken; copyFrom
	// notices that, here only the offset matters.
	end, err := dst.Seek(0, io.SeekEnd)
	if err != nil {
		return false, err
	}
	if end != size {
		return false, errChanged
	}
	return true, nil
}

func ficlone(dst, src syscall.Conn) bool {
	to, errTo := dst.SyscallConn()
	from, errFrom := src.SyscallConn()
	if errTo != nil || errFrom != nil {
		return false
	}
	done := false
	err := from.Control(func(in uintptr) {
		err := to.Control(func(out uintptr) {
			done = unix.IoctlFileClone(int(out), int(in)) == nil
		})
		done = done && err == nil
	})
	return done && err == nil
}
