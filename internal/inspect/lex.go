package inspect

import (
	"bytes"
	"math"
)

// kind is the kind of a token.
type kind int

const (
	tokEnd kind = iota + 1 // of the bytes
	tokNumber
	tokName
	tokString
	tokOpenArray
	tokCloseArray
	tokOpenDict
	tokCloseDict
	tokWord // an operator, R, stream, ...
)

func (k kind) String() string {
	names := [...]string{"unknown", "end", "number", "name", "string", "[", "]", "<<", ">>", "word"}
	if k < 0 || int(k) >= len(names) {
		k = 0
	}
	return names[k]
}

// token is one token; b is the word, the name without its slash (#xx left as
// it stands unless there is one), or the decoded string, until the lexer is told
// to forget it.
type token struct {
	kind kind
	num  float64
	b    []byte
}

// lexer reads the tokens of content streams and of dictionaries. It forgives
// everything: what is no token is a word.
type lexer struct {
	b    []byte
	pos  int
	skip bool   // nobody looks at the strings
	room []byte // of the strings since the last forget
}

// The classes of bytes of ISO 32000-2, 7.2.3.
const (
	classSpace = 1 << iota
	classDelim
)

var class = func() (t [256]byte) {
	for _, c := range []byte("\x00\t\n\f\r ") {
		t[c] = classSpace
	}
	for _, c := range []byte("()<>[]{}/%") {
		t[c] = classDelim
	}
	return t
}()

func isSpace(c byte) bool { return class[c] == classSpace }
func isDelim(c byte) bool { return class[c] == classDelim }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// forget says that the tokens so far are done with: the room that their strings
// lie in is used again.
func (l *lexer) forget() { l.room = l.room[:0] }

