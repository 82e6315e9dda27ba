package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// systemErrors are errors of the system about files, by our code; the texts are
// in i18n.Errors.Files. ENOSPC has its own (diskError), and so have what
// package fs names.
var systemErrors = []struct {
	err  error
	code string
}{
	{syscall.ENOTDIR, "not_a_folder"},
	{syscall.EROFS, codeReadOnly},
	{syscall.EFBIG, "file_too_large"},
	{syscall.EIO, "disk_error"},
	{atomicfile.ErrNoSync, codeNoSync},
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

// makeFolder makes the folder of an output that has a name of its own.
func makeFolder(name string) error {
	if dir := filepath.Dir(name); dir != "." {
		return mkdirAll(dir)
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
