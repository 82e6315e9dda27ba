package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/rewrite"
	"github.com/kyso-vn/kyso/sign"
)

// encryptInput makes an AES-256 encrypted copy before the first signature; a
// signed document is refused.
func (r *signRun) encryptInput(ctx context.Context, in *input) (*input, error) {
	report, err := r.a.judge(ctx, in, r.verifyOptions())
	if err != nil {
		return nil, err
	}
	if len(report.Signatures) > 0 {
		return nil, atFile(in.name, encryptError(&rewrite.Error{Kind: rewrite.KindSigned}))
	}
	r.a.progressf(r.a.m.Sign.Encrypting, in.name)
	doc, err := rewrite.Encrypt(ctx, in.r, in.size,
		rewrite.Encryption{User: r.encryptPassword, Permissions: rewrite.PermitAll}, rewrite.Options{Self: r.a.self})
	if err != nil {
		return nil, atFile(in.name, encryptError(err))
	}
	r.a.warnf("%s", r.a.m.Sign.EncryptWarn)
	return &input{name: in.name, path: in.path, r: doc, size: doc.Size(), info: in.info, close: doc.Close}, nil
}

// encryptError says why a document could not be encrypted.
func encryptError(err error) error {
	var failed *rewrite.Error
	switch {
	case rewrite.Damaged(err):
		return &sign.RefusedError{Reason: sign.ReasonDamaged, Detail: "the document is damaged", Err: errors.Unwrap(err)}
	case !errors.As(err, &failed):
		return err
	}
	e := &codedError{status: status{exitDocument, "encrypt_" + failed.Kind.String()}, err: err}
	switch failed.Kind {
	case rewrite.KindSigned:
		e.text = func(m *i18n.Messages) string { return m.Errors.EncryptSigned }
		e.hints = func(m *i18n.Messages) []string { return []string{m.Hints.SignedEarlier} }
	case rewrite.KindEncrypted:
		e.text = func(m *i18n.Messages) string { return m.Errors.EncryptEncrypted }
		e.hints = func(m *i18n.Messages) []string { return []string{m.Hints.EncryptFirst} }
	default:
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.EncryptFailed, failed) }
	}
	return e
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
