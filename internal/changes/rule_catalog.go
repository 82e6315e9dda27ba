package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// trailer compares the trailers. ISO 32000-2, 7.5.5.
func (j *judge) trailer() error {
	o, n := j.old.Trailer(), j.new.Trailer()
	for _, key := range keys(o, n) {
		a, b := o.Get(key), n.Get(key)
		if key == "Size" && j.new == j.f { // that of the whole file is what readers see
			j.size(b)
		}
		if child(rTrailer, key) == rInert {
			continue
		}
		if key == "ID" {
			if err := j.fileID(a, b); err != nil {
				return err
			}
			continue
		}
		ov, nv, same, err := j.pair(a, b)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if err := j.trailerEntry(key, b, ov, nv); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) trailerEntry(key pdf.Name, b, ov, nv pdf.Object) error {
	switch key {
	case "Root":
		o, ok1 := ov.(*pdf.Dict)
		n, ok2 := nv.(*pdf.Dict)
		if ok1 && ok2 {
			return j.catalog(at(b, pdf.Ref{}), o, n)
		}
	case "Info":
		return j.info(at(b, pdf.Ref{}), ov, nv)
	default:
		if nv == nil && key != "Encrypt" {
			return nil // an entry of no known meaning, not copied
		}
	}
	j.deny(at(b, pdf.Ref{}), Change{Kind: KindStructure, Code: "trailer_entry", Key: string(key),
		Detail: fmt.Sprintf("the trailer entry /%s was changed", key)})
	return nil
}

// size: objects from /Size on are missing (ISO 32000-2, 7.3.10 and table 15),
// for readers that look at it. PDFBox counts what the section itself has: known
// readers show the document all the same, or build the section anew, which
// shows the same where nothing is hidden in the signed bytes.
func (j *judge) size(b pdf.Object) {
	o, _ := j.signed.Trailer().Get("Size").(pdf.Integer)
	if n, ok := b.(pdf.Integer); ok && n < o && int64(n) <= int64(j.idx.highest) {
		if int64(n) == int64(j.top)+1 {
			j.rebuilt = true
			return
		}
		j.deny(pdf.Ref{}, Change{Kind: KindStructure, Code: "trailer_entry", Key: "Size",
			Detail: "the trailer entry /Size leaves out objects of the document"})
	}
}

// fileID: the first part stays (ISO 32000-2, 14.4); it matters only as a part of
// the key of an encrypted file.
func (j *judge) fileID(a, b pdf.Object) error {
	if j.old.Encryption() == nil {
		return nil
	}
	o, err := resolve(j.old, a)
	if err != nil {
		return err
	}
	n, err := resolve(j.new, b)
	if err != nil {
		return err
	}
	x, _ := o.(pdf.Array)
	y, _ := n.(pdf.Array)
	if len(x) > 0 && len(y) > 0 {
		if same, err := j.same(x[0], y[0]); same || err != nil {
			return err
		}
	}
	j.deny(pdf.Ref{}, Change{Kind: KindStructure, Code: "trailer_entry", Key: "ID",
		Detail: "the identifier of an encrypted file was changed"})
	return nil
}

// catalog compares the catalogs entry by entry. ISO 32000-2, 7.7.2.
func (j *judge) catalog(ref pdf.Ref, o, n *pdf.Dict) error {
	if o == nil || n == nil {
		j.deny(ref, Change{Kind: KindCatalog, Code: "catalog", Detail: "the catalog was removed or put in"})
		return nil
	}
	for _, key := range keys(o, n) {
		a, b := o.Get(key), n.Get(key)
		ov, nv, same, err := j.pair(a, b)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if err := j.catalogEntry(key, at(b, ref), ov, nv); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) catalogEntry(key pdf.Name, ref pdf.Ref, ov, nv pdf.Object) error {
	if key == "Version" {
		return j.version(ref, ov, nv)
	}
	if key == "Metadata" {
		return j.metadata(ref, ov, nv)
	}
	rules := map[pdf.Name]func(pdf.Ref, *pdf.Dict, *pdf.Dict) error{
		"AcroForm": j.form, "DSS": j.dss, "Extensions": j.extensions, "Perms": j.perms,
		"Names": j.names, "StructTreeRoot": j.structRoot,
	}
	o, ok1 := dictOrNil(ov)
	n, ok2 := dictOrNil(nv)
	if rule := rules[key]; rule != nil && ok1 && ok2 {
		return rule(ref, o, n)
	}
	j.deny(ref, Change{Kind: KindCatalog, Code: "catalog_entry", Key: string(key), Detail: catalogDetail(key, ov, nv)})
	return nil
}

func catalogDetail(key pdf.Name, ov, nv pdf.Object) string {
	what := "changed"
	switch {
	case nv == nil:
		what = "removed"
	case ov == nil:
		what = "added"
	}
	switch key {
	case "Pages":
		return "the page tree was replaced"
	case "OpenAction", "AA":
		return fmt.Sprintf("an action that runs when the file is opened or printed (/%s) was %s", key, what)
	case "OCProperties":
		return "the layers that are shown were " + what
	}
	return fmt.Sprintf("the catalog entry /%s was %s", key, what)
}

// version allows a higher version only. ISO 32000-2, 7.5.2.
func (j *judge) version(ref pdf.Ref, ov, nv pdf.Object) error {
	a, _ := ov.(pdf.Name)
	b, _ := nv.(pdf.Name)
	c := Change{Kind: KindMetadata, Code: "version", OldValue: string(a), NewValue: string(b)}
	if a == "" {
		major, minor := j.old.Version()
		c.OldValue = fmt.Sprintf("%d.%d", major, minor)
	}
	if len(b) != 3 || b[1] != '.' || string(b) < c.OldValue && a != "" {
		c.Kind = KindCatalog
		c.Detail = fmt.Sprintf("the PDF version was changed from %s to %q", c.OldValue, b)
		j.deny(ref, c)
		return nil
	}
	c.Detail = fmt.Sprintf("the PDF version was changed from %s to %s", c.OldValue, b)
	j.permit(ref, c)
	return nil
}

// extensions allows more developer extensions and higher levels of those that
// are there. ISO 32000-2, 7.12.
func (j *judge) extensions(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		if key == "Type" || key == "URL" || key == "ExtensionRevision" || key == "BaseVersion" {
			continue
		}
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		a, errA := highest(j.old, ov, 0)
		b, errB := highest(j.new, nv, 0)
		if errA != nil {
			return errA
		}
		if errB != nil {
			return errB
		}
		c := Change{Kind: KindMetadata, Code: "extension", Key: string(key),
			Detail: fmt.Sprintf("the developer extension %s was added or raised", key)}
		if nv == nil || b < a {
			c.Kind, c.Code = KindCatalog, "extension_level_decreased"
			c.Detail = fmt.Sprintf("the developer extension %s was removed or lowered", key)
			j.deny(ref, c)
			continue
		}
		j.permit(ref, c)
	}
	return nil
}

// highest is the highest /ExtensionLevel of a developer extension: one
// dictionary, an array of them, or the number itself.
func highest(f *pdf.File, o pdf.Object, depth int) (level pdf.Integer, err error) {
	switch v := o.(type) {
	case pdf.Integer:
		return v, nil
	case *pdf.Dict:
		n, err := f.Int(v.Get("ExtensionLevel"))
		return n, damagedIsNil(err)
	case pdf.Array:
		for _, e := range v {
			e, err := resolve(f, e)
			if err != nil || depth > 2 {
				return level, err
			}
			n, err := highest(f, e, depth+1)
			if err != nil {
				return level, err
			}
			level = max(level, n)
		}
	}
	return level, nil
}

// perms allows a certification to be added (whether it may come that late is
// for the one who judges signatures), nothing to be removed.
func (j *judge) perms(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		v, isRef := n.Get(key).(pdf.Ref)
		if key == "DocMDP" && ov == nil && isRef && j.deltas[v] != nil && j.deltas[v].old == nil && isSignature(nv) {
			continue // told with the signature
		}
		j.deny(ref, Change{Kind: KindCatalog, Code: "permissions", Key: string(key),
			Detail: fmt.Sprintf("the permissions of the certified document (/Perms /%s) were changed or removed", key)})
	}
	return nil
}

// names allows what Adobe's programs add for the icons of annotations.
func (j *judge) names(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		same, err := j.same(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		if key == "AP" && !o.Has("AP") {
			if err := j.namesAP(ref); err != nil {
				return err
			}
			continue
		}
		detail := fmt.Sprintf("the name tree /%s was changed", key)
		if key == "JavaScript" {
			detail = "JavaScript was added to the document or changed"
		}
		j.deny(ref, Change{Kind: KindCatalog, Code: "names", Key: string(key), Detail: detail})
	}
	return nil
}

// namesAP: appearances that only annotations name.
func (j *judge) namesAP(ref pdf.Ref) error {
	c := Change{Kind: KindAnnotation, Code: "icons", Key: "AP", Detail: "icons of annotations were added or changed"}
	if j.opts.DocMDP == 1 || j.opts.DocMDP == 2 {
		j.deny(ref, c)
		return nil
	}
	j.permit(ref, c)
	return nil
}
