package pdf

import "fmt"

// maxFilters is the number of filters of one stream.
const maxFilters = 32

// FilterError says that a stream has a filter that is not undone here: those
// of pictures, and unknown ones.
type FilterError struct{ Filter Name }

func (e *FilterError) Error() string {
	return fmt.Sprintf("pdf: filter %s is not decoded here", string(e.Filter))
}

// filter is one step of the decoding of a stream.
type filter struct {
	name  Name
	parms *Dict // may be nil
}

// short names are those of inline images, which some writers use in streams.
var shortFilters = map[Name]Name{
	"Fl": "FlateDecode", "LZW": "LZWDecode", "A85": "ASCII85Decode", "AHx": "ASCIIHexDecode", "RL": "RunLengthDecode",
}

// decodeFilters undoes the filters of a stream with dictionary d. Output and
// what lies between two filters is bounded while it is made. f resolves
// references and may be nil.
func decodeFilters(f *File, d *Dict, raw []byte, limit int64) ([]byte, error) {
	filters, err := f.filters(d)
	if err != nil {
		return nil, err
	}
	factor := max(freeInflate, int64(len(raw))*maxStructuralFactor)
	for i, fl := range filters {
		room := limit
		if i < len(filters)-1 || fl.predictor() > 1 {
			// Data in between may be longer than the result: two hexadecimal
			// digits a byte, a byte for each row of one.
			room = 2*limit + blockSize
		}
		out := &capped{limit: min(room, factor)}
		if err = fl.decode(out, raw); err == nil && out.full {
			if out.limit < room {
				err = &LimitError{LimitStreamFactor, maxStructuralFactor}
			} else {
				err = &LimitError{LimitStreamBytes, limit}
			}
		}
		if err != nil {
			return nil, err
		}
		raw = out.b
	}
	if int64(len(raw)) > limit {
		return nil, &LimitError{LimitStreamBytes, limit}
	}
	return raw, nil
}

// decode undoes one filter with its predictor.
func (fl filter) decode(out *capped, in []byte) error {
	switch fl.name {
	case "FlateDecode":
		if err := inflate(out, in); err != nil {
			return err
		}
		return fl.unpredict(out)
	case "LZWDecode":
		early, err := fl.integer("EarlyChange", 1, 0, 1)
		if err != nil {
			return err
		}
		if err := unLZW(out, in, early == 1); err != nil {
			return err
		}
		return fl.unpredict(out)
	case "ASCII85Decode":
		return unASCII85(out, in)
	case "ASCIIHexDecode":
		return unHex(out, in)
	case "RunLengthDecode":
		return unRunLength(out, in)
	case "Crypt": // undone before, with the key of the file
		out.b = in
		return nil
	}
	return &FilterError{fl.name}
}

// integer is a parameter of the filter within bounds.
func (fl filter) integer(key Name, missing, low, high Integer) (Integer, error) {
	switch v := fl.parms.Get(key).(type) {
	case nil:
		return missing, nil
	case Integer:
		if v >= low && v <= high {
			return v, nil
		}
	}
	return 0, syntaxAt(-1, "/%s of %s is %v", string(key), string(fl.name), fl.parms.Get(key))
}

// filters lists the filters of a stream dictionary with their parameters.
func (f *File) filters(d *Dict) ([]filter, error) {
	r := filterResolver{f: f, structural: d.Get("Type") == Name("ObjStm") || d.Get("Type") == Name("XRef")}
	names, err := r.list(d.Get("Filter"))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	o := d.Get("DecodeParms")
	if o == nil {
		o = d.Get("DP") // inline images' name for it
	}
	parms, err := r.list(o)
	if err != nil {
		return nil, err
	}
	out := make([]filter, len(names))
	for i := range names {
		n, ok := names[i].(Name)
		if !ok {
			return nil, syntaxAt(-1, "/Filter holds %s", typeName(names[i]))
		}
		if long, ok := shortFilters[n]; ok {
			n = long
		}
		out[i].name = n
		if i < len(parms) && parms[i] != nil {
			p, ok := parms[i].(*Dict)
			if !ok {
				return nil, syntaxAt(-1, "/DecodeParms holds %s", typeName(parms[i]))
			}
			if out[i].parms, err = r.values(p); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// withDirectFilters returns d, or a copy in which no reference stands in
// /Filter and /DecodeParms.
func (f *File) withDirectFilters(d *Dict) (*Dict, error) {
	filters, err := f.filters(d)
	if err != nil || len(filters) == 0 {
		return d, err
	}
	names, parms := make(Array, len(filters)), make(Array, len(filters))
	for i, fl := range filters {
		names[i] = fl.name
		if fl.parms != nil {
			parms[i] = fl.parms
		}
	}
	d = d.Clone()
	d.Set("Filter", names)
	d.Set("DecodeParms", parms)
	return d, nil
}

// filterResolver follows the references of /Filter and /DecodeParms. Those of
// structural streams must not need another such stream, or the two could
// need each other.
type filterResolver struct {
	f          *File
	structural bool
}

func (r filterResolver) resolve(o Object) (Object, error) {
	for range maxRefChain {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		if r.f == nil {
			return nil, syntaxIn(ref, -1, "a filter is a reference")
		}
		depth := 0
		if r.structural {
			e, _, ok, err := r.f.hist.lookup(r.f.sh, r.f.top, ref.Num)
			if err != nil {
				return nil, err
			}
			if ok && e.kind == kindInStream {
				return nil, syntaxIn(ref, -1, "the filter of an object stream lies in an object stream")
			}
			depth = maxLengthDepth // nor may its /Length lead anywhere
		}
		var err error
		if o, err = r.f.get(ref, depth); err != nil {
			return nil, err
		}
	}
	return nil, &LimitError{LimitRefChain, maxRefChain}
}

// list resolves a value that may be one thing or an array of them.
func (r filterResolver) list(o Object) ([]Object, error) {
	o, err := r.resolve(o)
	if err != nil || o == nil {
		return nil, err
	}
	a, ok := o.(Array)
	if !ok {
		return []Object{o}, nil
	}
	if len(a) > maxFilters {
		return nil, &LimitError{LimitFilters, maxFilters}
	}
	out := make([]Object, len(a))
	for i := range a {
		if out[i], err = r.resolve(a[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// values resolves the values of a parameter dictionary, but those that no
// filter here asks for.
func (r filterResolver) values(p *Dict) (*Dict, error) {
	out := p
	for _, key := range []Name{"Predictor", "Colors", "BitsPerComponent", "Columns", "EarlyChange", "Name"} {
		ref, ok := p.Get(key).(Ref)
		if !ok {
			continue
		}
		v, err := r.resolve(ref)
		if err != nil {
			return nil, err
		}
		if out == p {
			out = p.Clone()
		}
		out.Set(key, v)
	}
	return out, nil
}

// capped collects output up to a limit.
type capped struct {
	b     []byte
	limit int64
	full  bool // more came than the limit
}

// room reports whether n more bytes fit, and remembers when not.
func (o *capped) room(n int) bool {
	if int64(len(o.b)+n) > o.limit {
		o.full = true
	}
	return !o.full
}

// Write takes what fits and fails when more comes.
func (o *capped) Write(p []byte) (int, error) {
	if !o.room(len(p)) {
		return 0, errFull
	}
	o.b = append(o.b, p...)
	return len(p), nil
}
