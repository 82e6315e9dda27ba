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
	"testing"
	"time"
)

// inputFile is a real file, which the kernel can copy.
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

// TestKernelCopies: between two files the kernel copies, whatever the size, and
// what comes behind follows the copy.
func TestKernelCopies(t *testing.T) {
	for _, size := range []int{1, chunkSize, copyStep, copyStep + 1, copyStep + chunkSize + 5} {
		data := sample(size)
		in, file := inputFile(t, data), tempFile(t)
		c := startCopy(file, in, int64(size))
		if c == nil {
			t.Fatal("the kernel does not copy on this file system")
		}
		got := make([]byte, size)
		if _, err := c.ReadAt(got, 0); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: the copy differs: %v", size, err)
		}
		if err := c.wait(); err != nil {
			t.Error(err)
		}
		if _, err := file.Write([]byte("tail")); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file.Name()); err != nil || !bytes.Equal(got, append(data, "tail"...)) {
			t.Errorf("%d bytes: the file differs: %v", size, err)
		}
	}
}

// TestKernelDoesNotCopy: what is no pair of files, or has something in it, goes
// the other way, and nothing was written.
func TestKernelDoesNotCopy(t *testing.T) {
	data := sample(100)
	used := tempFile(t)
	if _, err := used.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = null.Close() }()
	for name, c := range map[string]*rangeCopy{
		"memory":    startCopy(tempFile(t), bytes.NewReader(data), 100),
		"not empty": startCopy(used, inputFile(t, data), 100),
		"no bytes":  startCopy(tempFile(t), inputFile(t, nil), 0),
		"a device":  startCopy(tempFile(t), null, 100),
		"shorter":   startCopy(tempFile(t), inputFile(t, nil), 100),
	} {
		if c != nil {
			t.Errorf("%s: the kernel copies", name)
		}
	}
}

func TestKernelCopyNoticesChanges(t *testing.T) {
	data := sample(copyStep + 100)
	for _, size := range []int64{int64(len(data)) - 1, int64(len(data)) + 1, int64(len(data)) + 2*copyStep} {
		err := newOutput(tempFile(t), crypto.SHA256).copyFrom(context.Background(), inputFile(t, data), size, nil)
		if !errors.Is(err, errChanged) {
			t.Errorf("said %d, has %d: %v", size, len(data), err)
		}
	}
}

// TestKernelCopyStops: an interrupt ends the copy, and no goroutine writes on.
func TestKernelCopyStops(t *testing.T) {
	data := sample(4 * copyStep)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	file := tempFile(t)
	err := newOutput(file, crypto.SHA256).copyFrom(ctx, inputFile(t, data), int64(len(data)), nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	a, err1 := file.Stat()
	time.Sleep(20 * time.Millisecond)
	b, err2 := file.Stat()
	if err1 != nil || err2 != nil || a.Size() != b.Size() {
		t.Errorf("%d bytes became %d: %v, %v", a.Size(), b.Size(), err1, err2)
	}
}

// TestHashIsOfTheOutput: a program that writes to the input while it is copied
// does not make the digest differ from what is in the output.
func TestHashIsOfTheOutput(t *testing.T) {
	data := sample(3 * copyStep)
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
