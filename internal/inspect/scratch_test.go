package inspect

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// TestLooksBesideEachOther: looks that run at once, and one after the other in
// the room of the last, find what each finds alone.
func TestLooksBesideEachOther(t *testing.T) {
	var files [][]byte
	var want []string
	for _, d := range []*doc{
		plain("", "", "1 g 0 0 595 842 re f"),
		plain("", "", "q 1 g 0 0 595 842 re f"),
		plain("", "", strings.Repeat("0 0 1 1 re ", 1500)+"f"),
		newDoc().page("", resources, "1 g 0 0 595 842 re f"),
		newDoc().page("", "", text()),
		plain("", "/Annots[<</Subtype/Square/Rect[0 0 595 842]/AP<</N 10 0 R>>>>]", "").
			stream(10, "/Subtype/Form/BBox[0 0 1 1]/Resources<<>>", "q (abc) <61> 1 g 0 0 1 1 re f"),
	} {
		b := d.section("").b.Bytes()
		files = append(files, b)
		want = append(want, fmt.Sprint(inspectWith(t, b, Options{}).Findings))
	}
	if !strings.Contains(want[0], "COVERED_CONTENT") || !strings.Contains(want[5], "COVERED_CONTENT") || want[4] != "[]" {
		t.Fatal(want)
	}
	var group sync.WaitGroup
	for k := range 4 {
		group.Go(func() {
			for i := range 10 * len(files) {
				n := (i*(k+1) + k) % len(files)
				r, err := Look(context.Background(), bytes.NewReader(files[n]), int64(len(files[n])), nil, Options{})
				if err != nil || fmt.Sprint(r.Findings) != want[n] {
					t.Errorf("file %d: %v, %v, want %s", n, r, err, want[n])
				}
			}
		})
	}
	group.Wait()
}

// TestScratchIsEmptied: what is kept for the next look holds nothing of this
// document, and not the room of a large one.
func TestScratchIsEmptied(t *testing.T) {
	d := plain("", "", "q "+strings.Repeat("(a) ", 3000)+"Tj "+strings.Repeat("q ", 50)+strings.Repeat("0 0 1 1 re ", 900)+"f "+strings.Repeat("0 0 Td (b\\)) Tj ", 2000)).section("")
	in := newInspector(t.Context(), open(t, d.b.Bytes()), Options{}.withDefaults())
	in.scratch = &scratch{}
	if err := in.loadPages(); err != nil {
		t.Fatal(err)
	}
	if err := in.covered(); err != nil {
		t.Fatal(err)
	}
	s := in.scratch
	if len(s.machines) != 1 || cap(s.canvas.runs) < 2000 || cap(s.machines[0].args) < 3000 {
		t.Fatalf("%d machines, %d runs", len(s.machines), cap(s.canvas.runs))
	}
	in.release()
	m := *s.machines[0]
	for _, a := range m.args[:cap(m.args)] {
		if !reflect.DeepEqual(a, token{}) {
			t.Errorf("kept operand %q", a.b)
		}
	}
	for _, saved := range m.saved[:cap(m.saved)] {
		if saved != (state{}) {
			t.Errorf("kept state %v", saved)
		}
	}
	if m.c != nil || m.in != nil || m.res != nil || m.lex.b != nil || m.state.font != nil || s.canvas.in != nil || s.canvas.covers != nil {
		t.Error("kept a part of the document")
	}
	if cap(s.canvas.runs) > 1000 || cap(m.args) > 1000 {
		t.Errorf("kept room for %d runs and %d operands", cap(s.canvas.runs), cap(m.args))
	}
}
