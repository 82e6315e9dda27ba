package appearance

import (
	"context"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Anchor says where a mark stands at a phrase.
type Anchor int

// Anchors.
const (
	Below Anchor = iota + 1
	Above
	LeftOf
	RightOf
	Over
)

func (p *Place) resolveText(_ context.Context, _ *pdf.File, _ int) (*Resolved, error) {
	return nil, placeErrorf("no_finder", "placing at a text is not possible here")
}

func (p *Place) resolveAuto(_ context.Context, f *pdf.File, n int) (*Resolved, error) {
	q := *p
	q.At = "bottom-right"
	return q.resolveCorner(f, n)
}
