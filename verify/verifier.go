package verify

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/revocation"
)

// verifier judges one file.
type verifier struct {
	o    Options
	now  time.Time // validation time
	r    io.ReaderAt
	size int64
	rep  *Report

	f       *pdf.File
	revs    []pdf.Revision
	views   map[int]*pdf.File
	fields  []pdf.Field                     // of f
	forms   map[int]map[fieldKey]*pdf.Field // signed fields by revision
	visits  int                             // of fields
	places  map[int][]place                 // objects of revisions by offset
	annots  int                             // looked at for fields that no form lists
	tail    tail
	recs    []*record
	mat     *material
	sources map[sourceKey]*revocation.Source
	marks   []int64         // offsets of /ByteRange in the bytes
	spans   map[int64]*span // by the end of the signed revision
	// The newest comparison made, and what comparing anew cost so far.
	compared *comparison
	pairs    int
	// file are findings that concern every signature.
	file []finding
}

// Verify judges every signature. An error means that we could not look (I/O,
// an ended context); an unreadable PDF is a Report.
func Verify(ctx context.Context, r io.ReaderAt, size int64, o Options) (*Report, error) {
	v := &verifier{o: o, now: o.validationTime().UTC(), r: r, size: size,
		views: make(map[int]*pdf.File), forms: make(map[int]map[fieldKey]*pdf.Field),
		places: make(map[int][]place)}
	v.rep = &Report{Bytes: size, Signatures: []Signature{}, ValidatedAt: v.now, Online: o.Online != nil}
	f, err := pdf.Open(ctx, r, size, pdf.OpenOptions{Password: o.Password})
	if err != nil {
		return v.rep, v.unreadable(ctx, err)
	}
	v.f = f
	if err := v.run(ctx); err != nil {
		return nil, err
	}
	return v.rep, nil
}

// run goes through the steps in their order.
func (v *verifier) run(ctx context.Context) error {
	if err := v.history(ctx); err != nil {
		return err
	}
	formErr, err := v.findSignatures()
	if err != nil {
		return err
	}
	for _, rec := range v.recs {
		if err := v.structure(ctx, rec); err != nil {
			return err
		}
	}
	if err := v.digest(ctx); err != nil {
		return err
	}
	if err := v.findTraces(ctx, formErr); err != nil {
		return err
	}
	if len(v.recs) == 0 && formErr != nil {
		v.rep.Verdict = Unreadable
		v.fileReason(CodeFormUnreadable, "the form fields can't be read: "+formErr.Error())
		return nil
	}
	if err := v.judge(ctx); err != nil {
		return err
	}
	v.report()
	return nil
}

// structure runs the checks that need no digest.
func (v *verifier) structure(ctx context.Context, rec *record) error {
	for _, check := range structureChecks {
		if err := check(v, ctx, rec); err != nil {
			return err
		}
	}
	return nil
}

// structureChecks are in their order: each may need what those before found.
var structureChecks = [...]func(*verifier, context.Context, *record) error{
	(*verifier).checkDictionary, (*verifier).checkContents, (*verifier).checkRange, (*verifier).checkRevision, (*verifier).checkCMS,
}

// judge runs the checks behind the digest. Newest first: a document timestamp
// proves the time of what is older.
func (v *verifier) judge(ctx context.Context) error {
	v.sort()
	if err := v.gather(ctx); err != nil {
		return err
	}
	for _, rec := range v.recs {
		if err := v.checkReferences(rec); err != nil {
			return err
		}
		v.checkAttributes(rec)
		v.checkSigningCertificate(rec)
		v.checkSignature(rec)
	}
	for _, rec := range slices.Backward(v.recs) {
		if err := v.checkTimestamps(ctx, rec); err != nil {
			return err
		}
		if err := v.checkPath(ctx, rec); err != nil {
			return err
		}
		v.checkAlgorithms(rec)
	}
	v.checkCertifications()
	if err := v.compareSpans(ctx); err != nil {
		return err
	}
	for _, rec := range slices.Backward(v.recs) {
		if err := v.checkChanges(ctx, rec); err != nil {
			return err
		}
	}
	for _, rec := range v.recs {
		if err := v.checkLevel(ctx, rec); err != nil {
			return err
		}
		v.checkRequirements(rec)
	}
	v.checkExpected()
	return nil
}

// sort orders the records by the end of their ranges, the oldest first; those
// without a range come last.
func (v *verifier) sort() {
	end := func(r *record) int64 {
		if !r.rangeSane {
			return v.size + 1
		}
		return r.rng.end()
	}
	slices.SortStableFunc(v.recs, func(a, b *record) int {
		switch x, y := end(a), end(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// lookError returns err when it says that we could not look, nil when it is a
// fact about the file.
func lookError(err error) error {
	if err == nil { // mostly: then nothing is made room for
		return nil
	}
	var limit *pdf.LimitError
	var password *pdf.PasswordError
	if pdf.Damaged(err) || errors.As(err, &limit) || errors.As(err, &password) {
		return nil
	}
	return err
}

// fileReason adds a reason of the file as a whole.
func (v *verifier) fileReason(code Code, text string) {
	v.rep.Reasons = append(v.rep.Reasons, Reason{string(code), text, rules[code].severity})
}
