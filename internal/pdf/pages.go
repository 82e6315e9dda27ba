package pdf

import "iter"

// Page is a page with its inherited entries resolved.
type Page struct {
	Index     int // 0-based
	Ref       Ref
	Dict      *Dict      // the page's own dictionary
	MediaBox  [4]float64 // normalised, points (user space units)
	CropBox   [4]float64 // clipped to MediaBox
	Rotate    int        // 0, 90, 180, 270 clockwise
	UserUnit  float64
	Resources Object // inherited or own, as it stands
}

// inherited holds the entries that pages take from their ancestors
// (ISO 32000-2, 7.7.3.4).
type inherited struct{ resources, mediaBox, cropBox, rotate Object }

func (in inherited) with(d *Dict) inherited {
	for _, e := range []struct {
		key Name
		to  *Object
	}{{"Resources", &in.resources}, {"MediaBox", &in.mediaBox}, {"CropBox", &in.cropBox}, {"Rotate", &in.rotate}} {
		if v := d.Get(e.key); v != nil {
			*e.to = v
		}
	}
	return in
}

// pageNode is a node of the page tree.
type pageNode struct {
	ref  Ref
	dict *Dict
	kids Array // nil for a page
	from inherited
}

// leaf tells pages from the nodes above them.
func (n *pageNode) leaf() bool { return n.kids == nil }

// pageRoot is the root of the page tree.
func (f *File) pageRoot() (*pageNode, error) {
	catalog, ref, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	n, err := f.pageNode(catalog.Get("Pages"), inherited{})
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, syntaxIn(ref, -1, "the catalog has no page tree")
	}
	return n, nil
}

// pageNode loads a node; nil when it is null.
func (f *File) pageNode(o Object, from inherited) (*pageNode, error) {
	d, err := f.Dict(o)
	if err != nil || d == nil {
		return nil, err
	}
	ref, _ := o.(Ref)
	n := &pageNode{ref: ref, dict: d, from: from.with(d)}
	if d.Get("Type") == Name("Page") || !d.Has("Kids") {
		return n, nil
	}
	if n.kids, err = f.Array(d.Get("Kids")); err != nil {
		return nil, inObject(err, ref)
	}
	if n.kids == nil {
		n.kids = Array{}
	}
	return n, nil
}

// count is /Count of an inner node when it can be true: each page needs an
// object.
func (f *File) count(n *pageNode) (int, bool) {
	c, err := f.Int(n.dict.Get("Count"))
	if err != nil || c < 0 || c > Integer(f.highestNumber()) || c == 0 && len(n.kids) > 0 {
		return 0, false
	}
	return int(c), true
}

// NumPages returns the number of pages: /Count of the root where it can be
// true, else the pages are counted. Page and Pages find out when it lies.
func (f *File) NumPages() (int, error) {
	root, err := f.pageRoot()
	if err != nil {
		return 0, err
	}
	if root.leaf() {
		return 1, nil
	}
	if n, ok := f.count(root); ok {
		return n, nil
	}
	return f.countPages(root)
}

// countPages walks all that is below a node.
func (f *File) countPages(root *pageNode) (n int, err error) {
	for _, err := range f.walkPages(root) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// Page finds page index (0-based) by /Count without walking other branches.
// Where the kids of a node are as many as its /Count they are taken to be
// pages, so that one of a million is found at once. A tree with a /Count that
// can't be is walked.
func (f *File) Page(index int) (*Page, error) {
	root, err := f.pageRoot()
	if err != nil {
		return nil, err
	}
	if index < 0 {
		return nil, syntaxIn(root.ref, -1, "there is no page %d", index)
	}
	n, left := root, index
	visited := make(map[Ref]bool)
	for depth := 0; !n.leaf(); depth++ {
		if depth > maxTreeDepth {
			return nil, &LimitError{LimitTreeDepth, maxTreeDepth}
		}
		if n.ref != (Ref{}) && visited[n.ref] {
			return nil, syntaxIn(n.ref, -1, "the page tree is a loop")
		}
		visited[n.ref] = true
		kid, rest, err := f.descend(n, left)
		if err != nil {
			return nil, err
		}
		if kid == nil {
			return f.pageByWalk(root, index)
		}
		n, left = kid, rest
	}
	if left > 0 {
		return nil, syntaxIn(n.ref, -1, "there is no page %d", index)
	}
	return f.page(n, index)
}

func (f *File) pageByWalk(root *pageNode, index int) (*Page, error) {
	i := 0
	for n, err := range f.walkPages(root) {
		if err != nil {
			return nil, err
		}
		if i == index {
			return f.page(n, index)
		}
		i++
	}
	return nil, syntaxIn(root.ref, -1, "there is no page %d", index)
}

// descend finds the kid of n that holds page number left of it; nil when the
// counts do not tell.
func (f *File) descend(n *pageNode, left int) (*pageNode, int, error) {
	if c, ok := f.count(n); ok && c == len(n.kids) && left < c {
		kid, err := f.pageNode(n.kids[left], n.from)
		if err != nil {
			return nil, 0, err
		}
		if kid != nil && kid.leaf() {
			return kid, 0, nil
		}
	}
	for _, k := range n.kids {
		kid, err := f.pageNode(k, n.from)
		if err != nil {
			return nil, 0, err
		}
		if kid == nil {
			continue
		}
		c := 1
		if !kid.leaf() {
			var ok bool
			if c, ok = f.count(kid); !ok {
				return nil, 0, nil
			}
		}
		if left < c {
			return kid, left, nil
		}
		left -= c
	}
	return nil, 0, syntaxIn(n.ref, -1, "the page tree has fewer pages than were asked for")
}

// Pages iterates all pages in order. After an error it ends.
func (f *File) Pages() iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		root, err := f.pageRoot()
		if err != nil {
			yield(nil, err)
			return
		}
		i := 0
		for n, err := range f.walkPages(root) {
			if err != nil {
				yield(nil, err)
				return
			}
			p, err := f.page(n, i)
			if !yield(p, err) || err != nil {
				return
			}
			i++
		}
	}
}

// walkPages iterates the leaves below a node. No inner node is visited twice:
// a tree that is none could have 2^40 leaves.
func (f *File) walkPages(root *pageNode) iter.Seq2[*pageNode, error] {
	type frame struct {
		node *pageNode
		next int
	}
	return func(yield func(*pageNode, error) bool) {
		if root.leaf() {
			yield(root, nil)
			return
		}
		visited := map[Ref]bool{root.ref: true}
		stack := []frame{{node: root}}
		limit := f.maxNodes()
		for seen := 0; len(stack) > 0; seen++ {
			top := &stack[len(stack)-1]
			if top.next == len(top.node.kids) {
				stack = stack[:len(stack)-1]
				continue
			}
			kid, err := f.pageNode(top.node.kids[top.next], top.node.from)
			top.next++
			switch {
			case err != nil:
			case seen > 2*limit: // a step down and a step up for each
				err = &LimitError{LimitPages, int64(limit)}
			case kid == nil:
				continue
			case kid.leaf():
				if !yield(kid, nil) {
					return
				}
				continue
			case kid.ref != (Ref{}) && visited[kid.ref]:
				err = syntaxIn(kid.ref, -1, "the page tree comes twice to this node")
			case len(stack) >= maxTreeDepth:
				err = &LimitError{LimitTreeDepth, maxTreeDepth}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			visited[kid.ref] = true
			stack = append(stack, frame{node: kid})
		}
	}
}
