package sign

import (
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// ErrSelfCheck: the written output is not what it should be; throw it away.
var ErrSelfCheck = errors.New("sign: self-check failed")

// ErrUsed: Finish was called before.
var ErrUsed = errors.New("sign: this document was finished before; prepare it again")

// Reasons of RefusedError.
const (
	ReasonCertified       = "certified"        // DocMDP forbids it
	ReasonCertifyFirst    = "certify_first"    // a certification behind another signature
	ReasonLocked          = "locked"           // a FieldMDP lock or an earlier signature forbids it
	ReasonPermissions     = "permissions"      // of an encrypted file
	ReasonEncrypted       = "encrypted"        // no password opens it
	ReasonDamaged         = "damaged"          // not a sound PDF
	ReasonLimit           = "limit"            // too large or too deep: see pdf.LimitError in Err
	ReasonFieldMissing    = "field_missing"    // no such field, or no signature field
	ReasonFieldFilled     = "field_filled"     // already signed
	ReasonFieldExists     = "field_exists"     // there is one of the name of a new one
	ReasonBrokenSignature = "broken_signature" // an earlier signature is broken
	ReasonMaxSize         = "max_size"         // the output would be too large
	ReasonXFA             = "xfa"              // a dynamic XFA form
	ReasonSeedValue       = "seed_value"       // the field asks for what was not given
)

// RefusedError: the document may not be signed; Reason is stable (the Reason
// constants).
type RefusedError struct {
	Reason string
	Detail string
	Err    error
}

func (e *RefusedError) Error() string {
	s := "document refused: " + e.Detail
	if e.Detail == "" {
		s = "document refused: " + e.Reason
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause, may be nil.
func (e *RefusedError) Unwrap() error { return e.Err }

// LevelError: the asked level was not reached.
type LevelError struct {
	Want, Have Level
	Err        error
}

func (e *LevelError) Error() string {
	return fmt.Sprintf("level %v not reached (%v is): %v", e.Want, e.Have, e.Err)
}

// Unwrap returns the cause.
func (e *LevelError) Unwrap() error { return e.Err }

func refuse(reason, format string, args ...any) error {
	return &RefusedError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// damaged maps errors of reading the input: what the reader can't understand
// is refused, what the disk did stays as it is.
func damaged(err error) error {
	var refused *RefusedError
	var password *pdf.PasswordError
	var syntax *pdf.SyntaxError
	var limit *pdf.LimitError
	switch {
	case err == nil || errors.As(err, &refused):
		return err
	case errors.As(err, &password):
		detail := "no password was given"
		if password.Tried {
			detail = "the password that was given does not open it"
		}
		return &RefusedError{Reason: ReasonEncrypted, Detail: detail, Err: err}
	case errors.As(err, &limit):
		return &RefusedError{Reason: ReasonLimit, Detail: "a limit is passed", Err: err}
	case errors.As(err, &syntax):
		return &RefusedError{Reason: ReasonDamaged, Detail: "the document is damaged", Err: err}
	}
	return err
}
