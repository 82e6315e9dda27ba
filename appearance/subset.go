package appearance

import (
	"encoding/binary"
	"maps"
	"slices"
)

// subset collects the characters that are drawn with a font and gives each its
// own glyph number. Two characters that share a glyph in the font (space and
// no-break space) get two numbers, so that ToUnicode tells them apart.
type subset struct {
	font  *sfnt
	gids  []uint16 // new number → glyph of the font; [0] is .notdef
	runes []rune   // new number → character; 0 for parts of composites
	byRun map[rune]uint16
	parts map[uint16]uint16 // glyph of the font → new number, for composites
	sound map[uint16]bool   // composites that are known to end
}

func newSubset(f *sfnt) *subset {
	return &subset{
		font: f, gids: []uint16{0}, runes: []rune{0},
		byRun: map[rune]uint16{}, parts: map[uint16]uint16{}, sound: map[uint16]bool{},
	}
}

// add returns the new glyph number of r; ok is false when the font lacks it.
func (s *subset) add(r rune) (gid uint16, ok bool) {
	if g, ok := s.byRun[r]; ok {
		return g, true
	}
	old, ok := s.font.runes[r]
	if !ok || len(s.gids) >= 0xFFFF {
		return 0, false
	}
	s.byRun[r] = s.push(old, r)
	return s.byRun[r], true
}

func (s *subset) push(old uint16, r rune) uint16 {
	s.gids, s.runes = append(s.gids, old), append(s.runes, r)
	return uint16(len(s.gids) - 1)
}

// part returns the new number of a component of a composite glyph.
func (s *subset) part(old uint16) uint16 {
	n, ok := s.parts[old]
	if !ok {
		n = s.push(old, 0)
		s.parts[old] = n
	}
	return n
}

// limitGlyfSlack is how much padding and doubled glyphs may add to a subset.
const limitGlyfSlack = 64 << 10

// Flags of a component record. ISO/IEC 14496-22, 5.3.3.1.2.
const (
	compWords        = 0x0001
	compScale        = 0x0008
	compMore         = 0x0020
	compXYScale      = 0x0040
	compTwoByTwo     = 0x0080
	compInstructions = 0x0100
)

