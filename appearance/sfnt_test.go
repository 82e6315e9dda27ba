package appearance

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xsfnt "golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// families lists the eight embedded faces.
func families(t testing.TB) map[string]*sfnt {
	t.Helper()
	out := map[string]*sfnt{}
	for _, family := range []string{"sans", "serif"} {
		for k, style := range []string{"Regular", "Bold", "Italic", "BoldItalic"} {
			f, err := embeddedFace(family, k&1 != 0, k&2 != 0)
			if err != nil {
				t.Fatal(err)
			}
			out[family+style] = f
		}
	}
	return out
}

func TestFontsHaveTheLetters(t *testing.T) {
	letters := vietnameseLetters() + "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz₫–—…“”‘’ \u00A0"
	for name, f := range families(t) {
		for _, r := range letters {
			gid, ok := f.runes[r]
			if !ok {
				t.Errorf("%s lacks %q", name, r)
				continue
			}
			if g, err := f.outline(gid); err != nil || len(g) == 0 && r != ' ' && r != '\u00A0' {
				t.Errorf("%s: %q has an outline of %d bytes, %v", name, r, len(g), err)
			}
		}
		if bold := f.weight > 500; bold != strings.Contains(name, "Bold") {
			t.Errorf("%s has weight %d", name, f.weight)
		}
		if italic := f.italic != 0; italic != strings.Contains(name, "Italic") {
			t.Errorf("%s leans %g degrees", name, f.italic)
		}
		if !strings.HasPrefix(f.psName, "Liberation") {
			t.Errorf("%s is called %q", name, f.psName)
		}
	}
}

func TestLicenceStandsBesideTheFonts(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("fonts", "LICENSE-OFL.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SIL OPEN FONT LICENSE Version 1.1", "Google Corporation", "Red Hat, Inc.", "THE FONT SOFTWARE IS PROVIDED \"AS IS\""} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the licence does not say %q", want)
		}
	}
	if bytes.Contains(text, []byte("GPL")) {
		t.Error("the licence text holds that of the packaging too")
	}
}

// TestSubsetKeepsOutlines reads the subset with another parser and compares
// each glyph with the whole font's.
func TestSubsetKeepsOutlines(t *testing.T) {
	letters := vietnameseLetters() + "Ký bởi: 0123456789@.-/()"
	for name, f := range families(t) {
		t.Run(name, func(t *testing.T) {
			sub := newSubset(f)
			for _, r := range letters {
				if _, ok := sub.add(r); !ok {
					t.Fatalf("no %q", r)
				}
			}
			program, err := sub.build()
			if err != nil {
				t.Fatal(err)
			}
			// x/image wants a cmap and a name: give it the whole font's.
			tables := readTables(t, program)
			for _, tag := range []string{"cmap", "name", "OS/2"} {
				tables[tag] = f.tables[tag]
			}
			got, err := xsfnt.Parse(writeSFNT(tables))
			if err != nil {
				t.Fatal(err)
			}
			whole, err := xsfnt.Parse(writeSFNT(f.tables))
			if err != nil {
				t.Fatal(err)
			}
			var b1, b2 xsfnt.Buffer
			size := fixed.I(f.unitsPerEm)
			for gid, old := range sub.gids {
				s1, err1 := got.LoadGlyph(&b1, xsfnt.GlyphIndex(gid), size, nil)
				s2, err2 := whole.LoadGlyph(&b2, xsfnt.GlyphIndex(old), size, nil)
				if err1 != nil || err2 != nil || len(s1) != len(s2) {
					t.Fatalf("glyph %d (%d): %v, %v, %d and %d segments", gid, old, err1, err2, len(s1), len(s2))
				}
				for i := range s1 {
					if s1[i] != s2[i] {
						t.Fatalf("glyph %d (%d): segment %d differs", gid, old, i)
					}
				}
			}
			if checksum(program) != 0xB1B0AFBA {
				t.Errorf("checksum of the file is %08X", checksum(program))
			}
		})
	}
}

func readTables(t testing.TB, program []byte) map[string][]byte {
	t.Helper()
	n := int(binary.BigEndian.Uint16(program[4:]))
	tables := map[string][]byte{}
	for i := range n {
		e := program[12+16*i:]
		off, size := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		tables[string(e[:4])] = program[off : off+size]
	}
	return tables
}

// whole gives a font file of the embedded sans face, with one table changed.
func whole(t testing.TB, tag string, change func([]byte) []byte) []byte {
	t.Helper()
	f, err := embeddedFace("sans", false, false)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]byte{}
	for k, v := range f.tables {
		if len(k) == 4 && k != "DSIG" {
			tables[k] = v
		}
	}
	if change != nil {
		if v := change(bytes.Clone(tables[tag])); v == nil {
			delete(tables, tag)
		} else {
			tables[tag] = v
		}
	}
	return writeSFNT(tables)
}

func put16(at int, v uint16) func([]byte) []byte {
	return func(b []byte) []byte {
		binary.BigEndian.PutUint16(b[at:], v)
		return b
	}
}

