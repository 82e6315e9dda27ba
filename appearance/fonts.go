package appearance

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"
)

//go:embed fonts/*.ttf.gz
var fontFiles embed.FS

// faces holds the parsed embedded fonts: each is parsed once a process.
var faces sync.Map // file name → *sfnt

// embeddedFace returns one of the eight faces in the binary; family is "sans"
// or "serif".
func embeddedFace(family string, bold, italic bool) (*sfnt, error) {
	name := "LiberationSans-"
	switch family {
	case "", "sans":
	case "serif":
		name = "LiberationSerif-"
	default:
		return nil, fmt.Errorf("font family %q: want sans or serif, or a .ttf file", family)
	}
	switch {
	case bold && italic:
		name += "BoldItalic"
	case bold:
		name += "Bold"
	case italic:
		name += "Italic"
	default:
		name += "Regular"
	}
	if f, ok := faces.Load(name); ok {
		return f.(*sfnt), nil
	}
	data, err := fontFiles.ReadFile("fonts/" + name + ".ttf.gz")
	if err != nil {
		return nil, fmt.Errorf("embedded font: %w", err)
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("embedded font: %w", err)
	}
	ttf, err := io.ReadAll(io.LimitReader(zr, limitFontBytes))
	if err != nil {
		return nil, fmt.Errorf("embedded font: %w", err)
	}
	f, err := parseSFNT(ttf)
	if err != nil {
		return nil, err
	}
	faces.Store(name, f)
	return f, nil
}

// face returns the font that a style asks for.
func (s *Style) face() (*sfnt, error) {
	if len(s.FontData) > 0 {
		return parseSFNT(s.FontData)
	}
	return embeddedFace(s.Font, s.Bold, s.Italic)
}
