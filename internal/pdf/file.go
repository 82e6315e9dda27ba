package pdf

import (
	"bytes"
	"context"
	"io"
	"sync"
)

// OpenOptions tells Open how to read. The zero value is strict, with default
// limits and the empty user password.
type OpenOptions struct {
	Password []byte // tried as user, then owner password, after the empty one
	Limits   *Limits
}

// File is an opened PDF. It is safe for concurrent reads. The objects that it
// gives are shared: clone a dictionary before a change.
type File struct {
	sh     *shared
	size   int64
	opts   OpenOptions
	limits Limits
	hist   *history
	top    int       // the newest section of hist that counts
	sec    *security // nil: not encrypted
	encRef Ref       // of the encryption dictionary, zero when direct

	mu    sync.Mutex
	cache objectCache

	sizesOnce sync.Once
	highest   uint32
	rows      int // of all sections

	nextOnce sync.Once
	starts   []int64 // of the objects in effect, sorted
	startErr error
}

// shared is what a file and its earlier states have in common.
type shared struct {
	src          *source
	header       int64 // offset of %PDF-
	major, minor int
	base         int64 // what the offsets of the file count from
	baseKnown    bool

	mu       sync.Mutex
	work     int64 // bytes of objects parsed
	searched int64 // bytes of streams searched for their end
	decoded  int64 // bytes of structural streams kept
	streams  map[int64]*objectStream
}

// headerWindow is where %PDF- has to be (ISO 32000-1, annex H.3, note 13).
const headerWindow = 1024

// Open reads the header, the last xref chain and the trailer. A damaged file
// is a *SyntaxError (see Damaged), never repaired in silence; a password that
// is missing or wrong is a *PasswordError.
func Open(ctx context.Context, r io.ReaderAt, size int64, opts OpenOptions) (*File, error) {
	f := &File{
		sh:     &shared{src: newSource(r, size), streams: make(map[int64]*objectStream)},
		size:   size,
		opts:   opts,
		limits: opts.Limits.withDefaults(),
	}
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	value, _, err := f.startXref()
	if err != nil {
		return nil, err
	}
	c := &chain{f: f, sh: f.sh}
	at, err := c.locate(value)
	if err != nil {
		return nil, err
	}
	if err := f.loadChain(ctx, c, at); err != nil {
		return nil, err
	}
	return f, f.unlock(nil)
}

func (f *File) loadChain(ctx context.Context, c *chain, at int64) error {
	h, err := c.load(ctx, at)
	if err != nil {
		return err
	}
	f.hist, f.top = h, len(h.secs)-1
	return nil
}

// readHeader finds %PDF-M.m.
func (f *File) readHeader() error {
	b, err := f.sh.src.peek(0, headerWindow+len("%PDF-1.7"))
	if err != nil {
		return err
	}
	i := bytes.Index(b, []byte("%PDF-"))
	if i < 0 {
		return syntaxAt(0, "no %%PDF- header")
	}
	f.sh.header = int64(i)
	number := b[i+len("%PDF-"):]
	f.sh.major, f.sh.minor = version(string(number[:min(len(number), len("1.7"))]))
	return nil
}

// version reads the digits of "1.7"; what it can't read is 1.0.
func version(s string) (major, minor int) {
	if len(s) >= 3 && isDigit(int(s[0])) && s[1] == '.' && isDigit(int(s[2])) {
		return int(s[0] - '0'), int(s[2] - '0')
	}
	return 1, 0
}

// unlock makes f.sec from /Encrypt. A view of an earlier state takes over the
// keys of the file from when both name the same dictionary.
func (f *File) unlock(from *File) error {
	v := f.Trailer().Get("Encrypt")
	if v == nil {
		return nil
	}
	f.encRef, _ = v.(Ref)
	if from != nil && from.sec != nil && f.encRef != (Ref{}) && f.encRef == from.encRef {
		here, _, _, err1 := f.hist.lookup(f.sh, f.top, f.encRef.Num)
		there, _, _, err2 := from.hist.lookup(f.sh, from.top, f.encRef.Num)
		if err1 == nil && err2 == nil && here == there {
			f.sec = from.sec
			return nil
		}
	}
	d, err := f.Dict(v)
	if err != nil {
		return err
	}
	if d == nil {
		return syntaxIn(f.encRef, -1, "the encryption dictionary is missing")
	}
	room := maxFlat
	enc, err := f.flat(d, &room)
	if err != nil {
		return err
	}
	var id0 []byte
	ids, err := f.flat(f.Trailer().Get("ID"), &room)
	if err != nil {
		return err
	}
	if a, ok := ids.(Array); ok && len(a) > 0 {
		if s, ok := a[0].(String); ok {
			id0 = []byte(s.Value)
		}
	}
	sec, err := newSecurity(enc.(*Dict), id0, f.opts.Password)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.cache = objectCache{} // it holds undecrypted strings
	f.mu.Unlock()
	f.sec = sec
	return nil
}

// maxFlat is the number of values of an encryption dictionary.
const maxFlat = 1000

