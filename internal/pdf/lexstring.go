package pdf

import (
	"bytes"
	"slices"
	"unsafe"
)

// hexString reads a hexadecimal string after its "<" (ISO 32000-2, 7.3.4.3).
func (l *lexer) hexString() (String, error) {
	start := l.offset() - 1
	out := l.scratch()
	half, counted := -1, false
	for {
		if half < 0 {
			out = l.hexRun(out)
		}
		c := l.peek()
		d := hexDigit(c)
		switch {
		case d >= 0 && half < 0:
			half = d
		case d >= 0:
			out = append(out, byte(half<<4|d))
			half = -1
		case c == '>':
			l.pos++
			if half >= 0 { // the missing digit is 0
				out = append(out, byte(half<<4))
			}
			return String{Value: l.take(out), Hex: true}, nil
		case isSpace(c):
		case c < 0:
			return String{}, l.failAt(start, "hexadecimal string without end")
		default:
			return String{}, l.fail("byte %#02x in a hexadecimal string", c)
		}
		if len(out) > longString && cap(out) < maxStringBytes && !counted {
			counted = true
			rest, err := l.until('>')
			if err != nil {
				return String{}, err
			}
			out = slices.Grow(out, int(rest/2)+1)
		}
		if len(out) > maxStringBytes {
			return String{}, &LimitError{LimitStringBytes, maxStringBytes}
		}
		l.pos++
	}
}

// longString is from where on the end of a hexadecimal string is looked for
// before room is made for it: a buffer that grows leaves twice of itself behind.
const longString = 1 << 20

// until counts the bytes from here to c. What is longer than any string may be
// is a *LimitError; without a c it is all that is left.
func (l *lexer) until(c byte) (n int64, err error) {
	for at := l.offset(); at < l.end; {
		b := l.buf[min(int64(len(l.buf)), max(0, at-l.base)):]
		if l.src != nil {
			if b, err = l.src.from(at); err != nil {
				return 0, err
			}
		}
		b = b[:min(int64(len(b)), l.end-at)]
		i := bytes.IndexByte(b, c)
		if i >= 0 {
			n += int64(i)
		} else {
			n += int64(len(b))
		}
		switch {
		case n > 2*maxStringBytes:
			return 0, &LimitError{LimitStringBytes, maxStringBytes}
		case i >= 0:
			return n, nil
		}
		at += int64(len(b))
	}
	return n, nil
}

// hexRun takes the pairs of digits up to anything else or the end of the block.
func (l *lexer) hexRun(out []byte) []byte {
	b := l.buf[l.pos:]
	i := 0
	for i+1 < len(b) {
		hi, lo := hexValue[b[i]], hexValue[b[i+1]]
		if hi|lo > 15 {
			break
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	l.pos += i
	return out
}

// hexValue is the value of each hexadecimal digit, 255 for other bytes.
var hexValue = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(hexDigit(c)) // -1 becomes 255
	}
	return t
}()

// take turns the scratch buffer into a string; a large one is given away
// instead of copied.
func (l *lexer) take(b []byte) string {
	if len(b) < blockSize {
		l.tmp = b
		return string(b)
	}
	l.tmp = nil
	return unsafe.String(&b[0], len(b))
}

// literalString reads a string after its "(" (ISO 32000-2, 7.3.4.2).
func (l *lexer) literalString() (String, error) {
	start := l.offset() - 1
	out := l.scratch()
	for open := 1; ; {
		out = l.plainRun(out)
		c := l.peek()
		if c < 0 {
			return String{}, l.failAt(start, "string without end")
		}
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String{Value: l.take(out)}, nil
			}
		case '\r':
			if l.peek() == '\n' {
				l.pos++
			}
			c = '\n'
		case '\\':
			if c = l.escape(); c < 0 {
				continue
			}
		}
		out = append(out, byte(c))
		if len(out) > maxStringBytes {
			return String{}, &LimitError{LimitStringBytes, maxStringBytes}
		}
	}
}

// plainRun takes the bytes that stand for themselves, up to any other or the
// end of the block.
func (l *lexer) plainRun(out []byte) []byte {
	b := l.buf[l.pos:]
	i := 0
	for i < len(b) && b[i] != '(' && b[i] != ')' && b[i] != '\\' && b[i] != '\r' {
		i++
	}
	l.pos += i
	return append(out, b[:i]...)
}

// escape reads what follows a backslash; -1: nothing (a continued line).
func (l *lexer) escape() int {
	c := l.peek()
	if c < 0 {
		return -1
	}
	l.pos++
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case '\r':
		if l.peek() == '\n' {
			l.pos++
		}
		return -1
	case '\n':
		return -1
	}
	if c < '0' || c > '7' {
		return c // the backslash is ignored
	}
	v := c - '0'
	for range 2 {
		if c = l.peek(); c < '0' || c > '7' {
			break
		}
		v = v<<3 | (c - '0')
		l.pos++
	}
	return v & 0xff // high-order overflow is ignored
}
