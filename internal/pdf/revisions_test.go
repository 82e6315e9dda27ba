package pdf

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestRevisions(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().obj(4, "(one)").table("")
	ends := []int64{g.at()}
	g.obj(5, "(new)").xrefStream(6, "")
	ends = append(ends, g.at())
	g.obj(4, "(two)").row(5, genRow{free: true, gen: 1}).table("/Mark(c)")
	ends = append(ends, g.at())
	f := g.open(t)
	revs, err := f.Revisions()
	if err != nil || len(revs) != 3 {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	var start int64
	for i, r := range revs {
		if r.Start != start || r.End != ends[i] {
			t.Errorf("revision %d is %d to %d, want %d to %d", i, r.Start, r.End, start, ends[i])
		}
		start = r.End
	}
	for i, want := range []string{"false [{1 0} {2 0} {3 0} {4 0}] []", "true [{5 0} {6 0}] []", "false [{4 0}] [{5 1}]"} {
		if got := fmt.Sprint(revs[i].IsStream, rowsOf(t, revs[i]).Defined, rowsOf(t, revs[i]).Freed); got != want {
			t.Errorf("revision %d: %s, want %s", i, got, want)
		}
	}
	if revs[2].Trailer.Get("Mark") == nil || revs[0].Trailer.Get("Mark") != nil {
		t.Error("the trailers are mixed up")
	}
}

// TestRevisionEnd checks how the bytes behind a section count.
func TestRevisionEnd(t *testing.T) {
	for _, c := range []struct{ name, tail, rest string }{
		{"LF", "startxref\n@\n%%EOF\n", ""},
		{"CR LF", "startxref\r\n@\r\n%%EOF\r\n", ""},
		{"CR", "startxref\r@\r%%EOF\r", ""},
		{"none", "startxref\n@\n%%EOF", ""},
		{"space", "startxref\n@\n%%EOF  \n", ""},
		{"space without line end", "startxref\n@\n%%EOF", "  x"},
		{"second line end", "startxref\n@\n%%EOF\n", "\n"},
		{"comment", "startxref\n@\n%%EOF\n", "% more"},
		{"object", "startxref\n@\n%%EOF\n", "9 0 obj 1 endobj\n"},
		{"second EOF", "startxref\n@\n%%EOF\n", "%%EOF\n"},
		{"no EOF", "startxref\n@", "\nxyz"},
		{"no EOF, cut", "startxref\n@", "\n%%EO"},
		{"another startxref before", "\n9 0 obj (startxref 7 %%EOF) endobj\nstartxref\n@\n%%EOF\n", ""},
		{"objects before startxref", "\n9 0 obj 1 endobj\nstartxref\n@\n%%EOF\n", ""},
		{"comment before startxref", "% x\nstartxref\n@\n%%EOF\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newDoc("%PDF-1.5\n").basic()
			at := g.at()
			g.rowsTable().put("trailer<</Root 1 0 R>>\n%s", strings.ReplaceAll(c.tail, "@", fmt.Sprint(at)))
			end := g.at()
			f := g.put("%s", c.rest).open(t)
			revs, err := f.Revisions()
			if err != nil || len(revs) != 1 || revs[0].End != end {
				t.Errorf("%+v, %v, want the end %d", revs, err, end)
			}
		})
	}
}

