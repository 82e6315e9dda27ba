package picture

import (
	"bytes"
	"encoding/binary"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// decodeJPEG reads the frame header and keeps the file's bytes as they are:
// DCTDecode takes baseline and progressive files. ITU-T T.81, B.1.
func decodeJPEG(data []byte) (*Picture, error) {
	p := &Picture{Orientation: 1, data: data, coded: true}
	adobe, components, bits := false, 0, 0
	for at := 2; components == 0; {
		for at < len(data) && data[at] == 0xFF && at+1 < len(data) && data[at+1] == 0xFF {
			at++ // fill bytes, T.81 B.1.1.2
		}
		if at+4 > len(data) || data[at] != 0xFF {
			return nil, errorf("JPEG: no frame header (damaged at byte %d)", at)
		}
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			return nil, errorf("JPEG: segment at byte %d is cut off", at)
		}
		body := data[at+4 : at+2+size]
		switch {
		case isFrame(marker):
			if len(body) < 6 {
				return nil, errorf("JPEG: frame header is cut off")
			}
			bits, components = int(body[0]), int(body[5])
			p.Height, p.Width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
		case marker == 0xE0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 12:
			p.DPI = jfifDPI(body)
		case marker == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			info := ReadTIFF(body[6:])
			p.Orientation = info.Orientation
			if p.DPI == 0 {
				p.DPI = info.DPI
			}
		case marker == 0xEE && bytes.HasPrefix(body, []byte("Adobe")):
			adobe = true
		case marker == 0xDA:
			return nil, errorf("JPEG: no frame header before the scan")
		}
		at += 2 + size
	}
	if bits != 8 {
		return nil, errorf("JPEG with %d bits a sample: PDF takes 8", bits)
	}
	if err := checkSize(p.Width, p.Height, limitPixels); err != nil {
		return nil, err
	}
	if !bytes.Contains(data[max(0, len(data)-1024):], []byte{0xFF, 0xD9}) {
		return nil, errorf("JPEG: the file is cut off (no end of image)")
	}
	space, ok := map[int]pdf.Name{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[components]
	if !ok {
		return nil, errorf("JPEG with %d colour components", components)
	}
	p.dict = imageDict(p.Width, p.Height, space, 8)
	p.dict.Set("Filter", pdf.Name("DCTDecode"))
	if components == 4 && adobe {
		// Adobe writes CMYK inverted; T.81 does not say so, every reader knows.
		p.dict.Set("Decode", pdf.Array{
			pdf.Integer(1), pdf.Integer(0), pdf.Integer(1), pdf.Integer(0),
			pdf.Integer(1), pdf.Integer(0), pdf.Integer(1), pdf.Integer(0),
		})
	}
	return p, nil
}

// isFrame: the Huffman-coded frames that DCTDecode takes (ISO 32000-2, 7.4.8):
// baseline, extended sequential, progressive.
func isFrame(marker byte) bool { return marker >= 0xC0 && marker <= 0xC2 }

func jfifDPI(body []byte) float64 {
	x := float64(binary.BigEndian.Uint16(body[8:]))
	switch body[7] {
	case 1: // dots per inch
		return x
	case 2: // dots per centimetre
		return x * 2.54
	}
	return 0
}

// pngDPI reads the pHYs chunk. PNG, 11.3.4.3.
func pngDPI(data []byte) float64 {
	for at := 8; at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		if size < 0 || size > len(data)-at-12 {
			return 0
		}
		if string(data[at+4:at+8]) == "pHYs" && size >= 9 && data[at+16] == 1 {
			return float64(binary.BigEndian.Uint32(data[at+8:])) * 0.0254
		}
		at += 12 + size
	}
	return 0
}
