package appearance

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestPortalMark(t *testing.T) {
	m := mustCompose(t, Style{}, sampleInfo, 220, 80)
	want := []string{"Ký bởi: NGUYỄN VĂN A", "Email: a@example.vn", "Thời gian ký: 12-05-2023 15:35:12"}
	if strings.Join(m.Lines, "\n") != strings.Join(want, "\n") || m.FontSize != 9 || len(m.Notes) != 0 {
		t.Errorf("lines %q at %g pt, notes %q", m.Lines, m.FontSize, m.Notes)
	}
	in := tempFile(t, "mark.pdf", markedPDF(t, testPage{}, Rect{340, 200, 560, 280}, m))
	if got := strings.TrimSpace(runTool(t, "pdftotext", in, "-")); got != strings.Join(want, "\n") {
		t.Errorf("pdftotext gives %q", got)
	}
	if out := runTool(t, "qpdf", "--check", in); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
	fonts := strings.Split(strings.TrimSpace(runTool(t, "pdffonts", in)), "\n")
	if len(fonts) != 3 || !strings.Contains(fonts[2], "CID TrueType") || !strings.Contains(fonts[2], "yes yes yes") {
		t.Errorf("pdffonts:\n%s", strings.Join(fonts, "\n"))
	}
}

// TestLettersComeBack draws all 134 letters in every embedded face and reads
// them back.
func TestLettersComeBack(t *testing.T) {
	letters := vietnameseLetters()
	if n := utf8.RuneCountInString(letters); n != 134 {
		t.Fatalf("%d letters", n)
	}
	for _, family := range []string{"sans", "serif"} {
		for k, name := range []string{"regular", "bold", "italic", "bold italic"} {
			t.Run(family+" "+name, func(t *testing.T) {
				for _, form := range []norm.Form{norm.NFC, norm.NFD} {
					s := Style{Font: family, Bold: k&1 != 0, Italic: k&2 != 0, FontSize: 6, Show: []Line{LineReason}, NoLabels: true}
					m := mustCompose(t, s, Info{Reason: form.String(letters)}, 560, 40)
					data := markedPDF(t, testPage{}, Rect{10, 700, 570, 740}, m)
					in := tempFile(t, "letters.pdf", data)
					if got := strings.TrimSpace(runTool(t, "pdftotext", in, "-")); got != letters {
						t.Errorf("read back %q, want %q", got, letters)
					}
					if len(data) > 40<<10 {
						t.Errorf("the mark takes %d bytes", len(data))
					}
				}
			})
		}
	}
}

