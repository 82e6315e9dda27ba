package picture

import "encoding/binary"

// TIFFInfo is what the first image directory of a TIFF structure, as in a TIFF
// file or an Exif segment, says of how to show the picture.
type TIFFInfo struct {
	Orientation int     // 1..8
	DPI         float64 // 0: not said
	More        bool    // a second directory follows: another page, or in Exif a thumbnail
}

// Tags of a directory. TIFF 6.0, section 8.
const (
	tagXResolution    = 0x011A
	tagOrientation    = 0x0112
	tagResolutionUnit = 0x0128
)

// ReadTIFF reads orientation and resolution; what it can't read it leaves at 1
// and 0. TIFF 6.0, section 2.
func ReadTIFF(b []byte) TIFFInfo {
	info := TIFFInfo{Orientation: 1}
	if len(b) < 8 {
		return info
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return info
	}
	n := uint64(order.Uint16(b[at:]))
	unit := uint16(2) // inch, the default
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(b)) {
			return info
		}
		value := order.Uint16(b[e+8:])
		switch order.Uint16(b[e:]) {
		case tagOrientation:
			if value >= 1 && value <= 8 {
				info.Orientation = int(value)
			}
		case tagResolutionUnit:
			unit = value
		case tagXResolution: // a fraction elsewhere
			if off := uint64(order.Uint32(b[e+8:])); off+8 <= uint64(len(b)) {
				if den := order.Uint32(b[off+4:]); den != 0 {
					info.DPI = float64(order.Uint32(b[off:])) / float64(den)
				}
			}
		}
	}
	switch unit {
	case 1: // no unit: the numbers give a shape only
		info.DPI = 0
	case 3: // centimetre
		info.DPI *= 2.54
	}
	if next := at + 2 + 12*n; next+4 <= uint64(len(b)) {
		info.More = order.Uint32(b[next:]) != 0
	}
	return info
}
