package rewrite

import (
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxPageDepth is how deep pdfcpu writes a page tree.
const maxPageDepth = 100

// pageTree mends the page tree so that pdfcpu writes it: kids are references
// in a direct array, each node has its type and parent, no node is met twice.
type pageTree struct {
	c     *model.Context
	nodes map[int]bool // object numbers of the nodes met
	pages map[int]bool // object numbers of the pages
}

// mendPages returns the object numbers of the pages.
func mendPages(c *model.Context, root types.Dict) (map[int]bool, error) {
	t := &pageTree{c: c, nodes: map[int]bool{}, pages: map[int]bool{}}
	ref, d, err := t.own(root["Pages"])
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, errors.New("no page tree")
	}
	if d["Kids"] == nil && d.IsPage() { // the page itself stands for the tree
		d, ref, err = t.wrap(ref)
		if err != nil {
			return nil, err
		}
	}
	root["Pages"] = ref
	d.Delete("Parent")
	if err := t.node(ref, d, 0); err != nil {
		return nil, err
	}
	if len(t.pages) == 0 {
		return nil, errors.New("no pages")
	}
	return t.pages, nil
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

// node mends a node and what is below it.
func (t *pageTree) node(ref types.IndirectRef, d types.Dict, depth int) error {
	if depth >= maxPageDepth {
		return fmt.Errorf("page tree deeper than %d", maxPageDepth)
	}
	t.nodes[ref.ObjectNumber.Value()] = true
	d["Type"] = types.Name("Pages")
	v, err := t.c.Dereference(d["Kids"])
	if err != nil {
		return err
	}
	old, _ := v.(types.Array)
	kids := types.Array{}
	for _, o := range old {
		kid, kd, err := t.own(o)
		if err != nil {
			return err
		}
		keep, err := t.kid(kid, kd, depth)
		if err != nil {
			return err
		}
		if keep {
			kd["Parent"] = ref
			kids = append(kids, kid)
		}
	}
	d["Kids"] = kids
	return nil
}

// kid mends a kid; false: it has no place in a page tree.
func (t *pageTree) kid(ref types.IndirectRef, d types.Dict, depth int) (bool, error) {
	num := ref.ObjectNumber.Value()
	if d == nil || t.nodes[num] {
		return false, nil
	}
	if d["Kids"] != nil {
		return true, t.node(ref, d, depth+1)
	}
	if typ := d.Type(); typ != nil && *typ == "Pages" {
		return false, nil
	}
	d["Type"] = types.Name("Page")
	t.pages[num] = true
	return true, nil
}
