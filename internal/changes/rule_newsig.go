package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// newField judges a field that a list names for the first time: it must be a
// signature field, with a signature of this revision or none.
func (j *judge) newField(ref, parent pdf.Ref, depth int) error {
	o, err := get(j.new, ref)
	if err != nil {
		return err
	}
	d, ok := o.(*pdf.Dict)
	if !ok || depth > maxParents {
		j.deny(ref, Change{Kind: KindForm, Code: "field_list", Detail: "a list of form fields names what is no field"})
		return nil
	}
	was, err := get(j.old, ref)
	if err != nil {
		return err
	}
	h, err := j.newHeritage(ref, parent, d)
	if err != nil {
		return err
	}
	if info := j.idx.fields[ref]; info != nil && info.parent != parent && was != nil {
		j.deny(ref, Change{Kind: KindForm, Code: "field_list", Field: info.name,
			Detail: fmt.Sprintf("form field %s was put in another place of the form", quote(info.name))})
		return nil
	}
	if owner, taken := j.idx.names[h.name]; (taken && owner != ref || j.newNames[h.name]) && d.Has("T") {
		j.deny(ref, Change{Kind: KindForm, Code: "field_duplicate", Field: h.name,
			Detail: fmt.Sprintf("a second field with the name %s was added", quote(h.name))})
		return nil
	}
	if d.Has("T") {
		j.newNames[h.name] = true
	}
	kids, err := resolve(j.new, d.Get("Kids"))
	if err != nil {
		return err
	}
	if acts, err := j.newAction(d, was); acts || err != nil {
		j.denyAction(ref, h.name)
		return err
	}
	if list, ok := kids.(pdf.Array); ok {
		for _, e := range list {
			if r, ok := e.(pdf.Ref); ok {
				if err := j.newField(r, ref, depth+1); err != nil {
					return err
				}
			}
		}
		if h.ft == "" { // a node that only names
			return nil
		}
	}
	if h.ft != "Sig" {
		j.deny(ref, Change{Kind: KindForm, Code: "field_added", Field: h.name,
			Detail: fmt.Sprintf("form field %s was added", quote(h.name))})
		return nil
	}
	return j.newSignature(ref, h, d, was)
}

// newHeritage: the tree decides on the name, the /Parent entries must agree.
func (j *judge) newHeritage(ref, parent pdf.Ref, d *pdf.Dict) (heritage, error) {
	h, err := inherited(j.new, ref)
	if err != nil || parent == (pdf.Ref{}) || d.Get("Parent") == pdf.Object(parent) {
		return h, err
	}
	p, err := inherited(j.new, parent)
	if err != nil {
		return h, err
	}
	h.name = joinName(p.name, j.textOf(j.new, d.Get("T")))
	if h.ft == "" {
		h.ft = p.ft
	}
	if h.v == nil {
		h.v = p.v
	}
	return h, nil
}

func (j *judge) textOf(f *pdf.File, o pdf.Object) string {
	v, err := resolve(f, o)
	if s, ok := v.(pdf.String); ok && err == nil {
		return pdf.Text(s)
	}
	return ""
}

// newSignature judges a signature field, or a widget of one, that is new or
// that this revision signs; was is what the object was before.
func (j *judge) newSignature(ref pdf.Ref, h heritage, d *pdf.Dict, was pdf.Object) error {
	acts, err := j.newAction(d, was)
	if err != nil {
		return err
	}
	if acts {
		j.denyAction(ref, h.name)
		return nil
	}
	v, err := resolve(j.new, h.v)
	if err != nil {
		return err
	}
	if v == nil {
		return j.emptySignature(ref, h, d, was)
	}
	c := Change{Kind: KindNewSignature, Code: "signed", Field: h.name, Detail: fmt.Sprintf("signature field %s was signed", quote(h.name))}
	if isTimestamp(v) {
		c.Kind, c.Code = KindTimestamp, "timestamped"
		c.Detail = fmt.Sprintf("a document timestamp was added (field %s)", quote(h.name))
	}
	if why := j.valueFault(h, v); why != "" {
		c.Kind, c.Code = KindSignature, "signature_recycled"
		c.Detail = fmt.Sprintf("signature field %s %s", quote(h.name), why)
		j.deny(ref, c)
		return nil
	}
	shows, err := j.shows(d)
	if err != nil {
		return err
	}
	if j.opts.DocMDP == 1 && (c.Kind != KindTimestamp || shows) {
		c.Detail += ", which the certification forbids"
		j.deny(ref, c)
		return nil
	}
	j.signs = true
	if err := j.signatureWarnings(ref, h, d, v); err != nil {
		return err
	}
	if !j.told["sig|"+h.name] {
		j.told["sig|"+h.name] = true
		j.permit(ref, c)
	}
	return nil
}

func (j *judge) denyAction(ref pdf.Ref, field string) {
	j.deny(ref, Change{Kind: KindSignatureField, Code: "signature_action", Field: field,
		Detail: fmt.Sprintf("the signature field %s carries an action", quote(field))})
}

// newAction reports whether a field has an action that it did not have.
func (j *judge) newAction(d *pdf.Dict, was pdf.Object) (bool, error) {
	o, _ := was.(*pdf.Dict)
	for _, key := range []pdf.Name{"A", "AA"} {
		if d.Get(key) == nil {
			continue
		}
		same, err := j.same(o.Get(key), d.Get(key))
		if err != nil || !same {
			return true, err
		}
	}
	return false, nil
}

