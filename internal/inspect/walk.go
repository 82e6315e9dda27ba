package inspect

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// walk is what is known of the objects of the newest revision.
type walk struct {
	reached    map[uint32]bool // from the trailer
	complete   bool            // no limit was passed
	objStreams []pdf.Ref
	loose      []loose // not reached, or reached and a page
	todo       []node
	toggles    bool // an action switches layers
}

// loose is an object that nothing refers to, or a page to which something does,
// but not the page tree.
type loose struct {
	ref     pdf.Ref
	obj     pdf.Object
	rev     int
	reached bool
}

// node is an object to look at, and how one comes to it.
type node struct {
	ref pdf.Ref
	via via
}

// via is the way to an object: the last two keys, and the page object, field or
// annotation that it belongs to.
type via struct {
	prev, key pdf.Name
	owner     pdf.Ref
	auto      bool // runs without a click
}

// under is the way to the value of a key.
func (v via) under(key pdf.Name) via {
	out := via{prev: v.key, key: key, owner: v.owner, auto: v.auto && key == "Next" || key == "OpenAction" || v.key == "AA"}
	if key == "AA" {
		out.auto = true
	}
	if key == "Parent" || key == "P" || key == "Dest" || key == "D" {
		out.owner = pdf.Ref{} // back up, or away
	}
	return out
}

func (v via) String() string {
	if v.prev == "" {
		return "/" + string(v.key)
	}
	return "/" + string(v.prev) + "/" + string(v.key)
}

// walkAll visits what the trailer leads to, then the objects that are left.
func (in *inspector) walkAll() error {
	w := &in.walk
	w.reached = make(map[uint32]bool, len(in.objects.now))
	w.todo = make([]node, 0, min(32, len(in.objects.now)))
	w.complete = in.objects.ok
	trailer := in.f.Trailer()
	for _, key := range []pdf.Name{"Root", "Info", "Encrypt"} {
		in.visit(trailer.Get(key), via{}.under(key), 0)
	}
	for n := 0; len(w.todo) > 0; n++ {
		if n >= in.o.Objects {
			return in.tooMany()
		}
		next := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if err := in.open(next); err != nil {
			return err
		}
	}
	return in.leftOver()
}

func (in *inspector) tooMany() error {
	in.walk.complete = false
	in.add(Finding{Code: NotScanned, Detail: fmt.Sprintf("objects: there are more than %d", in.o.Objects)})
	return nil
}

// open looks at one indirect object.
func (in *inspector) open(n node) error {
	if err := in.ctx.Err(); err != nil {
		return err
	}
	o, err := in.get(n.ref)
	if err != nil {
		return err
	}
	if in.pages.pageOf[n.ref] > 0 || in.fieldOf[n.ref] != "" {
		n.via.owner = n.ref
	}
	s, ok := o.(*pdf.Stream)
	if !ok {
		if d, ok := o.(*pdf.Dict); ok && in.isPage(d) && !in.pages.nodes[n.ref] {
			in.walk.loose = append(in.walk.loose, loose{n.ref, d, in.objects.now[n.ref.Num].rev, true})
		}
		in.visit(o, n.via, 0)
		return nil
	}
	if in.isObjStream(s) {
		in.walk.objStreams = append(in.walk.objStreams, n.ref)
	}
	in.visit(s.Dict, n.via, 0)
	return in.stream(n, s)
}

// visit looks at a direct object and queues what it refers to.
func (in *inspector) visit(o pdf.Object, v via, depth int) {
	if depth > maxNesting {
		return
	}
	switch o := o.(type) {
	case pdf.Ref:
		if !in.walk.reached[o.Num] && o.Num != 0 {
			in.walk.reached[o.Num] = true
			in.walk.todo = append(in.walk.todo, node{o, v})
		}
	case pdf.Array:
		for _, e := range o {
			in.visit(e, v, depth+1)
		}
	case *pdf.Dict:
		in.action(o, v)
		in.fileSpec(o, v)
		for key, e := range o.All() {
			in.visit(e, v.under(key), depth+1)
		}
	}
}

// leftOver collects the objects that nothing refers to, and the object streams.
func (in *inspector) leftOver() error {
	w := &in.walk
	if len(in.objects.now) > in.o.Objects {
		return in.tooMany()
	}
	var left []effective
	for num, e := range in.objects.now {
		if !w.reached[num] {
			left = append(left, e)
		}
	}
	slices.SortFunc(left, func(a, b effective) int { return cmp.Compare(a.ref.Num, b.ref.Num) })
	for _, e := range left {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		o, err := in.get(e.ref)
		if err != nil {
			return err
		}
		switch v := o.(type) {
		case *pdf.Stream:
			switch {
			case in.isObjStream(v):
				w.objStreams = append(w.objStreams, e.ref)
			case v.Dict.Get("Type") == pdf.Name("XRef"):
			default:
				w.loose = append(w.loose, loose{ref: e.ref, obj: o, rev: e.rev})
			}
		case *pdf.Dict:
			w.loose = append(w.loose, loose{ref: e.ref, obj: o, rev: e.rev})
		}
	}
	return nil
}

func (in *inspector) isObjStream(s *pdf.Stream) bool { return in.name(s.Dict.Get("Type")) == "ObjStm" }

// isPage tells pages and the nodes above them.
func (in *inspector) isPage(d *pdf.Dict) bool {
	t := in.name(d.Get("Type"))
	return t == "Page" || t == "Pages"
}
