//go:build unix

package main

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"time"
)

func (b *bench) start() error {
	w := &work{command: []string{b.kyso, "version"}}
	if err := compete(31, w); err != nil {
		return err
	}
	b.report.add("`kyso version`", w.best, "≤ 20 ms", met(w.best.wall <= 20*time.Millisecond))
	return nil
}

func (b *bench) smallFile() error {
	w, p := b.sign("small.pdf", "small.signed.pdf"), b.pdfsigSign("small.pdf", "small.pdfsig.pdf")
	if err := compete(31, w, p); err != nil {
		return err
	}
	b.report.add("sign a small file, software key", w.best, "≤ 20 ms", met(w.best.wall <= 20*time.Millisecond), beside("pdfsig", p))
	v, p, m := b.verify("small.signed.pdf"), b.pdfsig("small.signed.pdf"), b.mutool("small.signed.pdf")
	if err := compete(21, v, p, m); err != nil {
		return err
	}
	b.report.add("verify it", v.best, "", "", beside("pdfsig", p), beside("mutool", m))
	return nil
}

// manyObjects signs a file of 200,000 objects.
func (b *bench) manyObjects() error {
	if err := b.generate("objects.pdf", 200_000, 0); err != nil {
		return err
	}
	w, p, q := b.sign("objects.pdf", "objects.signed.pdf"), b.pdfsigSign("objects.pdf", "objects.pdfsig.pdf"), b.qpdf("objects.pdf")
	if err := compete(11, w, p, q); err != nil {
		return err
	}
	b.report.add("sign a file of 200,000 objects", w.best, "≤ 50 ms", met(w.best.wall <= 50*time.Millisecond), beside("pdfsig", p), beside("qpdf, only opening it", q))
	v, p, m := b.verify("objects.signed.pdf"), b.pdfsig("objects.signed.pdf"), b.mutool("objects.signed.pdf")
	if err := compete(5, v, p, m); err != nil {
		return err
	}
	b.report.add("verify it", v.best, "", "", beside("pdfsig", p), beside("mutool", m))
	return nil
}

// large compares a large file with cp and openssl.
func (b *bench) large() error {
	if err := b.generate("large.pdf", 100, b.big); err != nil {
		return err
	}
	defer func() {
		for _, name := range []string{"large.pdf", "large.signed.pdf", "large.copy", "large.pdfsig.pdf"} {
			_ = os.Remove(b.path(name))
		}
	}()
	in, out := b.path("large.pdf"), b.path("large.copy")
	hash := &work{command: []string{"openssl", "dgst", "-sha256", in}}
	copied := &work{command: []string{"cp", in, out}, out: out}
	synced := &work{command: []string{"dd", "if=" + in, "of=" + out, "bs=4M", "conv=fsync"}, out: out}
	w, v := b.sign("large.pdf", "large.signed.pdf"), b.verify("large.signed.pdf")
	if err := compete(b.rounds, hash, copied, w, v, synced); err != nil {
		return err
	}
	_ = os.Remove(out)
	p, pv, m := b.pdfsigSign("large.pdf", "large.pdfsig.pdf"), b.pdfsig("large.signed.pdf"), b.mutool("large.signed.pdf")
	if err := compete(1, m, pv, p); err != nil { // they take long
		return err
	}
	size := fmt.Sprintf("%d MB", b.big>>20)
	b.report.add("`cp` of "+size, copied.best, "", "")
	b.report.add("`openssl dgst -sha256` of it", hash.best, "", "")
	b.report.add("`dd conv=fsync` of it", synced.best, "", "")
	both := copied.best.wall + hash.best.wall
	r := ratio(w.best.wall, both)
	b.report.add("sign a file of "+size, w.best, "≤ 1.0 × (copy + hash), ≤ 64 MB",
		fmt.Sprintf("%.2f ×: %s; to a synced copy + hash, which it is one of, %.2f ×", r, met(r <= 1 && w.best.memory <= 64<<20), ratio(w.best.wall, synced.best.wall+hash.best.wall)), fmt.Sprintf("%s: %.1f ×", beside("pdfsig", p), ratio(p.best.wall, both)))
	r = ratio(v.best.wall, hash.best.wall)
	b.report.add("verify it", v.best, "≤ 1.1 × hash, ≤ 64 MB",
		fmt.Sprintf("%.2f ×: %s", r, met(r <= 1.1 && v.best.memory <= 64<<20)),
		fmt.Sprintf("%s: %.1f ×", beside("pdfsig", pv), ratio(pv.best.wall, hash.best.wall)),
		fmt.Sprintf("%s: %.1f ×", beside("mutool", m), ratio(m.best.wall, hash.best.wall)))
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// manySignatures verifies 51 signatures in one file.
func (b *bench) manySignatures() error {
	name := "small.pdf"
	for i := range 51 {
		next := fmt.Sprintf("many%d.pdf", i%2)
		if err := b.sign(name, next).run(); err != nil {
			return err
		}
		name = next
	}
	v, p, m := b.verify(name), b.pdfsig(name), b.mutool(name)
	if err := compete(5, v, p, m); err != nil {
		return err
	}
	b.report.add("verify 51 signatures in one file", v.best, "≤ 1000 ms", met(v.best.wall <= time.Second), beside("pdfsig", p), beside("mutool", m))
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
		object("<</Kind/Filler/Text(some text that takes room)>>")
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
