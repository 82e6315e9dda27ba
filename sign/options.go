package sign

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// Level is a PAdES baseline level. ETSI EN 319 142-1, 6.
type Level int

// Levels.
const (
	BB Level = iota + 1
	BT
	BLT
	BLTA
)

// String is "B-B", "B-T", "B-LT" or "B-LTA".
func (l Level) String() string {
	switch l {
	case BB:
		return "B-B"
	case BT:
		return "B-T"
	case BLT:
		return "B-LT"
	case BLTA:
		return "B-LTA"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

// ParseLevel is the inverse of String.
func ParseLevel(s string) (Level, error) {
	for l := BB; l <= BLTA; l++ {
		if l.String() == s {
			return l, nil
		}
	}
	return 0, fmt.Errorf("level %q is none of B-B, B-T, B-LT, B-LTA", s)
}

// Validation is what B-LT and B-LTA need to collect certificates and
// revocation data: nothing is embedded that did not prove a path.
type Validation struct {
	Anchors       []certpath.Anchor
	Intermediates []*x509.Certificate
	// Revocation makes a checker that collects what decided in used; normally
	// a *revocation.Source with Used set. One Source serves a whole document,
	// so that nothing is fetched twice, and fetches the certificates of issuers
	// that are missing; of other checkers each certificate gets its own.
	Revocation func(used *revocation.Evidence) certpath.RevocationChecker
	// Known is data that was fetched before, as CheckCertificate does: while it
	// is current it is not asked for again. nil: none.
	Known *revocation.Evidence
	// VRI also writes the /VRI dictionary, which the standard leaves optional.
	VRI bool
}

// Options for signing one document. Certificate is required.
type Options struct {
	Certificate *x509.Certificate
	Chain       []*x509.Certificate
	Hash        crypto.Hash
	Scheme      cms.Scheme
	Level       Level // 0: BT when TSAs is not empty, else BB
	AllowLower  bool
	TSAs        []*tsp.Client // tried in order
	Pool        *tsp.Pool     // in place of TSAs, where many documents share a rate limit
	Validation  *Validation   // required for BLT and BLTA

	Reason, Location, Contact, Name string
	Field                           string   // "": a new name, or the only empty field when visible at its place
	Certify                         int      // 0 none, 1..3 DocMDP
	Lock                            []string // "all" or names
	Password                        []byte
	// ModifyAnyway signs against the permissions of an encrypted file, which
	// its owner may do. Earlier signatures are never overruled.
	ModifyAnyway bool

	Visible bool
	Style   appearance.Style
	Place   appearance.Place
	Info    appearance.Info // Signer, Email etc.; Time is filled in
	// Marks are further places where the mark is drawn as page content, each
	// fitted to its own box; they need Visible. Texts are drawn beside it, of an
	// invisible signature too. Both are refused where an earlier signature
	// covers the pages.
	Marks []appearance.Place
	Texts []appearance.Text

	MaxSize int64 // of the output; 0: none
	Now     func() time.Time
	Rand    io.Reader
	// Unchecked leaves it to the caller to verify the output before anybody uses
	// it (package verify, with Result.Old as Options.Begun). Finish then only
	// looks that what it wrote stands in the output. BLT and BLTA are checked in
	// any case, since one revision builds on another.
	Unchecked bool
	// TSSize is the expected size of a timestamp token in bytes (0:
	// tsp.GuessSize).
	TSSize int
}

// tsMargin is added to a known token size: serial numbers, times and
// signatures of a TSA vary by some bytes.
const tsMargin = 512

func (o *Options) validate() error {
	switch {
	case o.Certificate == nil:
		return errors.New("sign: a certificate is required")
	case o.Level < 0 || o.Level > BLTA:
		return fmt.Errorf("sign: no such level %d", o.Level)
	case o.Certify < 0 || o.Certify > 3:
		return fmt.Errorf("sign: certify is 1, 2 or 3, not %d", o.Certify)
	case len(o.Marks) > 0 && !o.Visible:
		return errors.New("sign: further marks of an invisible signature")
	case len(o.Marks)+len(o.Texts) > maxDrawn:
		return fmt.Errorf("sign: more than %d marks and texts", maxDrawn)
	case o.MaxSize < 0 || o.TSSize < 0:
		return errors.New("sign: a size is negative")
	}
	if o.Pool == nil && len(o.TSAs) > 0 {
		o.Pool = &tsp.Pool{Clients: o.TSAs}
	}
	if o.Level == 0 {
		o.Level = BB
		if o.Pool != nil {
			o.Level = BT
		}
	}
	if o.Level > BB && o.Pool == nil {
		return &LevelError{Want: o.Level, Have: BB, Err: errors.New("no TSA is given")}
	}
	if o.Level >= BLT && o.Validation == nil {
		return &LevelError{Want: o.Level, Have: BT, Err: errors.New("no trust anchors and revocation sources are given")}
	}
	o.Now, o.Rand = orNow(o.Now), orRand(o.Rand)
	if o.Hash == 0 {
		o.Hash = cms.DefaultHash(o.Certificate)
	}
	return nil
}

func orNow(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}

func orRand(r io.Reader) io.Reader {
	if r == nil {
		return rand.Reader
	}
	return r
}

func tokenRoom(size int) int {
	if size == 0 {
		return tsp.GuessSize
	}
	return size + tsMargin
}
