package main

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/kyso-vn/kyso/internal/pagetext"
)

// maxPageText bounds a document that PDFium reads: it is held in memory.
const maxPageText = 1 << 30

// pageEngines are the PDFium instances of a run, as many as there are cores,
// each loaded when something needs it. Safe for concurrent use.
type pageEngines struct {
	a     *app
	o     pagetext.Options
	room  chan struct{} // a place for each engine that is in use
	mu    sync.Mutex
	idle  []*pagetext.Engine
	known bool // it was loaded before
}

// pageReader reads the documents of one file at a time. Not for concurrent
// use.
type pageReader struct {
	from   *pageEngines
	engine *pagetext.Engine
	docs   []*pagetext.Document
}

func (a *app) newPageReader() *pageReader {
	e := &pageEngines{a: a, o: pagetext.Options{CacheDir: a.cacheDir("pdfium")}, room: make(chan struct{}, runtime.GOMAXPROCS(0))}
	return e.reader()
}

// reader returns one more reader over the same engines.
func (e *pageEngines) reader() *pageReader { return &pageReader{from: e} }

// take waits for an engine that is free.
func (e *pageEngines) take(ctx context.Context) (*pagetext.Engine, error) {
	select {
	case e.room <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock() // one loads at a time: the first fills the cache
	if n := len(e.idle); n > 0 {
		engine := e.idle[n-1]
		e.idle = e.idle[:n-1]
		return engine, nil
	}
	if !e.known && !e.o.Cached() {
		e.a.notef("%s", e.a.m.Common.LoadingPDFium)
	}
	engine, err := pagetext.New(ctx, e.o)
	if err != nil {
		<-e.room
		return nil, err
	}
	e.known = true
	return engine, nil
}

func (e *pageEngines) give(engine *pagetext.Engine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if engine.Stopped() {
		_ = engine.Close()
	} else {
		e.idle = append(e.idle, engine)
	}
	<-e.room
}

// ready tells whether loading takes a moment and not seconds.
func (p *pageReader) ready() bool {
	p.from.mu.Lock()
	defer p.from.mu.Unlock()
	return p.from.known || p.from.o.Cached()
}

// open reads a document; it stays open until release.
func (p *pageReader) open(ctx context.Context, in *input, password []byte) (*pagetext.Document, error) {
	if p.engine == nil {
		engine, err := p.from.take(ctx)
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

// drop closes one document before the others.
func (p *pageReader) drop(doc *pagetext.Document) {
	_ = doc.Close()
	p.docs = slices.DeleteFunc(p.docs, func(d *pagetext.Document) bool { return d == doc })
}

// finder opens the document at the first question.
func (p *pageReader) finder(in *input, password []byte) *pagetext.Lazy {
	return pagetext.NewLazy(func(ctx context.Context) (*pagetext.Document, error) { return p.open(ctx, in, password) })
}

// release closes the documents of one file and lets others have the engine; nil
// does nothing.
func (p *pageReader) release() {
	if p == nil {
		return
	}
	for _, d := range p.docs {
		_ = d.Close()
	}
	p.docs = nil
	if p.engine != nil {
		p.from.give(p.engine)
		p.engine = nil
	}
}

// Close frees PDFium: no other reader may be at work.
func (p *pageReader) Close() {
	p.release()
	p.from.mu.Lock()
	defer p.from.mu.Unlock()
	for _, engine := range p.from.idle {
		_ = engine.Close()
	}
	p.from.idle = nil
}
