package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// objects is an Adder that keeps what it is given.
type objects []pdf.Object

func (o *objects) Add(v pdf.Object) pdf.Ref {
	*o = append(*o, v)
	return pdf.Ref{Num: uint32(len(*o))}
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts a marker segment behind the start of a JPEG file.
func withSegment(data []byte, marker byte, body []byte) []byte {
	seg := []byte{0xFF, marker}
	seg = binary.BigEndian.AppendUint16(seg, uint16(len(body)+2))
	return append(append(append([]byte{}, data[:2]...), append(seg, body...)...), data[2:]...)
}

// exif is an Exif segment with an orientation and 300 dots per inch.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("Exif\x00\x00")
	head := "MM"
	if order.AppendUint16(nil, 1)[0] == 1 {
		head = "II"
	}
	tiff := order.AppendUint16([]byte(head), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint16(order.AppendUint16(order.AppendUint32(tiff, 1), orientation), 0)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x011A), 5)
	tiff = order.AppendUint32(order.AppendUint32(tiff, 1), 38)
	tiff = order.AppendUint32(tiff, 0)
	tiff = order.AppendUint32(order.AppendUint32(tiff, 300), 1)
	return append(b, tiff...)
}

func paint(w, h int, at func(x, y int) color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, at(x, y))
		}
	}
	return img
}

func TestPNG(t *testing.T) {
	red := color.NRGBA{200, 10, 20, 255}
	for _, tc := range []struct {
		name  string
		img   image.Image
		space pdf.Name
		mask  bool
	}{
		{"opaque colour", paint(5, 3, func(int, int) color.Color { return red }), "DeviceRGB", false},
		{"alpha", paint(5, 3, func(x, _ int) color.Color { return color.NRGBA{200, 10, 20, uint8(50 * x)} }), "DeviceRGB", true},
		{"gray", paint(5, 3, func(x, _ int) color.Color { return color.Gray{uint8(40 * x)} }), "DeviceGray", false},
		{"palette with a clear colour", func() image.Image {
			img := image.NewPaletted(image.Rect(0, 0, 5, 3), color.Palette{color.NRGBA{}, red})
			img.SetColorIndex(1, 1, 1)
			return img
		}(), "DeviceRGB", true},
		{"16 bits", func() image.Image {
			img := image.NewNRGBA64(image.Rect(0, 0, 5, 3))
			img.SetNRGBA64(2, 2, color.NRGBA64{0xFFFF, 0, 0, 0x8000})
			return img
		}(), "DeviceRGB", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Decode(encodePNG(t, tc.img))
			if err != nil {
				t.Fatal(err)
			}
			var o objects
			ref := p.Add(&o)
			d := o[ref.Num-1].(*pdf.Stream).Dict
			if d.Get("ColorSpace") != tc.space || d.Get("Width") != pdf.Integer(5) || d.Get("Height") != pdf.Integer(3) {
				t.Errorf("dictionary: %v %v %v", d.Get("ColorSpace"), d.Get("Width"), d.Get("Height"))
			}
			if mask := d.Get("SMask") != nil; mask != tc.mask || mask && len(o) != 2 {
				t.Errorf("soft mask %v in %d objects, want %v", mask, len(o), tc.mask)
			}
		})
	}
}

func TestJPEGKeepsItsBytes(t *testing.T) {
	data := encodeJPEG(t, paint(40, 30, func(x, y int) color.Color { return color.NRGBA{uint8(6 * x), uint8(8 * y), 90, 255} }))
	p, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var o objects
	s := o.stream(p)
	raw, err := s.Raw()
	if err != nil || !bytes.Equal(raw, data) {
		t.Errorf("the bytes were changed (%v)", err)
	}
	if s.Dict.Get("Filter") != pdf.Name("DCTDecode") || s.Dict.Get("ColorSpace") != pdf.Name("DeviceRGB") || p.Width != 40 || p.Height != 30 {
		t.Errorf("%d x %d, %v", p.Width, p.Height, s.Dict.Get("ColorSpace"))
	}
	gray, err := Decode(encodeJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8))))
	if err != nil || o.stream(gray).Dict.Get("ColorSpace") != pdf.Name("DeviceGray") {
		t.Errorf("gray: %v", err)
	}
}

func (o *objects) stream(p *Picture) *pdf.Stream {
	ref := p.Add(o)
	return (*o)[ref.Num-1].(*pdf.Stream)
}

