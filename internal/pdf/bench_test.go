package pdf

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// manyObjects is a file of n small objects, with one table.
func manyObjects(n int) []byte {
	g := newDoc("%PDF-1.7\n").basic()
	for i := range n {
		g.obj(uint32(4+i), "<</A 1/B(text)>>")
	}
	return g.table("").bytes()
}

func BenchmarkOpen200kTable(b *testing.B) {
	data := manyObjects(200_000)
	b.ReportAllocs()
	for b.Loop() {
		f := mustOpen(b, data)
		if _, err := f.Page(0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen200kObjectStreams(b *testing.B) {
	g := newDoc("%PDF-1.7\n").basic()
	num := uint32(4)
	for range 2000 {
		var nums []uint32
		var bodies []string
		for k := range uint32(100) {
			nums = append(nums, num+1+k)
			bodies = append(bodies, "<</A 1/B(text)>>")
		}
		g.objStream(num, "", nums, bodies...)
		num += 101
	}
	data := g.xrefStream(num, "").bytes()
	b.ReportAllocs()
	for b.Loop() {
		f := mustOpen(b, data)
		if _, err := f.Page(0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWalk200kObjects(b *testing.B) {
	data := manyObjects(200_000)
	b.ReportAllocs()
	for b.Loop() {
		f := mustOpen(b, data)
		for i := range uint32(200_000) {
			if o, err := f.Get(Ref{Num: i + 1}); err != nil || o == nil {
				b.Fatal(err)
			}
		}
	}
}

// manyRevisions is a file of n updates that each replace and add an object.
func manyRevisions(n int) []byte {
	g := newDoc("%PDF-1.7\n").basic().table("")
	for i := range n {
		g.obj(uint32(4+i), "<</Update true>>").obj(3, fmt.Sprintf("<</Type/Page/Parent 2 0 R/I %d>>", i)).table("")
	}
	return g.bytes()
}

func BenchmarkRevisions10k(b *testing.B) {
	data := manyRevisions(10_000)
	for b.Loop() {
		f := mustOpen(b, data)
		revs, err := f.Revisions()
		if err != nil {
			b.Fatal(err)
		}
		for i := range revs {
			v, err := f.Truncated(context.Background(), revs[i].End)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := v.Page(0); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// manyPages has n pages, each kid of one node.
func manyPages(n int) []byte {
	g := newDoc("%PDF-1.7\n")
	g.obj(1, "<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 3+i)
	}
	g.obj(2, fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n))
	for i := range n {
		g.obj(uint32(3+i), "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
	}
	return g.table("").bytes()
}

func BenchmarkPageOfMillion(b *testing.B) {
	data := manyPages(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		f := mustOpen(b, data)
		for _, i := range []int{0, 500_000, 999_999} {
			if p, err := f.Page(i); err != nil || p.Ref.Num != uint32(3+i) {
				b.Fatal(p, err)
			}
		}
	}
}

func BenchmarkAllOfMillionPages(b *testing.B) {
	data := manyPages(1_000_000)
	for b.Loop() {
		n := 0
		for _, err := range mustOpen(b, data).Pages() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 1_000_000 {
			b.Fatal(n)
		}
	}
}
