package atomicfile

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// lock is not needed: an open file can't be removed.
func lock(*os.File) error { return nil }

// keepLock has nothing to keep.
func keepLock(*os.File) (unlock func(), err error) { return func() {}, nil }

func removeStale(name string) (bool, error) {
	err := os.Remove(name)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return false, nil // alive
	}
	return err == nil, err
}

// syncDir: folders can't be synced; MOVEFILE_WRITE_THROUGH does what there is.
func syncDir(string) error { return nil }

func umask() fs.FileMode { return 0 }

func rename(from, to string, force bool) error {
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
