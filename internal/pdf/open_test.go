package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// hybrid writes a hybrid file: object 4 is hidden in an object stream, as free
// in the table and in the stream of /XRefStm.
func hybrid() []byte {
	g := newDoc("%PDF-1.5\n").basic()
	g.objStream(5, "", []uint32{4}, "(hidden)")
	own := map[uint32]genRow{}
	for n, r := range g.rows {
		own[n] = r
	}
	clear(g.rows)
	g.rows[4], g.rows[5] = own[4], own[5]
	at := g.streamSection(6, "")
	clear(g.rows)
	for n := range uint32(3) {
		g.rows[n+1] = own[n+1]
	}
	g.row(4, genRow{free: true}).row(5, own[5]).row(6, genRow{off: at})
	return g.table(fmt.Sprintf("/XRefStm %d", at)).bytes()
}

// linearised writes the layout of annex F: the section of the first page at
// the head, the main section at the end.
func linearised() []byte {
	g := newDoc("%PDF-1.4\n")
	g.obj(5, "<</Linearized 1/L 0000/N 1>>")
	head := g.at()
	const room = 400
	g.put("%s", strings.Repeat(" ", room))
	g.obj(1, "<</Type/Catalog/Pages 2 0 R>>")
	g.obj(3, "<</Type/Page/Parent 2 0 R>>")
	first := map[uint32]genRow{1: g.rows[1], 3: g.rows[3], 5: g.rows[5]}
	clear(g.rows)
	g.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>").obj(4, "(other)")
	main := g.at()
	g.rowsTable()
	g.put("trailer\n<</Size 6>>\nstartxref\n%d\n%%%%EOF\n", head)
	f := newDoc("")
	f.rows, f.size, f.prev = first, 6, main
	f.rowsTable()
	f.put("trailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n0\n%%%%EOF\n", main)
	out := g.bytes()
	copy(out[head:], f.bytes())
	return out
}

