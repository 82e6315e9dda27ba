//go:build unix

package main

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// manyObjects signs a file of 200,000 objects.
func (b *bench) manyObjects() error {
	if err := b.generate("objects.pdf", 200_000, 0); err != nil {
		return err
	}
	c, err := b.sign(5, "objects.pdf", "objects.signed.pdf")
	if err != nil {
		return err
	}
	row("sign a file of 200,000 objects", c, "≤ 50 ms")
	return nil
}

// large compares a large file with cp and openssl.
func (b *bench) large(size int64) error {
	if err := b.generate("large.pdf", 100, size); err != nil {
		return err
	}
	in, out := b.path("large.pdf"), b.path("large.copy")
	if _, err := process([]int{0}, "openssl", "dgst", "-sha256", in); err != nil { // warms the page cache
		return err
	}
	hash, err := median(3, func() error { return nil }, []int{0}, "openssl", "dgst", "-sha256", in)
	if err != nil {
		return err
	}
	copied, err := median(3, func() error { _ = os.Remove(out); return nil }, []int{0}, "cp", in, out)
	if err != nil {
		return err
	}
	_ = os.Remove(out)
	row("cp", copied, "")
	row("openssl dgst -sha256", hash, "")
	c, err := b.sign(3, "large.pdf", "large.signed.pdf")
	if err != nil {
		return err
	}
	row(fmt.Sprintf("sign a file of %d MB", size>>20), c,
		fmt.Sprintf("≤ 1.0 × (cp + hash), ≤ 64 MB: %.2f ×", ratio(c.wall, copied.wall+hash.wall)))
	if c, err = b.verify(3, "large.signed.pdf"); err != nil {
		return err
	}
	row("verify it", c, fmt.Sprintf("≤ 1.1 × hash, ≤ 64 MB: %.2f ×", ratio(c.wall, hash.wall)))
	for _, name := range []string{"large.pdf", "large.signed.pdf"} {
		_ = os.Remove(b.path(name))
	}
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// manySignatures verifies 51 signatures in one file.
func (b *bench) manySignatures() error {
	name := "small.pdf"
	for i := range 51 {
		next := fmt.Sprintf("many%d.pdf", i%2)
		if _, err := b.sign(1, name, next); err != nil {
			return err
		}
		name = next
	}
	c, err := b.verify(3, name)
	if err != nil {
		return err
	}
	row("verify 51 signatures in one file", c, "≤ 1000 ms")
	return nil
}

// batch signs many small files in one run.
func (b *bench) batch(n int) error {
	in := b.path("batch")
	if err := os.Mkdir(in, 0o700); err != nil {
		return err
	}
	small, err := os.ReadFile(b.path("small.pdf"))
	if err != nil {
		return err
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%05d.pdf", i)), small, 0o600); err != nil {
			return err
		}
	}
	args := append([]string{"sign", "--quiet", "--no-progress", "--invisible", "--recursive", "--out-dir", b.path("done")}, b.key...)
	c, err := process([]int{0}, b.kyso, append(args, in)...)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("sign %d small files in one run", n), c, fmt.Sprintf("%.0f files a second", float64(n)/c.wall.Seconds()))
	return nil
}

// generate writes a PDF of one page with a number of further objects, and one
// stream of random bytes so that the file has about the given size.
func (b *bench) generate(name string, objects int, size int64) error {
	f, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	w := &counter{w: bufio.NewWriterSize(f, 1<<20)}
	offsets := make([]int64, 0, objects+4)
	object := func(body string) {
		offsets = append(offsets, w.n)
		fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	fmt.Fprint(w, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
	for range objects {
		object("<</Kind/Filler/Text(some text that takes room in an object)>>")
	}
	if size > 0 {
		offsets = append(offsets, w.n)
		fmt.Fprintf(w, "%d 0 obj\n<</Length %d>>\nstream\n", len(offsets), size)
		if _, err := io.CopyN(w, rand.Reader, size); err != nil {
			return err
		}
		fmt.Fprint(w, "\nendstream\nendobj\n")
	}
	xref := w.n
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, off := range offsets {
		fmt.Fprintf(w, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(w, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return w.w.Flush()
}

// counter knows the offset.
type counter struct {
	w *bufio.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
