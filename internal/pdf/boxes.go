package pdf

import "math"

// defaultBox is what viewers take for a page without a usable /MediaBox
// although it is required: US Letter.
var defaultBox = [4]float64{0, 0, 612, 792}

// page makes a Page of a leaf.
func (f *File) page(n *pageNode, index int) (*Page, error) {
	p := &Page{Index: index, Ref: n.ref, Dict: n.dict, Resources: n.from.resources, UserUnit: 1}
	box, ok, err := f.rect(n.from.mediaBox)
	if err != nil {
		return nil, err
	}
	if !ok {
		box = defaultBox
	}
	p.MediaBox, p.CropBox = box, box
	crop, ok, err := f.rect(n.from.cropBox)
	if err != nil {
		return nil, err
	}
	if ok { // ISO 32000-2, 14.11.2.1: what is outside of the media box is ignored
		crop = [4]float64{max(crop[0], box[0]), max(crop[1], box[1]), min(crop[2], box[2]), min(crop[3], box[3])}
		if crop[0] < crop[2] && crop[1] < crop[3] {
			p.CropBox = crop
		}
	}
	rotate, err := f.Resolve(n.from.rotate)
	if err != nil {
		return nil, err
	}
	if v, ok := number(rotate); ok && math.Mod(v, 90) == 0 {
		p.Rotate = int(math.Mod(math.Mod(v, 360)+360, 360))
	}
	unit, err := f.Resolve(n.dict.Get("UserUnit"))
	if err != nil {
		return nil, err
	}
	if v, ok := number(unit); ok && v > 0 {
		p.UserUnit = v
	}
	return p, nil
}

// rect resolves a rectangle and puts its corners in order; ok is false for
// none, for one that is no rectangle, and for an empty one.
func (f *File) rect(o Object) (r [4]float64, ok bool, err error) {
	o, err = f.Resolve(o)
	if err != nil {
		return r, false, err
	}
	a, _ := o.(Array)
	if len(a) < 4 {
		return r, false, nil
	}
	for i := range r {
		v, err := f.Resolve(a[i])
		if err != nil {
			return r, false, err
		}
		if r[i], ok = number(v); !ok {
			return r, false, nil
		}
	}
	r = [4]float64{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}
	return r, r[0] < r[2] && r[1] < r[3], nil
}

func number(o Object) (float64, bool) {
	switch v := o.(type) {
	case Integer:
		return float64(v), true
	case Real:
		return float64(v), true
	}
	return 0, false
}
