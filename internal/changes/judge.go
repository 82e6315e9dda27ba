package changes

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// judge compares one revision with the one before.
type judge struct {
	*session
	old, new *pdf.File
	top      uint32 // the highest number in the section
	deltas   map[pdf.Ref]*delta

	memo      map[pdf.Ref]bool      // annotations and fields that were judged
	fills     map[string]*fill      // by field name
	newNames  map[string]bool       // fields of this revision
	newValues map[pdf.Ref]string    // field by signature dictionary of this revision
	listed    map[pdf.Ref][]pdf.Ref // pages that list an annotation from this revision on
	told      map[string]bool       // changes listed, so that each is listed once
	signs     bool                  // the revision brings a signature or a signature field
	comments  bool                  // it brings an annotation that is permitted
	pending   []pending             // what no rule explains
}

// delta is an object that the revision changes.
type delta struct {
	ref      pdf.Ref
	old, new pdf.Object
	silent   bool // an object stream replaces it, not its cross-reference entry
}

// find collects the deltas: what the section defines or frees, what a new
// object stream replaces under an old entry and, when the section does not
// continue the signed one, everything.
func (j *judge) find(r pdf.Revision, all bool) error {
	rows, err := r.Rows()
	if err != nil {
		return err
	}
	for _, list := range [][]pdf.Ref{rows.Defined, rows.Freed} {
		for _, ref := range list {
			j.top = max(j.top, ref.Num)
			if err := j.look(ref, false); err != nil {
				return err
			}
			if err := j.once(ref); err != nil {
				return err
			}
		}
	}
	j.onceIn(pdf.Ref{}, r.Trailer)
	if all {
		for ref := range j.idx.nodes {
			if err := j.look(ref, false); err != nil {
				return err
			}
		}
	}
	return j.objectStreams(rows)
}

// look compares an object under each generation number that is in use for it.
func (j *judge) look(ref pdf.Ref, silent bool) error {
	gens := append([]uint16{0, ref.Gen}, j.idx.gens[ref.Num]...)
	slices.Sort(gens)
	for _, gen := range slices.Compact(gens) {
		ref.Gen = gen
		if j.deltas[ref] != nil {
			continue
		}
		d := &delta{ref: ref, silent: silent}
		var err error
		if d.old, err = get(j.old, ref); err != nil {
			return err
		}
		if d.new, err = get(j.new, ref); err != nil {
			return err
		}
		eq, err := equal(d.old, d.new)
		if err != nil {
			return err
		}
		if !eq {
			j.deltas[ref] = d
		}
	}
	return nil
}

// sorted gives the deltas by number, so that reports do not depend on chance.
func (j *judge) sorted() []*delta {
	list := make([]*delta, 0, len(j.deltas))
	for _, d := range j.deltas {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *delta) int {
		return cmp.Or(cmp.Compare(a.ref.Num, b.ref.Num), cmp.Compare(a.ref.Gen, b.ref.Gen))
	})
	return list
}

// run judges every delta in every role, the structure tree last: it may change
// only where a signature comes in.
func (j *judge) run() error {
	before := len(j.res.Changes)
	if err := j.trailer(); err != nil {
		return err
	}
	list := j.sorted()
	for _, structure := range []bool{false, true} {
		for _, d := range list {
			if err := j.object(d, structure); err != nil {
				return err
			}
		}
	}
	j.tellFills()
	if err := j.extend(list); err != nil {
		return err
	}
	if err := j.settle(); err != nil {
		return err
	}
	j.unreached(list)
	if len(j.res.Changes) == before {
		j.permit(pdf.Ref{}, Change{Kind: KindStructure, Code: "no_effect",
			Detail: fmt.Sprintf("revision %d changes nothing that is shown", j.revision)})
	}
	return nil
}

// extend lets the index see the new revision.
func (j *judge) extend(list []*delta) error {
	j.idx.use(j.new)
	for _, d := range list {
		if err := j.idx.again(d.ref); err != nil {
			return err
		}
	}
	return j.idx.walk(j.new)
}

