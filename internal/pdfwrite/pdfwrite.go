// Package pdfwrite writes a whole new PDF file from objects: for pages made of
// pictures, and for fixtures. Changing a file that exists is the work of
// package pdf.
package pdfwrite

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Writer collects the objects of a new file. The zero value is ready.
type Writer struct {
	objects []pdf.Object // object n is objects[n-1]
}

// Alloc reserves an object number, to be filled with Set.
func (w *Writer) Alloc() pdf.Ref {
	w.objects = append(w.objects, nil)
	return pdf.Ref{Num: uint32(len(w.objects))}
}

// Add takes a new object.
func (w *Writer) Add(o pdf.Object) pdf.Ref {
	ref := w.Alloc()
	w.objects[ref.Num-1] = o
	return ref
}

// Set fills a number from Alloc.
func (w *Writer) Set(ref pdf.Ref, o pdf.Object) { w.objects[ref.Num-1] = o }

// Bytes writes header, objects, a cross-reference table and trailer; root and
// info (zero: none) are references from Add. The file identifier is id twice.
func (w *Writer) Bytes(root, info pdf.Ref, id []byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(w.objects))
	for i, o := range w.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		if err := writeObject(&b, o); err != nil {
			return nil, fmt.Errorf("object %d: %w", i+1, err)
		}
		b.WriteString("\nendobj\n")
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.objects)+1)
	for _, off := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	trailer := pdf.NewDict(
		pdf.Name("Size"), pdf.Integer(len(w.objects)+1),
		pdf.Name("Root"), root,
		pdf.Name("ID"), pdf.Array{
			pdf.String{Value: string(id), Hex: true}, pdf.String{Value: string(id), Hex: true},
		})
	if info.Num != 0 {
		trailer.Set("Info", info)
	}
	b.WriteString("trailer\n")
	if err := writeObject(&b, trailer); err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes(), nil
}

func writeObject(b *bytes.Buffer, o pdf.Object) error {
	switch o := o.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(o))
	case pdf.Integer:
		b.WriteString(strconv.FormatInt(int64(o), 10))
	case pdf.Real:
		b.WriteString(strconv.FormatFloat(float64(o), 'f', -1, 64))
	case pdf.Name:
		writeName(b, o)
	case pdf.String:
		fmt.Fprintf(b, "<%X>", o.Value)
	case pdf.Ref:
		fmt.Fprintf(b, "%d %d R", o.Num, o.Gen)
	case pdf.Array:
		b.WriteByte('[')
		for i, e := range o {
			if i > 0 {
				b.WriteByte(' ')
			}
			if err := writeObject(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case *pdf.Dict:
		return writeDict(b, o)
	case *pdf.Stream:
		return writeStream(b, o)
	default:
		return fmt.Errorf("no way to write a %T", o)
	}
	return nil
}

func writeDict(b *bytes.Buffer, d *pdf.Dict) error {
	b.WriteString("<<")
	for k, v := range d.All() {
		writeName(b, k)
		b.WriteByte(' ')
		if err := writeObject(b, v); err != nil {
			return err
		}
	}
	b.WriteString(">>")
	return nil
}

func writeStream(b *bytes.Buffer, s *pdf.Stream) error {
	raw, err := s.Raw()
	if err != nil {
		return err
	}
	d := s.Dict.Clone()
	d.Set("Length", pdf.Integer(len(raw)))
	if err := writeDict(b, d); err != nil {
		return err
	}
	b.WriteString("\nstream\n")
	b.Write(raw)
	b.WriteString("\nendstream")
	return nil
}

// writeName escapes what is not a regular character. ISO 32000-2, 7.3.5.
func writeName(b *bytes.Buffer, n pdf.Name) {
	b.WriteByte('/')
	for _, c := range []byte(n) {
		if c <= ' ' || c >= 0x7F || bytes.IndexByte([]byte("()<>[]{}/%#"), c) >= 0 {
			fmt.Fprintf(b, "#%02X", c)
			continue
		}
		b.WriteByte(c)
	}
}
