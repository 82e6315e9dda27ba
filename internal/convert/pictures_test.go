package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/kyso-vn/kyso/internal/picture"
)

// sample is red at its upper left, blue at its upper right, green below.
func sample(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			switch {
			case y >= h/2:
				img.Set(x, y, color.RGBA{0, 200, 0, 255})
			case x < w/2:
				img.Set(x, y, color.RGBA{220, 0, 0, 255})
			default:
				img.Set(x, y, color.RGBA{0, 0, 220, 255})
			}
		}
	}
	return img
}

func encode(t testing.TB, kind string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, img)
	case "jpg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	case "tif":
		err = tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withOrientation puts an Exif segment into a JPEG file.
func withOrientation(data []byte, orientation uint16) []byte {
	tiffPart := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiffPart = binary.BigEndian.AppendUint16(tiffPart, orientation)
	tiffPart = append(tiffPart, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiffPart...)
	seg := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	out := append([]byte{}, data[:2]...)
	return append(append(append(out, seg...), body...), data[2:]...)
}

// tool runs a program over the data in a file; a missing one fails the test.
func tool(t testing.TB, data []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "IN", path)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func drawPage(t testing.TB, data []byte) image.Image {
	t.Helper()
	base := filepath.Join(t.TempDir(), "page")
	tool(t, data, "pdftoppm", "-r", "36", "-png", "-singlefile", "IN", base)
	f, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// paints names the colours at the quarters of the picture on a page, upper row
// first.
func paints(img image.Image) string {
	b := img.Bounds()
	var box image.Rectangle
	for y := range b.Dy() {
		for x := range b.Dx() {
			if name(img.At(x, y)) != "-" {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	w, h := box.Dx(), box.Dy()
	out := ""
	for _, y := range []int{1, 3} {
		for _, x := range []int{1, 3} {
			out += name(img.At(box.Min.X+x*w/4, box.Min.Y+y*h/4))
		}
	}
	return out
}

func name(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 0xC000 && g > 0xC000 && b > 0xC000:
		return "-"
	case r > g && r > b:
		return "r"
	case b > g:
		return "b"
	}
	return "g"
}

func TestPicturesOfEachKind(t *testing.T) {
	for _, kind := range []string{"png", "jpg", "tif"} {
		for shape, size := range map[string][2]int{"wide": {120, 60}, "high": {60, 120}} {
			t.Run(kind+" "+shape, func(t *testing.T) {
				data, err := Pictures(encode(t, kind, sample(size[0], size[1])))
				if err != nil {
					t.Fatal(err)
				}
				tool(t, data, "qpdf", "--check", "IN")
				img := drawPage(t, data)
				if wide := img.Bounds().Dx() > img.Bounds().Dy(); wide != (shape == "wide") {
					t.Errorf("page of %v", img.Bounds())
				}
				if got := paints(img); got != "rbgg" {
					t.Errorf("quarters %s, want rbgg", got)
				}
			})
		}
	}
}

// TestExifOrientation: quarters as seen for each orientation of a picture that
// is stored red, blue, green, green.
func TestExifOrientation(t *testing.T) {
	for o, want := range map[uint16]string{
		1: "rbgg", 2: "brgg", 3: "ggbr", 4: "ggrb", 5: "rgbg", 6: "grgb", 7: "gbgr", 8: "bgrg",
	} {
		t.Run(fmt.Sprint(o), func(t *testing.T) {
			data, err := Pictures(withOrientation(encode(t, "jpg", sample(120, 60)), o))
			if err != nil {
				t.Fatal(err)
			}
			img := drawPage(t, data)
			if got := paints(img); got != want {
				t.Errorf("quarters %s, want %s", got, want)
			}
			if high := img.Bounds().Dy() > img.Bounds().Dx(); high != (o >= 5) {
				t.Errorf("page of %v", img.Bounds())
			}
		})
	}
}

func TestJoin(t *testing.T) {
	files := [][]byte{encode(t, "png", sample(60, 30)), encode(t, "jpg", sample(30, 60)), encode(t, "tif", sample(30, 60))}
	data, err := Pictures(files...)
	if err != nil {
		t.Fatal(err)
	}
	info := tool(t, data, "pdfinfo", "-l", "3", "IN")
	sizes := regexp.MustCompile(`Page +\d+ size: +(\S+) x (\S+)`).FindAllStringSubmatch(info, -1)
	if len(sizes) != 3 || sizes[0][1] != "841.89" || sizes[1][1] != "595.28" || sizes[2][2] != "841.89" {
		t.Errorf("pages: %v\n%s", sizes, info)
	}
	again, err := Pictures(files...)
	if err != nil || !bytes.Equal(data, again) {
		t.Error("the same pictures give another file")
	}
	if !bytes.Contains(data, files[1]) {
		t.Error("the JPEG's bytes were changed")
	}
}

// TestRealSize: 300 x 150 pixels at 300 dpi are 72 x 36 pt.
func TestRealSize(t *testing.T) {
	raw := encode(t, "png", sample(300, 150))
	phys := []byte{0, 0, 0, 9, 'p', 'H', 'Y', 's', 0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1, 0x78, 0xA5, 0x3F, 0x76}
	raw = append(append(append([]byte{}, raw[:33]...), phys...), raw[33:]...)
	data, err := Pictures(raw)
	if err != nil {
		t.Fatal(err)
	}
	img := drawPage(t, data)
	n := 0
	for x := range img.Bounds().Dx() {
		if name(img.At(x, img.Bounds().Dy()/2+5)) != "-" {
			n++
		}
	}
	if n < 35 || n > 38 { // 36 dpi: 36 pixels
		t.Errorf("the picture is %d pixels wide, want 36", n)
	}
}

func TestPicturesRefused(t *testing.T) {
	two := encode(t, "tif", sample(8, 8))
	ifd := binary.LittleEndian.Uint32(two[4:])
	n := uint32(binary.LittleEndian.Uint16(two[ifd:]))
	binary.LittleEndian.PutUint32(two[ifd+2+12*n:], ifd) // a second directory
	for what, tc := range map[string]struct {
		data []byte
		want string
	}{
		"text":               {[]byte("hello"), "neither PNG nor JPEG"},
		"TIFF cut off":       {encode(t, "tif", sample(8, 8))[:20], "TIFF"},
		"TIFF of many pages": {two, "several pages"},
		"PDF":                {[]byte("%PDF-1.7"), "neither"},
	} {
		t.Run(what, func(t *testing.T) {
			_, err := Pictures(encode(t, "png", sample(8, 8)), tc.data)
			var pe *picture.Error
			if !errors.As(err, &pe) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "picture 2") {
				t.Errorf("got %v, want %q of picture 2", err, tc.want)
			}
		})
	}
	if _, err := Pictures(); err == nil {
		t.Error("no picture made a file")
	}
}

func TestKindOfName(t *testing.T) {
	for name, want := range map[string]Kind{
		"a.pdf": PDF, "A.PDF": PDF, "đơn.docx": OfficeDocument, "a.ODT": OfficeDocument, "a.rtf": OfficeDocument, "a.doc": OfficeDocument,
		"a.jpg": Picture, "a.JPEG": Picture, "a.png": Picture, "a.tif": Picture, "a.tiff": Picture,
		"a.txt": Unknown, "pdf": Unknown, "a.pdf.bak": Unknown, "": Unknown, "a.": Unknown,
	} {
		if got := KindOfName(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	for _, tc := range []struct {
		name, head string
		want       Kind
	}{
		{"a.pdf", "%PDF-1.4", PDF}, {"a.docx", "%PDF-1.4", PDF}, {"x", "\r\n%PDF-2.0", PDF},
		{"a.DOCX", "PK\x03\x04rest", OfficeDocument}, {"a.odt", "PK\x03\x04", OfficeDocument},
		{"a.zip", "PK\x03\x04", Unknown}, {"a.docx", "text", Unknown},
		{"a.doc", "\xD0\xCF\x11\xE0", OfficeDocument}, {"a.rtf", `{\rtf1`, OfficeDocument},
		{"a.bin", "\x89PNG\r\n\x1a\n", Picture}, {"a.jpg", "\xFF\xD8\xFF\xE0", Picture}, {"a.tif", "II*\x00", Picture},
		{"a.txt", "hello", Unknown}, {"", "", Unknown},
	} {
		if got := KindOf(tc.name, []byte(tc.head)); got != tc.want {
			t.Errorf("%s %q: %v, want %v", tc.name, tc.head, got, tc.want)
		}
	}
	for k := Unknown; k <= Picture; k++ {
		if k.String() == "invalid" {
			t.Errorf("kind %d has no name", k)
		}
	}
}
