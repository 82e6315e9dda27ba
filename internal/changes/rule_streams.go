package changes

import (
	"bytes"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// objectStreams finds the objects that a new object stream replaces although
// their cross-reference entries are older: an entry that says "in stream 9"
// means another object once stream 9 is another.
func (j *judge) objectStreams(r *pdf.Rows) error {
	for _, ref := range slices.Concat(r.Defined, r.Freed) {
		for _, gen := range []uint16{0, ref.Gen} { // a row of a free object has the next generation
			if err := j.objectStream(j.deltas[pdf.Ref{Num: ref.Num, Gen: gen}]); err != nil {
				return err
			}
		}
	}
	return nil
}

// objectStream looks at all that a stream held or holds.
func (j *judge) objectStream(d *delta) error {
	if d == nil {
		return nil
	}
	for _, side := range []struct {
		view *pdf.File
		o    pdf.Object
	}{{j.old, d.old}, {j.new, d.new}} {
		nums, err := j.indexOf(side.view, side.o)
		if err != nil {
			return err
		}
		for _, n := range nums {
			if err := j.look(pdf.Ref{Num: n}, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexOf lists the numbers in an object stream; nil for what is none.
func (j *judge) indexOf(f *pdf.File, o pdf.Object) ([]uint32, error) {
	s, ok := o.(*pdf.Stream)
	if !ok || s.Dict.Get("Type") != pdf.Name("ObjStm") {
		return nil, nil
	}
	data, ok, err := j.decode(s, maxObjStm)
	if err != nil || !ok {
		return nil, err
	}
	n, err := f.Int(s.Dict.Get("N"))
	if err != nil {
		return nil, damagedIsNil(err)
	}
	var nums []uint32
	for i := 0; i < int(min(n, maxObjStmIndex)); i++ {
		num, rest, ok1 := digits(data)
		_, rest, ok2 := digits(rest)
		if !ok1 || !ok2 {
			break
		}
		data = rest
		nums = append(nums, num)
	}
	return nums, nil
}

// digits reads a number after white space and comments.
func digits(b []byte) (n uint32, rest []byte, ok bool) {
	for b = bytes.TrimLeft(b, contentSpace); len(b) > 0 && b[0] == '%'; {
		b = bytes.TrimLeft(afterLine(b), contentSpace)
	}
	for len(b) > 0 && b[0] >= '0' && b[0] <= '9' && n < 1<<28 {
		n, b, ok = n*10+uint32(b[0]-'0'), b[1:], true
	}
	return n, b, ok
}
