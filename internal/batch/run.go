package batch

import (
	"context"
	"sync"
)

// Options for Run.
type Options struct {
	Jobs int // how many at a time; 0: 1
	// Ahead is how many results may wait for an earlier one that is still at
	// work, so that memory stays flat; 0: four for each of Jobs.
	Ahead int
}

// Run calls work for 0 to n-1, in order of start, on Jobs goroutines, and done
// with each result in the order of the index, on one goroutine at a time.
//
// An error of work stops the run: nothing new starts, what was started ends and
// is given to done, and the first error is returned.
// The same holds when ctx ends, which work sees by itself. An error of done
// stops likewise, and done is not called again.
func Run[R any](ctx context.Context, n int, o Options, work func(ctx context.Context, i int) (R, error),
	done func(i int, r R) error) error {
	jobs := max(o.Jobs, 1)
	ahead := o.Ahead
	if ahead <= 0 {
		ahead = 4 * jobs
	}
	r := &runner[R]{results: make(map[int]outcome[R]), room: make(chan struct{}, ahead+jobs), stop: make(chan struct{})}
	var wg sync.WaitGroup
	for range min(jobs, n) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.loop(ctx, n, work, done)
		}()
	}
	wg.Wait()
	if r.err != nil {
		return r.err
	}
	return ctx.Err()
}

type outcome[R any] struct {
	value R
	err   error
}

type runner[R any] struct {
	room chan struct{} // a place for each job that started and was not given to done
	stop chan struct{} // closed by the first error

	mu      sync.Mutex
	next    int // to start
	emitted int // given to done
	results map[int]outcome[R]
	err     error
	stopped bool
	mute    bool // done failed
	busy    bool // a goroutine is giving results to done
}

func (r *runner[R]) loop(ctx context.Context, n int, work func(context.Context, int) (R, error), done func(int, R) error) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.stop:
			return
		case r.room <- struct{}{}:
		}
		i, ok := r.take(ctx, n)
		if !ok {
			return
		}
		v, err := work(ctx, i)
		r.finish(i, outcome[R]{v, err}, done)
	}
}

// take returns the next index. The select of loop picks at random when a stop
// and room are both there, so the stop is looked at again.
func (r *runner[R]) take(ctx context.Context, n int) (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || ctx.Err() != nil || r.next >= n {
		return 0, false
	}
	r.next++
	return r.next - 1, true
}

// finish keeps a result and gives done all that are due. Only one goroutine
// does so at a time; the others leave their result and go on working.
func (r *runner[R]) finish(i int, out outcome[R], done func(int, R) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[i] = out
	if out.err != nil {
		r.fail(out.err)
	}
	if r.busy {
		return
	}
	r.busy = true
	defer func() { r.busy = false }()
	for {
		at := r.emitted
		next, ok := r.results[at]
		if !ok {
			return
		}
		delete(r.results, at)
		r.emitted++
		if !r.mute {
			r.mu.Unlock()
			err := done(at, next.value)
			r.mu.Lock()
			if err != nil {
				r.mute = true
				r.fail(err)
			}
		}
		<-r.room
	}
}

func (r *runner[R]) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	if !r.stopped {
		r.stopped = true
		close(r.stop)
	}
}
