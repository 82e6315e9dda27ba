package pdf

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// parseText parses one object from memory.
func parseText(s string) (Object, error) {
	p := &parser{lexer: memoryLexer([]byte(s))}
	return p.object()
}

func TestObject(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Object
	}{
		{"null", "null", nil},
		{"true", "true ", true},
		{"false", "false]", false},
		{"integer", "42", Integer(42)},
		{"positive", "+17", Integer(17)},
		{"negative", "-98", Integer(-98)},
		{"leading zeros", "0000000012", Integer(12)},
		{"largest", "9223372036854775807", Integer(math.MaxInt64)},
		{"larger becomes real", "9223372036854775808", Real(9223372036854775808)},
		{"smallest", "-9223372036854775808", Integer(math.MinInt64)},
		{"real", "34.5", Real(34.5)},
		{"real with nothing before the point", "-.002", Real(-0.002)},
		{"real with nothing after the point", "4.", Real(4)},
		{"no negative zero", "-0.0", Real(0)},
		{"double sign", "--5", Real(-5)},
		{"exponent", "1e-3", Real(0.001)},
		{"clamped", "1" + strings.Repeat("0", 400) + ".0", Real(maxReal)},
		{"clamped below", "-1" + strings.Repeat("0", 400), Real(-maxReal)},
		{"lone point", ".", Real(0)},
		{"name", "/Name1", Name("Name1")},
		{"empty name", "/ ", Name("")},
		{"name with escape", "/A#20B#2f", Name("A B/")},
		{"name with a hash that is none", "/A#B#", Name("A#B#")},
		{"name with odd characters", "/A;B_$@*.'`|~", Name("A;B_$@*.'`|~")},
		{"string", "(text)", String{Value: "text"}},
		{"nested parentheses", "(a(b)c\\)(d))", String{Value: "a(b)c)(d)"}},
		{"escapes", `(\n\r\t\b\f\(\)\\\q)`, String{Value: "\n\r\t\b\f()\\q"}},
		{"octal", `(\0053\53\5\777)`, String{Value: "\x053+\x05\xff"}},
		{"octal stops at 8", `(\128)`, String{Value: "\n8"}},
		{"continued line", "(a\\\nb\\\r\nc\\\rd)", String{Value: "abcd"}},
		{"line ends", "(a\r\nb\rc\nd)", String{Value: "a\nb\nc\nd"}},
		{"hexadecimal", "<4E6f>", String{Value: "No", Hex: true}},
		{"hexadecimal with spaces", "<4 E\n6 f >", String{Value: "No", Hex: true}},
		{"hexadecimal, odd", "<901FA>", String{Value: "\x90\x1f\xa0", Hex: true}},
		{"hexadecimal, empty", "<>", String{Hex: true}},
		{"empty array", "[]", Array{}},
		{"array", "[1 -2.5(s)/N[true]null]", Array{Integer(1), Real(-2.5), String{Value: "s"}, Name("N"), Array{true}, nil}},
		{"reference", "12 3 R", Ref{12, 3}},
		{"reference over lines", "12\r\n 3\tR", Ref{12, 3}},
		{"references and numbers", "[1 2 3 0 R 4 5]", Array{Integer(1), Integer(2), Ref{3, 0}, Integer(4), Integer(5)}},
		{"no reference", "[1 0 Rx]", nil},
		{"reference to object 0", "0 0 R", nil},
		{"generation out of range", "1 65536 R", nil},
		{"comment", "% first\r[1%x]\n2]", Array{Integer(1), Integer(2)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseText(c.in)
			if c.name == "no reference" {
				if err == nil {
					t.Fatalf("got %v, want an error", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %#v, want %#v", got, c.want)
			}
		})
	}
}

func TestObjectErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "  ", "unexpected end"},
		{"bracket", "]", "unexpected ']'"},
		{"brace", "{1}", "unexpected '{'"},
		{"word", "nul", "unknown word"},
		{"number", "12abc", "malformed number"},
		{"two points", "1.2.3", "malformed number"},
		{"long number", strings.Repeat("1", 2000), "more than 1024"},
		{"string", "(abc", "without end"},
		{"string ends in an escape", `(abc\`, "without end"},
		{"hexadecimal", "<41", "without end"},
		{"hexadecimal letter", "<4G>", "hexadecimal"},
		{"array", "[1 2", "unexpected end"},
		{"dictionary", "<</A 1", "without end"},
		{"key", "<<1 2>>", "wants a key"},
		{"value", "<</A>>", "unexpected '>'"},
		{"half an end", "<</A 1>", "alone"},
		{"object number", "2147483648 0 R", LimitObjectNumber},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := parseText(c.in)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v, want an error with %q", o, err, c.want)
			}
		})
	}
}

// TestLexerAcrossBlocks reads tokens that lie over the ends of blocks: each
// file has the same object at another distance from a block's end.
func TestLexerAcrossBlocks(t *testing.T) {
	const object = "<</Name#20A(str\\(ing)/H<414243>/R 12 0 R/N -12.5/Z[1 2 0 R]>>"
	want, err := parseText(object)
	if err != nil {
		t.Fatal(err)
	}
	for shift := range len(object) + 2 {
		pad := strings.Repeat(" ", blockSize-shift)
		data := []byte(pad + object + " ")
		p := &parser{lexer: lexer{src: newSource(bytes.NewReader(data), int64(len(data))), end: int64(len(data))}}
		got, err := p.object()
		if err != nil {
			t.Fatalf("shift %d: %v", shift, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("shift %d: got %v, want %v", shift, got, want)
		}
	}
}

func TestValueSpan(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	g.obj(4, "<< /Type /Sig /Contents <4142> /ByteRange [0 1 2 3] /R 3 0 R/In<</X(a)>> >>").table("")
	data := g.bytes()
	f := mustOpen(t, data)
	o, err := f.Get(Ref{4, 0})
	if err != nil {
		t.Fatal(err)
	}
	d := o.(*Dict)
	for _, c := range []struct{ key, want string }{
		{"Type", "/Sig"}, {"Contents", "<4142>"}, {"ByteRange", "[0 1 2 3]"}, {"R", "3 0 R"}, {"In", "<</X(a)>>"},
	} {
		span, ok := d.ValueSpan(Name(c.key))
		if got := string(data[span.Start:span.End]); !ok || got != c.want {
			t.Errorf("%s: got %q, want %q", c.key, got, c.want)
		}
	}
	inner := d.Get("In").(*Dict)
	if span, ok := inner.ValueSpan("X"); !ok || string(data[span.Start:span.End]) != "(a)" {
		t.Error("the span of a nested dictionary is wrong")
	}
	if _, ok := d.ValueSpan("Missing"); ok {
		t.Error("a missing key has a span")
	}
	c := d.Clone()
	c.Set("Contents", String{})
	if _, ok := c.ValueSpan("Contents"); ok {
		t.Error("a value that was set has a span")
	}
	if _, ok := d.ValueSpan("Contents"); !ok {
		t.Error("a change of the clone reached the original")
	}
}

func TestDuplicates(t *testing.T) {
	o, err := parseText("<</A 1/B 2/A 3/C 4/A 5/B 6>>")
	if err != nil {
		t.Fatal(err)
	}
	d := o.(*Dict)
	if got := fmt.Sprint(d.Duplicates()); got != "[A B]" {
		t.Errorf("duplicates %s", got)
	}
	if d.Get("A") != Integer(5) || d.Get("B") != Integer(6) || d.Len() != 3 {
		t.Errorf("the last value does not count: %v %v", d.Get("A"), d.Get("B"))
	}
	if got := fmt.Sprint(d.Clone().Duplicates()); got != "[A B]" {
		t.Errorf("duplicates of the clone %s", got)
	}
}

func TestDict(t *testing.T) {
	for _, n := range []int{0, 1, indexFrom - 1, indexFrom, indexFrom + 1, 1000} {
		d := NewDict()
		for i := range n {
			d.Set(Name(fmt.Sprint("K", i)), Integer(i))
		}
		for i := range n {
			if d.Get(Name(fmt.Sprint("K", i))) != Integer(i) {
				t.Fatalf("%d keys: key %d is lost", n, i)
			}
		}
		for i := 0; i < n; i += 2 {
			d.Delete(Name(fmt.Sprint("K", i)))
		}
		d.Delete("absent")
		if d.Len() != n/2 || d.Has("K0") || n > 1 && !d.Has("K1") {
			t.Errorf("%d keys: %d left", n, d.Len())
		}
		i := 1
		for k, v := range d.All() {
			if k != Name(fmt.Sprint("K", i)) || v != Integer(i) {
				t.Fatalf("%d keys: %s %v out of order", n, k, v)
			}
			i += 2
		}
	}
	var none *Dict
	if none.Len() != 0 || none.Has("A") || none.Get("A") != nil || none.Duplicates() != nil || none.Clone() != nil {
		t.Error("a nil dictionary is not empty")
	}
	for range none.All() {
		t.Error("a nil dictionary has entries")
	}
}
