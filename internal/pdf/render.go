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
	s := &serializer{f: f, base: f.size, marks: map[string]Span{}}
	last, err := f.sh.src.read(f.size-1, 1)
	if err != nil {
		return nil, err
	}
	if last[0] != '\n' && last[0] != '\r' {
		s.buf.WriteByte('\n')
	}
	rows, err := u.writeObjects(s)
	if err != nil {
		return nil, err
	}
	size := u.next
	if len(rows) > 0 {
		size = max(size, rows[len(rows)-1].ref.Num+1)
	}
	if size >= maxObjectNumber {
		return nil, &LimitError{LimitObjectNumber, maxObjectNumber}
	}
	prev, isStream := f.newestXref()
	trailer := u.trailer(prev, size, id2)
	at := u.here(s)
	if isStream {
		err = u.xrefStream(s, append(rows, row{Ref{Num: size}, at}), trailer)
	} else {
		err = u.xrefTable(s, rows, trailer)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&s.buf, "startxref\n%d\n%%%%EOF\n", at)
	return &Rendered{Base: f.size, Bytes: s.buf.Bytes(), Marks: s.marks}, nil
}

// writeObjects writes the objects by number. Neither the encryption dictionary
// nor what comes after them is encrypted (ISO 32000-2, 7.6.2, 7.5.8.2).
func (u *Update) writeObjects(s *serializer) ([]row, error) {
	var sec *security
	if u.f.sec != nil {
		own := *u.f.sec
		own.random = u.Rand
		sec = &own
	}
	refs := slices.SortedFunc(maps.Keys(u.objects), func(a, b Ref) int {
		return cmp.Or(cmp.Compare(a.Num, b.Num), cmp.Compare(a.Gen, b.Gen))
	})
	rows := make([]row, 0, len(refs)+1)
	for i, ref := range refs {
		if ref.Num == 0 || i > 0 && refs[i-1].Num == ref.Num {
			return nil, fmt.Errorf("pdf: object %d is set with two generations, or is none", ref.Num)
		}
		rows = append(rows, row{ref, u.here(s)})
		if s.sec = sec; ref == u.f.encRef {
			s.sec = nil
		}
		if err := s.indirect(ref, u.objects[ref]); err != nil {
			return nil, fmt.Errorf("pdf: object %d %d: %w", ref.Num, ref.Gen, err)
		}
	}
	s.sec = nil
	return rows, nil
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
func (u *Update) trailer(prev int64, size uint32, id2 []byte) *Dict {
	d := NewDict()
	for k, v := range u.f.Trailer().All() {
		switch k {
		case "Size", "Prev", "XRefStm", "ID", // made anew
			"Type", "W", "Index", "Length", "Filter", "DecodeParms", "F", "FFilter", "FDecodeParms", "DL": // of a stream
		default:
			d.Set(k, v)
		}
	}
	d.Set("Size", Integer(size))
	d.Set("Prev", Integer(prev))
	if first, ok := u.firstID(id2); ok {
		d.Set("ID", Array{
			String{Value: string(first), Hex: true},
			String{Value: string(id2), Hex: true},
		})
	}
	return d
}

// firstID is the first element of /ID, id2 when the file has none. An encrypted
// file without one gets none either, since its key is made of it.
func (u *Update) firstID(id2 []byte) (first []byte, ok bool) {
	if sec := u.f.sec; sec != nil {
		return sec.id0, len(sec.id0) > 0
	}
	id, err := u.f.Array(u.f.Trailer().Get("ID"))
	if err != nil || len(id) == 0 {
		return id2, true
	}
	v, err := u.f.Resolve(id[0])
	if s, ok := v.(String); err == nil && ok && s.Value != "" {
		return []byte(s.Value), true
	}
	return id2, true
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
				return fmt.Errorf("pdf: offset %d does not fit a cross-reference table", r.off)
			}
			fmt.Fprintf(&s.buf, "%010d %05d n \n", r.off, r.ref.Gen)
		}
	}
	if len(rows) == 0 {
		s.buf.WriteString("0 0\n")
	}
	s.buf.WriteString("trailer\n")
	if err := s.dict(trailer); err != nil {
		return err
	}
	s.buf.WriteByte('\n')
	return nil
}

// xrefStream writes the section as a stream, which the last row is of. ISO 32000-2,
// 7.5.8.
func (u *Update) xrefStream(s *serializer, rows []row, trailer *Dict) error {
	ref, at := rows[len(rows)-1].ref, rows[len(rows)-1].off
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