// object judges a delta in its roles.
func (j *judge) object(d *delta, structure bool) error {
	m := j.idx.nodes[d.ref].roles
	for r := rGeneric; r <= rParentTree; r++ {
		if m.has(r) && structure == (r == rStructRoot || r == rStruct || r == rParentTree) {
			if err := j.role(d, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// role is the table of the rules. A role that is not named here, or a value of
// another type than its rule knows, is denied.
func (j *judge) role(d *delta, r role) error {
	switch r {
	case rInert, rInfo:
		if r == rInfo {
			return j.info(d.ref, d.old, d.new)
		}
		return nil
	case rAnnot, rField:
		return j.annotOrArray(d, r)
	case rContent:
		ok, err := j.sharedFonts(d)
		if err != nil || ok {
			return err
		}
	case rAP, rAPStream, rValue:
		return j.owned(d)
	case rMeta:
		return j.metadata(d.ref, d.old, d.new)
	case rDSSItem:
		return j.dssItem(d.ref, d.old, d.new)
	case rNamesAP:
		return j.namesAP(d.ref)
	case rStruct:
		_, ok1 := d.old.(pdf.Array)
		if _, ok2 := d.new.(pdf.Array); ok1 && ok2 {
			return j.structKids(d.ref, d.old, d.new)
		}
	default:
	}
	rule := j.dictRule(r)
	o, ok1 := dictOrNil(d.old)
	n, ok2 := dictOrNil(d.new)
	if rule == nil || !ok1 || !ok2 {
		j.unexplained(d, r)
		return nil
	}
	return rule(d.ref, o, n)
}

// dictRule gives the rule for a role whose object is a dictionary.
func (j *judge) dictRule(r role) func(ref pdf.Ref, o, n *pdf.Dict) error {
	switch r {
	case rCatalog:
		return j.catalog
	case rPageNode:
		return j.pageNode
	case rForm:
		return j.form
	case rDR:
		return j.defaultResources
	case rDRCategory:
		return j.resourceCategory
	case rDSS:
		return j.dss
	case rVRI:
		return j.vri
	case rVRIEntry:
		return j.vriEntry
	case rExtensions:
		return j.extensions
	case rPerms:
		return j.perms
	case rNames:
		return j.names
	case rStructRoot:
		return j.structRoot
	case rStruct:
		return j.structElem
	case rParentTree:
		return j.parentTree
	default:
		return nil
	}
}

// dictOrNil is o as a dictionary; ok for null too.
func dictOrNil(o pdf.Object) (d *pdf.Dict, ok bool) {
	if o == nil {
		return nil, true
	}
	d, ok = o.(*pdf.Dict)
	return d, ok
}

// same reports whether a position holds the same in both views. What is under
// one reference is judged for itself.
func (j *judge) same(a, b pdf.Object) (bool, error) {
	d := &deep{old: j.old, new: j.new, seen: map[[2]pdf.Ref]bool{}, left: maxDeep}
	eq, err := d.equal(a, b)
	if err != nil {
		return false, err
	}
	return eq, j.spend(maxDeep - d.left)
}

// pair resolves a position in both views. same tells that nothing is to be
// judged at it.
func (j *judge) pair(a, b pdf.Object) (o, n pdf.Object, same bool, err error) {
	if same, err = j.same(a, b); same || err != nil {
		return nil, nil, same, err
	}
	if o, err = resolve(j.old, a); err != nil {
		return nil, nil, false, err
	}
	n, err = resolve(j.new, b)
	return o, n, false, err
}

// at is the object that a change of a position is told of: the value's own, or
// the one that holds it.
func at(v pdf.Object, holder pdf.Ref) pdf.Ref {
	if ref, ok := v.(pdf.Ref); ok {
		return ref
	}
	return holder
}

// permit lists a change that a rule explains.
func (j *judge) permit(ref pdf.Ref, c Change) {
	c.Permitted = true
	j.tell(ref, c)
}

// deny lists a change that is forbidden.
func (j *judge) deny(ref pdf.Ref, c Change) { j.tell(ref, c) }

func (j *judge) tell(ref pdf.Ref, c Change) {
	c.Object = name(ref)
	key := fmt.Sprintf("%s|%s|%s|%s|%s|%d|%t", c.Object, c.Kind, c.Code, c.Field, c.Key, c.Page, c.Permitted)
	if !j.told[key] {
		j.told[key] = true
		j.add(c)
	}
}
