package pdf

// Field is a terminal form field with inherited values.
type Field struct {
	Name    string // fully qualified, UTF-8
	Ref     Ref
	Dict    *Dict
	FT      Name
	Ff      int64
	V       Object // as it stands (reference kept)
	Widgets []Ref
	Parents []Ref // from the root downward
}

// AcroForm returns the form dictionary and where it lives (zero Ref: direct in
// the catalog); nil when there is none.
func (f *File) AcroForm() (*Dict, Ref, error) {
	catalog, _, err := f.Catalog()
	if err != nil {
		return nil, Ref{}, err
	}
	v := catalog.Get("AcroForm")
	d, err := f.Dict(v)
	ref, _ := v.(Ref)
	if d == nil {
		ref = Ref{}
	}
	return d, ref, err
}

// fieldNode is a field on the way down, with what it inherits.
type fieldNode struct {
	Field
	depth int
	below []Ref // Parents of its kids
}

// fieldWalk collects the terminal fields.
type fieldWalk struct {
	f       *File
	out     []Field
	visited map[Ref]bool
	onPath  map[Ref]bool
	names   int // bytes of all names
	seen    int // kids
}

// Fields walks the form; cycles and depth are errors. A field that two arrays
// list is given once; what is no dictionary in /Fields and /Kids, and what is no
// array there, is passed over, as viewers do.
func (f *File) Fields() ([]Field, error) {
	form, _, err := f.AcroForm()
	if err != nil || form == nil {
		return nil, err
	}
	v, err := f.Resolve(form.Get("Fields"))
	if err != nil {
		return nil, err
	}
	fields, _ := v.(Array)
	w := &fieldWalk{f: f, visited: make(map[Ref]bool), onPath: make(map[Ref]bool)}
	for _, o := range fields {
		if err := w.walk(o, fieldNode{}); err != nil {
			return nil, err
		}
	}
	return w.out, nil
}

// walk visits a field below a parent. Its depth is bounded by maxTreeDepth.
func (w *fieldWalk) walk(o Object, parent fieldNode) error {
	ref, _ := o.(Ref)
	if w.onPath[ref] {
		return syntaxIn(ref, -1, "the form fields are a loop")
	}
	if w.visited[ref] {
		return nil
	}
	if parent.depth >= maxTreeDepth {
		return &LimitError{LimitTreeDepth, maxTreeDepth}
	}
	d, err := w.dict(o)
	if err != nil || d == nil {
		return err
	}
	if ref != (Ref{}) {
		w.visited[ref], w.onPath[ref] = true, true
		defer delete(w.onPath, ref)
	}
	n, err := w.child(parent, ref, d)
	if err != nil {
		return err
	}
	widgets, hasChild, err := w.kids(n, d)
	if err != nil {
		return err
	}
	if hasChild && widgets == nil {
		return nil
	}
	if !hasChild && widgets == nil && ref != (Ref{}) && d.Get("Subtype") == Name("Widget") {
		widgets = []Ref{ref} // merged (ISO 32000-2, 12.5.6.19)
	}
	n.Widgets = widgets
	if len(w.out) >= maxFields {
		return &LimitError{LimitFields, maxFields}
	}
	w.out = append(w.out, n.Field)
	return nil
}

// dict resolves a field; nil for what is no dictionary.
func (w *fieldWalk) dict(o Object) (*Dict, error) {
	v, err := w.f.Resolve(o)
	d, _ := v.(*Dict)
	return d, err
}

// child is the field d with what its parent hands down (ISO 32000-2, 12.7.4.1).
func (w *fieldWalk) child(parent fieldNode, ref Ref, d *Dict) (fieldNode, error) {
	n := parent
	n.depth++
	n.Ref, n.Dict = ref, d
	n.Parents = parent.below
	n.below = append(n.Parents[:len(n.Parents):len(n.Parents)], ref)
	title, err := w.f.Resolve(d.Get("T"))
	if err != nil {
		return n, err
	}
	if s, ok := title.(String); ok {
		if n.Name != "" {
			n.Name += "."
		}
		n.Name += Text(s)
		if w.names += len(n.Name); w.names > maxFieldNames {
			return n, &LimitError{LimitFieldNames, maxFieldNames}
		}
	}
	ft, err := w.f.Resolve(d.Get("FT"))
	if err != nil {
		return n, err
	}
	if v, ok := ft.(Name); ok {
		n.FT = v
	}
	ff, err := w.f.Resolve(d.Get("Ff"))
	if err != nil {
		return n, err
	}
	if v, ok := ff.(Integer); ok {
		n.Ff = int64(v)
	}
	if v := d.Get("V"); v != nil {
		n.V = v
	}
	return n, nil
}

// kids walks the child fields and collects the widgets among /Kids.
func (w *fieldWalk) kids(n fieldNode, d *Dict) (widgets []Ref, hasChild bool, err error) {
	v, err := w.f.Resolve(d.Get("Kids"))
	if err != nil {
		return nil, false, err
	}
	kids, _ := v.(Array)
	if w.seen += len(kids); w.seen > w.f.maxNodes() {
		return nil, false, &LimitError{LimitFields, int64(w.f.maxNodes())}
	}
	for _, o := range kids {
		kid, err := w.dict(o)
		if err != nil {
			return nil, false, err
		}
		if kid == nil {
			continue
		}
		if !isField(kid, n.FT) {
			ref, _ := o.(Ref)
			if ref != (Ref{}) {
				widgets = append(widgets, ref)
			}
			continue
		}
		hasChild = true
		if err := w.walk(o, n); err != nil {
			return nil, false, err
		}
	}
	return widgets, hasChild, nil
}

// isField tells a field below a field from its widget: by /T, by kids of its
// own, or by a signature value, which must not hide in a kid without name.
func isField(kid *Dict, inherited Name) bool {
	if kid.Has("T") || kid.Has("Kids") {
		return true
	}
	ft := inherited
	if v, ok := kid.Get("FT").(Name); ok {
		ft = v
	}
	return ft == "Sig" && kid.Get("V") != nil
}
