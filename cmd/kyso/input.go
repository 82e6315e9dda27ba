package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// stdinName stands for standard input and output.
const stdinName = "-"

// maxConvert bounds a file that is converted: it is held in memory.
const maxConvert = 256 << 20

// input is an opened document; it is never opened for writing.
type input struct {
	name  string      // as the user named it, for messages and JSON
	path  string      // "" for standard input
	r     io.ReaderAt // the document
	file  *os.File    // the user's own file
	size  int64
	info  fs.FileInfo // of the user's own file; nil for standard input
	close func() error
}

// Close lets the file go.
func (i *input) Close() {
	if i != nil && i.close != nil {
		_ = i.close()
	}
}

// openInput opens a file, or takes standard input into a nameless file.
func (a *app) openInput(name string) (*input, error) {
	if name == stdinName {
		return a.openStdin()
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, atFile(name, err)
	}
	// A pipe would block on opening, and a device has no end.
	if !info.Mode().IsRegular() {
		return nil, notRegular(name, info)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, atFile(name, err)
	}
	if info, err = f.Stat(); err != nil {
		_ = f.Close()
		return nil, atFile(name, err)
	}
	return &input{name: name, path: name, r: f, file: f, size: info.Size(), info: info, close: f.Close}, nil
}

// loadMost is the size of files, bytes, that are read at once.
const loadMost = 1 << 20

// load reads a small file at once: work on it then never waits for the disk.
func (i *input) load() error {
	if i.file == nil || i.size > loadMost {
		return nil
	}
	b := make([]byte, i.size)
	if n, err := i.file.ReadAt(b, 0); n < len(b) {
		if err == nil || errors.Is(err, io.EOF) {
			err = errInputChanged
		}
		return atFile(i.name, err)
	}
	i.r = memory{bytes.NewReader(b), b}
	return nil
}

// memory is a file in memory. Package pdf takes its WholeFile without a copy.
type memory struct {
	*bytes.Reader
	b []byte
}

func (m memory) WholeFile() []byte { return m.b }

func notRegular(name string, info fs.FileInfo) error {
	pick := func(e *i18n.Errors) string { return e.NotRegular }
	if info.IsDir() {
		pick = func(e *i18n.Errors) string { return e.IsFolder }
	}
	return &codedError{
		status: status{exitUsage, "not_a_file"},
		text:   func(m *i18n.Messages) string { return fmt.Sprintf(pick(&m.Errors), name) },
	}
}

func (a *app) openStdin() (*input, error) {
	if a.stdinUsed {
		return nil, usagef(func(e *i18n.Errors) string { return e.StdinTwice })
	}
	a.stdinUsed = true
	f, err := tempFile()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(f, a.in)
	if err != nil {
		_ = f.Close()
		return nil, atFile(stdinName, err)
	}
	return &input{name: stdinName, r: f, size: n, close: f.Close}, nil
}

// bytesOf reads the whole input, bounded.
func (i *input) bytesOf(limit int64) ([]byte, error) {
	if i.size > limit {
		return nil, atFile(i.name, fmt.Errorf("larger than %d bytes", limit))
	}
	b := make([]byte, i.size)
	if _, err := i.r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, atFile(i.name, err)
	}
	return b, nil
}

// kind looks at the first bytes.
func (i *input) kind() convert.Kind {
	head := make([]byte, 1024)
	n, _ := i.r.ReadAt(head, 0)
	return convert.KindOf(i.name, head[:n])
}

// hasHeader tells whether a PDF's header is where readers look for it.
// ISO 32000-1, annex H.3, note 13.
func (i *input) hasHeader() bool {
	head := make([]byte, 1024)
	n, _ := i.r.ReadAt(head, 0)
	return bytes.Contains(head[:n], []byte("%PDF-"))
}

// asPDF passes a PDF through and converts what is none. The result has the
// name of the input; it replaces the input, which the caller still closes.
func (a *app) asPDF(ctx context.Context, in *input) (*input, error) {
	if in.size == 0 {
		return nil, &codedError{
			status: status{exitDocument, "document_damaged"},
			text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.EmptyFile, in.name) },
		}
	}
	kind := in.kind()
	if kind == convert.PDF {
		return in, nil
	}
	if kind == convert.Unknown {
		// What is called .pdf is a damaged PDF: sign says so.
		if strings.EqualFold(filepath.Ext(in.name), ".pdf") || in.path == "" {
			return in, nil
		}
		return nil, &codedError{
			status: status{exitDocument, "unknown_kind"},
			text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.UnknownKind, in.name) },
		}
	}
	data, err := in.bytesOf(maxConvert)
	if err != nil {
		return nil, err
	}
	a.progressf(a.m.Sign.Converting, in.name)
	var pdf []byte
	if kind == convert.Picture {
		pdf, err = convert.Pictures(data)
	} else {
		var all [][]byte
		all, err = convert.Office(ctx, []convert.File{{Name: filepath.Base(in.name), Data: data}}, convert.Options{})
		if err == nil {
			pdf = all[0]
		}
	}
	if err != nil {
		return nil, atFile(in.name, err)
	}
	return fromBytes(in, pdf), nil
}
