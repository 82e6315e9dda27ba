package appearance

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits of a user's font file; every offset and count in it is bounded by the
// file before it is used.
const (
	limitFontBytes      = 32 << 20
	limitFontTables     = 256
	limitCompositeDepth = 8
	limitCmapEntries    = 1 << 18 // a font has at most 65,535 glyphs; some stand for several characters
)

// FontError says why a font file can't be used.
type FontError struct{ Reason string }

func (e *FontError) Error() string { return "font: " + e.Reason }

func fontErrorf(format string, args ...any) error {
	return &FontError{Reason: fmt.Sprintf(format, args...)}
}

// sfnt is a TrueType font file with glyf outlines, parsed as far as a subset
// for PDF needs. Names of tables and fields are those of ISO/IEC 14496-22
// (OpenType).
type sfnt struct {
	tables     map[string][]byte
	unitsPerEm int
	bbox       [4]int
	longLoca   bool
	numGlyphs  int
	numHMetric int
	ascent     int
	descent    int
	capHeight  int
	italic     float64 // degrees, counter-clockwise
	weight     int
	fsType     uint16
	psName     string
	runes      map[rune]uint16
}

// parseSFNT reads the tables that embedding needs.
func parseSFNT(data []byte) (*sfnt, error) {
	if len(data) > limitFontBytes {
		return nil, fontErrorf("file has %d bytes, more than %d", len(data), limitFontBytes)
	}
	f := &sfnt{}
	if err := f.readDirectory(data); err != nil {
		return nil, err
	}
	for _, step := range []func() error{f.readHead, f.readMetrics, f.readOS2, f.readPost, f.readCmap} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	f.psName = f.readPSName()
	return f, nil
}

// readDirectory cuts the file into tables. ISO/IEC 14496-22, 4.5.
func (f *sfnt) readDirectory(data []byte) error {
	if len(data) < 12 {
		return fontErrorf("file has only %d bytes", len(data))
	}
	switch v := binary.BigEndian.Uint32(data); v {
	case 0x00010000, 0x74727565: // 1.0; 'true', written by Apple
	case 0x4F54544F: // 'OTTO'
		return fontErrorf("CFF outlines (.otf) are not supported, give a TrueType file (.ttf)")
	case 0x74746366: // 'ttcf'
		return fontErrorf("font collections (.ttc) are not supported, give a single .ttf")
	default:
		return fontErrorf("not a TrueType file (first bytes %08x)", v)
	}
	n := int(binary.BigEndian.Uint16(data[4:]))
	if n > limitFontTables || 12+16*n > len(data) {
		return fontErrorf("table directory of %d entries does not fit the file", n)
	}
	f.tables = make(map[string][]byte, n)
	for i := range n {
		e := data[12+16*i:]
		off, size := uint64(binary.BigEndian.Uint32(e[8:])), uint64(binary.BigEndian.Uint32(e[12:]))
		if off+size > uint64(len(data)) {
			return fontErrorf("table %q lies outside the file", e[:4])
		}
		f.tables[string(e[:4])] = data[off : off+size]
	}
	for _, need := range []string{"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cmap"} {
		if len(f.tables[need]) == 0 {
			return fontErrorf("table %q is missing", need)
		}
	}
	return nil
}

func (f *sfnt) readHead() error {
	head, maxp := f.tables["head"], f.tables["maxp"]
	if len(head) < 54 || len(maxp) < 6 {
		return fontErrorf("table head or maxp is too short")
	}
	f.unitsPerEm = int(binary.BigEndian.Uint16(head[18:]))
	if f.unitsPerEm < 16 || f.unitsPerEm > 16384 {
		return fontErrorf("unitsPerEm is %d", f.unitsPerEm)
	}
	for i := range f.bbox {
		f.bbox[i] = int(int16(binary.BigEndian.Uint16(head[36+2*i:])))
	}
	f.longLoca = binary.BigEndian.Uint16(head[50:]) != 0
	f.numGlyphs = int(binary.BigEndian.Uint16(maxp[4:]))
	size := 2
	if f.longLoca {
		size = 4
	}
	if f.numGlyphs == 0 || len(f.tables["loca"]) < size*(f.numGlyphs+1) {
		return fontErrorf("loca does not hold %d glyphs", f.numGlyphs)
	}
	return nil
}

