package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// pageTree makes a file whose objects 2 and up are the given ones.
func pageTree(objects ...string) *docGen {
	g := newDoc("%PDF-1.7\n").obj(1, "<</Type/Catalog/Pages 2 0 R>>")
	for i, o := range objects {
		g.obj(uint32(2+i), o)
	}
	return g.table("")
}

func TestPages(t *testing.T) {
	for _, c := range []struct {
		name    string
		objects []string
		want    string // references of the pages
	}{
		{"one", []string{"<</Kids[3 0 R]/Count 1>>", "<</Type/Page>>"}, "[3]"},
		{"none", []string{"<</Type/Pages/Kids[]/Count 0>>"}, "[]"},
		{"tree", []string{"<</Kids[3 0 R 4 0 R]/Count 3>>", "<</Kids[5 0 R 6 0 R]/Count 2>>", "<</Type/Page>>",
			"<</Type/Page>>", "<</Type/Page>>"}, "[5 6 4]"},
		{"as many nodes as pages", []string{"<</Kids[3 0 R 4 0 R]/Count 2>>", "<</Kids[]/Count 0>>", "<</Kids[5 0 R 6 0 R]/Count 2>>",
			"<</Type/Page>>", "<</Type/Page>>"}, "[5 6]"},
		{"count missing", []string{"<</Kids[3 0 R 4 0 R]>>", "<</Kids[5 0 R]>>", "<</Type/Page>>", "<</Type/Page>>"}, "[5 4]"},
		{"count below missing", []string{"<</Kids[3 0 R 4 0 R]/Count 2>>", "<</Kids[5 0 R]>>", "<</Type/Page>>", "<</Type/Page>>"}, "[5 4]"},
		{"count negative", []string{"<</Kids[3 0 R]/Count -1>>", "<</Type/Page>>"}, "[3]"},
		{"count zero", []string{"<</Kids[3 0 R]/Count 0>>", "<</Type/Page>>"}, "[3]"},
		{"count huge", []string{"<</Kids[3 0 R]/Count 2147483647>>", "<</Type/Page>>"}, "[3]"},
		{"count elsewhere", []string{"<</Kids[3 0 R]/Count 4 0 R>>", "<</Type/Page>>", "1"}, "[3]"},
		{"kids elsewhere", []string{"<</Kids 4 0 R/Count 1>>", "<</Type/Page>>", "[3 0 R]"}, "[3]"},
		{"null among the kids", []string{"<</Kids[null 3 0 R 99 0 R]/Count 1>>", "<</Type/Page>>"}, "[3]"},
		{"no /Type", []string{"<</Kids[3 0 R]/Count 1>>", "<</MediaBox[0 0 1 1]>>"}, "[3]"},
		{"the root is a page", []string{"<</Type/Page>>"}, "[2]"},
		{"a page with /Kids", []string{"<</Kids[3 0 R]/Count 1>>", "<</Type/Page/Kids[4 0 R]>>", "<</Type/Page>>"}, "[3]"},
		{"a page twice", []string{"<</Kids[3 0 R 3 0 R]/Count 2>>", "<</Type/Page>>"}, "[3 3]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pageTree(c.objects...).open(t)
			got := []uint32{}
			for p, err := range f.Pages() {
				if err != nil {
					t.Fatal(err)
				}
				if p.Index != len(got) {
					t.Errorf("page %d has index %d", len(got), p.Index)
				}
				got = append(got, p.Ref.Num)
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("pages %v, want %s", got, c.want)
			}
			if n, err := f.NumPages(); err != nil || n != len(got) {
				t.Errorf("%d pages, %v", n, err)
			}
			for i, num := range got {
				if p, err := f.Page(i); err != nil || p.Ref.Num != num || p.Index != i {
					t.Errorf("page %d is %+v, %v", i, p, err)
				}
			}
			for _, i := range []int{-1, len(got), len(got) + 1000} {
				if p, err := f.Page(i); !Damaged(err) {
					t.Errorf("page %d is %+v, %v", i, p, err)
				}
			}
		})
	}
}

