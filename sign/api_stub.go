// Package sign makes PAdES signatures.
package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"io"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// Level is a PAdES baseline level.
type Level int

const (
	BB Level = iota + 1
	BT
	BLT
	BLTA
)

func (l Level) String() string { panic("stub") } // "B-B", ...

// Options for signing one document. Certificate is required.
type Options struct {
	Certificate *x509.Certificate
	Chain       []*x509.Certificate
	Hash        crypto.Hash
	Scheme      cms.Scheme
	Level       Level // 0: BT when TSAs is not empty, else BB
	AllowLower  bool
	TSAs        []*tsp.Client // tried in order

	Reason, Location, Contact, Name string
	Field                           string   // "": a new name, or the only empty field when visible at its place
	Certify                         int      // 0 none, 1..3 DocMDP
	Lock                            []string // "all" or names
	Password                        []byte
	ModifyAnyway                    bool

	Visible bool
	Style   appearance.Style
	Place   appearance.Place
	Info    appearance.Info // Signer, Email etc.; Time is filled in

	MaxSize int64 // of the output; 0: none
	Now     func() time.Time
	Rand    io.Reader
	// TSSize is the expected size of a timestamp token (0: default 8192 bytes).
	TSSize int
}

// Prepared is a document ready for its one signature.
type Prepared struct {
	Field       string
	Page        int // 1-based, 0 invisible
	Rect        [4]float64
	Why         string
	SigningTime time.Time
	Size        int64 // of the output
	Notes       []string
}

// Prepare reads the document and builds everything but the signature.
func Prepare(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Prepared, error) {
	panic("stub")
}

// Result of Finish.
type Result struct {
	Level                     Level
	Bytes                     int64
	InputSHA256, OutputSHA256 [32]byte
	Digest                    crypto.Hash
	Scheme                    cms.Scheme
	Timestamp                 *tsp.Token
	TSA                       string
	Warnings                  []string
	Signatures                int // found by the self-check, this one included
}

// Finish copies and hashes the document to w in one pass, asks the key once,
// timestamps, splices, and checks the output. w must be empty and is read back.
// A second call is an error.
func (p *Prepared) Finish(ctx context.Context, key crypto.Signer, w Output) (*Result, error) {
	panic("stub")
}

// Output is what Finish writes: *os.File serves.
type Output interface {
	io.Writer
	io.WriterAt
	io.ReaderAt
}

// RefusedError: the document may not be signed; Reason is stable (certified,
// locked, permissions, encrypted, damaged, field_missing, field_filled, broken_signature, max_size, xfa).
type RefusedError struct {
	Reason string
	Detail string
	Err    error
}

func (e *RefusedError) Error() string { panic("stub") }
func (e *RefusedError) Unwrap() error { panic("stub") }

// LevelError: the asked level was not reached.
type LevelError struct {
	Want, Have Level
	Err        error
}

func (e *LevelError) Error() string { panic("stub") }
func (e *LevelError) Unwrap() error { panic("stub") }
