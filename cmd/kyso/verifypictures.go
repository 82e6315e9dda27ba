package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/image/draw"

	"github.com/kyso-vn/kyso/internal/pagediff"
	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/verify"
)

const (
	// picturesDPI is enough to read by.
	picturesDPI = 100
	// maxPicturePages bounds the pages drawn of one file, each twice.
	maxPicturePages = 200
	// maxReportPairs bounds the pictures of one file in a report.
	maxReportPairs = 12
	// reportWidth is the width of a picture in a report, in pixels.
	reportWidth = 620
	// picturesTime is for one file; it stops what makes PDFium loop.
	picturesTime = 3 * time.Minute
)

// pagePictures are the two looks of a page, after a signature: as it was signed
// and as it is now. A page that is missing on a side has no picture there.
type pagePictures struct {
	Signature   int  `json:"signature"` // its number in the report, 1-based
	Page        int  `json:"page"`      // 1-based
	Differs     bool `json:"differs"`
	Areas       int  `json:"areas"` // places that differ
	signed, now *image.RGBA
	SignedFile  string    `json:"signed,omitempty"`
	NowFile     string    `json:"now,omitempty"`
	small       [2][]byte // PNG for the report: signed, now
}

// picturesSink draws the pages for --changes and for the report. It comes
// before the sinks that tell of them. What can't be drawn is said and changes
// no verdict.
type picturesSink struct {
	r      *verifyRun
	dir    string // "": none are written
	force  bool
	report bool // pictures for a report are kept
	pages  *pageReader
}

func (s *picturesSink) file(ctx context.Context, res *verifyResult) error {
	if res.err != nil || len(res.report.Signatures) == 0 {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, picturesTime)
	defer cancel()
	defer s.pages.release()
	var failed *writeError
	err := s.draw(bounded, res)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return errInterrupted
	case errors.As(err, &failed):
		return failed.err
	default:
		s.r.a.warnf(s.r.a.m.Verify.NoPictures, printable(res.name), err)
	}
	return nil
}

func (s *picturesSink) close() error {
	s.pages.Close()
	return nil
}

// writeError is a fault of the disk, which ends the run; those of drawing do
// not.
type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }

// drawnFor are the signatures whose revision is looked at: each end once, and
// document timestamps only where nobody signed.
func drawnFor(rep *verify.Report) (numbers []int, unclear bool) {
	people := anySignature(rep, func(s *verify.Signature) bool { return s.Kind == verify.KindSignature })
	seen := map[int64]bool{rep.Bytes: true} // the whole file: nothing came after
	for i := range rep.Signatures {
		s := &rep.Signatures[i]
		if people && s.Kind != verify.KindSignature {
			continue
		}
		end := s.Evidence().End
		unclear = unclear || end == 0
		if end > 0 && !seen[end] {
			seen[end] = true
			numbers = append(numbers, i+1)
		}
	}
	return numbers, unclear
}

// draw compares the pages of each signed revision with those of the file.
func (s *picturesSink) draw(ctx context.Context, res *verifyResult) error {
	numbers, unclear := drawnFor(res.report)
	if unclear {
		s.r.a.notef(s.r.a.m.Verify.NoRevision, printable(base(res.name)))
	}
	if len(numbers) == 0 && !s.report {
		return nil
	}
	now, err := s.pages.open(ctx, res.in, res.password)
	if err != nil {
		return err
	}
	left := maxPicturePages
	for _, n := range numbers {
		end := res.report.Signatures[n-1].Evidence().End
		signed, err := s.pages.open(ctx, &input{name: res.name, r: io.NewSectionReader(res.in.r, 0, end), size: end}, res.password)
		if err != nil {
			return err
		}
		err = s.pair(ctx, res, n, signed, now, &left)
		s.pages.drop(signed)
		if err != nil {
			return err
		}
		if left <= 0 {
			s.r.a.notef(s.r.a.m.Verify.FewPictures, printable(base(res.name)), maxPicturePages)
			break
		}
	}
	if s.report && res.reportPairs == 0 {
		return s.firstPage(ctx, res, now)
	}
	return nil
}

// firstPage gives the report a picture by which a person knows the document.
func (s *picturesSink) firstPage(ctx context.Context, res *verifyResult, now *pagetext.Document) error {
	img, err := now.Render(ctx, 0, picturesDPI)
	if err != nil {
		return err
	}
	p := &pagePictures{Page: 1, now: img}
	res.first = p
	return p.shrink()
}

