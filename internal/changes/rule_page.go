package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// pageNode judges a page or a node of the page tree: of a page only the list
// of annotations may change, of a node nothing.
func (j *judge) pageNode(ref pdf.Ref, o, n *pdf.Dict) error {
	if o == nil || n == nil || isPages(o) || isPages(n) {
		return j.pageTree(ref, o, n)
	}
	for _, key := range keys(o, n) {
		a, b, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		x, ok1 := arrayOrNil(a)
		y, ok2 := arrayOrNil(b)
		if key == "Annots" && ok1 && ok2 {
			if err := j.annotList(ref, x, y, []pdf.Ref{ref}); err != nil {
				return err
			}
			continue
		}
		if boxes[key] && sameBox(j.old, j.new, a, b) {
			continue
		}
		num := j.page(ref)
		c := Change{Kind: KindContent, Code: "page_entry", Key: string(key), Page: num,
			Detail: fmt.Sprintf("page %d: the entry /%s was changed", num, key)}
		switch key {
		case "Contents":
			c.Code, c.Detail = "page_content", fmt.Sprintf("page %d: content replaced", num)
		case "Tabs", "StructParents":
			c.Kind = KindStructure
		}
		j.deny(ref, c)
	}
	return nil
}

// boxes of a page. ISO 32000-2, table 31.
var boxes = map[pdf.Name]bool{"MediaBox": true, "CropBox": true, "BleedBox": true, "TrimBox": true, "ArtBox": true}

func isPages(d *pdf.Dict) bool { return d.Has("Kids") || d.Get("Type") == pdf.Name("Pages") }

func (j *judge) pageTree(ref pdf.Ref, o, n *pdf.Dict) error {
	c := Change{Kind: KindContent, Code: "page_tree", Detail: "the tree of pages was changed"}
	switch num := j.page(ref); {
	case o == nil:
		c.Code, c.Detail = "page_added", "a page was put where the signed revision had none"
	case n == nil && num != 0:
		c.Code, c.Page, c.Detail = "page_removed", num, fmt.Sprintf("page %d was removed", num)
	case isPages(o) && n != nil:
		a, errA := j.old.Int(o.Get("Count"))
		b, errB := j.new.Int(n.Get("Count"))
		if errA == nil && errB == nil && a != b {
			c.OldValue, c.NewValue = fmt.Sprint(int64(a)), fmt.Sprint(int64(b))
			c.Detail = fmt.Sprintf("pages were added or removed: %d became %d", a, b)
		}
	}
	j.deny(ref, c)
	return nil
}

// annotList compares the annotations of a page: those that were there keep
// their order, which is the order of drawing.
func (j *judge) annotList(ref pdf.Ref, o, n pdf.Array, pages []pdf.Ref) error {
	if err := j.spend(len(o) + len(n)); err != nil {
		return err
	}
	in := make(map[pdf.Ref]bool, len(n))
	for _, e := range n {
		if r, ok := e.(pdf.Ref); ok {
			in[r] = true
		}
	}
	was := make(map[pdf.Ref]bool, len(o))
	var kept []pdf.Object
	for _, e := range o {
		r, ok := e.(pdf.Ref)
		if ok && !in[r] && !was[r] {
			if err := j.annotGone(r, ref); err != nil {
				return err
			}
		}
		if !ok || in[r] {
			kept = append(kept, e)
		}
		if ok {
			was[r] = true
		}
	}
	next := 0
	for _, e := range n {
		if r, ok := e.(pdf.Ref); ok && !was[r] {
			if err := j.newAnnot(r, pages); err != nil {
				return err
			}
			continue
		}
		if next < len(kept) {
			same, err := j.same(kept[next], e)
			if err != nil {
				return err
			}
			if same {
				next++
				continue
			}
		}
		next = len(kept) + 1
	}
	if next != len(kept) {
		num := j.firstPage(pages)
		j.deny(ref, Change{Kind: KindAnnotation, Code: "annotation_order", Page: num,
			Detail: fmt.Sprintf("page %d: the annotations were put in another order", num)})
	}
	return nil
}
