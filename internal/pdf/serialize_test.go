package pdf

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func serialized(o Object) (string, error) {
	s := &serializer{marks: map[string]Span{}, base: 100}
	err := s.object(o)
	return s.buf.String(), err
}

func TestSerialize(t *testing.T) {
	for _, c := range []struct {
		o    Object
		want string
	}{
		{nil, "null"},
		{true, "true"},
		{false, "false"},
		{Integer(-9223372036854775808), "-9223372036854775808"},
		{Real(0), "0.0"},
		{Real(841.89), "841.89"},
		{Real(-5), "-5.0"},
		{Real(1e-7), "0.0000001"},
		{Real(1e21), "1000000000000000000000.0"},
		{Name(""), "/"},
		{Name("A"), "/A"},
		{Name("a b/c#d(é\x00\x7f"), "/a#20b#2Fc#23d#28#C3#A9#00#7F"},
		{String{Value: "a(b)\\c"}, `(a\(b\)\\c)`},
		{String{Value: "a\rb\nc"}, `(a\rb\nc)`},
		{String{Value: "\x00\xff", Hex: true}, "<00FF>"},
		{Ref{7, 3}, "7 3 R"},
		{Array{}, "[]"},
		{Array{Integer(1), Name("A"), nil}, "[1 /A null]"},
		{NewDict(Name("B"), Integer(1), Name("A"), Array{Ref{1, 0}}), "<</B 1/A [1 0 R]>>"},
		{NewDict(), "<<>>"},
		{Raw{Bytes: []byte("<00>")}, "<00>"},
		{NewStream(NewDict(Name("A"), Integer(1)), []byte("abc")), "<</A 1/Length 3>>\nstream\nabc\nendstream"},
		{NewStream(nil, nil), "<</Length 0>>\nstream\n\nendstream"},
	} {
		got, err := serialized(c.o)
		if err != nil || got != c.want {
			t.Errorf("%#v: got %q, %v, want %q", c.o, got, err, c.want)
		}
	}
}

func TestSerializeRefuses(t *testing.T) {
	deep := Object(Array{})
	for range maxNesting {
		deep = Array{deep}
	}
	for name, o := range map[string]Object{
		"not a number":  Real(math.NaN()),
		"infinite":      Array{Real(math.Inf(1))},
		"a Go type":     NewDict(Name("A"), 7),
		"inner stream":  Array{NewStream(NewDict(), nil)},
		"deep":          deep,
		"deep in dicts": NewDict(Name("A"), deep),
	} {
		if got, err := serialized(o); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	var limit *LimitError
	if _, err := serialized(deep); !errors.As(err, &limit) || limit.Name != LimitNesting {
		t.Errorf("got %v", err)
	}
}

func TestSerializeMarks(t *testing.T) {
	s := &serializer{marks: map[string]Span{}, base: 100}
	if err := s.object(Array{Integer(1), Raw{Mark: "m", Bytes: []byte("xyz")}}); err != nil {
		t.Fatal(err)
	}
	if got := s.marks["m"]; got != (Span{103, 106}) {
		t.Errorf("got %v in %q", got, s.buf.String())
	}
}

// FuzzSerialize (F1): what the writer writes reads as the same object.
func FuzzSerialize(f *testing.F) {
	for _, s := range []string{
		"[null true -1 3.5 .5]", "<</A/B#20#00/C(\\(\\)\\\\\\r\\n\\0)/D<00ff>>>", "[1 0 R<</A[]>>]", "/", "(\\377)", "1e9", "-0.0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		o, err := parseText(string(in))
		if err != nil {
			return
		}
		first, err := serialized(o)
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		again, err := parseText(first)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", in, first, err)
		}
		if second, err := serialized(again); err != nil || first != second {
			t.Fatalf("%q was written as %q and then %q: %v", in, first, second, err)
		}
		if strings.ContainsRune(first, '\r') {
			t.Fatalf("%q holds a bare CR", first)
		}
	})
}
