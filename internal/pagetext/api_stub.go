// Package pagetext gives text with positions and page pictures (PDFium in
// WebAssembly, compiled once into a cache folder).
package pagetext

import (
	"context"
	"image"
)

// Options: CacheDir holds the compiled PDFium ("" = none, slow).
type Options struct{ CacheDir string }

// Engine is one PDFium instance, loaded on first use. Not for concurrent use.
type Engine struct{}

// New loads the engine.
func New(ctx context.Context, o Options) (*Engine, error) { panic("stub") }

// Close frees it.
func (e *Engine) Close() error { panic("stub") }

// Document is an opened PDF.
type Document struct{}

// Open reads a document from memory.
func (e *Engine) Open(ctx context.Context, data []byte, password string) (*Document, error) {
	panic("stub")
}

// Close frees the document.
func (d *Document) Close() error { panic("stub") }

// NumPages counts pages.
func (d *Document) NumPages() (int, error) { panic("stub") }

// Render draws a page (0-based) with annotations at dpi.
func (d *Document) Render(ctx context.Context, page int, dpi float64) (*image.RGBA, error) {
	panic("stub")
}

// Match is a found phrase: one rectangle a run, in unrotated page space,
// points, origin at the lower left of the MediaBox coordinate system.
type Match struct {
	Page  int
	Text  string
	Rects [][4]float64
}

// Find finds a phrase on every page (NFC/NFD folded; white space folded).
func (d *Document) Find(ctx context.Context, phrase string, ignoreCase bool) ([]Match, error) {
	panic("stub")
}

// Text returns all text of a page in NFC.
func (d *Document) Text(ctx context.Context, page int) (string, error) { panic("stub") }

// Lines returns each text line with its rectangle.
func (d *Document) Lines(ctx context.Context, page int) ([]Match, error) { panic("stub") }