func TestCMYKOfAdobeIsInverted(t *testing.T) {
	// A frame header is all that is looked at.
	frame := []byte{8, 0, 10, 0, 20, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0}
	plain := withSegment([]byte{0xFF, 0xD8, 0xFF, 0xD9}, 0xC0, frame)
	for name, tc := range map[string]struct {
		data   []byte
		invert bool
	}{"plain": {plain, false}, "adobe": {withSegment(plain, 0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02")), true}} {
		p, err := Decode(tc.data)
		if err != nil {
			t.Fatal(err)
		}
		var o objects
		d := o.stream(p).Dict
		if d.Get("ColorSpace") != pdf.Name("DeviceCMYK") || (d.Get("Decode") != nil) != tc.invert {
			t.Errorf("%s: %v, Decode %v", name, d.Get("ColorSpace"), d.Get("Decode"))
		}
	}
}

func TestExifOrientation(t *testing.T) {
	data := encodeJPEG(t, image.NewGray(image.Rect(0, 0, 16, 8)))
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		for o := uint16(1); o <= 8; o++ {
			p, err := Decode(withSegment(data, 0xE1, exif(order, o)))
			if err != nil {
				t.Fatal(err)
			}
			w, h := p.Seen()
			if turned := o >= 5; p.Orientation != int(o) || (w == 8) != turned || (h == 16) != turned || p.DPI != 300 {
				t.Errorf("orientation %d: %d, %d x %d, %g dpi", o, p.Orientation, w, h, p.DPI)
			}
		}
	}
}

// TestMatrixTurnsCorners: where the first stored pixel (upper left of the unit
// square) must be seen, EXIF 2.3, Orientation: row 0 and column 0 are at …
func TestMatrixTurnsCorners(t *testing.T) {
	seen := map[int][2]float64{ // row 0/column 0 corner as seen
		1: {0, 1}, 2: {1, 1}, 3: {1, 0}, 4: {0, 0}, 5: {0, 1}, 6: {1, 1}, 7: {1, 0}, 8: {0, 0},
	}
	// The far end of row 0 (upper right of the unit square).
	end := map[int][2]float64{
		1: {1, 1}, 2: {0, 1}, 3: {0, 0}, 4: {1, 0}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1},
	}
	for o := 1; o <= 8; o++ {
		m := (&Picture{Orientation: o}).Matrix()
		for _, c := range []struct{ in, want [2]float64 }{{[2]float64{0, 1}, seen[o]}, {[2]float64{1, 1}, end[o]}} {
			x, y := m[0]*c.in[0]+m[2]*c.in[1]+m[4], m[1]*c.in[0]+m[3]*c.in[1]+m[5]
			if math.Abs(x-c.want[0])+math.Abs(y-c.want[1]) > 1e-9 {
				t.Errorf("orientation %d: %v is seen at %g,%g, want %v", o, c.in, x, y, c.want)
			}
		}
	}
}

func TestResolution(t *testing.T) {
	data := encodeJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	jfif := withSegment(data, 0xE0, []byte("JFIF\x00\x01\x02\x01\x00\xC8\x00\xC8\x00\x00"))
	if p, err := Decode(jfif); err != nil || p.DPI != 200 {
		t.Errorf("JFIF: %v, %v", p, err)
	}
	phys := []byte{0, 0, 0, 9, 'p', 'H', 'Y', 's', 0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1, 0x78, 0xA5, 0x3F, 0x76}
	raw := encodePNG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	p, err := Decode(append(append(append([]byte{}, raw[:33]...), phys...), raw[33:]...))
	if err != nil || math.Abs(p.DPI-300) > 0.1 {
		t.Errorf("PNG: %v, %v", p, err)
	}
}

func TestRefusals(t *testing.T) {
	okJPEG := encodeJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	okPNG := encodePNG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	huge := append([]byte{}, okPNG...)
	binary.BigEndian.PutUint32(huge[16:], 1<<30) // the checksum is wrong too: any error will do, but no memory
	for name, tc := range map[string]struct {
		data []byte
		want string
	}{
		"empty":               {nil, "neither PNG nor JPEG"},
		"GIF":                 {[]byte("GIF89a"), "neither PNG nor JPEG"},
		"PNG cut off":         {okPNG[:len(okPNG)/2], "PNG"},
		"PNG too large":       {huge, "PNG"},
		"JPEG cut off":        {okJPEG[:len(okJPEG)-2], "no end of image"},
		"JPEG header only":    {okJPEG[:4], "JPEG"},
		"JPEG without frame":  {[]byte{0xFF, 0xD8, 0xFF, 0xD9, 0, 0, 0}, "JPEG"},
		"JPEG of 12 bits":     {withSegment([]byte{0xFF, 0xD8, 0xFF, 0xD9}, 0xC1, []byte{12, 0, 8, 0, 8, 1}), "12 bits"},
		"JPEG with two parts": {withSegment([]byte{0xFF, 0xD8, 0xFF, 0xD9}, 0xC0, []byte{8, 0, 8, 0, 8, 2}), "2 colour components"},
		"JPEG of no height":   {withSegment([]byte{0xFF, 0xD8, 0xFF, 0xD9}, 0xC0, []byte{8, 0, 0, 0, 8, 1}), "pixels"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(tc.data)
			var pe *Error
			if !errors.As(err, &pe) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encodeJPEG(f, image.NewGray(image.Rect(0, 0, 8, 8))))
	f.Add(encodePNG(f, image.NewGray(image.Rect(0, 0, 8, 8))))
	f.Add(withSegment(encodeJPEG(f, image.NewGray(image.Rect(0, 0, 8, 8))), 0xE1, exif(binary.LittleEndian, 6)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		p, err := Decode(data)
		if err != nil {
			return
		}
		if p.Width < 1 || p.Height < 1 || p.Orientation < 1 || p.Orientation > 8 || p.DPI < 0 {
			t.Errorf("accepted %+v", p)
		}
	})
}
