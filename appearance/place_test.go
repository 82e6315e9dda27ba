package appearance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/testdata/form"
)

// fakeDoc is a document of page geometries and fields.
type fakeDoc struct {
	pages   []testPage
	fields  []pdf.Field
	objects map[pdf.Ref]pdf.Object
	annots  map[int]pdf.Array
}

func (d *fakeDoc) NumPages() (int, error) { return len(d.pages), nil }
func (d *fakeDoc) Page(i int) (*pdf.Page, error) {
	if i < 0 || i >= len(d.pages) {
		return nil, fmt.Errorf("page %d of %d", i, len(d.pages))
	}
	p := d.pages[i].page()
	p.Index, p.Dict = i, pdf.NewDict(pdf.Name("Annots"), d.annots[i])
	return p, nil
}
func (d *fakeDoc) Fields() ([]pdf.Field, error) { return d.fields, nil }
func (d *fakeDoc) Resolve(o pdf.Object) (pdf.Object, error) {
	if ref, ok := o.(pdf.Ref); ok {
		return d.objects[ref], nil
	}
	return o, nil
}
func (d *fakeDoc) Dict(o pdf.Object) (*pdf.Dict, error) {
	o, _ = d.Resolve(o)
	v, _ := o.(*pdf.Dict)
	return v, nil
}
func (d *fakeDoc) Array(o pdf.Object) (pdf.Array, error) {
	o, _ = d.Resolve(o)
	v, _ := o.(pdf.Array)
	return v, nil
}

func newDoc(pages ...testPage) *fakeDoc {
	return &fakeDoc{pages: pages, objects: map[pdf.Ref]pdf.Object{}, annots: map[int]pdf.Array{}}
}

// sign adds a signature field with a widget at a place as seen.
func (d *fakeDoc) sign(name string, page int, r Rect, filled bool) {
	rect, _ := UserRect(d.pages[page].page(), r)
	ref := pdf.Ref{Num: uint32(100 + len(d.objects))}
	d.objects[ref] = pdf.NewDict(pdf.Name("Rect"), numbers(rect[:]...))
	f := pdf.Field{Name: name, FT: "Sig", Widgets: []pdf.Ref{ref}}
	if filled {
		f.V = pdf.NewDict()
	}
	d.fields = append(d.fields, f)
	d.annots[page] = append(d.annots[page], ref)
}

// fakeText is a finder over lines that the test gives.
type fakeText [][]pagetext.Match

func (ft fakeText) Lines(_ context.Context, page int) ([]pagetext.Match, error) {
	if page >= len(ft) {
		return nil, nil
	}
	return ft[page], nil
}

