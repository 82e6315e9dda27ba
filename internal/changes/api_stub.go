// Package changes compares revisions: deny by default, rules allow.
package changes

import (
	"context"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Level is the worst of the changes.
type Level int

const (
	None Level = iota + 1
	Permitted
	Forbidden
	Unknown
)

func (l Level) String() string { panic("stub") } // "none", "permitted", ...

// Change is one explained (or unexplained) difference.
type Change struct {
	Revision  int    // 1-based revision that made it
	Object    string // "12 0"
	Kind      string // form_fill, new_signature, dss, timestamp, annotation, metadata, content, structure, ...
	Permitted bool
	Detail    string
}

// Options says what the signed revision permits.
type Options struct {
	SignedEnd int64 // byte at which the signed revision ends
	DocMDP    int   // 0: none, 1, 2, 3
	// Locks: FieldMDP and Lock dictionaries in force (read by the caller or here).
}

// Result of a comparison.
type Result struct {
	Level   Level
	Changes []Change
}

// Compare judges every revision of f after SignedEnd.
func Compare(ctx context.Context, f *pdf.File, o Options) (*Result, error) { panic("stub") }
