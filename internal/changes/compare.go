package changes

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// session is one comparison: the signed revision with all later ones.
type session struct {
	ctx      context.Context
	f        *pdf.File
	opts     Options
	res      *Result
	idx      *index
	walks    int // full walks of later revisions
	work     int // values compared, so that revisions that take turns with large old objects end
	revision int // 1-based, the one that is judged

	signed  *pdf.File
	pages   map[pdf.Ref]int // numbers of pages of the signed revision, as asked for
	counted bool            // all are in pages
	places  map[pdf.Ref]*drawn
	warned  map[Warning]bool

	rebuilt      bool              // some readers will not take the sections as they are
	fontNames    map[pdf.Name]bool // that fields draw with by /DA
	drawnFonts   map[pdf.Name]bool // that content draws with
	drawnUnknown bool              // and perhaps with others
}

// compare walks the signed revision and judges the later ones in their order.
func (s *session) compare() error {
	revs, err := s.f.Revisions()
	if err != nil {
		return err
	}
	first := slices.IndexFunc(revs, func(r pdf.Revision) bool { return r.XrefOffset >= s.opts.SignedEnd })
	if first < 0 {
		first = len(revs)
	}
	s.revision = first
	if err := s.seam(revs[:first]); err != nil {
		return err
	}
	s.revision = first + 1
	if s.signed, err = s.f.Truncated(s.ctx, s.opts.SignedEnd); err != nil {
		return err
	}
	linked, err := s.linked(revs[:first])
	if err != nil {
		return err
	}
	if first == len(revs) && linked {
		s.revision = first
		return s.trailing(max(s.opts.SignedEnd, revs[first-1].End))
	}
	if s.idx, err = s.opts.Walk.take(s.ctx, s.signed, s.opts.SignedEnd); err != nil {
		return err
	}
	if first == len(revs) { // the end of the file names sections of the past
		s.revision = first
		_, err := s.step(s.signed, revs[first-1], s.f, true)
		return err
	}
	if err := s.steps(revs, first, linked); err != nil {
		return err
	}
	s.revision = len(revs)
	if err := s.unsettled(first); err != nil {
		return err
	}
	if err := s.hiddenBefore(revs[:first]); err != nil {
		return err
	}
	if err := s.trailing(revs[len(revs)-1].End); err != nil {
		return err
	}
	s.opts.Walk.keep(s)
	return nil
}

// steps judges the revisions from first on. Without a link to the signed one
// all objects are compared once.
func (s *session) steps(revs []pdf.Revision, first int, linked bool) error {
	old := s.signed
	for i, r := range revs[first:] {
		s.revision = first + i + 1
		view, ok, err := s.view(r)
		if err != nil {
			return err
		}
		if !ok {
			s.add(Change{Kind: KindStructure, Code: "startxref",
				Detail: "a later revision ends with the offset of another cross-reference section than its own"})
			return nil
		}
		if old, err = s.step(old, r, view, i == 0 && !linked); err != nil {
			return err
		}
	}
	return nil
}

// view is the file as it was after a revision. ok tells that readers found the
// section of that revision then, so that its rows are the difference.
func (s *session) view(r pdf.Revision) (view *pdf.File, ok bool, err error) {
	if r.End >= s.f.Size() {
		return s.f, true, nil
	}
	if view, err = s.f.Truncated(s.ctx, r.End); err != nil {
		return nil, false, err
	}
	own, err := view.Revisions()
	if err != nil {
		return nil, false, err
	}
	return view, own[len(own)-1].XrefOffset == r.XrefOffset, nil
}

// step judges one revision against the one before, and returns its view.
func (s *session) step(old *pdf.File, r pdf.Revision, view *pdf.File, all bool) (*pdf.File, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	j := &judge{session: s, old: old, new: view, deltas: map[pdf.Ref]*delta{}, memo: map[pdf.Ref]bool{},
		fills: map[string]*fill{}, newNames: map[string]bool{}, newValues: map[pdf.Ref]string{}, listed: map[pdf.Ref][]pdf.Ref{}, told: map[string]bool{}}
	if err := j.find(r, all); err != nil {
		return nil, err
	}
	if err := j.run(); err != nil {
		return nil, err
	}
	return view, j.leftover(r)
}

