package appearance

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// tolerance is the mean difference that two versions of poppler may show, and
// cellTolerance that of the worst cell: less than a dot below a letter makes.
const (
	tolerance     = 0.004
	cellTolerance = 0.05
)

// checkGolden compares a picture with testdata/golden/<name>.png and keeps it
// in the temporary folder when it differs.
func checkGolden(t *testing.T, name string, got *image.Gray) {
	t.Helper()
	path := filepath.Join("testdata", "golden", strings.ReplaceAll(name, " ", "-")+".png")
	var b bytes.Buffer
	if err := png.Encode(&b, got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewGray(img.Bounds())
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			want.Set(x, y, img.At(x, y))
		}
	}
	if d, c := difference(got, want), worstCell(got, want); d > tolerance || c > cellTolerance {
		keep := filepath.Join(os.TempDir(), "kyso-golden-"+filepath.Base(path))
		if err := os.WriteFile(keep, b.Bytes(), 0o644); err != nil {
			t.Error(err)
		}
		t.Errorf("differs from %s by %.4f (limit %g), in one cell by %.3f (limit %g); kept as %s", path, d, tolerance, c, cellTolerance, keep)
	}
}

// TestGoldenSeesALostMark: the comparison of pictures sees what text could
// lose without another word for it: a dot, a horn, a bar.
func TestGoldenSeesALostMark(t *testing.T) {
	r := Rect{100, 500, 320, 580}
	draw := func(name string) *image.Gray {
		m := mustCompose(t, Style{Show: []Line{LineSigner}}, Info{Signer: name}, r.Width(), r.Height())
		return region(rasterize(t, markedPDF(t, testPage{}, r, m)), r)
	}
	want := draw("NGUYỄN THỊ ĐƯỢC")
	for _, name := range []string{"NGUYỄN THI ĐƯỢC", "NGUYỄN THỊ DƯỢC", "NGUYÊN THỊ ĐƯỢC", "NGUYỄN THỊ ĐUỢC"} {
		if c := worstCell(draw(name), want); c <= cellTolerance {
			t.Errorf("%s differs by %.3f only", name, c)
		}
	}
}

// stroke is a made-up signature: a blue curve on a clear ground.
func stroke() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 300, 120))
	for i := range 3000 {
		a := float64(i) / 3000 * 4 * math.Pi
		x, y := 20+260*float64(i)/3000, 60+40*math.Sin(a)*math.Cos(a/3)
		for dy := -2; dy <= 2; dy++ {
			img.SetNRGBA(int(x), int(y)+dy, color.NRGBA{20, 40, 200, 255})
		}
	}
	return pngBytes(img)
}

// seal is a made-up round seal: a red ring, half clear.
func seal() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 200))
	for y := range 200 {
		for x := range 200 {
			if r := math.Hypot(float64(x)-100, float64(y)-100); r < 98 && r > 84 || r < 30 {
				img.SetNRGBA(x, y, color.NRGBA{220, 20, 20, 160})
			}
		}
	}
	return pngBytes(img)
}

