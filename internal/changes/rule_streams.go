package changes

import (
	"bytes"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// objectStreams finds the objects that a new object stream replaces although
// their cross-reference entries are older: an entry that says "in stream 9"
// means another object once stream 9 is another.
func (j *judge) objectStreams(r pdf.Revision) error {
	for _, ref := range r.Defined {
		d := j.deltas[ref]
		if d == nil {
			continue
		}
		for _, side := range []struct {
			view *pdf.File
			o    pdf.Object
		}{{j.old, d.old}, {j.new, d.new}} {
			nums, err := indexOf(side.view, side.o)
			if err != nil {
				return err
			}
			for _, n := range nums {
				if err := j.look(pdf.Ref{Num: n}, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// indexOf lists the numbers in an object stream; nil for what is none.
func indexOf(f *pdf.File, o pdf.Object) ([]uint32, error) {
	s, ok := o.(*pdf.Stream)
	if !ok || s.Dict.Get("Type") != pdf.Name("ObjStm") {
		return nil, nil
	}
	data, err := s.Decode(0)
	if err != nil {
		return nil, damagedIsNil(err)
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

// digits reads a number after white space.
func digits(b []byte) (n uint32, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, " \t\r\n\f\x00")
	for len(b) > 0 && b[0] >= '0' && b[0] <= '9' && n < 1<<28 {
		n, b, ok = n*10+uint32(b[0]-'0'), b[1:], true
	}
	return n, b, ok
}
