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
	l.tmp = p.tmp
	*p = parser{lexer: l, spans: spans, items: p.items, entries: p.entries}
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
	*p = parser{lexer: lexer{tmp: tmp}, items: items, entries: entries}
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

// shortRef takes "n g R" in its plain form, where it lies within the block:
// arrays of a million kids are made of it.
func (p *parser) shortRef() (ref Ref, ok bool) {
	b := p.buf[p.pos:]
	i := 0
	var num, gen uint32
	for ; i < 9 && i < len(b) && class[b[i]] == classDigit; i++ {
		num = num*10 + uint32(b[i]-'0')
	}
	if i+4 >= len(b) || b[i] != ' ' || num == 0 {
		return ref, false
	}
	j := i + 1
	for ; j < i+5 && j < len(b) && class[b[j]] == classDigit; j++ {
		gen = gen*10 + uint32(b[j]-'0')
	}
	if j == i+1 || j+2 >= len(b) || b[j] != ' ' || b[j+1] != 'R' || isRegular(int(b[j+2])) {
		return ref, false
	}
	p.pos += j + 2
	return Ref{Num: num, Gen: uint16(gen)}, true
}

// numberOrRef reads a number, and "n g R" as a reference.
func (p *parser) numberOrRef() (Object, error) {
	if ref, ok := p.shortRef(); ok {
		return ref, nil
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
