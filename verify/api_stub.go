// Package verify judges signatures: one file a check, report, indications.
package verify

import (
	"context"
	"io"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Options for Verify. The zero value trusts nobody and uses no network.
type Options struct {
	Anchors           []certpath.Anchor
	Now               func() time.Time // nil: time.Now
	At                time.Time        // zero: Now
	Online            *fetch.Client    // nil: no network
	RequireRevocation bool
	IgnoreRevocation  bool
	RequireTimestamp  bool
	RequireLevel      string
	Password          []byte
}

// Verdict of a file.
type Verdict string

const (
	Valid         Verdict = "valid"
	ValidChanged  Verdict = "valid_changed"
	Indeterminate Verdict = "indeterminate"
	Invalid       Verdict = "invalid"
	Unsigned      Verdict = "unsigned"
	Unreadable    Verdict = "unreadable"
)

// Report is the judgement of one file; its JSON is that of cli.md, but for
// schema, file and sha256-of-name which cmd adds.
type Report struct {
	Bytes      int64       `json:"bytes"`
	SHA256     string      `json:"sha256"`
	Revisions  int         `json:"revisions"`
	Verdict    Verdict     `json:"verdict"`
	Signatures []Signature `json:"signatures"`
	Reasons    []Reason    `json:"reasons,omitempty"` // of the file as a whole (TRAILING_DATA, UNREADABLE ...)
}

// Signature: see cli.md for each field; the owner writes the whole struct with
// json tags exactly as in cli.md.
type Signature struct {
	Field string `json:"field"`
}

// Reason is a stable code with an English message.
type Reason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Verify judges every signature. An error means that we could not look (I/O);
// an unreadable PDF is a Report.
func Verify(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Report, error) {
	panic("stub")
}
