package pdf

import (
	"bytes"
	"slices"
)

// freeWork is the number of bytes that may be parsed before objects are held
// to end where the next one starts. Sound files never come to it; in hostile
// ones each of a million objects may reach to the end of the file.
const freeWork = 64 << 20

// indirect is an indirect object as it stands in the file.
type indirect struct {
	ref        Ref
	obj        Object // a stream's is its dictionary here
	dict       *Dict  // of a stream
	stream     Span   // of the data of a stream, which can't start at 0
	start, end int64  // of "n g obj", after "endobj"
	values     int    // within the object
}

func (in *indirect) isStream() bool { return in.stream != Span{} }

func (f *File) lexAt(at int64) lexer {
	return lexer{src: f.sh.src, base: at, end: f.size}
}

// parseAt reads the indirect object at an offset, which has to be want unless
// that is zero. depth counts the objects that wait for this one.
func (f *File) parseAt(at int64, want Ref, depth int) (in indirect, err error) {
	p := newParser(f.lexAt(at), true)
	defer p.free()
	if at < 0 || at >= f.size {
		return in, syntaxIn(want, at, "the cross-reference entry points out of the file")
	}
	if p.end, err = f.reach(at); err != nil {
		return in, err
	}
	p.white()
	in.start = p.offset()
	defer func() { f.charge(p.offset(), in) }()
	if in.ref, err = p.objectHeader(); err != nil {
		return in, inObject(err, want)
	}
	if want != (Ref{}) && in.ref != want {
		return in, syntaxIn(want, in.start, "object %d %d stands where the cross-reference entry points", in.ref.Num, in.ref.Gen)
	}
	if err = f.body(p, &in, depth); err != nil {
		return in, inObject(err, in.ref)
	}
	in.end, in.values = p.offset(), p.values
	return in, nil
}

// charge counts the bytes parsed, whether an object came of them or not.
func (f *File) charge(end int64, in indirect) {
	n := end - in.start
	if in.isStream() && end >= in.stream.End {
		n -= in.stream.End - in.stream.Start // these were not looked at
	}
	f.sh.mu.Lock()
	f.sh.work += n
	f.sh.mu.Unlock()
}

// reach is where an object that starts at an offset has to have ended.
func (f *File) reach(at int64) (int64, error) {
	f.sh.mu.Lock()
	work := f.sh.work
	f.sh.mu.Unlock()
	if work < freeWork || f.hist == nil {
		return f.size, nil
	}
	return f.nextStart(at)
}

// nextStart is the offset of the first object in effect after an offset, the
// end of the file when there is none.
func (f *File) nextStart(at int64) (int64, error) {
	if f.hist == nil {
		return f.size, nil
	}
	f.nextOnce.Do(func() {
		f.startErr = f.hist.effective(f.sh, f.top, func(_ uint32, e xrefEntry) {
			if e.kind == kindInFile {
				f.starts = append(f.starts, e.where)
			}
		})
		slices.Sort(f.starts)
	})
	if f.startErr != nil {
		return 0, f.startErr
	}
	i, _ := slices.BinarySearch(f.starts, at+1)
	if i == len(f.starts) {
		return f.size, nil
	}
	return min(f.size, f.starts[i]), nil
}

// objectHeader reads "n g obj".
func (p *parser) objectHeader() (Ref, error) {
	start := p.offset()
	num, ok1 := p.digits()
	p.white()
	gen, ok2 := p.digits()
	p.white()
	if !ok1 || !ok2 || num < 1 || num > maxObjectNumber || gen > 65535 || !p.literally("obj") {
		return Ref{}, p.failAt(start, "no object stands here")
	}
	return Ref{Num: uint32(num), Gen: uint16(gen)}, nil
}

// body reads what follows "n g obj", "endobj" included.
func (f *File) body(p *parser, in *indirect, depth int) (err error) {
	p.space()
	if p.literally("endobj") { // an object without value: null
		return nil
	}
	if in.obj, err = p.object(); err != nil {
		return err
	}
	after := p.offset()
	p.space()
	if d, ok := in.obj.(*Dict); ok && p.literally("stream") {
		in.dict = d
		if err = f.streamData(p, in, depth); err != nil {
			return err
		}
		after = p.offset()
		p.space()
	}
	if p.literally("endobj") {
		return nil
	}
	if !p.atNext() {
		return p.fail("no endobj after the object")
	}
	p.seek(after)
	return nil
}

