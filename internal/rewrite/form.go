package rewrite

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mendForm leaves a document without the form that is none, and a form whose
// /Fields is no array with none: no reader finds a field there either.
func mendForm(c *model.Context, root types.Dict) error {
	v, err := c.Dereference(root["AcroForm"])
	if err != nil {
		return err
	}
	form, ok := v.(types.Dict)
	if !ok {
		root.Delete("AcroForm")
		return nil
	}
	if v, err = c.Dereference(form["Fields"]); err != nil {
		return err
	}
	if _, ok := v.(types.Array); !ok {
		form["Fields"] = types.Array{}
	}
	return nil
}
