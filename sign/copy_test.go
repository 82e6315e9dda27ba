package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// inputFile is a real file.
func inputFile(t *testing.T, data []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// turning flips a bit of the byte at an offset: as it is written, in the
// caller's memory too as broken memory would; as it is read back; or in the
// file alone.
type turning struct {
	*os.File
	at           int64
	memory, back bool
	written      int64
}

func (f *turning) Write(b []byte) (int, error) {
	if from := f.at - f.written; !f.back && from >= 0 && from < int64(len(b)) {
		if !f.memory {
			b = bytes.Clone(b)
		}
		b[from] ^= 1
	}
	f.written += int64(len(b))
	return f.File.Write(b)
}

func (f *turning) ReadAt(b []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(b, off)
	if i := f.at - off; f.back && i >= 0 && i < int64(n) {
		b[i] ^= 1
	}
	return n, err
}

// W15: a bit that turns over anywhere in the old bytes, on any part of its way.
func TestCopyNoticesATurnedBit(t *testing.T) {
	for _, size := range []int{1, 500, chunkSize, 4*chunkSize + 9} {
		data := sample(size)
		for _, at := range []int{0, size / 2, size - 1} {
			for name, bad := range map[string]*turning{"disk": {}, "memory": {memory: true}, "reading": {back: true}} {
				bad.File, bad.at = tempFile(t), int64(at)
				err := newOutput(bad, crypto.SHA256).copyFrom(context.Background(), bytes.NewReader(data), int64(size), nil)
				if !errors.Is(err, ErrSelfCheck) {
					t.Errorf("%d bytes, bit of byte %d, %s: %v", size, at, name, err)
				}
			}
		}
	}
}

// TestCopyNoticesChangedFiles: as TestCopyNoticesChangedInput, between files,
// where blocks may be shared.
func TestCopyNoticesChangedFiles(t *testing.T) {
	data := sample(4*chunkSize + 100)
	for _, size := range []int64{int64(len(data)) - 1, int64(len(data)) + 1, int64(len(data)) + 2*chunkSize} {
		err := newOutput(tempFile(t), crypto.SHA256).copyFrom(context.Background(), inputFile(t, data), size, nil)
		if !errors.Is(err, errChanged) {
			t.Errorf("said %d, has %d: %v", size, len(data), err)
		}
	}
}

// interrupting ends a context at an offset.
type interrupting struct {
	io.ReaderAt
	at   int64
	stop func()
}

func (r *interrupting) ReadAt(b []byte, off int64) (int, error) {
	if off >= r.at {
		r.stop()
	}
	return r.ReaderAt.ReadAt(b, off)
}

// TestInterruptedCopy: an interrupt ends the copy wherever it is, and nothing
// writes or runs on.
func TestInterruptedCopy(t *testing.T) {
	before := runtime.NumGoroutine()
	data := sample(writeEarly + chunkSize)
	for _, at := range []int64{0, 3 * chunkSize, writeEarly} {
		ctx, cancel := context.WithCancel(context.Background())
		file := tempFile(t)
		in := &interrupting{inputFile(t, data), at, cancel}
		err := copyChecked(ctx, in, int64(len(data)), file, func([]byte) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("at %d: %v", at, err)
		}
		a, err1 := file.Stat()
		time.Sleep(20 * time.Millisecond)
		b, err2 := file.Stat()
		if err1 != nil || err2 != nil || a.Size() != b.Size() {
			t.Errorf("%d bytes became %d: %v, %v", a.Size(), b.Size(), err1, err2)
		}
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines became %d", before, now)
	}
}

// TestInterruptedWithACause: what is told is the context's error, by which
// callers know an interrupt, and not its cause.
func TestInterruptedWithACause(t *testing.T) {
	for _, size := range []int{chunkSize, 3 * chunkSize} {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(errors.New("the user left"))
		err := copyChecked(ctx, bytes.NewReader(sample(size)), int64(size), tempFile(t), func([]byte) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// TestFailingStepEndsTheOthers: each of the three steps may be the one that
// fails, and its error is the one that is told.
func TestFailingStepEndsTheOthers(t *testing.T) {
	data := sample(20 * chunkSize)
	errFeed := errors.New("the digest fails")
	feed := func(n int) func([]byte) error {
		return func([]byte) error {
			if n--; n < 0 {
				return errFeed
			}
			return nil
		}
	}
	for name, c := range map[string]struct {
		w    Output
		feed func([]byte) error
		want error
	}{
		"write":     {&failing{tempFile(t), 9 * chunkSize}, feed(1000), errDisk},
		"read back": {&turning{File: tempFile(t), at: 9 * chunkSize, back: true}, feed(1000), ErrSelfCheck},
		"digest":    {tempFile(t), feed(9), errFeed},
	} {
		if err := copyChecked(context.Background(), bytes.NewReader(data), int64(len(data)), c.w, c.feed); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDigestIsOfTheOutput: a program that writes to the input while it is copied
// does not make the digest differ from what is in the output.
func TestDigestIsOfTheOutput(t *testing.T) {
	data := sample(12 * chunkSize)
	in, file := inputFile(t, data), tempFile(t)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := int64(0); ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := in.WriteAt([]byte{byte(i)}, i*4099%int64(len(data))); err != nil {
				return
			}
		}
	}()
	out := newOutput(file, crypto.SHA256)
	err := out.copyFrom(context.Background(), in, int64(len(data)), nil)
	close(stop)
	<-stopped
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, int64(len(data)))); err != nil {
		t.Fatal(err)
	}
	if sum := out.sum256(); !bytes.Equal(h.Sum(nil), sum[:]) {
		t.Error("the digest is not that of the output")
	}
}