func (f *sfnt) readMetrics() error {
	hhea := f.tables["hhea"]
	if len(hhea) < 36 {
		return fontErrorf("table hhea is too short")
	}
	f.ascent = int(int16(binary.BigEndian.Uint16(hhea[4:])))
	f.descent = int(int16(binary.BigEndian.Uint16(hhea[6:])))
	f.numHMetric = int(binary.BigEndian.Uint16(hhea[34:]))
	if f.numHMetric == 0 || f.numHMetric > f.numGlyphs || len(f.tables["hmtx"]) < 4*f.numHMetric {
		return fontErrorf("hmtx does not hold %d metrics", f.numHMetric)
	}
	return nil
}

// readOS2 takes the embedding rights, weight and cap height; an old font
// without the table has no restriction.
func (f *sfnt) readOS2() error {
	f.weight, f.capHeight = 400, f.ascent*7/10
	os2 := f.tables["OS/2"]
	if len(os2) < 10 {
		return nil
	}
	f.weight = int(binary.BigEndian.Uint16(os2[4:]))
	f.fsType = binary.BigEndian.Uint16(os2[8:])
	if len(os2) >= 90 && binary.BigEndian.Uint16(os2) >= 2 {
		f.capHeight = int(int16(binary.BigEndian.Uint16(os2[88:])))
	}
	return f.checkEmbedding()
}

// checkEmbedding obeys OS/2 fsType: bits 0-3 say the right, bit 8 forbids
// subsetting, bit 9 permits bitmaps only. When several of bits 0-3 are set the
// least restrictive counts (OpenType 1.9, OS/2, fsType).
func (f *sfnt) checkEmbedding() error {
	if right := f.fsType & 0x000F; right == 0x0002 {
		return fontErrorf("its licence forbids embedding (OS/2 fsType %#04x)", f.fsType)
	}
	if f.fsType&0x0100 != 0 {
		return fontErrorf("its licence forbids subsetting (OS/2 fsType %#04x)", f.fsType)
	}
	if f.fsType&0x0200 != 0 {
		return fontErrorf("its licence permits embedding of bitmaps only (OS/2 fsType %#04x)", f.fsType)
	}
	return nil
}

func (f *sfnt) readPost() error {
	if post := f.tables["post"]; len(post) >= 8 {
		f.italic = float64(int32(binary.BigEndian.Uint32(post[4:]))) / 65536
	}
	return nil
}

// readPSName returns name 6 in plain ASCII, or "Font".
func (f *sfnt) readPSName() string {
	name := f.tables["name"]
	if len(name) < 6 {
		return "Font"
	}
	n, base := int(binary.BigEndian.Uint16(name[2:])), int(binary.BigEndian.Uint16(name[4:]))
	for i := 0; i < n && 6+12*i+12 <= len(name); i++ {
		e := name[6+12*i:]
		if binary.BigEndian.Uint16(e[6:]) != 6 {
			continue
		}
		size, off := int(binary.BigEndian.Uint16(e[8:])), base+int(binary.BigEndian.Uint16(e[10:]))
		if off+size > len(name) {
			continue
		}
		var out []byte
		for _, c := range name[off : off+size] { // UTF-16BE of ASCII: drop the zeros
			if c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
				out = append(out, c)
			}
		}
		if len(out) > 0 && len(out) <= 63 {
			return string(out)
		}
	}
	return "Font"
}

// readCmap reads the best Unicode subtable: format 12 before format 4.
func (f *sfnt) readCmap() error {
	cmap := f.tables["cmap"]
	if len(cmap) < 4 {
		return fontErrorf("table cmap is too short")
	}
	n := int(binary.BigEndian.Uint16(cmap[2:]))
	var best []byte
	var bestFormat uint16
	for i := 0; i < n && 4+8*i+8 <= len(cmap); i++ {
		e := cmap[4+8*i:]
		platform, encoding := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[2:])
		off := uint64(binary.BigEndian.Uint32(e[4:]))
		if platform != 0 && !(platform == 3 && (encoding == 1 || encoding == 10)) || off+16 > uint64(len(cmap)) {
			continue
		}
		sub := cmap[off:]
		if format := binary.BigEndian.Uint16(sub); (format == 4 || format == 12) && format > bestFormat {
			best, bestFormat = sub, format
		}
	}
	f.runes = map[rune]uint16{}
	switch bestFormat {
	case 4:
		return f.readCmap4(best)
	case 12:
		return f.readCmap12(best)
	}
	return fontErrorf("no Unicode character map (cmap format 4 or 12)")
}

