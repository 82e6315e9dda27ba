package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// page is the 1-based number of a page of the signed revision, 0 when ref is
// none.
func (s *session) page(ref pdf.Ref) int {
	if s.pages == nil {
		s.pages = map[pdf.Ref]int{}
	}
	n, ok := s.pages[ref]
	if !ok {
		n = s.pageNumber(ref)
		s.pages[ref] = n
	}
	return n
}

// pageNumber counts the pages before a page on the way up the tree, and only
// where that costs too much all pages, once.
func (s *session) pageNumber(ref pdf.Ref) int {
	if s.counted || ref == (pdf.Ref{}) {
		return 0
	}
	v, err := get(s.signed, ref)
	d, ok := v.(*pdf.Dict)
	if err != nil || !ok || isPages(d) {
		return 0
	}
	if n, ok := s.climb(ref, d); ok {
		if p, err := s.signed.Page(n); err == nil && p.Ref == ref {
			return n + 1
		}
	}
	s.counted = true
	for p, err := range s.signed.Pages() {
		if err != nil {
			break
		}
		if s.pages[p.Ref] == 0 {
			s.pages[p.Ref] = p.Index + 1
		}
	}
	return s.pages[ref]
}

// climb gives the 0-based number of a page by /Parent and /Count.
func (s *session) climb(ref pdf.Ref, d *pdf.Dict) (before int, ok bool) {
	for range maxParents {
		up, isRef := d.Get("Parent").(pdf.Ref)
		if !isRef {
			return before, true
		}
		v, err := get(s.signed, up)
		parent, ok := v.(*pdf.Dict)
		if err != nil || !ok {
			return 0, false
		}
		kids, err := s.signed.Array(parent.Get("Kids"))
		count, err2 := s.signed.Int(parent.Get("Count"))
		if err != nil || err2 != nil {
			return 0, false
		}
		n, ok := s.kidsBefore(kids, ref, int(count) == len(kids))
		if !ok {
			return 0, false
		}
		before += n
		ref, d = up, parent
	}
	return 0, false
}

// kidsBefore counts the pages in the kids before ref. In a node that counts as
// many pages as it has kids, all of them are pages.
func (s *session) kidsBefore(kids pdf.Array, ref pdf.Ref, flat bool) (n int, ok bool) {
	for i, e := range kids {
		if e == pdf.Object(ref) {
			return n, true
		}
		if flat {
			n++
			continue
		}
		if i >= maxPageScan {
			return 0, false
		}
		d, err := s.signed.Dict(e)
		if err != nil {
			return 0, false
		}
		if !isPages(d) {
			n++
			continue
		}
		c, err := s.signed.Int(d.Get("Count"))
		if err != nil || c < 0 || int64(c) > maxNodes {
			return 0, false
		}
		n += int(c)
	}
	return 0, false
}
