package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// tail is what stands behind the last revision.
type tail struct {
	start   int64 // end of the last revision; the size when the history is unclear
	nothing bool  // white space at most
	comment bool  // white space and comments that no reader takes for more
}

// history reads the revisions and what follows the last.
func (v *verifier) history(ctx context.Context) error {
	if v.f.HeaderOffset() > 0 {
		v.note(CodeHeaderOffset, "%d bytes stand before the header of the file", v.f.HeaderOffset())
	}
	revs, err := v.f.Revisions()
	if lookError(err) != nil {
		return fmt.Errorf("verify: read the revisions: %w", err)
	}
	if err == nil && len(revs) > maxRevisions {
		v.note(CodeLimitRevisions, "the file has %d revisions, more than %d", len(revs), maxRevisions)
		err = errors.New("too many revisions")
		revs = nil
	}
	if err != nil {
		v.tail = tail{start: v.size, nothing: true}
		v.note(CodeRevisionsUnclear, "the history of the file can't be told: %v", err)
		return ctx.Err()
	}
	v.revs = revs
	v.rep.Revisions = len(revs)
	v.tail.start = revs[len(revs)-1].End
	if v.tail.nothing, err = v.only(v.tail.start, v.size, isWhite); err != nil {
		return err
	}
	if !v.tail.nothing {
		v.tail.comment, err = v.harmlessTail()
	}
	return err
}

// note keeps a finding that concerns every signature.
func (v *verifier) note(code Code, format string, args ...any) {
	v.file = append(v.file, finding{code, fmt.Sprintf(format, args...)})
}

// isWhite tells white space. ISO 32000-2, 7.2.3, Table 1.
func isWhite(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

// only tells whether all bytes of [from, to) fit. It stops at the first that
// does not.
func (v *verifier) only(from, to int64, fits func(byte) bool) (bool, error) {
	if from >= to {
		return true, nil
	}
	buf := make([]byte, min(4096, to-from))
	for at := from; at < to; {
		n := int(min(int64(len(buf)), to-at))
		if _, err := v.r.ReadAt(buf[:n], at); err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("verify: read at %d: %w", at, err)
		}
		if i := slices.IndexFunc(buf[:n], func(c byte) bool { return !fits(c) }); i >= 0 {
			return false, nil
		}
		at += int64(n)
	}
	return true, nil
}

// harmlessTail tells whether the tail is a short comment in which no reader
// that repairs files finds an object: anything more is TRAILING_DATA.
func (v *verifier) harmlessTail() (bool, error) {
	const most = 512 // startxref stays where every viewer looks for it
	n := v.size - v.tail.start
	if n > most {
		return false, nil
	}
	b := make([]byte, n)
	if _, err := v.r.ReadAt(b, v.tail.start); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("verify: read the end of the file: %w", err)
	}
	for _, word := range []string{"obj", "xref", "trailer", "stream", "<<", ">>"} {
		if bytes.Contains(b, []byte(word)) {
			return false, nil
		}
	}
	for _, line := range bytes.FieldsFunc(b, func(c rune) bool { return c == '\r' || c == '\n' }) {
		if line = bytes.TrimFunc(line, func(c rune) bool { return c < 256 && isWhite(byte(c)) }); len(line) > 0 && line[0] != '%' {
			return false, nil
		}
	}
	return true, nil
}

// viewOf opens the file as it was at the end of a revision.
func (v *verifier) viewOf(ctx context.Context, revision int) (*pdf.File, error) {
	if revision == len(v.revs)-1 {
		return v.f, nil
	}
	if f, ok := v.views[revision]; ok {
		return f, nil
	}
	f, err := v.f.Truncated(ctx, v.revs[revision].End)
	if err != nil {
		return nil, err
	}
	v.views[revision] = f
	return f, nil
}

// revisionEnding finds the revision that ends at a byte, but for white space.
// over: the range covers more than white space behind it, all of which is
// signed.
func (v *verifier) revisionEnding(end int64) (revision int, over, ok bool, err error) {
	i, _ := slices.BinarySearchFunc(v.revs, end, func(r pdf.Revision, end int64) int {
		switch {
		case r.End < end:
			return -1
		case r.End > end:
			return 1
		}
		return 0
	})
	// revs[i] is the first that ends at or behind the byte.
	if i < len(v.revs) && v.revs[i].End-end <= maxGapWhite {
		white, err := v.only(end, v.revs[i].End, isWhite)
		if err != nil || white {
			return i, false, white, err
		}
	}
	if i == 0 {
		return 0, false, false, nil
	}
	i--
	if end-v.revs[i].End <= maxGapWhite {
		white, err := v.only(v.revs[i].End, end, isWhite)
		if err != nil || white {
			return i, false, white, err
		}
	}
	// Data behind the revision that the range covers too: what follows must
	// not belong to the next one.
	if end == v.size && i == len(v.revs)-1 {
		return i, true, true, nil
	}
	return 0, false, false, nil
}
