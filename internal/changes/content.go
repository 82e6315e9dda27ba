package changes

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func isLimit(err error) bool {
	var limit *pdf.LimitError
	return errors.As(err, &limit)
}

// operand is a value before an operator of a content stream: a number, a name
// or string (text), or an array (list).
type operand struct {
	kind byte // 'n', '/', '(', '['; 0: something else
	num  float64
	text []byte
	list []operand
}

// operators reads a content stream (ISO 32000-2, 7.8.2) as far as it goes and
// calls do for each operator until it returns false. It reports whether all was
// read.
func operators(data []byte, do func(op string, args []operand) bool) bool {
	l := &contentLexer{b: data}
	var args []operand
	for range maxContentOps {
		o, word, ok := l.next(0)
		switch {
		case !ok:
			return len(bytes.TrimSpace(l.b)) == 0
		case word == "":
			if len(args) < 64 {
				args = append(args, o)
			}
			continue
		case word == "ID": // an inline image
			if !l.skipImage() {
				return false
			}
			word = "EI"
		}
		if !do(word, args) {
			return true
		}
		args = args[:0]
	}
	// Operands do not count as operators: what is left is more than the limit.
	return len(bytes.TrimSpace(l.b)) == 0
}

type contentLexer struct{ b []byte }

const contentSpace = "\x00\t\n\f\r "

func isRegular(c byte) bool {
	return bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}/%"), c) < 0
}

// next gives an operand, or an operator as word. Nesting is bounded by depth.
func (l *contentLexer) next(depth int) (o operand, word string, ok bool) {
	for {
		l.b = bytes.TrimLeft(l.b, contentSpace)
		if len(l.b) == 0 || l.b[0] != '%' {
			break
		}
		l.b = l.b[len(l.b)-len(afterLine(l.b)):]
	}
	if len(l.b) == 0 || depth > 32 {
		return o, "", false
	}
	switch c := l.b[0]; {
	case c == '/':
		n := 1
		for n < len(l.b) && isRegular(l.b[n]) {
			n++
		}
		o = operand{kind: '/', text: l.b[1:n]}
		l.b = l.b[n:]
	case c == '(':
		o = l.literal()
	case c == '<' && len(l.b) > 1 && l.b[1] != '<':
		o = l.hex()
	case c == '[' || c == '<':
		return l.group(depth)
	case isRegular(c):
		return l.word()
	default: // a stray delimiter
		l.b = l.b[1:]
	}
	return o, "", true
}

func afterLine(b []byte) []byte {
	i := bytes.IndexAny(b, "\r\n")
	if i < 0 {
		return nil
	}
	return b[i:]
}

// group reads an array or, to pass over it, a dictionary.
func (l *contentLexer) group(depth int) (operand, string, bool) {
	o := operand{kind: '['}
	closing := byte(']')
	if l.b[0] == '<' {
		o.kind, closing = 0, '>'
		l.b = l.b[1:]
	}
	l.b = l.b[1:]
	for {
		l.b = bytes.TrimLeft(l.b, contentSpace)
		if len(l.b) == 0 {
			return o, "", false
		}
		if l.b[0] == closing {
			l.b = l.b[1:]
			if closing == '>' && len(l.b) > 0 && l.b[0] == '>' {
				l.b = l.b[1:]
			}
			return o, "", true
		}
		e, _, ok := l.next(depth + 1)
		if !ok {
			return o, "", false
		}
		o.list = append(o.list, e)
	}
}

func (l *contentLexer) word() (operand, string, bool) {
	n := 1
	for n < len(l.b) && isRegular(l.b[n]) {
		n++
	}
	w := string(l.b[:n])
	l.b = l.b[n:]
	if f, err := strconv.ParseFloat(w, 64); err == nil && w[0] <= '9' {
		return operand{kind: 'n', num: f}, "", true
	}
	return operand{}, w, true
}

// literal reads a string in parentheses. ISO 32000-2, 7.3.4.2.
func (l *contentLexer) literal() operand {
	var out []byte
	depth, i := 0, 0
	for ; i < len(l.b); i++ {
		c := l.b[i]
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				l.b = l.b[i+1:]
				return operand{kind: '(', text: out}
			}
		case '\\':
			var n int
			c, n = escape(l.b[i+1:])
			i += n
			if n == 0 || c == 0 && n > 0 && (l.b[i] == '\n' || l.b[i] == '\r') {
				continue
			}
		}
		out = append(out, c)
	}
	l.b = nil
	return operand{kind: '(', text: out}
}

// escape reads what follows a backslash: the character and its length.
func escape(b []byte) (c byte, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	if i := bytes.IndexByte([]byte("nrtbf"), b[0]); i >= 0 {
		return "\n\r\t\b\f"[i], 1
	}
	if b[0] == '\n' || b[0] == '\r' {
		return 0, 1
	}
	v := 0
	for n < 3 && n < len(b) && b[n] >= '0' && b[n] <= '7' {
		v, n = v*8+int(b[n]-'0'), n+1
	}
	if n == 0 {
		return b[0], 1
	}
	return byte(v), n
}

func (l *contentLexer) hex() operand {
	o := operand{kind: '('}
	half, high := false, byte(0)
	for i := 1; i < len(l.b); i++ {
		c := l.b[i]
		if c == '>' {
			if half {
				o.text = append(o.text, high<<4)
			}
			l.b = l.b[i+1:]
			return o
		}
		v := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if v < 0 {
			continue
		}
		if half {
			o.text = append(o.text, high<<4|byte(v))
		}
		half, high = !half, byte(v)
	}
	l.b = nil
	return o
}

// skipImage passes over the data of an inline image to its EI.
func (l *contentLexer) skipImage() bool {
	for {
		i := bytes.Index(l.b, []byte("EI"))
		if i < 0 {
			return false
		}
		before := i == 0 || bytes.IndexByte([]byte(contentSpace), l.b[i-1]) >= 0
		l.b = l.b[i+2:]
		if before && (len(l.b) == 0 || !isRegular(l.b[0])) {
			return true
		}
	}
}

// paints reports whether a content stream has an operator that marks the page.
func paints(data []byte) bool {
	found := false
	whole := operators(data, func(op string, _ []operand) bool {
		switch op {
		case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI", "Tj", "TJ", "'", `"`:
			found = true
		}
		return !found
	})
	return found || !whole
}
