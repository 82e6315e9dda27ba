package pdf

// Object is one of: nil (null), bool, Integer, Real, String, Name, Array,
// *Dict, *Stream, Ref. Writers also accept Raw.
type Object any

// Integer is a PDF integer.
type Integer int64

// Real is a PDF real number.
type Real float64

// Name is a PDF name without the slash, with #xx escapes decoded.
type Name string

// String is a PDF string, decoded (and decrypted). Hex says how it was (or is
// to be) written.
type String struct {
	Value string
	Hex   bool
}

// Ref names an indirect object.
type Ref struct {
	Num uint32
	Gen uint16
}

// Array is a PDF array.
type Array []Object

// Span is a half-open range of byte offsets in the file.
type Span struct{ Start, End int64 }

// Raw is a token written as it stands. When Mark is not empty, the Rendered
// update tells at which offset the token lies in the output.
type Raw struct {
	Mark  string
	Bytes []byte
}

// Dict is a PDF dictionary that keeps the order of its keys, remembers
// duplicates, and knows where each value lies in the file (when it was parsed
// straight from the file and not from an object stream).
type Dict struct {
	entries []entry
	dups    []Name
}

type entry struct {
	key   Name
	value Object
	span  Span
}

// NewDict returns a dictionary of alternating keys (Name) and values.
func NewDict(kv ...any) *Dict {
	d := &Dict{}
	for i := 0; i+1 < len(kv); i += 2 {
		d.Set(kv[i].(Name), kv[i+1])
	}
	return d
}

// Get returns the value at key as it stands (references not followed), nil
// when absent. Of duplicate keys the last counts, as in most readers.
func (d *Dict) Get(key Name) Object {
	if d == nil {
		return nil
	}
	for i := range d.entries {
		if d.entries[i].key == key {
			return d.entries[i].value
		}
	}
	return nil
}

// Set replaces or appends a value.
func (d *Dict) Set(key Name, v Object) {
	for i := range d.entries {
		if d.entries[i].key == key {
			d.entries[i].value = v
			return
		}
	}
	d.entries = append(d.entries, entry{key: key, value: v})
}