// photo is an opaque picture as JPEG: dark above, light below.
func photo() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 120, 90))
	for y := range 90 {
		for x := range 120 {
			img.Set(x, y, color.RGBA{uint8(2 * x), uint8(60 + 2*y), uint8(2 * y), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

func pngBytes(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func TestGoldenStyles(t *testing.T) {
	for name, s := range map[string]Style{
		"text":              {},
		"all lines":         {Show: Lines()},
		"bold upper blue":   {Bold: true, Upper: true, Color: [3]float64{0, 0, 1}},
		"italic serif":      {Italic: true, Font: "serif", Center: true},
		"border":            {Border: true, NoLabels: true},
		"image text":        {Layout: ImageText, Image: stroke()},
		"image text jpeg":   {Layout: ImageText, Image: photo(), Border: true},
		"image":             {Layout: ImageOnly, Image: seal()},
		"image behind text": {Image: seal(), ImageBehind: true, Center: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := Rect{100, 500, 320, 580}
			data := markedPDF(t, testPage{}, r, mustCompose(t, s, sampleInfo, r.Width(), r.Height()))
			checkGolden(t, "style "+name, region(rasterize(t, data), Rect{90, 490, 330, 590}))
			checkMutool(t, data, r)
		})
	}
}

// checkMutool: MuPDF draws the mark as poppler does.
func checkMutool(t *testing.T, data []byte, r Rect) {
	t.Helper()
	in := tempFile(t, "in.pdf", data)
	out := strings.TrimSuffix(in, "pdf") + "png"
	runTool(t, "mutool", "draw", "-q", "-r", "144", "-o", out, in)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	a, b := region(img, r), region(rasterize(t, data), r)
	if d, c := difference(a, b), worstCell(a, b); d > 0.03 || c > 0.25 { // two engines smooth edges otherwise
		t.Errorf("MuPDF and poppler differ by %.4f, in one cell by %.3f", d, c)
	}
}

func TestGoldenPresets(t *testing.T) {
	for _, p := range Presets() {
		t.Run(p.Name, func(t *testing.T) {
			s, place := p.Style, p.Place
			if p.NeedsImage {
				s.Image = stroke()
				if p.RealSize {
					s.Image = seal()
				}
			}
			d := newDoc(testPage{}, testPage{})
			if place.At == atSeal {
				d.sign("Signature1", 1, Rect{300, 200, 450, 260}, true)
			}
			where, err := place.resolve(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			info := sampleInfo
			info.Number = "12/QĐ-UBND"
			m := mustCompose(t, s, info, where.Rect.Width(), where.Rect.Height())
			img := rasterize(t, markedPDF(t, testPage{}, where.Rect, m))
			checkGolden(t, "preset "+p.Name, region(img, where.Rect))
			if p.About == "" || (p.Article == "") != (p.Name == "igate") {
				t.Errorf("%s is not documented", p.Name)
			}
			found, err := FindPreset(p.Name)
			if err != nil || found.Name != p.Name {
				t.Errorf("%v, %v", found.Name, err)
			}
		})
	}
	if _, err := FindPreset("nd99"); err == nil || !strings.Contains(err.Error(), "nd30-copy") {
		t.Errorf("unknown preset: %v", err)
	}
}

func TestPresetTexts(t *testing.T) {
	for name, want := range map[string]string{
		"igate":           "Ký bởi: NGUYỄN VĂN A|Email: a@example.vn|Thời gian ký: 12-05-2023 15:35:12",
		"nd30-copy":       "SAO Y; Ủy ban nhân dân xã Ea Kao;|2023-05-12T15:35:12+07:00",
		"nd30-attachment": "12/QĐ-UBND; 2023-05-12T15:35:12+07:00",
	} {
		p, err := FindPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		info := sampleInfo
		info.Number = "12/QĐ-UBND"
		m := mustCompose(t, p.Style, info, 220, 36)
		if got := strings.Join(m.Lines, "|"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if name != "igate" && m.FontSize != 10 {
			t.Errorf("%s: %g pt, want 10", name, m.FontSize)
		}
	}
}

func TestRealSize(t *testing.T) {
	if _, _, ok, err := RealSize(seal()); ok || err != nil {
		t.Errorf("a picture without resolution: %v, %v", ok, err)
	}
	if _, _, _, err := RealSize([]byte("no picture")); err == nil {
		t.Error("text has a size")
	}
}

func TestNoteText(t *testing.T) {
	m, err := Text{Value: "Số: 12/QĐ-UBND", Italic: true}.Compose(200, 24)
	if err != nil || len(m.Lines) != 1 || m.Lines[0] != "Số: 12/QĐ-UBND" || m.FontSize != 13 || m.font.font.italic == 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := (Text{}).Compose(200, 24); err == nil {
		t.Error("an empty text was drawn")
	}
}

// TestColours: the golden pictures are grey, so the colours are looked at here.
func TestColours(t *testing.T) {
	r := Rect{100, 500, 320, 580}
	for name, tc := range map[string]struct {
		style Style
		blue  bool
	}{
		"text":  {Style{Color: [3]float64{0, 0, 1}, Border: true, Bold: true}, true},
		"image": {Style{Layout: ImageOnly, Image: stroke()}, true},
		"seal":  {Style{Layout: ImageOnly, Image: seal()}, false},
	} {
		img := rasterize(t, markedPDF(t, testPage{}, r, mustCompose(t, tc.style, sampleInfo, r.Width(), r.Height())))
		coloured, other := 0, 0
		for y := 0; y < img.Bounds().Dy(); y++ {
			for x := 0; x < img.Bounds().Dx(); x++ {
				red, _, blue, _ := img.At(x, y).RGBA()
				switch {
				case red > 0xF000 && blue > 0xF000:
				case tc.blue == (blue > red):
					coloured++
				default:
					other++
				}
			}
		}
		if coloured < 300 || other > 0 {
			t.Errorf("%s: %d pixels of the colour, %d of others", name, coloured, other)
		}
	}
}
