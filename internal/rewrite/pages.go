package rewrite

import (
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxPageDepth bounds the depth of a page tree.
const maxPageDepth = 200

// pageTree mends the page tree: kids are references in a direct array, each
// node has its type, count and parent, and no node is met twice.
type pageTree struct {
	c     *model.Context
	nodes map[int]bool // object numbers of the nodes met
}

func mendPages(c *model.Context, root types.Dict) error {
	t := &pageTree{c: c, nodes: map[int]bool{}}
	ref, d, err := t.own(root["Pages"])
	if err != nil {
		return err
	}
	if d == nil {
		return errors.New("no page tree")
	}
	if d["Kids"] == nil && d.IsPage() { // the page itself stands for the tree
		if d, ref, err = t.wrap(ref); err != nil {
			return err
		}
	}
	root["Pages"] = ref
	d.Delete("Parent")
	n, err := t.node(ref, d, 0)
	if err == nil && n == 0 {
		err = errors.New("no pages")
	}
	return err
}

// wrap makes a node with one page.
func (t *pageTree) wrap(page types.IndirectRef) (types.Dict, types.IndirectRef, error) {
	d := types.Dict{"Kids": types.Array{page}}
	ref, err := t.c.IndRefForNewObject(d)
	if err != nil {
		return nil, types.IndirectRef{}, err
	}
	return d, *ref, nil
}

// own resolves a dictionary that must be an object of its own, and makes it
// one; nil when it is something else.
func (t *pageTree) own(o types.Object) (types.IndirectRef, types.Dict, error) {
	if ref, ok := o.(types.IndirectRef); ok {
		v, err := t.c.Dereference(ref)
		d, _ := v.(types.Dict)
		if s, ok := v.(types.StreamDict); ok && isName(s.Dict["Type"], "Page", "Pages") {
			// Without endobj the stream of the next object seems to be its.
			d = s.Dict
			for _, key := range []string{"Length", "Filter", "DecodeParms"} {
				d.Delete(key)
			}
			t.c.Table[ref.ObjectNumber.Value()].Object = d
		}
		return ref, d, err
	}
	d, ok := o.(types.Dict)
	if !ok {
		return types.IndirectRef{}, nil, nil
	}
	ref, err := t.c.IndRefForNewObject(d)
	if err != nil {
		return types.IndirectRef{}, nil, err
	}
	return *ref, d, nil
}

// node mends a node and what is below it, and counts the pages.
func (t *pageTree) node(ref types.IndirectRef, d types.Dict, depth int) (int, error) {
	if depth >= maxPageDepth {
		return 0, fmt.Errorf("page tree deeper than %d", maxPageDepth)
	}
	t.nodes[ref.ObjectNumber.Value()] = true
	d["Type"] = types.Name("Pages")
	v, err := t.c.Dereference(d["Kids"])
	if err != nil {
		return 0, err
	}
	old, _ := v.(types.Array)
	kids, count := types.Array{}, 0
	for _, o := range old {
		kid, kd, err := t.own(o)
		if err != nil {
			return 0, err
		}
		n, err := t.kid(kid, kd, depth)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			kd["Parent"] = ref
			kids, count = append(kids, kid), count+n
		}
	}
	d["Kids"], d["Count"] = kids, types.Integer(count)
	return count, nil
}

// kid mends a kid and counts its pages.
func (t *pageTree) kid(ref types.IndirectRef, d types.Dict, depth int) (int, error) {
	if d == nil || t.nodes[ref.ObjectNumber.Value()] {
		return 0, nil
	}
	if d["Kids"] != nil {
		return t.node(ref, d, depth+1)
	}
	if isName(d["Type"], "Pages") {
		return 0, nil
	}
	d["Type"] = types.Name("Page")
	return 1, t.contents(d)
}

// contents leaves a page without the content that is none.
func (t *pageTree) contents(d types.Dict) error {
	v, err := t.c.Dereference(d["Contents"])
	if err != nil {
		return err
	}
	list, ok := v.(types.Array)
	if !ok {
		if _, ok := v.(types.StreamDict); !ok {
			d.Delete("Contents")
		}
		return nil
	}
	kept := types.Array{}
	for _, o := range list {
		v, err := t.c.Dereference(o)
		if err != nil {
			return err
		}
		if _, ok := v.(types.StreamDict); ok {
			kept = append(kept, o)
		}
	}
	if len(kept) < len(list) {
		d["Contents"] = kept
	}
	return nil
}
