package byterange

import (
	"cmp"
	"crypto"
	"fmt"
	"hash"
	"slices"
	"sync"
)

// Limits of a Pass: bytes digested beside the one pass, as a multiple of the
// file and a free part. Honest ranges stay far below.
const (
	hashFactor = 4
	hashFree   = 64 << 20
)

// parallelFrom is the size of blocks, bytes, that are worth a goroutine.
const parallelFrom = 64 << 10

// Job asks for the digest of a range.
type Job struct {
	Range Range
	Hash  crypto.Hash // available
}

// Pass takes all digests in one pass over a file, and notes its marks of
// signatures. Ranges that start at byte 0 share a running state up to their
// gaps, where it is copied; only what lies behind a gap is hashed for each. A
// Pass is not safe for concurrent use.
type Pass struct {
	at    int64                     // bytes seen
	base  map[crypto.Hash]hash.Hash // running over all bytes
	jobs  []*running                // by the start of their gap
	next  int                       // the first of jobs that has no state yet
	live  []*running
	marks marks
}

// running is a job at work.
type running struct {
	Job
	state hash.Hash // from the gap on; nil before
	sum   []byte    // nil: not finished
}

// NewPass plans a pass over a file of size bytes. whole are digests of all
// bytes. A job that would cost too much is left out: its digest stays unknown.
func NewPass(size int64, jobs []Job, whole ...crypto.Hash) *Pass {
	p := &Pass{base: make(map[crypto.Hash]hash.Hash)}
	for _, h := range whole {
		p.base[h] = h.New()
	}
	spent := int64(0)
	seen := make(map[Job]bool)
	for _, j := range jobs {
		if seen[j] {
			continue
		}
		seen[j] = true
		cost := j.Range[3]
		if j.Range[0] != 0 {
			cost += j.Range[1]
		}
		if spent+cost > hashFactor*size+hashFree {
			continue
		}
		spent += cost
		p.jobs = append(p.jobs, &running{Job: j})
		if _, ok := p.base[j.Hash]; !ok && j.Range[0] == 0 {
			p.base[j.Hash] = j.Hash.New()
		}
	}
	// A range that starts later has a state of its own from there on.
	slices.SortFunc(p.jobs, func(a, b *running) int { return cmp.Compare(a.splits(), b.splits()) })
	return p
}

// Empty tells that there is nothing to digest.
func (p *Pass) Empty() bool { return len(p.jobs)+len(p.base) == 0 }

// Position is how many bytes were fed.
func (p *Pass) Position() int64 { return p.at }

// Marks are the offsets of /ByteRange in the bytes so far, MaxMarks+1 at most.
func (p *Pass) Marks() []int64 { return p.marks.found }

// Sum returns the digest of a job. nil: it was too much work, or its range is
// not through.
func (p *Pass) Sum(j Job) []byte {
	if r := p.find(j); r != nil {
		return r.sum
	}
	return nil
}

func (p *Pass) find(j Job) *running {
	if i := slices.IndexFunc(p.jobs, func(r *running) bool { return r.Job == j }); i >= 0 {
		return p.jobs[i]
	}
	return nil
}

// Running returns a copy of the state over all bytes so far. An error: nobody
// asked for this digest.
func (p *Pass) Running(h crypto.Hash) (hash.Hash, error) {
	state, ok := p.base[h]
	if !ok {
		return nil, fmt.Errorf("byterange: no running %v", h)
	}
	return CloneHash(state)
}

// CloneHash copies a running state. All of the standard library can be copied.
func CloneHash(h hash.Hash) (hash.Hash, error) {
	cloner, ok := h.(hash.Cloner)
	if !ok {
		return nil, fmt.Errorf("byterange: a running %T can't be copied", h)
	}
	return cloner.Clone()
}

// splits is where a job gets its own state.
func (r *running) splits() int64 {
	if r.Range[0] == 0 {
		return r.Range[1]
	}
	return 0
}

func (r *running) end() int64 { return r.Range[2] + r.Range[3] }

// Feed takes the next bytes. The marks are looked for beside the hashing.
func (p *Pass) Feed(b []byte) error {
	var wg sync.WaitGroup
	at := p.at
	spread(&wg, len(b), func() { p.marks.see(at, b) })
	err := p.feed(b)
	wg.Wait()
	return err
}

// spread does work on n bytes, beside the caller when there are many.
func spread(wg *sync.WaitGroup, n int, work func()) {
	if n >= parallelFrom {
		wg.Go(work)
		return
	}
	work()
}

// feed cuts a block where states are copied.
func (p *Pass) feed(b []byte) error {
	for {
		cut := p.at + int64(len(b))
		if p.next < len(p.jobs) {
			cut = min(cut, max(p.at, p.jobs[p.next].splits()))
		}
		n := cut - p.at
		p.write(b[:n])
		b = b[n:]
		for p.next < len(p.jobs) && p.jobs[p.next].splits() <= p.at {
			if err := p.split(p.jobs[p.next]); err != nil {
				return err
			}
			p.next++
		}
		if len(b) == 0 {
			return nil
		}
	}
}

// split gives a job its state.
func (p *Pass) split(r *running) (err error) {
	if r.Range[0] != 0 {
		r.state = r.Hash.New()
	} else if r.state, err = CloneHash(p.base[r.Hash]); err != nil {
		return err
	}
	if r.end() <= p.at { // nothing behind the gap
		r.sum = r.state.Sum(nil)
		return nil
	}
	p.live = append(p.live, r)
	return nil
}

// write feeds bytes without a cut; several states are fed at once.
func (p *Pass) write(b []byte) {
	if len(b) == 0 {
		return
	}
	var wg sync.WaitGroup
	at := p.at
	for _, r := range p.live {
		if r.end() > at {
			spread(&wg, len(b), func() { r.write(at, b) })
		}
	}
	for _, h := range p.base {
		spread(&wg, len(b), func() { h.Write(b) })
	}
	wg.Wait()
	p.at += int64(len(b))
	p.live = slices.DeleteFunc(p.live, func(r *running) bool {
		if r.end() > p.at {
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
	tail := [2]int64{r.Range[2], r.end()}
	if r.Range[0] == 0 {
		return [][2]int64{tail}
	}
	return [][2]int64{{r.Range[0], r.Range[0] + r.Range[1]}, tail}
}
