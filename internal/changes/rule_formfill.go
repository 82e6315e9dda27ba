package changes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Bits of /Ff. ISO 32000-2, tables 227 to 231.
const (
	ffReadOnly   = 1 << 0
	ffPassword   = 1 << 13
	ffPushbutton = 1 << 16
	ffCombo      = 1 << 17
)

// fill is what a revision does to the value of a field. The field and its
// widgets may be several objects; it is told once.
type fill struct {
	ref      pdf.Ref
	old, new string
	value    bool // the value changed, not only what shows it
	page     int
	denied   bool
}

// formFill judges a form field that is no signature, or a widget of one.
func (j *judge) formFill(ref pdf.Ref, o, n *pdf.Dict, changed []pdf.Name, before, after heritage) error {
	if len(changed) == 0 {
		return nil
	}
	filled := j.mayNotFill(before) != "" // then nothing may change
	if filled {
		changed = slices.DeleteFunc(changed, func(key pdf.Name) bool { return key == "Kids" })
		if len(changed) == 0 {
			return j.kids(ref, o, n)
		}
	}
	for _, key := range changed {
		switch key {
		case "V", "AP", "AS", "RV", "I", "DA", "DS":
			filled = true
		case "M", "TI", "NM":
		case "Ff": // Acrobat and others lock what is filled in
			if after.ff != before.ff|ffReadOnly {
				j.denyField(ref, before.name, key, "its flags were changed")
				continue
			}
			j.permit(ref, Change{Kind: KindForm, Code: "read_only", Field: before.name, Key: "Ff",
				Detail: fmt.Sprintf("field %s was made read-only", quote(before.name))})
		case "Kids":
			if err := j.kids(ref, o, n); err != nil {
				return err
			}
		default:
			if o.Get(key) == nil && j.asBefore(key, n.Get(key)) {
				continue
			}
			if err := j.widgetEntry(ref, n, before.name, key); err != nil {
				return err
			}
		}
	}
	if !filled {
		return nil
	}
	f, err := j.fillOf(ref, n, changed, before, after)
	if err != nil {
		return err
	}
	if why := j.mayNotFill(before); why != "" {
		f.denied = true
		j.deny(ref, Change{Kind: KindFormFill, Code: "locked", Field: before.name, OldValue: f.old, NewValue: f.new, Page: f.page,
			Detail: fmt.Sprintf("field %s was changed from %s to %s, %s", quote(before.name), quote(f.old), quote(f.new), why)})
		return nil
	}
	return j.shownAs(ref, o, n, changed, after)
}

// shownAs judges what a field that was filled in shows.
func (j *judge) shownAs(ref pdf.Ref, o, n *pdf.Dict, changed []pdf.Name, h heritage) error {
	if err := j.otherLooks(ref, o, n, changed, h); err != nil {
		return err
	}
	if n.Get("Subtype") == pdf.Name("Widget") {
		if err := j.oversize(ref, n, h.name); err != nil {
			return err
		}
		if err := j.mismatch(ref, n, h, slices.Contains(changed, "AP")); err != nil {
			return err
		}
		if slices.Contains(changed, "AP") {
			return j.painted(ref, o, n, h.name)
		}
		return nil
	}
	return j.widgets(n)
}

// widgets compares the value of a field with what its widgets show, which are
// objects of their own.
func (j *judge) widgets(n *pdf.Dict) error {
	v, err := resolve(j.new, n.Get("Kids"))
	if err != nil {
		return err
	}
	kids, _ := v.(pdf.Array)
	for _, e := range kids[:min(len(kids), maxOwners)] {
		ref, ok := e.(pdf.Ref)
		if !ok || j.deltas[ref] != nil { // it is judged for itself
			continue
		}
		v, err := get(j.new, ref)
		if err != nil {
			return err
		}
		d, ok := v.(*pdf.Dict)
		if !ok || d.Get("Subtype") != pdf.Name("Widget") || d.Has("T") {
			continue
		}
		h, err := inherited(j.new, ref)
		if err != nil {
			return err
		}
		if err := j.mismatch(ref, d, h, false); err != nil {
			return err
		}
	}
	return nil
}

// asBefore reports whether an entry that was not there says what its absence
// says (ISO 32000-2, tables 168 and 226): MuPDF writes them.
func (j *judge) asBefore(key pdf.Name, o pdf.Object) bool {
	v, err := resolve(j.new, o)
	if err != nil {
		return false
	}
	switch v := v.(type) {
	case pdf.String:
		return key == "TU" && v.Value == ""
	case *pdf.Dict:
		width, ok := number(v.Get("W"))
		style := v.Get("S")
		return key == "BS" && (v.Get("W") == nil || ok && width == 1) && (style == nil || style == pdf.Name("S"))
	}
	return false
}

