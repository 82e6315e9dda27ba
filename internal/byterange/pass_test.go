package byterange_test

import (
	"bytes"
	"context"
	"crypto"
	_ "crypto/sha1" // hashes of the jobs
	_ "crypto/sha512"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kyso-vn/kyso/internal/byterange"
)

// text is n bytes with marks here and there.
func text(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	for range r.IntN(20) {
		if n > len(byterange.Mark) {
			copy(b[r.IntN(n-len(byterange.Mark)):], byterange.Mark)
		}
	}
	return b
}

// someJobs are ranges within size bytes: most as signatures have them, some that
// start later, some with nothing behind the gap.
func someJobs(r *rand.Rand, size int64) []byterange.Job {
	hashes := []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512}
	var jobs []byterange.Job
	for range r.IntN(8) {
		cut := []int64{r.Int64N(size + 1), r.Int64N(size + 1), r.Int64N(size + 1), 0}
		if r.IntN(4) == 0 {
			cut[3] = r.Int64N(size + 1)
		}
		slices.Sort(cut)
		jobs = append(jobs, byterange.Job{
			Range: byterange.Range{cut[0], cut[1] - cut[0], cut[2], cut[3] - cut[2]},
			Hash:  hashes[r.IntN(len(hashes))],
		})
	}
	return jobs
}

// plain is the digest of a range, taken from memory.
func plain(b []byte, j byterange.Job) []byte {
	h := j.Hash.New()
	h.Write(b[j.Range[0] : j.Range[0]+j.Range[1]])
	h.Write(b[j.Range[2] : j.Range[2]+j.Range[3]])
	return h.Sum(nil)
}

func plainMarks(b []byte) (found []int64) {
	for at := 0; ; at += len(byterange.Mark) {
		i := bytes.Index(b[at:], []byte(byterange.Mark))
		if i < 0 {
			return found
		}
		at += i
		found = append(found, int64(at))
	}
}

// feedSome feeds b in pieces.
func feedSome(t *testing.T, r *rand.Rand, p *byterange.Pass, b []byte, most int) {
	t.Helper()
	for len(b) > 0 {
		n := min(len(b), 1+r.IntN(most))
		if err := p.Feed(b[:n]); err != nil {
			t.Fatal(err)
		}
		b = b[n:]
	}
}

// checkPass holds everything that a finished pass knows against the bytes.
func checkPass(t *testing.T, p *byterange.Pass, b []byte, jobs []byterange.Job) {
	t.Helper()
	for _, j := range jobs {
		if got := p.Sum(j); !bytes.Equal(got, plain(b, j)) {
			t.Errorf("%v of %v in %d bytes: %x", j.Hash, j.Range, len(b), got)
		}
	}
	state, err := p.Running(crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	whole := byterange.Job{Range: byterange.Range{0, int64(len(b)), int64(len(b)), 0}, Hash: crypto.SHA256}
	if got := state.Sum(nil); !bytes.Equal(got, plain(b, whole)) {
		t.Errorf("whole of %d bytes: %x", len(b), got)
	}
	if got := p.Marks(); !slices.Equal(got, plainMarks(b)) {
		t.Errorf("marks %v, want %v", got, plainMarks(b))
	}
}

// TestPass: whatever the ranges and the pieces, the digests are those of the
// bytes, and the same from a pass that goes on where another stands.
func TestPass(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		most := []int{1, 7, 100, 5000}[r.IntN(4)]
		b := text(r, 1+r.IntN(2000))
		size := int64(len(b))
		jobs := someJobs(r, size)
		p := byterange.NewPass(size, jobs, crypto.SHA256)
		feedSome(t, r, p, b, most)
		checkPass(t, p, b, jobs)

		old := r.Int64N(size + 1)
		first := byterange.NewPass(old, inside(jobs, old), crypto.SHA256, crypto.SHA384)
		feedSome(t, r, first, b[:old], most)
		next, err := first.Continue(size, jobs, crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if want := canContinue(jobs, old); (next != nil) != want {
			t.Errorf("seed %d: goes on %v, want %v: %v from %d", seed, next != nil, want, jobs, old)
		}
		if next == nil {
			continue
		}
		if err := next.Read(context.Background(), bytes.NewReader(b), size); err != nil {
			t.Fatal(err)
		}
		checkPass(t, next, b, jobs)
		checkPass(t, first, b[:old], inside(jobs, old)) // as it was
	}
}

// inside are the jobs of the first bytes.
func inside(jobs []byterange.Job, size int64) (in []byterange.Job) {
	for _, j := range jobs {
		if j.Range[2]+j.Range[3] <= size {
			in = append(in, j)
		}
	}
	return in
}

// canContinue: each job is one that the first pass had, or has its gap behind
// it and a digest that was running.
func canContinue(jobs []byterange.Job, old int64) bool {
	running := map[crypto.Hash]bool{crypto.SHA256: true, crypto.SHA384: true}
	for _, j := range inside(jobs, old) {
		if j.Range[0] == 0 {
			running[j.Hash] = true
		}
	}
	for _, j := range jobs {
		known := j.Range[2]+j.Range[3] <= old
		if j.Range[0] == 0 && !running[j.Hash] || !known && (j.Range[0] != 0 || j.Range[1] < old) {
			return false
		}
	}
	return true
}

// TestLargeBlocks: blocks that are worth goroutines.
func TestLargeBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	b := text(r, 5<<20+77)
	copy(b[1<<20-4:], byterange.Mark) // over the border of two blocks
	size := int64(len(b))
	jobs := []byterange.Job{
		{Range: byterange.Range{0, 100, 200, size - 200}, Hash: crypto.SHA512},
		{Range: byterange.Range{0, 1<<20 + 1, 1<<20 + 2, 1 << 20}, Hash: crypto.SHA256},
		{Range: byterange.Range{5, 3 << 20, 4 << 20, 9}, Hash: crypto.SHA1},
	}
	p := byterange.NewPass(size, jobs, crypto.SHA256)
	if err := p.Read(context.Background(), bytes.NewReader(b), size); err != nil {
		t.Fatal(err)
	}
	checkPass(t, p, b, jobs)
	if p.Position() != size {
		t.Errorf("stands at %d", p.Position())
	}
}

