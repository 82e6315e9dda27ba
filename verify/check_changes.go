package verify

import (
	"context"
	"fmt"

	"github.com/kyso-vn/kyso/internal/changes"
)

// checkChanges compares every later revision with the signed one.
func (v *verifier) checkChanges(ctx context.Context, r *record) error {
	r.changesAfter = ChangesUnknown
	switch {
	case r.coverage == EntireFile:
		r.changesAfter = ChangesNone
		return nil
	case r.signedView == nil || r.revision < 0:
		return nil // the range is wrong, and that is said
	case r.origin == fromUsageRights:
		return nil // it forbids nothing
	}
	v.checkTail(r)
	if r.revision == len(v.revs)-1 {
		return nil
	}
	docMDP, locks := v.permitted(r)
	result, err := changes.Compare(ctx, v.f, changes.Options{SignedEnd: v.revs[r.revision].End, DocMDP: docMDP, Locks: locks})
	if err != nil {
		return fmt.Errorf("verify: compare the revisions: %w", err)
	}
	v.takeChanges(r, result)
	return nil
}

// checkTail judges what follows the last revision of the file.
func (v *verifier) checkTail(r *record) {
	switch {
	case v.tail.nothing:
		r.changesAfter = ChangesNone
	case v.tail.comment:
		r.changesAfter = ChangesPermitted
		r.find(CodeTrailingComment, "a comment follows the last revision")
	default:
		r.changesAfter = ChangesForbidden
		r.find(CodeTrailingData, "%d bytes follow the last revision of the file, and nobody signed them", v.size-v.tail.start)
	}
}

// takeChanges turns the result of a comparison into facts and reasons.
func (v *verifier) takeChanges(r *record, result *changes.Result) {
	for _, c := range result.Changes[:min(len(result.Changes), maxChanges)] {
		r.changes = append(r.changes, Change{
			Revision: c.Revision, Object: c.Object, Kind: c.Kind, Permitted: c.Permitted, Detail: c.Detail,
			Code: c.Code, Field: c.Field, Key: c.Key, OldValue: c.OldValue, NewValue: c.NewValue, Page: c.Page, Count: c.Count,
		})
	}
	for _, w := range result.Warnings {
		code := Code(w.Code)
		if _, ok := rules[code]; !ok {
			code = CodeChangesOther
		}
		if w.Code == changes.WarnLimit {
			code = CodeLimitChanges
		}
		r.find(code, "revision %d: %s", w.Revision, w.Detail)
	}
	switch result.Level {
	case changes.None:
	case changes.Permitted:
		if r.changesAfter == ChangesNone {
			r.changesAfter = ChangesPermitted
		}
	case changes.Forbidden:
		r.changesAfter = ChangesForbidden
		n := 0
		for _, c := range result.Changes {
			if !c.Permitted {
				n++
			}
		}
		r.find(CodeChangesForbidden, "%d changes after the signature are not permitted", n)
	default:
		if r.changesAfter != ChangesForbidden {
			r.changesAfter = ChangesUnknown
		}
		r.find(CodeChangesUnknown, "what was changed after the signature could not be told")
	}
}