func TestUsersFont(t *testing.T) {
	m := mustCompose(t, Style{FontData: whole(t, "", nil)}, sampleInfo, 220, 80)
	in := tempFile(t, "own.pdf", markedPDF(t, testPage{}, Rect{100, 100, 320, 180}, m))
	if got := runTool(t, "pdftotext", in, "-"); !strings.Contains(got, "Ký bởi: NGUYỄN VĂN A") {
		t.Errorf("read back %q", got)
	}
	for name, fsType := range map[string]uint16{"installable": 0, "preview and print": 4, "editable": 8, "restricted or editable": 0x000A} {
		if _, err := parseSFNT(whole(t, "OS/2", put16(8, fsType))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := parseSFNT(whole(t, "OS/2", func([]byte) []byte { return nil })); err != nil {
		t.Errorf("no OS/2 table: %v", err)
	}
}

func TestBadFonts(t *testing.T) {
	nothing := func([]byte) []byte { return nil }
	for name, tc := range map[string]struct {
		data []byte
		want string
	}{
		"restricted licence":    {whole(t, "OS/2", put16(8, 0x0002)), "forbids embedding"},
		"no subsetting":         {whole(t, "OS/2", put16(8, 0x0104)), "forbids subsetting"},
		"bitmaps only":          {whole(t, "OS/2", put16(8, 0x0200)), "bitmaps only"},
		"empty":                 {nil, "only 0 bytes"},
		"CFF":                   {append([]byte("OTTO"), make([]byte, 100)...), "CFF"},
		"collection":            {append([]byte("ttcf"), make([]byte, 100)...), "collections"},
		"no glyf":               {whole(t, "glyf", nothing), `"glyf" is missing`},
		"no cmap":               {whole(t, "cmap", nothing), `"cmap" is missing`},
		"directory too long":    {put16(4, 0x100)(whole(t, "", nil)[:100]), "does not fit"},
		"table outside":         {whole(t, "", nil)[:5000], "outside the file"},
		"unitsPerEm 0":          {whole(t, "head", put16(18, 0)), "unitsPerEm"},
		"more glyphs than loca": {whole(t, "maxp", put16(4, 0xFFFF)), "loca"},
		"no metrics":            {whole(t, "hhea", put16(34, 0)), "hmtx"},
		"cmap of another kind":  {whole(t, "cmap", func(b []byte) []byte { return append(put16(2, 0)(b), 0) }), "no Unicode"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseSFNT(tc.data)
			var fe *FontError
			if !errors.As(err, &fe) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// TestCompositeLoop: a glyph that contains itself is refused, and soon.
func TestCompositeLoop(t *testing.T) {
	f, err := embeddedFace("sans", false, false)
	if err != nil {
		t.Fatal(err)
	}
	loop := *f
	gid := f.runes['A']
	// contours -1, empty box, then many components that are the glyph itself
	g := []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0}
	for range 100 {
		g = binary.BigEndian.AppendUint16(g, compMore)
		g = binary.BigEndian.AppendUint16(g, gid)
		g = append(g, 0, 0)
	}
	g = append(g, 0, 0, byte(gid>>8), byte(gid), 0, 0)
	loop.tables = map[string][]byte{}
	for k, v := range f.tables {
		loop.tables[k] = v
	}
	loop.longLoca = true
	loca := make([]byte, 4*(f.numGlyphs+1))
	for i := int(gid) + 1; i <= f.numGlyphs; i++ {
		binary.BigEndian.PutUint32(loca[4*i:], uint32(len(g)))
	}
	loop.tables["loca"], loop.tables["glyf"] = loca, g
	sub := newSubset(&loop)
	sub.add('A')
	if _, err := sub.build(); err == nil || !strings.Contains(err.Error(), "composed deeper") {
		t.Errorf("got %v", err)
	}
}

func FuzzUserFont(f *testing.F) {
	small := func() []byte { // the embedded font with only the letters A and Á
		face, err := embeddedFace("sans", false, false)
		if err != nil {
			f.Fatal(err)
		}
		sub := newSubset(face)
		sub.add('A')
		sub.add('Á')
		program, err := sub.build()
		if err != nil {
			f.Fatal(err)
		}
		tables := readTables(f, program)
		// format 12: A, Á → 1, 2
		cmap := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 2}
		for _, r := range "AÁ" {
			cmap = binary.BigEndian.AppendUint32(cmap, uint32(r))
			cmap = binary.BigEndian.AppendUint32(cmap, uint32(r))
			cmap = binary.BigEndian.AppendUint32(cmap, uint32(sub.byRun[r]))
		}
		tables["cmap"] = cmap
		return writeSFNT(tables)
	}()
	if m, err := Compose(Style{FontData: small, Show: []Line{LineSigner}, NoLabels: true}, Info{Signer: "AÁ"}, 100, 50); err != nil || len(m.Lines) != 1 {
		f.Fatal("the seed is no good: ", err)
	}
	f.Add(small)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Compose(Style{FontData: data, Show: []Line{LineSigner}, NoLabels: true}, Info{Signer: "AÁ"}, 100, 50)
		if err != nil {
			return
		}
		if m.FontSize < minFontSize {
			t.Errorf("size %g", m.FontSize)
		}
		if program, err := m.font.build(); err == nil && len(program) > len(data)+1<<16 {
			t.Errorf("%d bytes grew to %d", len(data), len(program))
		}
	})
}
