package changes

import (
	"bytes"
	"errors"
	"math"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// broken stands for an object that can't be parsed. It equals nothing.
type broken struct{}

// get reads an object; one that breaks the syntax is broken, not an error.
func get(f *pdf.File, ref pdf.Ref) (pdf.Object, error) {
	o, err := f.Get(ref)
	if err != nil && pdf.Damaged(err) {
		return broken{}, nil
	}
	return o, err
}

// resolve follows references, with broken for what can't be parsed.
func resolve(f *pdf.File, o pdf.Object) (pdf.Object, error) {
	v, err := f.Resolve(o)
	var limit *pdf.LimitError
	if errors.As(err, &limit) && limit.Name == pdf.LimitRefChain { // references in a circle
		return broken{}, nil
	}
	if err != nil && pdf.Damaged(err) {
		return broken{}, nil
	}
	return v, err
}

// equal compares two values as they stand: references by what they name. The
// parser bounds their nesting.
func equal(a, b pdf.Object) (bool, error) {
	switch a := a.(type) {
	case broken:
		return false, nil
	case pdf.Array:
		b, ok := b.(pdf.Array)
		if !ok || len(a) != len(b) {
			return false, nil
		}
		for i := range a {
			if eq, err := equal(a[i], b[i]); !eq || err != nil {
				return false, err
			}
		}
		return true, nil
	case *pdf.Dict:
		b, ok := b.(*pdf.Dict)
		if !ok {
			return false, nil
		}
		return equalDict(a, b, "")
	case *pdf.Stream:
		b, ok := b.(*pdf.Stream)
		if !ok {
			return false, nil
		}
		return equalStream(a, b)
	}
	return equalScalar(a, b), nil
}

func equalScalar(a, b pdf.Object) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && (x == y || near(a, b, x, y))
	}
	if s, ok := a.(pdf.String); ok {
		t, ok := b.(pdf.String)
		return ok && s.Value == t.Value
	}
	switch b.(type) {
	case pdf.Array, *pdf.Dict, *pdf.Stream, broken: // not comparable, or equal to nothing
		return false
	}
	return a == b
}

// near: programs that write an object again round its reals.
func near(a, b pdf.Object, x, y float64) bool {
	const precision = 1e-6
	_, real1 := a.(pdf.Real)
	_, real2 := b.(pdf.Real)
	return (real1 || real2) && math.Abs(x-y) <= precision*max(1, math.Abs(x))
}

func number(o pdf.Object) (float64, bool) {
	switch v := o.(type) {
	case pdf.Integer:
		return float64(v), true
	case pdf.Real:
		return float64(v), true
	}
	return 0, false
}

// equalDict ignores the order and, when not empty, one key. A null value is
// none (ISO 32000-2, 7.3.7).
func equalDict(a, b *pdf.Dict, ignore pdf.Name) (bool, error) {
	for _, key := range keys(a, b) {
		if key == ignore {
			continue
		}
		if eq, err := equal(a.Get(key), b.Get(key)); !eq || err != nil {
			return false, err
		}
	}
	return true, nil
}

// keys lists the keys of both, those of a first.
func keys(a, b *pdf.Dict) []pdf.Name {
	list := make([]pdf.Name, 0, a.Len()+2)
	for k := range a.All() {
		list = append(list, k)
	}
	for k := range b.All() {
		if !a.Has(k) {
			list = append(list, k)
		}
	}
	return list
}

// equalStream compares lengths first, so that a short stream in place of a long
// one costs nothing.
func equalStream(a, b *pdf.Stream) (bool, error) {
	m, ok1 := a.Dict.Get("Length").(pdf.Integer)
	n, ok2 := b.Dict.Get("Length").(pdf.Integer)
	if ok1 && ok2 && m != n {
		return false, nil
	}
	if eq, err := equalDict(a.Dict, b.Dict, "Length"); !eq || err != nil {
		return false, err
	}
	x, err := a.Raw()
	if err != nil {
		return false, damagedIsNil(err)
	}
	y, err := b.Raw()
	if err != nil {
		return false, damagedIsNil(err)
	}
	return bytes.Equal(x, y), nil
}

func damagedIsNil(err error) error {
	if pdf.Damaged(err) {
		return nil
	}
	return err
}

// deep compares a value of the old view with one of the new view, following
// references that differ: an object may have moved. Where both are one
// reference, the object itself is judged elsewhere.
type deep struct {
	old, new *pdf.File
	seen     map[[2]pdf.Ref]bool
	left     int
}

func (d *deep) equal(a, b pdf.Object) (bool, error) {
	if d.left--; d.left < 0 {
		return false, nil // what can't be shown to be equal is not
	}
	ra, isRefA := a.(pdf.Ref)
	rb, isRefB := b.(pdf.Ref)
	if isRefA && isRefB && ra == rb {
		return true, nil
	}
	if isRefA || isRefB {
		if pair := [2]pdf.Ref{ra, rb}; isRefA && isRefB {
			if d.seen[pair] {
				return true, nil
			}
			d.seen[pair] = true
		}
		var err error
		if a, err = resolve(d.old, a); err != nil {
			return false, err
		}
		if b, err = resolve(d.new, b); err != nil {
			return false, err
		}
	}
	return d.direct(a, b)
}

func (d *deep) direct(a, b pdf.Object) (bool, error) {
	switch a := a.(type) {
	case pdf.Array:
		b, ok := b.(pdf.Array)
		if !ok || len(a) != len(b) {
			return false, nil
		}
		for i := range a {
			if eq, err := d.equal(a[i], b[i]); !eq || err != nil {
				return false, err
			}
		}
		return true, nil
	case *pdf.Dict:
		b, ok := b.(*pdf.Dict)
		if !ok {
			return false, nil
		}
		return d.dict(a, b, "")
	case *pdf.Stream:
		b, ok := b.(*pdf.Stream)
		if !ok {
			return false, nil
		}
		return d.stream(a, b)
	}
	return equal(a, b)
}

func (d *deep) dict(a, b *pdf.Dict, ignore pdf.Name) (bool, error) {
	for _, key := range keys(a, b) {
		if key == ignore {
			continue
		}
		if eq, err := d.equal(a.Get(key), b.Get(key)); !eq || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (d *deep) stream(a, b *pdf.Stream) (bool, error) {
	if eq, err := d.dict(a.Dict, b.Dict, "Length"); !eq || err != nil {
		return false, err
	}
	x, err := a.Raw()
	if err != nil {
		return false, damagedIsNil(err)
	}
	y, err := b.Raw()
	if err != nil {
		return false, damagedIsNil(err)
	}
	return bytes.Equal(x, y), nil
}
