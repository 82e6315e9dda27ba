package changes

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
	"time"
)

// packed is a stream of n spaces in few bytes, with some text after them.
func packedSpaces(dict string, n int, text string) string {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(bytes.Repeat([]byte(" "), n))
	_, _ = w.Write([]byte(text))
	w.Close()
	return stream(dict+"/Filter/FlateDecode", z.String())
}

// Documents that cost little and are to cost the reader much.
func TestHostile(t *testing.T) {
	const large = 7 << 20
	bomb := packedSpaces("/Type/XObject/Subtype/Form/BBox[0 0 200 20]", large, "BT /F1 12 Tf (x) Tj ET")
	for _, c := range []struct {
		name string
		doc  func() *doc
		not  Level
	}{
		{"fields that share a large appearance", func() *doc {
			const n = 2_000
			with, update, kids := objects{}, objects{60_000: bomb}, ""
			for i := range uint32(n) {
				f := strings.Replace(amount("100", "8"), "(amount)", fmt.Sprintf("(f%d)", i), 1)
				with[100+i], update[100+i] = f, strings.Replace(f, "8 0 R", "60000 0 R", 1)
				kids += fmt.Sprintf(" %d 0 R", 100+i)
			}
			with[nForm] = formTop + fields + kids + "]>>"
			return base(with).update(update)
		}, None},
		{"form that is drawn again and again", func() *doc {
			u := annot("Underline", "100 698 160 712", "", stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 62 0 R>>>>", strings.Repeat("/X Do ", 50_000)))
			u[62] = bomb
			return plain(u)()
		}, Permitted},
		{"page that draws a form again and again", func() *doc {
			u := freeText("300 300 340 320", "1 g 0 0 210 30 re f")
			with := objects{nContent1: stream("", strings.Repeat("/Im0 Do ", 50_000)), nImage: bomb}
			return base(with).update(u)
		}, Permitted},
		{"metadata that take turns", func() *doc {
			d := start()
			var at [2]int64
			for i := range at {
				at[i] = d.at()
				d.raw("13 0 obj\n%s\nendobj\n", packedSpaces("/Type/Metadata", large, fmt.Sprint(i)))
			}
			delete(d.objects, nXMP)
			d.put(d.objects).row(nXMP, docRow{off: at[0]})
			d.table().sign()
			for i := range 2_000 {
				d.row(nXMP, docRow{off: at[(i+1)%2]})
				d.table()
			}
			return d
		}, None},
		{"object streams that take turns", func() *doc {
			d := start()
			var at [2]int64
			for i := range at {
				at[i] = d.at()
				d.raw("70 0 obj\n%s\nendobj\n", packedSpaces("/Type/ObjStm/N 1/First 5", large, fmt.Sprint(i)))
			}
			d.put(d.objects).row(70, docRow{off: at[0]})
			d.table().sign()
			for i := range 2_000 {
				d.row(70, docRow{off: at[(i+1)%2]})
				d.table()
			}
			return d
		}, None},
		{"annotations on a busy page", func() *doc {
			const n = 20_000
			u, kids := objects{60: form(9, 9, "f")}, ""
			for i := range uint32(n) {
				u[100+i] = "<</Type/Annot/Subtype/Square/Rect[300 300 340 320]/P 3 0 R/AP<</N 60 0 R>>>>"
				kids += fmt.Sprintf(" %d 0 R", 100+i)
			}
			u[nPage1] = page("4", annots1+kids, "/StructParents 0")
			return base(objects{nContent1: stream("", strings.Repeat("10 10 9 9 re f ", n))}).update(u)
		}, None},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.doc()
			start := time.Now()
			res := d.compare(t, Options{})
			took := time.Since(start)
			t.Logf("%v, %v, %d bytes", res.Level, took, d.at())
			if res.Level == c.not || took > time.Minute {
				t.Errorf("%v after %v\n%.2000s", res.Level, took, show(res))
			}
		})
	}
}
