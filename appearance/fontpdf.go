package appearance

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// addTo writes the Type 0 font with its descendant, descriptor, program and
// ToUnicode map. ISO 32000-2, 9.7.
func (s *subset) addTo(u Adder) (pdf.Ref, error) {
	program, err := s.build()
	if err != nil {
		return pdf.Ref{}, err
	}
	name := pdf.Name(subsetTag(program) + "+" + s.font.psName)
	file := pdf.NewFlateStream(pdf.NewDict(pdf.Name("Length1"), pdf.Integer(len(program))), program)
	descriptor := u.Add(s.descriptor(name, u.Add(file)))
	descendant := u.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Font"),
		pdf.Name("Subtype"), pdf.Name("CIDFontType2"),
		pdf.Name("BaseFont"), name,
		pdf.Name("CIDSystemInfo"), pdf.NewDict(
			pdf.Name("Registry"), pdf.String{Value: "Adobe"},
			pdf.Name("Ordering"), pdf.String{Value: "Identity"},
			pdf.Name("Supplement"), pdf.Integer(0)),
		pdf.Name("CIDToGIDMap"), pdf.Name("Identity"),
		pdf.Name("DW"), pdf.Integer(s.thousandth(s.font.advance(0))),
		pdf.Name("W"), s.widths(),
		pdf.Name("FontDescriptor"), descriptor))
	toUnicode := u.Add(pdf.NewFlateStream(pdf.NewDict(), s.toUnicode()))
	return u.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Font"),
		pdf.Name("Subtype"), pdf.Name("Type0"),
		pdf.Name("BaseFont"), name,
		pdf.Name("Encoding"), pdf.Name("Identity-H"),
		pdf.Name("DescendantFonts"), pdf.Array{descendant},
		pdf.Name("ToUnicode"), toUnicode)), nil
}

// thousandth turns font units into thousandths of an em, rounded.
func (s *subset) thousandth(v int) int {
	n, d := v*1000, s.font.unitsPerEm
	if n < 0 {
		return -((-n + d/2) / d)
	}
	return (n + d/2) / d
}

// descriptor is the font descriptor. ISO 32000-2, 9.8.1, Table 120.
func (s *subset) descriptor(name pdf.Name, file pdf.Ref) *pdf.Dict {
	f := s.font
	const symbolic, italic = 1 << 2, 1 << 6
	flags := symbolic // a Type 0 font with its own encoding
	if f.italic != 0 {
		flags |= italic
	}
	box := make(pdf.Array, 4)
	for i, v := range f.bbox {
		box[i] = pdf.Integer(s.thousandth(v))
	}
	return pdf.NewDict(
		pdf.Name("Type"), pdf.Name("FontDescriptor"),
		pdf.Name("FontName"), name,
		pdf.Name("Flags"), pdf.Integer(flags),
		pdf.Name("FontBBox"), box,
		pdf.Name("ItalicAngle"), pdf.Integer(int(f.italic)),
		pdf.Name("Ascent"), pdf.Integer(s.thousandth(f.ascent)),
		pdf.Name("Descent"), pdf.Integer(s.thousandth(f.descent)),
		pdf.Name("CapHeight"), pdf.Integer(s.thousandth(f.capHeight)),
		pdf.Name("StemV"), pdf.Integer(50+f.weight*f.weight/4225), // the usual estimate from the weight
		pdf.Name("FontFile2"), file)
}

// widths is the /W array, one run from CID 0. ISO 32000-2, 9.7.4.3.
func (s *subset) widths() pdf.Array {
	run := make(pdf.Array, len(s.gids))
	for i, g := range s.gids {
		run[i] = pdf.Integer(s.thousandth(s.font.advance(g)))
	}
	return pdf.Array{pdf.Integer(0), run}
}

// toUnicode maps each drawn glyph to its one character. ISO 32000-2, 9.10.3.
func (s *subset) toUnicode() []byte {
	var lines []string
	for gid, r := range s.runes {
		if r == 0 {
			continue
		}
		var hex strings.Builder
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&hex, "%04X", unit)
		}
		lines = append(lines, fmt.Sprintf("<%04X> <%s>\n", gid, hex.String()))
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for len(lines) > 0 {
		n := min(len(lines), 100) // the most that one section may hold
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// subsetTag is the six capitals before the name, from the program's digest so
// that equal subsets have equal names. ISO 32000-2, 9.9.2.
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}
