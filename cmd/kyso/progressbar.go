package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/progress"
)

// runCosts sum what the token and the TSA took since they were last asked.
// Safe for concurrent use.
type runCosts struct{ token, tsa atomic.Int64 }

func (c *runCosts) addToken(d time.Duration) { c.token.Add(int64(d)) }

func (c *runCosts) addTSA(d time.Duration) { c.tsa.Add(int64(d)) }

func (c *runCosts) takeToken() time.Duration { return time.Duration(c.token.Swap(0)) }

func (c *runCosts) takeTSA() time.Duration { return time.Duration(c.tsa.Swap(0)) }

// showsProgress: a bar on a terminal, a line now and then elsewhere, nothing
// with --json unless asked.
func (b *batchRun) showsProgress() bool {
	g := &b.a.global
	if b.files < 2 || g.quiet || g.noProgress {
		return false
	}
	return b.o.progress || !g.json
}

// tick counts one file. The bar comes with the first result, so that it is
// not in the way of a prompt.
func (b *batchRun) tick(f progress.File) {
	if b.bar == nil {
		b.bar = progress.None{}
		if b.showsProgress() {
			b.startProgress()
		}
	}
	b.bar.File(f)
}

func (b *batchRun) startProgress() {
	terminal := isTerminal(b.streams.err.behind)
	b.bar = progress.New(progress.Options{
		W: b.streams.err.behind, Terminal: terminal, Total: b.files, TotalBytes: b.bytes, Now: b.a.now, Start: b.start,
		Quick: !b.o.progress, Text: func(s progress.State) string { return progressText(b.a.m, s, terminal) },
	})
	if above, ok := b.bar.(io.Writer); ok {
		b.streams.above(above)
	}
}

func (b *batchRun) endProgress() {
	if b.bar != nil {
		b.streams.above(nil)
		b.bar.Close()
	}
}

// progressText is one line; on a terminal it stands behind the bar, and what
// has no room there is left out, the least of use first.
func progressText(m *i18n.Messages, s progress.State, terminal bool) string {
	t := &m.Batch
	parts := []string{fmt.Sprintf(t.Files, s.Files, s.Total)}
	add := func(shown bool, format string, value any) {
		if shown {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	add(s.Failed > 0, t.Failed, s.Failed)
	add(s.Left > 0, t.Left, s.Left.Round(time.Second))
	add(s.FilesPerSecond > 0, t.Rate, s.FilesPerSecond)
	add(s.TSA > 0, t.TSA, s.TSA.Round(100*time.Millisecond))
	add(s.Token > 0, t.Token, s.Token.Round(100*time.Millisecond))
	add(s.Bytes > 0, "%s", humanBytes(s.Bytes))
	text := strings.Join(parts, ", ")
	for n := len(parts) - 1; s.Width > 0 && n > 0 && utf8.RuneCountInString(text) > s.Width; n-- {
		text = strings.Join(parts[:n], ", ")
	}
	if !terminal {
		text = "kyso: " + text
	}
	return text
}

// sharedWriter is a stream that several goroutines write to, line by line, and
// that a bar may stand below.
type sharedWriter struct {
	behind io.Writer
	mu     sync.Mutex
	over   io.Writer // of a bar; nil: none
}

func (w *sharedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over != nil {
		return w.over.Write(p)
	}
	return w.behind.Write(p)
}

func (w *sharedWriter) above(over io.Writer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = over
}

// batchStreams are the streams of the program while a run over files is on.
type batchStreams struct {
	a        *app
	out, err *sharedWriter
	before   streams
}

// shareStreams makes the streams safe for several goroutines.
func (a *app) shareStreams(many bool) *batchStreams {
	s := &batchStreams{a: a, before: a.streams}
	s.out, s.err = &sharedWriter{behind: a.out}, &sharedWriter{behind: a.err}
	if many {
		keepPipe()
		a.out, a.err = s.out, s.err
	}
	return s
}

// above sends lines over a bar: all of standard error, and standard output
// where that is a terminal too.
func (s *batchStreams) above(w io.Writer) {
	s.err.above(w)
	if isTerminal(s.out.behind) {
		s.out.above(w)
	}
}

func (s *batchStreams) restore() {
	s.a.streams = s.before
}

// checkedWriter is standard output: it remembers that writing failed, since a
// result that nobody could read is none. Safe for concurrent use.
type checkedWriter struct {
	behind io.Writer
	mu     sync.Mutex
	failed error // the first
}

func (w *checkedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.behind.Write(p)
	if w.failed == nil {
		w.failed = err
	}
	return n, err
}

func (w *checkedWriter) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// outError says that standard output failed: nobody reads what would follow.
func (a *app) outError() error {
	err := a.written.failure()
	if err == nil {
		return nil
	}
	return &codedError{status: status{exitFailed, "stdout_failed"}, err: err,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.SlowOutput, err) }}
}
