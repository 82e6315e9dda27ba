package verify

import (
	"crypto/x509"
	"time"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Options for Verify. The zero value trusts nobody and uses no network.
type Options struct {
	Anchors []certpath.Anchor
	// Intermediates help where a signature does not carry its chain.
	Intermediates []*x509.Certificate
	Now           func() time.Time // nil: time.Now
	At            time.Time        // validation time; zero: Now
	// Online asks OCSP and CRL services, only for chains that end at an
	// anchor; nil: no network.
	Online   *fetch.Client
	CacheDir string // keeps fetched revocation data; "": nothing is kept
	// FileOCSPs and FileCRLs are revocation data that the verifier brings, DER.
	// They are checked like any other.
	FileOCSPs, FileCRLs [][]byte
	CRLFirst            bool   // CRLs are asked, and preferred, before OCSP
	RequireRevocation   bool   // "not published" is indeterminate too
	IgnoreRevocation    bool   // an unknown status does not count; revoked does
	RequireTimestamp    bool   // a signature without proven time is indeterminate
	RequireLevel        string // "B-B", "B-T", "B-LT", "B-LTA"; "": any
	// ExpectSigner must be the signer of one of the signatures: tax code (MST),
	// personal number (CCCD), serial number in hexadecimal, or SHA-256 of the
	// certificate. Where nobody is, each signature is indeterminate. "": anybody.
	ExpectSigner string
	Password     []byte // of an encrypted file
	// Begun has digested the first bytes of this very file, for a caller that
	// wrote them itself and holds them to be what it digested. They are not read
	// again for the digests. nil: everything is read.
	Begun *byterange.Pass
}

// validationTime is the time at which everything without proof is judged.
func (o Options) validationTime() time.Time {
	if !o.At.IsZero() {
		return o.At
	}
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}
