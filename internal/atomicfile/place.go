package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// place is the folder of a file, and looks its names up. With a Root it is held
// open and names have no folder: whatever is put in its place meanwhile, the
// temporary file, the final name and the sync are of one folder.
type place struct {
	dir  string   // below top, or a path
	top  *os.Root // Options.Root; nil: names are paths
	root *os.Root // the folder; nil as top
	held *os.File // the folder, for sync and what a Root can't do; nil: not to be opened
}

// openPlace returns ErrOutside where dir is not below top.
func openPlace(top *os.Root, dir string) (*place, error) {
	p := &place{dir: dir, top: top, root: top}
	if top == nil || dir == "." {
		return p, nil
	}
	var err error
	// With "." behind it the folder itself is opened as one: a pipe in its
	// place does not wait for somebody to write.
	if p.root, err = top.OpenRoot(filepath.Clean(dir) + string(filepath.Separator) + "."); err != nil {
		return nil, below(err)
	}
	return p, nil
}

// below names the one error of a Root that has no type: that of a path which
// leads out of it. All others are of the system.
func below(err error) error {
	var system syscall.Errno
	if err == nil || errors.As(err, &system) || errors.Is(err, fs.ErrClosed) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOutside, err)
}

func (p *place) close() {
	if p.held != nil {
		_ = p.held.Close() // opened for reading
	}
	if p.root != p.top {
		_ = p.root.Close()
	}
}

// name is what a name in the folder is called here.
func (p *place) name(base string) string {
	if p.root != nil {
		return base
	}
	return filepath.Join(p.dir, base)
}

func (p *place) openFile(name string, flag int, mode fs.FileMode) (*os.File, error) {
	if p.root != nil {
		return p.root.OpenFile(name, flag, mode)
	}
	return os.OpenFile(name, flag, mode)
}

func (p *place) openFolder() (*os.File, error) {
	if p.root != nil {
		return p.root.Open(".")
	}
	return os.Open(p.dir)
}

func (p *place) lstat(name string) (fs.FileInfo, error) {
	if p.root != nil {
		return p.root.Lstat(name)
	}
	return os.Lstat(name)
}

func (p *place) remove(name string) error {
	if p.root != nil {
		return p.root.Remove(name)
	}
	return os.Remove(name)
}

func (p *place) link(from, to string) error {
	if p.root != nil {
		return p.root.Link(from, to)
	}
	return os.Link(from, to)
}

// renameOver replaces what has the name.
func (p *place) renameOver(from, to string) error {
	if p.root != nil {
		return p.root.Rename(from, to)
	}
	return os.Rename(from, to)
}

// renameNew gives the name only if nothing has it, by a hard link.
func (p *place) renameNew(from, to string) error {
	err := p.link(from, to)
	switch {
	case err == nil:
		return p.remove(from)
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	// No hard links (FAT, some FUSE): the check is as near as can be.
	if _, err := p.lstat(to); err == nil {
		return ErrExists
	}
	return p.renameOver(from, to)
}

// isNamed tells whether an open file still has the name.
func (p *place) isNamed(f *os.File, name string) (bool, error) {
	a, err := f.Stat()
	if err != nil {
		return false, err
	}
	b, err := p.lstat(name)
	if err != nil {
		return false, ignoreGone(err)
	}
	return os.SameFile(a, b), nil
}

// hold opens the folder for rename and sync: one that can't be opened is told
// before anything is written.
func (p *place) hold() (err error) {
	if p.root != nil || syncsFolders {
		p.held, err = p.openFolder()
	}
	return err
}

// unmoved returns ErrOutside when the folder is not where it was opened: the
// caller would tell of a file where there is none. The folder of the Root
// itself may be anywhere.
func (p *place) unmoved() error {
	if p.root == p.top {
		return nil
	}
	now, err := p.top.Stat(p.dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOutside, err)
	}
	then, err := p.held.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(now, then) {
		return fmt.Errorf("%w: it was moved", ErrOutside)
	}
	return nil
}

// folder is what is to be synced after a rename. Its key is that of the folder
// and not of its name, which others may give away.
func (p *place) folder() syncable { return syncable{key: folderKey(p.held), folder: p.held} }
