package pdf

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// errFull ends the decoding of what is longer than allowed; decodeFilters
// turns it into a LimitError.
var errFull = errors.New("output is full")

// inflate undoes FlateDecode (ISO 32000-2, 7.4.4). Checksums are not looked
// at, as in every reader: real files lack them, or have them cut, or wrong. A
// stream that ends early gives what it holds.
func inflate(out *capped, in []byte) error {
	in = bytes.TrimLeft(in, "\r\n") // line ends too many after "stream"
	if len(in) == 0 {
		return nil
	}
	if len(in) < 2 || in[0]&0x0f != 8 || in[1]&0x20 != 0 || (uint(in[0])<<8|uint(in[1]))%31 != 0 {
		return syntaxAt(-1, "malformed zlib data: bad header")
	}
	r := flate.NewReader(bytes.NewReader(in[2:]))
	_, err := io.Copy(out, r)
	switch {
	case err == nil, errors.Is(err, errFull):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF) && len(out.b) > 0:
		return nil
	}
	return syntaxAt(-1, "malformed zlib data: %v", err)
}
