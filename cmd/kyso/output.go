package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// fromBytes is a document in memory in place of an input.
func fromBytes(in *input, data []byte) *input {
	return &input{name: in.name, path: in.path, r: bytes.NewReader(data), size: int64(len(data)), info: in.info}
}

// progressf tells what is going on, on standard error.
func (a *app) progressf(format string, args ...any) {
	if !a.global.quiet {
		fmt.Fprintf(a.err, "kyso: %s\n", printable(fmt.Sprintf(format, args...)))
	}
}

// outputName is the name of the result: -o, --out-dir with the name below the
// common root, or a.pdf -> a.SUFFIX.pdf beside the input.
func (o *outputOptions) outputName(path, under, suffix string) string {
	if o.output != "" {
		return o.output
	}
	if path == stdinName {
		return stdinName
	}
	if o.outDir != "" {
		return filepath.Join(o.outDir, withPDF(filepath.FromSlash(under)))
	}
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "." + suffix + ".pdf"
}

// withPDF gives a converted file its new extension: a.docx -> a.pdf.
func withPDF(name string) string {
	ext := filepath.Ext(name)
	if strings.EqualFold(ext, ".pdf") {
		return name
	}
	return strings.TrimSuffix(name, ext) + ".pdf"
}

// output is a result being written: it has its name only after commit.
type output struct {
	*os.File
	name   string
	commit func() error
	abort  func()
	try    func() error // tells what commit would fail on, of the disk
}

// openOutput opens the result under a temporary name, or a nameless file for
// standard output. It fails before any key is asked where the name can't be
// had.
func (a *app) openOutput(name string, naming outputOptions, inputs ...*input) (*output, error) {
	if name == stdinName {
		return a.openStdout()
	}
	o := atomicfile.Options{Force: naming.force}
	for _, in := range inputs {
		if in.info != nil {
			o.Inputs = append(o.Inputs, in.info)
		}
	}
	f, err := naming.open(name, o)
	if err != nil {
		return nil, err
	}
	return &output{File: f.File, name: name, abort: f.Abort,
		try:    func() error { return naming.named(name, f.TrySync()) },
		commit: func() error { return naming.named(name, f.Commit()) }}, nil
}

// open opens a result below --out-dir, or by its path.
func (o *outputOptions) open(name string, options atomicfile.Options) (*atomicfile.File, error) {
	if o.outDir != "" {
		return o.create(name, options)
	}
	if err := makeFolder(name); err != nil {
		return nil, err
	}
	f, err := atomicfile.Create(name, options)
	return f, atFile(name, err)
}

func (a *app) openStdout() (*output, error) {
	if isTerminal(a.out) {
		return nil, usagef(func(e *i18n.Errors) string { return e.BinaryToTerminal })
	}
	f, err := tempFile()
	if err != nil {
		return nil, err
	}
	return &output{File: f, name: stdinName, abort: func() { _ = f.Close() }, try: func() error { return nil }, commit: func() error {
		defer func() { _ = f.Close() }()
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.Copy(a.out, f)
		return atFile(stdinName, err)
	}}, nil
}
