package changes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// normalAppearance is the stream that is shown for a widget, nil for none.
func (j *judge) normalAppearance(d *pdf.Dict) (*pdf.Stream, error) {
	v, err := resolve(j.new, d.Get("AP"))
	if err != nil {
		return nil, err
	}
	ap, _ := v.(*pdf.Dict)
	if v, err = resolve(j.new, ap.Get("N")); err != nil {
		return nil, err
	}
	if states, ok := v.(*pdf.Dict); ok {
		as, _ := d.Get("AS").(pdf.Name)
		if v, err = resolve(j.new, states.Get(as)); err != nil {
			return nil, err
		}
	}
	s, _ := v.(*pdf.Stream)
	return s, nil
}

// mismatch warns when a widget shows another value than its field has. Where
// that can't be read, it says nothing, or that only the appearance (redrawn)
// changed.
func (j *judge) mismatch(ref pdf.Ref, d *pdf.Dict, h heritage, redrawn bool) error {
	value, err := j.valueText(j.new, h.v)
	if err != nil {
		return err
	}
	var text string
	var known, differ bool
	switch {
	case h.ft == "Btn":
		text, known, differ, err = j.buttonMismatch(d, value)
		known = known && (differ || !redrawn) // the same state, but another picture of it
	case h.ft == "Tx" && h.ff&ffPassword == 0, h.ft == "Ch":
		text, known, differ, err = j.textMismatch(d, h, value)
	}
	if err != nil {
		return err
	}
	w := Warning{Code: WarnMismatch, Object: name(ref), Field: h.name, Page: j.pageOf(ref, d), OldValue: clip(value), NewValue: clip(text),
		Detail: fmt.Sprintf("field %s has the value %s but shows %s", quote(h.name), quote(value), quote(text))}
	f := j.fills[h.name]
	switch {
	case known || f == nil:
	case !f.value:
		w.Code, w.NewValue = WarnAppearanceOnly, ""
		w.Detail = fmt.Sprintf("what field %s shows was changed, its value %s was not", quote(h.name), quote(value))
		differ = true
	case redrawn && h.ft != "Btn" && h.ff&ffPassword == 0:
		w.Code, w.NewValue = WarnAppearanceOnly, ""
		w.Detail = fmt.Sprintf("what field %s shows can't be compared with its value %s", quote(h.name), quote(value))
		differ = true
	}
	if differ {
		j.warn(w)
	}
	return nil
}

// buttonMismatch: a check box or radio button shows the state that is its
// value, or Off.
func (j *judge) buttonMismatch(d *pdf.Dict, value string) (text string, known, differ bool, err error) {
	as, ok := d.Get("AS").(pdf.Name)
	if !ok {
		return "", false, false, nil
	}
	v, err := resolve(j.new, d.Get("AP"))
	if err != nil {
		return "", false, false, err
	}
	ap, _ := v.(*pdf.Dict)
	if v, err = resolve(j.new, ap.Get("N")); err != nil {
		return "", false, false, err
	}
	states, _ := v.(*pdf.Dict)
	want := pdf.Name("Off")
	if states.Has(pdf.Name(value)) && value != "" {
		want = pdf.Name(value)
	}
	return string(as), true, as != want, nil
}

func (j *judge) textMismatch(d *pdf.Dict, h heritage, value string) (text string, known, differ bool, err error) {
	s, err := j.normalAppearance(d)
	if err != nil || s == nil {
		return "", false, false, err
	}
	if text, known, err = j.shownText(s); err != nil || !known {
		return "", false, false, err
	}
	a, b := squeeze(text), squeeze(value)
	switch {
	case a == b:
		return text, true, false, nil
	case h.aa && digitsOnly(a) != "" && strings.HasPrefix(digitsOnly(a), digitsOnly(b)): // a format by script
		return text, true, false, nil
	case h.ft == "Ch":
		return j.choiceMismatch(d, h, text, value)
	}
	return text, true, true, nil
}

