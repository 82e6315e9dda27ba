package pdf

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzLexer (F1): an object reads the same from memory and from a file in
// which it lies over the end of a block.
func FuzzLexer(f *testing.F) {
	for _, s := range []string{
		"null", "[1 2 R 3 0 R -4.5 +.6e1]", "<</A(b\\(c\\)\\053)/D<4 1>>>", "/N#20#zz", "(a(b)\\\r\nc)",
		"% c\n[true false]", "<</A 1/A 2>>", "12 65535 R", "99999999999999999999", "--1", "[[[[]]]]", "<", "(", "[<</",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p := &parser{lexer: memoryLexer(b)}
		want, err1 := p.object()
		for _, shift := range []int{0, len(b) / 2, len(b)} {
			data := append(bytes.Repeat([]byte(" "), max(0, blockSize-shift)), b...)
			q := &parser{lexer: lexer{src: newSource(bytes.NewReader(data), int64(len(data))), end: int64(len(data))}, spans: true}
			got, err2 := q.object()
			if (err1 == nil) != (err2 == nil) {
				t.Fatalf("shift %d: %v, %v", shift, err1, err2)
			}
			if err1 != nil {
				continue
			}
			if !reflect.DeepEqual(withoutSpans(got), withoutSpans(want)) {
				t.Fatalf("shift %d: got %#v, want %#v", shift, got, want)
			}
			if at := p.offset() + int64(max(0, blockSize-shift)); q.offset() != at {
				t.Fatalf("shift %d: ends at %d, want %d", shift, q.offset(), at)
			}
		}
	})
}

// withoutSpans copies o without what tells where it was read.
func withoutSpans(o Object) Object {
	switch v := o.(type) {
	case Array:
		out := make(Array, len(v))
		for i := range v {
			out[i] = withoutSpans(v[i])
		}
		return out
	case *Dict:
		out := v.Clone()
		for i := range out.entries {
			out.entries[i].span = Span{}
			out.entries[i].value = withoutSpans(out.entries[i].value)
		}
		return out
	}
	return o
}

// seedFiles are small files of each layout.
func seedFiles() map[string][]byte {
	g := newDoc("%PDF-1.5\n").basic()
	g.objStream(5, "", []uint32{4, 7}, "(four)", "7").xrefStream(6, "")
	return map[string][]byte{
		"table":      newDoc("%PDF-1.4\n").basic().obj(4, "(four)").table("").bytes(),
		"two":        newDoc("%PDF-1.4\n").basic().table("").obj(4, "(four)").table("").bytes(),
		"stream":     g.bytes(),
		"mixed":      g.obj(4, "(new)").table("").bytes(),
		"hybrid":     hybrid(),
		"linearised": linearised(),
		"loose":      bytes.ReplaceAll(newDoc("%PDF-1.4\n").basic().obj(4, "(four)").table("").bytes(), []byte(" n \n"), []byte(" n\n")),
		"junk":       append([]byte("junk "), newDoc("%PDF-1.4\n").basic().obj(4, "(four)").table("").bytes()...),
		"form":       formFile("<</Fields[4 0 R]>>", "<</T(a)/Kids[5 0 R]>>", "<</T(b)/FT/Sig>>").bytes(),
		"pages":      pageTree("<</Kids[3 0 R 4 0 R]/Count 3>>", "<</Kids[5 0 R 6 0 R]/Count 2>>", "<</Type/Page>>", "<</Type/Page>>", "<</Type/Page>>").bytes(),
	}
}

func addFixtures(f *testing.F) {
	f.Helper()
	for _, b := range seedFiles() {
		f.Add(b)
	}
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", "*", "*.pdf"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// FuzzXref (F2): reading ends, every offset lies in the file, revisions follow
// each other, and a view of each is what the file was.
func FuzzXref(f *testing.F) {
	addFixtures(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := openPDF(b)
		if err != nil {
			return
		}
		size := int64(len(b))
		for _, s := range file.hist.secs {
			if s.off < 0 || s.off >= s.end || s.end > size {
				t.Fatalf("a section from %d to %d in %d bytes", s.off, s.end, size)
			}
		}
		revs, err := file.Revisions()
		if err != nil {
			return
		}
		var start int64
		for i, r := range revs {
			if r.Start != start || r.End < r.Start || r.End > size {
				t.Fatalf("revision %d from %d to %d in %d bytes", i, r.Start, r.End, size)
			}
			start = r.End
			rows, err := r.Rows()
			if err != nil {
				continue
			}
			for _, ref := range rows.Defined[:min(len(rows.Defined), 100)] {
				loc, ok, err := file.Locate(ref)
				if ok && err == nil && loc.InStream == (Ref{}) && !loc.Free && (loc.Offset < 0 || loc.End > size || loc.Offset >= loc.End) {
					t.Fatalf("object %v from %d to %d in %d bytes", ref, loc.Offset, loc.End, size)
				}
			}
			if v, err := file.Truncated(context.Background(), r.End); err == nil {
				w, err := openPDF(b[:r.End])
				if err != nil {
					t.Fatalf("revision %d: the view opens, the cut file does not: %v", i, err)
				}
				if v.newest().off != w.newest().off || len(w.hist.secs) != v.top+1 {
					t.Fatalf("revision %d: the view differs from the cut file", i)
				}
			}
		}
		for n := range file.Pages() {
			if n != nil && n.Index > 1000 {
				break
			}
		}
		file.Fields()
	})
}

// FuzzObjectStream (F4): what an object stream gives is what its bytes say
// when they are parsed alone.
func FuzzObjectStream(f *testing.F) {
	for _, s := range []string{
		"4 0 (x)", "4 0 8 4 (x) (y)", "8 0 4 2 1 [2 3 0 R]", "4 0 4 0 1", "4 9", "", "4 0 <</A<</B 1>>>>",
	} {
		f.Add([]byte(s), int64(strings.LastIndexAny(s, "0123456789 (")/2), int64(1))
	}
	f.Add([]byte("4 0 8 4 (x) (y)"), int64(8), int64(2))
	f.Fuzz(func(t *testing.T, b []byte, first, n int64) {
		d := NewDict(Name("N"), Integer(n), Name("First"), Integer(first))
		file := &File{sh: &shared{}, limits: (*Limits)(nil).withDefaults()}
		in := indirect{ref: Ref{Num: 5}, dict: d}
		s, err := file.parseObjectStream(in, b)
		if err != nil {
			return
		}
		if int64(len(s.nums)) != n {
			t.Fatalf("%d objects of %d", len(s.nums), n)
		}
		for i := range s.nums {
			if int64(s.offs[i]) < first || s.offs[i] > s.ends[i] || int(s.ends[i]) > len(b) {
				t.Fatalf("object %d from %d to %d in %d bytes", i, s.offs[i], s.ends[i], len(b))
			}
			ref := Ref{Num: s.nums[i]}
			got, err1 := file.parseInStream(ref, s, i)
			p := &parser{lexer: memoryLexer(b[s.offs[i]:s.ends[i]])}
			want, err2 := p.object()
			if err1 == nil && err2 == nil && !reflect.DeepEqual(got, want) {
				t.Fatalf("object %d: %v, want %v", i, got, want)
			}
		}
	})
}