// flat returns o with every reference within resolved, for the small
// dictionaries that are needed before anything can be decrypted. Each value
// takes one from room, so that references in a circle end.
func (f *File) flat(o Object, room *int) (Object, error) {
	if *room--; *room < 0 {
		return nil, &LimitError{LimitRefChain, maxFlat}
	}
	o, err := f.Resolve(o)
	if err != nil {
		return nil, err
	}
	switch v := o.(type) {
	case *Dict:
		out := v.Clone()
		for i := range out.entries {
			if out.entries[i].value, err = f.flat(out.entries[i].value, room); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Array:
		out := make(Array, len(v))
		for i := range v {
			if out[i], err = f.flat(v[i], room); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return o, nil
}

// Size is the number of bytes of the file.
func (f *File) Size() int64 { return f.size }

// Reader gives the bytes of the file.
func (f *File) Reader() io.ReaderAt {
	if f.size == f.sh.src.size {
		return f.sh.src.r
	}
	return io.NewSectionReader(f.sh.src.r, 0, f.size)
}

// View gives bytes of the file from an offset on, as many as lie together in
// what the reader keeps: those of a small file are given whole. They are shared
// and must not be changed. At the end of the file it is io.EOF.
func (f *File) View(at int64) ([]byte, error) {
	if at >= f.size {
		return nil, io.EOF
	}
	b, err := f.sh.src.from(at)
	if err != nil {
		return nil, err
	}
	n := min(int64(len(b)), f.size-at)
	return b[:n:n], nil
}

// HeaderOffset is the number of bytes before %PDF- (0 in a sound file).
func (f *File) HeaderOffset() int64 { return f.sh.header }

// OffsetBase is what the offsets of the file count from: HeaderOffset or 0.
func (f *File) OffsetBase() int64 { return f.sh.base }

// Version is the PDF version: catalog /Version if higher, else the header's.
func (f *File) Version() (major, minor int) {
	major, minor = f.sh.major, f.sh.minor
	catalog, _, err := f.Catalog()
	if err != nil {
		return major, minor
	}
	v, err := f.Resolve(catalog.Get("Version"))
	if n, ok := v.(Name); err == nil && ok {
		if a, b := version(string(n)); a > major || a == major && b > minor {
			return a, b
		}
	}
	return major, minor
}

// Trailer is the newest trailer dictionary (or xref stream dictionary).
func (f *File) Trailer() *Dict { return f.hist.secs[f.top].trailer }

// Catalog returns the document catalog.
func (f *File) Catalog() (*Dict, Ref, error) {
	ref, ok := f.Trailer().Get("Root").(Ref)
	if !ok {
		return nil, Ref{}, syntaxAt(f.newest().off, "the trailer has no reference /Root")
	}
	o, err := f.Get(ref)
	if err != nil {
		return nil, ref, err
	}
	d, ok := o.(*Dict)
	if !ok {
		return nil, ref, syntaxIn(ref, -1, "the catalog is no dictionary")
	}
	return d, ref, nil
}

// newest is the section whose trailer counts.
func (f *File) newest() *section { return f.hist.secs[f.top] }

// newestXref tells where the newest section is, as its offset is written in
// the file, and whether it is a stream: for an update that continues it.
func (f *File) newestXref() (written int64, stream bool) {
	s := f.newest()
	return s.off - f.sh.base, s.stream
}

// highestNumber is the highest object number that a section lists.
func (f *File) highestNumber() uint32 {
	f.sizesOnce.Do(f.sizes)
	return f.highest
}

// maxNodes is how many kids a tree of the file may have in all. Each is an
// object; some files list one twice. In hostile ones many nodes share one
// array of kids.
func (f *File) maxNodes() int {
	f.sizesOnce.Do(f.sizes)
	return 2*f.rows + 100_000
}

func (f *File) sizes() {
	for _, s := range f.hist.secs[:f.top+1] {
		f.highest = max(f.highest, s.highest())
		f.rows += s.entries()
	}
}

// Encryption returns nil for a file that is not encrypted.
func (f *File) Encryption() *Encryption {
	if f.sec == nil {
		return nil
	}
	return f.sec.info()
}

// Truncated opens the file as it was when it ended at byte end. Options and
// password are those of f. It costs a look at the bytes before end when the
// section that was the last one then still belongs to f's history.
func (f *File) Truncated(ctx context.Context, end int64) (*File, error) {
	if end < 0 || end > f.size {
		return nil, syntaxAt(end, "the file can't be cut outside of it")
	}
	t := &File{sh: f.sh, size: end, opts: f.opts, limits: f.limits}
	value, _, err := t.startXref()
	if err != nil {
		return nil, err
	}
	c := &chain{f: t, sh: f.sh}
	at, err := c.locate(value)
	if err != nil {
		return nil, err
	}
	if i, ok := f.hist.byOff[at]; ok && f.hist.maxEnd[i] <= end {
		t.hist, t.top = f.hist, i
	} else if err := t.loadChain(ctx, c, at); err != nil {
		return nil, err
	}
	return t, t.unlock(f)
}
