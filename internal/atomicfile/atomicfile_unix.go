//go:build unix

package atomicfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow opens no symbolic link.
const noFollow = syscall.O_NOFOLLOW

// lock fails with errHeld or errNoLocks, or as the system says.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return errHeld
	case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOLCK):
		return errNoLocks
	}
	return err
}

// keepLock holds the lock beyond the closing of the file, until unlock.
func keepLock(f *os.File) (unlock func(), err error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	return func() { _ = unix.Close(fd) }, nil // nothing was written through it
}

// removeLocked removes an open file whose lock is ours.
func (p *place) removeLocked(f *os.File, name string) (bool, error) {
	named, err := p.isNamed(f, name)
	if err != nil || !named {
		return false, errors.Join(err, f.Close()) // renamed to its final name meanwhile
	}
	err = p.remove(name)
	return err == nil, errors.Join(err, f.Close())
}

// folderKey tells folders apart, whatever they are called.
func folderKey(f *os.File) any {
	info, err := f.Stat()
	if err != nil {
		return f // shared with nobody
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return f
	}
	return [2]any{s.Dev, s.Ino}
}

// syncDir syncs a folder.
func syncDir(s syncable) error {
	d := s.open
	if d == nil {
		var err error
		if d, err = os.Open(s.dir); err != nil {
			return err
		}
		defer func() { _ = d.Close() }() // opened for reading
	}
	err := d.Sync()
	// Some file systems (FUSE, SMB) can't sync a folder; nothing can be done.
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// umask is the mask of this process, read once: nothing here changes it.
var umask = sync.OnceValue(readUmask)

// readUmask reads the mask without setting it, which would race with other
// goroutines; where the kernel does not tell, the common 022.
func readUmask() fs.FileMode {
	const usual = 0o022
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return usual
	}
	_, rest, ok := bytes.Cut(status, []byte("\nUmask:"))
	if !ok {
		return usual
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	m, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 8, 32)
	if err != nil {
		return usual
	}
	return fs.FileMode(m).Perm()
}
