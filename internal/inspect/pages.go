package inspect

import "github.com/kyso-vn/kyso/internal/pdf"

// pageList is the page tree as far as it can be read.
type pageList struct {
	pages   []*pdf.Page // the first maxPages
	number  int
	nodes   map[pdf.Ref]bool // pages and the nodes above them
	pageOf  map[pdf.Ref]int  // annotations and pages, 1-based
	damaged bool             // there may be more
}

// loadPages walks the page tree.
func (in *inspector) loadPages() error {
	p := &in.pages
	p.nodes = make(map[pdf.Ref]bool)
	p.pageOf = make(map[pdf.Ref]int)
	for page, err := range in.f.Pages() {
		if err != nil {
			p.damaged = true
			if !ofFile(err) {
				return err
			}
			break
		}
		if page.Index >= in.o.Objects {
			p.damaged = true
			break
		}
		p.number++
		p.nodes[page.Ref] = true
		p.pageOf[page.Ref] = page.Index + 1
		if page.Index < in.o.Pages {
			p.pages = append(p.pages, page)
		}
		for _, a := range in.array(page.Dict.Get("Annots")) {
			if ref, ok := a.(pdf.Ref); ok && len(p.pageOf) < 2*in.o.Objects {
				p.pageOf[ref] = page.Index + 1
			}
		}
	}
	if p.damaged {
		in.add(Finding{Code: NotScanned, Detail: "pages: the page tree is damaged or too large"})
	}
	catalog, _, err := in.f.Catalog()
	if err == nil {
		in.treeNodes(catalog.Get("Pages"))
	}
	return nil
}

// treeNodes marks the inner nodes below the root by /Kids.
func (in *inspector) treeNodes(root pdf.Object) {
	stack := []pdf.Object{root}
	for len(stack) > 0 && len(in.pages.nodes) < 2*in.o.Objects {
		o := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		ref, ok := o.(pdf.Ref)
		if !ok || in.pages.nodes[ref] {
			continue
		}
		in.pages.nodes[ref] = true
		if d := in.dict(ref); d != nil {
			stack = append(stack, in.array(d.Get("Kids"))...)
		}
	}
}
