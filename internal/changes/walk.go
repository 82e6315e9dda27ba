package changes

import (
	"context"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// index knows the roles of every object that was reached from the trailer of
// the signed revision or of a later one. It only grows: an object keeps the
// roles that it had once.
type index struct {
	ctx    context.Context
	nodes  map[pdf.Ref]node
	keys   []pdf.Name // of node.key
	keyIDs map[pdf.Name]uint16
	gens   map[uint32][]uint16
	owners map[pdf.Ref][]pdf.Ref
	many   map[pdf.Ref]bool      // more than maxOwners
	onPage map[pdf.Ref]pdf.Ref   // the page that lists an annotation, or its array
	onMore map[pdf.Ref][]pdf.Ref // other pages that do
	fields map[pdf.Ref]*fieldInfo
	names  map[string]pdf.Ref
	steps  int

	loose   []pdf.Ref // objects that bytes behind the end may complete
	highest uint32    // number of an object that is there

	view  *pdf.File
	root  pdf.Ref
	stack []visit
}

// node holds the roles of an object, and those in which it was seen before a
// look at it told more (refine); and a step that led to it. There may be
// millions: it is kept small.
type node struct {
	roles, seen roles
	from        pdf.Ref
	key         uint16 // in index.keys
	role        role   // as what it was reached
}

// via is a step that led to an object.
type via struct {
	from pdf.Ref
	key  pdf.Name
}

func (x *index) via(ref pdf.Ref) (v via, ok bool) {
	n, ok := x.nodes[ref]
	return via{n.from, x.keys[n.key]}, ok
}

// keyID gives a name a small number; names past the bound share the empty one.
func (x *index) keyID(key pdf.Name) uint16 {
	id, ok := x.keyIDs[key]
	if !ok && len(x.keys) < maxKeys {
		id = uint16(len(x.keys))
		x.keys = append(x.keys, key)
		x.keyIDs[key] = id
	}
	return id
}

// fieldInfo is a field as the tree below AcroForm places it.
type fieldInfo struct {
	name   string
	ft     pdf.Name
	parent pdf.Ref
	twice  bool // below two parents
}

type visit struct {
	ref   pdf.Ref
	role  role
	owner pdf.Ref // page, annotation or field that holds the position

	listed bool // by a page that was not known to list it
}

func newIndex(ctx context.Context) *index {
	return &index{
		ctx: ctx, nodes: map[pdf.Ref]node{}, keys: []pdf.Name{""}, keyIDs: map[pdf.Name]uint16{}, gens: map[uint32][]uint16{},
		owners: map[pdf.Ref][]pdf.Ref{}, many: map[pdf.Ref]bool{},
		onPage: map[pdf.Ref]pdf.Ref{}, onMore: map[pdf.Ref][]pdf.Ref{},
		fields: map[pdf.Ref]*fieldInfo{}, names: map[string]pdf.Ref{},
	}
}

// walk follows a trailer.
func (x *index) walk(f *pdf.File) error {
	x.use(f)
	x.scan(f.Trailer(), visit{role: rTrailer}, "")
	return x.run()
}

func (x *index) use(f *pdf.File) {
	x.view = f
	x.root, _ = f.Trailer().Get("Root").(pdf.Ref)
}

// again scans the new value of an object in every role that it has.
func (x *index) again(ref pdf.Ref) error {
	o, err := get(x.view, ref)
	if err != nil {
		return err
	}
	m := x.nodes[ref].roles
	for r := rGeneric; r <= rParentTree; r++ {
		if !m.has(r) {
			continue
		}
		owners := []pdf.Ref{ref}
		if list := x.holders(ref, r, o); len(list) > 0 {
			owners = list
		}
		for _, owner := range owners {
			x.enter(o, visit{ref: ref, role: r, owner: owner})
		}
		if err := x.run(); err != nil {
			return err
		}
	}
	return nil
}

// holders are the annotations or pages that hold a position with an object.
func (x *index) holders(ref pdf.Ref, r role, o pdf.Object) []pdf.Ref {
	if _, isArray := o.(pdf.Array); isArray && r == rAnnot {
		pages, _ := x.pagesOf(ref)
		return pages
	}
	if r.owned() {
		return x.owners[ref]
	}
	return nil
}

// run visits what is on the stack.
func (x *index) run() error {
	for len(x.stack) > 0 {
		v := x.stack[len(x.stack)-1]
		x.stack = x.stack[:len(x.stack)-1]
		o, err := get(x.view, v.ref)
		if err != nil {
			return err
		}
		v.role = refine(v.role, o, v.ref == x.root)
		_, isArray := o.(pdf.Array)
		if x.mark(v) || v.listed && isArray { // the pages of an array are those of what it lists
			x.look(v.ref, o)
			x.enter(o, v)
		}
		if x.steps++; x.steps > maxSteps || len(x.nodes) > maxNodes {
			return limitErr(LimitSteps, maxSteps)
		}
		if x.steps&0xfff == 0 && x.ctx.Err() != nil {
			return x.ctx.Err()
		}
	}
	return nil
}

// look notes what an object says of the file.
func (x *index) look(ref pdf.Ref, o pdf.Object) {
	if o != nil {
		x.highest = max(x.highest, ref.Num)
	}
	switch o := o.(type) {
	case broken:
		x.loose = append(x.loose, ref)
	case *pdf.Stream:
		span, ok := o.Dict.ValueSpan("Length")
		n, err := x.view.Int(o.Dict.Get("Length"))
		if ok && err == nil && int64(n) > x.view.Size()-span.End {
			x.loose = append(x.loose, ref)
		}
	}
}

// enter scans an object that was reached in a role.
func (x *index) enter(o pdf.Object, v visit) {
	d, isDict := o.(*pdf.Dict)
	if isDict && v.role == rField {
		x.field(d, v)
	}
	if isDict && (v.role == rField || v.role == rAnnot || v.role == rPageNode) || v.owner == (pdf.Ref{}) {
		v.owner = v.ref
	}
	x.scan(o, v, "")
}

// field notes the place of a field in the tree. Its parent was visited before.
func (x *index) field(d *pdf.Dict, v visit) {
	if x.fields[v.ref] != nil {
		return
	}
	info := &fieldInfo{parent: v.owner}
	if v.owner == v.ref {
		info.parent = pdf.Ref{}
	}
	if p := x.fields[info.parent]; p != nil {
		info.name, info.ft = p.name, p.ft
	}
	info.name = joinName(info.name, x.text(d.Get("T")))
	if ft, err := x.view.Name(d.Get("FT")); err == nil && ft != "" {
		info.ft = ft
	}
	x.fields[v.ref] = info
	if _, ok := x.names[info.name]; !ok && d.Has("T") {
		x.names[info.name] = v.ref
	}
}

func (x *index) text(o pdf.Object) string {
	v, err := x.view.Resolve(o)
	if s, ok := v.(pdf.String); ok && err == nil {
		return pdf.Text(s)
	}
	return ""
}

func joinName(parent, t string) string {
	switch {
	case t == "":
		return parent
	case parent == "":
		return t
	}
	return parent + "." + t
}

// scan looks through the direct values of an object; the parser bounds their
// nesting.
func (x *index) scan(o pdf.Object, v visit, key pdf.Name) {
	x.steps++
	switch o := o.(type) {
	case pdf.Ref:
		x.reach(o, v, key)
	case pdf.Array:
		for _, e := range o {
			x.scan(e, v, key)
		}
	case *pdf.Dict:
		x.scanDict(o, v, key)
	case *pdf.Stream:
		for k, e := range o.Dict.All() {
			w := v
			w.role = childOfStream(v.role, k)
			x.scan(e, w, k)
		}
	}
}

func (x *index) scanDict(d *pdf.Dict, v visit, key pdf.Name) {
	v.role = refine(v.role, d, false)
	if v.role == rCatalog { // last on the stack, first looked at: reports name the page of what a page and others reach
		d = pagesLast(d)
	}
	for k, e := range d.All() {
		top := key
		if top == "" {
			top = k
		}
		w := v
		w.role = child(v.role, k)
		x.scan(e, w, top)
	}
}

func pagesLast(d *pdf.Dict) *pdf.Dict {
	if !d.Has("Pages") {
		return d
	}
	c := d.Clone()
	c.Delete("Pages")
	c.Set("Pages", d.Get("Pages"))
	return c
}

// reach notes that ref was found, and puts it on the stack when that is new.
func (x *index) reach(ref pdf.Ref, from visit, key pdf.Name) {
	v := visit{ref: ref, role: from.role, owner: from.owner}
	n, known := x.nodes[ref]
	if !known && ref.Gen != 0 {
		x.gens[ref.Num] = append(x.gens[ref.Num], ref.Gen)
	}
	if v.role == rField {
		info := x.fields[ref]
		if info != nil && info.parent != v.owner && (x.fields[info.parent] != nil || x.fields[v.owner] != nil) {
			info.twice = true
		}
	}
	v.listed = v.role == rAnnot && x.list(ref, from.owner)
	if n.seen.has(v.role) && !x.newOwner(v) && !v.listed {
		return
	}
	// The way that a report tells is the first, but one that no rule knows is
	// what makes a change forbidden.
	if !known || !n.role.plain() && v.role.plain() {
		n.from, n.key, n.role = from.ref, x.keyID(key), v.role
	}
	n.seen = n.seen.with(v.role)
	x.nodes[ref] = n
	x.stack = append(x.stack, v)
}

// list notes the page that lists an annotation or an array of them, and reports
// whether that is new.
func (x *index) list(ref, page pdf.Ref) bool {
	if !x.nodes[page].roles.has(rPageNode) {
		return false
	}
	first, ok := x.onPage[ref]
	switch {
	case !ok:
		x.onPage[ref] = page
	case first == page || slices.Contains(x.onMore[ref], page) || len(x.onMore[ref]) > maxOwners:
		return false
	default:
		x.onMore[ref] = append(x.onMore[ref], page)
	}
	return true
}

// pagesOf are the pages that list an annotation. whole is false when there are
// more than are known.
func (x *index) pagesOf(ref pdf.Ref) (pages []pdf.Ref, whole bool) {
	first, ok := x.onPage[ref]
	if !ok {
		return nil, true
	}
	return append([]pdf.Ref{first}, x.onMore[ref]...), len(x.onMore[ref]) <= maxOwners
}

// newOwner reports whether an owner is to be noted.
func (x *index) newOwner(v visit) bool {
	return v.role.owned() && !x.many[v.ref] && !slices.Contains(x.owners[v.ref], v.owner)
}

// mark notes a role and an owner, and reports whether one of them is new.
func (x *index) mark(v visit) bool {
	n := x.nodes[v.ref]
	fresh := !n.roles.has(v.role)
	n.roles = n.roles.with(v.role)
	x.nodes[v.ref] = n
	if !x.newOwner(v) {
		return fresh
	}
	if len(x.owners[v.ref]) >= maxOwners {
		x.many[v.ref] = true
		return fresh
	}
	x.owners[v.ref] = append(x.owners[v.ref], v.owner)
	return true
}
