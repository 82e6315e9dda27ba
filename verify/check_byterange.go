package verify

import (
	"context"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// byteRange is /ByteRange: offset and length of two spans, in bytes.
type byteRange [4]int64

// end is the byte behind the second span.
func (r byteRange) end() int64 { return r[2] + r[3] }

// gap is what lies between the spans.
func (r byteRange) gap() pdf.Span { return pdf.Span{Start: r[0] + r[1], End: r[2]} }

// checkRange holds /ByteRange against the file and /Contents. ISO 32000-2,
// 12.8.1, Table 255: direct integers, the whole of the revision but /Contents.
func (v *verifier) checkRange(_ context.Context, r *record) error {
	r.coverage = InvalidRange
	if r.dict == nil || !v.readRange(r) {
		return nil
	}
	for _, n := range r.rng {
		if n < 0 {
			r.find(CodeRangeOrder, "/ByteRange %v holds a negative number", r.rng)
			return nil
		}
		if n > v.size {
			r.find(CodeRangePastEnd, "/ByteRange %v goes past the end of the file (%d bytes)", r.rng, v.size)
			return nil
		}
	}
	gap := r.rng.gap()
	switch {
	case r.rng.end() > v.size:
		r.find(CodeRangePastEnd, "/ByteRange %v goes past the end of the file (%d bytes)", r.rng, v.size)
		return nil
	case gap.End <= gap.Start:
		r.find(CodeRangeOrder, "/ByteRange %v leaves no gap for /Contents", r.rng)
		return nil
	}
	r.rangeSane = true
	if r.rng[0] != 0 {
		r.find(CodeRangeStart, "/ByteRange starts at byte %d", r.rng[0])
	}
	if err := v.checkGap(r, gap); err != nil {
		return err
	}
	if r.gapExact && r.rng[0] == 0 {
		r.coverage = PartialRange // until the revision is found
	}
	return nil
}

// readRange takes the four integers.
func (v *verifier) readRange(r *record) bool {
	var list pdf.Array
	switch o := r.dict.Get("ByteRange").(type) {
	case nil:
		r.find(CodeRangeMissing, "the dictionary has no /ByteRange")
		return false
	case pdf.Ref:
		r.find(CodeRangeIndirect, "/ByteRange is a reference")
		return false
	case pdf.Array:
		list = o
	default:
		r.find(CodeRangeForm, "/ByteRange is no array")
		return false
	}
	if len(list) != len(r.rng) {
		r.find(CodeRangeForm, "/ByteRange has %d numbers instead of 4", len(list))
		return false
	}
	for i, o := range list {
		switch n := o.(type) {
		case pdf.Integer:
			r.rng[i] = int64(n)
		case pdf.Ref:
			r.find(CodeRangeIndirect, "/ByteRange holds a reference")
			return false
		default:
			r.find(CodeRangeForm, "/ByteRange holds something else than integers")
			return false
		}
	}
	return true
}

// checkGap compares the gap with the /Contents token of this very dictionary:
// the one thing that is not signed may be the signature and nothing else.
func (v *verifier) checkGap(r *record, gap pdf.Span) error {
	r.gapExact = r.contentsSpan == gap
	if r.gapExact {
		return nil
	}
	text := "the gap of /ByteRange (%d to %d) is not the /Contents string (%d to %d)"
	r.find(CodeGap, text, gap.Start, gap.End, r.contentsSpan.Start, r.contentsSpan.End)
	c := r.contentsSpan
	if c == (pdf.Span{}) || c.Start < gap.Start || c.End > gap.End {
		return nil
	}
	for _, s := range []pdf.Span{{Start: gap.Start, End: c.Start}, {Start: c.End, End: gap.End}} {
		if s.End-s.Start > maxGapWhite {
			return nil
		}
		white, err := v.only(s.Start, s.End, isWhite)
		if err != nil || !white {
			return err
		}
	}
	r.gapWhite = true
	return nil
}
