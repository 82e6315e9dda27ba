package pagetext

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
)

// Limits of a preview.
const (
	limitSheetPages = 200
	sheetGap        = 12  // pixels around a page
	sheetCell       = 260 // at the least, of the picture of a page
	sheetCellMost   = 700 // where there are few: the mark can be read
	sheetWidth      = 1800
	a4Inches        = 11.7 // the long side
)

// Preview draws pages (0-based) into one PNG: one page at dpi as it is, more
// as a contact sheet of small pictures in rows. More than 200 pages are an
// error.
func (d *Document) Preview(ctx context.Context, pages []int, dpi float64) ([]byte, error) {
	var img image.Image
	var err error
	switch {
	case len(pages) == 0:
		return nil, fmt.Errorf("preview: no page is asked for")
	case len(pages) > limitSheetPages:
		return nil, fmt.Errorf("preview: %d pages, more than %d", len(pages), limitSheetPages)
	case len(pages) == 1:
		img, err = d.Render(ctx, pages[0], dpi)
	default:
		img, err = d.contactSheet(ctx, pages)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return b.Bytes(), nil
}

// contactSheet draws each page to fit a square cell, on grey, in rows as long
// as the sheet is high.
func (d *Document) contactSheet(ctx context.Context, pages []int) (image.Image, error) {
	columns := int(math.Ceil(math.Sqrt(float64(len(pages)))))
	rows := (len(pages) + columns - 1) / columns
	cell := min(max(sheetWidth/columns, sheetCell), sheetCellMost)
	step := cell + sheetGap
	sheet := image.NewRGBA(image.Rect(0, 0, columns*step+sheetGap, rows*step+sheetGap))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{0xA0}), image.Point{}, draw.Src)
	for i, page := range pages {
		small, err := d.Render(ctx, page, float64(cell)/a4Inches)
		if err != nil {
			return nil, err
		}
		b := small.Bounds()
		scale := float64(cell) / float64(max(b.Dx(), b.Dy(), 1))
		w, h := int(float64(b.Dx())*scale), int(float64(b.Dy())*scale)
		x := sheetGap + i%columns*step + (cell-w)/2
		y := sheetGap + i/columns*step + (cell-h)/2
		draw.ApproxBiLinear.Scale(sheet, image.Rect(x, y, x+w, y+h), small, b, draw.Src, nil)
	}
	return sheet, nil
}
