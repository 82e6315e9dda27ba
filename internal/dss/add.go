package dss

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Add adds to u what s has and the file's store lacks: streams, the arrays of
// /DSS, entries of /VRI. Entries of the file stay where they are, also bad
// ones. The catalog is taken from u, so that other changes of it survive.
func Add(f *pdf.File, u *pdf.Update, s *Store) error {
	r, err := read(f)
	if err != nil {
		return err
	}
	_, catalogRef, err := f.Catalog()
	if err != nil {
		return err
	}
	o, err := u.Get(catalogRef)
	if err != nil {
		return err
	}
	catalog, ok := o.(*pdf.Dict)
	if !ok {
		return fmt.Errorf("the catalog is a %T", o)
	}
	old, err := f.Dict(catalog.Get("DSS"))
	if err != nil || old == nil {
		old = pdf.NewDict(pdf.Name("Type"), pdf.Name("DSS")) // not a dictionary: replaced
	}
	d := old.Clone()
	for i, k := range kinds {
		if err := r.extend(u, d, k.store, i, *s.list(i)); err != nil {
			return err
		}
	}
	if err := r.extendVRI(u, d, s.VRI); err != nil {
		return err
	}
	if ref, ok := catalog.Get("DSS").(pdf.Ref); ok {
		u.Set(ref, d)
		return nil
	}
	catalog = catalog.Clone()
	catalog.Set("DSS", u.Add(d))
	u.Set(catalogRef, catalog)
	return nil
}

// extend appends references to what is new to the array at key of d.
func (r *reader) extend(u *pdf.Update, d *pdf.Dict, key pdf.Name, kind int, list [][]byte) error {
	old, err := r.f.Array(d.Get(key))
	if err != nil {
		old = nil // not an array: replaced
	}
	a := slices.Clone(old)
	for _, b := range list {
		ref := r.stream(u, kind, b)
		if !slices.Contains(a, pdf.Object(ref)) {
			a = append(a, ref)
		}
	}
	if len(a) > len(old) {
		d.Set(key, a)
	}
	return nil
}

// stream returns the stream that holds b, made when there is none.
func (r *reader) stream(u *pdf.Update, kind int, b []byte) pdf.Ref {
	name := string(kinds[kind].store) + "\x00" + string(b)
	ref, ok := r.first[name]
	if !ok {
		ref = u.Add(pdf.NewFlateStream(pdf.NewDict(), b))
		r.first[name] = ref
	}
	return ref
}

func (r *reader) extendVRI(u *pdf.Update, d *pdf.Dict, entries map[string]VRI) error {
	if len(entries) == 0 {
		return nil
	}
	old, err := r.f.Dict(d.Get("VRI"))
	if err != nil || old == nil {
		old = pdf.NewDict()
	}
	vri := old.Clone()
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		e, err := r.f.Dict(vri.Get(pdf.Name(key)))
		if err != nil || e == nil {
			e = pdf.NewDict()
		}
		e = e.Clone()
		v := entries[key]
		for i, k := range kinds {
			if err := r.extend(u, e, k.vri, i, *v.list(i)); err != nil {
				return err
			}
		}
		vri.Set(pdf.Name(key), u.Add(e))
	}
	d.Set("VRI", u.Add(vri))
	return nil
}
