package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// Variables that hold secrets. They are read once, at the start, and taken out
// of the environment.
const (
	envPIN             = "KYSO_PIN"
	envP12Password     = "KYSO_P12_PASSWORD"
	envKeyPassword     = "KYSO_KEY_PASSWORD"
	envPDFPassword     = "KYSO_PDF_PASSWORD"
	envTSAPassword     = "KYSO_TSA_PASSWORD"
	envEncryptPassword = "KYSO_ENCRYPT_PASSWORD"
)

// maxSecret bounds what is read as a secret, in bytes.
const maxSecret = 4096

// secretSource says where a secret comes from: a file, a file descriptor, a
// variable, or the terminal, in this order.
type secretSource struct {
	file string
	fd   int // -1: none
	env  string
	flag string // for messages
}

// given returns the secret when it was given without a person, else nil.
func (a *app) given(s secretSource) ([]byte, error) {
	switch {
	case s.file != "":
		return readSecretFile(s.file)
	case s.fd >= 0:
		f := os.NewFile(uintptr(s.fd), fmt.Sprintf("fd %d", s.fd))
		if f == nil {
			return nil, flagError(s.flag, s.fd)
		}
		defer func() { _ = f.Close() }()
		return readSecret(f, f.Name())
	}
	if v, ok := a.secrets[s.env]; ok {
		b := append([]byte(nil), trimLineEnd(v)...)
		if len(b) == 0 {
			return nil, secretEmpty(s.env)
		}
		return b, nil
	}
	return nil, nil
}

// secret returns what was given, or asks on the terminal.
func (a *app) secret(ctx context.Context, s secretSource, prompt string) ([]byte, error) {
	b, err := a.given(s)
	if err != nil || b != nil {
		return b, err
	}
	return a.askSecret(ctx, prompt, s)
}

// readSecretFile reads a file that only its owner may read.
func readSecretFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, atFile(path, err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, atFile(path, err)
	}
	if !secretMode(info) {
		return nil, &codedError{
			status: status{exitUsage, "secret_file_mode"},
			text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.SecretFileMode, path) },
			hints:  func(m *i18n.Messages) []string { return []string{fmt.Sprintf(m.Hints.SecretFileMode, shellWord(path))} },
		}
	}
	return readSecret(f, path)
}

func readSecret(r io.Reader, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSecret+1))
	if err != nil {
		return nil, atFile(name, err)
	}
	if len(b) > maxSecret {
		return nil, atFile(name, errors.New("too long for a secret"))
	}
	if b = trimLineEnd(b); len(b) == 0 {
		return nil, secretEmpty(name)
	}
	return b, nil
}

func secretEmpty(name string) error {
	return usagef(func(e *i18n.Errors) string { return e.SecretEmpty }, name)
}
