package inspect

import "math"

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
// it stands unless there is one), or the decoded string.
type token struct {
	kind kind
	num  float64
	b    []byte
}

// lexer reads the tokens of content streams and of dictionaries. It forgives
// everything: what is no token is a word.
type lexer struct {
	b   []byte
	pos int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

func isDelim(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

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
	start := l.pos
	for l.pos < len(l.b) && !isSpace(l.b[l.pos]) && !isDelim(l.b[l.pos]) {
		l.pos++
	}
	return l.b[start:l.pos]
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

// number reads what viewers take for a number.
func number(w []byte) (float64, bool) {
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
	var out []byte
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
	return out
}

// literal decodes (...). ISO 32000-2, 7.3.4.2.
func (l *lexer) literal() []byte {
	var out []byte
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
				return out
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
	return out
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
