//go:build unix

package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// syncsFolders: a rename is safe when its folder is synced.
const syncsFolders = true

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
	err := s.folder.Sync()
	// Some file systems (FUSE, SMB) have no sync of a folder; nothing can be
	// done, and the file itself is synced.
	if errors.Is(noSync(err), ErrNoSync) {
		return nil
	}
	return err
}

// noSync names the errors of a file system that has no sync.
func noSync(err error) error {
	for _, none := range []error{syscall.EINVAL, syscall.ENOTSUP, syscall.ENOSYS} {
		if errors.Is(err, none) {
			return fmt.Errorf("%w: %w", ErrNoSync, err)
		}
	}
	return err
}

// diskKey is the same for files on one disk.
func (f *File) diskKey() any {
	info, err := f.Stat()
	if err != nil {
		return f
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return f
	}
	return s.Dev
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
