package verify

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// findTraces follows the marks in the bytes that no signature found so far
// explains: a signature that a later revision removed or replaced, or one that
// no cross-reference table knows. A mark within the data of a stream (an
// attached PDF) is none.
func (v *verifier) findTraces(ctx context.Context, formErr error) error {
	if len(v.marks) > byterange.MaxMarks {
		v.note(CodeLimitMarks, "the file has more than %d traces of signatures", byterange.MaxMarks)
		v.marks = v.marks[:byterange.MaxMarks]
	}
	old := len(v.recs)
	explained := v.explained()
	for _, at := range v.marks {
		if explained(at) {
			continue
		}
		rec, err := v.follow(ctx, at)
		if err != nil {
			return err
		}
		if rec != nil {
			v.add(rec)
			explained = v.explained()
		}
	}
	added := v.recs[min(old, len(v.recs)):]
	if len(added) == 0 {
		return nil
	}
	if formErr != nil {
		v.note(CodeFormUnreadable, "the form fields can't be read: %v", formErr)
	}
	for _, rec := range added {
		if rec.dict == nil {
			rec.kind, rec.coverage = KindSignature, InvalidRange
			continue
		}
		if err := v.structure(ctx, rec); err != nil {
			return err
		}
	}
	p := byterange.NewPass(v.size, wanted(added))
	if !p.Empty() {
		if err := p.Read(ctx, v.r, v.size); err != nil {
			return fmt.Errorf("verify: %w", err)
		}
	}
	hand(added, p)
	return nil
}

// explained returns a test for marks that belong to a known dictionary.
func (v *verifier) explained() func(at int64) bool {
	known := make([]int64, 0, len(v.recs))
	for _, r := range v.recs {
		if r.dict == nil {
			continue
		}
		if s, ok := r.dict.ValueSpan("ByteRange"); ok {
			known = append(known, s.Start)
		}
	}
	slices.Sort(known)
	return func(at int64) bool {
		i, _ := slices.BinarySearch(known, at)
		return i < len(known) && isValueOf(at, known[i])
	}
}

// isValueOf tells whether the value at start belongs to the key at an offset.
func isValueOf(key, start int64) bool {
	const room = 256 // white space and comments between the two
	after := key + int64(len(byterange.Mark))
	return start >= after && start-after <= room
}

// follow looks what object a mark lies in.
func (v *verifier) follow(ctx context.Context, at int64) (*record, error) {
	if len(v.revs) == 0 {
		return v.stray(at), nil
	}
	i, _ := slices.BinarySearchFunc(v.revs, at, func(r pdf.Revision, at int64) int { return cmp.Compare(r.End, at+1) })
	if i == len(v.revs) {
		return v.stray(at), nil // behind the last revision
	}
	ref, ok, err := v.startBefore(i, at)
	if lookError(err) != nil {
		return nil, err
	}
	if err != nil || !ok {
		return v.stray(at), nil
	}
	view, err := v.viewOf(ctx, i)
	if err != nil {
		if lookError(err) != nil {
			return nil, fmt.Errorf("verify: open revision %d: %w", i+1, err)
		}
		return v.stray(at), nil
	}
	loc, ok, err := view.Locate(ref)
	if lookError(err) != nil {
		return nil, fmt.Errorf("verify: locate an object: %w", err)
	}
	if err != nil || !ok || at >= loc.End {
		return v.stray(at), nil
	}
	return v.older(view, i, ref, at)
}

// place is where an object of a revision starts.
type place struct {
	at  int64
	ref pdf.Ref
}

// startBefore finds the object of a revision that starts last at or before an
// offset.
func (v *verifier) startBefore(revision int, at int64) (pdf.Ref, bool, error) {
	list, ok := v.places[revision]
	if !ok {
		rows, err := v.revs[revision].Rows()
		if err != nil {
			return pdf.Ref{}, false, fmt.Errorf("verify: read revision %d: %w", revision+1, err)
		}
		for k, start := range rows.Offsets {
			if start >= 0 {
				list = append(list, place{start, rows.Defined[k]})
			}
		}
		slices.SortFunc(list, func(a, b place) int { return cmp.Compare(a.at, b.at) })
		v.places[revision] = list
	}
	i, _ := slices.BinarySearchFunc(list, at+1, func(p place, at int64) int { return cmp.Compare(p.at, at) })
	if i == 0 {
		return pdf.Ref{}, false, nil
	}
	return list[i-1].ref, true, nil
}

// older makes a record of a signature of an earlier revision; nil when the
// object is none.
func (v *verifier) older(view *pdf.File, revision int, ref pdf.Ref, at int64) (*record, error) {
	o, err := view.Get(ref)
	if lookError(err) != nil {
		return nil, fmt.Errorf("verify: read an object: %w", err)
	}
	d, ok := o.(*pdf.Dict)
	if !ok {
		return nil, nil // the data of a stream
	}
	rec := &record{origin: fromOlder, view: view, dict: d, ref: ref}
	if s, ok := d.ValueSpan("ByteRange"); !ok || !isValueOf(at, s.Start) {
		// Deeper within: a field with its signature as a direct value.
		if d, ok = d.Get("V").(*pdf.Dict); !ok || !d.Has("ByteRange") {
			return nil, nil
		}
		rec.dict, rec.ref = d, pdf.Ref{}
	}
	form, err := v.formOf(view, revision)
	if err != nil {
		return nil, err
	}
	for key, field := range form {
		if rec.ref != (pdf.Ref{}) && key.value == ref || rec.ref == (pdf.Ref{}) && key.field == ref {
			rec.field, rec.hasField = *field, true
		}
	}
	if rec.hasField {
		rec.find(CodeRemoved, "a later revision removed or replaced this signature")
		return rec, nil
	}
	onPage, err := v.unlisted(view, rec.ref)
	if err != nil {
		return nil, err
	}
	if onPage {
		rec.find(CodeFieldUnlisted, "the field of this signature stands on a page, but the form does not list it")
	} else {
		rec.find(CodeNoField, "no form field holds this signature")
	}
	return rec, nil
}

// unlisted tells whether a widget on a page holds a signature although the form
// does not list it: some writers forget that, and some readers show it.
func (v *verifier) unlisted(view *pdf.File, sig pdf.Ref) (bool, error) {
	if sig == (pdf.Ref{}) {
		return false, nil
	}
	for page, err := range view.Pages() {
		if err != nil {
			return false, lookError(err)
		}
		annots, err := view.Array(page.Dict.Get("Annots"))
		if lookError(err) != nil {
			return false, err
		}
		for _, a := range annots {
			if v.annots++; v.annots > maxUnlisted {
				return false, nil
			}
			d, err := view.Dict(a)
			if lookError(err) != nil {
				return false, err
			}
			if d.Get("FT") == pdf.Object(pdf.Name("Sig")) && d.Get("V") == pdf.Object(sig) {
				return true, nil
			}
		}
		if v.annots++; v.annots > maxUnlisted {
			break
		}
	}
	return false, nil
}

// stray makes a record of a trace outside every object that the file knows.
func (v *verifier) stray(at int64) *record {
	rec := &record{origin: fromMark}
	rec.find(CodeStray, "a trace of a signature at byte %d belongs to no object of the file", at)
	return rec
}