// mayNotFill says why a field may not be filled in, "" when it may.
func (j *judge) mayNotFill(h heritage) string {
	switch {
	case j.opts.DocMDP == 1:
		return "which the certification forbids"
	case j.locked(h.name):
		return "although a signature locks it"
	case h.ft == "Btn" && h.ff&ffPushbutton != 0:
		return "although it is a button without value"
	}
	return ""
}

// widgetEntry judges an entry that places or decorates a widget: a change of
// the annotation, not of the value.
func (j *judge) widgetEntry(ref pdf.Ref, n *pdf.Dict, field string, key pdf.Name) error {
	switch key {
	case "F", "Rect", "Border", "BS", "C", "MK", "H":
	default:
		j.denyField(ref, field, key, fmt.Sprintf("its entry /%s was changed", key))
		return nil
	}
	page := j.pageOf(ref, n)
	c := Change{Kind: KindAnnotation, Code: "widget_changed", Field: field, Key: string(key), Page: page,
		Detail: fmt.Sprintf("field %s: its place or look (/%s) was changed", quote(field), key)}
	if j.opts.DocMDP != 3 {
		j.deny(ref, c)
		return nil
	}
	j.warn(Warning{Code: WarnCovers, Object: name(ref), Field: field, Page: page, Detail: c.Detail})
	j.permit(ref, c)
	return nil
}

// oversize judges an appearance that claims more room than its widget has: some
// viewers do not scale it (ISO 32000-2, 12.5.5).
func (j *judge) oversize(ref pdf.Ref, n *pdf.Dict, field string) error {
	box, ok := j.rect(n, j.new)
	if !ok {
		return nil
	}
	s, err := j.normalAppearance(n)
	if err != nil || s == nil {
		return err
	}
	b, ok := j.formBox(s, j.new)
	const factor, slack = 1.5, 4
	long, short := max(box.width(), box.height()), min(box.width(), box.height())
	if !ok || max(b.width(), b.height()) <= factor*long+slack && min(b.width(), b.height()) <= factor*short+slack {
		return nil
	}
	page := j.pageOf(ref, n)
	c := Change{Kind: KindAnnotation, Code: "appearance_oversize", Field: field, Page: page,
		Detail: fmt.Sprintf("the appearance of field %s is larger than the field", quote(field))}
	if j.opts.DocMDP != 3 {
		j.deny(ref, c)
		return nil
	}
	j.warn(Warning{Code: WarnCovers, Object: name(ref), Field: field, Page: page, Detail: c.Detail})
	j.permit(ref, c)
	return nil
}

// fillOf notes the values before and after.
func (j *judge) fillOf(ref pdf.Ref, n *pdf.Dict, changed []pdf.Name, before, after heritage) (*fill, error) {
	f := j.fills[before.name]
	if f == nil {
		f = &fill{ref: ref}
		j.fills[before.name] = f
	}
	var err error
	if f.old, err = j.valueText(j.old, before.v); err != nil {
		return nil, err
	}
	if f.new, err = j.valueText(j.new, after.v); err != nil {
		return nil, err
	}
	f.value = f.value || f.old != f.new
	for _, key := range changed {
		if key == "V" {
			f.ref = ref
		}
	}
	if f.page == 0 {
		f.page = j.pageOf(ref, n)
	}
	return f, nil
}

// tellFills lists what was filled in, but for what was denied.
func (j *judge) tellFills() {
	for _, field := range sortedKeys(j.fills) {
		f := j.fills[field]
		if f.denied {
			continue
		}
		c := Change{Kind: KindFormFill, Code: "value_changed", Field: field, Page: f.page,
			OldValue: clip(f.old), NewValue: clip(f.new),
			Detail: fmt.Sprintf("field %s: %s → %s", quote(field), shown(f.old), shown(f.new))}
		if !f.value {
			c.Code = "appearance_changed"
			c.Detail = fmt.Sprintf("field %s is shown in another way, its value %s stays", quote(field), shown(f.new))
		}
		j.permit(f.ref, c)
	}
}

func shown(s string) string {
	if s == "" {
		return "(empty)"
	}
	return clip(s)
}

// valueText is the value of a field as text.
func (j *judge) valueText(f *pdf.File, o pdf.Object) (string, error) {
	v, err := resolve(f, o)
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case pdf.String:
		return pdf.Text(v), nil
	case pdf.Name:
		return string(v), nil
	case pdf.Array:
		var parts []string
		for _, e := range v[:min(len(v), 100)] {
			e, err := resolve(f, e)
			if err != nil {
				return "", err
			}
			switch e := e.(type) {
			case pdf.String:
				parts = append(parts, pdf.Text(e))
			case pdf.Name:
				parts = append(parts, string(e))
			}
		}
		return strings.Join(parts, ", "), nil
	case *pdf.Stream: // a long text (ISO 32000-2, table 226)
		data, ok, err := j.decode(v, maxContent)
		if err != nil || !ok {
			return "(a stream)", err // only the report is poorer
		}
		return pdf.Text(pdf.String{Value: string(data)}), nil
	case nil:
		return "", nil
	}
	return fmt.Sprint(v), nil
}