// valueFault says what is wrong with the value of a signature field as the
// value of this revision, "" for nothing.
func (j *judge) valueFault(h heritage, v pdf.Object) string {
	if !isSignature(v) {
		return "has a value that is no signature"
	}
	r, ok := h.v.(pdf.Ref)
	if !ok {
		return ""
	}
	if d := j.deltas[r]; d == nil || d.old != nil {
		return "shows a signature that was already there"
	}
	if other, ok := j.newValues[r]; ok && other != h.name {
		return "shares its signature with another field"
	}
	j.newValues[r] = h.name
	return ""
}

func isSignature(o pdf.Object) bool {
	d, ok := o.(*pdf.Dict)
	return ok && d.Has("ByteRange") && d.Has("Contents")
}

// signatureWarnings tells of signatures that do not sign their own revision,
// and of pictures that lie over the page.
func (j *judge) signatureWarnings(ref pdf.Ref, h heritage, d *pdf.Dict, v pdf.Object) error {
	if br, ok := v.(*pdf.Dict).Get("ByteRange").(pdf.Array); ok && len(br) == 4 {
		b, ok1 := br[2].(pdf.Integer)
		if c, ok2 := br[3].(pdf.Integer); ok1 && ok2 && b+c <= pdf.Integer(j.opts.SignedEnd) && !j.told["copied|"+h.name] {
			j.told["copied|"+h.name] = true
			j.warn(Warning{Code: WarnCopiedSignature, Object: name(ref), Field: h.name,
				Detail: fmt.Sprintf("signature field %s covers an earlier revision than its own", quote(h.name))})
		}
	}
	covers, page, err := j.covers(ref, d)
	if err == nil && covers {
		j.warn(Warning{Code: WarnSignatureCovers, Object: name(ref), Field: h.name, Page: page,
			Detail: fmt.Sprintf("the picture of signature field %s lies over the page's content", quote(h.name))})
	}
	return err
}

// emptySignature judges a signature field without signature.
func (j *judge) emptySignature(ref pdf.Ref, h heritage, d *pdf.Dict, was pdf.Object) error {
	c := Change{Kind: KindSignatureField, Code: "signature_field_added", Field: h.name,
		Detail: fmt.Sprintf("an empty signature field %s was added", quote(h.name))}
	if was != nil {
		c.Code, c.Detail = "signature_field_changed", fmt.Sprintf("the empty signature field %s was changed", quote(h.name))
	}
	if j.opts.DocMDP == 1 {
		c.Detail += ", which the certification forbids"
		j.deny(ref, c)
		return nil
	}
	shows, err := j.shows(d)
	if err != nil {
		return err
	}
	if shows {
		j.warn(Warning{Code: WarnUnsignedField, Object: name(ref), Field: h.name, Page: j.pageOf(ref, d),
			Detail: fmt.Sprintf("the empty signature field %s shows something that nobody signed", quote(h.name))})
	}
	j.signs = true
	j.permit(ref, c)
	return nil
}

// signatureField judges changes of a signature field, or of a widget of one,
// that was there. One that bears a signature stays as it is.
func (j *judge) signatureField(ref pdf.Ref, o, n *pdf.Dict, changed []pdf.Name, before, after heritage) error {
	ov, err := resolve(j.old, before.v)
	if err != nil {
		return err
	}
	if ov != nil {
		for _, key := range changed {
			if key == "StructParent" && j.signs && !o.Has(key) || key == "M" || key == "NM" {
				continue
			}
			j.deny(ref, Change{Kind: KindSignature, Code: "signature_changed", Field: before.name, Key: string(key),
				Detail: fmt.Sprintf("the signed signature field %s was changed (/%s)", quote(before.name), key)})
			return nil
		}
		return nil
	}
	nv, err := resolve(j.new, after.v)
	if err != nil {
		return err
	}
	if nv != nil && j.locked(before.name) {
		j.deny(ref, Change{Kind: KindNewSignature, Code: "locked", Field: before.name,
			Detail: fmt.Sprintf("signature field %s was signed although it is locked", quote(before.name))})
		return nil
	}
	for _, key := range changed {
		ok, err := j.signingMay(key, o, n, nv != nil, ref)
		if err != nil {
			return err
		}
		if !ok {
			j.deny(ref, Change{Kind: KindSignatureField, Code: "signature_field_entry", Field: before.name, Key: string(key),
				Detail: fmt.Sprintf("the entry /%s of signature field %s was changed", key, quote(before.name))})
			return nil
		}
	}
	return j.newSignature(ref, after, n, o)
}

// signingMay reports whether an entry of an empty signature field may change.
func (j *judge) signingMay(key pdf.Name, o, n *pdf.Dict, signed bool, ref pdf.Ref) (bool, error) {
	switch key {
	case "V", "AP", "AS", "MK", "DA", "M", "NM", "BS", "Border", "H", "C", "DR", "Q", "TU":
		return true, nil
	case "F":
		return signed, nil
	case "Kids":
		a, err := resolve(j.old, o.Get(key))
		if err != nil {
			return false, err
		}
		b, err := resolve(j.new, n.Get(key))
		if err != nil {
			return false, err
		}
		x, ok1 := arrayOrNil(a)
		y, ok2 := arrayOrNil(b)
		if !ok1 || !ok2 {
			return false, nil
		}
		return true, j.fieldList(ref, x, y, ref)
	case "Rect": // only where there was no place yet
		box, ok := j.rect(o, j.old)
		return !ok || box.empty(), nil
	case "Lock", "SV", "P", "Type", "Subtype", "StructParent", "Ff":
		return o.Get(key) == nil, nil
	}
	return false, nil
}

// locked reports whether a lock in force holds a field.
func (j *judge) locked(field string) bool {
	for _, l := range j.opts.Locks {
		if l.covers(field) {
			return true
		}
	}
	return false
}
