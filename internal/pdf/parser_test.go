package pdf

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestParserIsFreedClean: what an error left on the way does not stay, nor does
// the room that a large object took.
func TestParserIsFreedClean(t *testing.T) {
	for _, s := range []string{"[1 [(a) <</A 1/B[2 3]/C", "<</A<</B 1/C 2>>/D>", "[" + strings.Repeat("[1", 200), "[" + strings.Repeat("(a)", 10_000) + "]"} {
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
