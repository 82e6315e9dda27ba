package pdf

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
)

// Character classes of ISO 32000-2, 7.2.3.
const (
	classSpace = 1 << iota
	classDelim
	classDigit
)

var class = func() (t [256]byte) {
	for _, c := range []byte("\x00\t\n\f\r ") {
		t[c] = classSpace
	}
	for _, c := range []byte("()<>[]{}/%") {
		t[c] = classDelim
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = classDigit
	}
	return t
}()

func isSpace(c int) bool   { return c >= 0 && class[c]&classSpace != 0 }
func isDigit(c int) bool   { return c >= 0 && class[c]&classDigit != 0 }
func isRegular(c int) bool { return c >= 0 && class[c]&(classSpace|classDelim) == 0 }

// lexer reads bytes and tokens, from a file block by block or from memory.
type lexer struct {
	src  *source // nil: buf is all there is
	end  int64   // nothing at or after this offset is read
	buf  []byte
	base int64 // offset of buf[0]
	pos  int
	err  error // of reading, or a passed limit; the input then ends
	tmp  []byte
	room [32]byte // for tmp: most tokens are short
}

// reset makes a lexer of nothing that keeps a buffer for tokens.
func (l *lexer) reset(tmp []byte) {
	l.src, l.end, l.buf, l.base, l.pos, l.err, l.tmp = nil, 0, nil, 0, 0, nil, tmp
}

// scratch is the buffer for a token, empty.
func (l *lexer) scratch() []byte {
	if l.tmp == nil {
		return l.room[:0]
	}
	return l.tmp[:0]
}

func memoryLexer(data []byte) lexer {
	return lexer{buf: data, end: int64(len(data))}
}

// peek is the next byte, -1 at the end.
func (l *lexer) peek() int {
	if l.pos < len(l.buf) {
		return int(l.buf[l.pos])
	}
	return l.refill()
}

func (l *lexer) refill() int {
	at := l.offset()
	if l.src == nil || at >= l.end || l.err != nil {
		return -1
	}
	b, err := l.src.from(at)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			l.err = err
		}
		return -1
	}
	l.buf, l.base, l.pos = b[:min(int64(len(b)), l.end-at)], at, 0
	return int(l.buf[0])
}

func (l *lexer) offset() int64 { return l.base + int64(l.pos) }

func (l *lexer) seek(at int64) {
	if at >= l.base && at <= l.base+int64(len(l.buf)) {
		l.pos = int(at - l.base)
		return
	}
	l.buf, l.base, l.pos = nil, at, 0
}

// fail is a SyntaxError at the present place, or the read error behind it.
func (l *lexer) fail(format string, a ...any) error { return l.failAt(l.offset(), format, a...) }

func (l *lexer) failAt(at int64, format string, a ...any) error {
	if l.err != nil {
		return l.err
	}
	if l.src == nil {
		at = -1
	}
	return syntaxAt(at, format, a...)
}

// space skips white space and comments.
func (l *lexer) space() {
	for {
		c := l.peek()
		switch {
		case isSpace(c):
			l.pos++
		case c == '%':
			for c = l.peek(); c >= 0 && c != '\n' && c != '\r'; c = l.peek() {
				l.pos++
			}
		default:
			return
		}
	}
}

// white skips white space only.
func (l *lexer) white() {
	for isSpace(l.peek()) {
		l.pos++
	}
}

// literally takes the keyword when it stands here, followed by a byte that
// can't belong to it.
func (l *lexer) literally(word string) bool {
	start := l.offset()
	for i := 0; i < len(word); i++ {
		if l.peek() != int(word[i]) {
			l.seek(start)
			return false
		}
		l.pos++
	}
	if isRegular(l.peek()) {
		l.seek(start)
		return false
	}
	return true
}

// digits reads an unsigned integer without sign; ok is false, and nothing is
// consumed, when there is none or it does not fit.
func (l *lexer) digits() (n int64, ok bool) {
	start := l.offset()
	for c := l.peek(); isDigit(c); c = l.peek() {
		if n > (math.MaxInt64-9)/10 {
			l.seek(start)
			return 0, false
		}
		n = n*10 + int64(c-'0')
		l.pos++
		ok = true
	}
	return n, ok
}