func TestOpen(t *testing.T) {
	plain := func() *docGen { return newDoc("%PDF-1.4\n").basic().obj(4, "(four)") }
	swap := func(b []byte, old, new string) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	for _, c := range []struct {
		name string
		data func() []byte
	}{
		{"table", func() []byte { return plain().table("").bytes() }},
		{"version 1.0", func() []byte { return newDoc("%PDF-1.0\n").basic().obj(4, "(four)").table("").bytes() }},
		{"version 2.0", func() []byte { return newDoc("%PDF-2.0\n").basic().obj(4, "(four)").xrefStream(5, "").bytes() }},
		{"xref stream", func() []byte { return plain().xrefStream(5, "").bytes() }},
		{"object stream", func() []byte {
			return newDoc("%PDF-1.5\n").basic().objStream(6, "", []uint32{7, 4}, "null", "(four)").xrefStream(5, "").bytes()
		}},
		{"table after stream", func() []byte { return plain().xrefStream(5, "").obj(6, "6").table("").bytes() }},
		{"stream after table", func() []byte { return plain().table("").obj(6, "6").xrefStream(5, "").bytes() }},
		{"line ends of CR", func() []byte {
			g := newDoc("%PDF-1.4\r")
			g.eol = "\r"
			return g.basic().obj(4, "(four)").table("").bytes()
		}},
		{"line ends of CR LF", func() []byte {
			g := newDoc("%PDF-1.4\r\n")
			g.eol = "\r\n"
			return g.basic().obj(4, "(four)").table("").bytes()
		}},
		{"rows of 19 bytes", func() []byte {
			return bytes.ReplaceAll(plain().table("").bytes(), []byte(" n \n"), []byte(" n\n"))
		}},
		{"rows of 21 bytes", func() []byte {
			return bytes.ReplaceAll(plain().table("").bytes(), []byte(" n \n"), []byte(" n \r\n"))
		}},
		{"last row of 19 bytes", func() []byte { return swap(plain().table("").bytes(), " n \ntrailer", " n\ntrailer") }},
		{"numbered from 1", func() []byte { return swap(plain().table("").bytes(), "xref\n0 5", "xref\n1 5") }},
		{"numbered from 1, rows of 19 bytes", func() []byte {
			b := bytes.ReplaceAll(plain().table("").bytes(), []byte(" n \n"), []byte(" n\n"))
			return swap(b, "xref\n0 5", "xref\n1 5")
		}},
		{"count too large", func() []byte { return swap(plain().table("").bytes(), "xref\n0 5", "xref\n0 9") }},
		{"count too small", func() []byte { return swap(plain().table("").bytes(), "xref\n0 5", "xref\n0 3") }},
		{"count of billions", func() []byte { return swap(plain().table("").bytes(), "xref\n0 5", "xref\n0 99999999999") }},
		{"space after the count", func() []byte { return swap(plain().table("").bytes(), "xref\n0 5\n", "xref \n0 5 \r\n") }},
		{"comment before the trailer", func() []byte { return swap(plain().table("").bytes(), "trailer", "% x\ntrailer") }},
		{"startxref a few bytes early", func() []byte {
			g := plain()
			at := g.at()
			g.rowsTable()
			return g.trailer(at-7, "").bytes()
		}},
		{"startxref a few bytes late", func() []byte {
			g := plain()
			at := g.at()
			g.rowsTable()
			return g.trailer(at+3, "").bytes()
		}},
		{"startxref within the number of a stream", func() []byte {
			g := plain()
			at := g.streamSection(15, "")
			return g.finish(at + 1).bytes()
		}},
		{"white space before xref", func() []byte {
			g := plain()
			at := g.at()
			g.put("\n\n   \n").rowsTable()
			return g.trailer(at, "").bytes()
		}},
		{"white space before an object", func() []byte {
			g := newDoc("%PDF-1.4\n").basic()
			g.row(4, genRow{off: g.at()}).put(" \r\n\n4 0 obj (four) endobj\n")
			return g.table("").bytes()
		}},
		{"junk before the header, offsets from the header", func() []byte {
			return append([]byte("HTTP/1.1 200 OK\r\n\r\n"), plain().table("").bytes()...)
		}},
		{"junk before the header, offsets from byte 0", func() []byte {
			return newDoc("junk junk junk junk junk junk junk junk\n%PDF-1.4\n").basic().obj(4, "(four)").table("").bytes()
		}},
		{"junk before the header, stream", func() []byte {
			return append([]byte("junk "), plain().xrefStream(5, "").bytes()...)
		}},
		{"a megabyte less something behind", func() []byte {
			return append(plain().table("").bytes(), make([]byte, tailWindow-1000)...)
		}},
		{"no %%EOF", func() []byte { return swap(plain().table("").bytes(), "%%EOF\n", "") }},
		{"no endobj", func() []byte { return swap(plain().table("").bytes(), "(four)\nendobj\n", "(four)\n") }},
		{"no endobj at all", func() []byte {
			return bytes.ReplaceAll(plain().table("").bytes(), []byte("endobj\n"), []byte("%     \n"))
		}},
		{"/Size too small", func() []byte { return swap(plain().table("").bytes(), "/Size 5", "/Size 1") }},
		{"/Size too large in a stream without /Index", func() []byte {
			b := plain().xrefStream(5, "").bytes()
			b = swap(b, "/Index[0 6 ]", "            ")
			b = swap(b, "/Index[1 5 ]", "/Index[1 5 ]")
			return swap(b, "/Size 6", "/Size 9")
		}},
		{"/Prev 0", func() []byte { return plain().table("/Prev 0").bytes() }},
		{"two updates", func() []byte {
			return newDoc("%PDF-1.4\n").basic().obj(4, "(one)").table("").obj(4, "(two)").table("").obj(4, "(four)").table("").bytes()
		}},
		{"subsections out of order", func() []byte {
			g := plain()
			at := g.at()
			g.put("xref\n3 2\n%010d 00000 n \n%010d 00000 n \n0 3\n", g.rows[3].off, g.rows[4].off)
			g.put("0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n", g.rows[1].off, g.rows[2].off)
			return g.trailer(at, "").bytes()
		}},
		{"empty subsection", func() []byte { return swap(plain().table("").bytes(), "xref\n", "xref\n7 0\n") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustOpen(t, c.data())
			if o, err := f.Get(Ref{4, 0}); err != nil || o != (String{Value: "four"}) {
				t.Errorf("object 4 is %v, %v", o, err)
			}
			if p, err := f.Page(0); err != nil || p.Ref != (Ref{3, 0}) {
				t.Errorf("page 0 is %v, %v", p, err)
			}
		})
	}
}

func TestOpenLayouts(t *testing.T) {
	t.Run("hybrid", func(t *testing.T) {
		f := mustOpen(t, hybrid())
		if o, err := f.Get(Ref{4, 0}); err != nil || o != (String{Value: "hidden"}) {
			t.Errorf("the hidden object is %v, %v", o, err)
		}
		revs, err := f.Revisions()
		if err != nil || len(revs) != 1 || revs[0].IsStream {
			t.Fatalf("revisions %+v, %v", revs, err)
		}
		if got := fmt.Sprint(rowsOf(t, revs[0]).Defined, rowsOf(t, revs[0]).Freed); got != "[{1 0} {2 0} {3 0} {5 0} {6 0} {4 0}] []" {
			t.Errorf("defined and freed: %s", got)
		}
	})
	t.Run("hybrid: the table's object counts", func(t *testing.T) {
		// B12 turned round: both parts say that object 3 is in use.
		b := hybrid()
		f := mustOpen(t, b)
		if e, _, ok, err := f.hist.lookup(f.sh, f.top, 5); err != nil || !ok || e.kind != kindInFile {
			t.Errorf("object 5: %+v %v %v", e, ok, err)
		}
	})
	t.Run("linearised", func(t *testing.T) {
		f := mustOpen(t, linearised())
		if o, err := f.Get(Ref{4, 0}); err != nil || o != (String{Value: "other"}) {
			t.Errorf("object 4 is %v, %v", o, err)
		}
		if n, err := f.NumPages(); err != nil || n != 1 {
			t.Errorf("%d pages, %v", n, err)
		}
	})
}

