package pdf

import "fmt"

// objectCache keeps parsed objects by number, up to an estimate of their bytes
// in memory.
type objectCache struct {
	objects map[uint32]cached
	bytes   int64
}

type cached struct {
	gen uint16
	obj Object
}

// The room of the cache: enough for one array of a million pages.
const (
	cacheBytes = 64 << 20
	maxCached  = 1 << 14
)

// keep stores an object of some bytes in the file and values within; when the
// room is used up it starts again empty.
func (f *File) keep(num uint32, c cached, size int64, values int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	const overhead, perValue = 64, 48
	size += overhead + int64(values)*perValue
	switch {
	case f.cache.objects == nil:
		f.cache.objects = make(map[uint32]cached, f.fewRows())
	case f.cache.bytes+size > cacheBytes || len(f.cache.objects) >= maxCached:
		clear(f.cache.objects)
		f.cache.bytes = 0
	}
	f.cache.objects[num] = c
	f.cache.bytes += size
}

// fewRows is how many objects a small file has; 0 for others, of which few may
// be asked for.
func (f *File) fewRows() int {
	const few = 64
	if f.hist == nil {
		return 0
	}
	if f.sizesOnce.Do(f.sizes); f.rows > few {
		return 0
	}
	return f.rows
}

// Get returns the object, nil (null) when it is free or absent, or when the
// file holds it with another generation number.
func (f *File) Get(ref Ref) (Object, error) { return f.get(ref, 0) }

func (f *File) get(ref Ref, depth int) (Object, error) {
	f.mu.Lock()
	c, ok := f.cache.objects[ref.Num]
	f.mu.Unlock()
	if ok {
		if c.gen != ref.Gen {
			return nil, nil
		}
		return c.obj, nil
	}
	e, _, ok, err := f.hist.lookup(f.sh, f.top, ref.Num)
	if err != nil {
		return nil, inObject(err, ref)
	}
	if !ok {
		return nil, nil // ISO 32000-2, 7.3.10
	}
	switch e.kind {
	case kindInFile:
		if e.gen != uint32(ref.Gen) {
			return nil, nil
		}
		return f.getInFile(ref, e.where, depth)
	case kindInStream:
		if ref.Gen != 0 { // ISO 32000-2, 7.5.7
			return nil, nil
		}
		return f.getInStream(ref, e, depth)
	default:
		return nil, nil
	}
}

func (f *File) getInFile(ref Ref, at int64, depth int) (Object, error) {
	in, err := f.parseAt(at, ref, depth)
	if err != nil {
		return nil, err
	}
	o := in.obj
	size := in.end - in.start
	if f.sec != nil && ref != f.encRef && !isXref(in.dict) {
		if o, err = f.decrypted(ref, o); err != nil {
			return nil, err
		}
	}
	if in.isStream() {
		o = newFileStream(f, ref, in.dict, in.stream.Start, in.stream.End-in.stream.Start)
		size -= in.stream.End - in.stream.Start
	}
	f.keep(ref.Num, cached{ref.Gen, o}, size, in.values)
	return o, nil
}

// isXref tells cross-reference streams, which are never encrypted
// (ISO 32000-2, 7.5.8.2).
func isXref(d *Dict) bool { return d != nil && d.Get("Type") == Name("XRef") }

// decrypted decrypts the strings within o in place.
func (f *File) decrypted(ref Ref, o Object) (Object, error) {
	switch v := o.(type) {
	case String:
		b, err := f.sec.decryptString(ref, []byte(v.Value))
		if err != nil {
			return nil, inObject(err, ref)
		}
		return String{Value: string(b), Hex: v.Hex}, nil
	case Array:
		for i := range v {
			var err error
			if v[i], err = f.decrypted(ref, v[i]); err != nil {
				return nil, err
			}
		}
	case *Dict:
		signature := v.Has("ByteRange")
		for i := range v.entries {
			e := &v.entries[i]
			if signature && e.key == "Contents" { // ISO 32000-2, 7.6.2
				continue
			}
			var err error
			if e.value, err = f.decrypted(ref, e.value); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// Resolve follows references until a direct object is reached (bounded).
func (f *File) Resolve(o Object) (Object, error) {
	for range maxRefChain {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.Get(ref); err != nil {
			return nil, err
		}
	}
	return nil, &LimitError{LimitRefChain, maxRefChain}
}

// resolveTo resolves o to a T; null gives the zero value.
func resolveTo[T any](f *File, o Object, what string) (out T, err error) {
	v, err := f.Resolve(o)
	if err != nil || v == nil {
		return out, err
	}
	out, ok := v.(T)
	if !ok {
		ref, _ := o.(Ref)
		return out, syntaxIn(ref, -1, "%s expected, %s found", what, typeName(v))
	}
	return out, nil
}

func typeName(o Object) string {
	switch o.(type) {
	case bool:
		return "a boolean"
	case Integer, Real:
		return "a number"
	case String:
		return "a string"
	case Name:
		return "a name"
	case Array:
		return "an array"
	case *Dict:
		return "a dictionary"
	case *Stream:
		return "a stream"
	case Ref:
		return "a reference"
	}
	return fmt.Sprintf("%T", o)
}

// Dict, Array, Stream, Name, Int resolve and assert; a missing or null object
// gives the zero value and no error, another type an error.
func (f *File) Dict(o Object) (*Dict, error) { return resolveTo[*Dict](f, o, "a dictionary") }

// Array resolves an array.
func (f *File) Array(o Object) (Array, error) { return resolveTo[Array](f, o, "an array") }

// Stream resolves a stream.
func (f *File) Stream(o Object) (*Stream, error) { return resolveTo[*Stream](f, o, "a stream") }

// Name resolves a name.
func (f *File) Name(o Object) (Name, error) { return resolveTo[Name](f, o, "a name") }

// Int resolves an integer.
func (f *File) Int(o Object) (Integer, error) { return resolveTo[Integer](f, o, "an integer") }

// Location says where an object is defined.
type Location struct {
	Offset   int64 // of "n g obj", or of the object stream's
	End      int64 // after "endobj"; 0 when in an object stream
	InStream Ref   // object stream, zero when not compressed
	Index    int
	Free     bool
	Revision int // 0-based revision that defines it
}

// Locate tells where an object lives; ok is false for numbers never defined.
// The generation of ref counts as in Get: with another one than the file's the
// object is not defined.
func (f *File) Locate(ref Ref) (loc Location, ok bool, err error) {
	e, sec, ok, err := f.hist.lookup(f.sh, f.top, ref.Num)
	if err != nil || !ok {
		return loc, false, inObject(err, ref)
	}
	if _, err = f.Revisions(); err != nil {
		return loc, false, err
	}
	loc.Revision = f.hist.revOf[sec]
	switch e.kind {
	case kindInFile:
		if e.gen != uint32(ref.Gen) {
			return Location{}, false, nil
		}
		in, err := f.parseAt(e.where, ref, 0)
		loc.Offset, loc.End = in.start, in.end
		return loc, err == nil, err
	case kindInStream:
		if ref.Gen != 0 {
			return Location{}, false, nil
		}
		loc.InStream, loc.Index = Ref{Num: uint32(e.where)}, int(e.gen)
		s, _, ok, err := f.hist.lookup(f.sh, f.top, uint32(e.where))
		if err != nil || !ok || s.kind != kindInFile {
			return loc, false, inObject(err, ref)
		}
		loc.Offset = s.where
		return loc, true, nil
	default:
		loc.Free = true
		return loc, true, nil
	}
}
