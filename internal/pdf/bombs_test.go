package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"strings"
	"testing"
)

// filler is n bytes that deflate a few hundred to one, below the factor that
// is refused.
func filler(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 1024 {
		b[i] = byte(i >> 10)
	}
	return deflate(b)
}

// bomb is n zero bytes, deflated.
func bomb(n int64) []byte {
	var out bytes.Buffer
	w, _ := zlib.NewWriterLevel(&out, zlib.BestCompression)
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(zeros)) {
		w.Write(zeros[:min(n, int64(len(zeros)))])
	}
	w.Close()
	return out.Bytes()
}

// xrefBytes is a file whose cross-reference stream has the given entries and
// raw data.
func xrefBytes(entries string, raw []byte) []byte {
	g := newDoc("%PDF-1.7\n").basic()
	at := g.at()
	g.put("4 0 obj<</Type/XRef/Root 1 0 R%s/Length %d>>stream\n%s\nendstream endobj\n", entries, len(raw), raw)
	return g.finish(at).bytes()
}

func TestZ10XrefStreamBomb(t *testing.T) {
	data := xrefBytes("/W[1 4 2]/Size 10/Filter/FlateDecode", bomb(256<<20))
	bounded(t, func() {
		err := exercise(data)
		var limit *LimitError
		if !errors.As(err, &limit) || limit.Name != LimitStructuralBytes && limit.Name != LimitStructuralFactor {
			t.Errorf("got %v", err)
		}
	})
	small := xrefBytes("/W[1 4 2]/Size 10/Filter/FlateDecode", bomb(8 << 20)[:7000])
	bounded(t, func() {
		if err := exercise(small); err == nil {
			t.Error("a cut bomb opens")
		}
	})
}

func TestZ11IndexLies(t *testing.T) {
	for _, index := range []string{"0 2147483647", "0 4", "2147483647 1 0 1", "0 -1", "-1 1", "0", "0 (a)", "0 9223372036854775807", "9223372036854775807 9223372036854775807"} {
		bounded(t, func() {
			if err := exercise(xrefBytes("/W[1 4 2]/Size 10/Index["+index+"]", make([]byte, 14))); err == nil {
				t.Errorf("/Index [%s] is read", index)
			}
		})
	}
}

func TestZ12WidthsLie(t *testing.T) {
	for _, w := range []string{"2147483647 2147483647 2147483647", "0 0 0", "9 1 1", "-1 2 2", "1 2", "1 2 3 4", "(a) 1 1"} {
		bounded(t, func() {
			wantDamaged(t, exercise(xrefBytes("/W["+w+"]/Size 10", make([]byte, 14))), "/W")
		})
	}
	// Rows of nothing list object 0 at most, as PDFBox writes them.
	for index, want := range map[string]bool{"0 1": true, "0 0": true, "0 2": false, "1 1": false, "0 1 1 1": false} {
		_, err := openPDF(xrefBytes("/W[0 0 0]/Size 10/Index["+index+"]/Prev 9", nil))
		if all := err != nil && strings.Contains(err.Error(), "all zero"); all == want {
			t.Errorf("%s: %v", index, err)
		}
	}
	// One byte a row, and as many rows as the data holds.
	data := xrefBytes("/W[0 1 0]/Size 2147483647/Filter/FlateDecode", filler(60<<20))
	bounded(t, func() { wantLimit(t, exercise(data), LimitObjects) })
}

// objStmBytes is a file whose object 4 is said to be in object stream 5.
func objStmBytes(entries string, raw []byte) []byte {
	g := newDoc("%PDF-1.7\n").basic()
	g.row(5, genRow{off: g.at()})
	g.put("5 0 obj<</Type/ObjStm%s/Length %d>>stream\n%s\nendstream endobj\n", entries, len(raw), raw)
	return g.row(4, genRow{stream: 5}).xrefStream(6, "").bytes()
}

func getFour(data []byte) (Object, error) {
	f, err := openPDF(data)
	if err != nil {
		return nil, err
	}
	return f.Get(Ref{4, 0})
}

func TestZ13ObjectStreamN(t *testing.T) {
	for _, n := range []string{"1000000000", "9223372036854775807"} {
		bounded(t, func() {
			_, err := getFour(objStmBytes("/First 4/N "+n, []byte("4 0 (x)")))
			wantLimit(t, err, LimitObjects)
		})
	}
	bounded(t, func() {
		_, err := getFour(objStmBytes("/First 4/N 900000", []byte("4 0 (x)")))
		wantDamaged(t, err, "fit")
	})
}

func TestZ14ObjectStreamBomb(t *testing.T) {
	data := objStmBytes("/First 4/N 1/Filter/FlateDecode", bomb(256<<20))
	bounded(t, func() {
		_, err := getFour(data)
		var limit *LimitError
		if !errors.As(err, &limit) {
			t.Errorf("got %v", err)
		}
	})
}

// TestZ14ManyObjectStreamBombs: each stays below what one may cost.
func TestZ14ManyObjectStreamBombs(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	raw := filler(20 << 20)
	for n := uint32(10); n < 30; n += 2 {
		g.row(n, genRow{off: g.at()}).row(n+1, genRow{stream: n})
		g.put("%d 0 obj<</Type/ObjStm/N 0/First 0/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n", n, len(raw), raw)
	}
	bounded(t, func() { wantLimit(t, exercise(g.xrefStream(6, "").bytes()), LimitStructuralBytes) })
}

func TestZ15ExtendsItself(t *testing.T) {
	_, err := getFour(objStmBytes("/First 4/N 1/Extends 5 0 R", []byte("9 0 (x)")))
	wantDamaged(t, err, "loop")
}

func TestZ16FlateTwice(t *testing.T) {
	data := objStmBytes("/First 4/N 1/Filter[/FlateDecode/FlateDecode]", deflate(bomb(256<<20)))
	bounded(t, func() {
		_, err := getFour(data)
		var limit *LimitError
		if !errors.As(err, &limit) {
			t.Errorf("got %v", err)
		}
	})
}

func TestZ17ManyFilters(t *testing.T) {
	data := objStmBytes("/First 4/N 1/Filter["+strings.Repeat("/FlateDecode", 1e5)+"]", deflate([]byte("4 0 (x)")))
	bounded(t, func() {
		if o, err := getFour(data); err == nil {
			t.Errorf("got %v", o)
		}
	})
}

func TestZ18PredictorColumns(t *testing.T) {
	for _, columns := range []string{"2147483648", "9223372036854775807", "-1", "0"} {
		parms := "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns " + columns + ">>"
		data := xrefBytes("/W[1 4 2]/Size 10"+parms, deflate(make([]byte, 100)))
		bounded(t, func() {
			if err := exercise(data); err == nil {
				t.Errorf("/Columns %s is read", columns)
			}
		})
	}
}

// A filter that no reader of the structure knows is damage, and no failure of
// this machine (found by a sweep over broken files).
func TestStructuralStreamWithUnknownFilter(t *testing.T) {
	for name, err := range map[string]error{
		"table":   exercise(xrefBytes("/W[1 4 2]/Size 10/Filter/FlsteDecode", deflate([]byte("x")))),
		"picture": exercise(xrefBytes("/W[1 4 2]/Size 10/Filter/DCTDecode", deflate([]byte("x")))),
		"objects": func() error {
			_, err := getFour(objStmBytes("/First 4/N 1/Filter/FlsteDecode", []byte("4 0 (x)")))
			return err
		}(),
	} {
		if !Damaged(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
