package inspect

import (
	"errors"
	"math/bits"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// opaque tells whether an image hides what is below it: it has no mask, or a
// mask that lets nearly nothing through.
func (in *inspector) opaque(ref pdf.Ref, s *pdf.Stream) bool {
	if v, ok := in.images[ref]; ok && ref != (pdf.Ref{}) {
		return v
	}
	v := in.isOpaque(s)
	if len(in.images) < maxObjects {
		in.images[ref] = v
	}
	return v
}

func (in *inspector) isOpaque(s *pdf.Stream) bool {
	if stencil, _ := in.resolve(s.Dict.Get("ImageMask")).(bool); stencil {
		return in.solid(s, true)
	}
	if int(in.float(s.Dict.Get("SMaskInData"))) != 0 {
		return false
	}
	if m, ok := in.resolve(s.Dict.Get("SMask")).(*pdf.Stream); ok {
		return in.solid(m, false)
	}
	switch m := in.resolve(s.Dict.Get("Mask")).(type) {
	case *pdf.Stream:
		return in.solid(m, true)
	case pdf.Array:
		return false // colours that are not drawn
	}
	return true
}

// solid tells whether nine in ten samples of a mask are opaque. Those of a
// stencil are where the sample is 0 (ISO 32000-2, 8.9.6.2), of a soft mask
// where it is high.
func (in *inspector) solid(s *pdf.Stream, stencil bool) bool {
	b, err := in.decode(s)
	if err != nil {
		in.failed = errors.Join(in.failed, err)
	}
	if len(b) == 0 {
		return false
	}
	bpc := int(in.float(s.Dict.Get("BitsPerComponent")))
	if stencil {
		bpc = 1
	}
	inverted := stencil
	if d, ok := in.floats(s.Dict.Get("Decode"), 2); ok && d[0] > d[1] {
		inverted = !inverted
	}
	high := 0
	switch bpc {
	case 1:
		width := int(in.float(s.Dict.Get("Width")))
		if width > 0 && width < 8 { // what fills up a row is no sample
			for _, c := range b {
				high += bits.OnesCount8(c>>(8-width)) * 8 / width
			}
			break
		}
		for _, c := range b {
			high += bits.OnesCount8(c)
		}
	case 8:
		for _, c := range b {
			if c >= 0xe0 && !inverted || c >= 0x20 && inverted {
				high += 8
			}
		}
	default:
		return false
	}
	if inverted {
		high = 8*len(b) - high
	}
	return high*10 >= 9*8*len(b)
}
