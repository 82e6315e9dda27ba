// Package atomicfile writes a file that is there whole or not at all.
//
// Create opens a temporary file beside the final name; Commit syncs it, gives
// it its mode and its name, and syncs the folder; Abort removes it. The final
// name is never opened, so a symbolic link there is never written through.
//
//	f, err := atomicfile.Create(path, atomicfile.Options{Inputs: infos})
//	defer f.Abort() // does nothing after Commit
//	... write to f ...
//	return f.Commit()
//
// A File is not safe for concurrent use. What a killed process left behind is
// removed by Sweep.
package atomicfile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Errors a caller tells apart.
var (
	// ErrExists: something has the final name, and Force is not set. It is
	// also fs.ErrExist.
	ErrExists = fmt.Errorf("atomicfile: output %w", fs.ErrExist)
	// ErrSameFile: the output is one of the inputs, by whatever name.
	ErrSameFile = errors.New("atomicfile: output is the input")
	// ErrNotRegular: the final name is a folder, a device or the like.
	ErrNotRegular = errors.New("atomicfile: output is not a regular file")
	// ErrDone: Commit after Commit or Abort.
	ErrDone = errors.New("atomicfile: file was already committed or aborted")
)

// Names of temporary files: prefix, 16 hex digits, suffix.
const (
	tempPrefix = ".kyso-"
	tempSuffix = ".tmp"
	tempRandom = 8 // bytes
	tempTries  = 16
)

// Options for Create.
type Options struct {
	// Force replaces an existing file, or a symbolic link itself.
	Force bool
	// Mode is the final mode; 0: that of the replaced file, else 0666 less the
	// umask.
	Mode fs.FileMode
	// Inputs may not be the output, whatever they are called; also with Force.
	Inputs []fs.FileInfo
}

// File is a file being written under a temporary name.
type File struct {
	*os.File
	path  string
	mode  fs.FileMode
	force bool
	over  bool // something had the name when it was created
	done  bool
}

// Create checks the final name and opens a temporary file in the same folder
// with mode 0600. Errors wrap ErrExists, ErrSameFile, ErrNotRegular or are
// those of package os.
func Create(path string, o Options) (*File, error) {
	mode, over, err := check(path, o)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	dir := filepath.Dir(path)
	for range tempTries {
		f, err := createTemp(dir)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
		return &File{File: f, path: path, mode: mode, force: o.Force, over: over}, nil
	}
	return nil, fmt.Errorf("create %s: no free temporary name", path)
}

// createTemp makes and locks one temporary file. The lock tells Sweep that the
// file is alive; fs.ErrExist means try again.
func createTemp(dir string) (*os.File, error) {
	var b [tempRandom]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, tempPrefix+hex.EncodeToString(b[:])+tempSuffix)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(name))
	}
	// A Sweep of another process may have removed it before the lock was ours.
	named, err := isNamed(f, name)
	switch {
	case err != nil:
		return nil, errors.Join(err, f.Close(), ignoreGone(os.Remove(name)))
	case !named:
		return nil, errors.Join(fs.ErrExist, f.Close())
	}
	return f, nil
}

// isNamed tells whether an open file still has the name.
func isNamed(f *os.File, name string) (bool, error) {
	a, err := f.Stat()
	if err != nil {
		return false, err
	}
	b, err := os.Lstat(name)
	if err != nil {
		return false, ignoreGone(err)
	}
	return os.SameFile(a, b), nil
}

// check looks at what has the final name and returns the final mode; over tells
// whether anything has it.
func check(path string, o Options) (mode fs.FileMode, over bool, err error) {
	mode = o.Mode.Perm()
	if mode == 0 {
		mode = 0o666 &^ umask()
	}
	// Stat follows links: a link to the input is the input.
	if target, err := os.Stat(path); err == nil {
		for _, in := range o.Inputs {
			if os.SameFile(in, target) {
				return 0, true, ErrSameFile
			}
		}
	}
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return mode, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	switch {
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return 0, true, ErrNotRegular
	case !o.Force:
		return 0, true, ErrExists
	case o.Mode.Perm() == 0 && info.Mode().IsRegular():
		mode = info.Mode().Perm()
	}
	return mode, true, nil
}

// Path is the final name.
func (f *File) Path() string { return f.path }

// Commit syncs the file, gives it its mode and name, and syncs the folder. On
// an error the temporary file is removed and nothing has the final name; only
// where Force replaced a file, and the folder can't be synced, the new one
// stays, since the old one is gone. Without Force a file that came to be
// meanwhile is ErrExists.
func (f *File) Commit() error {
	if f.done {
		return ErrDone
	}
	f.done = true
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("commit %s: %w", f.path, err), f.Close(), ignoreGone(os.Remove(f.Name())))
	}
	if err := f.finish(); err != nil {
		return errors.Join(fmt.Errorf("commit %s: %w", f.path, err), ignoreGone(os.Remove(f.Name())))
	}
	if err := folders.do(filepath.Dir(f.path)); err != nil {
		return errors.Join(fmt.Errorf("commit %s: sync folder: %w", f.path, err), f.takeBack(info))
	}
	return nil
}

// takeBack removes the final name again, unless it replaced something or
// somebody else has it by now.
func (f *File) takeBack(info fs.FileInfo) error {
	now, err := os.Lstat(f.path)
	if f.over || err != nil || !os.SameFile(info, now) {
		return nil //nolint:nilerr // the caller has an error that says more
	}
	return os.Remove(f.path)
}

func (f *File) finish() error {
	if err := f.Chmod(f.mode); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	// Renamed while locked, so that no Sweep takes it between; but closed
	// before, since closing may be what tells of a failed write (NFS).
	unlock, err := keepLock(f.File)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	defer unlock()
	if err := f.Close(); err != nil {
		return err
	}
	return rename(f.Name(), f.path, f.force)
}

// Abort closes and removes the temporary file; after Commit it does nothing.
func (f *File) Abort() {
	if f == nil || f.done {
		return
	}
	f.done = true
	// The errors say nothing a caller that gives up could use; Sweep is the
	// second chance.
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// Sweep removes temporary files in dir that no living process holds, and
// returns how many.
func Sweep(dir string) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("sweep %s: %w", dir, err)
	}
	removed := 0
	var errs []error
	for _, e := range entries {
		if !e.Type().IsRegular() || !isTempName(e.Name()) {
			continue
		}
		ok, err := removeStale(filepath.Join(dir, e.Name()))
		if ok {
			removed++
		}
		errs = append(errs, ignoreGone(err))
	}
	if err := errors.Join(errs...); err != nil {
		return removed, fmt.Errorf("sweep %s: %w", dir, err)
	}
	return removed, nil
}

func isTempName(name string) bool {
	mid, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return false
	}
	mid, ok = strings.CutSuffix(mid, tempSuffix)
	if !ok || len(mid) != 2*tempRandom {
		return false
	}
	_, err := hex.DecodeString(mid)
	return err == nil
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
