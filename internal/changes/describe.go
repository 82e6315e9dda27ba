package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// maxWay bounds the way back from an object to the page or catalog entry that
// it belongs to.
const maxWay = 200

// place is where an object belongs, by the first way that led to it.
type place struct {
	page int      // 1-based
	key  pdf.Name // of the page or of the catalog
	role role     // of the object that has key
}

func (j *judge) place(ref pdf.Ref) place {
	for range maxWay {
		v, ok := j.idx.via(ref)
		if !ok {
			break
		}
		m := j.idx.nodes[v.from].roles
		if m.has(rPageNode) {
			if n := j.page(v.from); n != 0 {
				return place{n, v.key, rPageNode}
			}
		}
		if m.has(rCatalog) {
			return place{0, v.key, rCatalog}
		}
		ref = v.from
	}
	return place{}
}

// pending is a delta that no rule explains in a role.
type pending struct {
	d *delta
	r role
}

// unexplained notes a delta that no rule covers in a role.
func (j *judge) unexplained(d *delta, r role) { j.pending = append(j.pending, pending{d, r}) }

// settle denies what is pending, but for objects that the new revision no
// longer reaches: the change that cut them off was judged, and what becomes of
// the rest of an old appearance is of no interest. The walk that this needs is
// made a few times only; after that every pending delta is denied.
func (j *judge) settle() error {
	if len(j.pending) == 0 {
		return nil
	}
	reached := func(pdf.Ref) bool { return true }
	if j.walks++; j.walks <= maxWalks {
		x := newIndex(j.ctx)
		x.steps = j.idx.steps
		if err := x.walk(j.new); err != nil {
			return err
		}
		j.idx.steps = x.steps
		reached = func(ref pdf.Ref) bool { return x.nodes[ref].roles != 0 }
	}
	for _, p := range j.pending {
		if reached(p.d.ref) {
			j.denyUnexplained(p.d, p.r)
		}
	}
	return nil
}

func (j *judge) denyUnexplained(d *delta, r role) {
	p := j.place(d.ref)
	c := Change{Kind: KindContent, Code: "content", Key: string(p.key), Page: p.page}
	what := "changed"
	switch {
	case d.new == nil:
		what = "removed"
	case d.old == nil:
		what = "put where the signed revision had nothing"
	}
	switch {
	case r == rSig:
		c.Kind, c.Code = KindSignature, "signature_overridden"
		c.Detail = "an earlier signature was " + what
	case p.page != 0 && p.key == "Contents":
		c.Code = "page_content"
		c.Detail = fmt.Sprintf("page %d: content %s", p.page, replaced(what))
	case p.page != 0:
		c.Code = "page_resource"
		c.Detail = fmt.Sprintf("page %d: a part of /%s was %s", p.page, p.key, what)
	case r == rStruct || r == rStructRoot || r == rParentTree:
		c.Kind, c.Code, c.Detail = KindStructure, "structure_tree", "the structure tree was "+what
	case p.role == rCatalog:
		c.Kind, c.Code = KindCatalog, "catalog_entry"
		c.Detail = fmt.Sprintf("a part of the catalog entry /%s was %s", p.key, what)
	default:
		c.Detail = "an object of the signed document was " + what
	}
	if d.silent {
		c.Detail += " by an object stream that its cross-reference entry does not tell of"
	}
	j.deny(d.ref, c)
}

func replaced(what string) string {
	if what == "changed" {
		return "replaced"
	}
	return what
}

// unreached judges what neither revision reaches from its trailer.
func (j *judge) unreached(list []*delta) {
	var first pdf.Ref
	n := 0
	for _, d := range list {
		if j.idx.nodes[d.ref].roles != 0 || d.new == nil || container(d.new) {
			continue
		}
		if d.old != nil && !container(d.old) {
			j.deny(d.ref, Change{Kind: KindStructure, Code: "number_reused",
				Detail: "the number of an object of the signed file was used again"})
			continue
		}
		if n++; n == 1 {
			first = d.ref
		}
	}
	if n > 0 {
		j.permit(first, Change{Kind: KindStructure, Code: "unreferenced", Count: n,
			Detail: fmt.Sprintf("%d objects were added that nothing refers to", n)})
	}
}

// container tells cross-reference and object streams, which nothing refers to.
func container(o pdf.Object) bool {
	s, ok := o.(*pdf.Stream)
	if !ok {
		return false
	}
	t := s.Dict.Get("Type")
	return t == pdf.Name("XRef") || t == pdf.Name("ObjStm")
}
