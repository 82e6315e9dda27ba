package appearance

import (
	"context"
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// check refuses a resolved place that leaves a page or covers another
// signature, and warns of covered text.
func (p *Place) check(ctx context.Context, f *pdf.File, r *Resolved) error {
	for _, i := range r.Pages {
		page, err := f.Page(i)
		if err != nil {
			return fmt.Errorf("place: page %d: %w", i+1, err)
		}
		w, h := SeenSize(page)
		if !r.Rect.within(Rect{0, 0, w, h}) {
			err := placeErrorf("off_page", "the mark (%v) leaves page %d, which is %.0f x %.0f pt", r.Rect, i+1, w, h)
			if !p.Force {
				return err
			}
			r.Warnings = append(r.Warnings, err.(*PlaceError).Detail)
		}
	}
	return nil
}
