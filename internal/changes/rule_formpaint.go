package changes

import (
	"fmt"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// painted warns of a field that paints over what the page shows from this
// revision on: filled in means that it says something, not that it hides.
func (j *judge) painted(ref pdf.Ref, o, n *pdf.Dict, field string) error {
	after, err := j.paints(j.new, n)
	if err != nil || !after {
		return err
	}
	before, err := j.paints(j.old, o)
	if err != nil || before {
		return err
	}
	pages, _ := j.pagesOf(ref, n)
	over, err := j.over(ref, n, j.new, pages)
	if err != nil || !over {
		return err
	}
	j.warn(Warning{Code: WarnCovers, Object: name(ref), Field: field, Page: j.firstPage(pages),
		Detail: fmt.Sprintf("field %s paints over what the page shows", quote(field))})
	return nil
}

// otherLooks warns of what a text field or a choice may show besides its normal
// appearance: another one under the mouse, or when a viewer draws it anew.
func (j *judge) otherLooks(ref pdf.Ref, o, n *pdf.Dict, changed []pdf.Name, h heritage) error {
	if h.ft != "Tx" && h.ft != "Ch" {
		return nil
	}
	why := ""
	for _, key := range changed {
		if (key == "DA" || key == "DS" || key == "RV") && !slices.Contains(changed, "AP") {
			why = fmt.Sprintf("how field %s is drawn anew (/%s) was changed, what it shows was not", quote(h.name), key)
		}
	}
	if slices.Contains(changed, "AP") {
		now, err := j.new.Dict(n.Get("AP"))
		if err != nil {
			return damagedOrNil(err)
		}
		was, err := j.old.Dict(o.Get("AP"))
		if err != nil {
			return damagedOrNil(err)
		}
		for _, key := range []pdf.Name{"R", "D"} {
			same, err := j.same(was.Get(key), now.Get(key))
			if err != nil {
				return err
			}
			if now.Has(key) && !same {
				why = fmt.Sprintf("field %s shows something of its own under the mouse (/AP /%s)", quote(h.name), key)
			}
		}
	}
	if why != "" {
		j.warn(Warning{Code: WarnAppearanceOnly, Object: name(ref), Field: h.name, Page: j.pageOf(ref, n), Detail: why})
	}
	return nil
}

// paints reports whether the normal appearance of a widget fills an area, or
// might.
func (j *judge) paints(view *pdf.File, d *pdf.Dict) (bool, error) {
	v, err := resolve(view, d.Get("AP"))
	if err != nil {
		return false, err
	}
	ap, _ := v.(*pdf.Dict)
	if v, err = resolve(view, ap.Get("N")); err != nil {
		return false, err
	}
	if states, ok := v.(*pdf.Dict); ok {
		as, _ := d.Get("AS").(pdf.Name)
		if v, err = resolve(view, states.Get(as)); err != nil {
			return false, err
		}
	}
	s, ok := v.(*pdf.Stream)
	if !ok {
		return false, nil
	}
	data, ok, err := j.decode(s, maxContent)
	if err != nil || !ok {
		return !ok, err
	}
	whole, ok := j.formBox(s, view)
	if !ok {
		return true, nil
	}
	return fillsArea(data, whole), nil
}

// fillsArea looks for an area that is filled, larger than what letters or the
// mark of a check box take.
func fillsArea(data []byte, whole box) bool {
	const share = 3 // of the box
	var path box
	begun, found := false, false
	point := func(x, y float64) {
		path.with(x, y, begun)
		begun = true
	}
	whole = box{min(whole.x0, whole.x1), min(whole.y0, whole.y1), max(whole.x0, whole.x1), max(whole.y0, whole.y1)}
	read := operators(data, func(op string, args []operand) bool {
		switch op {
		case "m", "l", "c", "v", "y":
			for i := 0; i+1 < len(args); i += 2 {
				point(num(args, i), num(args, i+1))
			}
		case "re":
			point(num(args, 0), num(args, 1))
			point(num(args, 0)+num(args, 2), num(args, 1)+num(args, 3))
		case "f", "F", "f*", "B", "B*", "b", "b*":
			found = found || begun && share*path.width()*path.height() >= whole.width()*whole.height()
			path, begun = box{}, false
		case "S", "s", "n":
			path, begun = box{}, false
		case "sh", "EI", "Do": // a picture, or a form that may be one
			found = true
		case "cm": // scales what follows
			found = found || !plainMatrix(six(args))
		}
		return !found
	})
	return found || !read
}

// plainMatrix moves and does not enlarge.
func plainMatrix(m matrix) bool {
	return m[0] <= 1.01 && m[0] >= 0 && m[3] <= 1.01 && m[3] >= 0 && m[1] == 0 && m[2] == 0
}
