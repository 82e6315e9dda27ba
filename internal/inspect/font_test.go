package inspect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// wide is a page that shows one character in a font with these /W and /DW.
func wide(w string, more ...string) *doc {
	d := newDoc().page("", "/Resources<</Font<</F1 10 0 R>>>>", "BT /F1 12 Tf 50 780 Td <0001> Tj ET")
	d.obj(10, "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[11 0 R]>>")
	d.obj(11, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 777/W["+w+"]>>")
	for i, body := range more {
		d.obj(12+i, body)
	}
	return d.section("")
}

// TestCIDWidths: of characters with a low and a high number the last width
// counts, and /DW where there is none.
func TestCIDWidths(t *testing.T) {
	d := wide("1 [100 200] 3 5 300 4 [400] 1020 1030 500 1022 [600 601 602 603] 65535 [700] 9 0 800 70000 [900]")
	f := open(t, d.b.Bytes())
	in := newInspector(t.Context(), f, Options{}.withDefaults())
	o, err := f.Get(pdf.Ref{Num: 10})
	if err != nil {
		t.Fatal(err)
	}
	font := in.loadFont(o)
	for cid, want := range map[int]float64{
		0: 777, 1: 100, 2: 200, 3: 300, 4: 400, 5: 300, 6: 777, 9: 777, 1019: 777, 1020: 500, 1021: 500, 1022: 600, 1023: 601,
		1024: 602, 1025: 603, 1026: 500, 1030: 500, 1031: 777, 4464: 900, 65534: 777, 65535: 700,
	} {
		if got, chars, _ := font.measure([]byte{byte(cid >> 8), byte(cid)}); got != want || chars != 1 {
			t.Errorf("character %d is %v wide, want %v", cid, got, want)
		}
	}
}

// TestWidthsAreBounded: one array of widths that stands for thousands is not
// read thousands of times.
func TestWidthsAreBounded(t *testing.T) {
	list := "[" + strings.Repeat("1 ", 60_000) + "]"
	for name, d := range map[string]*doc{
		"lists":  wide(strings.Repeat("0 12 0 R ", 60_000), list),
		"ranges": wide(strings.Repeat("0 4096 500 ", 60_000)),
	} {
		r := inspect(t, d)
		if got := only(t, r, NotScanned).Detail; got != "covered content: too many widths of characters" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if r := inspect(t, wide("0 12 0 R", list)); len(r.Findings) > 0 {
		t.Errorf("one list: %s", fmt.Sprint(r.Findings))
	}
}
