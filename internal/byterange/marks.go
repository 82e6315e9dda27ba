package byterange

import (
	"bytes"
	"slices"
)

// Mark is the trace that every signature leaves in the clear.
const Mark = "/ByteRange"

// MaxMarks are noted in one file; one more tells that there are too many.
const MaxMarks = 10_000

var mark = []byte(Mark)

// marks finds Mark in blocks that follow each other.
type marks struct {
	carry []byte // the end of the last block
	found []int64
}

func (m *marks) clone() marks {
	return marks{slices.Clone(m.carry), slices.Clone(m.found)}
}

// see takes the next block, which begins at an offset.
func (m *marks) see(at int64, b []byte) {
	if keep := len(m.carry); keep > 0 {
		seam := append(m.carry, b[:min(len(b), len(mark)-1)]...)
		m.search(at-int64(keep), seam)
		if len(b) < len(mark)-1 { // the next seam may reach over this block
			m.carry = append([]byte(nil), seam[max(0, len(seam)-len(mark)+1):]...)
			return
		}
	}
	if m.search(at, b); len(b) > 0 {
		m.carry = append([]byte(nil), b[max(0, len(b)-len(mark)+1):]...)
	}
}

func (m *marks) search(at int64, b []byte) {
	for i := 0; len(m.found) <= MaxMarks; {
		k := bytes.Index(b[i:], mark)
		if k < 0 {
			return
		}
		m.found = append(m.found, at+int64(i+k))
		i += k + len(mark)
	}
}
