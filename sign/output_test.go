package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// sample is n bytes that do not repeat at chunk borders.
func sample(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>11)
	}
	return b
}

// counted counts the bytes read from each offset range.
type counted struct {
	io.ReaderAt
	read int64
}

func (c *counted) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, off)
	c.read += int64(n)
	return n, err
}

func tempFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestCopyReadsOnceAndHashes(t *testing.T) {
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 9*chunkSize + 77} {
		data := sample(size)
		in := &counted{ReaderAt: bytes.NewReader(data)}
		file := tempFile(t)
		out := newOutput(file, crypto.SHA384)
		if err := out.copyFrom(context.Background(), in, int64(size), nil); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if out.sum256() != sha256.Sum256(data) {
			t.Errorf("%d bytes: wrong SHA-256", size)
		}
		if want := sha512.Sum384(data); !bytes.Equal(out.dig.Sum(nil), want[:]) {
			t.Errorf("%d bytes: wrong SHA-384", size)
		}
		got, err := os.ReadFile(file.Name())
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: the copy differs (%v)", size, err)
		}
		if in.read != int64(size) {
			t.Errorf("%d bytes: read %d", size, in.read)
		}
	}
}

func TestCopyNoticesChangedInput(t *testing.T) {
	data := sample(3 * chunkSize)
	for _, size := range []int64{int64(len(data)) - 1, int64(len(data)) + 1, int64(len(data)) + chunkSize} {
		err := newOutput(tempFile(t), crypto.SHA256).copyFrom(context.Background(), bytes.NewReader(data), size, nil)
		if !errors.Is(err, errChanged) {
			t.Errorf("said %d, has %d: %v", size, len(data), err)
		}
	}
}

func TestCopyFilesEitherWay(t *testing.T) {
	// Two real files: with shared blocks where the file system has them.
	data := sample(5*chunkSize + 3)
	path := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	file := tempFile(t)
	out := newOutput(file, crypto.SHA256)
	if err := out.copyFrom(context.Background(), in, int64(len(data)), nil); err != nil {
		t.Fatal(err)
	}
	if err := out.append([]byte("tail")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file.Name())
	if err != nil || !bytes.Equal(got, append(data, "tail"...)) {
		t.Errorf("the copy differs (%v)", err)
	}
	if out.sum256() != sha256.Sum256(got) {
		t.Error("wrong SHA-256")
	}
}

// failing fails after some bytes.
type failing struct {
	*os.File
	left int
}

var errDisk = errors.New("disk full")

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errDisk
	}
	return f.File.Write(b)
}

func TestCopyStops(t *testing.T) {
	data := sample(6 * chunkSize)
	err := newOutput(&failing{tempFile(t), 2 * chunkSize}, crypto.SHA256).
		copyFrom(context.Background(), bytes.NewReader(data), int64(len(data)), nil)
	var write *writeError
	if !errors.Is(err, errDisk) || !errors.As(err, &write) {
		t.Errorf("full disk: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = newOutput(tempFile(t), crypto.SHA256).copyFrom(ctx, bytes.NewReader(data), int64(len(data)), nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRangeDigestLeavesOutTheGap(t *testing.T) {
	old, update := sample(1000), sample(300)
	s := &slotUpdate{rendered: &pdf.Rendered{Base: 1000, Bytes: update}, rng: byterange.Range{0, 1100, 1150, 150}}
	want := sha512.Sum512(append(append(append([]byte(nil), old...), update[:100]...), update[150:]...))
	out := newOutput(tempFile(t), crypto.SHA512)
	if err := out.append(old); err != nil {
		t.Fatal(err)
	}
	before := out.sum256()
	got, err := out.rangeDigest(crypto.SHA512, s, update)
	if err != nil || !bytes.Equal(got, want[:]) {
		t.Errorf("digest %x, %v", got, err)
	}
	if out.sum256() != before {
		t.Error("the running state moved")
	}
	if _, err := out.rangeDigest(crypto.SHA384, s, update); err == nil {
		t.Error("a digest that nobody runs: no error")
	}
}

func TestLevels(t *testing.T) {
	for l := BB; l <= BLTA; l++ {
		got, err := ParseLevel(l.String())
		if err != nil || got != l {
			t.Errorf("%v: %v, %v", l, got, err)
		}
	}
	if _, err := ParseLevel("B-X"); err == nil {
		t.Error("B-X: no error")
	}
}
