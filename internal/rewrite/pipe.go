package rewrite

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What the parent sends: a header and the file. What the child answers: the
// new file in pieces, an empty piece, an answer. A header, an answer and a
// piece begin with their length in four bytes.

// The operations.
const (
	opRepair  = "repair"
	opEncrypt = "encrypt"
)

// Limits of the pipe.
const (
	limitHeader = 32 << 10 // of request and answer
	limitPiece  = 1 << 20
)

// request is the header of what the child is to do.
type request struct {
	Op          string
	Size        int64  // bytes of the file that follows
	User        []byte // encrypt: prepared
	Owner       []byte // encrypt: prepared
	Permissions uint16 // encrypt
	Memory      int64  // bytes
	Timeout     int64  // milliseconds
}

// answer is how it went: Kind 0 is success.
type answer struct {
	Kind   Kind
	Detail string
}

func writeHeader(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(b) > limitHeader {
		return errors.New("rewrite: header too large")
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
	return err
}

func readHeader(r io.Reader, v any) error {
	b, err := readPiece(r, limitHeader)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// readPiece reads a length and as many bytes.
func readPiece(r io.Reader, limit uint32) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > limit {
		return nil, fmt.Errorf("rewrite: piece of %d bytes", n)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return b, err
}

// pieces writes the new file to the pipe; end closes it.
type pieces struct{ w io.Writer }

func (p pieces) Write(b []byte) (int, error) {
	done := 0
	for len(b) > 0 {
		part := b[:min(len(b), limitPiece)]
		head := binary.BigEndian.AppendUint32(nil, uint32(len(part)))
		if _, err := p.w.Write(head); err != nil {
			return done, err
		}
		n, err := p.w.Write(part)
		done += n
		if err != nil {
			return done, err
		}
		b = b[len(part):]
	}
	return done, nil
}

func (p pieces) end() error {
	_, err := p.w.Write(make([]byte, 4))
	return err
}

// copyPieces copies the new file to w until the empty piece. errTooLarge says
// that it has more than limit bytes.
func copyPieces(w io.Writer, r io.Reader, limit int64) (int64, error) {
	var n int64
	for {
		b, err := readPiece(r, limitPiece)
		if err != nil || len(b) == 0 {
			return n, err
		}
		if n += int64(len(b)); n > limit {
			return n, errTooLarge
		}
		if _, err := w.Write(b); err != nil {
			return n, &storeError{err}
		}
	}
}

var errTooLarge = errors.New("rewrite: the new file is too large")

// storeError says that the new file could not be stored.
type storeError struct{ err error }

func (e *storeError) Error() string { return "rewrite: " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }
