package changes

import (
	"context"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Walk lets comparisons of one file that continue each other, as those from one
// signature to the next do, share their look at the whole document: each begins
// where the one before ended. Its zero value is ready for use; it is not safe
// for concurrent use. An object keeps the roles that it had for an earlier
// signature, which can only forbid more.
type Walk struct {
	idx *index
	end int64 // of the revision up to which it is, bytes
}

// take gives the index of a signed revision, and leaves none behind: what ends
// in an error or with a forbidden change is no start for the next.
func (w *Walk) take(ctx context.Context, signed *pdf.File, end int64) (*index, error) {
	if w != nil && w.idx != nil && w.end == end {
		x := w.idx
		w.idx = nil
		return x, nil
	}
	x := newIndex(ctx)
	return x, x.walk(signed)
}

// keep leaves the index of the last revision for the next comparison.
func (w *Walk) keep(s *session) {
	if w != nil && level(s.res.Changes) != Forbidden {
		w.idx, w.end = s.idx, s.f.Size()
	}
}
