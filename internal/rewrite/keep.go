package rewrite

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// keeper walks over all objects that the document uses. pdfcpu follows the
// keys of catalog and pages that it knows, so that attached files of PDF/A-3
// (/AF), among others, would be lost: it is told of each object here. Where
// it would write a reference to nothing as an object beyond /Size, null stands.
type keeper struct {
	c      *model.Context
	strict bool // a reference with the wrong generation is null, else it is put right
	seen   map[int]bool
	todo   []types.Object
	refs   types.Array
}

// keep prepares the writing of all that is used. tree: the pages of the page tree.
func keep(c *model.Context, tree map[int]bool) error {
	k := &keeper{c: c, strict: c.Cmd == model.ENCRYPT, seen: map[int]bool{}}
	if c.Info != nil {
		if o, err := c.Dereference(*c.Info); err != nil || !isDict(o) {
			c.Info = nil
		}
	}
	k.put(*c.Root)
	if c.Info != nil {
		k.put(*c.Info)
	}
	for len(k.todo) > 0 {
		o := k.todo[len(k.todo)-1]
		k.todo = k.todo[:len(k.todo)-1]
		if err := k.visit(o); err != nil {
			return err
		}
	}
	for _, o := range k.refs {
		num := o.(types.IndirectRef).ObjectNumber.Value()
		if e, ok := c.Table[num]; ok && isPage(e.Object) && !tree[num] {
			e.Valid = true // else pdfcpu does not write it: page templates
		}
	}
	c.AdditionalStreams = &k.refs // pdfcpu writes what these lead to, last
	return nil
}

func isDict(o types.Object) bool {
	_, ok := o.(types.Dict)
	return ok
}

func isPage(o types.Object) bool {
	d, ok := o.(types.Dict)
	return ok && d.IsPage()
}

// put notes an object for a visit and returns what is to stand in its place.
func (k *keeper) put(o types.Object) types.Object {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		switch o.(type) {
		case types.Dict, types.Array, types.StreamDict:
			k.todo = append(k.todo, o)
		}
		return o
	}
	num := ref.ObjectNumber.Value()
	e, ok := k.c.Table[num]
	if !ok || e.Free || e.Object == nil {
		return nil
	}
	switch e.Object.(type) {
	case types.Float, types.Boolean, types.Name:
		// Two numbers side by side in an object stream of pdfcpu are one.
		return e.Object
	}
	if e.Generation != nil && *e.Generation != ref.GenerationNumber.Value() {
		if k.strict {
			return nil // ISO 32000-2, 7.3.10
		}
		ref = *types.NewIndirectRef(num, *e.Generation)
	}
	if !k.seen[num] {
		k.seen[num] = true
		k.refs = append(k.refs, ref)
		k.todo = append(k.todo, e.Object)
	}
	return ref
}

func (k *keeper) visit(o types.Object) error {
	switch o := o.(type) {
	case types.Dict:
		return k.dict(o)
	case types.StreamDict:
		return k.dict(o.Dict)
	case types.Array:
		for i, v := range o {
			o[i] = k.put(v)
		}
	}
	return nil
}

func (k *keeper) dict(d types.Dict) error {
	if d["ByteRange"] != nil {
		return failed(KindSigned, "")
	}
	if err := k.contents(d); err != nil {
		return err
	}
	for key, v := range d {
		if kept := k.put(v); kept != nil {
			d[key] = kept
		} else {
			delete(d, key)
		}
	}
	return nil
}

// contents moves the description of a signature field's widget into an object
// of its own: pdfcpu takes it for a signature and does not encrypt it.
func (k *keeper) contents(d types.Dict) error {
	if !isName(d["FT"], "Sig") && !isName(d["Type"], "Sig", "DocTimeStamp") {
		return nil
	}
	switch d["Contents"].(type) {
	case types.StringLiteral, types.HexLiteral:
		ref, err := k.c.IndRefForNewObject(d["Contents"])
		if err != nil {
			return err
		}
		d["Contents"] = *ref
	}
	return nil
}

func isName(o types.Object, names ...string) bool {
	n, ok := o.(types.Name)
	for _, want := range names {
		if ok && string(n) == want {
			return true
		}
	}
	return false
}
