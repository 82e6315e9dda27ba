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
// With Options.Root everything stays below one folder, whoever swaps a folder in
// there for a link meanwhile: a File holds its folder open.
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
	// ErrOutside: the folder of the file is not below Options.Root: a link leads
	// out of it, or it was moved away while the file was written.
	ErrOutside = errors.New("atomicfile: the folder of the output is not below its root")
	// ErrNoSync: the disk has no sync, so nobody knows when a file is safe.
	ErrNoSync = errors.New("atomicfile: the disk can't sync a file")
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
	// Root is the folder that the path is relative to and can't leave, by no
	// link and at no time; nil: the path is looked up as any other. It is used
	// until Commit or Abort, and is not closed.
	Root *os.Root
}

// File is a file being written under a temporary name.
type File struct {
	*os.File
	at    *place
	path  string // as a person would give it
	temp  string // the temporary and the final name at the place
	final string
	mode  fs.FileMode
	force bool
	over  bool // something had the name when it was created
	done  bool
}

// Create checks the final name and opens a temporary file in the same folder
// with mode 0600. Errors wrap ErrExists, ErrSameFile, ErrNotRegular, ErrOutside
// or are those of package os.
func Create(path string, o Options) (*File, error) {
	f := &File{path: path, final: path, force: o.Force}
	if o.Root != nil {
		f.path, f.final = filepath.Join(o.Root.Name(), path), filepath.Base(path)
	}
	if err := f.create(filepath.Dir(path), o); err != nil {
		return nil, fmt.Errorf("create %s: %w", f.path, err)
	}
	return f, nil
}

func (f *File) create(dir string, o Options) (err error) {
	if f.at, err = openPlace(o.Root, dir); err != nil {
		return err
	}
	if f.mode, f.over, err = f.check(o); err == nil {
		err = f.at.hold()
	}
	if err == nil {
		err = f.createTemp()
	}
	for try := 1; errors.Is(err, errTaken) && try < tempTries; try++ {
		err = f.createTemp()
	}
	if err != nil {
		f.at.close()
	}
	return err
}

// Errors within the package.
var (
	// errTaken: somebody has the temporary name, or removed it.
	errTaken = errors.New("no free temporary name")
	// errHeld: another process has the lock.
	errHeld = errors.New("the file is locked")
	// errNoLocks: a network file system without locks.
	errNoLocks = errors.New("no locks on this file system")
)

// createTemp makes and locks one temporary file. The lock tells Sweep that the
// file is alive; errTaken means try again.
func (f *File) createTemp() error {
	var b [tempRandom]byte
	if _, err := rand.Read(b[:]); err != nil {
		return err
	}
	at, name := f.at, f.at.name(tempPrefix+hex.EncodeToString(b[:])+tempSuffix)
	file, err := at.openFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	switch err := lock(file); {
	case errors.Is(err, errHeld):
		return errors.Join(errTaken, file.Close(), ignoreGone(at.remove(name)))
	case err != nil && !errors.Is(err, errNoLocks): // without locks Sweep removes nothing either
		return errors.Join(err, file.Close(), at.remove(name))
	}
	// A Sweep of another process may have removed it before the lock was ours.
	named, err := at.isNamed(file, name)
	switch {
	case err != nil:
		return errors.Join(err, file.Close(), ignoreGone(at.remove(name)))
	case !named:
		return errors.Join(errTaken, file.Close())
	}
	f.File, f.temp = file, name
	return nil
}

// check looks at what has the final name and returns the final mode; over tells
// whether anything has it.
func (f *File) check(o Options) (mode fs.FileMode, over bool, err error) {
	mode = o.Mode.Perm()
	if mode == 0 {
		mode = 0o666 &^ umask()
	}
	// Stat follows links, also out of a Root: a link to the input is the input.
	if target, err := os.Stat(f.path); err == nil {
		for _, in := range o.Inputs {
			if os.SameFile(in, target) {
				return 0, true, ErrSameFile
			}
		}
	}
	info, err := f.at.lstat(f.final)
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

// Path is the final name, behind that of the Root where there is one.
func (f *File) Path() string { return f.path }

// Commit syncs the file, gives it its mode and name, and syncs the folder. On
// an error the temporary file is removed and nothing has the final name; only
// where Force replaced a file, and the folder can't be synced or was moved, the
// new one stays, since the old one is gone. Without Force a file that came to be
// meanwhile is ErrExists.
func (f *File) Commit() error {
	if f.done {
		return ErrDone
	}
	f.done = true
	defer f.at.close()
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("commit %s: %w", f.path, err), f.Close(), ignoreGone(f.at.remove(f.temp)))
	}
	if err := f.finish(); err != nil {
		return errors.Join(fmt.Errorf("commit %s: %w", f.path, err), ignoreGone(f.at.remove(f.temp)))
	}
	if err := folders.do(f.at.folder()); err != nil {
		return errors.Join(fmt.Errorf("commit %s: sync folder: %w", f.path, err), f.takeBack(info))
	}
	if err := f.at.unmoved(); err != nil {
		return errors.Join(fmt.Errorf("commit %s: %w", f.path, err), f.takeBack(info))
	}
	return nil
}

// takeBack removes the final name again, unless it replaced something or
// somebody else has it by now.
func (f *File) takeBack(info fs.FileInfo) error {
	now, err := f.at.lstat(f.final)
	if f.over || err != nil || !os.SameFile(info, now) {
		return nil //nolint:nilerr // the caller has an error that says more
	}
	return f.at.remove(f.final)
}

func (f *File) finish() error {
	if err := f.Chmod(f.mode); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(noSync(err), f.Close())
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
	return f.at.rename(f.temp, f.final, f.force)
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
	_ = f.at.remove(f.temp)
	f.at.close()
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
