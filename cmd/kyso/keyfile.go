package main

import (
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// keyFileError: a file given as key or certificate is none.
type keyFileError struct {
	path        string
	certificate bool
	err         error
}

func (e *keyFileError) Error() string { return e.path + ": " + e.err.Error() }

func (e *keyFileError) Unwrap() error { return e.err }

// atKeyFile names the file of an error: what package token has a name for
// passes, the rest means that the file is no key file.
func atKeyFile(path string, err error) error {
	var auth *token.AuthError
	if err == nil || errors.As(err, &auth) || errors.Is(err, token.ErrMismatch) || errors.Is(err, token.ErrScheme) ||
		errors.Is(err, token.ErrNoPIN) || errors.Is(err, token.ErrNoKey) {
		return atFile(path, err)
	}
	return &keyFileError{path: path, err: err}
}

func sayKeyFile(e *i18n.Errors, err error) string {
	var file *keyFileError
	if !errors.As(err, &file) {
		return ""
	}
	if file.certificate {
		return fmt.Sprintf(e.CertificateFile, file.path)
	}
	return fmt.Sprintf(e.KeyFile, file.path)
}
