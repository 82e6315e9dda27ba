package rewrite

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// objectStream holds what texts says, numbered from first on.
func objectStream(extra string, first int, texts ...string) object {
	var index, body strings.Builder
	for i, s := range texts {
		fmt.Fprintf(&index, "%d %d ", first+i, body.Len())
		body.WriteString(s + " ")
	}
	data := deflate(index.String() + body.String())
	return stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode%s", len(texts), index.Len(), extra), data)
}

func TestSalvageFinds(t *testing.T) {
	head := "%PDF-1.7\n"
	for _, tt := range []struct {
		name string
		file string
		want string // numbers, generations and places; the last is the xref stream's
		root [2]int
	}{
		{"simple", head + "1 0 obj <</Type/Catalog>> endobj 2 0 obj null endobj", "1:0 2:0", [2]int{1, 0}},
		{"close together", head + "1 0 obj<</Type /Catalog>>endobj2 0obj<<>>3\r0\n\tobj endobj", "1:0 2:0 3:0", [2]int{1, 0}},
		{"generation", head + "3 7 obj<</Type/Catalog>>endobj", "3:7", [2]int{3, 7}},
		{"the last counts", head + "1 0 obj<</Type/Catalog>>endobj\n1 1 obj<</Type/Catalog/A 1>>endobj", "1:1", [2]int{1, 1}},
		{"the trailer counts more", head + "1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>", "1:0 2:0", [2]int{1, 0}},
		{"the trailer lies", head + "1 0 obj<</Type/Catalog>>endobj trailer<</Root 9 0 R>>", "1:0", [2]int{1, 0}},
		{"within a stream", head + "1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Length 14>>stream\n5 0 obj endobj\nendstream endobj\n3 0 obj null endobj", "1:0 2:0 3:0", [2]int{1, 0}},
		{"stream with a wrong length", head + "1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Length 2>>stream\n5 0 obj endobj\nendstream endobj\n3 0 obj null endobj", "1:0 2:0 3:0", [2]int{1, 0}},
		{"endstream within a stream", head + "1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Length 18>>stream\nendstream 5 0 obj \nendstream endobj", "1:0 2:0", [2]int{1, 0}},
		{"cut stream", head + "1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Length 99>>stream\n5 0 obj", "1:0 2:0", [2]int{1, 0}},
		{"words", head + "1 0 obj<</Type/Catalog/A(stream obj 3 obj object (4 0 obj a5 0 obj -6 0 obj 7 0.0 obj)>>endobj", "1:0", [2]int{1, 0}},
		{"numbers out of range", head + "1 0 obj<</Type/Catalog>>endobj 0 0 obj 99999999 0 obj 5 65536 obj 12345678901 0 obj", "1:0", [2]int{1, 0}},
		{"no header", "1 0 obj<</Type/Catalog>>endobj", "1:0", [2]int{1, 0}},
		{"object stream", head + "9 0 obj" + string(objectStream("", 1, "<</Type/Catalog>>", "<</A 1>>")) + "endobj", "1@9.0 2@9.1 9:0", [2]int{1, 0}},
		{"object stream with a predictor", head + "1 0 obj<</Type/Catalog>>endobj 9 0 obj" +
			string(objectStream("/DecodeParms<</Predictor 12>>", 5, "null")) + "endobj", "1:0 9:0", [2]int{1, 0}},
		{"object after an object stream", head + "9 0 obj" + string(objectStream("", 1, "<</Type/Catalog>>", "<</A 1>>")) +
			"endobj 2 0 obj null endobj", "1@9.0 2:0 9:0", [2]int{1, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &salvager{data: []byte(tt.file), objects: map[int]found{}, budget: maxSalvageData}
			s.scan()
			s.findRoot()
			var got []string
			for _, num := range slices.Sorted(maps.Keys(s.objects)) {
				if o := s.objects[num]; o.stream != 0 {
					got = append(got, fmt.Sprintf("%d@%d.%d", num, o.stream, o.index))
				} else {
					got = append(got, fmt.Sprintf("%d:%d", num, o.gen))
					if want := fmt.Sprint(num); !strings.HasPrefix(tt.file[o.offset:], want) {
						t.Errorf("object %d at %q", num, tt.file[o.offset:min(len(tt.file), o.offset+10)])
					}
				}
			}
			if strings.Join(got, " ") != tt.want || s.root != tt.root {
				t.Errorf("got %v, root %v; want %s, root %v", got, s.root, tt.want, tt.root)
			}
		})
	}
}

