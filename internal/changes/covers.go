package changes

import (
	"bytes"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// drawn says where the signed revision draws on a page, roughly and rather too
// much: text, pictures and smaller areas. The background and thin lines do not
// count: nothing is hidden by drawing over them.
type drawn struct {
	boxes   []box
	annots  []placed
	shining []placed // markup that shines through, of later revisions
	unknown bool     // it can't be told: everywhere
	turned  bool     // by 90 or 270 degrees
}

type placed struct {
	ref pdf.Ref
	box
}

// meets reports whether something other than the annotation ref is drawn in b.
func (d *drawn) meets(b box, ref pdf.Ref) bool {
	if d.unknown {
		return true
	}
	for _, o := range d.boxes {
		if o.meets(b) {
			return true
		}
	}
	return meets(d.annots, b, ref)
}

func meets(list []placed, b box, ref pdf.Ref) bool {
	for _, a := range list {
		if a.ref != ref && a.meets(b) {
			return true
		}
	}
	return false
}

// covers reports whether an annotation shows something over what its page
// shows.
func (j *judge) covers(ref pdf.Ref, d *pdf.Dict) (bool, int, error) {
	shows, err := j.shows(d)
	if err != nil || !shows {
		return false, 0, err
	}
	pages, whole := j.pagesOf(ref, d)
	if len(pages) == 0 {
		return false, 0, nil // a field without page shows nothing
	}
	over, err := j.over(ref, d, j.new, pages)
	return over || !whole, j.firstPage(pages), err
}

// over reports whether the place of an annotation meets what the signed
// revision shows on one of the pages.
func (j *judge) over(ref pdf.Ref, d *pdf.Dict, view *pdf.File, pages []pdf.Ref) (bool, error) {
	return j.overWithin(0, ref, d, view, pages)
}

// room is how far in points from text what is written later must stay, so that
// it is not read as a part of it.
const room = 14

// overWithin counts what is nearer than room too.
func (j *judge) overWithin(room float64, ref pdf.Ref, d *pdf.Dict, view *pdf.File, pages []pdf.Ref) (bool, error) {
	b, ok := j.rect(d, view)
	if !ok || len(pages) == 0 {
		return true, nil
	}
	b = box{b.x0 - room, b.y0 - room/4, b.x1 + room, b.y1 + room/4}
	for _, page := range pages {
		p, err := j.drawnOn(page)
		if err == nil {
			err = j.spend((len(p.boxes) + len(p.annots)) / 16)
		}
		if err != nil || p.meets(b, ref) {
			return true, err
		}
	}
	return false, nil
}

// drawnOn looks at a page of the signed revision, once.
func (s *session) drawnOn(page pdf.Ref) (*drawn, error) {
	if p := s.places[page]; p != nil {
		return p, nil
	}
	p := &drawn{}
	if s.places == nil {
		s.places = map[pdf.Ref]*drawn{}
	}
	s.places[page] = p
	index := s.page(page)
	if index == 0 {
		p.unknown = true
		return p, nil
	}
	pg, err := s.signed.Page(index - 1)
	if err != nil || pg.Ref != page {
		p.unknown = true
		return p, damagedOrNil(err)
	}
	p.turned = pg.Rotate%180 != 0
	r := newPainter(s.signed, p, box{pg.MediaBox[0], pg.MediaBox[1], pg.MediaBox[2], pg.MediaBox[3]})
	data, ok := contents(s.signed, pg.Dict.Get("Contents"))
	resources, err := s.signed.Dict(pg.Resources)
	if !ok || err != nil && !pdf.Damaged(err) {
		p.unknown = true
		return p, damagedOrNil(err)
	}
	r.run(data, resources, identity, 0)
	if err := s.spend(maxContentOps - max(0, r.ops) + len(data)/bytesPerValue); err != nil {
		return p, err
	}
	return p, s.drawnByAnnots(pg.Dict, p)
}

func damagedOrNil(err error) error {
	if err == nil || pdf.Damaged(err) {
		return nil
	}
	return err
}

// drawnByAnnots adds the annotations of the signed page.
func (s *session) drawnByAnnots(page *pdf.Dict, p *drawn) error {
	j := &judge{session: s, old: s.signed, new: s.signed}
	v, err := resolve(s.signed, page.Get("Annots"))
	if err != nil {
		return err
	}
	list, _ := v.(pdf.Array)
	for _, e := range list[:min(len(list), maxBoxes)] {
		v, err := resolve(s.signed, e)
		if err != nil {
			return err
		}
		d, ok := v.(*pdf.Dict)
		if !ok {
			continue
		}
		shows, err := j.shows(d)
		if err != nil {
			return err
		}
		shows = shows || d.Get("Subtype") == pdf.Name("Widget") // its value may be drawn
		if b, ok := j.rect(d, s.signed); ok && shows {
			ref, _ := e.(pdf.Ref)
			p.annots = append(p.annots, placed{ref, b})
		}
	}
	return nil
}

// contents joins the content streams of a page.
func contents(f *pdf.File, o pdf.Object) ([]byte, bool) {
	v, err := resolve(f, o)
	if err != nil {
		return nil, false
	}
	var list pdf.Array
	switch v := v.(type) {
	case nil:
		return nil, true
	case *pdf.Stream:
		list = pdf.Array{v}
	case pdf.Array:
		list = v
	default:
		return nil, false
	}
	var out bytes.Buffer
	for _, e := range list {
		e, err := resolve(f, e)
		s, ok := e.(*pdf.Stream)
		if err != nil || !ok {
			return nil, false
		}
		data, err := s.Decode(int64(maxContent - out.Len() + 1))
		if err != nil || out.Len()+len(data) > maxContent {
			return nil, false
		}
		out.Write(data)
		out.WriteByte('\n')
	}
	return out.Bytes(), true
}

// resource finds a named resource of a type, its zero value when there is none.
func resource[T any](f *pdf.File, resources *pdf.Dict, category pdf.Name, key []byte) (none T) {
	d, err := f.Dict(resources.Get(category))
	if err != nil || d == nil {
		return none
	}
	v, err := resolve(f, d.Get(pdf.Name(key)))
	t, ok := v.(T)
	if err != nil || !ok {
		return none
	}
	return t
}
