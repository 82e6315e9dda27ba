package appearance

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/picture"
)

// atSeal is the place of an agency's seal: over the left third of the person's
// signature. Nghị định 30/2020/NĐ-CP, Phụ lục I.
const atSeal = "seal"

// sealSize is the diameter of most Vietnamese agencies' round seals, 36 mm, in
// points.
const sealSize = 36 / 25.4 * 72

// RealSize is the size in points that a picture has on paper by the resolution
// it carries; ok is false when it carries none. Errors: *PictureError.
func RealSize(image []byte) (width, height float64, ok bool, err error) {
	p, err := picture.Decode(image)
	if err != nil {
		return 0, 0, false, err
	}
	if p.DPI < 10 {
		return 0, 0, false, nil
	}
	w, h := p.Seen()
	return float64(w) / p.DPI * 72, float64(h) / p.DPI * 72, true, nil
}

// resolveSeal puts the box so that its right third covers the left third of
// the last visible signature, centred on its height.
func (p *Place) resolveSeal(f document) (*Resolved, error) {
	widgets, err := signatureWidgets(f)
	if err != nil {
		return nil, err
	}
	person, n := lastWidget(widgets, true)
	if n == 0 {
		return nil, placeErrorf("place", "there is no visible signature that the seal could stand at: give a rectangle")
	}
	w, h := p.Width, p.Height
	if w == 0 {
		w = sealSize
	}
	if h == 0 {
		h = sealSize
	}
	right := person.rect[0] + person.rect.Width()/3
	mid := (person.rect[1] + person.rect[3]) / 2
	r := Rect{right - w, mid - h/2, right, mid + h/2}
	return &Resolved{
		Pages: []int{person.page}, Rect: r.move(p.OffsetX, p.OffsetY),
		Why: fmt.Sprintf("over the left third of the signature %q on page %d", person.field, person.page+1),
	}, nil
}
