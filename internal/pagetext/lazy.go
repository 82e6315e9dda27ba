package pagetext

import "context"

// Lazy opens its document on the first question: placing a mark asks for text
// only when it needs it, and loading PDFium takes a moment. Not for concurrent
// use. Closing the document is the business of who opened it.
type Lazy struct {
	open func(ctx context.Context) (*Document, error)
	doc  *Document
	err  error
}

// NewLazy returns a Lazy over open, which is called at most once.
func NewLazy(open func(ctx context.Context) (*Document, error)) *Lazy { return &Lazy{open: open} }

// Document opens the document, or returns the one that is open, or the error
// of the one attempt.
func (l *Lazy) Document(ctx context.Context) (*Document, error) {
	if l.doc == nil && l.err == nil {
		l.doc, l.err = l.open(ctx)
	}
	return l.doc, l.err
}

// Opened returns the document if it was opened, else nil.
func (l *Lazy) Opened() *Document { return l.doc }

// Find is Document.Find.
func (l *Lazy) Find(ctx context.Context, phrase string, ignoreCase bool) ([]Match, error) {
	d, err := l.Document(ctx)
	if err != nil {
		return nil, err
	}
	return d.Find(ctx, phrase, ignoreCase)
}

// Lines is Document.Lines.
func (l *Lazy) Lines(ctx context.Context, page int) ([]Match, error) {
	d, err := l.Document(ctx)
	if err != nil {
		return nil, err
	}
	return d.Lines(ctx, page)
}
