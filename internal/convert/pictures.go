package convert

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"

	"golang.org/x/image/tiff"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/pdfwrite"
	"github.com/kyso-vn/kyso/internal/picture"
)

// A4 in points.
const (
	a4Short = 595.28
	a4Long  = 841.89
)

// limitPictures bounds the pages of one file.
const limitPictures = 500

// Pictures makes a PDF of PNG, JPEG and TIFF files, one page each: A4 in the
// direction of the picture, which stands in the middle, upright by its EXIF
// orientation, at its real size where the file gives a resolution and the page
// has room, else as large as the page allows. JPEG bytes are kept. Of a TIFF
// file of several pages only the first can be read: such a file is refused.
// The result depends on the bytes only. Errors: *picture.Error.
func Pictures(files ...[]byte) ([]byte, error) {
	if len(files) == 0 || len(files) > limitPictures {
		return nil, fmt.Errorf("convert: %d pictures: want 1 to %d", len(files), limitPictures)
	}
	var w pdfwrite.Writer
	pages := w.Alloc()
	var kids pdf.Array
	id := sha256.New()
	for i, data := range files {
		p, err := decode(data)
		if err != nil {
			return nil, fmt.Errorf("convert picture %d: %w", i+1, err)
		}
		id.Write(data)
		kids = append(kids, addPage(&w, pages, p))
	}
	w.Set(pages, pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Pages"), pdf.Name("Kids"), kids, pdf.Name("Count"), pdf.Integer(len(kids))))
	root := w.Add(pdf.NewDict(pdf.Name("Type"), pdf.Name("Catalog"), pdf.Name("Pages"), pages))
	return w.Bytes(root, pdf.Ref{}, id.Sum(nil)[:16])
}

func decode(data []byte) (*picture.Picture, error) {
	if !bytes.HasPrefix(data, []byte("II*\x00")) && !bytes.HasPrefix(data, []byte("MM\x00*")) {
		return picture.Decode(data)
	}
	info := picture.ReadTIFF(data)
	if info.More {
		return nil, &picture.Error{Reason: "TIFF file of several pages: save each page as a file"}
	}
	cfg, err := tiff.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, &picture.Error{Reason: "TIFF: " + err.Error()}
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > picture.LimitDecoded/cfg.Height {
		return nil, &picture.Error{Reason: fmt.Sprintf("TIFF of %d x %d pixels: want 1 to %d in all", cfg.Width, cfg.Height, picture.LimitDecoded)}
	}
	var img image.Image
	if img, err = tiff.Decode(bytes.NewReader(data)); err != nil {
		return nil, &picture.Error{Reason: "TIFF: " + err.Error()}
	}
	p := picture.FromImage(img)
	p.Orientation, p.DPI = info.Orientation, info.DPI
	return p, nil
}

// addPage adds a page with one picture.
func addPage(w *pdfwrite.Writer, parent pdf.Ref, p *picture.Picture) pdf.Ref {
	pw, ph := p.Seen()
	pageW, pageH := a4Short, a4Long
	if pw > ph {
		pageW, pageH = pageH, pageW
	}
	scale := min(pageW/float64(pw), pageH/float64(ph))
	if p.DPI >= 10 {
		scale = min(scale, 72/p.DPI)
	}
	wd, ht := float64(pw)*scale, float64(ph)*scale
	m := p.Matrix()
	content := fmt.Sprintf("q %.4f 0 0 %.4f %.4f %.4f cm %g %g %g %g %g %g cm /Im1 Do Q\n",
		wd, ht, (pageW-wd)/2, (pageH-ht)/2, m[0], m[1], m[2], m[3], m[4], m[5])
	return w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Page"),
		pdf.Name("Parent"), parent,
		pdf.Name("MediaBox"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Real(pageW), pdf.Real(pageH)},
		pdf.Name("Resources"), pdf.NewDict(pdf.Name("XObject"), pdf.NewDict(pdf.Name("Im1"), p.Add(w))),
		pdf.Name("Contents"), w.Add(pdf.NewFlateStream(pdf.NewDict(), []byte(content)))))
}
