package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
)

type security struct{}

func newSecurity(enc *Dict, id0 []byte, password []byte) (*security, error) { return nil, &PasswordError{} }
func (s *security) decryptString(ref Ref, b []byte) ([]byte, error)         { panic("stub") }
func (s *security) decryptStream(ref Ref, d *Dict, raw []byte) ([]byte, error) {
	panic("stub")
}
func (s *security) info() *Encryption { panic("stub") }
func newFileStream(f *File, ref Ref, d *Dict, off, n int64) *Stream {
	return &Stream{Dict: d}
}
func decodeFilters(f *File, d *Dict, raw []byte, limit int64) ([]byte, error) {
	if d.Get("Filter") == nil {
		return raw, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(out)) > limit {
		return nil, &LimitError{"LIMIT_STREAM_BYTES", limit}
	}
	parms, _ := d.Get("DecodeParms").(*Dict)
	if p, _ := parms.Get("Predictor").(Integer); p >= 10 {
		cols, _ := parms.Get("Columns").(Integer)
		c := int(cols)
		prev := make([]byte, c)
		var res []byte
		for i := 0; i+1+c <= len(out); i += 1 + c {
			row := append([]byte(nil), out[i+1:i+1+c]...)
			switch out[i] {
			case 2:
				for k := range row {
					row[k] += prev[k]
				}
			case 1:
				for k := 1; k < c; k++ {
					row[k] += row[k-1]
				}
			}
			prev = row
			res = append(res, row...)
		}
		return res, nil
	}
	return out, nil
}