// TestReadFails: a file that is shorter, an interrupt, a disk that fails.
func TestReadFails(t *testing.T) {
	for _, size := range []int64{100, 3 << 20} {
		short := bytes.NewReader(make([]byte, size-1))
		if err := byterange.NewPass(size, nil, crypto.SHA256).Read(context.Background(), short, size); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("shorter: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		whole := bytes.NewReader(make([]byte, size))
		if err := byterange.NewPass(size, nil, crypto.SHA256).Read(ctx, whole, size); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		if err := byterange.NewPass(size, nil, crypto.SHA256).Read(context.Background(), badDisk{}, size); !errors.Is(err, errDisk) {
			t.Errorf("disk: %v", err)
		}
	}
}

var errDisk = errors.New("bad block")

type badDisk struct{}

func (badDisk) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

// TestTooMuchWork: ranges that overlap without end are left out, and their
// digests are unknown; those that fit are taken.
func TestTooMuchWork(t *testing.T) {
	const size = 40 << 20
	var jobs []byterange.Job
	for i := range int64(20) {
		jobs = append(jobs, byterange.Job{Range: byterange.Range{0, i + 1, i + 2, size - i - 2}, Hash: crypto.SHA256})
	}
	p := byterange.NewPass(size, jobs, crypto.SHA256)
	if err := p.Read(context.Background(), bytes.NewReader(make([]byte, size)), size); err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, j := range jobs {
		if p.Sum(j) != nil {
			known++
		}
	}
	if known < 5 || known > 6 { // (4 * 40 + 64) MiB of tails of 40 MiB
		t.Errorf("%d digests", known)
	}
}

func TestEmptyPass(t *testing.T) {
	if p := byterange.NewPass(10, nil); !p.Empty() {
		t.Error("nothing asked for, and not empty")
	}
	p := byterange.NewPass(10, nil, crypto.SHA256)
	if p.Empty() {
		t.Error("a digest of the whole is something")
	}
	if _, err := p.Running(crypto.SHA512); err == nil {
		t.Error("a digest that nobody asked for: no error")
	}
	none := byterange.Job{Range: byterange.Range{0, 0, 0, 0}, Hash: crypto.SHA256}
	p = byterange.NewPass(0, []byterange.Job{none}, crypto.SHA256)
	if err := p.Read(context.Background(), bytes.NewReader(nil), 0); err != nil || !bytes.Equal(p.Sum(none), plain(nil, none)) {
		t.Errorf("an empty file: %x, %v", p.Sum(none), err)
	}
}

// TestManyMarks: one more than the most is noted, no further.
func TestManyMarks(t *testing.T) {
	p := byterange.NewPass(0, nil, crypto.SHA256)
	for range 3 {
		if err := p.Feed(bytes.Repeat([]byte(byterange.Mark), byterange.MaxMarks/2)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.Marks()); n != byterange.MaxMarks+1 {
		t.Errorf("%d marks", n)
	}
}

// BenchmarkPass: many signatures cost what one does.
func BenchmarkPass(b *testing.B) {
	data := make([]byte, 8<<20)
	size := int64(len(data))
	for _, n := range []int64{1, 50} {
		var jobs []byterange.Job
		for i := range n {
			end := size * (i + 1) / n
			jobs = append(jobs, byterange.Job{Range: byterange.Range{0, end - 2000, end - 1000, 1000}, Hash: crypto.SHA256})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				if err := byterange.NewPass(size, jobs, crypto.SHA256).Read(context.Background(), bytes.NewReader(data), size); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
