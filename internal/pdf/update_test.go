package pdf

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var testID = []byte("0123456789abcdef")

// apply renders u, which is an update of data, and opens the result.
func apply(t testing.TB, data []byte, u *Update) ([]byte, *File) {
	t.Helper()
	r, err := u.Render(testID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Base != int64(len(data)) {
		t.Errorf("base %d, the file has %d bytes", r.Base, len(data))
	}
	out := append(bytes.Clone(data), r.Bytes...)
	f, err := Open(context.Background(), bytes.NewReader(out), int64(len(out)), u.f.opts)
	if err != nil {
		t.Fatalf("%v\n%s", err, r.Bytes)
	}
	return out, f
}

// qpdfCheck wants no complaint of qpdf.
func qpdfCheck(t testing.TB, data []byte, args ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("qpdf", append(args, "--check", path)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARNING") {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}

func withPages(g *docGen) *docGen {
	g.obj(1, "<</Type/Catalog/Pages 2 0 R>>")
	g.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	return g.obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
}

// change sets a new catalog and adds a string and a stream.
func change(t testing.TB, f *File) *Update {
	t.Helper()
	u := f.NewUpdate()
	s := u.Add(String{Value: "new (text)"})
	catalog, ref, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	catalog = catalog.Clone()
	catalog.Set("X", Array{s, u.Add(NewFlateStream(NewDict(Name("A"), String{Value: "in a stream"}), []byte("new data")))})
	u.Set(ref, catalog)
	return u
}

// wantChange looks for what change made.
func wantChange(t testing.TB, f *File) {
	t.Helper()
	catalog, _, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	x, err := f.Array(catalog.Get("X"))
	if err != nil || len(x) != 2 {
		t.Fatalf("/X is %v, %v", x, err)
	}
	if s, err := f.Resolve(x[0]); err != nil || s != (String{Value: "new (text)"}) {
		t.Errorf("the string is %#v, %v", s, err)
	}
	s, err := f.Stream(x[1])
	if err != nil || s == nil {
		t.Fatalf("no stream: %v", err)
	}
	if a := s.Dict.Get("A"); a != (String{Value: "in a stream"}) {
		t.Errorf("the string of the stream is %#v", a)
	}
	if b, err := s.Decode(0); err != nil || string(b) != "new data" {
		t.Errorf("the stream is %q, %v", b, err)
	}
}

// TestUpdateFollowsForm: the section of the update has the form of the newest
// one of the file, and points to it.
func TestUpdateFollowsForm(t *testing.T) {
	crlf := newDoc("%PDF-1.4\r\n")
	crlf.eol = "\r\n"
	objects := withPages(newDoc("%PDF-1.5\n")).objStream(5, "", []uint32{4}, "(four)").xrefStream(6, "")
	for _, c := range []struct {
		name   string
		data   []byte
		stream bool
	}{
		{"table", withPages(newDoc("%PDF-1.4\n")).table("").bytes(), false},
		{"crlf", withPages(crlf).table("").bytes(), false},
		{"xref stream", objects.bytes(), true},
		{"table after stream", objects.obj(4, "(new)").table("").bytes(), false},
		{"stream after table", withPages(newDoc("%PDF-1.5\n")).table("").obj(4, "(four)").xrefStream(5, "").bytes(), true},
		{"hybrid", hybrid(), false},
		{"linearised", linearised(), linearisedIsStream(t)},
		{"no line end", bytes.TrimRight(withPages(newDoc("%PDF-1.4\n")).table("").bytes(), "\n"), false},
		{"no line end, stream", bytes.TrimRight(withPages(newDoc("%PDF-1.5\n")).xrefStream(4, "").bytes(), "\n"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustOpen(t, c.data)
			prev, _ := f.newestXref()
			u := change(t, f)
			first := u.Alloc()
			u.Set(first, Integer(1))
			out, g := apply(t, c.data, u)
			wantChange(t, g)
			revs, err := g.Revisions()
			if err != nil {
				t.Fatal(err)
			}
			last := revs[len(revs)-1]
			if last.IsStream != c.stream {
				t.Errorf("a stream: %v, want %v", last.IsStream, c.stream)
			}
			if last.Trailer.Get("Prev") != Integer(prev) || last.XrefOffset < int64(len(c.data)) || last.End != int64(len(out)) {
				t.Errorf("/Prev %v, want %d; section at %d, end %d", last.Trailer.Get("Prev"), prev, last.XrefOffset, last.End)
			}
			if size := last.Trailer.Get("Size").(Integer); uint32(size) != g.highestNumber()+1 {
				t.Errorf("/Size %d, the highest number is %d", size, g.highestNumber())
			}
			if before, err := g.Truncated(context.Background(), last.Start); err != nil || before.Trailer().Get("Size") != f.Trailer().Get("Size") {
				t.Errorf("the state before: %v", err)
			}
			// Twice: another update over ours.
			out2, h := apply(t, out, change(t, g))
			wantChange(t, h)
			if !bytes.HasPrefix(out2, out) {
				t.Error("the old bytes are no prefix")
			}
			if c.name != "hybrid" && c.name != "linearised" { // these fixtures are not whole
				qpdfCheck(t, out2)
			}
		})
	}
}

func linearisedIsStream(t *testing.T) bool {
	_, stream := mustOpen(t, linearised()).newestXref()
	return stream
}

func TestUpdateLineEnd(t *testing.T) {
	data := withPages(newDoc("%PDF-1.4\n")).table("").bytes()
	for end, want := range map[string]string{"\n": "", "\r\n": "", "\r": "", "": "\n", " ": "\n"} {
		in := append(bytes.Clone(bytes.TrimRight(data, "\n")), end...)
		r, err := change(t, mustOpen(t, in)).Render(testID)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(r.Bytes[:len(want)+1]); got != want+"1" {
			t.Errorf("after %q the update begins with %q", end, got)
		}
	}
}

// TestUpdateTable: entries have 20 bytes, and subsections are as long as they
// can be.
func TestUpdateTable(t *testing.T) {
	data := withPages(newDoc("%PDF-1.4\n")).put("").obj(9, "9").table("").bytes()
	f := mustOpen(t, data)
	u := f.NewUpdate()
	for _, n := range []uint32{9, 3, 2} {
		o, err := f.Get(Ref{n, 0})
		if err != nil {
			t.Fatal(err)
		}
		u.Set(Ref{n, 0}, o)
	}
	u.Add(Integer(10))
	u.Set(Ref{20, 7}, Integer(20))
	out, g := apply(t, data, u)
	tail := string(out[bytes.LastIndex(out, []byte("\nxref\n"))+1:])
	want := regexp.MustCompile(`^xref\n2 2\n(\d{10} 00000 n \n){2}9 2\n(\d{10} 00000 n \n){2}20 1\n\d{10} 00007 n \ntrailer\n<<[^>]*/Size 21`)
	if !want.MatchString(tail) {
		t.Errorf("got %s", tail)
	}
	if o, err := g.Get(Ref{20, 7}); err != nil || o != Integer(20) {
		t.Errorf("got %v, %v", o, err)
	}
	if o, err := g.Get(Ref{20, 0}); err != nil || o != nil {
		t.Errorf("got %v, %v", o, err)
	}
}

func TestUpdateEmpty(t *testing.T) {
	for name, data := range map[string][]byte{
		"table":  withPages(newDoc("%PDF-1.4\n")).table("").bytes(),
		"stream": withPages(newDoc("%PDF-1.5\n")).xrefStream(4, "").bytes(),
	} {
		t.Run(name, func(t *testing.T) {
			out, f := apply(t, data, mustOpen(t, data).NewUpdate())
			if n, err := f.NumPages(); err != nil || n != 1 {
				t.Errorf("%d pages, %v", n, err)
			}
			qpdfCheck(t, out)
		})
	}
}

func TestUpdateNumbers(t *testing.T) {
	for size, want := range map[string]uint32{"4": 4, "40": 40, "1": 4, "2147483648": 4, "(x)": 4} {
		data := bytes.Replace(withPages(newDoc("%PDF-1.4\n")).table("").bytes(), []byte("/Size 4"), []byte("/Size "+size), 1)
		u := mustOpen(t, data).NewUpdate()
		if got := u.Alloc(); got != (Ref{Num: want}) {
			t.Errorf("/Size %s: the first new number is %d, want %d", size, got.Num, want)
		}
		if got := u.Add(nil); got != (Ref{Num: want + 1}) {
			t.Errorf("/Size %s: the second is %d", size, got.Num)
		}
	}
}

func TestUpdateGet(t *testing.T) {
	f := withPages(newDoc("%PDF-1.4\n")).table("").open(t)
	u := f.NewUpdate()
	if o, err := u.Get(Ref{2, 0}); err != nil || o.(*Dict).Get("Count") != Integer(1) {
		t.Errorf("got %v, %v", o, err)
	}
	u.Set(Ref{2, 0}, Integer(5))
	if o, err := u.Get(Ref{2, 0}); err != nil || o != Integer(5) {
		t.Errorf("got %v, %v", o, err)
	}
	u.Set(Ref{2, 0}, nil)
	if o, err := u.Get(Ref{2, 0}); err != nil || o != nil {
		t.Errorf("got %v, %v", o, err)
	}
}

func TestUpdateRefuses(t *testing.T) {
	f := withPages(newDoc("%PDF-1.4\n")).table("").open(t)
	for name, fill := range map[string]func(u *Update){
		"two generations": func(u *Update) { u.Set(Ref{3, 0}, nil); u.Set(Ref{3, 1}, nil) },
		"object 0":        func(u *Update) { u.Set(Ref{}, nil) },
		"a Go type":       func(u *Update) { u.Add(7) },
		"a large number":  func(u *Update) { u.Set(Ref{Num: maxObjectNumber}, nil) },
	} {
		u := f.NewUpdate()
		fill(u)
		if _, err := u.Render(testID); err == nil {
			t.Errorf("%s is written", name)
		}
	}
}

func TestUpdateID(t *testing.T) {
	for name, c := range map[string]struct{ entry, want string }{
		"none":      {"", "[<30313233343536373839616263646566> <30313233343536373839616263646566>]"},
		"two":       {"/ID[<AA>(b)]", "[<AA> <30313233343536373839616263646566>]"},
		"one":       {"/ID[<AA>]", "[<AA> <30313233343536373839616263646566>]"},
		"indirect":  {"/ID 9 0 R", "[<CC> <30313233343536373839616263646566>]"},
		"no string": {"/ID[7 8]", "[<30313233343536373839616263646566> <30313233343536373839616263646566>]"},
	} {
		t.Run(name, func(t *testing.T) {
			data := withPages(newDoc("%PDF-1.4\n")).obj(9, "[<CC><DD>]").table(c.entry).bytes()
			out, _ := apply(t, data, change(t, mustOpen(t, data)))
			if !bytes.Contains(out[len(data):], []byte("/ID "+c.want)) {
				t.Errorf("got %s", out[len(data):])
			}
		})
	}
}

// TestUpdateTrailer: what the trailer holds is carried over (ISO 32000-2,
// 7.5.6), what belongs to its section is not.
func TestUpdateTrailer(t *testing.T) {
	data := withPages(newDoc("%PDF-1.5\n")).xrefStream(4, "/Info 3 0 R/Foo(bar)").bytes()
	_, f := apply(t, data, change(t, mustOpen(t, data)))
	d := f.Trailer()
	if d.Get("Root") != (Ref{1, 0}) || d.Get("Info") != (Ref{3, 0}) || d.Get("Foo") != (String{Value: "bar"}) {
		t.Errorf("got %v", d)
	}
	if len(d.Duplicates()) != 0 {
		t.Errorf("twice: %v", d.Duplicates())
	}
}

// TestUpdateMarks: offsets of marked tokens are those in the whole output.
func TestUpdateMarks(t *testing.T) {
	data := withPages(newDoc("%PDF-1.4\n")).table("").bytes()
	u := mustOpen(t, data).NewUpdate()
	u.Add(NewDict(Name("A"), Raw{Mark: "a", Bytes: []byte("<00>")}, Name("B"), Array{Raw{Mark: "b", Bytes: []byte("[1 ]")}}))
	r, err := u.Render(testID)
	if err != nil {
		t.Fatal(err)
	}
	out := append(data, r.Bytes...)
	for mark, want := range map[string]string{"a": "<00>", "b": "[1 ]"} {
		s := r.Marks[mark]
		if got := string(out[s.Start:s.End]); got != want {
			t.Errorf("%s: %q at %v", mark, got, s)
		}
	}
}

func TestUpdateIsDeterministic(t *testing.T) {
	data := withPages(newDoc("%PDF-1.5\n")).xrefStream(4, "").bytes()
	a, err1 := change(t, mustOpen(t, data)).Render(testID)
	u := change(t, mustOpen(t, data))
	b, err2 := u.Render(testID)
	c, err3 := u.Render(testID)
	if err1 != nil || err2 != nil || err3 != nil || !bytes.Equal(a.Bytes, b.Bytes) || !bytes.Equal(b.Bytes, c.Bytes) {
		t.Error("not the same bytes")
	}
}

// TestUpdateAfterJunk: with bytes before the header, offsets count as the file
// counts them.
func TestUpdateAfterJunk(t *testing.T) {
	junk := []byte("junk before the header\n")
	for name, make := range map[string]func() []byte{
		"table":  func() []byte { return withPages(newDoc("%PDF-1.4\n")).table("").bytes() },
		"stream": func() []byte { return withPages(newDoc("%PDF-1.5\n")).xrefStream(4, "").bytes() },
	} {
		for _, counted := range []bool{false, true} {
			t.Run(fmt.Sprint(name, counted), func(t *testing.T) {
				data := append(bytes.Clone(junk), make()...)
				if counted { // offsets from the first byte
					g := newDoc(string(junk) + "%PDF-1.5\n")
					withPages(g)
					if name == "table" {
						data = g.table("").bytes()
					} else {
						data = g.xrefStream(4, "").bytes()
					}
				}
				f := mustOpen(t, data)
				if want := int64(len(junk)); !counted && f.OffsetBase() != want || counted && f.OffsetBase() != 0 {
					t.Fatalf("base %d", f.OffsetBase())
				}
				out, g := apply(t, data, change(t, f))
				wantChange(t, g)
				_, h := apply(t, out, change(t, g))
				wantChange(t, h)
				if !counted {
					qpdfCheck(t, out)
				}
			})
		}
	}
}

// hole is a reader of a large file: a start, zeros, an end.
type hole struct {
	start, end []byte
	size       int64
}

func (h hole) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for ; n < len(p) && off < h.size; n, off = n+1, off+1 {
		switch k := off - (h.size - int64(len(h.end))); {
		case k >= 0:
			p[n] = h.end[k]
		case off < int64(len(h.start)):
			p[n] = h.start[off]
		default:
			p[n] = '\n'
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestUpdateBehindTenDigits: a table has no room for the offset, a stream has.
func TestUpdateBehindTenDigits(t *testing.T) {
	const size = 10_000_000_000
	open := func(at func(tail *docGen, start []byte) int64) *File {
		g := withPages(newDoc("%PDF-1.5\n"))
		tail := &docGen{rows: g.rows, size: g.size, eol: "\n"}
		off := at(tail, g.bytes())
		h := hole{g.bytes(), tail.bytes(), size}
		f, err := Open(context.Background(), h, size, OpenOptions{})
		if err != nil {
			t.Fatal(err, off)
		}
		return f
	}
	table := open(func(tail *docGen, _ []byte) int64 {
		tail.rowsTable().put("trailer\n<</Size 4/Root 1 0 R>>\n")
		text := "startxref\n9999999xxx\n%%EOF\n"
		at := size - int64(len(text)) - tail.at()
		tail.put("%s", strings.Replace(text, "9999999xxx", fmt.Sprint(at), 1))
		return at
	})
	u := table.NewUpdate()
	u.Add(nil)
	if _, err := u.Render(testID); err == nil || !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("got %v", err)
	}
	stream := open(func(tail *docGen, _ []byte) int64 {
		rows := []byte{0, 0, 0, 0, 0, 0, 0, 0}
		for n := uint32(1); n <= 3; n++ {
			rows = append(rows, 1, 0, 0, 0, 0, 0, byte(tail.rows[n].off>>8), byte(tail.rows[n].off))
		}
		tail.put("4 0 obj<</Type/XRef/W[1 7 0]/Size 4/Root 1 0 R/Length 32>>stream\n%s\nendstream endobj\n", rows)
		text := "startxref\n9999999xxx\n%%EOF\n"
		at := size - int64(len(text)) - tail.at()
		tail.put("%s", strings.Replace(text, "9999999xxx", fmt.Sprint(at), 1))
		return at
	})
	r, err := change(t, stream).Render(testID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Base != size || !bytes.Contains(r.Bytes, []byte("/W [1 5 2]")) {
		t.Errorf("base %d, %q", r.Base, r.Bytes)
	}
}
