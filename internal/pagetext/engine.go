// Package pagetext gives the text of pages with positions, and pictures of
// pages. PDFium does the work, in a WebAssembly sandbox that sees no file, no
// network and at most limitMemory of memory.
//
// The common call is New, Open, then Find, Lines or Render. Compiling PDFium
// takes seconds and some 300 MB; with Options.CacheDir it happens once a
// machine, so load the package's engine only when something needs it, and say
// so to the user on the first use (Options.Cached tells).
//
// An Engine and its Documents are not for concurrent use. When the context of
// a call ends during the call, the engine is stopped and every further call
// fails: PDFium can't be interrupted in any gentler way.
package pagetext

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Limits.
const (
	limitMemoryPages = 1 << 14 // 64 KiB each: 1 GiB
	limitPixels      = 100_000_000
	limitChars       = 2_000_000 // characters of one page
	rendersPerLoad   = 50        // PDFium's memory grows with each page drawn: begin anew
	startTimeout     = 2 * time.Minute
)

// ErrClosed: the engine or document was closed, or stopped by a context.
var ErrClosed = errors.New("pagetext: closed")

// Options: CacheDir holds the compiled PDFium ("" = none, slow).
type Options struct{ CacheDir string }

// Cached reports whether the cache folder seems to hold a compiled PDFium, so
// that New takes a moment and not seconds.
func (o Options) Cached() bool {
	if o.CacheDir == "" {
		return false
	}
	found, err := filepath.Glob(filepath.Join(o.CacheDir, "wazero-*", "*"))
	return err == nil && len(found) > 0
}

// Engine is one PDFium instance, loaded on first use. Not for concurrent use.
type Engine struct {
	ctx    context.Context // of the sandbox; ends with cancel
	cancel context.CancelFunc
	cache  wazero.CompilationCache
	pool   pdfium.Pool
}

// New loads the engine. A cache folder that can't be used is no error: PDFium
// is then compiled in memory.
func New(ctx context.Context, o Options) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("load PDFium: %w", err)
	}
	e := &Engine{}
	// The sandbox outlives the context of New: later calls bring their own.
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, e.cancel)
	defer stop()
	if o.CacheDir != "" && os.MkdirAll(o.CacheDir, 0o700) == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(o.CacheDir); err == nil {
			e.cache = cache
		}
	}
	err := e.init()
	if err != nil && e.cache != nil && ctx.Err() == nil { // a damaged cache file
		_ = e.cache.Close(e.ctx)
		e.cache = nil
		err = e.init()
	}
	if err != nil {
		e.cancel()
		return nil, fmt.Errorf("load PDFium: %w", errors.Join(ctx.Err(), err))
	}
	return e, nil
}

func (e *Engine) init() error {
	rc := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCloseOnContextDone(true). // so that a file that loops can be stopped
		WithMemoryLimitPages(limitMemoryPages)
	if e.cache != nil {
		rc = rc.WithCompilationCache(e.cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: e.ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: 16,
		FSConfig:      wazero.NewFSConfig(), // empty: the default would show it the whole disk
		RuntimeConfig: rc,
		Stdout:        io.Discard, Stderr: io.Discard,
	})
	e.pool = pool
	return err
}

// Stopped reports whether a context ended during a call: nothing works any
// more but Close.
func (e *Engine) Stopped() bool { return e.ctx.Err() != nil }

// Close frees it. Documents must be closed before.
func (e *Engine) Close() error {
	if e.pool == nil {
		return nil
	}
	err := e.pool.Close()
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(e.ctx))
	}
	e.cancel()
	e.pool = nil
	return err
}

// Document is an opened PDF.
type Document struct {
	engine   *Engine
	data     []byte
	password string
	instance pdfium.Pdfium
	ref      references.FPDF_DOCUMENT
	renders  int
}

// Open reads a document from memory. data must not change until Close.
func (e *Engine) Open(ctx context.Context, data []byte, password string) (*Document, error) {
	d := &Document{engine: e, data: data, password: password}
	if err := d.guard(ctx, "open document", d.load); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Document) load() error {
	if d.engine.pool == nil {
		return ErrClosed
	}
	instance, err := d.engine.pool.GetInstance(startTimeout)
	if err != nil {
		return err
	}
	req := &requests.OpenDocument{File: &d.data}
	if d.password != "" {
		req.Password = &d.password
	}
	res, err := instance.OpenDocument(req)
	if err != nil {
		return errors.Join(err, instance.Close())
	}
	d.instance, d.ref, d.renders = instance, res.Document, 0
	return nil
}

// guard runs a call and stops the engine when ctx ends before it does.
func (d *Document) guard(ctx context.Context, what string, call func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if d.engine.ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, ErrClosed)
	}
	stop := context.AfterFunc(ctx, d.engine.cancel)
	err := call()
	if !stop() && err != nil {
		return fmt.Errorf("%s: %w", what, errors.Join(ctx.Err(), err))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Close frees the document.
func (d *Document) Close() error {
	if d.instance == nil {
		return nil
	}
	err := d.instance.Close()
	d.instance = nil
	return err
}

// NumPages counts pages.
func (d *Document) NumPages() (int, error) {
	if d.instance == nil {
		return 0, ErrClosed
	}
	res, err := d.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return 0, fmt.Errorf("count pages: %w", err)
	}
	return res.PageCount, nil
}

func (d *Document) page(i int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: i}}
}

// Render draws a page (0-based) with annotations and form fields at dpi, as a
// reader sees it: cropped and turned. A page that would be larger than 100
// million pixels is an error.
func (d *Document) Render(ctx context.Context, page int, dpi float64) (*image.RGBA, error) {
	var out *image.RGBA
	err := d.guard(ctx, fmt.Sprintf("draw page %d", page+1), func() (err error) {
		if d.instance == nil {
			return ErrClosed
		}
		if d.renders >= rendersPerLoad {
			if err := errors.Join(d.instance.Close(), d.load()); err != nil {
				d.instance = nil
				return err
			}
		}
		d.renders++
		out, err = d.render(page, dpi)
		return err
	})
	return out, err
}

func (d *Document) render(page int, dpi float64) (*image.RGBA, error) {
	if !(dpi >= 1 && dpi <= 2400) {
		return nil, fmt.Errorf("%g dpi: want 1 to 2400", dpi)
	}
	size, err := d.instance.GetPageSize(&requests.GetPageSize{Page: d.page(page)})
	if err != nil {
		return nil, err
	}
	if size.Width*size.Height*dpi*dpi/72/72 > limitPixels {
		return nil, fmt.Errorf("%.0f x %.0f pt at %g dpi is more than %d pixels", size.Width, size.Height, dpi, limitPixels)
	}
	res, err := d.instance.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: d.page(page), DPI: int(dpi + 0.5),
		// FPDF_ANNOT draws every annotation but widgets; the form does those.
		RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT, RenderForm: true, Document: &d.ref,
	})
	if err != nil {
		return nil, err
	}
	defer res.Cleanup()
	// The pixels are the sandbox's until Cleanup: copy.
	src, ok := res.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("pagetext: page %d was drawn in no colours", page)
	}
	out := image.NewRGBA(src.Bounds())
	copy(out.Pix, src.Pix)
	return out, nil
}