// atNext tells whether the next object or the end of the body stands here:
// writers that forget endobj are read.
func (p *parser) atNext() bool {
	at := p.offset()
	defer p.seek(at)
	if p.peek() < 0 {
		return p.err == nil
	}
	if isDigit(p.peek()) {
		_, err := p.objectHeader()
		return err == nil
	}
	return p.literally("xref") || p.literally("trailer") || p.literally("startxref")
}

// streamData finds the data after "stream": by /Length, and where that is
// wrong, as is common, by a search for endstream up to the next object.
func (f *File) streamData(p *parser, in *indirect, depth int) error {
	for p.peek() == ' ' || p.peek() == '\t' { // tolerated before the line end
		p.pos++
	}
	// ISO 32000-2, 7.3.8.1: CR LF or LF. A lone CR is read as a line end.
	if p.peek() == '\r' {
		p.pos++
	}
	if p.peek() == '\n' {
		p.pos++
	}
	start := p.offset()
	n, err := f.streamLength(in, depth)
	if err != nil {
		return err
	}
	if n >= 0 && n <= f.size-start && p.endstream(start+n) {
		in.stream = Span{start, start + n}
		return nil
	}
	return f.searchEndstream(p, in, start)
}

// endstream tells whether, after white space, endstream stands at the offset,
// and goes behind it. It looks at few bytes: the data may be far apart.
func (p *parser) endstream(at int64) bool {
	b, err := p.src.peek(at, 32)
	if err != nil || at > p.end {
		return false
	}
	b = b[:min(int64(len(b)), p.end-at)]
	rest := bytes.TrimLeft(b, "\r\n \t\x00\f")
	word := []byte("endstream")
	if !bytes.HasPrefix(rest, word) {
		return false
	}
	p.seek(at + int64(len(b)-len(rest)+len(word)))
	return true
}

// streamLength resolves /Length; -1 when there is none to use.
func (f *File) streamLength(in *indirect, depth int) (int64, error) {
	v := in.dict.Get("Length")
	if ref, ok := v.(Ref); ok {
		// A length that leads back here, or on and on, is no length.
		if depth >= maxLengthDepth || ref == in.ref {
			return -1, nil
		}
		o, err := f.get(ref, depth+1)
		if err != nil {
			if Damaged(err) {
				return -1, nil
			}
			return 0, err
		}
		v = o
	}
	if n, ok := v.(Integer); ok && n >= 0 {
		return int64(n), nil
	}
	return -1, nil
}

// searchEndstream finds the end of the data without /Length.
func (f *File) searchEndstream(p *parser, in *indirect, start int64) error {
	end, err := f.nextStart(start)
	if err != nil {
		return err
	}
	at, err := f.sh.search(start, end, "endstream")
	if err != nil {
		return err
	}
	if at < 0 {
		if err = f.chargeSearch(end - start); err != nil {
			return err
		}
		return p.failAt(start, "stream without endstream")
	}
	p.seek(at + int64(len("endstream")))
	in.stream = Span{start, f.beforeLineEnd(start, at)}
	return f.chargeSearch(at - start)
}

// chargeSearch bounds the searches of a file: each of many broken streams may
// make us read to its end.
func (f *File) chargeSearch(n int64) error {
	f.sh.mu.Lock()
	defer f.sh.mu.Unlock()
	if f.sh.searched += n; f.sh.searched > freeWork+16*f.sh.src.size {
		return &LimitError{LimitSearch, freeWork + 16*f.sh.src.size}
	}
	return nil
}

// beforeLineEnd cuts the line end before endstream off the data.
func (f *File) beforeLineEnd(start, end int64) int64 {
	b, err := f.sh.src.peek(end-2, 2)
	if err != nil || len(b) != 2 {
		return end
	}
	switch {
	case b[0] == '\r' && b[1] == '\n':
		end -= 2
	case b[1] == '\n' || b[1] == '\r':
		end--
	}
	return max(start, end)
}
