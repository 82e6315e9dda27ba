package pdf

import "sync"

// parser reads objects. Recursion is bounded by maxNesting.
type parser struct {
	lexer
	depth  int
	values int  // read so far
	spans  bool // remember where values lie: offsets are those of the file

	// Of the arrays and dictionaries under way, the innermost last: each is made
	// in the right size when it ends.
	items   []Object
	entries []entry
}

// parsers are used again for their scratch room: most objects are small.
var parsers = sync.Pool{New: func() any { return &parser{} }}

// newParser gives a parser for what l reads; it has to be freed.
func newParser(l lexer, spans bool) *parser {
	p := parsers.Get().(*parser)
	p.src, p.end, p.buf, p.base = l.src, l.end, l.buf, l.base
	p.spans = spans
	return p
}

// free gives the parser back without what it read, and without more room than
// usual objects need.
func (p *parser) free() {
	const usual = 512
	clear(p.items) // what an error left there
	clear(p.entries)
	items, entries, tmp := p.items[:0], p.entries[:0], p.tmp
	if cap(items) > usual {
		items = nil
	}
	if cap(entries) > usual {
		entries = nil
	}
	if cap(tmp) > blockSize {
		tmp = nil
	}
	p.lexer.reset(tmp)
	p.depth, p.values, p.spans, p.items, p.entries = 0, 0, false, items, entries
	parsers.Put(p)
}

// object reads one object, a reference included; after white space.
func (p *parser) object() (Object, error) {
	if p.values++; p.values > maxValues {
		return nil, &LimitError{LimitValues, maxValues}
	}
	p.space()
	switch c := p.peek(); {
	case c == '/':
		p.pos++
		return p.wrapName()
	case c == '(':
		p.pos++
		return p.wrapString(p.literalString())
	case c == '<':
		p.pos++
		if p.peek() == '<' {
			p.pos++
			return p.dict()
		}
		return p.wrapString(p.hexString())
	case c == '[':
		p.pos++
		return p.array()
	case isDigit(c):
		return p.numberOrRef()
	case c == '+', c == '-', c == '.':
		return p.number()
	case isRegular(c):
		return p.keyword()
	case c < 0:
		return nil, p.fail("unexpected end")
	default:
		return nil, p.fail("unexpected %q", rune(c))
	}
}

// The wrappers keep a typed zero value from hiding in an Object on errors.

