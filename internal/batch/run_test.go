package batch

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunGivesResultsInOrder(t *testing.T) {
	for _, jobs := range []int{0, 1, 2, 8} {
		var got []int
		err := Run(t.Context(), 500, Options{Jobs: jobs}, func(_ context.Context, i int) (int, error) {
			if i%7 == 0 { // the early ones end late
				runtime.Gosched()
			}
			return i * i, nil
		}, func(i, r int) error {
			if r != i*i {
				t.Errorf("result %d of %d", r, i)
			}
			got = append(got, i)
			return nil
		})
		if err != nil || len(got) != 500 {
			t.Fatalf("jobs %d: %v, %d results", jobs, err, len(got))
		}
		for i, v := range got {
			if i != v {
				t.Fatalf("jobs %d: place %d has %d", jobs, i, v)
			}
		}
	}
}

func TestRunStopsAtAnError(t *testing.T) {
	stop := errors.New("wrong PIN")
	var started, emitted atomic.Int64
	err := Run(t.Context(), 1000, Options{Jobs: 4}, func(_ context.Context, i int) (int, error) {
		started.Add(1)
		if i == 10 {
			return i, stop
		}
		return i, nil
	}, func(int, int) error { emitted.Add(1); return nil })
	if !errors.Is(err, stop) {
		t.Fatalf("error %v", err)
	}
	if s := started.Load(); s > 100 {
		t.Errorf("%d were started after the stop", s)
	}
	if started.Load() != emitted.Load() {
		t.Errorf("%d started and %d given out: a result was lost", started.Load(), emitted.Load())
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := Run(ctx, 1000, Options{Jobs: 2}, func(context.Context, int) (int, error) { return 0, nil },
		func(i, _ int) error {
			n++
			if i == 5 {
				cancel()
			}
			return nil
		})
	if !errors.Is(err, context.Canceled) || n >= 1000 {
		t.Errorf("%v after %d", err, n)
	}
}

func TestRunStopsWhenResultsCannotBeGivenOut(t *testing.T) {
	full := errors.New("disk full")
	calls := 0
	err := Run(t.Context(), 100, Options{Jobs: 3}, func(context.Context, int) (int, error) { return 0, nil },
		func(int, int) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// TestRunHoldsFewResults: one slow file does not make the others pile up.
func TestRunHoldsFewResults(t *testing.T) {
	release := make(chan struct{})
	var started atomic.Int64
	finished := make(chan error, 1)
	go func() {
		finished <- Run(t.Context(), 10_000, Options{Jobs: 2, Ahead: 6}, func(_ context.Context, i int) (int, error) {
			started.Add(1)
			if i == 0 {
				<-release
			}
			return i, nil
		}, func(int, int) error { return nil })
	}()
	for started.Load() < 8 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // more would start now if they could
	if s := started.Load(); s != 8 {
		t.Errorf("%d started while the first was at work, want 8", s)
	}
	close(release)
	if err := <-finished; err != nil || started.Load() != 10_000 {
		t.Errorf("%v, %d started", err, started.Load())
	}
}

func TestShard(t *testing.T) {
	for _, bad := range []string{"0/3", "4/3", "a/b", "3", "-1/2", "1/0"} {
		if _, err := ParseShard(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	count := make([]int, 20)
	for i := 1; i <= 3; i++ {
		s, err := ParseShard([]string{"", "1/3", "2/3", "3/3"}[i])
		if err != nil {
			t.Fatal(err)
		}
		for p := range count {
			if s.Has(p) {
				count[p]++
			}
		}
	}
	for p, n := range count {
		if n != 1 {
			t.Errorf("position %d is in %d shards", p, n)
		}
	}
	if all, err := ParseShard(""); err != nil || !all.Has(7) {
		t.Error("no shard is not everything")
	}
}
