package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// form compares the AcroForm dictionaries. ISO 32000-2, 12.7.3.
func (j *judge) form(ref pdf.Ref, o, n *pdf.Dict) error {
	if n == nil {
		j.deny(ref, Change{Kind: KindForm, Code: "form_removed", Detail: "the form was removed"})
		return nil
	}
	for _, key := range keys(o, n) {
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if err := j.formEntry(key, at(n.Get(key), ref), ov, nv); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) formEntry(key pdf.Name, ref pdf.Ref, ov, nv pdf.Object) error {
	ok := false
	switch key {
	case "Fields":
		a, ok1 := arrayOrNil(ov)
		b, ok2 := arrayOrNil(nv)
		if ok1 && ok2 {
			return j.fieldList(ref, a, b, pdf.Ref{})
		}
	case "SigFlags": // ISO 32000-2, table 225
		a, ok1 := ov.(pdf.Integer)
		b, ok2 := nv.(pdf.Integer)
		ok = (ok1 || ov == nil) && ok2 && b&a == a && b >= 0 && b <= 3
	case "DR":
		a, ok1 := dictOrNil(ov)
		b, ok2 := dictOrNil(nv)
		if ok1 && ok2 && b != nil {
			return j.defaultResources(ref, a, b)
		}
	case "DA": // signers add one with their fonts
		_, isString := nv.(pdf.String)
		ok = ov == nil && isString
	case "NeedAppearances": // removed by signers; true makes viewers draw anew
		if ok = nv == nil || nv == false; ok && ov == true {
			j.permit(ref, Change{Kind: KindForm, Code: "need_appearances", Key: string(key),
				Detail: "fields are shown by their stored appearances from now on"})
			return j.stored()
		}
	case "XFA":
		j.deny(ref, Change{Kind: KindForm, Code: "xfa", Key: "XFA", Detail: "the XFA form was added, removed or changed"})
		return nil
	}
	if !ok {
		j.deny(ref, Change{Kind: KindForm, Code: "form_entry", Key: string(key),
			Detail: fmt.Sprintf("the form entry /%s was changed", key)})
	}
	return nil
}

// defaultResources allows additions: what a field drew with stays.
func (j *judge) defaultResources(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if ov == nil {
			if b, ok := nv.(*pdf.Dict); ok {
				if err := j.resourceCategory(ref, nil, b); err != nil {
					return err
				}
			}
			continue
		}
		a, ok1 := ov.(*pdf.Dict)
		b, ok2 := nv.(*pdf.Dict)
		if ok1 && ok2 {
			if err := j.resourceCategory(ref, a, b); err != nil {
				return err
			}
			continue
		}
		if _, ok := ov.(pdf.Array); ok && key == "ProcSet" { // of no use since PDF 1.4
			continue
		}
		j.denyResource(ref, key)
	}
	return nil
}

// resourceCategory compares the fonts, ... of the default resources.
func (j *judge) resourceCategory(ref pdf.Ref, o, n *pdf.Dict) error {
	for key, b := range n.All() {
		if o.Get(key) != nil {
			continue
		}
		ok, err := j.newFont(key, b)
		if err != nil {
			return err
		}
		if !ok {
			j.denyResource(ref, key)
		}
	}
	for key, a := range o.All() {
		same, err := j.same(a, n.Get(key))
		if err != nil {
			return err
		}
		if !same {
			j.denyResource(ref, key)
		}
	}
	return nil
}

func (j *judge) denyResource(ref pdf.Ref, key pdf.Name) {
	j.deny(ref, Change{Kind: KindForm, Code: "form_resource", Key: string(key),
		Detail: fmt.Sprintf("the resource /%s of the form was replaced or removed", key)})
}

// fieldList compares /Fields or /Kids: nothing may go, and only signature
// fields may come.
func (j *judge) fieldList(ref pdf.Ref, o, n pdf.Array, parent pdf.Ref) error {
	if err := j.spend(len(o) + len(n)); err != nil {
		return err
	}
	left := make(map[pdf.Ref]int, len(o))
	direct := 0
	for _, e := range o {
		if r, ok := e.(pdf.Ref); ok {
			left[r]++
		} else {
			direct++
		}
	}
	for _, e := range n {
		r, ok := e.(pdf.Ref)
		switch {
		case !ok:
			direct--
		case left[r] > 0:
			left[r]--
		default:
			if err := j.newField(r, parent, 0); err != nil {
				return err
			}
		}
	}
	for _, e := range o {
		if r, ok := e.(pdf.Ref); ok && left[r] > 0 {
			left[r] = 0
			if err := j.fieldRemoved(r, ref); err != nil {
				return err
			}
		}
	}
	if direct != 0 {
		j.deny(ref, Change{Kind: KindForm, Code: "field_list", Detail: "a list of form fields was changed"})
	}
	return nil
}

func (j *judge) fieldRemoved(field, list pdf.Ref) error {
	o, err := get(j.old, field)
	if err != nil || o == nil { // it named nothing
		return err
	}
	f := j.fieldName(field)
	j.deny(list, Change{Kind: KindForm, Code: "field_removed", Field: f,
		Detail: fmt.Sprintf("field %s was removed", quote(f))})
	return nil
}

// fieldName is the full name by the tree, or else by the /Parent entries.
func (j *judge) fieldName(ref pdf.Ref) string {
	if info := j.idx.fields[ref]; info != nil {
		return info.name
	}
	f, err := inherited(j.new, ref)
	if err != nil || f.name == "" {
		f, _ = inherited(j.old, ref)
	}
	return f.name
}

func quote(s string) string { return "'" + clip(s) + "'" }

// clip shortens a value for a report.
func clip(s string) string {
	if r := []rune(s); len(r) > maxValueText {
		return string(r[:maxValueText]) + "…"
	}
	return s
}

// heritage is what a field or widget has by itself and by its parents.
type heritage struct {
	name  string
	ft    pdf.Name
	ff    pdf.Integer
	v     pdf.Object // as it stands
	aa    bool       // it has actions of its own or inherited
	depth int
}

// inherited follows the /Parent entries of a field in a view.
// ISO 32000-2, 12.7.4.1.
func inherited(f *pdf.File, ref pdf.Ref) (h heritage, err error) {
	var o pdf.Object = ref
	seenV, seenFf := false, false
	for h.depth < maxParents {
		v, err := resolve(f, o)
		if err != nil {
			return h, err
		}
		d, ok := v.(*pdf.Dict)
		if !ok {
			break
		}
		h.depth++
		t, err := resolve(f, d.Get("T"))
		if err != nil {
			return h, err
		}
		if s, ok := t.(pdf.String); ok {
			h.name = joinName(pdf.Text(s), h.name)
		}
		if ft, err := f.Name(d.Get("FT")); err == nil && h.ft == "" {
			h.ft = ft
		}
		if x := d.Get("V"); x != nil && !seenV {
			h.v, seenV = x, true
		}
		if ff, ok := d.Get("Ff").(pdf.Integer); ok && !seenFf {
			h.ff, seenFf = ff, true
		}
		h.aa = h.aa || d.Has("AA")
		if o = d.Get("Parent"); o == nil || d.Get("Subtype") == pdf.Name("Popup") {
			break
		}
	}
	return h, nil
}
