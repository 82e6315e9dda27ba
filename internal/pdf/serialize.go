package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// serializer writes objects as tokens.
type serializer struct {
	f     *File // for references in /Filter; nil: there are none
	buf   bytes.Buffer
	base  int64           // offset of the first byte in the output
	marks map[string]Span // of marked Raw tokens
	sec   *security       // nil: nothing is encrypted
	ref   Ref             // the object being written, whose number goes into its key
	depth int
}

// object writes o. Nesting beyond that of a file that can be read is an error.
func (s *serializer) object(o Object) error {
	if s.depth++; s.depth > maxNesting {
		return &LimitError{LimitNesting, maxNesting}
	}
	defer func() { s.depth-- }()
	switch o := o.(type) {
	case nil:
		s.buf.WriteString("null")
	case bool:
		s.buf.WriteString(strconv.FormatBool(o))
	case Integer:
		s.buf.WriteString(strconv.FormatInt(int64(o), 10))
	case Real:
		return s.real(float64(o))
	case Name:
		s.name(o)
	case String:
		return s.string(o)
	case Ref:
		fmt.Fprintf(&s.buf, "%d %d R", o.Num, o.Gen)
	case Raw:
		start := s.base + int64(s.buf.Len())
		s.buf.Write(o.Bytes)
		if o.Mark != "" {
			s.marks[o.Mark] = Span{start, start + int64(len(o.Bytes))}
		}
	case Array:
		return s.array(o)
	case *Dict:
		return s.dict(o)
	case *Stream:
		return s.stream(o)
	default:
		return fmt.Errorf("no way to write a %T", o)
	}
	return nil
}

func (s *serializer) real(v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("no way to write the number %v", v)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") { // stays a real number when it is read
		text += ".0"
	}
	s.buf.WriteString(text)
	return nil
}

// name escapes what is not a regular character. ISO 32000-2, 7.3.5.
func (s *serializer) name(n Name) {
	s.buf.WriteByte('/')
	for i := range len(n) {
		c := n[i]
		if c <= 0x20 || c >= 0x7F || strings.IndexByte("#()<>[]{}/%", c) >= 0 {
			fmt.Fprintf(&s.buf, "#%02X", c)
			continue
		}
		s.buf.WriteByte(c)
	}
}

func (s *serializer) string(v String) error {
	data := []byte(v.Value)
	if s.sec != nil {
		var err error
		if data, err = s.sec.encryptString(s.ref, data); err != nil {
			return err
		}
	}
	if v.Hex {
		fmt.Fprintf(&s.buf, "<%X>", data)
		return nil
	}
	s.buf.WriteByte('(')
	for _, c := range data {
		switch c {
		case '\\', '(', ')':
			s.buf.WriteByte('\\')
			s.buf.WriteByte(c)
		case '\r': // would be read as a line feed. ISO 32000-2, 7.3.4.2
			s.buf.WriteString(`\r`)
		case '\n':
			s.buf.WriteString(`\n`)
		default:
			s.buf.WriteByte(c)
		}
	}
	s.buf.WriteByte(')')
	return nil
}

func (s *serializer) array(a Array) error {
	s.buf.WriteByte('[')
	for i, e := range a {
		if i > 0 {
			s.buf.WriteByte(' ')
		}
		if err := s.object(e); err != nil {
			return err
		}
	}
	s.buf.WriteByte(']')
	return nil
}

func (s *serializer) dict(d *Dict) error {
	signature := d.Has("ByteRange")
	s.buf.WriteString("<<")
	for k, v := range d.All() {
		s.name(k)
		s.buf.WriteByte(' ')
		sec := s.sec
		if signature && k == "Contents" { // ISO 32000-2, 7.6.2
			s.sec = nil
		}
		err := s.object(v)
		s.sec = sec
		if err != nil {
			return err
		}
	}
	s.buf.WriteString(">>")
	return nil
}

// stream writes a stream, which only the value of an indirect object may be.
func (s *serializer) stream(st *Stream) error {
	if s.depth > 1 {
		return errors.New("a stream within another object")
	}
	raw, err := st.Raw()
	if err != nil {
		return err
	}
	d := st.Dict.Clone()
	if d == nil {
		d = NewDict()
	}
	if s.sec != nil {
		direct, err := s.f.withDirectFilters(d)
		if err != nil {
			return err
		}
		if raw, err = s.sec.encryptStream(s.ref, direct, raw); err != nil {
			return err
		}
	}
	d.Set("Length", Integer(len(raw)))
	if err := s.dict(d); err != nil {
		return err
	}
	s.buf.WriteString("\nstream\n")
	s.buf.Write(raw)
	s.buf.WriteString("\nendstream")
	return nil
}
