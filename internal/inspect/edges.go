package inspect

import (
	"bytes"
	"fmt"
	"io"
)

// edges looks at what stands before and after the PDF. Readers look for the
// header in the first kilobyte only, and some other format may start first.
func (in *inspector) edges() error {
	if n := in.f.HeaderOffset(); n > 0 {
		in.add(Finding{Code: JunkBeforeHeader, Detail: plural(int(n), "byte") + " before the header %PDF-"})
	}
	end, ok, err := in.endOfLast()
	if err != nil || !ok || end >= in.f.Size() {
		return err
	}
	r := io.NewSectionReader(in.f.Reader(), end, in.f.Size()-end)
	buf := make([]byte, min(64<<10, in.f.Size()-end))
	for at := end; ; {
		n, err := r.Read(buf)
		for k, c := range buf[:n] {
			if !isSpace(c) {
				rest := in.f.Size() - at - int64(k)
				in.add(Finding{Code: TrailingBytes, Detail: fmt.Sprintf("%s after the end of the last revision (byte %d)", plural(int(rest), "byte"), end)})
				return nil
			}
		}
		at += int64(n)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("inspect: read at %d: %w", at, err)
		}
	}
}

// endOfLast is where the last revision ends. Of a large document it is the last
// %%EOF: its sections are not read.
func (in *inspector) endOfLast() (end int64, ok bool, err error) {
	if !in.large {
		revs, err := in.f.Revisions()
		if err != nil {
			return 0, false, nil // loadObjects says so
		}
		return revs[len(revs)-1].End, true, nil
	}
	const tail = 64 << 10
	word := []byte("%%EOF")
	b := make([]byte, min(tail, in.f.Size()))
	if err := readFull(in.f.Reader(), b, in.f.Size()-int64(len(b))); err != nil {
		return 0, false, err
	}
	i := bytes.LastIndex(b, word)
	return in.f.Size() - int64(len(b)) + int64(i+len(word)), i >= 0, nil
}
