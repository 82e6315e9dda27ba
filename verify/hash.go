package verify

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"sync"
)

// job asks for the digest of a range.
type job struct {
	rng  byteRange
	hash crypto.Hash
}

// digester takes all digests in one pass over the file. Ranges that start at
// byte 0 share a running state up to their gaps, where it is copied; only what
// lies behind a gap is hashed for each.
type digester struct {
	size  int64
	base  map[crypto.Hash]hash.Hash // running over all bytes
	jobs  []*running                // by the start of their gap
	next  int                       // the first of jobs that is not copied yet
	live  []*running
	spent int64
}

// running is a job at work.
type running struct {
	job
	state hash.Hash // from the gap on; nil before
	sum   []byte
}

// newDigester plans. A job that would cost too much is left out: its digest
// stays unknown.
func newDigester(size int64, jobs []job, whole ...crypto.Hash) *digester {
	d := &digester{size: size, base: make(map[crypto.Hash]hash.Hash)}
	for _, h := range whole {
		d.base[h] = h.New()
	}
	seen := make(map[job]bool)
	for _, j := range jobs {
		if seen[j] {
			continue
		}
		seen[j] = true
		cost := j.rng[3]
		if j.rng[0] != 0 {
			cost += j.rng[1]
		}
		if d.spent+cost > hashFactor*size+hashFree {
			continue
		}
		d.spent += cost
		d.jobs = append(d.jobs, &running{job: j})
		if _, ok := d.base[j.hash]; !ok && j.rng[0] == 0 {
			d.base[j.hash] = j.hash.New()
		}
	}
	// A range that starts later has a state of its own from there on.
	slices.SortFunc(d.jobs, func(a, b *running) int { return cmp.Compare(a.splits(), b.splits()) })
	return d
}

// splits is where a job gets its own state.
func (r *running) splits() int64 {
	if r.rng[0] == 0 {
		return r.rng[1]
	}
	return 0
}

// run reads the file once. see is called with each block in order, beside the
// hashing; blocks are not kept.
func (d *digester) run(ctx context.Context, r io.ReaderAt, see func(at int64, b []byte)) error {
	const block = 1 << 20
	var bufs [2][]byte
	for i := range bufs {
		bufs[i] = make([]byte, min(block, max(d.size, 1)))
	}
	type part struct {
		b   []byte
		err error
	}
	read := func(at int64, buf []byte) <-chan part {
		c := make(chan part, 1)
		n := min(int64(len(buf)), d.size-at)
		go func() {
			got, err := r.ReadAt(buf[:n], at)
			if int64(got) == n {
				err = nil
			} else if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			c <- part{buf[:got], err}
		}()
		return c
	}
	pending := read(0, bufs[0])
	for at, turn := int64(0), 1; at < d.size; turn++ {
		p := <-pending
		if p.err != nil {
			return fmt.Errorf("verify: read at %d: %w", at, p.err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if next := at + int64(len(p.b)); next < d.size {
			pending = read(next, bufs[turn%len(bufs)])
		}
		if err := d.block(at, p.b, see); err != nil {
			return err
		}
		at += int64(len(p.b))
	}
	return d.finish()
}

// block feeds one block to all states and to see, at once.
func (d *digester) block(at int64, b []byte, see func(int64, []byte)) error {
	var wg sync.WaitGroup
	if see != nil {
		wg.Go(func() { see(at, b) })
	}
	err := d.feed(at, b)
	wg.Wait()
	return err
}

// feed cuts a block where states are copied.
func (d *digester) feed(at int64, b []byte) error {
	for {
		cut := at + int64(len(b))
		if d.next < len(d.jobs) {
			cut = min(cut, max(at, d.jobs[d.next].splits()))
		}
		d.write(at, b[:cut-at])
		b, at = b[cut-at:], cut
		for d.next < len(d.jobs) && d.jobs[d.next].splits() <= at {
			if err := d.split(d.jobs[d.next]); err != nil {
				return err
			}
			d.next++
		}
		if len(b) == 0 {
			return nil
		}
	}
}

// split gives a job its state.
func (d *digester) split(r *running) error {
	d.live = append(d.live, r)
	if r.rng[0] != 0 {
		r.state = r.hash.New()
		return nil
	}
	c, ok := d.base[r.hash].(hash.Cloner)
	if !ok {
		return fmt.Errorf("verify: the state of %v can't be copied", r.hash)
	}
	state, err := c.Clone()
	r.state = state
	return err
}

// write feeds bytes without a cut; several states are fed at once.
func (d *digester) write(at int64, b []byte) {
	if len(b) == 0 {
		return
	}
	const large = 64 << 10
	var wg sync.WaitGroup
	do := func(f func()) {
		if len(b) >= large {
			wg.Go(f)
			return
		}
		f()
	}
	end := at + int64(len(b))
	kept := d.live[:0]
	for _, r := range d.live {
		if r.rng.end() > at {
			do(func() { r.write(at, b) })
		}
		kept = append(kept, r)
	}
	for _, h := range d.base {
		do(func() { h.Write(b) })
	}
	wg.Wait()
	d.live = slices.DeleteFunc(kept, func(r *running) bool {
		if r.rng.end() > end {
			return false
		}
		r.sum = r.state.Sum(nil)
		return true
	})
}

// write feeds what of b, the bytes from at on, belongs to the job's own state.
func (r *running) write(at int64, b []byte) {
	for _, s := range r.spans() {
		if from, to := max(at, s[0]), min(at+int64(len(b)), s[1]); from < to {
			r.state.Write(b[from-at : to-at])
		}
	}
}

// spans are the bytes that a job's own state is fed.
func (r *running) spans() [][2]int64 {
	tail := [2]int64{r.rng[2], r.rng.end()}
	if r.rng[0] == 0 {
		return [][2]int64{tail}
	}
	return [][2]int64{{r.rng[0], r.rng[0] + r.rng[1]}, tail}
}

// finish closes what is still open: ranges whose end is the end of the file.
func (d *digester) finish() error {
	for _, r := range d.live {
		r.sum = r.state.Sum(nil)
	}
	d.live = nil
	return nil
}

// sum returns the digest of a job, nil when it was too much work.
func (d *digester) sum(j job) []byte {
	i := slices.IndexFunc(d.jobs, func(r *running) bool { return r.job == j })
	if i < 0 {
		return nil
	}
	return d.jobs[i].sum
}
