package appearance

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// fullPage is lines over the whole width from one height down to another.
func fullPage(from, to float64) []pagetext.Match {
	var out []pagetext.Match
	for y := from; y >= to; y -= 14 {
		out = append(out, line(0, fmt.Sprintf("dòng ở %.0f", y), Rect{60, y, 540, y + 12}))
	}
	return out
}

// TestAutoMakesRoom: a default size shrinks before text is covered, text is
// covered before a signature is, and a size that was asked for stays.
func TestAutoMakesRoom(t *testing.T) {
	hint := line(0, "(Ký, ghi rõ họ và tên)", Rect{360, 300, 480, 312})
	for _, tc := range []struct {
		name   string
		text   []pagetext.Match
		place  Place
		signed []Rect
		why    string
		within Rect // the mark stands in it
		width  float64
		height float64
	}{
		{"narrow and low beside a name", []pagetext.Match{
			hint, line(0, "trái", Rect{250, 200, 340, 296}), line(0, "phải", Rect{500, 200, 590, 296}), line(0, "tên", Rect{360, 240, 480, 252}),
		}, Place{}, nil, "below the signing phrase", Rect{340, 252, 500, 296}, 160, 44},
		{"size asked for: the phrase has no room", []pagetext.Match{hint, line(0, "tên", Rect{360, 240, 480, 252})},
			Place{Width: 220, Height: 80}, nil, "a free place at the lower right", Rect{339, 36, 559, 116}, 220, 80},
		{"height asked for: narrower", []pagetext.Match{hint, line(0, "trái", Rect{250, 200, 340, 296})},
			Place{Height: 60}, nil, "below the signing phrase", Rect{340, 236, 500, 296}, 160, 60},
		{"right column full: middle", []pagetext.Match{line(0, "cột phải", Rect{420, 30, 560, 800})},
			Place{}, nil, "a free place at the lower part", Rect{187.5, 36, 407.5, 116}, 220, 80},
		{"right and middle full: left", []pagetext.Match{line(0, "cột", Rect{300, 30, 560, 800})},
			Place{}, nil, "a free place at the lower part", Rect{36, 36, 256, 116}, 220, 80},
		{"a gap for a small one", append(fullPage(800, 90), line(0, "chân trang", Rect{60, 20, 540, 40})),
			Place{}, nil, "a free place at the lower right", Rect{339, 40, 559, 100}, 160, 50},
		{"all full: text is covered", fullPage(820, 10), Place{}, nil, "the lower right of page 1, which has no free place", Rect{339, 36, 559, 116}, 220, 80},
		{"all full and signed there", fullPage(820, 10), Place{}, []Rect{{330, 30, 570, 120}},
			"the lower right of page 1, which has no free place", Rect{339, 120, 559, 210}, 220, 80},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDoc(testPage{})
			for i, r := range tc.signed {
				d.sign(fmt.Sprint("S", i), 0, r, true)
			}
			tc.place.Finder = fakeText{tc.text}
			got, err := tc.place.resolve(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Why, tc.why) {
				t.Errorf("why %q, want %q", got.Why, tc.why)
			}
			if !got.Rect.within(tc.within) || got.Rect.Width() > tc.width || got.Rect.Height() > tc.height {
				t.Errorf("%v (%g x %g), want at most %g x %g in %v", got.Rect, got.Rect.Width(), got.Rect.Height(), tc.width, tc.height, tc.within)
			}
			if got.Rect.Width() < minAutoWidth || got.Rect.Height() < minAutoHeight {
				t.Errorf("%v is too small to be read", got.Rect)
			}
			covers := strings.Contains(strings.Join(got.Warnings, ";"), "covers text")
			if covers != strings.Contains(got.Why, "no free place") {
				t.Errorf("%q with the warnings %q", got.Why, got.Warnings)
			}
		})
	}
}

// TestAutoStaysOnItsPages: the page list bounds where phrases and fields are
// looked for.
func TestAutoStaysOnItsPages(t *testing.T) {
	text := fakeText{
		{line(0, "NGƯỜI LÀM ĐƠN", Rect{370, 316, 470, 330})}, {line(1, "không có gì", Rect{60, 700, 160, 712})},
		{line(2, "GIÁM ĐỐC", Rect{370, 616, 470, 630})},
	}
	d := newDoc(testPage{}, testPage{}, testPage{})
	d.sign("Trống", 0, Rect{50, 60, 250, 120}, false)
	for page, want := range map[string]string{
		"": "the only empty signature field", "1": `"NGƯỜI LÀM ĐƠN" on page 1`, "2": "lower right of page 2",
		"last": `"GIÁM ĐỐC" on page 3`, "1-2": `"NGƯỜI LÀM ĐƠN" on page 1`, "all": `"GIÁM ĐỐC" on page 3`,
	} {
		p := Place{At: "auto", Page: page, Finder: text}
		got, err := p.resolve(t.Context(), d)
		if err != nil || !strings.Contains(got.Why, want) {
			t.Errorf("page %q: %+v, %v; want %q", page, got, err, want)
		}
	}
	p := Place{At: "auto", Page: "4", Finder: text}
	var pe *PlaceError
	if _, err := p.resolve(t.Context(), d); !errors.As(err, &pe) || pe.Reason != "page" {
		t.Errorf("page 4 of 3: %v", err)
	}
}

