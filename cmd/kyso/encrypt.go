package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// encryptTimeout bounds the child that encrypts.
const encryptTimeout = 2 * time.Minute

// encrypt makes an AES-256 encrypted copy of an unsigned document, in a child
// process with limits: pdfcpu reads the whole file and may die of it. The
// password goes through a pipe: a four-byte length, the password, the file.
func (a *app) encrypt(ctx context.Context, in *input, password []byte) (*input, error) {
	ctx, cancel := context.WithTimeout(ctx, encryptTimeout)
	defer cancel()
	out, err := tempFile()
	if err != nil {
		return nil, err
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(len(password)))
	var stderr bytes.Buffer
	child := exec.CommandContext(ctx, a.self, encryptArg)
	child.Stdin = io.MultiReader(bytes.NewReader(header), bytes.NewReader(password), io.NewSectionReader(in.r, 0, in.size))
	child.Stdout = out
	child.Stderr = &stderr
	child.WaitDelay = time.Second
	if err := child.Run(); err != nil {
		out.Close()
		return nil, encryptError(ctx, err, stderr.String())
	}
	info, err := out.Stat()
	if err != nil {
		out.Close()
		return nil, err
	}
	return &input{name: in.name, path: in.path, r: out, size: info.Size(), info: in.info, close: out.Close}, nil
}

func encryptError(ctx context.Context, err error, stderr string) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	detail := strings.TrimSpace(stderr)
	if i := strings.IndexByte(detail, '\n'); i >= 0 {
		detail = detail[:i]
	}
	if detail == "" {
		detail = err.Error()
	}
	return &codedError{
		status: status{exitDocument, "encryption_failed"},
		text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.EncryptFailed, detail) },
		err:    err,
	}
}

// encryptChild is the other side of encrypt.
func encryptChild(s streams) int {
	_ = token.Harden()
	limitChild()
	if err := encryptStream(s); err != nil {
		fmt.Fprintln(s.err, err)
		return exitFailed
	}
	return exitOK
}

func encryptStream(s streams) error {
	var length uint32
	if err := binary.Read(s.in, binary.BigEndian, &length); err != nil || length > maxSecret {
		return fmt.Errorf("no password: %w", err)
	}
	password := make([]byte, length)
	if _, err := io.ReadFull(s.in, password); err != nil {
		return err
	}
	doc, err := io.ReadAll(s.in)
	if err != nil {
		return err
	}
	api.DisableConfigDir()
	conf := model.NewAESConfiguration(string(password), string(password), 256)
	conf.Permissions = model.PermissionsAll
	conf.Optimize = false
	return api.Encrypt(bytes.NewReader(doc), s.out, conf)
}

// tempFile is a file without a name, or one that is removed as soon as it is
// open where the system permits.
func tempFile() (*os.File, error) {
	f, err := os.CreateTemp("", "kyso-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Windows refuses, and its own cleaning takes it later
	return f, nil
}