func (ft fakeText) Find(_ context.Context, phrase string, _ bool) (out []pagetext.Match, err error) {
	for _, lines := range ft {
		for _, l := range lines {
			if strings.Contains(l.Text, phrase) {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

func line(page int, text string, r Rect) pagetext.Match {
	return pagetext.Match{Page: page, Text: text, Rects: [][4]float64{r}}
}

func TestParsePages(t *testing.T) {
	for s, want := range map[string]string{
		"": "[7]", "1": "[0]", "last": "[9]", "all": "[0 1 2 3 4 5 6 7 8 9]", "1,3-5": "[0 2 3 4]",
		"5,1": "[0 4]", "9-last": "[8 9]", " 2 , 2 ": "[1]",
		"0": "", "11": "", "x": "", "3-1": "", "1,,2": "", "-1": "", "1-99999999999999": "",
	} {
		got, err := parsePages(s, 10, 7)
		if want == "" {
			var pe *PlaceError
			if !errors.As(err, &pe) || pe.Reason != "page" {
				t.Errorf("%q: %v, %v, want a refusal", s, got, err)
			}
			continue
		}
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v, want %s", s, got, err, want)
		}
	}
}

func TestCornersAsSeen(t *testing.T) {
	for name, tp := range geometries() {
		t.Run(name, func(t *testing.T) {
			w, h := SeenSize(tp.page())
			for at, want := range map[string]Rect{
				"bottom-right": {w - 36 - 220, 36, w - 36, 116},
				"top-left":     {36, h - 36 - 80, 256, h - 36},
			} {
				p := Place{At: at}
				got, err := p.resolve(context.Background(), newDoc(testPage{}, tp))
				if err != nil {
					t.Fatal(err)
				}
				if got.Rect != want || len(got.Pages) != 1 || got.Pages[0] != 1 {
					t.Errorf("%s: %v on %v, want %v on the last page", at, got.Rect, got.Pages, want)
				}
			}
		})
	}
	for _, at := range Corners() {
		if at == atSeal {
			continue
		}
		p := Place{At: at, OffsetX: -3, OffsetY: 5, Width: 50, Height: 20}
		got, err := p.resolve(context.Background(), newDoc(testPage{}))
		if err != nil || got.Rect.Width() != 50 || got.Rect.Height() != 20 || got.Why == "" {
			t.Errorf("%s: %+v, %v", at, got, err)
		}
	}
}

// TestCornersOfUnlikePages: a named place is that of each page, with one size.
func TestCornersOfUnlikePages(t *testing.T) {
	small := testPage{media: [4]float64{0, 0, 200, 200}}
	d := newDoc(testPage{}, testPage{rotate: 90}, testPage{unit: 2, media: [4]float64{0, 0, 300, 400}})
	top := Place{Page: "all", At: "top-right"}
	r, err := top.resolve(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Rect{{339, 726, 559, 806}, {586, 479, 806, 559}, {344, 684, 564, 764}} {
		if r.On(i) != want {
			t.Errorf("page %d: %v, want %v", i+1, r.On(i), want)
		}
	}
	if r.Rect != r.On(0) || r.Rects == nil {
		t.Errorf("%+v", r)
	}
	// A small page makes the default size give way, on all pages alike.
	d = newDoc(testPage{}, small)
	if r, err = top.resolve(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Rect{{379, 726, 559, 806}, {10, 84, 190, 164}} {
		if r.On(i) != want {
			t.Errorf("with a small page: page %d: %v, want %v", i+1, r.On(i), want)
		}
	}
	// One that was asked for does not.
	large := Place{Page: "all", At: "center", Width: 300, Height: 60}
	var pe *PlaceError
	if _, err = large.resolve(t.Context(), d); !errors.As(err, &pe) || pe.Reason != "off_page" || !strings.Contains(pe.Detail, "page 2") {
		t.Errorf("300 pt on a page of 200: %v", err)
	}
	// Like pages need no list, and a signature on the third is found.
	d = newDoc(testPage{}, testPage{}, testPage{rotate: 90})
	if r, err = top.resolve(t.Context(), newDoc(testPage{}, testPage{})); err != nil || r.Rects != nil {
		t.Errorf("like pages: %+v, %v", r, err)
	}
	d.sign("S", 2, Rect{600, 500, 700, 540}, true)
	if _, err = top.resolve(t.Context(), d); !errors.As(err, &pe) || pe.Reason != "covers_signature" {
		t.Errorf("a signature on the third page: %v", err)
	}
}

// TestNamesOfPlaces: the names of the help, and short ones.
func TestNamesOfPlaces(t *testing.T) {
	for short, long := range map[string]string{"top": "top-center", "bottom": "bottom-center", "left": "middle-left", "right": "middle-right"} {
		a, b := Place{At: short}, Place{At: long}
		x, err := a.resolve(t.Context(), newDoc(testPage{}))
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.resolve(t.Context(), newDoc(testPage{}))
		if err != nil || x.Rect != y.Rect {
			t.Errorf("%s: %v, %s: %v, %v", short, x.Rect, long, y.Rect, err)
		}
	}
	p := Place{At: "middle"}
	if _, err := p.resolve(t.Context(), newDoc(testPage{})); err == nil || !strings.Contains(err.Error(), "middle-left") {
		t.Errorf("an unknown place: %v", err)
	}
}

func TestPlacesRefused(t *testing.T) {
	signed := newDoc(testPage{})
	signed.sign("Signature1", 0, Rect{300, 100, 500, 160}, true)
	small := Rect{10, 10, 60, 40}
	off := Rect{500, 10, 700, 40}
	over := Rect{350, 120, 400, 140}
	for name, tc := range map[string]struct {
		place  Place
		reason string
		forced bool // Force turns it into a warning
	}{
		"off the page":        {Place{Rect: &off}, "off_page", true},
		"covers a signature":  {Place{Rect: &over}, "covers_signature", true},
		"no such page":        {Place{Rect: &small, Page: "2"}, "page", false},
		"unknown place":       {Place{At: "somewhere"}, "place", false},
		"two leads":           {Place{At: "top", Rect: &small}, "place", false},
		"empty rectangle":     {Place{Rect: &Rect{5, 5, 5, 9}}, "place", false},
		"negative size":       {Place{At: "top", Width: -1}, "place", false},
		"text without finder": {Place{AtText: "x"}, "no_finder", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.place.resolve(context.Background(), signed)
			var pe *PlaceError
			if !errors.As(err, &pe) || pe.Reason != tc.reason {
				t.Fatalf("got %v, want reason %s", err, tc.reason)
			}
			tc.place.Force = true
			got, err := tc.place.resolve(context.Background(), signed)
			if tc.forced && (err != nil || len(got.Warnings) != 1) || !tc.forced && err == nil {
				t.Errorf("with Force: %+v, %v", got, err)
			}
		})
	}
	beside := Rect{500, 100, 560, 160} // touches the signature's edge
	p := Place{Rect: &beside}
	if _, err := p.resolve(context.Background(), signed); err != nil {
		t.Errorf("a mark that only touches: %v", err)
	}
}

func TestAutoTakesTheOneEmptyField(t *testing.T) {
	d := newDoc(testPage{}, testPage{rotate: 90})
	d.sign("ChuKy", 1, Rect{50, 60, 250, 120}, false)
	d.sign("Cu", 0, Rect{50, 60, 250, 120}, true)
	p := Place{At: "auto"}
	got, err := p.resolve(context.Background(), d)
	if err != nil || got.Field != "ChuKy" || got.Pages[0] != 1 || got.Rect != (Rect{50, 60, 250, 120}) {
		t.Fatalf("%+v, %v", got, err)
	}
	d.sign("Hai", 0, Rect{50, 260, 250, 320}, false) // two empty fields: none is the one
	if got, err = p.resolve(context.Background(), d); err != nil || got.Field != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAutoFindsTheSigningPhrase(t *testing.T) {
	hint := line(0, "(Ký, ghi rõ họ và tên)", Rect{360, 300, 480, 312})
	title := line(0, "NGƯỜI LÀM ĐƠN", Rect{370, 316, 470, 330})
	for _, tc := range []struct {
		name string
		text fakeText
		prep func(*fakeDoc)
		want Rect // zero: not checked
		why  string
	}{
		{"hint under title", fakeText{{title, hint}}, nil, Rect{310, 216, 530, 296}, `below the signing phrase "(Ký, ghi rõ họ và tên)"`},
		{"title alone", fakeText{{title}}, nil, Rect{310, 232, 530, 312}, `below the signing phrase "NGƯỜI LÀM ĐƠN"`},
		{"two columns: the right one", fakeText{{hint, line(0, "(Ký, ghi rõ họ tên)", Rect{80, 300, 200, 312})}}, nil, Rect{310, 216, 530, 296}, "họ và tên"},
		{
			"name printed below: less room", fakeText{{hint, line(0, "NGUYỄN VĂN A", Rect{370, 240, 470, 252})}}, nil,
			Rect{310, 252, 530, 296}, "họ và tên",
		},
		{
			"signed there already: free place",
			fakeText{{hint}},
			func(d *fakeDoc) { d.sign("Signature1", 0, Rect{310, 216, 530, 296}, true) }, Rect{}, "free place",
		},
		{"a sentence is no phrase", fakeText{{line(0, "Người làm đơn cam đoan những điều trên là đúng", Rect{80, 300, 500, 312})}}, nil, Rect{}, "free place"},
		{"no text", nil, nil, Rect{339, 36, 559, 116}, "free place"},
		{"text in the corner", fakeText{{line(0, "chân trang", Rect{400, 40, 500, 60})}}, nil, Rect{339, 60, 559, 140}, "free place"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDoc(testPage{})
			if tc.prep != nil {
				tc.prep(d)
			}
			p := Place{At: "auto", Finder: tc.text}
			got, err := p.resolve(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			if tc.want != (Rect{}) && got.Rect != tc.want || !strings.Contains(got.Why, tc.why) || len(got.Warnings) != 0 {
				t.Errorf("got %v, %q, %q; want %v, %q", got.Rect, got.Why, got.Warnings, tc.want, tc.why)
			}
		})
	}
}

func TestEveryPhraseOfTheTableCounts(t *testing.T) {
	for _, s := range []string{
		"(Ký, ghi rõ họ và tên)", "(Ký, ghi rõ họ tên)", "(Ký và ghi rõ họ tên)", "(Ký tên, đóng dấu)", "(ký, đóng dấu)",
		"NGƯỜI LÀM ĐƠN", "Người đề nghị", "NGƯỜI YÊU CẦU", "Người khai", "KẾ TOÁN TRƯỞNG", "GIÁM ĐỐC", "(Ký, ghi rõ họ tên, đóng dấu)",
	} {
		for _, f := range []norm.Form{norm.NFC, norm.NFD} {
			if !isSigningPhrase(f.String(s)) {
				t.Errorf("%q is not known", s)
			}
		}
	}
	for _, s := range []string{"", "Họ và tên", "Kính gửi: Giám đốc Sở Tư pháp", "ĐƠN ĐỀ NGHỊ"} {
		if isSigningPhrase(s) {
			t.Errorf("%q counts as a signing phrase", s)
		}
	}
}

func TestAtText(t *testing.T) {
	text := fakeText{
		{line(0, "Ký tên", Rect{400, 500, 460, 512}), line(0, "Ký tên", Rect{100, 500, 160, 512})},
		{line(1, "Ký tên", Rect{550, 300, 590, 312})},
	}
	d := newDoc(testPage{}, testPage{})
	base := Place{AtText: "Ký tên", Finder: text, Width: 100, Height: 40}
	for _, tc := range []struct {
		name  string
		edit  func(*Place)
		page  int
		want  Rect
		warns int
	}{
		{"first by reading order", func(*Place) {}, 0, Rect{80, 456, 180, 496}, 1},
		{"second", func(p *Place) { p.Nth = 2 }, 0, Rect{380, 456, 480, 496}, 0},
		{"last, moved into the page", func(p *Place) { p.Nth = -1 }, 1, Rect{483, 256, 583, 296}, 0},
		{"on page 2", func(p *Place) { p.Page = "2" }, 1, Rect{483, 256, 583, 296}, 0},
		{"above", func(p *Place) { p.Nth, p.Anchor = 1, Above }, 0, Rect{80, 516, 180, 556}, 0},
		{"right", func(p *Place) { p.Nth, p.Anchor = 1, RightOf }, 0, Rect{164, 486, 264, 526}, 0},
		{"left", func(p *Place) { p.Nth, p.Anchor = 2, LeftOf }, 0, Rect{296, 486, 396, 526}, 0},
		{"over covers it", func(p *Place) { p.Nth, p.Anchor = 1, Over }, 0, Rect{80, 486, 180, 526}, 1},
		{"offset", func(p *Place) { p.Nth, p.OffsetX, p.OffsetY = 1, 10, -20 }, 0, Rect{90, 436, 190, 476}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := base
			tc.edit(&p)
			got, err := p.resolve(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rect != tc.want || got.Pages[0] != tc.page || len(got.Warnings) != tc.warns || !strings.Contains(got.Why, "Ký tên") {
				t.Errorf("got %v on %v, %q, %q", got.Rect, got.Pages, got.Why, got.Warnings)
			}
		})
	}
	p := base
	p.Nth = 4
	var pe *PlaceError
	if _, err := p.resolve(context.Background(), d); !errors.As(err, &pe) || pe.Reason != "text_ambiguous" {
		t.Errorf("fourth of three: %v", err)
	}
}

func TestSealCoversTheLeftThird(t *testing.T) {
	d := newDoc(testPage{})
	p := Place{At: "seal", Width: 102, Height: 102}
	if _, err := p.resolve(context.Background(), d); err == nil {
		t.Error("a seal without a signature was placed")
	}
	d.sign("Signature1", 0, Rect{300, 200, 450, 260}, true)
	got, err := p.resolve(context.Background(), d)
	if err != nil || got.Rect != (Rect{248, 179, 350, 281}) || len(got.Warnings) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// realText opens a document with PDFium.
func realText(t *testing.T, data []byte) *pagetext.Document {
	t.Helper()
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	ctx := context.Background()
	e, err := pagetext.New(ctx, pagetext.Options{CacheDir: filepath.Join(base, "kyso-test")})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := e.Open(ctx, data, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(doc.Close(), e.Close()); err != nil {
			t.Error(err)
		}
	})
	return doc
}

// TestFormOfTheDemo places at the phrase of the real form, by name and by
// itself.
func TestFormOfTheDemo(t *testing.T) {
	doc := realText(t, form.PDF)
	d := newDoc(testPage{media: [4]float64{0, 0, 595.28, 841.89}})
	for _, p := range []Place{
		{AtText: "(Ký, ghi rõ họ và tên)", Finder: doc},
		{AtText: norm.NFD.String("(Ký, ghi rõ họ và tên)"), Finder: doc},
		{AtText: "(KÝ, GHI RÕ HỌ VÀ TÊN)", IgnoreCase: true, Finder: doc},
		{At: "auto", Finder: doc},
	} {
		got, err := p.resolve(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		mid := (got.Rect[0] + got.Rect[2]) / 2
		if mid < 428 || mid > 432 || got.Rect[3] > 297 || got.Rect[3] < 288 || len(got.Warnings) != 0 {
			t.Errorf("%+v: %+v", p, got)
		}
	}
	p := Place{AtText: "(Ky, ghi ro ho ten)", Finder: doc}
	var pe *PlaceError
	if _, err := p.resolve(context.Background(), d); !errors.As(err, &pe) || pe.Reason != "text_missing" ||
		len(pe.Nearest) == 0 || pe.Nearest[0] != "(Ký, ghi rõ họ và tên)" {
		t.Errorf("a phrase that is not there: %v", err)
	}
	over := Rect{80, 600, 300, 640}
	p = Place{Rect: &over, Finder: doc}
	got, err := p.resolve(context.Background(), d)
	if err != nil || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "Họ, chữ đệm, tên người đề nghị") {
		t.Errorf("covered text: %+v, %v", got, err)
	}
}

// TestTextOnTurnedPages draws a phrase upright on each page shape, finds it
// with PDFium and places below it as seen.
func TestTextOnTurnedPages(t *testing.T) {
	r := Rect{60, 120, 200, 140}
	m := mustCompose(t, Style{NoLabels: true, Show: []Line{LineReason}, FontSize: 10}, Info{Reason: "Người làm đơn"}, r.Width(), r.Height())
	for name, tp := range geometries() {
		t.Run(name, func(t *testing.T) {
			doc := realText(t, drawnPDF(t, tp, r, m))
			p := Place{AtText: "Người làm đơn", Finder: doc, Width: 80, Height: 30}
			got, err := p.resolve(context.Background(), newDoc(tp))
			if err != nil {
				t.Fatal(err)
			}
			mid := (got.Rect[0] + got.Rect[2]) / 2
			if mid < 85 || mid > 105 || got.Rect[3] > 125 || got.Rect[3] < 115 {
				t.Errorf("placed at %v, want below (62, 126)", got.Rect)
			}
		})
	}
}
