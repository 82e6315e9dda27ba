package main

import (
	"context"

	"github.com/kyso-vn/kyso/internal/pagetext"
)

// maxPageText bounds a document that PDFium reads: it is held in memory.
const maxPageText = 1 << 30

// pageReader loads PDFium once a run, when something needs it.
type pageReader struct {
	a      *app
	o      pagetext.Options
	engine *pagetext.Engine
	docs   []*pagetext.Document
}

func (a *app) newPageReader() *pageReader {
	return &pageReader{a: a, o: pagetext.Options{CacheDir: a.cacheDir("pdfium")}}
}

// ready tells whether loading takes a moment and not seconds.
func (p *pageReader) ready() bool { return p.engine != nil || p.o.Cached() }

// open reads a document; it stays open until release.
func (p *pageReader) open(ctx context.Context, in *input, password []byte) (*pagetext.Document, error) {
	if p.engine == nil {
		if !p.o.Cached() {
			p.a.notef("%s", p.a.m.Common.LoadingPDFium)
		}
		engine, err := pagetext.New(ctx, p.o)
		if err != nil {
			return nil, err
		}
		p.engine = engine
	}
	data, err := in.bytesOf(maxPageText)
	if err != nil {
		return nil, err
	}
	doc, err := p.engine.Open(ctx, data, string(password))
	if err != nil {
		return nil, atFile(in.name, err)
	}
	p.docs = append(p.docs, doc)
	return doc, nil
}

// finder opens the document at the first question.
func (p *pageReader) finder(in *input, password []byte) *pagetext.Lazy {
	return pagetext.NewLazy(func(ctx context.Context) (*pagetext.Document, error) { return p.open(ctx, in, password) })
}

// release closes the documents of one file.
func (p *pageReader) release() {
	for _, d := range p.docs {
		_ = d.Close()
	}
	p.docs = nil
}

// Close frees PDFium.
func (p *pageReader) Close() {
	p.release()
	if p.engine != nil {
		_ = p.engine.Close()
	}
}
