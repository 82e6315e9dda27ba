package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// docGen writes PDF files for tests: objects, then a section that lists those
// written since the last one.
type docGen struct {
	b    bytes.Buffer
	rows map[uint32]genRow
	prev int64 // of the last section, 0: none
	size uint32
	eol  string
}

// genRow is a row of the next section: in the file, or in an object stream.
type genRow struct {
	off    int64
	gen    uint32
	free   bool
	stream uint32 // object stream, then gen is the index
}

func newDoc(header string) *docGen {
	g := &docGen{rows: make(map[uint32]genRow), eol: "\n"}
	g.b.WriteString(header)
	return g
}

func (g *docGen) at() int64 { return int64(g.b.Len()) }

func (g *docGen) put(format string, a ...any) *docGen {
	fmt.Fprintf(&g.b, format, a...)
	return g
}

func (g *docGen) row(num uint32, r genRow) *docGen {
	g.rows[num] = r
	g.size = max(g.size, num+1)
	return g
}

func (g *docGen) obj(num uint32, body string) *docGen {
	g.row(num, genRow{off: g.at()})
	return g.put("%d 0 obj%s%s%sendobj%s", num, g.eol, body, g.eol, g.eol)
}

func (g *docGen) stream(num uint32, dict, data string) *docGen {
	return g.obj(num, fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data))
}

// basic writes a catalog, a page tree and a page as objects 1 to 3.
func (g *docGen) basic() *docGen {
	g.obj(1, "<</Type/Catalog/Pages 2 0 R>>")
	g.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	return g.obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
}

// runs groups the numbers of the rows into runs.
func (g *docGen) runs() (runs [][]uint32) {
	for _, n := range slices.Sorted(maps.Keys(g.rows)) {
		if k := len(runs); k > 0 && runs[k-1][len(runs[k-1])-1] == n-1 {
			runs[k-1] = append(runs[k-1], n)
			continue
		}
		runs = append(runs, []uint32{n})
	}
	return runs
}

// rowsTable writes "xref" and the rows, not the trailer.
func (g *docGen) rowsTable() *docGen {
	if g.prev == 0 {
		g.row(0, genRow{gen: 65535, free: true})
	}
	g.put("xref%s", g.eol)
	for _, run := range g.runs() {
		g.put("%d %d%s", run[0], len(run), g.eol)
		for _, n := range run {
			r, letter := g.rows[n], 'n'
			if r.free {
				letter = 'f'
			}
			g.put("%010d %05d %c%2s", r.off, r.gen, letter, map[string]string{"\n": " \n", "\r": " \r", "\r\n": "\r\n"}[g.eol])
		}
	}
	return g
}

// table ends a revision with a table; extra goes into the trailer.
func (g *docGen) table(extra string) *docGen {
	at := g.at()
	g.rowsTable()
	return g.trailer(at, extra)
}

func (g *docGen) trailer(at int64, extra string) *docGen {
	g.put("trailer%s<</Size %d/Root 1 0 R%s%s>>%s", g.eol, g.size, g.prevEntry(), extra, g.eol)
	return g.finish(at)
}

func (g *docGen) prevEntry() string {
	if g.prev == 0 {
		return ""
	}
	return fmt.Sprintf("/Prev %d", g.prev)
}

// finish writes startxref for the section at an offset.
func (g *docGen) finish(at int64) *docGen {
	g.put("startxref%s%d%s%%%%EOF%s", g.eol, at, g.eol, g.eol)
	g.prev = at
	clear(g.rows)
	return g
}

// xrefStream ends a revision with a compressed cross-reference stream.
func (g *docGen) xrefStream(num uint32, extra string) *docGen {
	at := g.streamSection(num, g.prevEntry()+extra)
	return g.finish(at)
}

// streamSection writes a cross-reference stream alone.
func (g *docGen) streamSection(num uint32, extra string) int64 {
	at := g.at()
	g.row(num, genRow{off: at})
	var index, data bytes.Buffer
	for _, run := range g.runs() {
		fmt.Fprintf(&index, "%d %d ", run[0], len(run))
		for _, n := range run {
			r := g.rows[n]
			switch {
			case r.free:
				data.Write([]byte{0, 0, 0, 0, 0, 0, byte(r.gen)})
			case r.stream != 0:
				data.Write([]byte{2, 0, byte(r.stream >> 16), byte(r.stream >> 8), byte(r.stream), byte(r.gen >> 8), byte(r.gen)})
			default:
				data.Write([]byte{1, byte(r.off >> 24), byte(r.off >> 16), byte(r.off >> 8), byte(r.off), 0, byte(r.gen)})
			}
		}
	}
	z := deflate(data.Bytes())
	g.put("%d 0 obj\n<</Type/XRef/W[1 4 2]/Index[%s]/Size %d/Root 1 0 R/Filter/FlateDecode/Length %d%s>>stream\n", num, index.String(), g.size, len(z), extra)
	g.b.Write(z)
	g.put("\nendstream\nendobj\n")
	return at
}

// objStream writes an object stream; bodies alternate number and body.
func (g *docGen) objStream(num uint32, extra string, nums []uint32, bodies ...string) *docGen {
	var index, data bytes.Buffer
	for i, n := range nums {
		fmt.Fprintf(&index, "%d %d ", n, data.Len())
		data.WriteString(bodies[i] + " ")
		g.row(n, genRow{stream: num, gen: uint32(i)})
	}
	dict := fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode%s", len(nums), index.Len(), extra)
	return g.stream(num, dict, string(deflate(append(index.Bytes(), data.Bytes()...))))
}

func (g *docGen) bytes() []byte { return bytes.Clone(g.b.Bytes()) }

func (g *docGen) open(t testing.TB) *File {
	t.Helper()
	return mustOpen(t, g.bytes())
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func openPDF(b []byte) (*File, error) {
	return Open(context.Background(), bytes.NewReader(b), int64(len(b)), OpenOptions{})
}

func mustOpen(t testing.TB, b []byte) *File {
	t.Helper()
	f, err := openPDF(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rowsOf(t testing.TB, r Revision) *Rows {
	t.Helper()
	rows, err := r.Rows()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