func TestPagesErrors(t *testing.T) {
	deep := make([]string, 400)
	for i := range deep {
		deep[i] = fmt.Sprintf("<</Kids[%d 0 R]/Count 1>>", 3+i)
	}
	deep = append(deep, "<</Type/Page>>")
	for _, c := range []struct {
		name, want string
		objects    []string
	}{
		{"no tree", "no page tree", nil},
		{"no dictionary", "a dictionary expected", []string{"(x)"}},
		{"kids no array", "an array expected", []string{"<</Kids(x)/Count 1>>"}},
		{"kid no dictionary", "a dictionary expected", []string{"<</Kids[(x)]/Count 1>>"}},
		{"loop", "twice", []string{"<</Kids[3 0 R]/Count 1>>", "<</Kids[2 0 R]/Count 1>>"}},
		{"node twice", "twice", []string{"<</Kids[3 0 R 3 0 R]/Count 2>>", "<</Kids[]/Count 1>>"}},
		{"deep", LimitTreeDepth, deep},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pageTree(c.objects...).open(t)
			var err error
			for _, e := range f.Pages() {
				err = e
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if p, err := f.Page(0); err == nil {
				t.Errorf("page 0 is %+v", p)
			}
		})
	}
	t.Run("no catalog", func(t *testing.T) {
		f := newDoc("%PDF-1.7\n").obj(5, "1").table("").open(t)
		if _, err := f.NumPages(); !Damaged(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("count lies", func(t *testing.T) {
		f := pageTree("<</Kids[3 0 R]/Count 3>>", "<</Type/Page>>", "1").open(t)
		if n, err := f.NumPages(); n != 3 || err != nil {
			t.Errorf("%d pages, %v", n, err)
		}
		if p, err := f.Page(2); !Damaged(err) {
			t.Errorf("page 2 is %+v, %v", p, err)
		}
	})
}

func TestPageBoxes(t *testing.T) {
	for _, c := range []struct {
		name, root, page string
		want             string
	}{
		{"own", "", "/MediaBox[0 0 100 200]", "[0 0 100 200] [0 0 100 200] 0 1"},
		{"inherited", "/MediaBox[0 0 100 200]/CropBox[10 10 90 190]/Rotate 90", "", "[0 0 100 200] [10 10 90 190] 90 1"},
		{"own over inherited", "/MediaBox[0 0 1 1]/Rotate 90", "/MediaBox[0 0 100 200]/Rotate 0", "[0 0 100 200] [0 0 100 200] 0 1"},
		{"null inherits", "/MediaBox[0 0 100 200]", "/MediaBox null", "[0 0 100 200] [0 0 100 200] 0 1"},
		{"corners in another order", "", "/MediaBox[100 200 0 -1.5]", "[0 -1.5 100 200] [0 -1.5 100 200] 0 1"},
		{"crop clipped", "", "/MediaBox[0 0 100 200]/CropBox[-10 50 300 150]", "[0 0 100 200] [0 50 100 150] 0 1"},
		{"crop outside", "", "/MediaBox[0 0 100 200]/CropBox[300 0 400 100]", "[0 0 100 200] [0 0 100 200] 0 1"},
		{"crop empty", "", "/MediaBox[0 0 100 200]/CropBox[0 0 0 0]", "[0 0 100 200] [0 0 100 200] 0 1"},
		{"missing", "", "", "[0 0 612 792] [0 0 612 792] 0 1"},
		{"no rectangle", "", "/MediaBox[0 0 (a) 1]", "[0 0 612 792] [0 0 612 792] 0 1"},
		{"elements elsewhere", "", "/MediaBox[0 0 4 0 R 4 0 R]", "[0 0 77 77] [0 0 77 77] 0 1"},
		{"rotate negative", "", "/Rotate -90", "[0 0 612 792] [0 0 612 792] 270 1"},
		{"rotate large", "", "/Rotate 810", "[0 0 612 792] [0 0 612 792] 90 1"},
		{"rotate real", "", "/Rotate 180.0", "[0 0 612 792] [0 0 612 792] 180 1"},
		{"rotate odd", "", "/Rotate 45", "[0 0 612 792] [0 0 612 792] 0 1"},
		{"user unit", "", "/UserUnit 2.5", "[0 0 612 792] [0 0 612 792] 0 2.5"},
		{"user unit is not inherited", "/UserUnit 2", "", "[0 0 612 792] [0 0 612 792] 0 1"},
		{"user unit negative", "", "/UserUnit -2", "[0 0 612 792] [0 0 612 792] 0 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pageTree("<</Kids[3 0 R]/Count 1"+c.root+">>", "<</Type/Page"+c.page+">>", "77").open(t)
			p, err := f.Page(0)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(p.MediaBox, p.CropBox, p.Rotate, p.UserUnit); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	f := pageTree("<</Kids[3 0 R]/Count 1/Resources 5 0 R>>", "<</Type/Page>>").open(t)
	if p, err := f.Page(0); err != nil || p.Resources != (Ref{5, 0}) || p.Dict.Has("Resources") {
		t.Errorf("inherited resources: %+v, %v", p, err)
	}
}
