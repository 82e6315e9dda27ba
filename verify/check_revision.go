package verify

import (
	"context"
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// checkRevision finds the revision that the range ends, and holds dictionary
// and field against it: both must be in what they sign.
func (v *verifier) checkRevision(ctx context.Context, r *record) error {
	if !r.rangeSane {
		return nil
	}
	end := r.rng.end()
	if v.revs == nil {
		return v.withoutHistory(ctx, r, end)
	}
	revision, over, ok, err := v.revisionEnding(end)
	if err != nil {
		return err
	}
	if !ok {
		r.find(CodeRangeEnd, "/ByteRange ends at byte %d, where no revision of the file ends", end)
		return nil
	}
	r.revision = revision
	r.signedEnd = end
	if over {
		r.find(CodeSignedTrailing, "the signature covers data behind the last revision")
	}
	if r.coverage != InvalidRange {
		r.coverage = EntireRevision
		if revision == len(v.revs)-1 && (v.tail.nothing || over) {
			r.coverage = EntireFile
		}
	}
	view, err := v.viewOf(ctx, revision)
	if err != nil {
		if lookError(err) != nil {
			return fmt.Errorf("verify: open revision %d: %w", revision+1, err)
		}
		r.find(CodeRangeEnd, "the signed revision %d can't be read: %v", revision+1, err)
		return nil
	}
	r.signedView = view
	return v.checkPlace(r, view, end)
}

// withoutHistory judges coverage where revisions are unclear: only a range to
// the end of the file is known to cover all.
func (v *verifier) withoutHistory(_ context.Context, r *record, end int64) error {
	white, err := v.only(end, v.size, isWhite)
	if err != nil {
		return err
	}
	if !white {
		r.find(CodeRangeEnd, "the history of the file can't be told, and bytes follow the range")
		return nil
	}
	if r.coverage != InvalidRange {
		r.coverage = EntireFile
	}
	r.signedView = v.f
	return nil
}

// checkPlace tells whether the signed revision has this dictionary, at this
// place, in this field. ISO 32000-2, 12.8.1.
func (v *verifier) checkPlace(r *record, view *pdf.File, end int64) error {
	holder := r.ref
	if holder == (pdf.Ref{}) {
		holder = r.field.Ref
	}
	if holder == (pdf.Ref{}) {
		return nil // direct in /Perms: the gap says where it is
	}
	loc, ok, err := view.Locate(holder)
	if lookError(err) != nil {
		return fmt.Errorf("verify: locate the signature: %w", err)
	}
	inside := err == nil && ok && loc.InStream == (pdf.Ref{}) && !loc.Free &&
		loc.Offset < r.contentsSpan.Start && loc.End >= r.contentsSpan.End && loc.End <= end
	if !inside {
		r.find(CodeOutsideRevision, "the signature dictionary is not in the revision that it signs")
		return nil
	}
	if !r.hasField {
		return nil
	}
	has, err := v.signedField(view, r)
	if err != nil {
		return err
	}
	if !has {
		r.find(CodeFieldLater, "field %q does not hold this signature in the revision that it signs", r.field.Name)
	}
	return nil
}

// fieldKey is a field and its value.
type fieldKey struct {
	field, value pdf.Ref
}

// signedField tells whether the form of the signed revision has the field with
// this value.
func (v *verifier) signedField(view *pdf.File, r *record) (bool, error) {
	form, err := v.formOf(view, r.revision)
	return form[fieldKey{r.field.Ref, r.ref}] != nil, err
}

// formOf lists the signed fields of a revision. Looking at large forms many
// times over is bounded: then the list is empty, and the file says so.
func (v *verifier) formOf(view *pdf.File, revision int) (map[fieldKey]*pdf.Field, error) {
	if form, ok := v.forms[revision]; ok {
		return form, nil
	}
	form := make(map[fieldKey]*pdf.Field)
	v.forms[revision] = form
	if v.visits > maxFieldVisits {
		v.note(CodeLimitFields, "the form has too many fields for so many signatures")
		return form, nil
	}
	list := v.fields
	if view != v.f {
		var err error
		if list, err = view.Fields(); lookError(err) != nil {
			return nil, fmt.Errorf("verify: read the form of revision %d: %w", revision+1, err)
		}
	}
	v.visits += len(list) + 1
	for i := range list {
		f := &list[i]
		if ref, ok := f.V.(pdf.Ref); ok || f.FT == "Sig" && f.V != nil {
			form[fieldKey{f.Ref, ref}] = f
		}
	}
	return form, nil
}
