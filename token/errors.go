package token

import (
	"errors"
	"fmt"
)

// ErrNoTokenSupport: this program was built without cgo.
var ErrNoTokenSupport = errors.New("token: this build has no support for PKCS#11 tokens (built without cgo)")

// ErrNoCertificate: nothing fits the choice. [NoCertificateError] wraps it.
var ErrNoCertificate = errors.New("token: no certificate that can sign")

// ErrTimeout: the driver did not answer in time. It may still be at work.
var ErrTimeout = errors.New("the driver did not answer in time")

// ErrNoKey: the token has no private key for the certificate.
var ErrNoKey = errors.New("token: no private key for this certificate")

// ErrMismatch: the key made a signature that the certificate does not verify.
var ErrMismatch = errors.New("token: the key does not belong to the certificate: its signature does not verify")

// ErrClosed: the key was closed.
var ErrClosed = errors.New("token: the key is closed")

// MechanismError: the token has no mechanism for the wanted scheme.
type MechanismError struct{ Mechanism, Scheme string }

func (e *MechanismError) Error() string {
	return fmt.Sprintf("token: no mechanism %s for %s", e.Mechanism, e.Scheme)
}

// ModuleError is a module that could not be listed.
type ModuleError struct {
	Module string
	Kind   string // missing, wrong_arch, not_pkcs11, timeout, crashed, refused_path, failed, no_support
	Err    error
}

func (e *ModuleError) Error() string {
	return fmt.Sprintf("token: module %s: %s: %v", e.Module, e.Kind, e.Err)
}

func (e *ModuleError) Unwrap() error { return e.Err }

// AuthError: wrong PIN, locked PIN, or refused to try.
type AuthError struct {
	// Kind: incorrect, locked, last_try, count_low, expired, to_be_changed,
	// not_initialized, length, guard.
	Kind    string
	Retries int // -1 unknown
	Err     error
}

func (e *AuthError) Error() string {
	s := "token: PIN " + e.Kind
	if e.Retries >= 0 {
		s += fmt.Sprintf(" (tries left: %d)", e.Retries)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *AuthError) Unwrap() error { return e.Err }

// DeviceError: the token was removed or failed.
type DeviceError struct {
	Code uint // CKR_; 0 with ErrTimeout
	Err  error
}

func (e *DeviceError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("token: %v", e.Err)
	}
	return fmt.Sprintf("token: %s: %v", CKRName(e.Code), e.Err)
}

func (e *DeviceError) Unwrap() error { return e.Err }

// Removed tells whether the token is gone (pulled out).
func (e *DeviceError) Removed() bool { return CKRKind(e.Code) == KindRemoved }

func deviceOf(err error) *DeviceError {
	var d *DeviceError
	if errors.As(err, &d) {
		return d
	}
	return nil
}