func TestRevisionsLinearised(t *testing.T) {
	base := linearised()
	g := newDoc("")
	g.b.Write(base)
	f := g.open(t)
	revs, err := f.Revisions()
	if err != nil || len(revs) != 1 {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	if revs[0].Start != 0 || revs[0].End != f.Size() || revs[0].Trailer.Get("Root") == nil {
		t.Errorf("%+v", revs[0])
	}
	if got := fmt.Sprint(rowsOf(t, revs[0]).Defined); got != "[{2 0} {4 0} {1 0} {3 0} {5 0}]" {
		t.Errorf("defined %s", got)
	}
	g.prev, g.size = revs[0].XrefOffset, 6
	f = g.obj(4, "(new)").table("").open(t)
	if revs, err = f.Revisions(); err != nil || len(revs) != 2 || revs[1].Start != int64(len(base)) {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	if loc, ok, err := f.Locate(Ref{4, 0}); err != nil || !ok || loc.Revision != 1 {
		t.Errorf("%+v, %v, %v", loc, ok, err)
	}
	if loc, ok, err := f.Locate(Ref{3, 0}); err != nil || !ok || loc.Revision != 0 {
		t.Errorf("%+v, %v, %v", loc, ok, err)
	}
	old, err := f.Truncated(context.Background(), int64(len(base)))
	if err != nil {
		t.Fatal(err)
	}
	if revs, err = old.Revisions(); err != nil || len(revs) != 1 {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
}

// TestRevisionsOfWord: two sections of one save, with one startxref.
func TestRevisionsOfWord(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic()
	at := g.at()
	g.rowsTable().put("trailer<</Root 1 0 R/Size 4>>\n")
	clear(g.rows)
	g.prev = at
	g.table("")
	if revs, err := g.open(t).Revisions(); err != nil || len(revs) != 1 || len(rowsOf(t, revs[0]).Defined) != 3 {
		t.Errorf("%+v, %v", revs, err)
	}
	f := g.obj(4, "(4)").table("").open(t)
	revs, err := f.Revisions()
	if err != nil || len(revs) != 2 {
		t.Fatalf("%+v, %v", revs, err)
	}
	if loc, ok, err := f.Locate(Ref{4, 0}); !ok || err != nil || loc.Revision != 1 {
		t.Errorf("%+v, %v", loc, err)
	}
	v, err := f.Truncated(context.Background(), revs[0].End)
	if err != nil {
		t.Fatal(err)
	}
	if revs, err = v.Revisions(); err != nil || len(revs) != 1 {
		t.Errorf("%+v, %v", revs, err)
	}
}

func TestRevisionsOutOfOrder(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().table("").obj(4, "(a)").table("").obj(5, "(b)")
	// The newest section claims the place between the others.
	at := g.at()
	g.rowsTable().trailer(at, "")
	g.obj(6, "(c)").table("")
	f := g.open(t)
	f.hist.secs[2], f.hist.secs[3] = f.hist.secs[3], f.hist.secs[2]
	if revs, err := f.Revisions(); !Damaged(err) {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
}

func TestTruncated(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().obj(4, "(0)").table("")
	for i := range 20 {
		g.obj(4, fmt.Sprintf("(%d)", i+1))
		if i%2 == 0 {
			g.table("")
		} else {
			g.xrefStream(5, "")
		}
	}
	f := g.open(t)
	revs, err := f.Revisions()
	if err != nil || len(revs) != 21 {
		t.Fatal(len(revs), err)
	}
	for i, r := range revs {
		for _, end := range []int64{r.End, r.End - 1} { // with and without the last line end
			v, err := f.Truncated(context.Background(), end)
			if err != nil {
				t.Fatalf("revision %d: %v", i, err)
			}
			if o, err := v.Get(Ref{4, 0}); err != nil || o != (String{Value: fmt.Sprint(i)}) {
				t.Errorf("revision %d: object 4 is %v, %v", i, o, err)
			}
			own, err := v.Revisions()
			if err != nil || len(own) != i+1 || own[i].End != end {
				t.Errorf("revision %d: %d revisions, %v", i, len(own), err)
			}
			if v.Size() != end {
				t.Errorf("revision %d: size %d, want %d", i, v.Size(), end)
			}
			if v.hist != f.hist {
				t.Errorf("revision %d: the history was read again", i)
			}
			again, err := v.Truncated(context.Background(), min(revs[0].End, end))
			if err != nil {
				t.Fatalf("revision %d: %v", i, err)
			}
			if o, err := again.Get(Ref{4, 0}); err != nil || o != (String{Value: "0"}) {
				t.Errorf("revision %d: the first one has %v, %v", i, o, err)
			}
		}
	}
	b := make([]byte, 10)
	v, _ := f.Truncated(context.Background(), revs[3].End)
	if n, err := v.Reader().ReadAt(b, revs[3].End-4); n != 4 || err == nil {
		t.Errorf("the reader gives %d bytes behind the end, %v", n-4, err)
	}
}

func TestTruncatedErrors(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().table("").obj(4, "(1)").table("")
	f := g.open(t)
	revs, _ := f.Revisions()
	for _, c := range []struct {
		name string
		end  int64
	}{
		{"negative", -1},
		{"beyond", f.Size() + 1},
		{"empty", 0},
		{"before the first section", 60},
		{"within startxref", revs[0].End - 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := f.Truncated(context.Background(), c.end); !Damaged(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestTruncatedForked: what the older startxref names is not in the chain of
// the newest, as after an attacker replaced the chain.
func TestTruncatedForked(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().obj(4, "(good)").table("")
	end := g.at()
	g.prev = 0
	f := g.basic().obj(4, "(evil)").table("").open(t)
	if revs, err := f.Revisions(); err != nil || len(revs) != 1 {
		t.Fatal(len(revs), err)
	}
	v, err := f.Truncated(context.Background(), end)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := v.Get(Ref{4, 0}); err != nil || o != (String{Value: "good"}) {
		t.Errorf("object 4 is %v, %v", o, err)
	}
}

// TestTruncatedSectionBehind: a chain that leads behind the cut is an error,
// as it would be for the cut file.
func TestTruncatedSectionBehind(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic()
	front := g.at()
	const room = 300
	g.put("%s", strings.Repeat(" ", room))
	g.put("startxref\n%d\n%%%%EOF\n", front)
	end := g.at()
	g.obj(4, "(behind)").table("")
	behind := g.prev
	head := newDoc("")
	head.put("xref\n0 0\ntrailer<</Root 1 0 R/Prev %d>>\n", behind)
	b := g.bytes()
	copy(b[front:], head.bytes())
	b = append(b, fmt.Sprintf("startxref\n%d\n%%%%EOF\n", front)...)
	f := mustOpen(t, b)
	if v, err := f.Truncated(context.Background(), end); !Damaged(err) {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestConcurrentReads is for the race detector.
func TestConcurrentReads(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic()
	g.objStream(5, "", []uint32{6, 7}, "(six)", "(seven)").xrefStream(8, "")
	for range 12 {
		g.obj(4, "(x)").table("")
	}
	data := g.bytes()
	f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, ref := range []Ref{{1, 0}, {4, 0}, {6, 0}, {7, 0}} {
				if o, err := f.Get(ref); err != nil || o == nil {
					t.Error(ref, o, err)
				}
			}
			revs, err := f.Revisions()
			if err != nil {
				t.Error(err)
			}
			v, err := f.Truncated(context.Background(), revs[3].End)
			if err != nil {
				t.Error(err)
			}
			if _, err := v.Page(0); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestRowsAreReadLate: a row of the oldest table that nobody asks for does not
// hide the history; who asks is told.
func TestRowsAreReadLate(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	for num := range uint32(9) {
		g.obj(4+num, "(unused)")
	}
	first := g.table("").bytes()
	at := bytes.LastIndex(first, []byte(" n \n")) // the first and last rows are looked at early
	copy(first[at-16-4*20:], "00000x0000")
	revs, err := mustOpen(t, first).Revisions()
	if err != nil || len(revs) != 1 {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	if rows, err := revs[0].Rows(); !Damaged(err) {
		t.Errorf("got %+v, %v", rows, err)
	}
	same, err := mustOpen(t, first).Revisions()
	if err != nil || !revs[0].SameRows(&revs[0]) || revs[0].SameRows(&same[0]) {
		t.Errorf("the same rows: %v", err)
	}
}
