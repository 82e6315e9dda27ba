package pdf

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Rendered is the bytes to append.
type Rendered struct {
	Base  int64           // length of the old file: offset of Bytes[0] in the output
	Bytes []byte          // begins with a line end when the old file lacks one
	Marks map[string]Span // absolute offsets in the output of each marked Raw
}

// row is an entry of the new cross-reference section.
type row struct {
	ref Ref
	off int64 // as written
}

// maxTableOffset is the largest offset that ten digits hold.
const maxTableOffset = 9_999_999_999

// Render serialises the update: objects, xref, trailer (/Prev /Size /Root /ID
// /Info /Encrypt), startxref, %%EOF. id2 is the second /ID element (16 bytes).
// The result depends on file, update and id2 alone, but for the random parts of
// encryption.
func (u *Update) Render(id2 []byte) (*Rendered, error) {
	f := u.f
	s := &serializer{base: f.size, marks: map[string]Span{}, sec: f.sec}
	last, err := f.sh.src.read(f.size-1, 1)
	if err != nil {
		return nil, err
	}
	if last[0] != '\n' && last[0] != '\r' {
		s.buf.WriteByte('\n')
	}
	refs := slices.SortedFunc(maps.Keys(u.objects), func(a, b Ref) int {
		return cmp.Or(cmp.Compare(a.Num, b.Num), cmp.Compare(a.Gen, b.Gen))
	})
	rows := make([]row, 0, len(refs)+1)
	for i, ref := range refs {
		if i > 0 && refs[i-1].Num == ref.Num {
			return nil, fmt.Errorf("object %d is set with two generations", ref.Num)
		}
		rows = append(rows, row{ref, u.here(s)})
		if err := s.indirect(ref, u.objects[ref]); err != nil {
			return nil, fmt.Errorf("object %d %d: %w", ref.Num, ref.Gen, err)
		}
	}
	s.sec = nil // neither xref streams nor trailers are encrypted
	prev, isStream := f.newestXref()
	trailer := u.trailer(prev, id2)
	at := u.here(s)
	if isStream {
		err = u.xrefStream(s, rows, trailer, at)
	} else {
		err = u.xrefTable(s, rows, trailer)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&s.buf, "startxref\n%d\n%%%%EOF\n", at)
	return &Rendered{Base: f.size, Bytes: s.buf.Bytes(), Marks: s.marks}, nil
}

// here is the offset of the next byte, as offsets of this file are counted.
func (u *Update) here(s *serializer) int64 {
	return u.f.size + int64(s.buf.Len()) - u.f.sh.base
}

func (s *serializer) indirect(ref Ref, o Object) error {
	s.ref = ref
	fmt.Fprintf(&s.buf, "%d %d obj\n", ref.Num, ref.Gen)
	if err := s.object(o); err != nil {
		return err
	}
	s.buf.WriteString("\nendobj\n")
	return nil
}

// trailer is that of the newest section with what an update changes. The first
// element of /ID is kept: encryption depends on it. ISO 32000-2, 7.5.6, 14.4.
func (u *Update) trailer(prev int64, id2 []byte) *Dict {
	d := NewDict()
	for k, v := range u.f.Trailer().All() {
		switch k {
		case "Size", "Prev", "XRefStm", "ID", // made anew
			"Type", "W", "Index", "Length", "Filter", "DecodeParms", "F", "FFilter", "FDecodeParms", "DL": // of a stream
		default:
			d.Set(k, v)
		}
	}
	d.Set("Size", Integer(u.next))
	d.Set("Prev", Integer(prev))
	second := String{Value: string(id2), Hex: true}
	first := Object(second)
	known := false
	if id, err := u.f.Array(u.f.Trailer().Get("ID")); err == nil && len(id) > 0 {
		if v, err := u.f.Resolve(id[0]); err == nil {
			if v, ok := v.(String); ok {
				first, known = String{Value: v.Value, Hex: true}, true
			}
		}
	}
	if known || u.f.sec == nil {
		d.Set("ID", Array{first, second})
	}
	return d
}

// runs cuts rows into runs of numbers that follow each other.
func runs(rows []row) [][]row {
	var out [][]row
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].ref.Num == rows[j-1].ref.Num+1 {
			j++
		}
		out = append(out, rows[i:j])
		i = j
	}
	return out
}

// xrefTable: entries have exactly 20 bytes. ISO 32000-2, 7.5.4.
func (u *Update) xrefTable(s *serializer, rows []row, trailer *Dict) error {
	s.buf.WriteString("xref\n")
	for _, run := range runs(rows) {
		fmt.Fprintf(&s.buf, "%d %d\n", run[0].ref.Num, len(run))
		for _, r := range run {
			if r.off > maxTableOffset {
				return fmt.Errorf("offset %d does not fit a cross-reference table", r.off)
			}
			fmt.Fprintf(&s.buf, "%010d %05d n \n", r.off, r.ref.Gen)
		}
	}
	s.buf.WriteString("trailer\n")
	if err := s.dict(trailer); err != nil {
		return err
	}
	s.buf.WriteByte('\n')
	return nil
}

// xrefStream writes the section as a stream that lists itself too. ISO 32000-2,
// 7.5.8.
func (u *Update) xrefStream(s *serializer, rows []row, trailer *Dict, at int64) error {
	ref := Ref{Num: u.next}
	rows = append(rows, row{ref, at})
	width := 1
	for at>>(8*width) != 0 {
		width++
	}
	var data bytes.Buffer
	for _, r := range rows {
		data.WriteByte(1) // in use, not in an object stream
		for i := width - 1; i >= 0; i-- {
			data.WriteByte(byte(r.off >> (8 * i)))
		}
		data.WriteByte(byte(r.ref.Gen >> 8))
		data.WriteByte(byte(r.ref.Gen))
	}
	index := Array{}
	for _, run := range runs(rows) {
		index = append(index, Integer(run[0].ref.Num), Integer(len(run)))
	}
	d := NewDict(Name("Type"), Name("XRef"),
		Name("W"), Array{Integer(1), Integer(width), Integer(2)}, Name("Index"), index)
	for k, v := range trailer.All() {
		d.Set(k, v)
	}
	d.Set("Size", Integer(ref.Num)+1)
	return s.indirect(ref, NewFlateStream(d, data.Bytes()))
}
