package pdf

import (
	"bytes"
	"compress/zlib"
)

// Stream is a PDF stream: dictionary and data. The data of a stream from a
// file stay there until Raw or Decode is called.
type Stream struct {
	Dict *Dict

	f      *File // nil: data is all there is
	ref    Ref
	inFile *Dict // the dictionary as it stands in f, by which data is decrypted
	off, n int64
	data   []byte
}

// newFileStream makes the stream of n bytes at offset off, which the parser
// has found to lie within the file.
func newFileStream(f *File, ref Ref, d *Dict, off, n int64) *Stream {
	return &Stream{Dict: d, f: f, ref: ref, inFile: d, off: off, n: n}
}

// NewStream makes a stream for writing from already encoded data: /Length is
// set by the writer, /Filter is the caller's.
func NewStream(d *Dict, encoded []byte) *Stream { return &Stream{Dict: d, data: encoded} }

// NewFlateStream makes a stream for writing, compressing data. The dictionary
// is copied and gets its /Filter.
func NewFlateStream(d *Dict, data []byte) *Stream {
	d = d.Clone()
	if d == nil {
		d = NewDict()
	}
	d.Set("Filter", Name("FlateDecode"))
	d.Delete("DecodeParms")
	return &Stream{Dict: d, data: compress(data)}
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.DefaultCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("pdf: deflate into memory: " + err.Error()) // can't happen
	}
	return b.Bytes()
}

// Raw returns the (decrypted) bytes before filters, bounded by the file. The
// slice must not be changed.
func (s *Stream) Raw() ([]byte, error) {
	if s.f == nil {
		return s.data, nil
	}
	raw := make([]byte, s.n)
	if err := readFull(s.f.sh.src.r, raw, s.off); err != nil {
		return nil, err
	}
	if s.f.sec == nil {
		return raw, nil
	}
	d, err := s.f.withDirectFilters(s.inFile)
	if err != nil {
		return nil, inObject(err, s.ref)
	}
	if raw, err = s.f.sec.decryptStream(s.ref, d, raw); err != nil {
		return nil, inObject(err, s.ref)
	}
	return raw, nil
}

// Decode applies all filters and gives bytes of the caller's own. More than limit bytes (limit 0:
// Limits.StreamBytes) are a *LimitError, a filter of pictures is a
// *FilterError.
func (s *Stream) Decode(limit int64) ([]byte, error) {
	raw, shared, err := s.look()
	if err != nil {
		return nil, err
	}
	if limit <= 0 {
		limit = defaultStreamBytes
		if s.f != nil {
			limit = s.f.limits.StreamBytes
		}
	}
	out, err := decodeFilters(s.f, s.Dict, raw, limit)
	if shared && len(out) > 0 && &out[0] == &raw[0] {
		out = bytes.Clone(out) // the caller's own
	}
	return out, inObject(err, s.ref)
}

// look is Raw for those who read once: it takes what the reader keeps of the
// file, which is shared then, and may be changed by nobody.
func (s *Stream) look() (raw []byte, shared bool, err error) {
	if s.f == nil || s.f.sec != nil {
		raw, err = s.Raw()
		return raw, s.f == nil, err
	}
	raw, err = s.f.sh.src.peek(s.off, int(s.n))
	return raw, true, err
}
