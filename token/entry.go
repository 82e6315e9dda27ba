package token

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"
)

// Info describes the token of a slot.
type Info struct {
	Label, Serial, Manufacturer, Model string
	Flags                              []string // CKF_ names

	// Sessions that the token allows; 0: no limit known.
	MaxSessions, MaxRWSessions uint
	// PIN lengths in bytes; 0: not known.
	MinPIN, MaxPIN uint
}

// Has tells whether the token shows a flag ("CKF_USER_PIN_COUNT_LOW").
func (i Info) Has(flag string) bool { return slices.Contains(i.Flags, flag) }

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

	// KeyAssumed: the token shows no key before a login, so HasPrivateKey is a
	// guess that Open puts to the test.
	KeyAssumed bool
}

// Reason is stable: expired, not_yet_valid, ca, no_key, key_usage, weak_key,
// unsupported_key, unparsable.
type Reason string

// Why a certificate cannot sign.
const (
	ReasonExpired     Reason = "expired"
	ReasonNotYetValid Reason = "not_yet_valid"
	ReasonCA          Reason = "ca"
	ReasonNoKey       Reason = "no_key"
	ReasonKeyUsage    Reason = "key_usage"       // neither digitalSignature nor nonRepudiation
	ReasonWeakKey     Reason = "weak_key"        // RSA below 2048, EC below 256 bits
	ReasonUnsupported Reason = "unsupported_key" // no signature scheme of ours
	ReasonUnparsable  Reason = "unparsable"
)

// judge fills in Usable and Reasons for a time.
func (e *Entry) judge(now time.Time) {
	e.Reasons = nil
	add := func(bad bool, r Reason) {
		if bad {
			e.Reasons = append(e.Reasons, r)
		}
	}
	add(e.Certificate == nil, ReasonUnparsable)
	if c := e.Certificate; c != nil {
		add(now.After(c.NotAfter), ReasonExpired)
		add(now.Before(c.NotBefore), ReasonNotYetValid)
		add(c.BasicConstraintsValid && c.IsCA, ReasonCA)
		// RFC 5280, 4.2.1.3: no extension means no restriction.
		add(c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0, ReasonKeyUsage)
		if r := keyReason(c); r != "" {
			e.Reasons = append(e.Reasons, r)
		}
	}
	add(!e.HasPrivateKey, ReasonNoKey)
	e.Usable = len(e.Reasons) == 0
}

// keyReason: Thông tư 15/2025, Phụ lục I 1.2: RSA from 2048, ECDSA from 256 bits.
func keyReason(c *x509.Certificate) Reason {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return ReasonWeakKey
		}
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize < 256 {
			return ReasonWeakKey
		}
	case ed25519.PublicKey:
		return ReasonUnsupported
	default:
		return ReasonUnsupported
	}
	return ""
}

// sortEntries puts the usable ones first, then those with a key; equals keep
// their order (module, slot, object), so that numbers are stable.
func sortEntries(entries []Entry) {
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(rank(a), rank(b)) })
}

func rank(e Entry) int {
	switch {
	case e.Usable:
		return 0
	case e.HasPrivateKey:
		return 1
	}
	return 2
}

// sameToken: NSS and TPM tokens all have one serial and labels repeat, so
// within a module only the slot decides; across modules the token's own words.
func (e Entry) sameToken(o Entry) bool {
	if e.Module == o.Module {
		return e.Slot == o.Slot
	}
	return e.Token.Serial != "" && e.Token.Serial == o.Token.Serial && e.Token.Label == o.Token.Label
}

func (e Entry) sameCertificate(o Entry) bool { return bytes.Equal(e.Raw, o.Raw) }
