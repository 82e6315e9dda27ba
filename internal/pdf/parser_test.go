package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// TestParserIsFreedClean: what an error left on the way does not stay, nor does
// the room that a large object took.
func TestParserIsFreedClean(t *testing.T) {
	for _, s := range []string{"[1 [(a) <</A 1/B[2 3]/C", "<</A<</B 1/C 2>>/D>", strings.Repeat("["+strings.Repeat("1 ", 100), 50), strings.Repeat("<<"+"/A 1/B 2/C 3"+"/D", 255), "[" + strings.Repeat("(a)", 10_000) + "]"} {
		p := &parser{lexer: memoryLexer([]byte(s)), items: make([]Object, 0, 64), entries: make([]entry, 0, 64)}
		_, _ = p.object()
		p.free()
		items, entries := p.items[:cap(p.items)], p.entries[:cap(p.entries)]
		if len(p.items) != 0 || len(p.entries) != 0 || len(items) > 512 || len(entries) > 512 || p.src != nil || p.buf != nil {
			t.Errorf("%.40s: kept %d of %d items, %d of %d entries", s, len(p.items), len(items), len(p.entries), len(entries))
		}
		for _, o := range items {
			if o != nil {
				t.Errorf("%.40s: kept %v", s, o)
			}
		}
		for _, e := range entries {
			if !reflect.DeepEqual(e, entry{}) {
				t.Errorf("%.40s: kept %v", s, e)
			}
		}
	}
}

// TestDictOfEachSize: dictionaries of up to and over each size that they are
// made in, with nested ones and a key that comes twice, read and changed.
func TestDictOfEachSize(t *testing.T) {
	for n := range 3 * indexFrom {
		for _, twice := range []bool{false, true} {
			var s strings.Builder
			for i := range n {
				fmt.Fprintf(&s, "/K%d <</In [%d]>>", i, i)
			}
			if twice && n > 0 {
				fmt.Fprintf(&s, "/K%d (again)", n/2)
			}
			o, err := (&parser{lexer: memoryLexer([]byte("<<" + s.String() + ">>"))}).object()
			if err != nil {
				t.Fatal(err)
			}
			d := o.(*Dict)
			if d.Len() != n || (len(d.Duplicates()) == 1) != (twice && n > 0) {
				t.Errorf("%d keys: %d, twice %v", n, d.Len(), d.Duplicates())
			}
			d.Set("More", true)
			for i := range n {
				want := Object(Array{Integer(i)})
				got := d.Get(Name(fmt.Sprintf("K%d", i)))
				if in, ok := got.(*Dict); ok {
					got = in.Get("In")
				} else {
					want = String{Value: "again"}
				}
				if !reflect.DeepEqual(got, want) || got == nil {
					t.Errorf("%d keys: K%d is %v, want %v", n, i, got, want)
				}
			}
			if d.Get("More") != Object(true) || d.Len() != n+1 {
				t.Errorf("%d keys: with one more %v", n, d)
			}
		}
	}
}

// TestSmallFileIsReadOnce: header, table and objects of a file of one block
// come from one read.
func TestSmallFileIsReadOnce(t *testing.T) {
	data := newDoc("%PDF-1.7\n").basic().table("").bytes()
	r := &countingReader{r: bytes.NewReader(data)}
	f, err := Open(context.Background(), r, int64(len(data)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Page(0); err != nil || r.n != int64(len(data)) {
		t.Errorf("read %d bytes of %d, %v", r.n, len(data), err)
	}
}

// TestDecodeGivesOwnBytes: who changes what Decode gave changes neither what it
// gives next nor what the reader keeps of the file.
func TestDecodeGivesOwnBytes(t *testing.T) {
	for _, dict := range []string{"<</Length 4>>", "<</Length 4/Filter/Crypt>>", "<</Length 4/Filter[]>>"} {
		f := newDoc("%PDF-1.7\n").basic().obj(4, dict+"stream\nabcd\nendstream").table("").open(t)
		s, err := f.Stream(Ref{Num: 4})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			b, err := s.Decode(0)
			if err != nil || string(b) != "abcd" {
				t.Fatalf("%s: %q, %v", dict, b, err)
			}
			b[0] = 'x'
		}
	}
}

// TestView: a small file is there whole, of a large one a part; a view of an
// earlier state ends where that did.
func TestView(t *testing.T) {
	small := newDoc("%PDF-1.7\n").basic().table("").bytes()
	f := mustOpen(t, append(small[:len(small):len(small)], "more"...))
	cut, err := f.Truncated(context.Background(), int64(len(small)))
	if err != nil {
		t.Fatal(err)
	}
	for at := range small {
		if b, err := cut.View(int64(at)); err != nil || !bytes.Equal(b, small[at:]) || cap(b) != len(b) {
			t.Fatalf("at %d: %q, %v", at, b, err)
		}
	}
	if b, err := cut.View(cut.Size()); err != io.EOF {
		t.Errorf("at the end: %q, %v", b, err)
	}
	large := manyObjects(10_000)
	if b, err := mustOpen(t, large).View(blockSize - 3); err != nil || !bytes.Equal(b, large[blockSize-3:blockSize]) {
		t.Errorf("before the end of a block: %q, %v", b, err)
	}
}

// TestNumbersAndReferences: what begins like a reference reads the same with
// all of it in view and where a block ends within it.
func TestNumbersAndReferences(t *testing.T) {
	for s, want := range map[string]string{
		"1 0 R":                               "[{1 0}]",
		"1  0\r\nR":                           "[{1 0}]",
		"1 0 R2 0 R":                          "", // R2 is no word
		"1 0 R/N 2 0 R":                       "[{1 0} N {2 0}]",
		"1 2 3 0 R 4":                         "[1 2 {3 0} 4]",
		"1 2.5 3":                             "[1 2.5 3]",
		"1 2 3(a)4":                           "[1 2 3 {a false} 4]",
		"1 %c\n0 R":                           "", // no comment within a reference
		"0 0 R 0":                             "[<nil> 0]",
		"1 65536 R":                           "[<nil>]",
		"1 000000000000000000002 R":           "[{1 2}]",
		"1 99999999999999999999 3":            "[1 1e+20 3]",
		"999999999999999999 0 3":              "[999999999999999999 0 3]",
		"1000000000000000000 0 1":             "[1000000000000000000 0 1]",
		"2147483647 0 R":                      "[{2147483647 0}]",
		"2147483648 0 R":                      "LIMIT_OBJECT_NUMBER",
		"1 0 true":                            "[1 0 true]",
		"1 -2 +3 .5 4.":                       "[1 -2 3 0.5 4]",
		"1 0 obj":                             "",
		strings.Repeat("1023 1024 ", 3) + "R": "[1023 1024 1023 1024 {1023 1024}]",
	} {
		text := "[" + s + "]"
		for cut := range len(text) + 1 {
			data := append(bytes.Repeat([]byte(" "), blockSize-cut), text...)
			p := &parser{lexer: lexer{src: newSource(bytes.NewReader(data), int64(len(data))), end: int64(len(data))}}
			o, err := p.object()
			got := ""
			var limit *LimitError
			switch {
			case errors.As(err, &limit):
				got = limit.Name
			case err == nil:
				got = fmt.Sprint(o)
			}
			if got != want {
				t.Errorf("%q, %d bytes in a block: %s, %v, want %s", s, cut, got, err, want)
			}
		}
	}
}
