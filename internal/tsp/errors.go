package tsp

import (
	"fmt"
	"strings"
)

// Reasons of CheckError.
const (
	ReasonNonce       = "nonce"       // not the one sent
	ReasonImprint     = "imprint"     // of other data
	ReasonPolicy      = "policy"      // not the one asked for
	ReasonEKU         = "eku"         // extended key usage of the TSA, RFC 3161, 2.3
	ReasonESS         = "ess"         // signing-certificate attribute
	ReasonSignature   = "signature"   // of the token
	ReasonCertificate = "certificate" // missing or not one for a TSA
	ReasonStructure   = "structure"   // not the ASN.1 of RFC 3161
	ReasonTime        = "time"        // outside the certificate's validity or far from the clock
)

// StatusError is a refusal of the TSA. RFC 3161, 2.4.2.
type StatusError struct {
	Status   int      // PKIStatus: 2 rejection, 3 waiting, 4 and 5 revocation
	FailInfo []string // names of PKIFailureInfo
	Text     string   // what the TSA says, bounded and without control characters
}

var statusNames = []string{"granted", "grantedWithMods", "rejection", "waiting", "revocationWarning", "revocationNotification"}

func (e *StatusError) Error() string {
	name := fmt.Sprintf("status %d", e.Status)
	if e.Status >= 0 && e.Status < len(statusNames) {
		name = statusNames[e.Status]
	}
	s := "timestamp refused: " + name
	if len(e.FailInfo) > 0 {
		s += " (" + strings.Join(e.FailInfo, ", ") + ")"
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	return s
}

// temporary tells refusals that may go away by themselves.
func (e *StatusError) temporary() bool {
	for _, f := range e.FailInfo {
		if f == "timeNotAvailable" || f == "systemFailure" {
			return true
		}
	}
	return false
}

// CheckError: a reply or token that may not be used; Reason is stable (nonce,
// imprint, policy, eku, ess, signature, certificate, structure, time).
type CheckError struct {
	Reason string
	Err    error
}

func (e *CheckError) Error() string { return "timestamp " + e.Reason + ": " + e.Err.Error() }

// Unwrap returns the detail.
func (e *CheckError) Unwrap() error { return e.Err }

func fail(reason, format string, args ...any) error {
	return &CheckError{Reason: reason, Err: fmt.Errorf(format, args...)}
}