func TestOpenErrors(t *testing.T) {
	g := func() *docGen { return newDoc("%PDF-1.4\n").basic() }
	swap := func(b []byte, old, new string) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"empty", "header", nil},
		{"no header", "header", []byte("hello")},
		{"header too far", "header", append(make([]byte, 2000), g().table("").bytes()...)},
		{"no startxref", "no startxref", []byte("%PDF-1.4\n1 0 obj 1 endobj")},
		{"startxref without number", "gives no offset", []byte("%PDF-1.4\nstartxref\n%%EOF")},
		{"startxref too far from the end", "no startxref", append(g().table("").bytes(), make([]byte, tailWindow+10)...)},
		{"startxref to nothing", "no cross-reference section", append([]byte("%PDF-1.4\n"+strings.Repeat(" ", 2000)), newDoc("").finish(7).bytes()...)},
		{"startxref near an object", "neither", g().finish(7).bytes()},
		{"startxref out of the file", "no cross-reference section", g().finish(1 << 40).bytes()},
		{"startxref to an object", "neither", g().finish(9).bytes()},
		{"no trailer", "malformed", swap(g().table("").bytes(), "trailer", "trail")},
		{"trailer is an array", "no dictionary", swap(g().table("").bytes(), "<</Size 4/Root 1 0 R>>", "[1]                   ")},
		{"trailer without end", "", swap(g().table("").bytes(), "Root 1 0 R>>", "Root 1 0 R")},
		{"row", "malformed", swap(g().table("").bytes(), "00000 n \ntrailer", "00000 x \ntrailer")},
		{"/Prev out of the file", "/Prev", g().table("/Prev 999999").bytes()},
		{"/Prev negative", "/Prev", g().table("/Prev -1").bytes()},
		{"/Prev a reference", "/Prev", g().table("/Prev 1 0 R").bytes()},
		{"/Prev to an object", "neither", g().table("/Prev 100").bytes()},
		{"/XRefStm to an object", "neither", g().table("/XRefStm 100").bytes()},
		{"/XRefStm to a table", "no object", g().table("").table("/XRefStm 188").bytes()},
		{"object listed twice", "twice", func() []byte {
			d := g()
			at := d.at()
			d.put("xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n1 1\n0000000060 00000 n \n")
			return d.trailer(at, "").bytes()
		}()},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openPDF(c.data)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || !Damaged(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a SyntaxError with %q", err, c.want)
			}
		})
	}
	t.Run("object listed twice at the same bytes", func(t *testing.T) {
		for other, want := range map[string]string{"(b)": "", "(c)": "twice"} {
			d := g()
			one := d.at()
			d.put("9 0 obj\n(b)\nendobj\n")
			two := d.at()
			d.put("9 0 obj\n%s\nendobj\n", other)
			at := d.at()
			d.put("xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n9 1\n%010d 00000 n \n9 1\n%010d 00000 n \n", one, two)
			f, err := openPDF(d.trailer(at, "").bytes())
			if want != "" {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v", other, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if o, err := f.Get(Ref{Num: 9}); err != nil || Text(o.(String)) != "b" {
				t.Errorf("%v, %v", o, err)
			}
		}
	})
	t.Run("reader fails", func(t *testing.T) {
		b := g().table("").bytes()
		_, err := Open(context.Background(), bytes.NewReader(b[:50]), int64(len(b)), OpenOptions{})
		if !errors.Is(err, io.ErrUnexpectedEOF) || Damaged(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("canceled", func(t *testing.T) {
		b := g().table("").bytes()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := Open(ctx, bytes.NewReader(b), int64(len(b)), OpenOptions{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestVersion(t *testing.T) {
	for _, c := range []struct {
		name, header, catalog string
		want                  string
	}{
		{"header", "%PDF-1.4\n", "", "1.4"},
		{"catalog is higher", "%PDF-1.4\n", "/Version/1.7", "1.7"},
		{"catalog is lower", "%PDF-1.7\n", "/Version/1.4", "1.7"},
		{"catalog makes no sense", "%PDF-1.7\n", "/Version 2", "1.7"},
		{"header makes no sense", "%PDF-x\n", "", "1.0"},
		{"2.0", "%PDF-2.0\n", "/Version/1.7", "2.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newDoc(c.header).basic().obj(1, "<</Type/Catalog/Pages 2 0 R"+c.catalog+">>").table("")
			major, minor := g.open(t).Version()
			if got := fmt.Sprintf("%d.%d", major, minor); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// countingReader notes how much is read.
type countingReader struct {
	r io.ReaderAt
	n int64
}

func (c *countingReader) ReadAt(p []byte, at int64) (int, error) {
	c.n += int64(len(p))
	return c.r.ReadAt(p, at)
}

// TestOpenReadsLittle is the promise of the package: of a large file only the
// blocks that are needed are read.
func TestOpenReadsLittle(t *testing.T) {
	data := manyObjects(100_000)
	r := &countingReader{r: bytes.NewReader(data)}
	f, err := Open(context.Background(), r, int64(len(data)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Page(0); err != nil {
		t.Fatal(err)
	}
	if r.n > 8*blockSize {
		t.Errorf("%d of %d bytes were read", r.n, len(data))
	}
}
