package main

import (
	"sync"

	"github.com/kyso-vn/kyso/appearance"
)

// looks are the style, place and texts of one set of flags.
type looks struct {
	style appearance.Style
	place appearance.Place
	texts []appearance.Text
	marks []appearance.Place
}

// looksOf keeps the looks of the run's own flags; a row of a manifest has its
// own, for its one file. The zero value is empty. Safe for concurrent use.
type looksOf struct {
	mu   sync.Mutex
	o    *signOptions
	look *looks
}

// look builds style and place of a set of flags; those of the run once.
func (r *signRun) look(o *signOptions) (*looks, error) {
	if o != r.o {
		return o.buildLooks()
	}
	r.looks.mu.Lock()
	defer r.looks.mu.Unlock()
	if r.looks.o == o {
		return r.looks.look, nil
	}
	l, err := o.buildLooks()
	if err == nil {
		r.looks.o, r.looks.look = o, l
	}
	return l, err
}

func (o *signOptions) buildLooks() (*looks, error) {
	l, err := o.mark.build()
	if err != nil {
		return nil, err
	}
	place, err := o.place.build(l.place)
	if err != nil {
		return nil, err
	}
	texts, err := o.texts.build()
	if err != nil {
		return nil, err
	}
	out := &looks{style: l.style, place: place, texts: texts}
	for _, m := range o.place.marks[min(1, len(o.place.marks)):] {
		page, rect, err := parsePageRect(m)
		if err != nil {
			return nil, flagError("mark", err)
		}
		out.marks = append(out.marks, appearance.Place{Page: itoa(page), Rect: &rect, Force: o.place.force})
	}
	return out, nil
}
