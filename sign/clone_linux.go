package sign

import (
	"errors"
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// seekFile is what *os.File is here.
type seekFile interface {
	syscall.Conn
	io.Seeker
}

// emptyAndFile tells whether the output and the input are files and nothing is
// written yet.
func emptyAndFile(w Output, r io.ReaderAt) (dst seekFile, src syscall.Conn, ok bool) {
	dst, ok1 := w.(seekFile)
	src, ok2 := r.(syscall.Conn)
	if !ok1 || !ok2 {
		return nil, nil, false
	}
	at, err := dst.Seek(0, io.SeekCurrent)
	return dst, src, err == nil && at == 0
}

// errNotThisWay: the files can't be handled by descriptor.
var errNotThisWay = errors.New("sign: not by descriptor")

// within calls f with both descriptors.
func within(dst, src syscall.Conn, f func(to, from int) error) error {
	to, errTo := dst.SyscallConn()
	from, errFrom := src.SyscallConn()
	if errTo != nil || errFrom != nil {
		return errNotThisWay
	}
	err := errNotThisWay
	errFrom = from.Control(func(in uintptr) {
		errTo = to.Control(func(out uintptr) { err = f(int(out), int(in)) })
	})
	if errTo != nil || errFrom != nil {
		return errNotThisWay
	}
	return err
}

// clone lets the output share the blocks of the input where the file system
// can (btrfs, xfs, bcachefs), which costs nothing however large the file. false
// means that nothing was done. The offset of w is then behind the copy.
func clone(w Output, r io.ReaderAt, size int64) (bool, error) {
	dst, src, ok := emptyAndFile(w, r)
	if !ok || within(dst, src, unix.IoctlFileClone) != nil {
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