// space skips white space and comments.
func (l *lexer) space() {
	for l.pos < len(l.b) {
		switch c := l.b[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// regular takes the regular characters that stand here.
func (l *lexer) regular() []byte {
	rest := l.b[l.pos:]
	n := 0
	for n < len(rest) && class[rest[n]] == 0 {
		n++
	}
	l.pos += n
	return rest[:n]
}

func (l *lexer) next() token {
	l.space()
	if l.pos >= len(l.b) {
		return token{kind: tokEnd}
	}
	two := func(c byte) bool { return l.pos+1 < len(l.b) && l.b[l.pos+1] == c }
	switch c := l.b[l.pos]; c {
	case '/':
		l.pos++
		return token{kind: tokName, b: unescape(l.regular())}
	case '(':
		return token{kind: tokString, b: l.literal()}
	case '<':
		if two('<') {
			l.pos += 2
			return token{kind: tokOpenDict}
		}
		return token{kind: tokString, b: l.hex()}
	case '>':
		if two('>') {
			l.pos += 2
			return token{kind: tokCloseDict}
		}
	case '[', ']':
		l.pos++
		if c == '[' {
			return token{kind: tokOpenArray}
		}
		return token{kind: tokCloseArray}
	case ')', '{', '}':
	default:
		w := l.regular()
		if n, ok := number(w); ok {
			return token{kind: tokNumber, num: n}
		}
		return token{kind: tokWord, b: w}
	}
	l.pos++ // a delimiter out of place
	return token{kind: tokWord, b: l.b[l.pos-1 : l.pos]}
}

// numbers goes behind an array of nothing but numbers after its "["; not an
// empty one.
func (l *lexer) numbers() bool {
	some := false
	for i, c := range l.b[l.pos:] {
		switch {
		case isDigit(c), c == '-', c == '.':
			some = true
		case isSpace(c):
		case c == ']' && some:
			l.pos += i + 1
			return true
		default:
			return false
		}
	}
	return false
}

// number reads what viewers take for a number.
func number(w []byte) (float64, bool) {
	if n, ok := digits(w); ok {
		return n, true
	}
	i, neg := 0, false
	for i < len(w) && (w[i] == '+' || w[i] == '-') {
		neg = neg || w[i] == '-'
		i++
	}
	digits, scale, point := 0, 1.0, false
	v := 0.0
	for ; i < len(w); i++ {
		switch c := w[i]; {
		case isDigit(c):
			digits++
			if point {
				scale /= 10
				v += float64(c-'0') * scale
			} else {
				v = v*10 + float64(c-'0')
			}
		case c == '.' && !point:
			point = true
		case c == '-' && digits > 0: // 12-34 is 12 to viewers
			i = len(w)
		default:
			return 0, false
		}
	}
	if digits == 0 && !point || math.IsInf(v, 0) {
		return 0, false
	}
	if neg {
		v = -v
	}
	return v, true
}

// digits reads a plain number that a float64 holds exactly; most are so.
func digits(w []byte) (float64, bool) {
	if len(w) == 0 || len(w) > 15 {
		return 0, false
	}
	n := 0
	for _, c := range w {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return float64(n), true
}

func hexDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unescape decodes #xx of a name. ISO 32000-2, 7.3.5.
func unescape(b []byte) []byte {
	for i := range b {
		if b[i] != '#' {
			continue
		}
		out := append([]byte(nil), b[:i]...)
		for ; i < len(b); i++ {
			if b[i] == '#' && i+2 < len(b) && hexDigit(b[i+1]) >= 0 && hexDigit(b[i+2]) >= 0 {
				out = append(out, byte(hexDigit(b[i+1])<<4|hexDigit(b[i+2])))
				i += 2
				continue
			}
			out = append(out, b[i])
		}
		return out
	}
	return b
}

// hex decodes <...>; one digit at the end is the higher half of a byte.
func (l *lexer) hex() []byte {
	if l.skip {
		l.pos += toEnd(l.b[l.pos:], '>')
		return nil
	}
	out, start := l.text()
	half := -1
	for l.pos++; l.pos < len(l.b); l.pos++ {
		c := l.b[l.pos]
		if c == '>' {
			l.pos++
			break
		}
		d := hexDigit(c)
		if d < 0 {
			continue
		}
		if half < 0 {
			half = d
			continue
		}
		out = append(out, byte(half<<4|d))
		half = -1
	}
	if half >= 0 {
		out = append(out, byte(half<<4))
	}
	return l.keep(out, start)
}

// toEnd counts the bytes up to c and c itself; all when there is none.
func toEnd(b []byte, c byte) int {
	if i := bytes.IndexByte(b, c); i >= 0 {
		return i + 1
	}
	return len(b)
}

// text is the room for a string, and where it starts there. Room that became
// large is left to the strings that lie in it.
func (l *lexer) text() (out []byte, start int) {
	const large = 16 << 10
	switch {
	case l.skip:
		l.forget()
	case len(l.room) > large:
		l.room = nil
	}
	return l.room, len(l.room)
}

// keep takes the room back and cuts the string out of it.
func (l *lexer) keep(out []byte, start int) []byte {
	l.room = out
	return out[start:len(out):len(out)]
}

// plain takes (...) in which every byte stands for itself.
func (l *lexer) plain() ([]byte, bool) {
	rest := l.b[l.pos+1:]
	for i, c := range rest {
		switch c {
		case ')':
			l.pos += i + 2
			return rest[:i:i], true
		case '(', '\\', '\r':
			return nil, false
		}
	}
	return nil, false
}

// literal decodes (...). ISO 32000-2, 7.3.4.2.
func (l *lexer) literal() []byte {
	if b, ok := l.plain(); ok {
		return b
	}
	out, start := l.text()
	depth := 0
	for ; l.pos < len(l.b); l.pos++ {
		c := l.b[l.pos]
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				l.pos++
				return l.keep(out, start)
			}
		case '\\':
			out = l.escape(out)
			continue
		case '\r': // ISO 32000-2, 7.3.4.2: a line end is a line feed
			if l.pos+1 < len(l.b) && l.b[l.pos+1] == '\n' {
				l.pos++
			}
			c = '\n'
		}
		out = append(out, c)
	}
	return l.keep(out, start)
}

// escape decodes what follows a backslash and leaves pos at its last byte.
func (l *lexer) escape(out []byte) []byte {
	if l.pos+1 >= len(l.b) {
		return out
	}
	l.pos++
	c := l.b[l.pos]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.pos+1 < len(l.b) && l.b[l.pos+1] == '\n' {
			l.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := 0
	for n := 0; n < 3 && l.pos < len(l.b) && l.b[l.pos] >= '0' && l.b[l.pos] <= '7'; n++ {
		v = v<<3 | int(l.b[l.pos]-'0')
		l.pos++
	}
	l.pos--
	return append(out, byte(v))
}
