package pagetext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/testdata/form"
)

// cacheDir is shared by the tests of the machine: compiling PDFium takes
// seconds.
func cacheDir(t testing.TB) string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "kyso-test")
}

func open(t testing.TB, data []byte) *Document {
	t.Helper()
	ctx := context.Background()
	e, err := New(ctx, Options{CacheDir: cacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Open(ctx, data, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(d.Close(), e.Close()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestFindPhraseOfForm(t *testing.T) {
	d := open(t, form.PDF)
	for _, tc := range []struct {
		phrase     string
		ignoreCase bool
		want       []string
	}{
		{"(Ký, ghi rõ họ và tên)", false, []string{"(Ký, ghi rõ họ và tên)"}},
		{"(Ky\u0301, ghi ro\u0303 ho\u0323 va\u0300 te\u0302n)", false, []string{"(Ký, ghi rõ họ và tên)"}}, // NFD
		{"(ký, GHI RÕ HỌ và tên)", true, []string{"(Ký, ghi rõ họ và tên)"}},
		{"(ký, ghi rõ họ và tên)", false, nil},
		{"Họ, chữ đệm,tên", false, []string{"Họ, chữ đệm, tên", "Họ, chữ đệm, tên"}},
		{"người làm đơn", true, []string{"NGƯỜI LÀM ĐƠN"}},
		{"chịu trách nhiệm trước pháp luật", false, []string{"chịu trách nhiệm trước pháp luật"}}, // over a line end
		{"(Ky", false, nil}, // a letter without its mark is another letter
		{"không có", false, nil},
	} {
		t.Run(tc.phrase, func(t *testing.T) {
			got, err := d.Find(context.Background(), tc.phrase, tc.ignoreCase)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, m := range got {
				texts = append(texts, m.Text)
			}
			if fmt.Sprint(texts) != fmt.Sprint(tc.want) {
				t.Errorf("found %q, want %q", texts, tc.want)
			}
		})
	}
}

func TestFindGivesRectangles(t *testing.T) {
	d := open(t, form.PDF)
	got, err := d.Find(context.Background(), "(Ký, ghi rõ họ và tên)", false)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	// The generator centres the line at x = 430 on the baseline y = 301, 12 pt.
	b := got[0].Box()
	if mid := (b[0] + b[2]) / 2; mid < 428 || mid > 432 || b[1] < 295 || b[1] > 301 || b[3] < 308 || b[3] > 316 {
		t.Errorf("box %v, want one around (430, 301)", b)
	}
	over, err := d.Find(context.Background(), "chịu trách nhiệm trước pháp luật", false)
	if err != nil || len(over) != 1 || len(over[0].Rects) != 2 {
		t.Errorf("a phrase over a line end: %v, %v, want two rectangles", over, err)
	}
}

func TestLinesAndText(t *testing.T) {
	d := open(t, form.PDF)
	lines, err := d.Lines(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < 19 || lines[0].Text != "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" {
		t.Errorf("%d lines, the first %q", len(lines), lines[0].Text)
	}
	if last := lines[len(lines)-1]; last.Text != "(Ký, ghi rõ họ và tên)" || len(last.Rects) != 1 {
		t.Errorf("last line %q with %d rectangles", last.Text, len(last.Rects))
	}
	if n, err := d.NumPages(); n != 1 || err != nil {
		t.Errorf("%d pages, %v", n, err)
	}
}

func TestRender(t *testing.T) {
	d := open(t, form.PDF)
	img, err := d.Render(context.Background(), 0, 72)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() < 594 || b.Dx() > 597 || b.Dy() < 841 || b.Dy() > 843 {
		t.Errorf("picture of %v", b)
	}
	if c := img.At(5, 5); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("corner is %v, want white", c)
	}
	dark := 0
	for y := 60; y < 70; y++ {
		for x := 150; x < 450; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	if dark < 200 {
		t.Errorf("%d dark pixels where the heading is", dark)
	}
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	e, err := New(ctx, Options{CacheDir: cacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Open(ctx, []byte("not a PDF"), ""); err == nil {
		t.Error("text was opened as a PDF")
	}
	d, err := e.Open(ctx, form.PDF, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Render(ctx, 3, 72); err == nil {
		t.Error("page 4 of 1 was drawn")
	}
	if _, err := d.Render(ctx, 0, 100000); err == nil {
		t.Error("100,000 dpi was accepted")
	}
	if _, err := d.Find(ctx, " \n", false); err == nil {
		t.Error("an empty phrase was searched")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.Text(ended, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if err := errors.Join(d.Close(), e.Close(), d.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	if _, err := d.NumPages(); !errors.Is(err, ErrClosed) {
		t.Errorf("closed document: %v", err)
	}
}

// TestRenderRecycles draws more pages than one sandbox is used for.
func TestRenderRecycles(t *testing.T) {
	d := open(t, form.PDF)
	for i := range rendersPerLoad + 3 {
		if _, err := d.Render(context.Background(), 0, 20); err != nil {
			t.Fatalf("drawing %d: %v", i, err)
		}
	}
}

func TestPreview(t *testing.T) {
	d := open(t, form.PDF)
	for _, tc := range []struct {
		pages []int
		w, h  int
	}{{[]int{0}, 595, 841}, {[]int{0, 0, 0}, 1436, 1436}, {[]int{0, 0, 0, 0, 0}, 1848, 1236}} {
		data, err := d.Preview(context.Background(), tc.pages, 72)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() < tc.w-1 || b.Dx() > tc.w+1 || b.Dy() < tc.h-1 || b.Dy() > tc.h+1 {
			t.Errorf("%v: %v, want %d x %d", tc.pages, b, tc.w, tc.h)
		}
	}
	for _, bad := range [][]int{nil, {1}, make([]int, 201)} {
		if _, err := d.Preview(context.Background(), bad, 72); err == nil {
			t.Errorf("%d pages: no error", len(bad))
		}
	}
}

// TestDeadlineStopsTheEngine: a context that ends during a call ends the call.
func TestDeadlineStopsTheEngine(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	e, err := New(ctx, Options{CacheDir: cacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Open(ctx, form.PDF, "")
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	for err == nil && time.Since(start) < 20*time.Second {
		_, err = d.Render(ctx, 0, 600)
	}
	if err == nil || time.Since(start) > time.Minute {
		t.Errorf("stopped after %v with %v", time.Since(start), err)
	}
	_, _ = d.Close(), e.Close()
	if _, err := d.Render(context.Background(), 0, 72); err == nil {
		t.Error("a stopped engine draws")
	}
}
