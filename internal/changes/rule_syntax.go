package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// once denies objects of a later revision with a key that occurs twice in a
// dictionary: which value counts is a matter on which readers differ
// (ISO 32000-2, 7.3.7), so that what is compared here need not be what is seen.
func (j *judge) once(ref pdf.Ref) error {
	o, err := get(j.new, ref)
	if err != nil {
		return err
	}
	j.onceIn(ref, o)
	n := weight(o)
	if s, ok := o.(*pdf.Stream); ok { // its /Length may be an object of its own
		length, err := j.new.Int(s.Dict.Get("Length"))
		if err != nil && !pdf.Damaged(err) {
			return err
		}
		n += int(min(max(length, 0), maxWork) / bytesPerValue)
	}
	return j.spend(n)
}

// weight is about how many values an object has, for what it costs to look at.
func weight(o pdf.Object) int {
	n := 1
	switch o := o.(type) {
	case pdf.Array:
		for _, e := range o {
			n += weight(e)
		}
	case *pdf.Stream:
		n += weight(o.Dict)
	case *pdf.Dict:
		for _, e := range o.All() {
			n += weight(e)
		}
	}
	return n
}

func (j *judge) onceIn(ref pdf.Ref, o pdf.Object) {
	if key, ok := duplicate(o); ok {
		j.deny(ref, Change{Kind: KindStructure, Code: "duplicate_keys", Key: string(key),
			Detail: fmt.Sprintf("a dictionary has two entries /%s: which one is shown depends on the reader", key)})
	}
}

// duplicate finds a key that occurs twice in a direct value; the parser bounds
// the nesting.
func duplicate(o pdf.Object) (key pdf.Name, ok bool) {
	switch o := o.(type) {
	case pdf.Array:
		for _, e := range o {
			if key, ok = duplicate(e); ok {
				return key, true
			}
		}
	case *pdf.Stream:
		return duplicate(o.Dict)
	case *pdf.Dict:
		if twice := o.Duplicates(); len(twice) > 0 {
			return twice[0], true
		}
		for _, e := range o.All() {
			if key, ok = duplicate(e); ok {
				return key, true
			}
		}
	}
	return "", false
}

// unsettled looks at the objects of the signed revision that were not whole
// then: bytes that were appended may have completed them, though no row of a
// later section names them.
func (s *session) unsettled(first int) error {
	if len(s.idx.loose) > maxLoose {
		return limitErr(LimitSteps, maxLoose)
	}
	for _, ref := range s.idx.loose {
		loc, ok, err := s.f.Locate(ref)
		if err != nil && !pdf.Damaged(err) {
			return err
		}
		if ok && loc.Revision >= first { // judged with its revision
			continue
		}
		was, err := get(s.signed, ref)
		if err != nil {
			return err
		}
		is, err := get(s.f, ref)
		if err != nil {
			return err
		}
		_, still := is.(broken)
		if _, before := was.(broken); before && still {
			continue
		}
		same, err := equal(was, is)
		if err != nil {
			return err
		}
		if !same {
			s.add(Change{Kind: KindContent, Code: "completed", Object: name(ref),
				Detail: "an object that was not whole in the signed revision was completed by what follows it"})
		}
	}
	return nil
}
