// Package changes compares the revisions of a signed file: deny by default,
// rules allow.
//
// A graph walk of the signed revision finds the roles in which each object is
// reached: as catalog, page, annotation, appearance, content and so on (role.go).
// Every object that a later revision defines, frees or replaces in silence must
// then be explained by a rule in each of its roles; one role without a rule is
// enough to forbid the change. Each revision is compared with the one before.
//
// What is permitted (rule_*.go), by DocMDP (ISO 32000-2, 12.8.2.2):
//
//   - always: validation data (DSS), document timestamps, document information
//     and XMP, a higher /Version, more /Extensions, fonts added to the form's /DR;
//   - P=2, P=3 or no certification: new signatures, new empty signature fields,
//     filling of form fields that no FieldMDP locks, and the structure elements
//     that come with a new signature;
//   - P=3: annotations added, changed and deleted; a warning tells of those that
//     cover what was there;
//   - no certification: annotations that comment (Text, Popup, Link, markup of
//     text) and annotations that demonstrably lie on a blank part of the page,
//     with a warning. One that draws over content, a form field that is no
//     signature, and the removal or moving of anything that draws are forbidden:
//     ISO 32000-2 leaves them open, and they are how a signed page is made to say
//     something else.
//
// Anything else is forbidden.
package changes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Level is the worst of the changes.
type Level int

const (
	None Level = iota + 1
	Permitted
	Forbidden
	Unknown // a limit was passed before all was compared
)

// String gives the word of the JSON report.
func (l Level) String() string {
	switch l {
	case None:
		return "none"
	case Permitted:
		return "permitted"
	case Forbidden:
		return "forbidden"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

// Kinds of change, as the report names them.
const (
	KindFormFill       = "form_fill"
	KindNewSignature   = "new_signature"
	KindSignatureField = "signature_field" // an empty one
	KindSignature      = "signature"       // an earlier signature touched
	KindTimestamp      = "timestamp"
	KindDSS            = "dss"
	KindAnnotation     = "annotation"
	KindMetadata       = "metadata"
	KindCatalog        = "catalog"
	KindContent        = "content"
	KindStructure      = "structure"
	KindForm           = "form" // the form itself: fields added, removed, XFA
)

// Change is one explained (or unexplained) difference. Detail is a sentence in
// English; Kind, Code and the fields below are what other languages are made
// of.
type Change struct {
	Revision  int    // 1-based revision that made it
	Object    string // "12 0", "" for the trailer
	Kind      string // one of the Kind constants
	Permitted bool
	Detail    string

	Code     string // what happened, within Kind: "value_changed", "page_content", ...
	Field    string // full name of the form field
	Key      string // dictionary key or subtype concerned
	OldValue string
	NewValue string
	Page     int // 1-based, 0: none or unknown
	Count    int // how many, where several are told in one
}

// Warning codes.
const (
	WarnMismatch        = "V_AP_MISMATCH"                    // a field shows another text than its value
	WarnAppearanceOnly  = "APPEARANCE_ONLY"                  // the appearance changed, the value did not, and they can't be compared
	WarnCovers          = "ANNOTATION_COVERS_CONTENT"        // an annotation lies over what was there
	WarnAnnotation      = "ANNOTATION_ADDED"                 // an annotation was added, changed or removed after an approval signature
	WarnUnsignedField   = "UNSIGNED_SIGFIELD_COVERS_CONTENT" // an empty signature field shows something
	WarnSignatureCovers = "SIGNATURE_COVERS_CONTENT"         // the picture of a later signature lies over what was there
	WarnDSSRemoved      = "DSS_ENTRIES_REMOVED"              // validation data were dropped
	WarnCopiedSignature = "COPIED_SIGNATURE"                 // a later signature does not cover its own revision
	WarnTrailingComment = "TRAILING_COMMENT"                 // comments after the last revision
	WarnLimit           = "LIMIT"                            // why the level is Unknown
)

// Warning is something that does not forbid the changes, but must be seen.
type Warning struct {
	Code     string
	Detail   string
	Revision int
	Object   string
	Field    string
	Page     int
	OldValue string
	NewValue string
}

// Lock names fields that a signature locks: /Action and /Fields of FieldMDP or
// of /Lock (ISO 32000-2, 12.8.2.4).
type Lock struct {
	Action string // All, Include, Exclude; anything else locks all
	Fields []string
}

// covers reports whether the lock holds a field. A name stands for the fields
// below it, not for those that begin with the same letters.
func (l Lock) covers(name string) bool {
	listed := false
	for _, f := range l.Fields {
		if name == f || strings.HasPrefix(name, f+".") {
			listed = true
			break
		}
	}
	switch l.Action {
	case "Include":
		return listed
	case "Exclude":
		return !listed
	}
	return true
}

// Options says what the signed revision permits.
type Options struct {
	SignedEnd int64  // byte at which the signed revision ends
	DocMDP    int    // 0: none, 1, 2, 3
	Locks     []Lock // FieldMDP and Lock dictionaries in force
	Walk      *Walk  // shared with the comparison that ended at SignedEnd; nil: none
}

// Result of a comparison.
type Result struct {
	Level    Level
	Changes  []Change
	Warnings []Warning
}

// Compare judges every revision of f after SignedEnd. What the file says wrong
// is in the result; an error is one of reading or of ctx.
func Compare(ctx context.Context, f *pdf.File, o Options) (*Result, error) {
	s := &session{ctx: ctx, f: f, opts: o, res: &Result{}, warned: map[Warning]bool{}}
	if o.SignedEnd >= f.Size() {
		s.res.Level = None
		return s.res, nil
	}
	err := s.compare()
	var limit *pdf.LimitError
	switch {
	case errors.As(err, &limit):
		if s.res.Level = level(s.res.Changes); s.res.Level != Forbidden {
			s.res.Level = Unknown
		}
		s.warn(Warning{Code: WarnLimit, Detail: "the revisions are too large to be compared: " + limit.Name})
		return s.res, nil
	case err != nil && !pdf.Damaged(err):
		return nil, err
	case err != nil:
		s.add(Change{Kind: KindStructure, Code: "unreadable", Detail: "a later revision can't be read: " + err.Error()})
	}
	s.res.Level = level(s.res.Changes)
	return s.res, nil
}

func level(list []Change) Level {
	l := None
	for _, c := range list {
		if !c.Permitted {
			return Forbidden
		}
		l = Permitted
	}
	return l
}
