package appearance

import (
	"github.com/kyso-vn/kyso/internal/picture"
)

// PictureError says why a picture can't be used.
type PictureError = picture.Error

// imageShare is how much of the box the picture takes beside the text.
const imageShare = 0.4

// placePicture decodes the style's picture, gives it its box, and returns the
// box that is left for the text.
func (m *Mark) placePicture(s *Style, hasText bool) (text Rect, err error) {
	text = m.inner()
	if len(s.Image) == 0 {
		return text, nil
	}
	if m.picture, err = picture.Decode(s.Image); err != nil {
		return text, err
	}
	frame := text
	switch {
	case s.layout() == ImageOnly || s.ImageBehind || !hasText:
	case m.width >= m.height: // beside the text
		frame[2] = frame[0] + imageShare*text.Width()
		text[0] = frame[2] + padding
	default: // above it
		frame[1] = frame[3] - imageShare*text.Height()
		text[3] = frame[1] - padding
	}
	m.pictureBox = fitPicture(m.picture, frame)
	return text, nil
}

// fitPicture centres a picture in frame, as large as its shape allows.
func fitPicture(p *picture.Picture, frame Rect) Rect {
	pw, ph := p.Seen()
	scale := min(frame.Width()/float64(pw), frame.Height()/float64(ph))
	w, h := float64(pw)*scale, float64(ph)*scale
	x, y := frame[0]+(frame.Width()-w)/2, frame[1]+(frame.Height()-h)/2
	return Rect{x, y, x + w, y + h}
}
