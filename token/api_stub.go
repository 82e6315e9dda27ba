// Package token gives keys: PKCS#11 (finding modules, certificates, signing),
// PKCS#12, PEM, PIN.
package token

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"
)

// PIN is a secret; it prints as [redacted].
type PIN struct{ b []byte }

// NewPIN takes over b.
func NewPIN(b []byte) *PIN { return &PIN{b} }

func (p *PIN) String() string { return "[redacted]" }

// Clear zeroes it.
func (p *PIN) Clear() { panic("stub") }

// Info describes the token of a slot.
type Info struct {
	Label, Serial, Manufacturer, Model string
	Flags                              []string // CKF_ names
}

// Subject is a parsed distinguished name.
type Subject struct {
	CN, O, OU, Title, Email, MST, CCCD, CMND, Raw string
}

// ParseSubject reads the RDNs of a certificate (and SAN e-mail).
func ParseSubject(c *x509.Certificate) Subject { panic("stub") }

// ParseIssuer likewise for the issuer.
func ParseIssuer(c *x509.Certificate) Subject { panic("stub") }

// Entry is one certificate found on a token or in a file.
type Entry struct {
	Module        string
	Slot          uint
	Token         Info
	ID            []byte
	Label         string
	Certificate   *x509.Certificate // nil when Go cannot parse it
	Raw           []byte
	Mechanisms    []string // CKM_ names usable for signing
	HasPrivateKey bool
	Usable        bool
	Reasons       []Reason // why not usable
}

// Reason is stable: expired, not_yet_valid, ca, no_key, key_usage, weak_key, unparsable.
type Reason string

// ListOptions for List.
type ListOptions struct {
	Modules []string // absolute paths; nil: found by Find
	Now     time.Time
	Timeout time.Duration // per module; 0: 10 s
	// Self is this program's path for probing in a child process (with the
	// hidden argument it was given); empty: probe in this process.
	Self string
}

// ModuleError is a module that could not be listed.
type ModuleError struct {
	Module string
	Kind   string // missing, wrong_arch, not_pkcs11, timeout, crashed, refused_path, failed
	Err    error
}

func (e *ModuleError) Error() string { panic("stub") }
func (e *ModuleError) Unwrap() error { panic("stub") }

// List lists certificates without a PIN, usable first. Modules that failed
// are in errs; the others still list.
func List(ctx context.Context, o ListOptions) (entries []Entry, errs []*ModuleError) { panic("stub") }

// OpenOptions for Open.
type OpenOptions struct {
	// PIN is called once, and only when a login is needed.
	PIN          func(ctx context.Context, t Info) (*PIN, error)
	AllowLastTry bool
	GuardDir     string // remembers a wrong PIN; "": no guard
}

// Key is an opened signing key.
type Key struct {
	crypto.Signer // asks the token once a call; serialised
	Entry         Entry
}

// Open logs in to the entry's token once and returns its key.
func Open(ctx context.Context, e Entry, o OpenOptions) (*Key, error) { panic("stub") }

// Close logs out; never blocks more than a moment.
func (k *Key) Close() error { panic("stub") }

// AuthError: wrong PIN, locked PIN, or refused to try.
type AuthError struct {
	Kind    string // incorrect, locked, last_try, count_low, expired, not_initialized, length, guard
	Retries int    // -1 unknown
	Err     error
}

func (e *AuthError) Error() string { panic("stub") }
func (e *AuthError) Unwrap() error { panic("stub") }

// DeviceError: the token was removed or failed.
type DeviceError struct {
	Code uint // CKR_
	Err  error
}

func (e *DeviceError) Error() string { panic("stub") }
func (e *DeviceError) Unwrap() error { panic("stub") }

// OpenPKCS12 reads a .p12; a wrong password is an *AuthError (incorrect).
func OpenPKCS12(data []byte, password *PIN) (*Key, []*x509.Certificate, error) { panic("stub") }

// OpenPEM reads a key and a certificate file.
func OpenPEM(key, cert []byte, password *PIN) (*Key, []*x509.Certificate, error) { panic("stub") }

// Probe is the child side of List: it lists one module and writes JSON to w.
// cmd calls it for its hidden argument.
func Probe(ctx context.Context, module string) ([]byte, error) { panic("stub") }