var errCmap = errors.New("font: cmap is damaged")

func (f *sfnt) readCmap4(sub []byte) error {
	segs := int(binary.BigEndian.Uint16(sub[6:])) / 2
	if 16+8*segs > len(sub) {
		return errCmap
	}
	ends, starts := sub[14:], sub[16+2*segs:]
	deltas, offsets := sub[16+4*segs:], sub[16+6*segs:]
	entries := 0
	for i := range segs {
		end, start := int(binary.BigEndian.Uint16(ends[2*i:])), int(binary.BigEndian.Uint16(starts[2*i:]))
		delta, off := int(binary.BigEndian.Uint16(deltas[2*i:])), int(binary.BigEndian.Uint16(offsets[2*i:]))
		if entries += end - start; entries > limitCmapEntries {
			return errCmap
		}
		for c := start; c <= end && c != 0xFFFF; c++ {
			gid := c + delta
			if off != 0 {
				at := 2*i + off + 2*(c-start)
				if at+2 > len(offsets) {
					break
				}
				if gid = int(binary.BigEndian.Uint16(offsets[at:])); gid != 0 {
					gid += delta
				}
			}
			f.setRune(rune(c), gid&0xFFFF)
		}
	}
	return nil
}

func (f *sfnt) readCmap12(sub []byte) error {
	n := uint64(binary.BigEndian.Uint32(sub[12:]))
	if 16+12*n > uint64(len(sub)) {
		return errCmap
	}
	entries := uint32(0)
	for i := range n {
		e := sub[16+12*i:]
		start, end, gid := binary.BigEndian.Uint32(e), binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:])
		if end > 0x10FFFF || start > end {
			return errCmap
		}
		if entries += min(end-start, uint32(f.numGlyphs)); entries > limitCmapEntries {
			return errCmap
		}
		// A group longer than the font has glyphs only repeats missing ones.
		for c := start; c <= end && c-start < uint32(f.numGlyphs); c++ {
			f.setRune(rune(c), int(gid+(c-start)))
		}
	}
	return nil
}

func (f *sfnt) setRune(r rune, gid int) {
	if gid > 0 && gid < f.numGlyphs {
		f.runes[r] = uint16(gid)
	}
}

// advance is the width of a glyph in font units.
func (f *sfnt) advance(gid uint16) int {
	i := min(int(gid), f.numHMetric-1)
	return int(binary.BigEndian.Uint16(f.tables["hmtx"][4*i:]))
}

// lsb is the left side bearing of a glyph in font units.
func (f *sfnt) lsb(gid uint16) int16 {
	hmtx := f.tables["hmtx"]
	at := 4*int(gid) + 2
	if int(gid) >= f.numHMetric {
		at = 4*f.numHMetric + 2*(int(gid)-f.numHMetric)
	}
	if at+2 > len(hmtx) {
		return 0
	}
	return int16(binary.BigEndian.Uint16(hmtx[at:]))
}

// outline returns the glyf entry of a glyph; empty for a blank one.
func (f *sfnt) outline(gid uint16) ([]byte, error) {
	if int(gid) >= f.numGlyphs {
		return nil, fontErrorf("glyph %d of %d", gid, f.numGlyphs)
	}
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	var from, to uint64
	if f.longLoca {
		from, to = uint64(binary.BigEndian.Uint32(loca[4*int(gid):])), uint64(binary.BigEndian.Uint32(loca[4*int(gid)+4:]))
	} else {
		from, to = 2*uint64(binary.BigEndian.Uint16(loca[2*int(gid):])), 2*uint64(binary.BigEndian.Uint16(loca[2*int(gid)+2:]))
	}
	if from > to || to > uint64(len(glyf)) {
		return nil, fontErrorf("outline of glyph %d lies outside glyf", gid)
	}
	return glyf[from:to], nil
}
