package revocation

import (
	"errors"
	"fmt"
)

// Problem is why a datum or a source did not decide. Stable.
type Problem int

// Problems.
const (
	Malformed          Problem = iota + 1 // not the ASN.1 of its standard, or an HTML page
	BadSignature                          // by nobody who may speak for the issuer
	WeakAlgorithm                         // SHA-1 or MD5, without AllowWeak
	NotAuthorized                         // the signer is no responder or CRL issuer for this certificate
	SignerInvalid                         // the signer may be one, but is expired, revoked or not known to be good
	OtherCertificate                      // the response is about another certificate or another issuer's
	Stale                                 // out of date at the validation time
	FromFuture                            // thisUpdate or producedAt after the clock
	Inconsistent                          // times or numbers contradict each other
	CertificateExpired                    // issued after the certificate expired, and does not keep such
	UnknownCritical                       // a critical extension that is not known
	OutOfScope                            // the CRL is for other certificates, or a delta without its base
	SomeReasons                           // the CRLs together don't cover all reasons
	NonceMismatch                         // not the nonce that was sent
	StatusUnknown                         // the responder does not know the certificate
	Refused                               // the responder answered with an error: see *ResponderError
	Unreachable                           // the network call failed: see *fetch.Error
	LimitReached                          // too large, too many or too deep
	Offline                               // a source is named, and there is no network
)

var problemWords = map[Problem]string{
	Malformed: "malformed", BadSignature: "bad signature", WeakAlgorithm: "weak algorithm",
	NotAuthorized: "signer not authorized", SignerInvalid: "signer not valid",
	OtherCertificate: "for another certificate", Stale: "out of date", FromFuture: "from the future",
	Inconsistent: "inconsistent", CertificateExpired: "issued after the certificate expired",
	UnknownCritical: "unknown critical extension", OutOfScope: "out of scope",
	SomeReasons: "only some reasons", NonceMismatch: "wrong nonce", StatusUnknown: "status unknown",
	Refused: "refused", Unreachable: "not reachable", LimitReached: "limit reached", Offline: "offline",
}

// String returns a few words, such as "out of date".
func (p Problem) String() string {
	if w, ok := problemWords[p]; ok {
		return w
	}
	return fmt.Sprintf("unknown problem %d", int(p))
}

// Error is one datum or source that did not decide.
type Error struct {
	Kind    string // "ocsp", "crl" or "issuer"
	Problem Problem
	Err     error // the detail
}

// Error returns one line.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v: %v", e.Kind, e.Problem, e.Err) }

// Unwrap returns the detail.
func (e *Error) Unwrap() error { return e.Err }

// Has tells whether err, a status's Err, holds an *Error with the problem.
func Has(err error, p Problem) bool {
	switch e := err.(type) { //nolint:errorlint // walks the tree itself
	case nil:
		return false
	case *Error:
		return e.Problem == p || Has(e.Err, p)
	case interface{ Unwrap() []error }:
		for _, sub := range e.Unwrap() {
			if Has(sub, p) {
				return true
			}
		}
		return false
	default:
		return Has(errors.Unwrap(err), p)
	}
}

// ResponderError is an OCSP response with a status other than successful. RFC
// 6960, 4.2.1.
type ResponderError struct {
	Status int // OCSPResponseStatus
}

var responderWords = map[int]string{1: "malformedRequest", 2: "internalError", 3: "tryLater",
	5: "sigRequired", 6: "unauthorized"}

// Error returns one line with the name of the status.
func (e *ResponderError) Error() string {
	if w, ok := responderWords[e.Status]; ok {
		return "the responder answers " + w
	}
	return fmt.Sprintf("the responder answers status %d", e.Status)
}

// Temporary tells statuses that may go away by themselves.
func (e *ResponderError) Temporary() bool { return e.Status == 2 || e.Status == 3 }

func crlError(p Problem, format string, args ...any) *Error {
	return &Error{Kind: kindCRL, Problem: p, Err: fmt.Errorf(format, args...)}
}

func ocspError(p Problem, format string, args ...any) *Error {
	return &Error{Kind: kindOCSP, Problem: p, Err: fmt.Errorf(format, args...)}
}

// Kinds of data: RevocationStatus.Source and Error.Kind.
const (
	kindOCSP = "ocsp"
	kindCRL  = "crl"
	kindNone = "none"

	kindIssuer = "issuer" // of Error only: the certificate of a missing issuer
)
