package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func (p *place) rename(from, to string, force bool) error {
	if force {
		return p.renameOver(from, to)
	}
	at := unix.AT_FDCWD
	if p.root != nil {
		at = int(p.held.Fd())
	}
	err := unix.Renameat2(at, from, at, to, unix.RENAME_NOREPLACE)
	switch {
	case errors.Is(err, unix.EEXIST):
		return ErrExists
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return p.renameNew(from, to) // the file system has no RENAME_NOREPLACE
	case err != nil:
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
