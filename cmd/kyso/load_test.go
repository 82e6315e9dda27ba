package main

import (
	"bytes"
	"errors"
	"os"
	"testing"
)

// TestLoad: a small file is read at once; one that became shorter since it was
// opened is refused, and one that is written to later is noticed all the same.
func TestLoad(t *testing.T) {
	t.Chdir(t.TempDir())
	text := []byte("%PDF-1.7 some text")
	writeFile(t, "a.pdf", text)
	open := func() *input {
		in, err := (&app{}).openInput("a.pdf")
		must(t, err)
		t.Cleanup(in.Close)
		return in
	}
	in := open()
	must(t, in.load())
	writeFile(t, "a.pdf", []byte("other text, and more of it than before"))
	got := make([]byte, len(text))
	if _, err := in.r.ReadAt(got, 0); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%q, %v", got, err)
	}
	if err := in.unchanged(); !errors.Is(err, errInputChanged) {
		t.Errorf("written to since: %v", err)
	}

	in = open()
	must(t, os.Truncate("a.pdf", 3))
	if err := in.load(); !errors.Is(err, errInputChanged) {
		t.Errorf("cut since: %v", err)
	}
	writeFile(t, "a.pdf", nil)
	must(t, open().load()) // no bytes: package pdf says what is wrong with that
}

// TestLargeIsNotLoaded: nor is what is no file of the user's.
func TestLargeIsNotLoaded(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a.pdf", make([]byte, loadMost+1))
	in, err := (&app{}).openInput("a.pdf")
	must(t, err)
	defer in.Close()
	must(t, in.load())
	if in.r != in.file {
		t.Errorf("%T", in.r)
	}
	taken := &input{r: bytes.NewReader([]byte("x")), size: 1}
	must(t, taken.load())
	if _, ok := taken.r.(*bytes.Reader); !ok {
		t.Errorf("%T", taken.r)
	}
}
