package changes

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// choices are the bytes of the fuzzer as choices; when they end, all are 0.
type choices []byte

func (c *choices) of(n int) int {
	if len(*c) == 0 {
		return 0
	}
	b := int((*c)[0])
	*c = (*c)[1:]
	return b % n
}

func pick[T any](c *choices, list []T) T { return list[c.of(len(list))] }

// bodies are what an object may become, besides the body of another object.
var bodies = []string{
	"null", "<<>>", "[]", "(x)", "7",
	stream("", evilText),
	stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "z"),
	"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>",
	"<</Type/DSS/Certs[61 0 R 4 0 R]/VRI<</A<</Cert[61 0 R]>>>>>>",
	"<</Type/DSS/Certs 4 0 R>>",
	stream("", "certificate"),
	coverAnnot("/P 3 0 R"), coverAnnot("/F 2/P 14 0 R"),
	"<</Type/Annot/Subtype/Text/Rect[10 10 20 20]/P 3 0 R/Contents(x)>>",
	"<</Type/Page/Annots 4 0 R/Parent 2 0 R/MediaBox[0 0 9 9]>>",
	"<</Type/Pages/Kids[14 0 R]/Count 1>>",
	sigField("B", " 61 0 R", "400 100 500 150", "/AP<</N 62 0 R>>"),
	sigField("C", "", "400 100 500 150", "/AP<</N 4 0 R>>"),
	newValue(), timestampValue(), sigValue("/Reason(x)"),
	form(100, 50, "BT /F1 8 Tf (B) Tj ET"), textAP("7"), textAP("999999"),
	formTop + fields + " 60 0 R]>>", formTop + "60 0 R]>>",
	page("4", annots1+" 60 0 R", "/StructParents 0"), page("15", annots1, ""),
	"[4 0 R 15 0 R]", "[60 0 R]", "[" + annots1 + " 60 0 R]",
	catalogTop + "/DSS 60 0 R>>", catalogTop + "/Extensions 60 0 R>>", catalogTop + "/Perms<</DocMDP 61 0 R>>>>",
	stream("/Type/Metadata/Subtype/XML", xmp+" "),
}

// swaps are small changes of a body.
var swaps = [][2]string{
	{"4 0 R", "15 0 R"}, {"15 0 R", "60 0 R"}, {"5 0 R", "60 0 R"}, {"16 0 R", "61 0 R"}, {"8 0 R", "62 0 R"}, {"3 0 R", "14 0 R"},
	{"/V", "/DV"}, {"(100)", "(7)"}, {"[100 600", "[100 700"}, {"/P 3", "/F 2/P 3"}, {"/Off", "/Yes"}, {"/Contents", "/Contents 15 0 R/Contents"},
	{"]>>", " 60 0 R]>>"}, {"600 800", "600 400"}, {">>", "/AA<</O<</S/JavaScript/JS(a)>>>>>>"}, {"/Type", "/Rotate 90/Type"}, {"/Sig", "/Tx"},
	{"/Length ", "/Length 60 0 R/L "}, {"Pay 100", "Pay 900"}, {"/Type/Page/", "/Type/Pages/"},
}