// word reads regular characters, at most 64 of them, into l.tmp.
func (l *lexer) word() []byte {
	l.tmp = l.scratch()
	for c := l.peek(); isRegular(c) && len(l.tmp) < 64; c = l.peek() {
		l.tmp = append(l.tmp, byte(c))
		l.pos++
	}
	return l.tmp
}

// number reads a numeric token. An integer that does not fit in 64 bits
// becomes a Real; a real out of ±3.403E38 (ISO 32000-1, annex C.2) is clamped
// to it. Of the malformed numbers that writers make, an exponent, a double
// sign and a lone sign or point are read as Real, as most readers do.
func (l *lexer) number() (Object, error) {
	if n, ok := l.shortInteger(); ok {
		return n.object(), nil
	}
	start := l.offset()
	l.tmp = l.scratch()
	plain := true
	for c := l.peek(); isRegular(c); c = l.peek() {
		if !isDigit(c) && (len(l.tmp) > 0 || c != '-' && c != '+') {
			plain = false
		}
		if len(l.tmp) >= 1024 {
			return nil, l.failAt(start, "number of more than 1024 characters")
		}
		l.tmp = append(l.tmp, byte(c))
		l.pos++
	}
	if plain {
		if n, err := strconv.ParseInt(string(l.tmp), 10, 64); err == nil {
			return Integer(n).object(), nil
		}
	}
	r, ok := parseReal(l.tmp)
	if !ok {
		return nil, l.failAt(start, "malformed number %.40q", l.tmp)
	}
	return r, nil
}

// shortInteger takes an integer of up to 18 digits that lies within the block
// with what ends it; most numbers are so.
func (l *lexer) shortInteger() (n Integer, ok bool) {
	b := l.buf[l.pos:]
	i := 0
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		i++
	}
	first := i
	for ; i < first+18 && i < len(b) && class[b[i]] == classDigit; i++ {
		n = n*10 + Integer(b[i]-'0')
	}
	if i == first || i == len(b) || isRegular(int(b[i])) {
		return 0, false
	}
	if negative {
		n = -n
	}
	l.pos += i
	return n, true
}

const maxReal = 3.403e38

func parseReal(b []byte) (Real, bool) {
	if len(bytes.Trim(b, "0123456789+-.eE")) > 0 {
		return 0, false
	}
	s := string(b)
	if len(s) > 1 && s[0] == '-' && s[1] == '-' { // written by some producers
		s = s[1:]
	}
	switch s {
	case ".", "-", "+", "-.", "+.":
		return 0, true
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	if v == 0 { // no negative zero
		return 0, true
	}
	return Real(max(-maxReal, min(maxReal, v))), true
}

// name reads a name after its slash. Escapes #xx are decoded; a # that starts
// none stands for itself (PDF 1.0 and 1.1 had no escapes).
func (l *lexer) name() (Name, error) {
	if b, ok := l.shortName(); ok {
		if o := common[string(b)]; o != nil {
			return o.(Name), nil
		}
		return Name(b), nil
	}
	l.tmp = l.scratch()
	escaped := false
	for {
		if l.pos < len(l.buf) { // the plain run within the block
			rest := l.buf[l.pos:]
			n := 0
			for n < len(rest) && class[rest[n]]&(classSpace|classDelim) == 0 {
				escaped = escaped || rest[n] == '#'
				n++
			}
			l.tmp = append(l.tmp, rest[:n]...)
			l.pos += n
		}
		if len(l.tmp) > maxStringBytes {
			return "", &LimitError{LimitStringBytes, maxStringBytes}
		}
		if !isRegular(l.peek()) {
			break
		}
	}
	if escaped {
		l.tmp = unescapeName(l.tmp)
	}
	return Name(l.tmp), l.err
}

// shortName takes a name without escapes that lies within the block with what
// ends it.
func (l *lexer) shortName() (b []byte, ok bool) {
	rest := l.buf[l.pos:]
	for n, c := range rest {
		switch {
		case class[c]&(classSpace|classDelim) != 0:
			l.pos += n
			return rest[:n], true
		case c == '#', n > maxStringBytes:
			return nil, false
		}
	}
	return nil, false
}

func unescapeName(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			hi, lo := hexDigit(int(b[i+1])), hexDigit(int(b[i+2]))
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func hexDigit(c int) int {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}