func TestSalvageNothing(t *testing.T) {
	for _, file := range []string{"", "%PDF-1.7\n", "text", "%PDF-1.7\n1 0 obj null endobj", "1 0 obj<</Type/Catalogue>>endobj"} {
		if out := salvage([]byte(file)); out != nil {
			t.Errorf("%q: %q", file, out)
		}
	}
}

// The work grows with the file only, whatever words it repeats.
func TestSalvageLinear(t *testing.T) {
	for _, tt := range []struct{ name, head, unit string }{
		{"obj", "", "obj "},
		{"stream", "", "stream\n"},
		{"headers", "", "1 0 obj "},
		{"streams without end", "", "1 0 obj<<>>stream\n"},
		{"words in one object", "1 0 obj<<", "stream "},
		{"digits", "", "1 1 1 1 obj"},
		{"roots", "1 0 obj<</Type/Catalog>>endobj", "/Root 1 0 R"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			salvage([]byte("%PDF-1.7\n" + tt.head + strings.Repeat(tt.unit, (4<<20)/len(tt.unit)))) // the test's own deadline judges
		})
	}
}

// What is salvaged of a sound file is the file.
func TestSalvageSample(t *testing.T) {
	f, was := open(t, salvage(sample()), ""), open(t, sample(), "")
	for num := uint32(1); num <= 13; num++ {
		a, err1 := was.Get(pdf.Ref{Num: num})
		b, err2 := f.Get(pdf.Ref{Num: num})
		if err1 != nil || err2 != nil || fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) {
			t.Errorf("object %d: %T, %v and %T, %v", num, a, err1, b, err2)
		}
	}
}

// FuzzSalvage: what comes out begins as a PDF file, ends with a startxref that
// points at its xref stream, and holds the input.
func FuzzSalvage(f *testing.F) {
	f.Add(sample())
	f.Add(goToE())
	f.Add([]byte("%PDF-1.7\n9 0 obj" + string(objectStream("", 1, "<</Type/Catalog>>", "<</A 1>>")) + "endobj"))
	f.Add([]byte("1 0 obj<</Type/Catalog/Length 3>>stream\r\nabcendstream"))
	f.Add([]byte("1 0 obj<</Type/Catalog>>2 0 obj<</Type/ObjStm/N 3/First 2>>stream\n1 0 2 -1 3 99 endstream"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out := salvage(data)
		if out == nil {
			return
		}
		if !bytes.HasPrefix(out, []byte("%PDF-")) {
			t.Fatalf("begins with %q", out[:5])
		}
		at := bytes.LastIndex(out, []byte("startxref\n"))
		var offset int
		if _, err := fmt.Sscan(string(out[at+len("startxref\n"):]), &offset); err != nil || offset >= at {
			t.Fatalf("startxref %d, %v", offset, err)
		}
		if !bytes.Contains(out[offset:min(len(out), offset+60)], []byte(" 0 obj\n<</Type/XRef")) {
			t.Fatalf("startxref points at %q", out[offset:])
		}
	})
}

// readQuietly lets pdfcpu's panics, which are known, pass for errors.
func readQuietly(data []byte) (c *model.Context, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return read(context.Background(), data)
}

// FuzzWork: whatever the file, the work ends with an error or with a file that
// opens; stack and memory are the child's affair.
func FuzzWork(f *testing.F) {
	api.DisableConfigDir()
	f.Add(sample())
	f.Add(sample()[:900])
	f.Add(goToE())
	f.Add(build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page>>",
		objectStream("", 5, "<</A 1>>", "7")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 1<<16 {
			return
		}
		mended := salvage(data)
		if mended == nil {
			return
		}
		c, err := readQuietly(mended)
		if err != nil || tidy(c, data, false) != nil {
			return
		}
		var out bytes.Buffer
		if err := write(c, "1.7", &out); err != nil {
			return
		}
		file, err := pdf.Open(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), pdf.OpenOptions{})
		if err != nil {
			t.Fatalf("%v\n%q", err, out.Bytes())
		}
		if n, err := file.NumPages(); err != nil || n < 1 {
			t.Fatalf("%d pages, %v\n%q", n, err, out.Bytes())
		}
	})
}