// bases are signed documents in which objects stand in more than one place.
var bases = []objects{
	nil,
	{nPage1: strings.Replace(baseObjects()[nPage1], "["+annots1+"]", " 50 0 R", 1), 50: "[" + annots1 + "]", nPage2: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots 50 0 R>>"},
	{nCatalog: catalogTop + "/DSS 50 0 R>>", 50: "<</Certs[4 0 R 15 0 R]>>"},
	{nPage1: page("50", annots1+" 60 0 R", "/StructParents 0"), 50: "[4 0 R 61 0 R]"},
	{nAmount: strings.Replace(amount("100", "8"), "/V(100)", "/V 4 0 R", 1), nPage2: page("8", "", "")},
	{nCatalog: catalogTop + "/Extensions 50 0 R/Dests 50 0 R>>", 50: "<</F1 5 0 R>>", nPage1: strings.Replace(baseObjects()[nPage1], "/Font<</F1 5 0 R>>", "/Font 50 0 R", 1)},
	{nXMP: stream("/Type/Metadata/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"), nPage1: strings.Replace(baseObjects()[nPage1], "16 0 R", "13 0 R", 1)},
	{nPage1: strings.Replace(baseObjects()[nPage1], "/Resources<<", "/Resources<</ExtGState 50 0 R", 1), 50: "<</Type/Page/Annots 51 0 R>>", 51: "<</Subtype/Popup/Rect[0 0 1 1]/ca 1>>"},
	{nContent1: "<</Length 50 0 R>>stream\nBT (Pay 100) Tj ET\nendstream", 50: "18"},
}

// increments appends revisions as the choices say.
func increments(c *choices) *doc {
	d := base(pick(c, bases))
	prevs := []int64{d.prev}
	for range 1 + c.of(3) {
		update := objects{}
		for range c.of(5) {
			n := uint32(1 + c.of(nOrphan+12))
			if n > nOrphan {
				n += base0 - nOrphan - 1 - 5*uint32(c.of(2)) // new numbers, or those of bases
			}
			update[n] = d.body(c, n)
			d.objects[n] = update[n]
		}
		if c.of(8) == 7 {
			d.free(uint32(1+c.of(nOrphan)), uint16to32(c.of(3)))
		}
		if c.of(8) == 7 {
			d.prev = pick(c, prevs)
		}
		d.revision(c, update)
		prevs = append(prevs, d.prev)
	}
	return d
}

func uint16to32(n int) uint32 { return uint32(n) }

func (d *doc) body(c *choices, n uint32) string {
	switch body := d.objects[n]; c.of(4) {
	case 0:
		return pick(c, bodies)
	case 1:
		return d.objects[uint32(1+c.of(nOrphan))]
	default:
		for range 1 + c.of(2) {
			s := pick(c, swaps)
			body = strings.Replace(body, s[0], s[1], 1)
		}
		return body
	}
}

// revision writes an update in one of the ways there are.
func (d *doc) revision(c *choices, update objects) {
	packed := objects{}
	way := c.of(6)
	if way >= 2 {
		for n, body := range update {
			if body != "" && !strings.Contains(body, "stream\n") {
				packed[n] = body
				delete(update, n)
			}
		}
	}
	d.put(update)
	switch way {
	case 0:
		d.table()
	case 1:
		d.xrefStream(90)
	case 2:
		d.objStm(91, packed, true).xrefStream(90)
	case 3:
		d.objStm(91, packed, false).table()
	case 4: // hybrid
		d.objStm(91, packed, true)
		at := d.streamSection(90, d.entries())
		clear(d.rows)
		tab := d.at()
		d.raw("xref\n0 0\ntrailer\n<<").end(tab, fmt.Sprintf("/XRefStm %d", at))
	case 5: // twice
		d.objStm(91, packed, true).xrefStream(90)
		d.objStm(91, packed, false).table()
	}
}

// look is all that pages draw, and the signed signature, by code of its own.
type look struct {
	f    *pdf.File
	out  strings.Builder
	path []pdf.Ref
	left int
}

func lookOf(f *pdf.File) string {
	l := &look{f: f, left: 20_000}
	n := 0
	for p, err := range f.Pages() {
		if err != nil {
			fmt.Fprintf(&l.out, "page error\n")
			break
		}
		if n++; n > 10 {
			break
		}
		fmt.Fprintf(&l.out, "\npage %v %v %d ", p.MediaBox, p.CropBox, p.Rotate)
		data, ok := contents(f, p.Dict.Get("Contents"))
		fmt.Fprintf(&l.out, "%t %q ", ok, data)
		l.object(p.Resources)
	}
	l.object(pdf.Ref{Num: nSigValue})
	l.object(pdf.Ref{Num: nSigAP})
	return l.out.String()
}

func (l *look) object(o pdf.Object) {
	if l.left--; l.left < 0 {
		return
	}
	if ref, ok := o.(pdf.Ref); ok {
		if slices.Contains(l.path, ref) {
			l.out.WriteString("loop ")
			return
		}
		l.path = append(l.path, ref)
		defer func() { l.path = l.path[:len(l.path)-1] }()
	}
	v, err := l.f.Resolve(o)
	if err != nil {
		l.out.WriteString("error ")
		return
	}
	switch v := v.(type) {
	case pdf.Array:
		l.out.WriteString("[")
		for _, e := range v {
			l.object(e)
		}
		l.out.WriteString("]")
	case *pdf.Dict:
		l.dict(v)
	case *pdf.Stream:
		l.dict(v.Dict)
		raw, err := v.Raw()
		fmt.Fprintf(&l.out, "stream %q %t ", raw, err == nil)
	default:
		fmt.Fprintf(&l.out, "%v ", v)
	}
}

func (l *look) dict(d *pdf.Dict) {
	var names []pdf.Name
	for k := range d.All() {
		if k != "Parent" && k != "P" && k != "Length" && k != "Reference" {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	l.out.WriteString("<<")
	for _, k := range names {
		fmt.Fprintf(&l.out, "/%s ", k)
		l.object(d.Get(k))
	}
	l.out.WriteString(">>")
}

// FuzzCompare: no increment makes it panic, and none that changes what pages
// draw, or the signature, is let through.
func FuzzCompare(f *testing.F) {
	for i := range 64 {
		seed := make([]byte, 40)
		for k := range seed {
			seed[k] = byte(i*37 + k*(i+11) + k*k)
		}
		f.Add(seed, uint8(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, p uint8) {
		if len(data) > 200 {
			return
		}
		c := choices(data)
		d := increments(&c)
		b := d.b.Bytes()
		file, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
		if err != nil {
			return
		}
		res, err := Compare(context.Background(), file, Options{SignedEnd: d.signed, DocMDP: int(p % 4)})
		if err != nil {
			t.Fatalf("Compare: %v", err)
		}
		signed, err := file.Truncated(context.Background(), d.signed)
		if err != nil {
			t.Fatal(err)
		}
		before, after := lookOf(signed), lookOf(file)
		if before != after && (res.Level == Permitted || res.Level == None) {
			t.Errorf("%v, but what is seen changed from\n%s\nto\n%s\n%s", res.Level, before, after, show(res))
		}
		for _, c := range res.Changes {
			if !c.Permitted && res.Level == Permitted || c.Detail == "" {
				t.Errorf("%v with %+v", res.Level, c)
			}
		}
	})
}

// Every object of the base document as every other body, one at a time: where
// one change alone is let through, nothing that is seen may have changed.
func TestSingleChanges(t *testing.T) {
	numbers := []uint32{50, 60, 61, 62}
	for n := range uint32(nOrphan) {
		numbers = append(numbers, n+1)
	}
	count := map[Level]int{}
	for _, n := range numbers {
		candidates := slices.Clone(bodies)
		for k := range uint32(nOrphan) {
			candidates = append(candidates, baseObjects()[k+1])
		}
		for _, s := range swaps {
			candidates = append(candidates, strings.Replace(baseObjects()[n], s[0], s[1], 1))
		}
		slices.Sort(candidates)
		for _, body := range slices.Compact(candidates) {
			if body == "" {
				continue
			}
			d := base(nil).update(objects{n: body})
			res := d.compare(t, Options{})
			count[res.Level]++
			if res.Level == Forbidden {
				continue
			}
			f := d.open(t)
			signed, err := f.Truncated(context.Background(), d.signed)
			if err != nil {
				t.Fatal(err)
			}
			if before, after := lookOf(signed), lookOf(f); before != after {
				t.Errorf("object %d as %s: %v\n%s", n, body, res.Level, show(res))
			}
		}
	}
	if t.Log(count); count[Forbidden] < 100 || count[Permitted] < 100 {
		t.Error("the changes are too much alike")
	}
}
