package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// syncsFolders: there is no such thing, and an open folder can't be renamed.
const syncsFolders = false

// noFollow: a Root opens links that stay in it, and what has one of our
// temporary names and is no regular file is not opened at all.
const noFollow = 0

// lock is for files below a Root, which can be removed while they are open. It
// locks one byte far behind the end: Windows keeps others from reading what is
// locked.
func lock(f *os.File) error {
	const far = 0x7FFFFFFF
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: far})
	switch {
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		return errHeld
	case errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION):
		return errNoLocks
	}
	return err
}

// keepLock has nothing to keep: the lock ends with the handle.
func keepLock(*os.File) (unlock func(), err error) { return func() {}, nil }

// removeLocked removes an open file whose lock is ours.
func (p *place) removeLocked(f *os.File, name string) (bool, error) {
	if err := f.Close(); err != nil {
		return false, err
	}
	err := p.remove(name)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return false, nil // alive
	}
	return err == nil, err
}

func folderKey(f *os.File) any { return f }

// diskKey is the same for files in one folder, which are on one disk.
func (f *File) diskKey() any { return filepath.Dir(f.path) }

func noSync(err error) error {
	if errors.Is(err, windows.ERROR_INVALID_FUNCTION) || errors.Is(err, windows.ERROR_NOT_SUPPORTED) {
		return fmt.Errorf("%w: %w", ErrNoSync, err)
	}
	return err
}

// syncDir: folders can't be synced; rename does what there is.
func syncDir(syncable) error { return nil }

func umask() fs.FileMode { return 0 }

func (p *place) rename(from, to string, force bool) error {
	if p.root != nil {
		return p.renameInRoot(from, to, force)
	}
	f, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	t, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	flags := uint32(windows.MOVEFILE_WRITE_THROUGH)
	if force {
		flags |= windows.MOVEFILE_REPLACE_EXISTING
	}
	err = windows.MoveFileEx(f, t, flags)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS), errors.Is(err, windows.ERROR_FILE_EXISTS):
		return ErrExists
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
}

// renameInRoot has no write-through; the file is flushed once more under its
// name instead.
func (p *place) renameInRoot(from, to string, force bool) error {
	rename := p.renameNew
	if force {
		rename = p.renameOver
	}
	if err := rename(from, to); err != nil {
		return err
	}
	f, err := p.openFile(to, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil && !force {
		err = errors.Join(err, p.remove(to)) // as where the folder can't be synced
	}
	return err
}
