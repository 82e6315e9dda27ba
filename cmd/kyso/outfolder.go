package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// outFolder is --out-dir. It is opened once: everything of a run goes below
// that folder, whatever others put there meanwhile. Safe for concurrent use.
type outFolder struct {
	mu   sync.Mutex
	root *os.Root // nil: not opened yet
}

// open opens the folder at its first call.
func (d *outFolder) open(dir string) (*os.Root, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root != nil {
		return d.root, nil
	}
	// With "." behind it what is no folder is not opened.
	root, err := os.OpenRoot(filepath.Clean(dir) + string(filepath.Separator) + ".")
	if err != nil {
		return nil, atFile(dir, err)
	}
	d.root = root
	return root, nil
}

// Close closes it; nil does nothing.
func (d *outFolder) Close() {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root != nil {
		_ = d.root.Close() // a folder
		d.root = nil
	}
}

// create opens an output whose name begins with that of --out-dir. Folders are
// made where there are none.
func (o *outputOptions) create(name string, options atomicfile.Options) (*atomicfile.File, error) {
	root, err := o.folder.open(o.outDir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := mkdirAll(o.outDir); err != nil {
			return nil, err
		}
		root, err = o.folder.open(o.outDir)
	}
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(o.outDir, name)
	if err != nil {
		return nil, err
	}
	options.Root = root
	f, err := atomicfile.Create(below, options)
	if dir := filepath.Dir(below); errors.Is(err, fs.ErrNotExist) && dir != "." {
		if err := root.MkdirAll(dir, 0o777); err != nil {
			return nil, o.noFolder(name, err)
		}
		if f, err = atomicfile.Create(below, options); errors.Is(err, fs.ErrNotExist) {
			return nil, outside(name, o.outDir) // MkdirAll takes a link to nowhere for a folder
		}
	}
	return f, o.named(name, err)
}

// noFolder is why a folder below --out-dir could not be made.
func (o *outputOptions) noFolder(name string, err error) error {
	if systemCode(err) == "" && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
		return outside(name, o.outDir)
	}
	return atFile(filepath.Dir(name), err)
}

// named says what went wrong with an output by its name.
func (o *outputOptions) named(name string, err error) error {
	if errors.Is(err, atomicfile.ErrOutside) {
		return outside(name, o.outDir)
	}
	return atFile(name, err)
}

func outside(name, outDir string) error {
	return &codedError{status: status{exitUsage, "bad_name"}, err: batch.ErrOutside,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.OutsideFolder, name, outDir) }}
}

// sweep removes what a killed run left in the folders of the outputs.
func (o *outputOptions) sweep(outputs []string) {
	var root *os.Root
	if o.outDir != "" {
		var err error
		if root, err = o.folder.open(o.outDir); err != nil {
			return // a folder that is not there yet holds nothing
		}
	}
	seen := map[string]bool{}
	for _, name := range outputs {
		dir := filepath.Dir(name)
		if root != nil {
			dir, _ = filepath.Rel(o.outDir, dir) // outputs begin with it
		}
		if name != stdinName && !seen[dir] {
			seen[dir] = true
			_, _ = atomicfile.Sweep(root, dir)
		}
	}
}
