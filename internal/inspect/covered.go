package inspect

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// What counts as covered. Page content that covers a few words may be a table
// drawn late; most of the text under a picture is not.
const (
	leastChars = 10 // of the page, by page content
	leastShare = 4  // one in so many characters
	leastUnder = 4  // characters, by an annotation
	leastCodes = 3  // different ones: a row of dots is to be written on
)

// covered draws each page in mind and reports text that something opaque
// covers: taken away later, it shows another document (shadow attack "hide").
func (in *inspector) covered() error {
	for _, page := range in.pages.pages {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		c, ok := in.draw(page)
		if in.failed != nil {
			return in.failed
		}
		in.judge(page, c)
		if !ok {
			in.add(Finding{Code: NotScanned, Page: page.Index + 1, Detail: "covered content: too much to draw from this page on"})
			return nil
		}
	}
	if in.pages.number > in.o.Pages {
		in.add(Finding{Code: NotScanned, Page: in.o.Pages + 1, Detail: "covered content: there are more than " + plural(in.o.Pages, "page")})
	}
	if in.tests > maxTests {
		in.add(Finding{Code: NotScanned, Detail: "covered content: too much text and too many rectangles to compare"})
	}
	return nil
}

// draw interprets the content of a page, then its annotations.
func (in *inspector) draw(page *pdf.Page) (*canvas, bool) {
	box := page.CropBox
	c := in.blank(area{box[0], box[1], box[2], box[3]})
	b, err := in.contents(page)
	if err != nil {
		in.failed = err
		return c, false
	}
	m := in.machine(c, in.dict(page.Resources))
	defer m.done()
	if !m.run(b) {
		return c, false
	}
	for i, a := range in.array(page.Dict.Get("Annots")) {
		if i >= maxAnnots {
			in.add(Finding{Code: NotScanned, Page: page.Index + 1, Detail: fmt.Sprintf("covered content: more than %d annotations", maxAnnots)})
			break
		}
		c.layer = i + 1
		if !in.drawAnnot(c, in.dict(a)) {
			return c, false
		}
	}
	return c, true
}

// contents joins the content streams of a page.
func (in *inspector) contents(page *pdf.Page) ([]byte, error) {
	o := in.resolve(page.Dict.Get("Contents"))
	list, ok := o.(pdf.Array)
	if !ok {
		list = pdf.Array{o}
	}
	var out []byte
	for _, e := range list {
		s, ok := in.resolve(e).(*pdf.Stream)
		if !ok {
			continue
		}
		b, err := in.decode(s)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = append(b, '\n') // nobody else has b
		} else {
			out = append(append(out, b...), '\n')
		}
		if in.left <= 0 {
			break
		}
	}
	return out, nil
}

// flags of annotations. ISO 32000-2, 12.5.3.
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// drawAnnot draws the appearance of an annotation that a reader sees.
func (in *inspector) drawAnnot(c *canvas, d *pdf.Dict) bool {
	if d == nil || int(in.float(d.Get("F")))&(flagHidden|flagNoView) != 0 {
		return true
	}
	switch in.name(d.Get("Subtype")) {
	case "Link", "Popup", "Highlight", "Underline", "StrikeOut", "Squiggly":
		return true
	}
	ref, s := in.appearance(d)
	rect, ok := in.rectangle(d.Get("Rect"))
	if s == nil || !ok {
		return true
	}
	box, ok := in.rectangle(s.Dict.Get("BBox"))
	if !ok {
		return true
	}
	m := in.machine(c, nil)
	defer m.done()
	m.state.ctm = fit(box.of(in.matrix(s.Dict.Get("Matrix"))), rect)
	return m.form(ref, s)
}

// fit moves and scales one box onto another. ISO 32000-2, 12.5.5, algorithm.
func fit(box, rect area) matrix {
	w, h := box.x1-box.x0, box.y1-box.y0
	if w <= 0 || h <= 0 {
		return matrix{a: 1, d: 1, e: rect.x0 - box.x0, f: rect.y0 - box.y0}
	}
	sx, sy := (rect.x1-rect.x0)/w, (rect.y1-rect.y0)/h
	return matrix{a: sx, d: sy, e: rect.x0 - box.x0*sx, f: rect.y0 - box.y0*sy}
}

// appearance is the normal appearance stream of an annotation, of its state
// where there are several.
func (in *inspector) appearance(d *pdf.Dict) (pdf.Ref, *pdf.Stream) {
	ap := in.dict(d.Get("AP"))
	if ap == nil {
		return pdf.Ref{}, nil
	}
	o := ap.Get("N")
	if states, ok := in.resolve(o).(*pdf.Dict); ok {
		o = states.Get(in.name(d.Get("AS")))
	}
	ref, _ := o.(pdf.Ref)
	s, _ := in.resolve(o).(*pdf.Stream)
	return ref, s
}

// judge makes findings of what is covered.
func (in *inspector) judge(page *pdf.Page, c *canvas) {
	annots := in.array(page.Dict.Get("Annots"))
	for layer := 0; layer <= min(len(annots), maxAnnots); layer++ {
		k := c.covers[layer]
		if k == nil {
			continue
		}
		if layer == 0 {
			if k.chars >= leastChars && k.chars*leastShare >= c.drawn[0] {
				in.add(Finding{Code: CoveredContent, Page: page.Index + 1, Object: k.object,
					Detail: fmt.Sprintf("%s covers %d of %d characters drawn on the page", k.what, k.chars, c.drawn[0])})
			}
			continue
		}
		if k.chars+k.others < leastUnder || bits.OnesCount64(k.codes) < leastCodes {
			continue
		}
		ref, _ := annots[layer-1].(pdf.Ref)
		d := in.dict(annots[layer-1])
		var of []string
		if k.chars > 0 {
			of = append(of, fmt.Sprintf("%d characters of the page", k.chars))
		}
		if k.others > 0 {
			of = append(of, fmt.Sprintf("%d characters of other annotations", k.others))
		}
		in.add(Finding{Code: CoveredContent, Page: page.Index + 1, Object: ref, Field: in.fieldOf[ref],
			Detail: short("an annotation (" + string(in.name(d.Get("Subtype"))) + ") covers " + strings.Join(of, " and "))})
	}
}
