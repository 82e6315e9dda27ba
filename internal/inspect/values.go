package inspect

import (
	"strings"
	"unicode"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// values compares what text fields show with their values. A viewer shows the
// appearance until the field is touched, then the value (shadow attack
// "replace via overlay").
func (in *inspector) values() error {
	acro, _, err := in.f.AcroForm()
	if err != nil || acro == nil {
		return nil // form counted it
	}
	if v, _ := in.resolve(acro.Get("NeedAppearances")).(bool); v {
		return nil // appearances are drawn anew, which form reports
	}
	for i, f := range in.fields {
		if i >= maxFields {
			in.add(Finding{Code: NotScanned, Detail: "values: there are more than " + plural(maxFields, "field")})
			break
		}
		if err := in.ctx.Err(); err != nil {
			return err
		}
		if err := in.value(f, acro); err != nil {
			return err
		}
	}
	return nil
}

// flags of text fields. ISO 32000-2, 12.7.5.3.
const (
	flagPassword = 1 << 13
	flagRichText = 1 << 25
)

// value compares one field.
func (in *inspector) value(f pdf.Field, acro *pdf.Dict) error {
	if f.FT != "Tx" || f.Ff&(flagPassword|flagRichText) != 0 || in.formats(f) {
		return nil
	}
	want, ok := in.resolve(f.V).(pdf.String)
	if f.V != nil && !ok {
		return nil
	}
	for k, ref := range f.Widgets {
		if k >= maxAnnots {
			return nil
		}
		d := in.dict(ref)
		if d == nil || int(in.float(d.Get("F")))&(flagHidden|flagNoView) != 0 {
			continue
		}
		_, s := in.appearance(d)
		if s == nil {
			continue
		}
		shown, ok, err := in.shownText(s, acro)
		if err != nil {
			return err
		}
		if ok && squeeze(shown) != squeeze(pdf.Text(want)) {
			in.add(Finding{Code: ValueAppearanceDiffer, Page: in.pages.pageOf[ref], Object: ref, Field: f.Name,
				Detail: short("the field shows " + quote(shown) + ", its value is " + quote(pdf.Text(want)))})
			return nil
		}
	}
	return nil
}

// formats tells whether a script makes what is shown of the value, as with
// dates and amounts.
func (in *inspector) formats(f pdf.Field) bool {
	for _, ref := range append([]pdf.Ref{f.Ref}, f.Widgets...) {
		if d := in.dict(ref); d != nil {
			if aa := in.dict(d.Get("AA")); aa != nil && aa.Has("F") {
				return true
			}
		}
	}
	return false
}

// squeeze drops white space, which appearances break lines at.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// shownText is the text of an appearance; ok is false when its fonts do not
// allow to tell, or it draws more than text.
func (in *inspector) shownText(s *pdf.Stream, acro *pdf.Dict) (text string, ok bool, err error) {
	b, err := in.decode(s)
	if err != nil || b == nil {
		return "", false, err
	}
	if in.work += int64(len(b)) + formCost; in.work > 2*in.o.ContentBytes {
		return "", false, nil
	}
	res, defaults := in.dict(s.Dict.Get("Resources")), in.dict(acro.Get("DR"))
	args := in.args[:0]
	defer func() { in.args = args }()
	var out strings.Builder
	var enc *encoding
	l := lexer{b: b}
	for {
		t := l.next()
		switch t.kind {
		case tokEnd:
			return out.String(), true, nil
		case tokWord:
			switch string(t.b) {
			case "Tf":
				if enc = nil; len(args) >= 2 && args[len(args)-2].kind == tokName {
					enc = in.fontEncoding(res, defaults, pdf.Name(args[len(args)-2].b))
				}
			case "Tj", "TJ", "'", "\"":
				if !enc.decode(args, &out) {
					return "", false, nil
				}
			case "Do", "BI", "Tr": // a picture, or text that may not be seen
				return "", false, nil
			}
			args = args[:0]
			l.forget()
		case tokNumber, tokName, tokString:
			if len(args) < maxArgs {
				args = append(args, t)
			}
		default:
		}
	}
}