func TestSizeIsFitted(t *testing.T) {
	long := Info{Signer: "NGUYỄN THỊ MINH KHAI TRẦN ĐẠI NGHĨA LÊ HOÀNG PHƯƠNG UYÊN", Email: "mot.dia.chi.rat.dai@example.vn", Time: fixedTime}
	for _, tc := range []struct {
		name     string
		style    Style
		info     Info
		w, h     float64
		min, max float64 // size; 0: a FitError
	}{
		{"asked size fits", Style{FontSize: 12}, sampleInfo, 300, 100, 12, 12},
		{"width limits", Style{}, sampleInfo, 100, 40, 4, 8.9},
		{"height limits", Style{}, sampleInfo, 300, 22, 4, 8},
		{"wrapped at words, size kept", Style{}, long, 220, 80, 9, 9},
		{"wrapped and smaller", Style{}, long, 150, 40, 4, 8.9},
		{"too small to read", Style{}, sampleInfo, 60, 20, 0, 0},
		{"word wider than the box", Style{}, Info{Signer: strings.Repeat("W", 60)}, 100, 100, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m, err := Compose(tc.style, tc.info, tc.w, tc.h)
			var fit *FitError
			if tc.max == 0 {
				if !errors.As(err, &fit) {
					t.Fatalf("got %v, want a FitError", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.FontSize < tc.min || m.FontSize > tc.max {
				t.Errorf("size %g, want %g to %g", m.FontSize, tc.min, tc.max)
			}
			// A tenth of a point more must not fit, or the size is the asked one.
			asked := tc.style.FontSize
			if asked == 0 {
				asked = defaultFontSize
			}
			if m.FontSize < asked {
				m.checkLargest(t, tc.style, tc.info)
			}
		})
	}
}

func (m *Mark) checkLargest(t *testing.T, s Style, i Info) {
	t.Helper()
	face, err := s.face()
	if err != nil {
		t.Fatal(err)
	}
	lines, _, err := s.lines(&i)
	if err != nil {
		t.Fatal(err)
	}
	set := &typesetter{font: face}
	for _, l := range lines {
		if err := set.measure(newSubset(face), l); err != nil {
			t.Fatal(err)
		}
	}
	box := m.inner()
	if _, size, ok := set.fit(lines, m.FontSize+0.1, box.Width(), box.Height()); ok && size > m.FontSize {
		t.Errorf("size %g fits too", size)
	}
}

// TestNothingLeavesTheBox draws tight marks and looks for ink around the box.
func TestNothingLeavesTheBox(t *testing.T) {
	for _, s := range []Style{
		{}, {Bold: true, Italic: true}, {Font: "serif", Italic: true, Center: true}, {Border: true}, {Upper: true, FontSize: 20},
	} {
		r := Rect{100, 400, 230, 436}
		m := mustCompose(t, s, sampleInfo, r.Width(), r.Height())
		// Drawn without the clip of the BBox, as page content would be.
		m.width, m.height = 400, 300
		shift := Rect{100, 400, 500, 700}
		img := rasterize(t, markedPDF(t, testPage{}, shift, m))
		if s.Border {
			continue // its border follows the box that the test has grown
		}
		inside, all := region(img, r), region(img, Rect{50, 350, 550, 750})
		inkIn := darkness(inside) * float64(len(inside.Pix))
		inkAll := darkness(all) * float64(len(all.Pix))
		if inkIn < 100 || inkAll-inkIn > 0.5 {
			t.Errorf("style %+v: %g of %g ink inside the box", s, inkIn, inkAll)
		}
	}
}

func TestLinesOfStyle(t *testing.T) {
	all := Lines()
	for _, tc := range []struct {
		name  string
		style Style
		info  Info
		want  string
		notes int
	}{
		{"all lines", Style{Show: all, FontSize: 5}, sampleInfo, "Ký bởi: NGUYỄN VĂN A|Cơ quan: Ủy ban nhân dân xã Ea Kao|Chức vụ: Chủ tịch|" +
			"Email: a@example.vn|Thời gian ký: 12-05-2023 15:35:12|Lý do: Phê duyệt|Nơi ký: Đắk Lắk|Số chứng thư: 54010203|Nơi cấp: CA Thử Nghiệm", 0},
		{"absent values are dropped", Style{Show: all}, Info{Signer: "TRẦN THỊ B", Email: "  "}, "Ký bởi: TRẦN THỊ B", 8},
		{"no labels", Style{NoLabels: true}, sampleInfo, "NGUYỄN VĂN A|a@example.vn|12-05-2023 15:35:12", 0},
		{"own labels", Style{Labels: map[Line]string{LineSigner: "Người ký:", LineEmail: ""}}, sampleInfo,
			"Người ký: NGUYỄN VĂN A|a@example.vn|Thời gian ký: 12-05-2023 15:35:12", 0},
		{"upper case after NFC", Style{Upper: true, Show: []Line{LineSigner, LineEmail}}, Info{Signer: norm.NFD.String("đặng thị lệ ửng"), Email: "A.b@example.vn"},
			"KÝ BỞI: ĐẶNG THỊ LỆ ỬNG|EMAIL: A.b@example.vn", 0},
		{"time format and zone", Style{TimeFormat: "2006-01-02T15:04:05-07:00", Show: []Line{LineTime}}, sampleInfo, "Thời gian ký: 2023-05-12T15:35:12+07:00", 0},
		{"white space and invisible characters", Style{Show: []Line{LineSigner}}, Info{Signer: "A\u202EB\u200B\n\t C"}, "Ký bởi: AB C", 1},
		{"template", Style{Text: "{{.Signer}}\nngày {{date \"02/01/2006\"}}"}, sampleInfo, "NGUYỄN VĂN A|ngày 12/05/2023", 0},
		{"template with backslash n", Style{Text: `{{upper .Title}}\n{{.Org}}`}, sampleInfo, "CHỦ TỊCH|Ủy ban nhân dân xã Ea Kao", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := mustCompose(t, tc.style, tc.info, 400, 120)
			if got := strings.Join(m.Lines, "|"); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			if len(m.Notes) != tc.notes {
				t.Errorf("notes %q, want %d", m.Notes, tc.notes)
			}
		})
	}
}

func TestTemplateErrorsNameTheColumn(t *testing.T) {
	for text, before := range map[string]string{ // in letters, as an editor counts
		"Ký bởi {{.Nobody}}":                  "Ký bởi {{",
		norm.NFD.String("Ký bởi {{.Nobody}}"): "Ký bởi {{",
		"{{.Signer}} {{if}}":                  "{{.Signer}} ",
		"abc {{nofunc .Signer}}":              "abc {{",
		"Đ {{nofunc .Signer}}":                "Đ {{",
		"{{.Signer}} và {{.Email":             "{{.Signer}} và ",
		"{{date 5}}":                          "{{date ",
		"{{range .Signer}}x{{end}}":           "{{range ",
	} {
		column := utf8.RuneCountInString(before) + 1
		err := CheckTemplate(text)
		var te *TemplateError
		if !errors.As(err, &te) {
			t.Errorf("%q: %v, want a TemplateError", text, err)
			continue
		}
		if te.Line != 1 || te.Column != column {
			t.Errorf("%q: %v, want column %d", text, err, column)
		}
	}
	if err := CheckTemplate("{{.Signer}} {{upper .Org}}"); err != nil {
		t.Error(err)
	}
	if err := CheckTemplate("{{.Nobody}}"); err == nil || !strings.Contains(err.Error(), "no value .Nobody, only .Signer .Org") {
		t.Errorf("%v does not say which values there are", err)
	}
	var te *TemplateError
	if err := CheckTemplate("a\nĐ {{.Nobody}}"); !errors.As(err, &te) || te.Line != 2 || te.Column != 5 {
		t.Errorf("second line: %v", err)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		style Style
		info  Info
		w, h  float64
		want  string
	}{
		"empty mark":          {Style{}, Info{}, 100, 100, "the mark is empty"},
		"letter not in font":  {Style{}, Info{Signer: "山田"}, 100, 100, "no glyph for '山' (U+5C71)"},
		"negative box":        {Style{}, sampleInfo, -5, 100, "each side"},
		"colour out of range": {Style{Color: [3]float64{0, 0, 2}}, sampleInfo, 100, 100, "colour"},
		"font size":           {Style{FontSize: 3}, sampleInfo, 100, 100, "font size"},
		"font size NaN":       {Style{FontSize: math.NaN()}, sampleInfo, 100, 100, "font size"},
		"colour NaN":          {Style{Color: [3]float64{math.NaN(), 0, 0}}, sampleInfo, 100, 100, "colour"},
		"box NaN":             {Style{}, sampleInfo, math.NaN(), 100, "each side"},
		"unknown family":      {Style{Font: "mono"}, sampleInfo, 100, 100, "font family"},
		"picture missing":     {Style{Layout: ImageOnly}, sampleInfo, 100, 100, "needs a picture"},
		"not a picture":       {Style{Layout: ImageText, Image: []byte("GIF89a")}, sampleInfo, 100, 100, "neither PNG nor JPEG"},
		"not a font":          {Style{FontData: []byte("hello, I am no font")}, sampleInfo, 100, 100, "not a TrueType file"},
		"picture not drawn":   {Style{Image: []byte("x")}, sampleInfo, 100, 100, "draws no picture"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compose(tc.style, tc.info, tc.w, tc.h)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestEnumsHaveNames(t *testing.T) {
	for l := LineSigner; l <= LineIssuer; l++ {
		got, err := ParseLines(l.String())
		if err != nil || len(got) != 1 || got[0] != l || lineTable[l].label == "" {
			t.Errorf("%d: %v, %v", l, got, err)
		}
	}
	if len(Lines()) != len(lineTable) {
		t.Error("Lines and the table differ")
	}
	for _, bad := range []string{"", "signer,nobody", "email,email"} {
		if _, err := ParseLines(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	for l := TextOnly; l <= ImageOnly; l++ {
		if got, err := ParseLayout(l.String()); err != nil || got != l {
			t.Errorf("%v: %v, %v", l, got, err)
		}
	}
}