// choiceMismatch: a list box shows all its options, a combo box the text that
// stands for the value in /Opt (ISO 32000-2, 12.7.5.4).
func (j *judge) choiceMismatch(d *pdf.Dict, h heritage, text, value string) (string, bool, bool, error) {
	shows := func(what string) bool {
		if h.ff&ffCombo != 0 {
			return squeeze(text) == squeeze(what)
		}
		return strings.Contains(squeeze(text), squeeze(what))
	}
	v, err := resolve(j.new, d.Get("Opt"))
	if err != nil {
		return "", false, false, err
	}
	list, _ := v.(pdf.Array)
	if shows(value) {
		return text, true, false, nil
	}
	for _, e := range list[:min(len(list), 10_000)] {
		e, err := resolve(j.new, e)
		if err != nil {
			return "", false, false, err
		}
		pair, ok := e.(pdf.Array)
		if ok && len(pair) == 2 && j.textOf(j.new, pair[0]) == value && shows(j.textOf(j.new, pair[1])) {
			return text, true, false, nil
		}
	}
	return text, true, true, nil
}

// squeeze leaves out white space, which the lines of a field have of their own.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u00a0' {
			return -1
		}
		return r
	}, s)
}

func digitsOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// shownText is the text that an appearance stream shows; known is false when a
// font does not say simply what its codes mean.
func (j *judge) shownText(s *pdf.Stream) (text string, known bool, err error) {
	resources, err := j.new.Dict(s.Dict.Get("Resources"))
	if err != nil {
		return "", false, damagedOrNil(err)
	}
	form, _, err := j.new.AcroForm()
	if err != nil {
		return "", false, damagedOrNil(err)
	}
	dr, err := j.new.Dict(form.Get("DR"))
	if err != nil {
		dr = nil
	}
	data, ok, err := j.decode(s, maxContent)
	if err != nil || !ok {
		return "", false, err
	}
	known = true
	var out strings.Builder
	var codes *simpleFont
	p := newPlainness(j.new, s)
	whole := operators(data, func(op string, args []operand) bool {
		p.do(op, args)
		switch op {
		case "Tf":
			if len(args) == 0 {
				return true
			}
			d := resource[*pdf.Dict](j.new, resources, "Font", args[0].text)
			if d == nil {
				d = resource[*pdf.Dict](j.new, dr, "Font", args[0].text)
			}
			codes = j.simpleFont(d)
		case "Tj", "TJ", "'", `"`:
			known = codes.decode(args, &out)
		case "Do", "EI", "sh":
			known = false
		}
		return known
	})
	return out.String(), known && whole && p.plain(j.new, data, resources), nil
}

// simpleFont decodes printable ASCII, which the usual encodings of simple fonts
// share; but /Differences may take codes away.
type simpleFont struct{ taken [256]bool }

// simpleFont returns nil when the codes of a font are not known.
func (j *judge) simpleFont(d *pdf.Dict) *simpleFont {
	if d == nil || d.Get("Subtype") != pdf.Name("Type1") && d.Get("Subtype") != pdf.Name("TrueType") {
		return nil
	}
	f := &simpleFont{}
	v, err := resolve(j.new, d.Get("Encoding"))
	if err != nil {
		return nil
	}
	switch e := v.(type) {
	case nil:
		if d.Has("FontDescriptor") { // the font program's own
			return nil
		}
	case pdf.Name:
		if e == "MacExpertEncoding" {
			return nil
		}
	case *pdf.Dict:
		list, err := j.new.Array(e.Get("Differences"))
		if err != nil {
			return nil
		}
		code := 0
		for _, x := range list {
			if n, ok := x.(pdf.Integer); ok {
				code = int(min(max(n, 0), 255))
				continue
			}
			f.taken[code] = true
			code = min(code+1, 255)
		}
	default:
		return nil
	}
	return f
}

// decode appends the text of operands; false when a code is not known.
func (f *simpleFont) decode(args []operand, out *strings.Builder) bool {
	if f == nil {
		return false
	}
	for o := range pieces(args) {
		for _, c := range o.text {
			if c < ' ' || c > '~' || f.taken[c] {
				return false
			}
			out.WriteByte(c)
		}
	}
	return true
}
