package pdf

import (
	"iter"
	"slices"
)

// indexFrom is the number of keys from which a dictionary keeps an index, so
// that one of a million keys is not quadratic.
const indexFrom = 32

// newDictOf makes a dictionary of a few entries with different keys, which it
// copies: dictionary and entries at once, as there are so many of them.
func newDictOf(list []entry) *Dict {
	switch n := len(list); {
	case n == 0:
		return &Dict{}
	case n <= 2:
		d := &struct {
			Dict
			room [2]entry
		}{}
		d.entries = d.room[:copy(d.room[:], list)]
		return &d.Dict
	case n == 3:
		d := &struct {
			Dict
			room [3]entry
		}{}
		d.entries = d.room[:copy(d.room[:], list)]
		return &d.Dict
	case n == 4:
		d := &struct {
			Dict
			room [4]entry
		}{}
		d.entries = d.room[:copy(d.room[:], list)]
		return &d.Dict
	case n <= 6:
		d := &struct {
			Dict
			room [6]entry
		}{}
		d.entries = d.room[:copy(d.room[:], list)]
		return &d.Dict
	}
	return &Dict{entries: append(make([]entry, 0, len(list)), list...)}
}

// hasKey tells whether one of a few entries has a key.
func hasKey(list []entry, key Name) bool {
	for i := range list {
		if list[i].key == key {
			return true
		}
	}
	return false
}

// find returns the position of key, -1 when absent.
func (d *Dict) find(key Name) int {
	if d == nil {
		return -1
	}
	if d.more != nil && d.more.index != nil {
		if i, ok := d.more.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range d.entries {
		if d.entries[i].key == key {
			return i
		}
	}
	return -1
}

// add appends a key that is not there yet.
func (d *Dict) add(e entry) {
	d.entries = append(d.entries, e)
	switch {
	case d.more != nil && d.more.index != nil:
		d.more.index[e.key] = len(d.entries) - 1
	case len(d.entries) == indexFrom:
		d.reindex()
	}
}

func (d *Dict) reindex() {
	if len(d.entries) < indexFrom {
		if d.more != nil {
			d.more.index = nil
		}
		return
	}
	if d.more == nil {
		d.more = &dictMore{}
	}
	d.more.index = make(map[Name]int, 2*len(d.entries))
	for i := range d.entries {
		d.more.index[d.entries[i].key] = i
	}
}

// parsed adds an entry as the parser meets it: of duplicate keys the last
// counts, at the place of the first.
func (d *Dict) parsed(e entry) {
	i := d.find(e.key)
	if i < 0 {
		d.add(e)
		return
	}
	d.entries[i] = e
	if d.more == nil {
		d.more = &dictMore{}
	}
	if d.more.seen == nil {
		d.more.seen = make(map[Name]bool)
	}
	if !d.more.seen[e.key] {
		d.more.seen[e.key] = true
		d.more.dups = append(d.more.dups, e.key)
	}
}

// Delete removes key.
func (d *Dict) Delete(key Name) {
	i := d.find(key)
	if i < 0 {
		return
	}
	d.entries = slices.Delete(d.entries, i, i+1)
	d.reindex()
}

// Has reports whether key is present (even with value null).
func (d *Dict) Has(key Name) bool { return d.find(key) >= 0 }

// Len is the number of distinct keys.
func (d *Dict) Len() int {
	if d == nil {
		return 0
	}
	return len(d.entries)
}

// All iterates keys and values in file order.
func (d *Dict) All() iter.Seq2[Name, Object] {
	return func(yield func(Name, Object) bool) {
		if d == nil {
			return
		}
		for i := range d.entries {
			if !yield(d.entries[i].key, d.entries[i].value) {
				return
			}
		}
	}
}

// Duplicates lists keys that occurred more than once when parsed.
func (d *Dict) Duplicates() []Name {
	if d == nil || d.more == nil {
		return nil
	}
	return d.more.dups
}

// ValueSpan tells where the value token of key lies in the file; ok is false
// for dictionaries made by hand or held in object streams, and for values set
// after parsing.
func (d *Dict) ValueSpan(key Name) (s Span, ok bool) {
	i := d.find(key)
	if i < 0 || d.entries[i].span == (Span{}) {
		return Span{}, false
	}
	return d.entries[i].span, true
}

// Clone returns a shallow copy (nested values are shared).
func (d *Dict) Clone() *Dict {
	if d == nil {
		return nil
	}
	c := &Dict{entries: slices.Clone(d.entries)}
	if d.more != nil && d.more.dups != nil {
		c.more = &dictMore{dups: slices.Clone(d.more.dups)}
	}
	c.reindex()
	return c
}
