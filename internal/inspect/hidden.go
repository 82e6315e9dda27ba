package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// scanHidden reads the bytes of the file once, outside of the data of streams,
// and reports each "N G obj" that no cross-reference section has there. Such an
// object is not shown now; one changed row of an appended section would show it
// (shadow attack "hide and replace").
func (in *inspector) scanHidden() error {
	if !in.objects.ok {
		return nil
	}
	s := &scan{in: in, window: window{r: in.f.Reader(), size: in.f.Size()}}
	if s.size <= in.o.ScanBytes/4 { // what is read again stays within ScanBytes, too
		b, err := in.f.View(0)
		if err != nil {
			return err
		}
		if int64(len(b)) == s.size {
			s.buf = b
		}
	}
	if s.buf == nil {
		room := windows.Get().(*[]byte)
		s.buf = (*room)[:0]
		defer func() { s.release(room) }()
	}
	return s.run()
}

// windows are buffers of scans.
var windows = sync.Pool{New: func() any { return &[]byte{} }}

// release gives the buffer of the window back, unless it became large.
func (w *window) release(room *[]byte) {
	const usual = 256 << 10
	if *room = w.buf[:0]; cap(w.buf) <= usual {
		windows.Put(room)
	}
}

// scan is one pass over the file.
type scan struct {
	in *inspector
	window
	parsed  int64 // no object before this offset is parsed: it lies in one that was
	barren  int64 // no endstream before this offset
	lengths map[pdf.Ref]int64
	before  []byte // room for what stands before "obj"
	some    []byte // room for other looks
}

const (
	scanWindow = 1 << 20  // read at once, at most
	scanLeast  = 4 << 10  // read after a jump over the data of a stream
	scanMargin = 64 << 10 // looked at for the dictionary of one stream
)