func (p *parser) wrapName() (Object, error) {
	if b, ok := p.shortName(); ok {
		if o := common[string(b)]; o != nil {
			return o, nil
		}
		return Name(b), nil
	}
	n, err := p.name()
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (p *parser) wrapString(s String, err error) (Object, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p *parser) keyword() (Object, error) {
	start := p.offset()
	switch string(p.word()) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	return nil, p.failAt(start, "unknown word %.40q", p.tmp)
}

// digitsOf reads the digits at b[i:], which are to fit in 63 bits, up to end; ok
// is false where there are none or more than that.
func digitsOf(b []byte, i int) (n int64, end int, ok bool) {
	end = i
	for ; end < len(b) && end < i+18 && class[b[end]] == classDigit; end++ {
		n = n*10 + int64(b[end]-'0')
	}
	return n, end, end > i
}

// spacesOf is the end of the white space at b[i:].
func spacesOf(b []byte, i int) int {
	for i < len(b) && class[b[i]] == classSpace {
		i++
	}
	return i
}

// short takes an integer, or "n g R", that lies within the block with what
// tells which of the two it is; what is not so plain is left to numberOrRef.
// Arrays of a million kids or widths are made of it.
func (p *parser) short() (Object, bool) {
	b := p.buf[p.pos:]
	num, end, ok := digitsOf(b, 0)
	if !ok || end == len(b) || isRegular(int(b[end])) {
		return nil, false
	}
	next := spacesOf(b, end)
	if next == len(b) {
		return nil, false
	}
	if next > end && class[b[next]] == classDigit {
		gen, i, _ := digitsOf(b, next)
		r := spacesOf(b, i)
		switch {
		case r+1 >= len(b) || r == i && class[b[i]] == classDigit:
			return nil, false
		case r > i && b[r] == 'R':
			if num == 0 || num > maxObjectNumber || gen > 65535 || isRegular(int(b[r+1])) {
				return nil, false
			}
			p.pos += r + 1
			return Ref{Num: uint32(num), Gen: uint16(gen)}, true
		}
	}
	p.pos += end
	return Integer(num).object(), true
}

// numberOrRef reads a number, and "n g R" as a reference.
func (p *parser) numberOrRef() (Object, error) {
	if o, ok := p.short(); ok {
		return o, nil
	}
	o, err := p.number()
	num, ok := o.(Integer)
	if err != nil || !ok {
		return o, err
	}
	if !isSpace(p.peek()) { // the common case in arrays and dictionaries
		return o, nil
	}
	after := p.offset()
	p.white()
	gen, ok := p.digits()
	if !ok || !isSpace(p.peek()) {
		p.seek(after)
		return o, nil
	}
	p.white()
	if !p.literally("R") {
		p.seek(after)
		return o, nil
	}
	// Numbers out of range name an object that can't exist: null
	// (ISO 32000-2, 7.3.10).
	if num > maxObjectNumber {
		return nil, &LimitError{LimitObjectNumber, maxObjectNumber}
	}
	if num == 0 || gen > 65535 {
		return nil, nil
	}
	return Ref{Num: uint32(num), Gen: uint16(gen)}, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return &LimitError{LimitNesting, maxNesting}
	}
	return nil
}

// emptyArray stands for all of them: a file may hold millions.
var emptyArray Object = Array{}

// array reads an array after its "[".
func (p *parser) array() (Object, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	var a Array
	first := len(p.items)
	for {
		p.space()
		if p.peek() == ']' {
			p.pos++
			p.depth--
			if a == nil {
				a = append(a, p.items[first:]...)
			}
			clear(p.items[first:])
			p.items = p.items[:first]
			if len(a) == 0 {
				return emptyArray, nil
			}
			return a, nil
		}
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		switch {
		case a != nil:
			a = append(a, o)
		case len(p.items)-first < shortArray:
			p.items = append(p.items, o)
		default: // a long one grows by itself
			a = append(append(make(Array, 0, 2*shortArray), p.items[first:]...), o)
		}
	}
}

// shortArray is the length up to which an array is made in the right size.
const shortArray = 128

// dict reads a dictionary after its "<<".
func (p *parser) dict() (Object, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	var d *Dict // made early where keys are many or come twice
	first := len(p.entries)
	for {
		p.space()
		switch p.peek() {
		case '/':
			p.pos++
		case '>':
			p.pos++
			if p.peek() != '>' {
				return nil, p.fail("\">\" alone in a dictionary")
			}
			p.pos++
			p.depth--
			if d == nil {
				d = newDictOf(p.entries[first:])
			}
			clear(p.entries[first:])
			p.entries = p.entries[:first]
			return d, nil
		case -1:
			return nil, p.fail("dictionary without end")
		default:
			return nil, p.fail("no name where a dictionary wants a key")
		}
		e, err := p.entry()
		if err != nil {
			return nil, err
		}
		if so := p.entries[first:]; d == nil && (len(so) == indexFrom-1 || hasKey(so, e.key)) {
			d = &Dict{entries: append(make([]entry, 0, 2*len(so)), so...)}
		}
		if d != nil {
			d.parsed(e)
		} else {
			p.entries = append(p.entries, e)
		}
	}
}

// entry reads a key after its "/" and the value.
func (p *parser) entry() (e entry, err error) {
	if e.key, err = p.name(); err != nil {
		return e, err
	}
	p.space()
	start := p.offset()
	if e.value, err = p.object(); err != nil {
		return e, err
	}
	if p.spans {
		e.span = Span{start, p.offset()}
	}
	return e, nil
}
