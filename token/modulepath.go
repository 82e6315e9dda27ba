package token

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckModule tells whether a module may be loaded: an absolute path to a
// regular file of this machine's architecture that exports C_GetFunctionList,
// which nobody but its owner (root or this user) may change, nor any folder
// above it. To load a driver is to run its code. The error is a *ModuleError
// (missing, refused_path, not_pkcs11, wrong_arch); nothing is loaded.
func CheckModule(path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	lib, err := ReadLibrary(path)
	if err != nil {
		return &ModuleError{Module: path, Kind: "not_pkcs11", Err: err}
	}
	if !lib.Runs() {
		return &ModuleError{Module: path, Kind: "wrong_arch", Err: lib.archError()}
	}
	if !lib.PKCS11 {
		return &ModuleError{Module: path, Kind: "not_pkcs11", Err: errors.New("it does not export C_GetFunctionList")}
	}
	return nil
}

func checkPath(path string) error {
	refuse := func(why string) error {
		return &ModuleError{Module: path, Kind: "refused_path", Err: errors.New(why)}
	}
	if !filepath.IsAbs(path) {
		return refuse("the path must be absolute")
	}
	if filepath.Clean(path) != path {
		return refuse("the path must not have . or .. or doubled separators")
	}
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &ModuleError{Module: path, Kind: "missing", Err: err}
	}
	if err != nil {
		return &ModuleError{Module: path, Kind: "failed", Err: err}
	}
	info, err := os.Lstat(real)
	if err != nil {
		return &ModuleError{Module: path, Kind: "failed", Err: err}
	}
	if !info.Mode().IsRegular() {
		return refuse("it is not a regular file")
	}
	// The links' own folders decide as much as those of the file they lead to.
	if err := checkChain(path); err != nil {
		return refuse(err.Error())
	}
	if real != path {
		if err := checkChain(real); err != nil {
			return refuse(err.Error())
		}
	}
	return nil
}

// checkChain looks at a path and every folder above it.
func checkChain(path string) error {
	for p := path; ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		if err := checkOwner(p, info, p == path); err != nil {
			return fmt.Errorf("%s %w", p, err)
		}
		if filepath.Dir(p) == p {
			return nil
		}
	}
}