func (s *scan) run() error {
	word := []byte("obj")
	for at := int64(0); at < s.size; {
		if err := s.in.ctx.Err(); err != nil {
			return err
		}
		if s.read > s.in.o.ScanBytes {
			s.in.add(Finding{Code: NotScanned, Detail: fmt.Sprintf("hidden objects: the file is too long to look for them from byte %d on", at)})
			return nil
		}
		b, err := s.from(at, scanLeast)
		if err != nil {
			return err
		}
		i := bytes.Index(b, word)
		if i < 0 {
			at += int64(max(1, len(b)-len(word)+1))
			continue
		}
		if at, err = s.object(at + int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// object looks at "obj" at an offset and returns where to go on.
func (s *scan) object(at int64) (next int64, err error) {
	next = at + int64(len("obj"))
	ref, start, ok, err := s.header(at)
	if err != nil || !ok {
		return next, err
	}
	var body body
	if start >= s.parsed {
		if body, err = s.bodyAt(next); err != nil {
			return 0, err
		}
		s.parsed = next + int64(body.size)
	}
	white, err := s.whiteBefore(start)
	if err != nil {
		return 0, err
	}
	t := &s.in.objects
	if !t.lists(ref.Num, white, start) && !(body.xref && t.section(start)) {
		s.in.hidden(ref, start)
	}
	if !body.stream {
		return next, nil
	}
	data := next + int64(body.size)
	end, err := s.endOfData(data, body)
	return max(data, end), err
}

// bodyAt reads what follows "obj"; most dictionaries are short.
func (s *scan) bodyAt(at int64) (out body, err error) {
	for _, n := range []int{scanLeast, scanMargin} {
		b, err := s.from(at, n)
		if err != nil {
			return out, err
		}
		b = b[:min(len(b), scanMargin)]
		if out = parseBody(b); out.size < len(b) {
			break
		}
	}
	return out, nil
}

// header reads the two numbers before "obj" at an offset.
func (s *scan) header(at int64) (ref pdf.Ref, start int64, ok bool, err error) {
	const look = 40 // two numbers of ten digits and white space
	b, err := s.peek(&s.before, max(0, at-look), int(min(look, at)))
	if err != nil {
		return ref, 0, false, err
	}
	after, err := s.peek(&s.some, at+3, 1)
	if err != nil || len(after) == 1 && !isSpace(after[0]) && !isDelim(after[0]) && !isDigit(after[0]) && after[0] != '-' && after[0] != 't' && after[0] != 'f' && after[0] != 'n' {
		return ref, 0, false, err
	}
	gen, b, ok1 := lastNumber(b, true)
	num, b, ok2 := lastNumber(b, false)
	if !ok1 || !ok2 || num < 1 || num > 1<<31-1 || gen > 65535 {
		return ref, 0, false, nil
	}
	return pdf.Ref{Num: uint32(num), Gen: uint16(gen)}, max(0, at-look) + int64(len(b)), true, nil
}

// lastNumber takes a number and white space off the end of b. The white space
// is what divides two numbers; between number and "obj" none is needed.
func lastNumber(b []byte, bare bool) (n int64, rest []byte, ok bool) {
	end := len(b)
	for end > 0 && isSpace(b[end-1]) {
		end--
	}
	if end == len(b) && !bare {
		return 0, nil, false
	}
	start := end
	for start > 0 && end-start < 11 && isDigit(b[start-1]) {
		start--
	}
	for _, c := range b[start:end] {
		n = n*10 + int64(c-'0')
	}
	return n, b[:start], start < end && end-start < 11
}

// whiteBefore is where the white space before an offset starts.
func (s *scan) whiteBefore(at int64) (int64, error) {
	b, err := s.peek(&s.some, max(0, at-maxHeadLook), int(min(maxHeadLook, at)))
	if err != nil {
		return 0, err
	}
	n := len(b)
	for n > 0 && isSpace(b[n-1]) {
		n--
	}
	return at - int64(len(b)-n), nil
}

// body is what follows "N G obj", as far as the scan needs to know.
type body struct {
	size   int  // bytes read: up to the data of a stream
	stream bool // a stream follows
	xref   bool // of /Type /XRef
	length int64
	ref    pdf.Ref // of /Length, zero when direct
}

// parseBody reads a dictionary and the word stream after it.
func parseBody(b []byte) (out body) {
	l := lexer{b: b, skip: true}
	out.length = -1
	defer func() { out.size = min(l.pos, len(b)) }()
	if l.next().kind != tokOpenDict {
		l.pos = 0
		return out
	}
	var last [4]token // the key and what followed it, in a ring
	for i, depth := 0, 1; depth > 0; i++ {
		t := l.next()
		switch t.kind {
		case tokEnd:
			return out
		case tokOpenArray:
			if l.numbers() { // widths, boxes: as if all were one number
				last[i&3], last[(i+1)&3], last[(i+2)&3] = t, token{kind: tokNumber}, token{kind: tokCloseArray}
				i += 2
				continue
			}
			depth++
		case tokOpenDict:
			depth++
		case tokCloseDict, tokCloseArray:
			depth--
		default:
		}
		if depth == 1 {
			out.value(&last[(i+1)&3], &last[(i+3)&3], t)
		}
		last[i&3] = t
	}
	start := l.pos
	if t := l.next(); t.kind != tokWord || string(t.b) != "stream" {
		l.pos = start
		return out
	}
	for l.pos < len(b) && (b[l.pos] == ' ' || b[l.pos] == '\t') {
		l.pos++
	}
	if l.pos < len(b) && b[l.pos] == '\r' {
		l.pos++
	}
	if l.pos < len(b) && b[l.pos] == '\n' {
		l.pos++
	}
	out.stream = true
	return out
}

// value takes /Length and /Type from t, the token before it and the third
// before it.
func (o *body) value(third, before *token, t token) {
	is := func(t *token, name string) bool { return t.kind == tokName && string(t.b) == name }
	switch {
	case is(before, "Length") && t.kind == tokNumber && t.num >= 0 && t.num < 1<<53:
		o.length, o.ref = int64(t.num), pdf.Ref{}
	case t.kind == tokWord && string(t.b) == "R" && is(third, "Length") && o.length > 0 && o.length < 1<<31 && before.num < 65536:
		o.ref = pdf.Ref{Num: uint32(o.length), Gen: uint16(before.num)}
	case is(before, "Type"):
		o.xref = is(&t, "XRef")
	}
}

// endOfData is where the data of a stream ends: by its length when endstream
// stands there, else by a search that stays before the next listed object, as
// package pdf finds it.
func (s *scan) endOfData(start int64, o body) (int64, error) {
	n := o.length
	if o.ref != (pdf.Ref{}) {
		var err error
		if n, err = s.lengthOf(o.ref); err != nil {
			return 0, err
		}
	}
	if n >= 0 && n <= s.size-start {
		b, err := s.peek(&s.some, start+n, 32)
		if err != nil {
			return 0, err
		}
		if bytes.HasPrefix(bytes.TrimLeft(b, "\r\n \t\x00\f"), []byte("endstream")) {
			return start + n, nil
		}
	}
	until := s.in.objects.nextListed(start, s.size)
	if start < s.barren && until <= s.barren {
		return start, nil
	}
	return s.search(start, until)
}

// search finds endstream between two offsets; start when it is not there.
func (s *scan) search(start, until int64) (int64, error) {
	word := []byte("endstream")
	for at := start; at < until; {
		b, err := s.from(at, scanMargin)
		if err != nil {
			return 0, err
		}
		b = b[:min(int64(len(b)), until-at)]
		if i := bytes.Index(b, word); i >= 0 {
			return at + int64(i), nil
		}
		at += int64(max(1, len(b)-len(word)+1))
	}
	s.barren = until
	return start, nil
}

// lengthOf resolves /Length; -1 when it is none.
func (s *scan) lengthOf(ref pdf.Ref) (int64, error) {
	if n, ok := s.lengths[ref]; ok {
		return n, nil
	}
	v, err := s.in.f.Int(ref)
	if err != nil {
		if !ofFile(err) {
			return 0, err
		}
		v = -1
	}
	if s.lengths == nil {
		s.lengths = make(map[pdf.Ref]int64)
	}
	s.lengths[ref] = int64(v)
	return int64(v), nil
}

// window reads a file forwards: in pieces that grow as long as nothing is
// jumped over, so that of a file that is all streams little is read.
type window struct {
	r    io.ReaderAt
	size int64
	base int64
	buf  []byte
	step int   // of the last piece
	read int64 // in all, with what was read again
}

// from gives the bytes from an offset on: all that are left of the window, at
// least n unless the file ends.
func (w *window) from(at int64, n int) ([]byte, error) {
	end := w.base + int64(len(w.buf))
	if at >= w.base && at <= end && (end-at >= int64(n) || end == w.size) {
		return w.buf[at-w.base:], nil
	}
	if at > end {
		w.step = 0
	}
	w.step = min(max(2*w.step, scanLeast), scanWindow)
	take := max(0, min(int64(max(n, w.step)), w.size-at))
	if int64(cap(w.buf)) < take {
		w.buf = make([]byte, take)
	}
	w.base, w.buf = at, w.buf[:take]
	w.read += int64(len(w.buf))
	if err := readFull(w.r, w.buf, at); err != nil {
		w.buf = w.buf[:0]
		return nil, err
	}
	return w.buf, nil
}

// peek gives n bytes, fewer at the end of the file, and leaves the window. They
// may lie in room, until it is used again.
func (w *window) peek(room *[]byte, at int64, n int) ([]byte, error) {
	if at < 0 || at >= w.size {
		return nil, nil
	}
	n = int(min(int64(n), w.size-at))
	if at >= w.base && at+int64(n) <= w.base+int64(len(w.buf)) {
		return w.buf[at-w.base:][:n], nil
	}
	if cap(*room) < n {
		*room = make([]byte, n)
	}
	b := (*room)[:n]
	return b, readFull(w.r, b, at)
}

func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // the file became shorter
	}
	return fmt.Errorf("inspect: read at %d: %w", at, err)
}
