package sign

import (
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// writeBack makes the disk begin with a part of a file. It does not wait for
// the disk to end, and where the file system can't do it nothing is lost.
func writeBack(w io.Writer, s span) {
	file, ok := w.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SyncFileRange(int(fd), s.at, s.n, unix.SYNC_FILE_RANGE_WRITE)
	})
}