// linked reports whether the later revisions continue the signed one: the
// older part of the chain is the chain as it was signed, row by row.
func (s *session) linked(before []pdf.Revision) (bool, error) {
	own, err := s.signed.Revisions()
	if err != nil {
		return false, err
	}
	if len(before) != len(own) {
		return false, nil
	}
	for i := range own {
		if before[i].SameRows(&own[i]) {
			continue
		}
		if before[i].XrefOffset != own[i].XrefOffset {
			return false, nil
		}
		a, err := before[i].Rows()
		if err != nil {
			return false, err
		}
		b, err := own[i].Rows()
		if err != nil || !slices.Equal(a.Defined, b.Defined) || !slices.Equal(a.Freed, b.Freed) {
			return false, err
		}
	}
	return true, nil
}

// seam looks at the bytes between the signed ones and the end of their
// revision: nothing but an end of line is left out there by known writers.
func (s *session) seam(before []pdf.Revision) error {
	if len(before) == 0 {
		return nil
	}
	end := before[len(before)-1].End
	if end <= s.opts.SignedEnd {
		return nil
	}
	white, _, err := s.blank(s.opts.SignedEnd, end)
	if err == nil && !white {
		s.add(Change{Kind: KindStructure, Code: "unsigned_tail",
			Detail: "the signature leaves out the end of its own revision"})
	}
	return err
}

// trailing looks at what follows the last revision.
func (s *session) trailing(end int64) error {
	white, comments, err := s.blank(end, s.f.Size())
	switch {
	case err != nil || white:
		return err
	case comments:
		s.warn(Warning{Code: WarnTrailingComment, Detail: "comments follow the last revision"})
	default:
		s.add(Change{Kind: KindStructure, Code: "trailing_data",
			Detail: "data follow the last revision that no cross-reference table covers"})
	}
	return nil
}

// blank reports whether a range holds nothing but white space, or nothing but
// white space and comments.
func (s *session) blank(from, to int64) (white, comments bool, err error) {
	if from >= to {
		return true, true, nil
	}
	if to-from > maxTrailing {
		return false, false, nil
	}
	b := make([]byte, to-from)
	if n, err := s.f.Reader().ReadAt(b, from); err != nil && n < len(b) {
		return false, false, err
	}
	white, inComment := true, false
	for _, c := range b {
		switch {
		case c == '\n' || c == '\r':
			inComment = false
		case c == 0 || c == '\t' || c == '\f' || c == ' ' || inComment:
		case c == '%':
			white, inComment = false, true
		default:
			return false, false, nil
		}
	}
	return white, true, nil
}

// spend charges n values that are compared.
func (s *session) spend(n int) error {
	if s.work += n; s.work > maxWork {
		return limitErr(LimitSteps, maxWork)
	}
	return nil
}

// bytesPerValue is how many bytes of a stream cost as much as a value.
const bytesPerValue = 16

// cost of a stream that was decoded up to maxContent.
func cost(data []byte, err error) int {
	if isLimit(err) {
		return maxContent / bytesPerValue
	}
	return len(data) / bytesPerValue
}

// decode decodes a stream and charges it. ok is false for one that can't be
// decoded, or is longer than limit.
func (s *session) decode(st *pdf.Stream, limit int64) (data []byte, ok bool, err error) {
	data, failed := st.Decode(limit)
	n := int64(len(data))
	var filter *pdf.FilterError
	switch {
	case isLimit(failed):
		n = limit
	case failed != nil && !pdf.Damaged(failed) && !errors.As(failed, &filter):
		return nil, false, failed
	}
	return data, failed == nil, s.spend(int(n/bytesPerValue) + 1)
}

// add notes a change of the current revision.
func (s *session) add(c Change) {
	c.Revision = s.revision
	// Past the bound only the first of each kind of evil is of interest.
	if len(s.res.Changes) >= maxChanges && (c.Permitted || len(s.res.Changes) >= 2*maxChanges) {
		return
	}
	s.res.Changes = append(s.res.Changes, c)
}

// warn notes a warning of the current revision, once.
func (s *session) warn(w Warning) {
	w.Revision = s.revision
	if len(s.res.Warnings) < maxWarnings && !s.warned[w] {
		s.warned[w] = true
		s.res.Warnings = append(s.res.Warnings, w)
	}
}

func name(ref pdf.Ref) string {
	if ref == (pdf.Ref{}) {
		return ""
	}
	return fmt.Sprintf("%d %d", ref.Num, ref.Gen)
}
