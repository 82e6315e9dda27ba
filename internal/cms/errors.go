package cms

import (
	"encoding/asn1"
	"errors"
	"fmt"
)

// Errors a caller tells apart.
var (
	// ErrSignature: the cryptographic check of the signature value failed.
	ErrSignature = errors.New("cms: signature does not verify")
	// ErrUnsupported: the algorithm or key is recognised but not verifiable here.
	ErrUnsupported = errors.New("cms: unsupported algorithm")
	// ErrAlgorithm: algorithms contradict each other or their parameters are bad.
	ErrAlgorithm = errors.New("cms: bad algorithm identifier")
	// ErrNoSignedAttrs: the SignerInfo has no signed attributes.
	ErrNoSignedAttrs = errors.New("cms: no signed attributes")
	// ErrKeyMismatch: the signer's key is not the key of the certificate.
	ErrKeyMismatch = errors.New("cms: the key does not belong to the certificate")
	// ErrBadAnswer: the key answered with something that does not verify.
	ErrBadAnswer = errors.New("cms: the key returned a wrong signature")
)

// SyntaxError is a structure that is not the ASN.1 of RFC 5652.
type SyntaxError struct {
	Where string // field of RFC 5652
	Err   error
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("parse CMS: %s: %v", e.Where, e.Err) }

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Err }

// LimitError says which limit an input passed.
type LimitError struct {
	What string
	Max  int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("cms: more than %d %s", e.Max, e.What)
}

// Problem is what is wrong with an attribute.
type Problem int

// Problems of attributes.
const (
	Missing   Problem = iota + 1 // the attribute is not there
	Duplicate                    // more than one attribute or value
	Malformed                    // its value is not what its type says
	Mismatch                     // its value is not the expected one
)

func (p Problem) String() string {
	switch p {
	case Missing:
		return "missing"
	case Duplicate:
		return "present more than once"
	case Malformed:
		return "malformed"
	case Mismatch:
		return "does not match"
	}
	return "unknown problem"
}

// AttributeError is a signed attribute that fails its check. A Mismatch of
// message-digest means that the content was changed.
type AttributeError struct {
	OID     asn1.ObjectIdentifier
	Name    string // as the standard writes it: "message-digest"
	Problem Problem
	Err     error // detail, may be nil
}

func (e *AttributeError) Error() string {
	s := "cms: attribute " + e.Name + " " + e.Problem.String()
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the detail.
func (e *AttributeError) Unwrap() error { return e.Err }
