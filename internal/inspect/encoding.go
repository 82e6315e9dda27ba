package inspect

import (
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// encoding maps the bytes of a simple font to characters; 0 is what can't be
// told.
type encoding struct{ to [256]rune }

// decode appends the strings among args; false when a byte can't be told.
func (e *encoding) decode(args []token, out *strings.Builder) bool {
	for _, a := range args {
		if a.kind != tokString {
			continue
		}
		if e == nil {
			return false
		}
		for _, c := range a.b {
			r := e.to[c]
			if r == 0 {
				return false
			}
			out.WriteRune(r)
		}
	}
	return true
}

// fontEncoding is the encoding of a font of an appearance, or of the form where
// the appearance names none; nil when it can't be told.
func (in *inspector) fontEncoding(res, defaults *pdf.Dict, name pdf.Name) *encoding {
	r := in.resource(resourceKey{res, "Font", name})
	if r.obj == nil {
		r = in.resource(resourceKey{defaults, "Font", name})
	}
	d, _ := r.obj.(*pdf.Dict)
	if d == nil {
		return nil
	}
	if e, ok := in.encodings[d]; ok {
		return e
	}
	e := in.encodingOf(d)
	if len(in.encodings) < maxFonts {
		in.encodings[d] = e
	}
	return e
}

func (in *inspector) encodingOf(d *pdf.Dict) *encoding {
	switch in.name(d.Get("Subtype")) {
	case "Type1", "TrueType", "MMType1":
	default:
		return nil
	}
	switch base := in.name(d.Get("BaseFont")); {
	case base == "Symbol", base == "ZapfDingbats", strings.Contains(string(base), "Wingdings"):
		return nil
	}
	e := &encoding{}
	for c := 0x20; c < 0x7f; c++ {
		e.to[c] = rune(c)
	}
	switch v := in.resolve(d.Get("Encoding")).(type) {
	case nil: // the font's own, which is the standard one unless it is embedded
		if desc := in.dict(d.Get("FontDescriptor")); desc != nil {
			return nil
		}
		e.to['\''], e.to['`'] = 0, 0 // quotes stand there in StandardEncoding
	case pdf.Name:
		e.base(v)
	case *pdf.Dict:
		e.base(in.name(v.Get("BaseEncoding")))
		in.differences(e, in.array(v.Get("Differences")))
	default:
		return nil
	}
	return e
}

// base adds what the named encodings share above ASCII: Latin-1.
func (e *encoding) base(name pdf.Name) {
	if name != "WinAnsiEncoding" && name != "PDFDocEncoding" {
		return
	}
	for c := 0xa1; c <= 0xff; c++ {
		e.to[c] = rune(c)
	}
	e.to[0xad] = 0
	if name == "PDFDocEncoding" {
		return
	}
	e.to[0xa0] = ' '
}

// differences applies /Differences. ISO 32000-2, 9.6.5.1.
func (in *inspector) differences(e *encoding, list pdf.Array) {
	code := 0
	for i, o := range list {
		if i > 1024 {
			return
		}
		switch v := in.resolve(o).(type) {
		case pdf.Integer:
			code = int(v)
		case pdf.Name:
			if code >= 0 && code < 256 {
				e.to[code] = glyph(v)
			}
			code++
		}
	}
}

// glyph is the character of a glyph name, 0 when it is not known here.
func glyph(n pdf.Name) rune {
	if len(n) == 1 && (n[0] >= 'a' && n[0] <= 'z' || n[0] >= 'A' && n[0] <= 'Z') {
		return rune(n[0])
	}
	return glyphs[n]
}

// glyphs names the rest of ASCII (Adobe Glyph List).
var glyphs = map[pdf.Name]rune{
	"space": ' ', "exclam": '!', "quotedbl": '"', "numbersign": '#', "dollar": '$', "percent": '%', "ampersand": '&',
	"quotesingle": '\'', "parenleft": '(', "parenright": ')', "asterisk": '*', "plus": '+', "comma": ',', "hyphen": '-',
	"period": '.', "slash": '/', "zero": '0', "one": '1', "two": '2', "three": '3', "four": '4', "five": '5', "six": '6',
	"seven": '7', "eight": '8', "nine": '9', "colon": ':', "semicolon": ';', "less": '<', "equal": '=', "greater": '>',
	"question": '?', "at": '@', "bracketleft": '[', "backslash": '\\', "bracketright": ']', "asciicircum": '^',
	"underscore": '_', "grave": '`', "braceleft": '{', "bar": '|', "braceright": '}', "asciitilde": '~',
}
