// Package picture turns PNG and JPEG files into image XObjects: PNG decoded
// and compressed again with its alpha as a soft mask, JPEG byte for byte. It
// is for the picture in a mark and for pages made of pictures. Every size is
// bounded before memory is taken for it. Decode is safe for concurrent use.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Limits of one picture file.
const (
	limitBytes  = 64 << 20
	limitPixels = 100_000_000 // an A3 sheet at 600 dpi has 70 million; a JPEG is not decoded
	// LimitDecoded bounds the pixels that are decoded, some 8 bytes each: an A4
	// sheet at 600 dpi has 35 million.
	LimitDecoded = 40_000_000
)

// Error says why a picture can't be used.
type Error struct{ Reason string }

func (e *Error) Error() string { return "picture: " + e.Reason }

func errorf(format string, args ...any) error { return &Error{Reason: fmt.Sprintf(format, args...)} }

// Picture is a decoded picture, ready to be written.
type Picture struct {
	Width, Height int     // pixels as stored
	Orientation   int     // EXIF, 1..8: how the stored pixels are to be turned
	DPI           float64 // 0: the file does not say

	dict  *pdf.Dict // of the image, without /SMask
	data  []byte    // encoded when filter is set, else raw samples
	coded bool
	alpha []byte // 8-bit soft mask samples; nil: opaque
}

// Seen is the size in pixels after Orientation is applied.
func (p *Picture) Seen() (width, height int) {
	if p.Orientation >= 5 {
		return p.Height, p.Width
	}
	return p.Width, p.Height
}

// Matrix maps the unit square that an image fills to the square as seen, for
// "cm" before the scaling to the box. EXIF 2.3, 4.6.4, tag Orientation.
func (p *Picture) Matrix() [6]float64 {
	switch p.Orientation {
	case 2:
		return [6]float64{-1, 0, 0, 1, 1, 0}
	case 3:
		return [6]float64{-1, 0, 0, -1, 1, 1}
	case 4:
		return [6]float64{1, 0, 0, -1, 0, 1}
	case 5:
		return [6]float64{0, -1, -1, 0, 1, 1}
	case 6:
		return [6]float64{0, -1, 1, 0, 0, 1}
	case 7:
		return [6]float64{0, 1, 1, 0, 0, 0}
	case 8:
		return [6]float64{0, 1, -1, 0, 1, 0}
	}
	return [6]float64{1, 0, 0, 1, 0, 0}
}

// Adder takes new objects: a *pdf.Update, or a whole-file writer.
type Adder interface{ Add(o pdf.Object) pdf.Ref }

// Add writes the image XObject, and its soft mask, and returns its reference.
func (p *Picture) Add(w Adder) pdf.Ref {
	d := p.dict.Clone()
	if p.alpha != nil {
		mask := imageDict(p.Width, p.Height, "DeviceGray", 8)
		d.Set("SMask", w.Add(pdf.NewFlateStream(mask, p.alpha)))
	}
	if p.coded {
		return w.Add(pdf.NewStream(d, p.data))
	}
	return w.Add(pdf.NewFlateStream(d, p.data))
}

func imageDict(w, h int, space pdf.Name, bits int) *pdf.Dict {
	return pdf.NewDict(
		pdf.Name("Type"), pdf.Name("XObject"),
		pdf.Name("Subtype"), pdf.Name("Image"),
		pdf.Name("Width"), pdf.Integer(w),
		pdf.Name("Height"), pdf.Integer(h),
		pdf.Name("ColorSpace"), space,
		pdf.Name("BitsPerComponent"), pdf.Integer(bits))
}

// Decode reads a PNG or JPEG file. Errors are *Error.
func Decode(data []byte) (*Picture, error) {
	if len(data) > limitBytes {
		return nil, errorf("file has %d bytes, more than %d", len(data), limitBytes)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return decodePNG(data)
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8}):
		return decodeJPEG(data)
	}
	return nil, errorf("neither PNG nor JPEG")
}

func checkSize(w, h, limit int) error {
	if w < 1 || h < 1 || w > limit/h {
		return errorf("%d x %d pixels: want 1 to %d in all", w, h, limit)
	}
	return nil
}

func decodePNG(data []byte) (*Picture, error) {
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, errorf("PNG: %v", err)
	}
	if err := checkSize(cfg.Width, cfg.Height, LimitDecoded); err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errorf("PNG: %v", err)
	}
	p := FromImage(img)
	p.DPI = pngDPI(data)
	return p, nil
}

// FromImage makes a picture of decoded pixels: grey when all are grey, with a
// soft mask when one is not opaque. Samples deeper than 8 bits lose the rest.
func FromImage(img image.Image) *Picture {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	rgb, alpha := make([]byte, 0, 3*w*h), make([]byte, 0, w*h)
	gray, opaque := true, true
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			rgb, alpha = append(rgb, c.R, c.G, c.B), append(alpha, c.A)
			gray = gray && c.R == c.G && c.G == c.B
			opaque = opaque && c.A == 0xFF
		}
	}
	p := &Picture{Width: w, Height: h, Orientation: 1, dict: imageDict(w, h, "DeviceRGB", 8), data: rgb}
	if gray {
		p.dict = imageDict(w, h, "DeviceGray", 8)
		p.data = make([]byte, w*h)
		for i := range p.data {
			p.data[i] = rgb[3*i]
		}
	}
	if !opaque {
		p.alpha = alpha
	}
	return p
}
