package sign

import (
	"context"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// maxDrawn bounds Options.Marks and Options.Texts together.
const maxDrawn = 1000

// drawn is something that goes on pages beside the widget, as page content.
type drawn struct {
	where   *appearance.Resolved
	compose func(width, height float64) (*appearance.Mark, error)
}

// resolveDrawn finds the places of the further marks and the texts.
func (p *Prepared) resolveDrawn(ctx context.Context, f *pdf.File) error {
	add := func(place appearance.Place, compose func(w, h float64) (*appearance.Mark, error)) error {
		where, err := place.ResolveContext(ctx, f)
		if err != nil {
			return damaged(err)
		}
		p.drawn = append(p.drawn, drawn{where, compose})
		p.Notes = append(p.Notes, where.Warnings...)
		return nil
	}
	mark := func(w, h float64) (*appearance.Mark, error) { return appearance.Compose(p.o.Style, p.info(), w, h) }
	for _, place := range p.o.Marks {
		if err := add(place, mark); err != nil {
			return err
		}
	}
	for _, text := range p.o.Texts {
		if err := add(text.Place, text.Compose); err != nil {
			return err
		}
	}
	return nil
}

// info is what the mark shows.
func (p *Prepared) info() appearance.Info {
	info := p.o.Info
	info.Time = p.SigningTime
	if info.Reason == "" {
		info.Reason = p.o.Reason
	}
	if info.Location == "" {
		info.Location = p.o.Location
	}
	return info
}

// drawAll draws them. Marks of one size share one form.
func (p *Prepared) drawAll(fm *form, tagged bool) error {
	type size struct{ w, h float64 }
	shared := map[size]*marks{}
	for i, d := range p.drawn {
		at := size{d.where.Rect.Width(), d.where.Rect.Height()}
		m := shared[at]
		if isText := i >= len(p.o.Marks); isText || m == nil {
			mark, err := d.compose(at.w, at.h)
			if err != nil {
				return err
			}
			m = &marks{f: fm.f, u: fm.u, archive: fm.archive, mark: mark, forms: map[[6]float64]pdf.Ref{}}
			if !isText {
				shared[at] = m
			}
		}
		for i, page := range d.where.Pages {
			if err := m.draw(page, d.where.On(i), tagged); err != nil {
				return err
			}
		}
	}
	return nil
}
