package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// systemErrors are errors of the system about files, by our code; the texts are
// in i18n.Errors.Files. ENOSPC has its own (diskError), and so have what
// package fs names.
var systemErrors = []struct {
	err  syscall.Errno
	code string
}{
	{syscall.ENOTDIR, "not_a_folder"},
	{syscall.EROFS, codeReadOnly},
	{syscall.EFBIG, "file_too_large"},
	{syscall.EIO, "disk_error"},
	{syscall.ENAMETOOLONG, "name_too_long"},
	{syscall.ELOOP, "link_loop"},
	{syscall.EMFILE, "too_many_open"},
	{syscall.ENFILE, "too_many_open"},
}

// systemCode is the code of an error of the system; "" for others.
func systemCode(err error) string {
	for _, s := range systemErrors {
		if errors.Is(err, s.err) {
			return s.code
		}
	}
	return ""
}

// makeFolder makes the folder of an output. Below --out-dir no link may lead
// out of it: what is in there may have been put there by others.
func makeFolder(name, outDir string) error {
	dir := filepath.Dir(name)
	if outDir == "" {
		if dir == "." {
			return nil
		}
		return mkdirAll(dir)
	}
	if err := mkdirAll(outDir); err != nil {
		return err
	}
	below, err := filepath.Rel(outDir, dir)
	if err != nil || below == "." {
		return err
	}
	root, err := os.OpenRoot(outDir)
	if err != nil {
		return atFile(outDir, err)
	}
	defer func() { _ = root.Close() }()
	if err := root.MkdirAll(below, 0o777); err != nil {
		if systemCode(err) == "" && !errors.Is(err, os.ErrPermission) {
			return outside(name, outDir)
		}
		return atFile(dir, err)
	}
	// MkdirAll takes a link for a folder that is there.
	if _, err := root.Stat(below); err != nil {
		return outside(name, outDir)
	}
	return nil
}

// mkdirAll makes a folder as the umask says: it is the user's own. Of a link
// that leads nowhere it tells that, and not that the name is taken.
func mkdirAll(dir string) error {
	err := os.MkdirAll(dir, 0o777)
	if errors.Is(err, fs.ErrExist) {
		if _, statErr := os.Stat(dir); statErr != nil {
			err = statErr
		}
	}
	return atFile(dir, err)
}

func outside(name, outDir string) error {
	return &codedError{status: status{exitUsage, "bad_name"}, err: batch.ErrOutside,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.OutsideFolder, name, outDir) }}
}
