package changes

import (
	"bytes"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// sharedFonts reports whether a change of resources that pages draw with only
// adds fonts, for the form: LibreOffice writes one dictionary for both. The
// names must be such that no content used them before.
func (j *judge) sharedFonts(d *delta) (bool, error) {
	m := j.idx.nodes[d.ref].roles
	o, ok1 := d.old.(*pdf.Dict)
	n, ok2 := d.new.(*pdf.Dict)
	if !ok1 || !ok2 || !m.has(rDR) && !m.has(rDRCategory) {
		return false, nil
	}
	var added []pdf.Name
	for _, key := range keys(o, n) {
		a, b, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return false, err
		}
		if same {
			continue
		}
		was, isDict := dictOrNil(a)
		is, ok := b.(*pdf.Dict)
		switch {
		case !ok || !isDict:
			return false, nil
		case m.has(rDRCategory) && a == nil && is.Get("Type") == pdf.Name("Font"):
			added = append(added, key)
		case m.has(rDR) && key == "Font":
			more, ok, err := j.fontsOnly(was, is)
			if !ok || err != nil {
				return false, err
			}
			added = append(added, more...)
		default:
			return false, nil
		}
	}
	return j.undrawn(added)
}

// fontsOnly lists the fonts that are in n and not in o; ok is false when
// anything else differs.
func (j *judge) fontsOnly(o, n *pdf.Dict) (added []pdf.Name, ok bool, err error) {
	for _, key := range keys(o, n) {
		a, b, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return nil, false, err
		}
		if same {
			continue
		}
		f, isDict := b.(*pdf.Dict)
		if a != nil || !isDict || f.Get("Type") != pdf.Name("Font") {
			return nil, false, nil
		}
		added = append(added, key)
	}
	return added, true, nil
}

// undrawn reports whether no content of the signed revision selects a font by
// one of the names.
func (j *judge) undrawn(names []pdf.Name) (bool, error) {
	if err := j.readFontNames(); err != nil {
		return false, err
	}
	for _, n := range names {
		if j.drawnFonts[n] {
			return false, nil
		}
	}
	return !j.drawnUnknown, nil
}

// readFontNames reads all content once.
func (s *session) readFontNames() error {
	if s.drawnFonts != nil {
		return nil
	}
	s.drawnFonts = map[pdf.Name]bool{}
	left := int64(maxAllContent)
	for ref, n := range s.idx.nodes {
		if !n.roles.has(rContent) && !n.roles.has(rAPStream) {
			continue
		}
		v, err := get(s.signed, ref)
		if err != nil {
			return err
		}
		st, ok := v.(*pdf.Stream)
		if !ok || st.Dict.Get("Subtype") == pdf.Name("Image") || st.Dict.Has("Length1") || st.Dict.Has("Length2") {
			continue // a picture or a font program
		}
		data, err := st.Decode(left)
		if left -= int64(len(data)); err != nil || left <= 0 {
			s.drawnUnknown = true
			return nil //nolint:nilerr // what can't be read may draw with any font
		}
		if !operators(data, s.selects) {
			s.drawnUnknown = s.drawnUnknown || bytes.Contains(data, []byte("Tf"))
		}
	}
	return nil
}

// selects notes the font that an operator selects.
func (s *session) selects(op string, args []operand) bool {
	if op == "Tf" && len(args) > 0 {
		name := args[0].text
		s.drawnUnknown = s.drawnUnknown || bytes.IndexByte(name, '#') >= 0
		s.drawnFonts[pdf.Name(name)] = true
	}
	return true
}
