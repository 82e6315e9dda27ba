package sign_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

func at(page string, r appearance.Rect) appearance.Place {
	return appearance.Place{Page: page, Rect: &r}
}

// pageText is what pdftotext reads of one page.
func pageText(t *testing.T, path string, page int) string {
	t.Helper()
	n := strconv.Itoa(page)
	text, err := command(t, "pdftotext", "-f", n, "-l", n, path, "-")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Texts and further marks stand on their pages, several on one page too, and
// are covered by the signature.
func TestTextsAndFurtherMarks(t *testing.T) {
	o := visible()
	o.Place = at("1", appearance.Rect{50, 50, 250, 130})
	o.Marks = []appearance.Place{at("2", appearance.Rect{50, 50, 250, 130}), at("2", appearance.Rect{300, 50, 500, 130}), at("3", appearance.Rect{50, 50, 150, 90})}
	o.Texts = []appearance.Text{
		{Place: at("1", appearance.Rect{50, 600, 200, 620}), Value: "Số: 12/QĐ-UBND"},
		{Place: at("1", appearance.Rect{300, 600, 500, 620}), Value: "ngày 25 tháng 11 năm 2026", Italic: true},
		{Place: at("1,3", appearance.Rect{50, 300, 250, 330}), Value: "đã thu phí"},
	}
	out, _ := signed(t, manyPages(3).bytes(), cmstest.P256, o)
	path := save(t, out)
	checkQPDF(t, path)
	checkPDFSig(t, path, 1)
	for page, want := range map[int]map[string]int{
		1: {"NGUYỄN VĂN A": 1, "Số: 12/QĐ-UBND": 1, "ngày 25 tháng 11 năm 2026": 1, "đã thu phí": 1},
		2: {"NGUYỄN VĂN A": 2, "đã thu phí": 0},
		3: {"NGUYỄN VĂN A": 1, "đã thu phí": 1, "QĐ-UBND": 0},
	} {
		text := pageText(t, path, page)
		for phrase, n := range want {
			if got := strings.Count(text, phrase); got != n {
				t.Errorf("page %d has %q %d times, want %d:\n%s", page, phrase, got, n, text)
			}
		}
	}
	// The two marks of one size on page 2 are one form.
	if got := bytes.Count(out, []byte("/Subtype /Form")) + bytes.Count(out, []byte("/Subtype/Form")); got != 1+2+3 {
		t.Errorf("%d forms, want the widget's, two sizes of marks and three texts", got)
	}
}

// prepareFails is the error of Prepare.
func prepareFails(data []byte, o sign.Options) error {
	_, o.Certificate = signer(cmstest.P256)
	o.Now = now
	_, err := sign.Prepare(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	return err
}

// An invisible signature may come with texts, but not with marks.
func TestTextsOfInvisible(t *testing.T) {
	o := sign.Options{Texts: []appearance.Text{{Place: at("1", appearance.Rect{50, 600, 200, 620}), Value: "Số: 12"}}}
	out, _ := signed(t, manyPages(1).bytes(), cmstest.P256, o)
	path := save(t, out)
	checkPDFSig(t, path, 1)
	if text := pageText(t, path, 1); !strings.Contains(text, "Số: 12") {
		t.Errorf("no text:\n%s", text)
	}
	marks := sign.Options{Marks: []appearance.Place{at("1", appearance.Rect{50, 50, 250, 130})}}
	if err := prepareFails(manyPages(1).bytes(), marks); err == nil {
		t.Error("marks of an invisible signature are taken")
	}
}

// What is signed is not drawn over; a place off the page and a missing phrase
// are refused as those of the mark are.
func TestTextsRefused(t *testing.T) {
	plain := manyPages(1).bytes()
	once, _ := signed(t, plain, cmstest.P256, sign.Options{})
	good := appearance.Text{Place: at("1", appearance.Rect{50, 600, 200, 620}), Value: "Số: 12"}
	for name, c := range map[string]struct {
		data  []byte
		texts []appearance.Text
		want  any
	}{
		"signed":    {once, []appearance.Text{good}, new(*sign.RefusedError)},
		"off page":  {plain, []appearance.Text{{Place: at("1", appearance.Rect{50, 600, 2000, 620}), Value: "a"}}, new(*appearance.PlaceError)},
		"no page":   {plain, []appearance.Text{{Place: at("7", appearance.Rect{50, 600, 200, 620}), Value: "a"}}, new(*appearance.PlaceError)},
		"no finder": {plain, []appearance.Text{{Place: appearance.Place{AtText: "Số"}, Value: "a"}}, new(*appearance.PlaceError)},
		"too small": {plain, []appearance.Text{{Place: at("1", appearance.Rect{50, 600, 54, 603}), Value: "quá nhỏ"}}, new(*appearance.FitError)},
		"too many":  {plain, slices.Repeat([]appearance.Text{good}, 1001), nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := prepareFails(c.data, sign.Options{Texts: c.texts})
			if err == nil || c.want != nil && !errors.As(err, c.want) {
				t.Errorf("error %v", err)
			}
		})
	}
}
