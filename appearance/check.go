package appearance

import (
	"context"
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// seenBox is a page as seen, as a rectangle.
func seenBox(p *pdf.Page) Rect {
	w, h := SeenSize(p)
	return Rect{0, 0, w, h}
}

// limitTextPages is on how many pages covered text is looked for: the warning
// is not worth reading a book.
const limitTextPages = 20

// check refuses a resolved place that leaves a page or covers another
// signature, and warns of covered text.
func (p *Place) check(ctx context.Context, f document, r *Resolved) error {
	if r.Field != "" {
		return nil // the author of the form chose the place
	}
	for n, i := range r.Pages {
		page, err := f.Page(i)
		if err != nil {
			return fmt.Errorf("place: page %d: %w", i+1, err)
		}
		if box := seenBox(page); !r.On(n).within(box) {
			err := p.refuse(r, "off_page", "the mark (%v) leaves page %d, which is %.0f x %.0f pt",
				r.On(n), i+1, box.Width(), box.Height())
			if err != nil {
				return err
			}
		}
	}
	if err := p.checkWidgets(f, r); err != nil {
		return err
	}
	for n := range r.Pages[:min(len(r.Pages), limitTextPages)] {
		if err := p.warnText(ctx, f, r, n); err != nil {
			return err
		}
	}
	for _, i := range p.unread {
		r.Warnings = append(r.Warnings, fmt.Sprintf("the text of page %d can't be read, so nothing is known of what the mark covers", i+1))
	}
	return nil
}

// refuse is the error of a bad place, or with Force a warning.
func (p *Place) refuse(r *Resolved, reason, format string, args ...any) error {
	if !p.Force {
		return placeErrorf(reason, format, args...)
	}
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
	return nil
}

func (p *Place) checkWidgets(f document, r *Resolved) error {
	if p.At == atSeal {
		return nil // a seal is meant to cover a part of the signature
	}
	widgets, err := signatureWidgets(f)
	if err != nil {
		return err
	}
	for n, i := range r.Pages {
		for k := range widgets {
			w := &widgets[k]
			if !w.filled || w.page != i || !r.On(n).overlaps(w.rect) {
				continue
			}
			err := p.refuse(r, "covers_signature", "the mark (%v) covers the signature %q on page %d (%v)", r.On(n), w.field, i+1, w.rect)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// warnText names the text that the mark covers on the n-th of its pages.
func (p *Place) warnText(ctx context.Context, f document, r *Resolved, n int) error {
	page := r.Pages[n]
	lines, err := p.linesIfAny(ctx, f, page)
	if err != nil {
		return err
	}
	var covered []string
	for _, l := range lines {
		if r.On(n).overlaps(l.rect) {
			covered = append(covered, l.text)
		}
	}
	const show = 3
	if more := len(covered) - show; more > 0 {
		covered = append(covered[:show], fmt.Sprintf("and %d more", more))
	}
	if len(covered) > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("the mark covers text on page %d: %s", page+1, strings.Join(covered, "; ")))
	}
	return nil
}
