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
	more    *dictMore // nil in most
}

type dictMore struct {
	index map[Name]int // nil while the dictionary is small
	dups  []Name       // keys met twice by the parser
	seen  map[Name]bool
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
	if i := d.find(key); i >= 0 {
		return d.entries[i].value
	}
	return nil
}

// Set replaces or appends a value. The dictionaries that a File gives are
// shared: Clone before a change.
func (d *Dict) Set(key Name, v Object) {
	if i := d.find(key); i >= 0 {
		d.entries[i].value, d.entries[i].span = v, Span{}
		return
	}
	d.add(entry{key: key, value: v})
}
