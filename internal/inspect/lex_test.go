package inspect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func TestLexer(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"q 1 0 0 -1.5 +.5 5. cm", "word(q) 1 0 0 -1.5 0.5 5 word(cm)"},
		{"/Name/A#20B /#zz/", "/Name /A B /#zz /"},
		{"(a(b)c)(\\(\\)\\\\)", "(a(b)c) (()\\)"},
		{"(\\101\\7z\\n\\\r\nx\\\ny\r\nz)", "(A\az\nxy\nz)"},
		{"<48 4>", "(H@)"},
		{"<<[1]>>", "<< [ 1 ] >>"},
		{"1%c\n2", "1 2"},
		{"T*'\"", "word(T*'\")"},
		{"--5 12-34 - . 1e3", "-5 12 word(-) 0 word(1e3)"},
		{")}>", "word()) word(}) word(>)"},
		{"(open", "(open)"},
		{"<41", "(A)"},
		{"(\\", "()"},
		{"BT(a)Tj", "word(BT) (a) word(Tj)"},
		{"a\x00b", "word(a) word(b)"},
	} {
		l := lexer{b: []byte(c.in)}
		var got []string
		for tok := l.next(); tok.kind != tokEnd; tok = l.next() {
			switch tok.kind {
			case tokNumber:
				got = append(got, fmt.Sprint(tok.num))
			case tokName:
				got = append(got, "/"+string(tok.b))
			case tokString:
				got = append(got, "("+string(tok.b)+")")
			case tokWord:
				got = append(got, "word("+string(tok.b)+")")
			default:
				got = append(got, tok.kind.String())
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: got %q, want %q", c.in, s, c.want)
		}
		if l.pos != len(c.in) {
			t.Errorf("%q: ends at %d", c.in, l.pos)
		}
	}
}

func TestKindString(t *testing.T) {
	seen := make(map[string]bool)
	for k := tokEnd; k <= tokWord; k++ {
		if s := k.String(); s == "unknown" || seen[s] {
			t.Errorf("%d is %q", int(k), s)
		}
		seen[k.String()] = true
	}
	if s := kind(99).String(); s != "unknown" {
		t.Errorf("%q", s)
	}
}

func TestParseBody(t *testing.T) {
	for _, c := range []struct {
		in   string
		want body
	}{
		{" 5", body{length: -1}},
		{"<</Length 12>>stream\nx", body{size: 21, stream: true, length: 12}},
		{"<</Length 12>> stream \r\nx", body{size: 24, stream: true, length: 12}},
		{"<</Length 7 0 R/Type/XRef>>\nstream\rx", body{size: 35, stream: true, xref: true, length: 7, ref: pdf.Ref{Num: 7}}},
		{"<</Length1 9/P<</Length 3>>/A[/Length 4]>>stream\n", body{size: 49, stream: true, length: -1}},
		{"<</A(>>stream\n)>>endobj", body{size: 17, length: -1}},
		{"<</Type/Page>>endobj", body{size: 14, length: -1}},
		{"<</A", body{size: 4, length: -1}},
		{"<</Length -4>>stream\n", body{size: 21, stream: true, length: -1}},
		{"<</Length 7 0 X>>stream\n", body{size: 24, stream: true, length: 7}},
	} {
		if got := parseBody([]byte(c.in)); got != c.want {
			t.Errorf("%q: got %+v, want %+v", c.in, got, c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Nguyễn Văn A", `"Nguyễn Văn A"`},
		{"a\r\nb\x1b[31m", "\"a\uFFFD\uFFFDb\uFFFD[31m\""},
		{"fdp\u202egpj.exe", "\"fdp\uFFFDgpj.exe\""},
		{"\xff", "\"\uFFFD\""},
		{strings.Repeat("ễ", 100), `"` + strings.Repeat("ễ", maxQuote) + `…"`},
	} {
		if got := quote(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
	if got := short(strings.Repeat("ễ", 200)); len(got) > maxDetail+3 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// TestStringsUntilForgotten: the strings of an operator stand side by side,
// however long they are, and their room is used again afterwards.
func TestStringsUntilForgotten(t *testing.T) {
	l := lexer{b: []byte(strings.Repeat("<616263> (d\\145f) ", 10_000))}
	var got [][]byte
	for tok := l.next(); tok.kind != tokEnd; tok = l.next() {
		got = append(got, tok.b)
	}
	for i, b := range got {
		if want := [2]string{"abc", "def"}[i%2]; string(b) != want {
			t.Fatalf("string %d is %q, want %q", i, b, want)
		}
	}
	if cap(l.room) > 64<<10 {
		t.Errorf("room for %d bytes", cap(l.room))
	}
	l = lexer{b: []byte("<616263>"), room: l.room}
	l.forget()
	if b := l.next().b; string(b) != "abc" || &b[0] != &l.room[:1][0] || len(l.room) != 3 {
		t.Errorf("%q lies elsewhere", b)
	}
}

// TestLexerSkips: where nobody looks at strings the lexer comes to the same
// tokens at the same places.
func TestLexerSkips(t *testing.T) {
	for _, s := range []string{
		"<<(a(b)c)/A<41 4>>>", "(open", "<41", "(\\", "(a)(\\))", "<", "<<4>>", "(\r\n)1", "<a>b>",
	} {
		l, fast := lexer{b: []byte(s)}, lexer{b: []byte(s), skip: true}
		for {
			want, got := l.next(), fast.next()
			if got.kind != want.kind || got.num != want.num || fast.pos != l.pos || got.kind != tokString && string(got.b) != string(want.b) {
				t.Errorf("%q: %v at %d, want %v at %d", s, got, fast.pos, want, l.pos)
			}
			if want.kind == tokEnd {
				break
			}
		}
	}
}

// TestBodyPassesOverNumbers: arrays of numbers are gone over at once, and what
// stands around them is read as before.
func TestBodyPassesOverNumbers(t *testing.T) {
	for s, want := range map[string]body{
		"/W[0 [1 2.5 -3]]/Length 4":      {stream: true, length: 4},
		"/Length 4/W[ 1 2 ]":             {stream: true, length: 4},
		"/Length 4/A[/Length 7]":         {stream: true, length: 4},
		"/Length 4/A[1 2 R]":             {stream: true, length: 4},
		"/Length 4 0 R/A[1 2]":           {stream: true, length: 4, ref: pdf.Ref{Num: 4}},
		"/Length 4/Length[1]R":           {stream: true, length: 4},
		"/Length 4/Length[]R":            {stream: true, length: 4, ref: pdf.Ref{Num: 4}}, // what one forgives
		"/Type[1]/XRef/Length 4":         {stream: true, length: 4},
		"/Type/XRef/Index[0 3]/Length 4": {stream: true, length: 4, xref: true},
		"/A[1 2 3":                       {length: -1},
	} {
		b := []byte("<<" + s + ">>stream\nabcd")
		want.size = len(b) - len("abcd")
		if !want.stream {
			want.size = len(b)
		}
		if got := parseBody(b); got != want {
			t.Errorf("%s: %+v, want %+v", s, got, want)
		}
	}
}
