package changes

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// leftover looks at the bytes of a later revision that no row of its section
// names. A reader that mistrusts the section builds one of its own out of what
// looks like an object or a trailer, and shows what stands there; writers leave
// nothing of the kind.
func (j *judge) leftover(r pdf.Revision) error {
	l := &leftover{judge: j, r: r, listed: map[uint32]int64{}}
	if err := l.spans(); err != nil {
		return err
	}
	at := r.Start
	if r.End > j.opts.SignedEnd {
		at = max(at, j.opts.SignedEnd)
	}
	for _, s := range append(l.taken, pdf.Span{Start: r.End, End: r.End}) {
		if err := l.between(at, min(s.Start, r.End)); err != nil {
			return err
		}
		at = max(at, s.End)
	}
	return nil
}

// hiddenBefore looks for what the sections of the signed revision leave out,
// where a later revision makes readers look for themselves.
func (s *session) hiddenBefore(revs []pdf.Revision) error {
	if !s.rebuilt {
		return nil
	}
	if len(revs) > maxRebuilt {
		return limitErr(LimitSteps, maxRebuilt)
	}
	for _, r := range revs {
		view, _, err := s.view(r)
		if err != nil {
			return err
		}
		if err := (&judge{session: s, old: view, new: view, told: map[string]bool{}}).leftover(r); err != nil {
			return err
		}
	}
	return nil
}

// leftover is one look.
type leftover struct {
	*judge
	r        pdf.Revision
	taken    []pdf.Span // by the objects that the section lists, in order
	listed   map[uint32]int64
	trailers int
}

// spans finds where the listed objects begin and end.
func (l *leftover) spans() error {
	rows, err := l.r.Rows()
	if err != nil {
		return err
	}
	for i, ref := range rows.Defined {
		if rows.Offsets[i] < l.r.Start {
			continue // in an object stream, or in an older revision
		}
		l.listed[ref.Num] = max(l.listed[ref.Num], rows.Offsets[i])
		loc, ok, err := l.new.Locate(ref)
		if err != nil && !pdf.Damaged(err) && !isLimit(err) {
			return err
		}
		if ok && err == nil && loc.End > loc.Offset && loc.InStream == (pdf.Ref{}) {
			l.taken = append(l.taken, pdf.Span{Start: loc.Offset, End: loc.End})
		}
	}
	slices.SortFunc(l.taken, func(a, b pdf.Span) int { return int(min(max(a.Start-b.Start, -1), 1)) })
	return nil
}

// leftoverPiece is read at once; the pieces overlap by what a header and the
// beginning of an object may have.
const (
	leftoverPiece = 1 << 20
	leftoverLap   = 512
)

// between looks at a range that no listed object takes.
func (l *leftover) between(from, to int64) error {
	for from < to {
		n := min(to-from, leftoverPiece)
		if err := l.spend(int(n/bytesPerValue) + 1); err != nil {
			return err
		}
		b := make([]byte, n)
		if k, err := l.f.Reader().ReadAt(b, from); err != nil && (err != io.EOF || int64(k) < n) {
			return err
		}
		l.look(b, from, from+n == to)
		if from+n == to {
			return nil
		}
		from += n - leftoverLap
	}
	return nil
}

// look finds headers of objects, and trailers.
func (l *leftover) look(b []byte, base int64, last bool) {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("obj"))
		if i < 0 {
			break
		}
		at += i + len("obj")
		if !last && at > len(b)-leftoverLap/2 {
			break // the next piece has it whole
		}
		if num, start, ok := headerBefore(b[:at-len("obj")]); ok {
			l.object(num, base+int64(start), b[at:min(len(b), at+leftoverLap/2)])
		}
	}
	if l.trailers += bytes.Count(b[:len(b):len(b)], []byte("trailer")); l.trailers > 1 {
		l.deny(pdf.Ref{}, Change{Kind: KindStructure, Code: "hidden_trailer",
			Detail: "a second trailer stands in the revision: which one counts depends on the reader"})
		l.trailers = 0
	}
}

// headerBefore reads the two numbers in front of "obj". What stands in a comment
// or is a part of a longer word is none.
func headerBefore(b []byte) (num uint32, start int, ok bool) {
	number := func(end int) (n int64, at int) {
		at = end
		for at > 0 && end-at < 11 && b[at-1] >= '0' && b[at-1] <= '9' {
			at--
		}
		for _, c := range b[at:end] {
			n = n*10 + int64(c-'0')
		}
		return n, at
	}
	white := func(end int) int {
		for end > 0 && bytes.IndexByte([]byte("\x00\t\n\f\r "), b[end-1]) >= 0 {
			end--
		}
		return end
	}
	end := white(len(b))
	_, at := number(end)
	mid := white(at)
	n, start := number(mid)
	if at == end || mid == at || start == mid || n < 1 || n > 1<<31-1 {
		return 0, 0, false
	}
	line := b[bytes.LastIndexAny(b[:start], "\r\n")+1 : start]
	return uint32(n), start, bytes.IndexByte(line, '%') < 0
}

// object judges a header that no row names. What is written over further on in
// the revision is what a writer thought better of; numbers that the document
// does not use show nothing, unless they bring others.
func (l *leftover) object(num uint32, start int64, body []byte) {
	at, listed := l.listed[num]
	if listed && at >= start || start == l.r.XrefOffset {
		return
	}
	used := listed
	for _, gen := range append([]uint16{0}, l.idx.gens[num]...) {
		used = used || l.idx.nodes[pdf.Ref{Num: num, Gen: gen}].roles != 0
	}
	if !used && !bytes.Contains(body, []byte("ObjStm")) && !bytes.Contains(body, []byte("Catalog")) {
		return
	}
	l.deny(pdf.Ref{Num: num}, Change{Kind: KindStructure, Code: "hidden_object",
		Detail: fmt.Sprintf("object %d stands in the revision, but its cross-reference section does not tell of it", num)})
}
