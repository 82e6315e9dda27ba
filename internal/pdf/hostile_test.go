package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// The rows Z01 to Z31 of the hostile files that concern the reader, one test
// each. None asserts a time: a test that hangs fails by the time limit of go
// test.

// maxAlloc is the promise for any file of up to 10 MB.
const maxAlloc = 256 << 20

// bounded runs read and fails when it leaves more memory in use than promised.
func bounded(t *testing.T, read func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	// The heap as it was obtained from the system, garbage included.
	if after.HeapSys > before.HeapSys && after.HeapSys-before.HeapSys > maxAlloc {
		t.Errorf("%d MB were needed", (after.HeapSys-before.HeapSys)>>20)
	}
}

// exercise does with a file what signing and verifying do, and returns the
// first error.
func exercise(data []byte) error {
	f, err := openPDF(data)
	if err != nil {
		return err
	}
	var errs []error
	note := func(err error) { errs = append(errs, err) }
	_, err = f.NumPages()
	note(err)
	_, err = f.Page(0)
	note(err)
	for _, err := range f.Pages() {
		if err != nil {
			note(err)
		}
	}
	_, err = f.Fields()
	note(err)
	revs, err := f.Revisions()
	note(err)
	for _, r := range revs {
		rows, err := r.Rows()
		if err != nil {
			note(err)
			continue
		}
		for _, ref := range rows.Defined {
			if _, err := f.Get(ref); err != nil {
				note(err)
				if len(errs) > 10_000 {
					return errors.Join(errs...)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// wantLimit says that err is the named limit.
func wantLimit(t *testing.T, err error, name string) {
	t.Helper()
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Name != name {
		t.Errorf("got %.200v, want %s", err, name)
	}
}

func wantDamaged(t *testing.T, err error, reason string) {
	t.Helper()
	if !Damaged(err) || !strings.Contains(err.Error(), reason) {
		t.Errorf("got %.200v, want a SyntaxError with %q", err, reason)
	}
}

// withBody is a file whose object 4 has the given body.
func withBody(body string) []byte {
	return newDoc("%PDF-1.7\n").basic().obj(4, body).table("").bytes()
}

func TestZ01NestedArrays(t *testing.T) {
	bounded(t, func() {
		wantLimit(t, exercise(withBody(strings.Repeat("[", 1e5)+strings.Repeat("]", 1e5))), LimitNesting)
	})
}

func TestZ02MillionNestedArrays(t *testing.T) {
	bounded(t, func() { wantLimit(t, exercise(withBody(strings.Repeat("[", 1e6))), LimitNesting) })
}

func TestZ03NestedDictionaries(t *testing.T) {
	bounded(t, func() { wantLimit(t, exercise(withBody(strings.Repeat("<</A", 2e5))), LimitNesting) })
}

func TestZ03NestedInTrailer(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic().table("/A" + strings.Repeat("[", 1e5))
	wantLimit(t, exercise(g.bytes()), LimitNesting)
}

func TestZ04NestedParentheses(t *testing.T) {
	data := withBody(strings.Repeat("(", 1e6) + strings.Repeat(")", 1e6))
	bounded(t, func() {
		if err := exercise(data); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestZ05PrevToItself(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	wantDamaged(t, exercise(g.table(fmt.Sprintf("/Prev %d", g.at())).bytes()), "loop")
	// In a ring of two.
	g = newDoc("%PDF-1.7\n").basic()
	second := g.at() + 200
	g.table(fmt.Sprintf("/Prev %d", second))
	g.put("%s", strings.Repeat(" ", int(second-g.at())))
	wantDamaged(t, exercise(g.obj(4, "1").table("").bytes()), "")
}

func TestZ06PageTreeLoop(t *testing.T) {
	err := exercise(pageTree("<</Kids[3 0 R]/Count 1>>", "<</Kids[2 0 R]/Count 1>>").bytes())
	wantDamaged(t, err, "page tree")
}

func TestZ07PageTreeFanOut(t *testing.T) {
	for _, count := range []string{"", "/Count 1099511627776", "/Count 2", "/Count 1"} {
		var nodes []string
		for i := range 40 {
			nodes = append(nodes, fmt.Sprintf("<</Type/Pages/Kids[%d 0 R %d 0 R]%s>>", 3+i, 3+i, count))
		}
		nodes = append(nodes, "<</Type/Page>>")
		wantDamaged(t, exercise(pageTree(nodes...).bytes()), "twice")
	}
	// Wide and without counts: each kid is the same node of many pages.
	wide := "<</Type/Pages/Kids[" + strings.Repeat("4 0 R ", 1e5) + "]>>"
	data := pageTree("<</Type/Pages/Kids["+strings.Repeat("3 0 R ", 1e5)+"]>>", wide, "<</Type/Page>>").bytes()
	wantDamaged(t, exercise(data), "twice")
}

// TestZ07SharedKids: many nodes have one array of kids.
func TestZ07SharedKids(t *testing.T) {
	const n = 20_000
	g := newDoc("%PDF-1.7\n").obj(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 2 0 R>>")
	g.obj(3, "["+strings.Repeat("4 0 R ", n)+"]").obj(4, "<</Type/Page/Subtype/Widget>>")
	var nodes strings.Builder
	for i := range uint32(n) {
		g.obj(5+i, "<</Kids 3 0 R/T(a)>>")
		fmt.Fprintf(&nodes, "%d 0 R ", 5+i)
	}
	f := g.obj(2, "<</Kids["+nodes.String()+"]/Fields["+nodes.String()+"]>>").table("").open(t)
	bounded(t, func() {
		_, err := f.NumPages()
		wantLimit(t, err, LimitPages)
		_, err = f.Page(n * n)
		wantLimit(t, err, LimitPages)
		_, err = f.Fields()
		wantLimit(t, err, LimitFields)
	})
}

// TestZ24OneRevision: a long chain of sections that make one revision.
func TestZ24OneRevision(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	for i := range 50_000 {
		g.obj(4, fmt.Sprint(i))
		at := g.at()
		g.rowsTable().put("trailer<</Root 1 0 R%s>>\n", g.prevEntry())
		clear(g.rows)
		g.prev = at
	}
	f := g.finish(g.prev).open(t)
	revs, err := f.Revisions()
	if err != nil || len(revs) != 1 || len(rowsOf(t, revs[0]).Defined) != 4 {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
}

func TestZ08SizeLies(t *testing.T) {
	for _, size := range []string{"2147483648", "-1", "0", "99999999999999999999", "(x)"} {
		g := newDoc("%PDF-1.7\n").basic().table("")
		data := bytes.Replace(g.bytes(), []byte("/Size 4"), []byte("/Size "+size), 1)
		bounded(t, func() {
			if err := exercise(data); err != nil {
				t.Errorf("size %s: %v", size, err)
			}
		})
	}
}

func TestZ09ObjectNumbers(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic().obj(4, "100000000000000000000 0 R").table("")
	wantDamaged(t, exercise(g.bytes()), "")
	g = newDoc("%PDF-1.7\n").basic().obj(4, "4294967297 0 R").table("")
	wantLimit(t, exercise(g.bytes()), LimitObjectNumber)
	g = newDoc("%PDF-1.7\n").basic()
	at := g.at()
	g.put("xref\n100000000000000000000 1\n0000000009 00000 n \n").trailer(at, "")
	wantDamaged(t, exercise(g.bytes()), "malformed")
	for _, first := range []string{"2147483648 1", "2147483647 2", "2147483647 2\n% x"} {
		g = newDoc("%PDF-1.7\n").basic()
		at = g.at()
		g.put("xref\n%s\n0000000009 00000 n \n0000000009 00000 n \n", first).trailer(at, "")
		wantLimit(t, exercise(g.bytes()), LimitObjectNumber)
	}
}

func TestZ19LengthOfItself(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	g.obj(4, "<</Length 4 0 R>>stream\nDATA\nendstream")
	// A ring of two, and a line of 1,000.
	g.obj(5, "<</Length 6 0 R>>stream\nDATA\nendstream").obj(6, "<</Length 5 0 R>>stream\nDATA\nendstream")
	for i := range uint32(1000) {
		g.obj(7+i, fmt.Sprintf("<</Length %d 0 R>>stream\nDATA\nendstream", 8+i))
	}
	bounded(t, func() {
		if err := exercise(g.table("").bytes()); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestZ20FieldKidsLoop(t *testing.T) {
	data := formFile("<</Fields[4 0 R]>>", "<</T(a)/Kids[5 0 R]>>", "<</T(b)/Kids[4 0 R]>>").bytes()
	wantDamaged(t, exercise(data), "loop")
	// Fan-out: each field is reached 2^40 times.
	var fields []string
	for i := range 40 {
		fields = append(fields, fmt.Sprintf("<</T(a)/Kids[%d 0 R %d 0 R]>>", 5+i, 5+i))
	}
	f := formFile("<</Fields[4 0 R]>>", append(fields, "<</T(b)/FT/Tx>>")...).open(t)
	if got, err := f.Fields(); err != nil || len(got) != 1 {
		t.Errorf("%d fields, %v", len(got), err)
	}
}

func TestZ21FieldDepth(t *testing.T) {
	var fields []string
	for i := range 100_000 {
		fields = append(fields, fmt.Sprintf("<</T(a)/Kids[%d 0 R]>>", 5+i))
	}
	data := formFile("<</Fields[4 0 R]>>", fields...).bytes()
	bounded(t, func() { wantLimit(t, exercise(data), LimitTreeDepth) })
}

// TestZ21FieldNames: a long name that very many fields inherit.
func TestZ21FieldNames(t *testing.T) {
	var kids strings.Builder
	fields := []string{""}
	for i := range 20_000 {
		fmt.Fprintf(&kids, "%d 0 R ", 5+i)
		fields = append(fields, "<</T(a)/FT/Tx>>")
	}
	fields[0] = "<</T(" + strings.Repeat("n", 1e5) + ")/Kids[" + kids.String() + "]>>"
	data := formFile("<</Fields[4 0 R]>>", fields...).bytes()
	bounded(t, func() { wantLimit(t, exercise(data), LimitFieldNames) })
}

func TestZ22MillionPages(t *testing.T) {
	data := manyPages(1_000_000)
	f := mustOpen(t, data)
	if n, err := f.NumPages(); err != nil || n != 1_000_000 {
		t.Errorf("%d pages, %v", n, err)
	}
	for _, i := range []int{999_999, 0, 500_000} {
		if p, err := f.Page(i); err != nil || p.Ref.Num != uint32(3+i) {
			t.Errorf("page %d is %+v, %v", i, p, err)
		}
	}
}

func testRevisions(t *testing.T, n int) {
	f := mustOpen(t, manyRevisions(n))
	revs, err := f.Revisions()
	if err != nil || len(revs) != n+1 {
		t.Fatalf("%d revisions, %v", len(revs), err)
	}
	for i := range revs {
		v, err := f.Truncated(context.Background(), revs[i].End)
		if err != nil {
			t.Fatal(err)
		}
		o, err := v.Dict(Ref{3, 0})
		if err != nil || i > 0 && o.Get("I") != Integer(i-1) {
			t.Fatalf("revision %d: %v, %v", i, o, err)
		}
	}
}

func TestZ23ThousandRevisions(t *testing.T)    { testRevisions(t, 1000) }
func TestZ24TenThousandRevisions(t *testing.T) { testRevisions(t, 10_000) }

func TestZ25ManyEOF(t *testing.T) {
	data := append(newDoc("%PDF-1.7\n").basic().table("").bytes(), strings.Repeat("%%EOF\n", 2e6)...)
	wantDamaged(t, exercise(data), "no startxref")
	g := newDoc("%PDF-1.7\n").basic().put("%s", strings.Repeat("%%EOF\n", 2e6)).table("")
	if err := exercise(g.bytes()); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestZ26ManyStartxref(t *testing.T) {
	data := append(newDoc("%PDF-1.7\n").basic().table("").bytes(), strings.Repeat("startxref\n", 2e5)...)
	wantDamaged(t, exercise(data), "startxref")
	g := newDoc("%PDF-1.7\n").basic()
	at := g.at()
	g.rowsTable().trailer(at, "")
	for range 200_000 {
		g.put("startxref\n%d\n", at)
	}
	if err := exercise(g.bytes()); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestZ27LongContents(t *testing.T) {
	data := withBody("<</Type/Sig/Contents<" + strings.Repeat("0", 200<<20) + ">>>")
	wantLimit(t, exercise(data), LimitStringBytes)
}

// TestZ28ObjectsInEachOther: each of many objects reaches to the end of the
// file, as a string with the next one within.
func TestZ28ObjectsInEachOther(t *testing.T) {
	const n = 200_000
	g := newDoc("%PDF-1.7\n").basic()
	for i := range uint32(n) {
		g.row(4+i, genRow{off: g.at()}).put("%d 0 obj (", 4+i)
	}
	g.put("%s", strings.Repeat(")", n)).put("endobj\n")
	bounded(t, func() {
		if err := exercise(g.table("").bytes()); err == nil {
			t.Error("no error")
		}
	})
}

// TestZ28SectionsInEachOther: the same with the trailers of a /Prev chain.
func TestZ28SectionsInEachOther(t *testing.T) {
	const n = 50_000
	const head = "xref\n0 0\ntrailer<</Root 1 0 R/Prev %010d/A("
	g := newDoc("%PDF-1.7\n").basic()
	at := g.at()
	size := int64(len(fmt.Sprintf(head, 0)))
	for i := range int64(n) {
		g.put(head, at+(i+1)*size)
	}
	g.put("%s", strings.Repeat(")>>", n)).finish(at)
	bounded(t, func() { wantDamaged(t, exercise(g.bytes()), "") })
}

// TestZ28StreamsWithoutEnd: each of many streams has a wrong /Length and only
// the end of the file holds an endstream.
func TestZ28StreamsWithoutEnd(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	for i := range uint32(100_000) {
		g.row(4+i, genRow{off: g.at()}).put("%d 0 obj<<>>stream\n", 4+i)
	}
	g.put("endstream endobj\n")
	bounded(t, func() { wantDamaged(t, exercise(g.table("").bytes()), "") })
}

// TestZ28StreamSectionsWithoutEnd: the same with cross-reference streams, whose
// ends are searched before any object is known.
func TestZ28StreamSectionsWithoutEnd(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	at := g.at()
	const head = "9 0 obj<</Type/XRef/W[1 1 1]/Size 0/Root 1 0 R/Prev %010d>>stream\n"
	size := int64(len(fmt.Sprintf(head, 0)))
	for i := range int64(50_000) {
		g.put(head, at+(i+1)*size)
	}
	g.put("%sendstream endobj\n", strings.Repeat(" ", 4<<20)).finish(at)
	bounded(t, func() {
		if err := exercise(g.bytes()); err == nil {
			t.Error("no error")
		}
	})
}

func TestZ28ManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&b, "/K%d 0", i)
	}
	bounded(t, func() {
		if err := exercise(withBody("<<" + b.String() + ">>")); err != nil {
			t.Errorf("got %v", err)
		}
	})
	bounded(t, func() {
		if err := exercise(withBody("<<" + strings.Repeat("/A 0/B 0", 400_000) + ">>")); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestZ28ManyValues(t *testing.T) {
	for _, v := range []string{"[]", "[0]", "/a", "<<>>", "<</A 0>>", "()", "(a)", "1 0 R ", "0 ", "0.5 "} {
		data := withBody("[" + strings.Repeat(v, (9<<20)/len(v)) + "]")
		bounded(t, func() { wantLimit(t, exercise(data), LimitValues) })
	}
}

func TestZ28ManySubsections(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	at := g.at()
	g.put("xref\n0 1\n0000000000 65535 f \n")
	for n := range uint32(3) {
		g.put("%d 1\n%010d 00000 n \n", n+1, g.rows[n+1].off)
	}
	for n := range 200_000 {
		g.put("%d 1\n%010d 00000 f \n", 2*n+4, 0)
	}
	bounded(t, func() {
		if err := exercise(g.trailer(at, "").bytes()); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestZ28TooManyEntries(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	// Each section takes the rows of the next ones for its own.
	const rows = 20_000
	for range 500 {
		at := g.at()
		g.put("xref\n4 %d\n", rows)
		g.put("%s", strings.Repeat("0000000000 00000 f \n", rows/500))
		g.trailer(at, "")
	}
	if err := exercise(g.bytes()); err == nil {
		t.Error("no error")
	}
}

func TestZ31Encrypt(t *testing.T) {
	for _, c := range []struct{ name, entry string }{
		{"string", "/Encrypt(x)"},
		{"number", "/Encrypt 5"},
		{"missing", "/Encrypt 99 0 R"},
		{"itself", "/Encrypt 4 0 R"},
		{"unknown handler", "/Encrypt<</Filter/Foo.Bar/V 1>>"},
		{"no handler", "/Encrypt<<>>"},
		{"damaged", "/Encrypt<</Filter/Standard/V 2/R 3/O(a)/U(b)/P(c)>>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newDoc("%PDF-1.7\n").basic().obj(4, "[4 0 R 4 0 R]").table(c.entry + "/ID[(a)(b)]")
			wantDamaged(t, exercise(g.bytes()), "")
		})
	}
	g := newDoc("%PDF-1.7\n").basic().obj(4, "<</A[4 0 R 4 0 R 4 0 R]>>").table("/Encrypt 4 0 R")
	wantLimit(t, exercise(g.bytes()), LimitRefChain)
}

// TestShrunk: the file becomes shorter while it is read.
func TestShrunk(t *testing.T) {
	data := manyObjects(10_000)
	r := &shrinking{data: data}
	f, err := Open(context.Background(), r, int64(len(data)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.data = data[:100]
	if o, err := f.Get(Ref{5000, 0}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, %v", o, err)
	}
}

type shrinking struct{ data []byte }

func (s *shrinking) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(s.data).ReadAt(p, at)
}