// pair draws every page of two revisions.
func (s *picturesSink) pair(ctx context.Context, res *verifyResult, number int, signed, now *pagetext.Document, left *int) error {
	before, err := signed.NumPages()
	if err != nil {
		return err
	}
	after, err := now.NumPages()
	if err != nil {
		return err
	}
	for i := range max(before, after) {
		if *left--; *left < 0 {
			return nil
		}
		p := &pagePictures{Signature: number, Page: i + 1}
		if i < before {
			if p.signed, err = signed.Render(ctx, i, picturesDPI); err != nil {
				return err
			}
		}
		if i < after {
			if p.now, err = now.Render(ctx, i, picturesDPI); err != nil {
				return err
			}
		}
		if err := s.keep(res, p); err != nil {
			return err
		}
	}
	return nil
}

// keep marks what differs and keeps or writes the pictures.
func (s *picturesSink) keep(res *verifyResult, p *pagePictures) error {
	p.mark()
	if s.dir != "" {
		if err := s.write(res, p); err != nil {
			return &writeError{err}
		}
	}
	if s.report && p.Differs && res.reportPairs < maxReportPairs {
		res.reportPairs++
		if err := p.shrink(); err != nil {
			return err
		}
	}
	p.signed, p.now = nil, nil
	res.pictures = append(res.pictures, p)
	return nil
}

// mark frames the differing places in both pictures.
func (p *pagePictures) mark() {
	if p.signed == nil || p.now == nil {
		p.Differs, p.Areas = true, 1
		return
	}
	areas := pagediff.Areas(p.signed, p.now)
	p.Differs, p.Areas = len(areas) > 0, len(areas)
	if p.Differs {
		p.signed, p.now = pagediff.Mark(p.signed, areas), pagediff.Mark(p.now, areas)
	}
}

// write makes signature-1-page-001-signed.png and ...-now.png in the folder of
// the file.
func (s *picturesSink) write(res *verifyResult, p *pagePictures) error {
	dir := filepath.Join(s.dir, res.folder)
	for _, side := range []struct {
		img  *image.RGBA
		word string
		to   *string
	}{{p.signed, "signed", &p.SignedFile}, {p.now, "now", &p.NowFile}} {
		if side.img == nil {
			continue
		}
		data, err := encodePNG(side.img)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, fmt.Sprintf("signature-%d-page-%03d-%s.png", p.Signature, p.Page, side.word))
		if err := s.r.a.writeInto(dir, name, s.force, data); err != nil {
			return err
		}
		*side.to = name
	}
	return nil
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// shrink makes the pictures for the report.
func (p *pagePictures) shrink() error {
	for i, img := range []*image.RGBA{p.signed, p.now} {
		if img == nil || img.Bounds().Empty() {
			continue
		}
		var small image.Image = img
		if w := img.Bounds().Dx(); w > reportWidth {
			scaled := image.NewRGBA(image.Rect(0, 0, reportWidth, max(1, img.Bounds().Dy()*reportWidth/w)))
			draw.CatmullRom.Scale(scaled, scaled.Bounds(), img, img.Bounds(), draw.Src, nil)
			small = scaled
		}
		data, err := encodePNG(small)
		if err != nil {
			return err
		}
		p.small[i] = data
	}
	return nil
}

// written tells whether the pictures are files.
func (p *pagePictures) written() bool { return p.SignedFile != "" || p.NowFile != "" }

// picturesLine tells people where the pictures are and which pages differ.
func (a *app) picturesLine(dir string, res *verifyResult) string {
	if len(res.pictures) == 0 || !res.pictures[0].written() {
		return ""
	}
	m := &a.m.Verify
	pages := m.NoneDiffers
	if list := differing(res.pictures); len(list) > 0 {
		pages = strings.Join(list, ", ")
	}
	return fmt.Sprintf(m.Pictures, printable(filepath.Join(dir, res.folder)), pages)
}

// differing are the numbers of the pages that differ after some signature.
func differing(pictures []*pagePictures) []string {
	var pages []int
	for _, p := range pictures {
		if p.Differs {
			pages = append(pages, p.Page)
		}
	}
	slices.Sort(pages)
	var list []string
	for _, n := range slices.Compact(pages) {
		list = append(list, itoa(n))
	}
	return list
}
