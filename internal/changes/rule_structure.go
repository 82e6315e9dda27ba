package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Changes of the structure tree are permitted where a signature, or an
// annotation that is permitted, comes in: it gets an element of its own at the
// end, and a row in the parent tree (ISO 32000-2, 14.7.5.4).

// structRoot compares the roots of the structure tree.
func (j *judge) structRoot(ref pdf.Ref, o, n *pdf.Dict) error {
	if o == nil || n == nil {
		j.denyStructure(ref, "StructTreeRoot", "the structure tree was added or removed")
		return nil
	}
	for _, key := range keys(o, n) {
		a, b, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		switch key {
		case "K":
			err = j.structKids(ref, o.Get(key), n.Get(key))
		case "ParentTree":
			x, ok1 := dictOrNil(a)
			y, ok2 := b.(*pdf.Dict)
			if !ok1 || !ok2 {
				j.denyStructure(ref, key, "the parent tree was replaced")
				continue
			}
			err = j.parentTree(at(n.Get(key), ref), x, y)
		case "ParentTreeNextKey":
			x, ok1 := a.(pdf.Integer)
			y, ok2 := b.(pdf.Integer)
			if !j.tagging() || !ok2 || ok1 && y < x {
				j.denyStructure(ref, key, "the parent tree was changed")
			}
		default:
			j.denyStructure(ref, key, fmt.Sprintf("the entry /%s of the structure tree was changed", key))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tagging reports whether the revision may add to the structure tree.
func (j *judge) tagging() bool { return j.signs || j.comments }

func (j *judge) denyStructure(ref pdf.Ref, key pdf.Name, detail string) {
	j.deny(ref, Change{Kind: KindStructure, Code: "structure_tree", Key: string(key), Detail: detail})
}

// structElem compares structure elements: only kids may be appended.
func (j *judge) structElem(ref pdf.Ref, o, n *pdf.Dict) error {
	if o == nil || n == nil {
		j.denyStructure(ref, "", "an element of the structure tree was removed or put in")
		return nil
	}
	for _, key := range keys(o, n) {
		same, err := j.same(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		switch {
		case same:
		case key == "K":
			if err := j.structKids(ref, o.Get(key), n.Get(key)); err != nil {
				return err
			}
		default:
			j.denyStructure(ref, key, fmt.Sprintf("the entry /%s of an element of the structure tree was changed", key))
		}
	}
	return nil
}

// structKids allows new elements at the end. A single kid counts as a list.
func (j *judge) structKids(ref pdf.Ref, a, b pdf.Object) error {
	o, err := j.kidList(j.old, a)
	if err != nil {
		return err
	}
	n, err := j.kidList(j.new, b)
	if err != nil {
		return err
	}
	if !j.tagging() || len(n) < len(o) {
		j.denyStructure(ref, "K", "elements of the structure tree were changed or removed")
		return nil
	}
	for i, e := range n {
		if i < len(o) {
			same, err := j.same(o[i], e)
			if err != nil {
				return err
			}
			if !same {
				j.denyStructure(ref, "K", "elements of the structure tree were changed or removed")
				return nil
			}
			continue
		}
		left := maxTouched
		why, err := j.newElement(e, 0, &left)
		if err != nil {
			return err
		}
		if why != "" {
			j.denyStructure(ref, "K", why)
			return nil
		}
	}
	j.permit(ref, Change{Kind: KindStructure, Code: "structure_added", Count: len(n) - len(o),
		Detail: "elements were added to the structure tree for what was signed or added"})
	return nil
}

// newElement says what is wrong with an element, or what it holds, that is
// added: it may hold the annotations that came with it, and no content that a
// screen reader would read twice or in other words.
func (j *judge) newElement(o pdf.Object, depth int, left *int) (string, error) {
	if r, ok := o.(pdf.Ref); ok {
		if d := j.deltas[r]; d == nil || d.old != nil {
			return "elements of the structure tree were moved", nil
		}
	}
	v, err := resolve(j.new, o)
	if err != nil {
		return "", err
	}
	d, ok := v.(*pdf.Dict)
	if *left--; !ok || *left < 0 || depth > maxParents {
		return "content of a page was added to the structure tree", nil
	}
	switch {
	case d.Get("Type") == pdf.Name("OBJR"):
		return "", nil
	case d.Get("Type") == pdf.Name("MCR") || d.Has("MCID"):
		r, ok := d.Get("Stm").(pdf.Ref) // of an appearance that came with it
		if x := j.deltas[r]; !ok || x == nil || x.old != nil {
			return "content of a page was added to the structure tree", nil
		}
		return "", nil
	case d.Has("ActualText"):
		return "an element with a text of its own was added to the structure tree", nil
	}
	kids, err := j.kidList(j.new, d.Get("K"))
	for _, k := range kids {
		if err != nil {
			break
		}
		var why string
		if why, err = j.newElement(k, depth+1, left); why != "" {
			return why, err
		}
	}
	return "", err
}

func (j *judge) kidList(f *pdf.File, o pdf.Object) (pdf.Array, error) {
	v, err := resolve(f, o)
	if err != nil || v == nil {
		return nil, err
	}
	if a, ok := v.(pdf.Array); ok {
		return a, nil
	}
	return pdf.Array{o}, nil
}

// parentTree compares nodes of the parent tree: rows are added, never changed.
// ISO 32000-2, 7.9.7.
func (j *judge) parentTree(ref pdf.Ref, o, n *pdf.Dict) error {
	if n == nil || !j.tagging() {
		j.denyStructure(ref, "ParentTree", "the parent tree was changed")
		return nil
	}
	for _, key := range keys(o, n) {
		a, b, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same || key == "Limits" {
			continue
		}
		x, ok1 := arrayOrNil(a)
		y, ok2 := b.(pdf.Array)
		step := 0
		switch key {
		case "Nums", "Names":
			step = 2
		case "Kids":
			step = 1
		}
		if !ok1 || !ok2 || step == 0 {
			j.denyStructure(ref, key, "the parent tree was changed")
			return nil
		}
		kept, err := j.subsequence(x, y, step)
		if err != nil {
			return err
		}
		if !kept {
			j.denyStructure(ref, key, "rows of the parent tree were changed or removed")
			return nil
		}
	}
	return nil
}

// subsequence reports whether y has all rows of x, in their order.
func (j *judge) subsequence(x, y pdf.Array, step int) (bool, error) {
	i := 0
	for k := 0; k+step <= len(y) && i+step <= len(x); k += step {
		all := true
		for s := 0; s < step && all; s++ {
			same, err := j.same(x[i+s], y[k+s])
			if err != nil {
				return false, err
			}
			all = same
		}
		if all {
			i += step
		}
	}
	return i == len(x), nil
}
