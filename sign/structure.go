package sign

import (
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Limits of the walk over the parent tree of a tagged file.
const (
	maxNumberTreeDepth = 32
	maxNumberTreeNodes = 100_000
)

// tag gives a new widget its structure element, so that a tagged file stays
// tagged. ISO 32000-2, 14.7.5.3 and 14.8.4.8.3. It changes the widget's
// dictionary. A structure tree that is not understood is left alone: a wrong
// tree is worse than one that lacks an entry. The result tells whether it was
// done.
func (m *form) tag(widget *pdf.Dict, ref pdf.Ref, page *pdf.Page) (bool, error) {
	rootRef, ok := m.catalog.Get("StructTreeRoot").(pdf.Ref)
	if !ok {
		return false, nil
	}
	root, err := m.f.Dict(rootRef)
	if err != nil || root == nil {
		return false, damaged(err)
	}
	root = root.Clone()
	key, ok, err := m.nextKey(root)
	if err != nil || !ok {
		return false, err
	}
	parentRef, parent, err := m.tagParent(rootRef, root)
	if err != nil {
		return false, err
	}
	element := m.u.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("StructElem"),
		pdf.Name("S"), pdf.Name("Form"),
		pdf.Name("P"), parentRef,
		pdf.Name("Pg"), page.Ref,
		pdf.Name("K"), pdf.NewDict(
			pdf.Name("Type"), pdf.Name("OBJR"),
			pdf.Name("Obj"), ref,
			pdf.Name("Pg"), page.Ref)))
	if err := m.appendKid(parent, element); err != nil {
		return false, err
	}
	if err := m.addParent(root, key, element); err != nil {
		return false, err
	}
	root.Set("ParentTreeNextKey", pdf.Integer(key+1))
	m.u.Set(rootRef, root)
	if parentRef != rootRef {
		m.u.Set(parentRef, parent)
	}
	widget.Set("StructParent", pdf.Integer(key))
	return true, nil
}

// tagParent is the one element at the top (normally Document), or the root
// itself when there are several.
func (m *form) tagParent(rootRef pdf.Ref, root *pdf.Dict) (pdf.Ref, *pdf.Dict, error) {
	kids := root.Get("K")
	if a, err := m.f.Array(kids); err == nil && len(a) == 1 {
		kids = a[0]
	}
	ref, ok := kids.(pdf.Ref)
	if !ok {
		return rootRef, root, nil
	}
	top, err := m.f.Dict(ref)
	if err != nil || top == nil {
		// An array behind the reference, or nothing.
		return rootRef, root, nil //nolint:nilerr // the root takes it then
	}
	return ref, top.Clone(), nil
}

// appendKid appends to /K, which is nothing, one item or an array.
func (m *form) appendKid(d *pdf.Dict, kid pdf.Ref) error {
	old, err := m.f.Resolve(d.Get("K"))
	if err != nil {
		return damaged(err)
	}
	switch old := old.(type) {
	case nil:
		d.Set("K", kid)
	case pdf.Array:
		d.Set("K", append(slices.Clone(old), kid))
	default:
		d.Set("K", pdf.Array{d.Get("K"), kid})
	}
	return nil
}

// nextKey is the first free key of the parent tree; ok is false when the tree
// is missing or too odd to tell.
func (m *form) nextKey(root *pdf.Dict) (key int64, ok bool, err error) {
	tree, err := m.f.Dict(root.Get("ParentTree"))
	if err != nil {
		return 0, false, damaged(err)
	}
	if tree == nil {
		return 0, false, nil
	}
	w := &numberTree{f: m.f}
	if err := w.walk(tree, 0); err != nil {
		return 0, false, damaged(err)
	}
	if w.odd {
		return 0, false, nil
	}
	next := intOf(m.f, root.Get("ParentTreeNextKey"), 0)
	return max(w.next, int64(next)), true, nil
}

// numberTree looks for the largest key. ISO 32000-2, 7.9.7.
type numberTree struct {
	f     *pdf.File
	next  int64
	nodes int
	odd   bool
}

func (w *numberTree) walk(node *pdf.Dict, depth int) error {
	w.nodes++
	if depth > maxNumberTreeDepth || w.nodes > maxNumberTreeNodes {
		w.odd = true
		return nil
	}
	nums, err := w.f.Array(node.Get("Nums"))
	if err != nil {
		return err
	}
	for i := 0; i < len(nums); i += 2 {
		n, ok := nums[i].(pdf.Integer)
		if !ok || n < 0 || n >= 1<<31-2 {
			w.odd = true
			return nil
		}
		w.next = max(w.next, int64(n)+1)
	}
	kids, err := w.f.Array(node.Get("Kids"))
	if err != nil {
		return err
	}
	for _, k := range kids {
		kid, err := w.f.Dict(k)
		if err != nil {
			return err
		}
		if kid == nil || w.odd {
			w.odd = true
			return nil
		}
		if err := w.walk(kid, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// addParent appends the largest key to the parent tree: to the root's own
// numbers, or as a further leaf. The keys stay sorted.
func (m *form) addParent(root *pdf.Dict, key int64, element pdf.Ref) error {
	tree, err := m.f.Dict(root.Get("ParentTree"))
	if err != nil {
		return damaged(err)
	}
	tree = tree.Clone()
	if tree.Has("Kids") {
		leaf := m.u.Add(pdf.NewDict(
			pdf.Name("Limits"), pdf.Array{pdf.Integer(key), pdf.Integer(key)},
			pdf.Name("Nums"), pdf.Array{pdf.Integer(key), element}))
		kids, err := m.f.Array(tree.Get("Kids"))
		if err != nil {
			return damaged(err)
		}
		tree.Set("Kids", append(slices.Clone(kids), leaf))
	} else {
		nums, err := m.f.Array(tree.Get("Nums"))
		if err != nil {
			return damaged(err)
		}
		tree.Set("Nums", append(slices.Clone(nums), pdf.Integer(key), element))
	}
	if ref, ok := root.Get("ParentTree").(pdf.Ref); ok {
		m.u.Set(ref, tree)
		return nil
	}
	root.Set("ParentTree", tree)
	return nil
}
