package inspect

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// entry is a row of some cross-reference section: object num stands at off.
type entry struct {
	off int64
	num uint32
}

func compareEntries(a, b entry) int {
	return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(a.num, b.num))
}

// effective is where the newest revision has an object.
type effective struct {
	ref pdf.Ref
	off int64 // -1: in an object stream
	rev int   // that defines it
}

// table is what all cross-reference sections say together.
type table struct {
	ok       bool    // the history could be told
	listed   []entry // of all revisions, sorted
	sections []int64 // offsets of the sections, sorted
	now      map[uint32]effective
	inStream map[uint32]int // how often a number is defined in an object stream
	revs     []pdf.Revision
}

// loadObjects reads the rows of all revisions.
func (in *inspector) loadObjects() error {
	t := &in.objects
	if in.large {
		return in.tooMany()
	}
	revs, err := in.f.Revisions()
	if err != nil {
		if ofFile(err) {
			in.add(Finding{Code: NotScanned, Detail: short("objects: the revisions can't be told: " + err.Error())})
			return nil
		}
		return err
	}
	t.ok, t.revs = true, revs
	for i, r := range revs {
		rows, err := r.Rows()
		if ofFile(err) {
			*t = table{}
			in.add(Finding{Code: NotScanned, Detail: short("objects: a revision can't be read: " + err.Error())})
			return nil
		}
		if err != nil {
			return err
		}
		if t.now == nil {
			n := len(rows.Defined)
			t.now, t.listed = make(map[uint32]effective, n), make([]entry, 0, n)
		}
		for _, ref := range rows.Freed { // first: the table of a hybrid section frees what its stream defines
			delete(t.now, ref.Num)
		}
		for k, ref := range rows.Defined {
			t.now[ref.Num] = effective{ref: ref, off: rows.Offsets[k], rev: i}
			if rows.Offsets[k] < 0 {
				if t.inStream == nil {
					t.inStream = make(map[uint32]int)
				}
				t.inStream[ref.Num]++
				continue
			}
			t.listed = append(t.listed, entry{rows.Offsets[k], ref.Num})
		}
		t.sections = append(t.sections, r.XrefOffset)
		for _, key := range [...]pdf.Name{"Prev", "XRefStm"} {
			if n, ok := r.Trailer.Get(key).(pdf.Integer); ok {
				t.sections = append(t.sections, int64(n)+in.f.OffsetBase())
			}
		}
	}
	slices.SortFunc(t.listed, compareEntries)
	t.listed = slices.Compact(t.listed)
	slices.Sort(t.sections)
	return nil
}

// lists tells whether a section has object num at an offset, or in the white
// space from an offset on.
func (t *table) lists(num uint32, white, at int64) bool {
	if _, ok := slices.BinarySearchFunc(t.listed, entry{at, num}, compareEntries); ok {
		return true
	}
	i, _ := slices.BinarySearchFunc(t.listed, entry{white, 0}, compareEntries)
	for ; i < len(t.listed) && t.listed[i].off < at; i++ {
		if t.listed[i].num == num {
			return true
		}
	}
	return false
}

// nextListed is the first offset after at where a section has an object.
func (t *table) nextListed(at, otherwise int64) int64 {
	i, _ := slices.BinarySearchFunc(t.listed, entry{at + 1, 0}, compareEntries)
	if i == len(t.listed) {
		return otherwise
	}
	return min(otherwise, t.listed[i].off)
}

// section tells whether a section begins near an offset: files exist whose
// startxref is some bytes off, and package pdf reads them.
func (t *table) section(at int64) bool {
	const near = 64
	i, _ := slices.BinarySearch(t.sections, at-near)
	return i < len(t.sections) && t.sections[i] <= at+near
}

// hidden reports an object that no section lists.
func (in *inspector) hidden(ref pdf.Ref, at int64) {
	t := &in.objects
	if len(in.found[HiddenObjects]) >= maxPerCode { // there may be millions
		in.omitted[HiddenObjects]++
		return
	}
	detail := fmt.Sprintf("object %d %d at byte %d is in no cross-reference", ref.Num, ref.Gen, at)
	switch now, ok := t.now[ref.Num]; {
	case ok && now.off >= 0:
		detail += fmt.Sprintf("; the object of this number in use is at byte %d", now.off)
	case ok:
		detail += "; the object of this number in use is in an object stream"
	}
	in.add(Finding{Code: HiddenObjects, Object: ref, Detail: detail})
}

// objectStreams looks for objects in object streams that no section lists. A
// number may occur as often as sections say that it is in an object stream.
func (in *inspector) objectStreams() error {
	count := make(map[uint32]int)
	for _, ref := range in.walk.objStreams {
		s, err := in.f.Stream(ref)
		if err != nil || s == nil {
			continue // walkAll counted it
		}
		b, err := in.decode(s)
		if err != nil {
			return err
		}
		n, _ := s.Dict.Get("N").(pdf.Integer)
		l := lexer{b: b}
		for ; n > 0; n-- {
			num, off := l.next(), l.next()
			if num.kind != tokNumber || off.kind != tokNumber || num.num < 1 || num.num > 1<<31 {
				break
			}
			k := uint32(num.num)
			if count[k]++; count[k] > in.objects.inStream[k] {
				in.add(Finding{Code: HiddenObjects, Object: ref,
					Detail: fmt.Sprintf("object %d in object stream %d is in no cross-reference, or there twice", k, ref.Num)})
			}
		}
	}
	return nil
}
