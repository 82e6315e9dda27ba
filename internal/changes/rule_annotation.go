package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// annotOrArray judges what a page's /Annots or a field's /Kids reaches.
func (j *judge) annotOrArray(d *delta, r role) error {
	o, ok1 := arrayOrNil(d.old)
	n, ok2 := arrayOrNil(d.new)
	if !ok1 || !ok2 || o == nil && n == nil {
		return j.annot(d.ref)
	}
	from, _ := j.idx.via(d.ref)
	if r == rField || from.key == "Kids" {
		parent := from.from
		if j.idx.fields[parent] == nil && !j.idx.nodes[parent].roles.has(rAnnot) {
			parent = pdf.Ref{}
		}
		return j.fieldList(d.ref, o, n, parent)
	}
	pages, whole := j.idx.pagesOf(d.ref)
	if !whole {
		j.unexplained(d, rAnnot)
	}
	return j.annotList(d.ref, o, n, pages)
}

// owned judges an appearance or a value by all annotations that have it.
func (j *judge) owned(d *delta) error {
	owners := j.idx.owners[d.ref]
	if len(owners) == 0 || j.idx.many[d.ref] {
		j.unexplained(d, rAP)
		return nil
	}
	for _, owner := range owners {
		if m := j.idx.nodes[owner].roles; !m.has(rAnnot) && !m.has(rField) {
			j.unexplained(d, rAP)
			return nil
		}
		if err := j.annot(owner); err != nil {
			return err
		}
	}
	return nil
}

// annot judges an annotation or field that was there, with its appearance and
// value, once in a revision.
func (j *judge) annot(ref pdf.Ref) error {
	if j.memo[ref] {
		return nil
	}
	j.memo[ref] = true
	ov, err := get(j.old, ref)
	if err != nil {
		return err
	}
	nv, err := get(j.new, ref)
	if err != nil {
		return err
	}
	o, ok1 := dictOrNil(ov)
	n, ok2 := dictOrNil(nv)
	switch {
	case !ok1 || !ok2:
		j.unexplained(&delta{ref: ref, old: ov, new: nv}, rAnnot)
		return nil
	case n == nil:
		return j.annotGone(ref, ref)
	case o == nil:
		if j.idx.nodes[ref].roles.has(rField) {
			return j.newField(ref, pdf.Ref{}, 0)
		}
		return j.newAnnot(ref, nil)
	}
	return j.annotChanged(ref, o, n)
}

func (j *judge) annotChanged(ref pdf.Ref, o, n *pdf.Dict) error {
	before, err := inherited(j.old, ref)
	if err != nil {
		return err
	}
	after, err := inherited(j.new, ref)
	if err != nil {
		return err
	}
	var changed []pdf.Name
	for _, key := range keys(o, n) {
		t, err := j.touched(o.Get(key), n.Get(key), key)
		if err != nil {
			return err
		}
		if t && !(key == "Rect" && sameBox(j.old, j.new, o.Get(key), n.Get(key))) {
			changed = append(changed, key)
		}
	}
	ft := before.ft
	if info := j.idx.fields[ref]; info != nil {
		if info.twice || info.ft != "" && ft != "" && info.ft != ft {
			j.denyField(ref, info.name, "T", "the field stands in the form in two ways")
			return nil
		}
		if ft == "" {
			ft = info.ft
		}
		before.name, after.name = info.name, info.name // the tree decides, not /Parent
	}
	switch {
	case ft != "" && after.ft != "" && after.ft != ft:
		j.denyField(ref, before.name, "FT", "its type was changed")
		return nil
	case ft == "Sig" || ft == "" && after.ft == "Sig":
		return j.signatureField(ref, o, n, changed, before, after)
	case ft != "":
		return j.formFill(ref, o, n, changed, before, after)
	case len(changed) == 0:
		return nil
	case j.idx.fields[ref] != nil || n.Get("Subtype") == nil && n.Has("T") && n.Has("Kids"):
		return j.fieldNode(ref, o, n, changed, before)
	}
	if invisible(changed) {
		j.comments = true
		return j.unseen(ref, n, changed)
	}
	return j.annotation(annotChange{ref, n, o, "changed", changed})
}