// build makes the font file: outlines without hinting (no PDF viewer of today
// runs it, and it is a third of the bytes), no cmap (CIDToGIDMap is Identity).
func (s *subset) build() ([]byte, error) {
	var glyf []byte
	loca := []uint32{0}
	for i := 0; i < len(s.gids); i++ { // grows while composites add their parts
		if err := s.checkDepth(s.gids[i], 0); err != nil {
			return nil, err
		}
		g, err := s.glyph(s.gids[i])
		if err != nil {
			return nil, err
		}
		// Outlines may overlap in a hostile file, so that it would grow here.
		if glyf = append(glyf, g...); len(glyf) > 2*len(s.font.tables["glyf"])+limitGlyfSlack {
			return nil, fontErrorf("its outlines are larger than its file")
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = append(loca, uint32(len(glyf)))
	}
	return writeSFNT(s.tables(glyf, loca)), nil
}

// checkDepth refuses composites that contain themselves.
func (s *subset) checkDepth(gid uint16, depth int) error {
	if depth > limitCompositeDepth {
		return fontErrorf("glyph %d is composed deeper than %d", gid, limitCompositeDepth)
	}
	if s.sound[gid] {
		return nil
	}
	g, err := s.font.outline(gid)
	if err != nil || len(g) < 10 || int16(binary.BigEndian.Uint16(g)) >= 0 {
		return err
	}
	_, err = walkComponents(gid, g, func(_ int, part uint16) error { return s.checkDepth(part, depth+1) })
	s.sound[gid] = err == nil
	return err
}

// glyph returns the outline of a glyph with its instructions cut out and its
// components renumbered.
func (s *subset) glyph(gid uint16) ([]byte, error) {
	g, err := s.font.outline(gid)
	if err != nil || len(g) == 0 {
		return nil, err
	}
	if len(g) < 10 {
		return nil, fontErrorf("glyph %d has %d bytes", gid, len(g))
	}
	contours := int(int16(binary.BigEndian.Uint16(g)))
	if contours < 0 {
		return s.composite(gid, g)
	}
	at := 10 + 2*contours
	if at+2 > len(g) {
		return nil, fontErrorf("glyph %d is cut off", gid)
	}
	size := int(binary.BigEndian.Uint16(g[at:]))
	if at+2+size > len(g) {
		return nil, fontErrorf("glyph %d is cut off", gid)
	}
	out := slices.Clone(g[:at])
	out = append(out, 0, 0)
	return append(out, g[at+2+size:]...), nil
}

func (s *subset) composite(gid uint16, g []byte) ([]byte, error) {
	out := slices.Clone(g)
	end, err := walkComponents(gid, g, func(at int, part uint16) error {
		flags := binary.BigEndian.Uint16(g[at:]) &^ compInstructions
		binary.BigEndian.PutUint16(out[at:], flags)
		binary.BigEndian.PutUint16(out[at+2:], s.part(part))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out[:end], nil
}

// walkComponents calls visit with the offset and glyph of each component
// record and returns where they end.
func walkComponents(gid uint16, g []byte, visit func(at int, part uint16) error) (end int, err error) {
	at := 10
	for {
		if at+4 > len(g) {
			return 0, fontErrorf("composite glyph %d is cut off", gid)
		}
		flags := binary.BigEndian.Uint16(g[at:])
		if err := visit(at, binary.BigEndian.Uint16(g[at+2:])); err != nil {
			return 0, err
		}
		at += componentSize(flags)
		if at > len(g) {
			return 0, fontErrorf("composite glyph %d is cut off", gid)
		}
		if flags&compMore == 0 {
			return at, nil
		}
	}
}

func componentSize(flags uint16) int {
	n := 6
	if flags&compWords != 0 {
		n = 8
	}
	switch {
	case flags&compTwoByTwo != 0:
		n += 8
	case flags&compXYScale != 0:
		n += 4
	case flags&compScale != 0:
		n += 2
	}
	return n
}

// tables are those that ISO 32000-2, 9.9.1 asks of a CIDFontType2 program,
// with post 3.0 beside them for programs that insist on one.
func (s *subset) tables(glyf []byte, loca []uint32) map[string][]byte {
	f, n := s.font, len(s.gids)
	head := slices.Clone(f.tables["head"][:54])
	binary.BigEndian.PutUint32(head[8:], 0)  // checkSumAdjustment, filled in by writeSFNT
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea := slices.Clone(f.tables["hhea"][:36])
	binary.BigEndian.PutUint16(hhea[34:], uint16(n))
	maxp := slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(n))
	if len(maxp) >= 32 { // no instructions are left
		clear(maxp[14:28])
		binary.BigEndian.PutUint16(maxp[14:], 1) // maxZones
	}
	var hmtx, locaBytes []byte
	for _, g := range s.gids {
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.advance(g)))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.lsb(g)))
	}
	for _, l := range loca {
		locaBytes = binary.BigEndian.AppendUint32(locaBytes, l)
	}
	post := make([]byte, 32)
	binary.BigEndian.PutUint32(post, 0x00030000)
	binary.BigEndian.PutUint32(post[4:], uint32(int32(f.italic*65536)))
	if len(glyf) == 0 {
		glyf = make([]byte, 4)
	}
	return map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx,
		"loca": locaBytes, "glyf": glyf, "post": post,
	}
}

// writeSFNT joins tables in the order of their tags with checksums.
// ISO/IEC 14496-22, 4.5.1.
func writeSFNT(tables map[string][]byte) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	pow, log := 1, 0
	for pow*2 <= n {
		pow, log = pow*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, pow * 16, log, (n - pow) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	offset := 12 + 16*n
	var body []byte
	headAt := 0
	for _, tag := range tags {
		t := tables[tag]
		if tag == "head" {
			headAt = offset + len(body)
		}
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t))
		out = binary.BigEndian.AppendUint32(out, uint32(offset+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t)))
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}
