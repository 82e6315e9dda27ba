package inspect

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// loadFields lists the form fields.
func (in *inspector) loadFields() error {
	in.fieldOf = make(map[pdf.Ref]string)
	fields, err := in.f.Fields()
	if err != nil {
		if !ofFile(err) {
			return err
		}
		in.add(Finding{Code: NotScanned, Detail: short("form: the fields can't be listed: " + err.Error())})
		return nil
	}
	in.fields = fields
	for _, f := range fields {
		for _, ref := range append([]pdf.Ref{f.Ref}, f.Widgets...) {
			if ref != (pdf.Ref{}) && len(in.fieldOf) < in.o.Objects {
				in.fieldOf[ref] = f.Name
			}
		}
	}
	return nil
}

// form looks at the form as a whole.
func (in *inspector) form() error {
	acro, ref, err := in.f.AcroForm()
	if err != nil || acro == nil {
		return in.tolerate(err)
	}
	if v, _ := in.resolve(acro.Get("NeedAppearances")).(bool); v && len(in.fields) > 0 {
		in.add(Finding{Code: NeedAppearances, Object: ref,
			Detail: fmt.Sprintf("viewers draw the %s of the form anew, each in its own way", plural(len(in.fields), "field"))})
	}
	xfa := in.resolve(acro.Get("XFA"))
	if xfa == nil {
		return nil
	}
	detail := "the form has an XFA part, which some viewers show in place of the fields"
	if catalog, _, err := in.f.Catalog(); err == nil {
		if v, _ := in.resolve(catalog.Get("NeedsRendering")).(bool); v {
			detail = "the document is a dynamic XFA form"
		}
	}
	in.add(Finding{Code: XFA, Object: ref, Detail: detail})
	return in.packets(acro.Get("XFA"), xfa)
}

// packets looks at the XML of an XFA form: a stream, or names and streams.
func (in *inspector) packets(o, xfa pdf.Object) error {
	list, ok := xfa.(pdf.Array)
	if !ok {
		list = pdf.Array{o}
	}
	for _, e := range list {
		s, ok := in.resolve(e).(*pdf.Stream)
		if !ok {
			continue
		}
		ref, _ := e.(pdf.Ref)
		if err := in.xml(ref, s, "the XFA form"); err != nil {
			return err
		}
		if in.left <= 0 {
			return nil
		}
	}
	return nil
}
