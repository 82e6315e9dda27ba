package pdf

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// inflater is what one decoding works with: 70 KB that serve the next as well.
type inflater struct {
	in  bytes.Reader
	z   io.ReadCloser
	buf [16 << 10]byte
}

var inflaters = sync.Pool{New: func() any { return &inflater{z: flate.NewReader(nil)} }}

// free gives it back without the data.
func (f *inflater) free() {
	f.in.Reset(nil)
	inflaters.Put(f)
}

// copyTo decodes n bytes, or all there are, which is io.EOF.
func (f *inflater) copyTo(out *capped, n int64) (done int64, err error) {
	for done < n {
		k, err := f.z.Read(f.buf[:min(int64(len(f.buf)), n-done)])
		if k > 0 {
			if _, err := out.Write(f.buf[:k]); err != nil {
				return done, err
			}
			done += int64(k)
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// errFull ends the decoding of what is longer than allowed; decodeFilters
// turns it into a LimitError.
var errFull = errors.New("output is full")

// inflateBlind is how many decoded bytes are taken as they come. What is longer
// is counted before room is made for it: a buffer that grows leaves twice of
// itself behind, and a bomb need not be kept at all.
const inflateBlind = 8 << 20

// inflateLong takes the rest of a long stream, which r is in the middle of; in
// is the whole.
func inflateLong(out *capped, r io.Reader, in []byte) error {
	have := int64(len(out.b))
	rest, _ := io.Copy(io.Discard, io.LimitReader(r, out.limit-have+1)) // its error comes again
	if !out.room(int(rest)) {
		return errFull
	}
	b := make([]byte, have, have+rest)
	copy(b, out.b)
	out.b = b
	again := flate.NewReader(bytes.NewReader(in[2:]))
	if _, err := io.CopyN(io.Discard, again, have); err != nil {
		return err
	}
	_, err := io.Copy(out, again)
	return err
}

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
	f := inflaters.Get().(*inflater)
	defer f.free()
	f.in.Reset(in[2:])
	if err := f.z.(flate.Resetter).Reset(&f.in, nil); err != nil {
		return err // can't be: it only takes the reader
	}
	n, err := f.copyTo(out, inflateBlind)
	if n == inflateBlind {
		err = inflateLong(out, f.z, in)
	}
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, errFull):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF) && len(out.b) > 0:
		return nil
	}
	return syntaxAt(-1, "malformed zlib data: %v", err)
}
