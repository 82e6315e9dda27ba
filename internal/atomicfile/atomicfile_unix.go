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

func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOLCK) {
		return nil // network file systems without locks: Sweep does not remove there either
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fs.ErrExist
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

// removeStale removes name when its lock is free.
func removeStale(name string) (bool, error) {
	f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return false, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return false, f.Close() // alive, or no locks here: left alone
	}
	named, err := isNamed(f, name)
	if err != nil || !named {
		return false, errors.Join(err, f.Close()) // renamed to its final name meanwhile
	}
	err = os.Remove(name)
	return err == nil, errors.Join(err, f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	// Some file systems (FUSE, SMB) can't sync a folder; nothing can be done.
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	_ = d.Close() // opened for reading
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

// renameNew gives the name only if nothing has it, by a hard link.
func renameNew(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	// No hard links (FAT, some FUSE): the check is as near as can be.
	if _, err := os.Lstat(to); err == nil {
		return ErrExists
	}
	return os.Rename(from, to)
}
