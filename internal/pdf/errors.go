package pdf

import (
	"errors"
	"fmt"
)

// SyntaxError says where a file departs from the PDF syntax.
type SyntaxError struct {
	Offset int64 // byte offset in the file, -1 when unknown
	Object Ref   // zero when unknown
	Reason string
}

func (e *SyntaxError) Error() string {
	s := "pdf: "
	if e.Object != (Ref{}) {
		s += fmt.Sprintf("object %d %d: ", e.Object.Num, e.Object.Gen)
	}
	s += e.Reason
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (byte %d)", e.Offset)
	}
	return s
}

// LimitError says that a named limit was passed. Name is one of the Limit
// constants, as LIMIT_<NAME>.
type LimitError struct {
	Name  string
	Limit int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("pdf: %s: more than %d", e.Name, e.Limit)
}

// PasswordError says that the file is encrypted and that no password given
// opens it. Tried tells whether a password other than the empty one was given.
type PasswordError struct{ Tried bool }

func (e *PasswordError) Error() string {
	if e.Tried {
		return "pdf: wrong password"
	}
	return "pdf: the file needs a password"
}

// Damaged reports whether err says that the file breaks the PDF syntax, so
// that a repair may help, in contrast to a limit, a password or a read error.
func Damaged(err error) bool {
	var syntax *SyntaxError
	return errors.As(err, &syntax)
}

// syntaxAt makes a SyntaxError at a byte offset of the file.
func syntaxAt(offset int64, format string, a ...any) error {
	return &SyntaxError{Offset: offset, Reason: fmt.Sprintf(format, a...)}
}

// syntaxIn makes a SyntaxError about an object; offset -1 when unknown.
func syntaxIn(ref Ref, offset int64, format string, a ...any) error {
	return &SyntaxError{Offset: offset, Object: ref, Reason: fmt.Sprintf(format, a...)}
}

// inObject adds the object to a SyntaxError that names none.
func inObject(err error, ref Ref) error {
	var syntax *SyntaxError
	if errors.As(err, &syntax) && syntax.Object == (Ref{}) {
		return &SyntaxError{Offset: syntax.Offset, Object: ref, Reason: syntax.Reason}
	}
	return err
}
