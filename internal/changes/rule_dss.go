package changes

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// dssKinds are the arrays of a DSS. ISO 32000-2, 12.8.4.3.
var dssKinds = []pdf.Name{"Certs", "CRLs", "OCSPs"}

// dss allows validation data to be added, under any certification
// (ISO 32000-2, 12.8.2.2.2), and tells of what was dropped. The store itself
// stays.
func (j *judge) dss(ref pdf.Ref, o, n *pdf.Dict) error {
	if n == nil {
		j.deny(ref, Change{Kind: KindDSS, Code: "dss_removed", Detail: "the validation data (DSS) were removed"})
		return nil
	}
	var counts [3]int
	for _, key := range keys(o, n) {
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same {
			continue
		}
		switch key {
		case "Certs", "CRLs", "OCSPs":
			added, ok, err := j.dssArray(ref, ov, nv)
			if err != nil {
				return err
			}
			if !ok {
				return nil
			}
			for i, k := range dssKinds {
				if k == key {
					counts[i] = added
				}
			}
		case "VRI":
			x, ok1 := dictOrNil(ov)
			y, ok2 := dictOrNil(nv)
			if !ok1 || !ok2 {
				j.denyDSS(ref, key)
				return nil
			}
			if err := j.vri(at(n.Get(key), ref), x, y); err != nil {
				return err
			}
		default:
			if holdsRefs(nv) || holdsRefs(n.Get(key)) {
				j.denyDSS(ref, key)
				return nil
			}
		}
	}
	j.tellDSS(ref, o, counts)
	return nil
}

func (j *judge) tellDSS(ref pdf.Ref, o *pdf.Dict, counts [3]int) {
	verb := "added"
	if o != nil {
		verb = "extended"
	}
	j.permit(ref, Change{Kind: KindDSS, Code: "dss_" + verb, Count: counts[0] + counts[1] + counts[2],
		Detail: fmt.Sprintf("validation data %s: %d certificates, %d CRLs, %d OCSP responses", verb, counts[0], counts[1], counts[2])})
}

func (j *judge) denyDSS(ref pdf.Ref, key pdf.Name) {
	j.deny(ref, Change{Kind: KindDSS, Code: "dss_malformed", Key: string(key),
		Detail: fmt.Sprintf("the entry /%s of the validation data (DSS) holds what does not belong there", key)})
}

// holdsRefs reports whether a direct value leads to other objects.
func holdsRefs(o pdf.Object) bool {
	switch o := o.(type) {
	case pdf.Ref, *pdf.Stream:
		return true
	case pdf.Array:
		for _, e := range o {
			if holdsRefs(e) {
				return true
			}
		}
	case *pdf.Dict:
		for _, e := range o.All() {
			if holdsRefs(e) {
				return true
			}
		}
	}
	return false
}

// dssArray compares two arrays of validation data. What is named anew must be a
// stream, and no object that the document uses for something else.
func (j *judge) dssArray(ref pdf.Ref, ov, nv pdf.Object) (added int, ok bool, err error) {
	o, ok1 := arrayOrNil(ov)
	n, ok2 := arrayOrNil(nv)
	if !ok1 || !ok2 {
		j.denyDSS(ref, "array")
		return 0, false, nil
	}
	if err := j.spend(len(o) + len(n)); err != nil {
		return 0, false, err
	}
	known := make(map[pdf.Ref]bool, len(o))
	for _, e := range o {
		if r, ok := e.(pdf.Ref); ok {
			known[r] = true
		}
	}
	kept := 0
	for _, e := range n {
		r, isRef := e.(pdf.Ref)
		switch {
		case e == nil:
		case isRef && known[r]:
			kept++
		case isRef:
			if ok, err := j.dssStream(r); !ok || err != nil {
				return 0, false, err
			}
			added++
		default:
			j.denyDSS(ref, "array")
			return 0, false, nil
		}
	}
	if kept < len(known) {
		j.warn(Warning{Code: WarnDSSRemoved, Object: name(ref), Detail: fmt.Sprintf("%d validation data are no longer listed", len(known)-kept)})
	}
	return added, true, nil
}

func arrayOrNil(o pdf.Object) (a pdf.Array, ok bool) {
	if o == nil {
		return nil, true
	}
	a, ok = o.(pdf.Array)
	return a, ok
}

// dssStream judges an object that is validation data from now on.
func (j *judge) dssStream(ref pdf.Ref) (bool, error) {
	o, err := get(j.new, ref)
	if err != nil {
		return false, err
	}
	if o == nil { // dangling: of no use and no harm
		return true, nil
	}
	if _, ok := o.(*pdf.Stream); !ok {
		j.denyDSS(ref, "stream")
		return false, nil
	}
	if j.idx.nodes[ref].roles&^dssRoles != 0 {
		j.deny(ref, Change{Kind: KindDSS, Code: "dss_shared",
			Detail: "validation data (DSS) share an object with the rest of the document"})
		return false, nil
	}
	return true, nil
}

// vri compares the dictionaries of validation data by signature.
func (j *judge) vri(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		if key == "Type" {
			continue
		}
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same || nv == nil {
			continue
		}
		x, _ := dictOrNil(ov)
		y, ok := nv.(*pdf.Dict)
		if !ok {
			j.denyDSS(ref, "VRI")
			return nil
		}
		if err := j.vriEntry(at(n.Get(key), ref), x, y); err != nil {
			return err
		}
	}
	if j.deltas[ref] != nil && j.idx.nodes[ref].roles.has(rVRI) {
		j.tellVRI(ref)
	}
	return nil
}

// vriEntry: ISO 32000-2, table 262.
func (j *judge) vriEntry(ref pdf.Ref, o, n *pdf.Dict) error {
	for _, key := range keys(o, n) {
		ov, nv, same, err := j.pair(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if same || nv == nil {
			continue
		}
		switch key {
		case "Cert", "CRL", "OCSP":
			_, ok, err := j.dssArray(ref, ov, nv)
			if !ok || err != nil {
				return err
			}
		case "TS":
			if r, isRef := n.Get(key).(pdf.Ref); isRef {
				if ok, err := j.dssStream(r); !ok || err != nil {
					return err
				}
			}
		default:
			if holdsRefs(n.Get(key)) {
				j.denyDSS(ref, key)
				return nil
			}
		}
	}
	if j.deltas[ref] != nil && j.idx.nodes[ref].roles.has(rVRIEntry) {
		j.tellVRI(ref)
	}
	return nil
}

func (j *judge) tellVRI(ref pdf.Ref) {
	j.permit(ref, Change{Kind: KindDSS, Code: "dss_vri", Detail: "the validation data of a signature were changed"})
}

// dssItem judges an array or a stream of validation data that changes in place.
func (j *judge) dssItem(ref pdf.Ref, ov, nv pdf.Object) error {
	if _, ok := nv.(*pdf.Stream); ok || nv == nil {
		j.permit(ref, Change{Kind: KindDSS, Code: "dss_item", Detail: "a piece of the validation data (DSS) was replaced"})
		return nil
	}
	if _, ok := ov.(*pdf.Stream); ok {
		ov = nil
	}
	added, ok, err := j.dssArray(ref, ov, nv)
	if ok && err == nil {
		j.permit(ref, Change{Kind: KindDSS, Code: "dss_array", Count: added,
			Detail: fmt.Sprintf("validation data extended: %d added", added)})
	}
	return err
}
