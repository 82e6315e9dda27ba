package verify

import (
	"context"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/changes"
	"github.com/kyso-vn/kyso/internal/pdf"
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
	if r.revision == len(v.revs)-1 && !v.tail.comment { // a comment can name another chain of sections
		return nil
	}
	docMDP, locks := v.permitted(r)
	c := &comparison{revision: r.revision, docMDP: docMDP, locks: len(locks)}
	o := changes.Options{SignedEnd: v.revs[r.revision].End, DocMDP: docMDP, Locks: locks}
	var err error
	if next := v.compared; next.serves(c, &v.pairs, len(v.revs)) {
		c.result, err = v.compareUpTo(ctx, next, o)
	} else {
		c.result, err = v.compareFrom(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("verify: compare the revisions: %w", err)
	}
	v.compared = c
	v.takeChanges(r, c.result)
	return nil
}

// comparison is the result for a signed revision. Records are judged newest
// first, so that an older one has only to be compared up to it: what came
// after was judged there. Else work would grow with the cube of the signatures.
type comparison struct {
	revision, docMDP, locks int
	result                  *changes.Result
}

// serves tells whether the result holds for what an older signature permits
// too. Locks only grow from signature to signature, so that equal numbers are
// equal locks, and what passed under more of them passes under fewer. What did
// not pass may do so for the older: it is asked again, as long as that costs
// less than maxPairs signatures times revisions.
func (c *comparison) serves(old *comparison, pairs *int, revisions int) bool {
	if c == nil || c.revision < old.revision {
		return false
	}
	if c.docMDP == old.docMDP && c.locks == old.locks {
		return true
	}
	// P=3 permits annotations that no certification does not permit.
	stricter := c.docMDP == old.docMDP || c.docMDP > 0 && c.docMDP < old.docMDP || old.docMDP == 0 && c.docMDP < 3
	if stricter && (c.result.Level == changes.None || c.result.Level == changes.Permitted) {
		return true
	}
	*pairs += revisions - old.revision
	return *pairs > maxPairs && stricter
}

// compareUpTo gives what changed from a signed revision to a later one, and
// adds what came after that.
func (v *verifier) compareUpTo(ctx context.Context, next *comparison, o changes.Options) (*changes.Result, error) {
	own := &changes.Result{Level: changes.None}
	view, err := v.viewOf(ctx, next.revision)
	if err != nil {
		return nil, err
	}
	if known := v.spanOf(o, view.Size()); known != nil {
		own = known
	} else if o.SignedEnd < view.Size() {
		if own, err = changes.Compare(ctx, view, o); err != nil {
			return nil, err
		}
	}
	return &changes.Result{
		Level:    worst(own.Level, next.result.Level),
		Changes:  bounded(slices.Concat(own.Changes, next.result.Changes), 2*maxChanges),
		Warnings: slices.Concat(own.Warnings, next.result.Warnings),
	}, nil
}

// compareFrom gives what changed from a signed revision to the end.
func (v *verifier) compareFrom(ctx context.Context, o changes.Options) (*changes.Result, error) {
	if known := v.spanOf(o, v.f.Size()); known != nil {
		return known, nil
	}
	return changes.Compare(ctx, v.f, o)
}

// span is what changed from a signed revision to the next signed one, or to
// the end of the file.
type span struct {
	to            int64
	docMDP, locks int
	result        *changes.Result
}

// spanOf finds the result of compareSpans; nil: it is not the same question.
func (v *verifier) spanOf(o changes.Options, to int64) *changes.Result {
	s := v.spans[o.SignedEnd]
	if s == nil || s.to != to || s.docMDP != o.DocMDP || s.locks != len(o.Locks) {
		return nil
	}
	return s.result
}

// compareSpans compares each signed revision with the next, the oldest first,
// so that the document is walked through once for all of them.
func (v *verifier) compareSpans(ctx context.Context) error {
	v.spans = make(map[int64]*span)
	var walk changes.Walk
	var last *record
	compare := func(from *record, to *pdf.File) error {
		docMDP, locks := v.permitted(from)
		end := v.revs[from.revision].End
		result, err := changes.Compare(ctx, to, changes.Options{SignedEnd: end, DocMDP: docMDP, Locks: locks, Walk: &walk})
		if err != nil {
			return fmt.Errorf("verify: compare the revisions: %w", err)
		}
		v.spans[end] = &span{to.Size(), docMDP, len(locks), result}
		return nil
	}
	for _, r := range v.recs {
		if r.signedView == nil || r.revision < 0 || r.origin == fromUsageRights || last != nil && r.revision <= last.revision {
			continue
		}
		if last != nil {
			view, err := v.viewOf(ctx, r.revision)
			if err != nil {
				return err
			}
			if err := compare(last, view); err != nil {
				return err
			}
		}
		last = r
	}
	if last == nil || last.revision == len(v.revs)-1 {
		return nil
	}
	return compare(last, v.f)
}

// bounded leaves out permitted changes before forbidden ones.
func bounded(list []changes.Change, most int) []changes.Change {
	over := len(list) - most
	if over <= 0 {
		return list
	}
	out := make([]changes.Change, 0, most)
	for _, c := range slices.Backward(list) {
		if over > 0 && c.Permitted {
			over--
			continue
		}
		out = append(out, c)
	}
	slices.Reverse(out)
	return out[:min(len(out), most)]
}

// worst of two levels: forbidden, unknown, permitted, none.
func worst(a, b changes.Level) changes.Level {
	for _, l := range []changes.Level{changes.Forbidden, changes.Unknown, changes.Permitted} {
		if a == l || b == l {
			return l
		}
	}
	return changes.None
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
	for _, c := range bounded(result.Changes, maxChanges) {
		r.changes = append(r.changes, Change{
			Revision: c.Revision, Object: c.Object, Kind: c.Kind, Permitted: c.Permitted, Detail: c.Detail,
			Code: c.Code, Field: c.Field, Key: c.Key, OldValue: c.OldValue, NewValue: c.NewValue, Page: c.Page, Count: c.Count,
		})
	}
	for _, w := range result.Warnings {
		if w.Code == changes.WarnTrailingComment && v.tail.comment {
			continue // checkTail said so
		}
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
