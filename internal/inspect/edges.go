package inspect

import (
	"fmt"
	"io"
)

// edges looks at what stands before and after the PDF. Readers look for the
// header in the first kilobyte only, and some other format may start first.
func (in *inspector) edges() error {
	if n := in.f.HeaderOffset(); n > 0 {
		in.add(Finding{Code: JunkBeforeHeader, Detail: plural(int(n), "byte") + " before the header %PDF-"})
	}
	revs, err := in.f.Revisions()
	if err != nil {
		return nil // loadObjects says so
	}
	end := revs[len(revs)-1].End
	r := io.NewSectionReader(in.f.Reader(), end, max(0, in.f.Size()-end))
	buf := make([]byte, 64<<10)
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
