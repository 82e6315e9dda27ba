package inspect

import (
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// layers looks at optional content (ISO 32000-2, 8.11). Layers that are all on
// and that nothing in the file switches are no finding: what is shown is all
// there is.
func (in *inspector) layers() error {
	catalog, _, err := in.f.Catalog()
	if err != nil {
		return in.tolerate(err)
	}
	oc := in.dict(catalog.Get("OCProperties"))
	groups := 0
	if oc != nil {
		groups = len(in.array(oc.Get("OCGs")))
	}
	if groups == 0 {
		return nil
	}
	var why []string
	if d := in.dict(oc.Get("D")); d != nil {
		if n := len(in.array(d.Get("OFF"))); n > 0 {
			why = append(why, fmt.Sprintf("%d not shown", n))
		}
		if b := in.name(d.Get("BaseState")); b == "OFF" || b == "Unchanged" {
			why = append(why, "not shown unless switched on")
		}
		if in.usage(d) {
			why = append(why, "some are shown or not by use: on the screen, in print")
		}
	}
	if n := len(in.array(oc.Get("Configs"))); n > 0 {
		why = append(why, plural(n, "further configuration"))
	}
	if in.walk.toggles {
		why = append(why, "an action switches them")
	}
	if len(why) > 0 {
		ref, _ := catalog.Get("OCProperties").(pdf.Ref)
		in.add(Finding{Code: OptionalContent, Object: ref, Detail: plural(groups, "layer") + ": " + strings.Join(why, "; ")})
	}
	return nil
}

// usage tells whether /AS makes viewers switch layers by what they do, and
// there are layers whose usage says so.
func (in *inspector) usage(d *pdf.Dict) bool {
	seen := 0 // hostile lists may share one long list
	for _, e := range in.array(d.Get("AS")) {
		as := in.dict(e)
		if as == nil {
			continue
		}
		for _, g := range in.array(as.Get("OCGs")) {
			if seen++; seen > maxObjects {
				return true
			}
			if in.switched(in.dict(g)) {
				return true
			}
		}
	}
	return false
}

// switched tells whether a layer is off for some use of the document.
func (in *inspector) switched(group *pdf.Dict) bool {
	if group == nil {
		return false
	}
	u := in.dict(group.Get("Usage"))
	return u != nil && (in.off(u, "View", "ViewState") || in.off(u, "Print", "PrintState") || in.off(u, "Export", "ExportState") || u.Has("Zoom"))
}

func (in *inspector) off(usage *pdf.Dict, key, state pdf.Name) bool {
	d := in.dict(usage.Get(key))
	return d != nil && in.name(d.Get(state)) == "OFF"
}