// TestWidgetsThatCount: what is no visible signature on a page is in nobody's
// way.
func TestWidgetsThatCount(t *testing.T) {
	for name, edit := range map[string]func(d *fakeDoc, f *pdf.Field, w *pdf.Dict){
		"invisible":     func(_ *fakeDoc, _ *pdf.Field, w *pdf.Dict) { w.Set("Rect", numbers(0, 0, 0, 0)) },
		"no rectangle":  func(_ *fakeDoc, _ *pdf.Field, w *pdf.Dict) { w.Set("Rect", pdf.Name("none")) },
		"three numbers": func(_ *fakeDoc, _ *pdf.Field, w *pdf.Dict) { w.Set("Rect", numbers(1, 2, 300)) },
		"words for numbers": func(_ *fakeDoc, _ *pdf.Field, w *pdf.Dict) {
			w.Set("Rect", pdf.Array{pdf.Name("a"), pdf.Name("b"), pdf.Name("c"), pdf.Name("d")})
		},
		"a text field":         func(_ *fakeDoc, f *pdf.Field, _ *pdf.Dict) { f.FT = "Tx" },
		"two widgets":          func(_ *fakeDoc, f *pdf.Field, _ *pdf.Dict) { f.Widgets = append(f.Widgets, f.Widgets[0]) },
		"on no page":           func(d *fakeDoc, _ *pdf.Field, _ *pdf.Dict) { d.annots = map[int]pdf.Array{} },
		"empty, not a refusal": func(_ *fakeDoc, f *pdf.Field, _ *pdf.Dict) { f.V = nil },
	} {
		t.Run(name, func(t *testing.T) {
			over := Rect{320, 110, 480, 150}
			d := newDoc(testPage{})
			d.sign("S", 0, Rect{300, 100, 500, 160}, true)
			p := Place{Rect: &over}
			var pe *PlaceError
			if _, err := p.resolve(t.Context(), d); !errors.As(err, &pe) || pe.Reason != "covers_signature" {
				t.Fatalf("as it is: %v", err)
			}
			w, _ := d.Dict(d.fields[0].Widgets[0])
			edit(d, &d.fields[0], w)
			if _, err := p.resolve(t.Context(), d); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAnchorNames: the names of --anchor, each with its own words.
func TestAnchorNames(t *testing.T) {
	seen := map[string]bool{}
	for a := Below; a <= Over; a++ {
		got, err := ParseAnchor(a.String())
		if err != nil || got != a || seen[a.words()] {
			t.Errorf("%v: %v, %v, %q", a, got, err, a.words())
		}
		seen[a.words()] = true
	}
	for _, bad := range []string{"", "beside", "BELOW"} {
		if _, err := ParseAnchor(bad); err == nil || !strings.Contains(err.Error(), "above") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if s := Anchor(99).String(); !strings.Contains(s, "99") {
		t.Error(s)
	}
}

// TestErrorsSayWhatAndWhere: the words of the errors that people act on.
func TestErrorsSayWhatAndWhere(t *testing.T) {
	text := fakeText{{line(0, "Họ và tên người khai", Rect{60, 700, 200, 712}), line(0, "KÍNH GỬI", Rect{60, 730, 200, 742})}}
	p := Place{AtText: "ho va ten nguoi khay", Finder: text}
	_, err := p.resolve(t.Context(), newDoc(testPage{}))
	for _, part := range []string{`"ho va ten nguoi khay" is not in the document`, `nearest: "Họ và tên người khai"`} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want %q", err, part)
		}
	}
	if err != nil && strings.Contains(err.Error(), "KÍNH GỬI") {
		t.Errorf("a phrase that is nothing like it: %v", err)
	}
	_, err = Compose(Style{}, sampleInfo, 20, 9)
	var fit *FitError
	if !errors.As(err, &fit) || !strings.Contains(err.Error(), "20 x 9 pt at 4 pt") || !strings.Contains(err.Error(), fit.Text) {
		t.Errorf("%v", err)
	}
}