// fieldNode judges a field that only holds others.
func (j *judge) fieldNode(ref pdf.Ref, o, n *pdf.Dict, changed []pdf.Name, before heritage) error {
	for _, key := range changed {
		if key != "Kids" {
			j.denyField(ref, before.name, key, fmt.Sprintf("its entry /%s was changed", key))
			return nil
		}
		if err := j.kids(ref, o, n); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) kids(ref pdf.Ref, o, n *pdf.Dict) error {
	a, err := resolve(j.old, o.Get("Kids"))
	if err != nil {
		return err
	}
	b, err := resolve(j.new, n.Get("Kids"))
	if err != nil {
		return err
	}
	x, ok1 := arrayOrNil(a)
	y, ok2 := arrayOrNil(b)
	if !ok1 || !ok2 {
		j.denyField(ref, j.fieldName(ref), "Kids", "its list of kids was changed")
		return nil
	}
	return j.fieldList(ref, x, y, ref)
}

func (j *judge) denyField(ref pdf.Ref, field string, key pdf.Name, what string) {
	j.deny(ref, Change{Kind: KindForm, Code: "field_changed", Field: field, Key: string(key),
		Detail: fmt.Sprintf("form field %s: %s", quote(field), what)})
}

// touched reports whether the value at a key differs. In the appearance and the
// value of an annotation an object that changes in place counts too.
func (j *judge) touched(a, b pdf.Object, key pdf.Name) (bool, error) {
	same, err := j.same(a, b)
	if err != nil || !same {
		return true, err
	}
	if key != "AP" && key != "V" {
		return false, nil
	}
	left := maxTouched
	return j.inPlace(b, 0, &left)
}

const maxTouched = 10_000 // values of one appearance dictionary

// inPlace looks for deltas below an appearance dictionary or a value.
func (j *judge) inPlace(o pdf.Object, depth int, left *int) (bool, error) {
	if *left--; *left < 0 || depth > 16 {
		return true, nil
	}
	switch v := o.(type) {
	case pdf.Ref:
		if j.deltas[v] != nil {
			return true, nil
		}
		t, err := get(j.new, v)
		if err != nil {
			return false, err
		}
		if s, isStream := t.(*pdf.Stream); isStream {
			length, ok := s.Dict.Get("Length").(pdf.Ref)
			return ok && j.deltas[length] != nil, nil
		}
		return j.inPlace(t, depth+1, left)
	case pdf.Array:
		for _, e := range v {
			if t, err := j.inPlace(e, depth+1, left); t || err != nil {
				return t, err
			}
		}
	case *pdf.Dict:
		if isSignature(v) {
			return false, nil // /Data of its references leads to the whole document
		}
		for _, e := range v.All() {
			if t, err := j.inPlace(e, depth+1, left); t || err != nil {
				return t, err
			}
		}
	}
	return false, nil
}

// newAnnot judges an annotation that a page names for the first time.
func (j *judge) newAnnot(ref pdf.Ref, pages []pdf.Ref) error {
	j.listed[ref] = append(j.listed[ref], pages...)
	v, err := get(j.new, ref)
	if err != nil {
		return err
	}
	d, ok := v.(*pdf.Dict)
	if !ok {
		if v == nil { // dangling: nothing is drawn
			return nil
		}
		j.unexplained(&delta{ref: ref, new: v}, rAnnot)
		return nil
	}
	h, err := inherited(j.new, ref)
	if err != nil {
		return err
	}
	was, err := get(j.old, ref)
	if err != nil {
		return err
	}
	if h.ft == "Sig" {
		if was != nil { // a field that had no place on a page; its own change is judged
			return j.registered(ref, h, d, was)
		}
		return j.newSignature(ref, h, d, nil)
	}
	if d.Get("Subtype") == pdf.Name("Widget") || h.ft != "" {
		num := j.firstPage(j.listed[ref])
		j.deny(ref, Change{Kind: KindForm, Code: "field_added", Field: h.name, Page: num,
			Detail: fmt.Sprintf("page %d: form field %s was added", num, quote(h.name))})
		return nil
	}
	return j.annotation(annotChange{ref: ref, d: d, what: "added"})
}

// registered judges a signature field of the signed revision that a page lists
// only now: what it shows was not shown then.
func (j *judge) registered(ref pdf.Ref, h heritage, d *pdf.Dict, was pdf.Object) error {
	if j.deltas[ref] != nil {
		return j.annot(ref)
	}
	v, err := resolve(j.old, h.v)
	if err != nil {
		return err
	}
	shows, err := j.shows(d)
	if err != nil {
		return err
	}
	if v != nil && shows {
		j.deny(ref, Change{Kind: KindSignature, Code: "signature_recycled", Field: h.name,
			Detail: fmt.Sprintf("signature field %s was shown on another page", quote(h.name))})
		return nil
	}
	if v == nil {
		return j.emptySignature(ref, h, d, was)
	}
	return nil
}

// annotGone judges an annotation that was removed.
func (j *judge) annotGone(ref, list pdf.Ref) error {
	v, err := get(j.old, ref)
	if err != nil {
		return err
	}
	d, ok := v.(*pdf.Dict)
	if !ok {
		return nil // nothing was drawn
	}
	h, err := inherited(j.old, ref)
	if err != nil {
		return err
	}
	if h.ft != "" || d.Get("Subtype") == pdf.Name("Widget") {
		f := j.fieldName(ref)
		j.deny(list, Change{Kind: KindForm, Code: "field_removed", Field: f, Page: j.pageOf(ref, d),
			Detail: fmt.Sprintf("field %s was removed", quote(f))})
		return nil
	}
	return j.annotation(annotChange{ref: ref, d: d, was: d, what: "removed"})
}
