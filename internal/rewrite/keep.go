package rewrite

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// keeper walks over all objects that the document uses, to write these and no
// others. What refers to nothing becomes null.
type keeper struct {
	c      *model.Context
	strict bool // a reference with the wrong generation is null, else it is put right
	seen   map[int]bool
	todo   []types.Object
}

// keep removes from c what the document does not use.
func keep(c *model.Context, strict bool) error {
	k := &keeper{c: c, strict: strict, seen: map[int]bool{}}
	if c.Info != nil {
		if o, err := c.Dereference(*c.Info); err != nil || !isDict(o) {
			c.Info = nil
		}
	}
	for _, ref := range []*types.IndirectRef{c.Root, c.Info} {
		if ref != nil {
			put, _ := k.put(*ref).(types.IndirectRef)
			*ref = put // the generation may be another
		}
	}
	for len(k.todo) > 0 {
		o := k.todo[len(k.todo)-1]
		k.todo = k.todo[:len(k.todo)-1]
		if err := k.visit(o); err != nil {
			return err
		}
	}
	for num := range c.Table {
		if !k.seen[num] {
			delete(c.Table, num)
		}
	}
	next, gen := int64(0), types.FreeHeadGeneration
	c.Table[0] = &model.XRefTableEntry{Free: true, Offset: &next, Generation: &gen}
	return nil
}

func isDict(o types.Object) bool {
	_, ok := o.(types.Dict)
	return ok
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
	if e.Generation != nil && *e.Generation != ref.GenerationNumber.Value() {
		if k.strict {
			return nil // ISO 32000-2, 7.3.10
		}
		ref = *types.NewIndirectRef(num, *e.Generation)
	}
	if !k.seen[num] {
		k.seen[num] = true
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
