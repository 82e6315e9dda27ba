//go:build cgo

package token

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

const long = time.Minute // of a call that ends before

// TestCallsInOrder: one at a time, as they came.
func TestCallsInOrder(t *testing.T) {
	var m module
	var order []int
	at := 0
	var wg sync.WaitGroup
	release := make(chan bool)
	wg.Go(func() { _ = m.call(context.Background(), long, func() error { <-release; return nil }) })
	for i := range 20 {
		waitQueued(t, &m, i)
		wg.Go(func() {
			err := m.call(context.Background(), long, func() error {
				if at++; at > 1 {
					t.Error("two at a time")
				}
				order = append(order, i)
				at--
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	waitQueued(t, &m, 20)
	close(release)
	wg.Wait()
	if !slices.IsSorted(order) || len(order) != 20 {
		t.Errorf("order %v", order)
	}
	waitFor(t, &m, 0, false) // nobody is at it any more
}

// waitQueued waits until n calls wait and one runs.
func waitQueued(t *testing.T, m *module, n int) {
	t.Helper()
	waitFor(t, m, n, true)
}

func waitFor(t *testing.T, m *module, n int, running bool) {
	t.Helper()
	for range 5000 {
		m.calls.mu.Lock()
		queued, at := len(m.calls.queue), m.calls.at
		m.calls.mu.Unlock()
		if queued == n && at == running {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("never %d calls wait", n)
}

// TestCallReturnsItsError: and the next call is made all the same.
func TestCallReturnsItsError(t *testing.T) {
	var m module
	want := errors.New("CKR_FUNCTION_FAILED")
	for range 3 {
		if err := m.call(context.Background(), long, func() error { return want }); !errors.Is(err, want) {
			t.Error(err)
		}
	}
}

// TestLeftCallsAreNotMade: who stops waiting is told that the driver was not
// called, and it is not called later.
func TestLeftCallsAreNotMade(t *testing.T) {
	var m module
	release := make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() { _ = m.call(context.Background(), long, func() error { <-release; return nil }) })
	waitQueued(t, &m, 0)
	ctx, cancel := context.WithCancel(context.Background())
	made := false
	left := make(chan error, 1)
	go func() { left <- m.call(ctx, long, func() error { made = true; return nil }) }()
	waitQueued(t, &m, 1)
	cancel()
	var idle *notBegun
	if err := <-left; !errors.As(err, &idle) || !errors.Is(err, context.Canceled) {
		t.Errorf("left: %v", err)
	}
	close(release)
	wg.Wait()
	if err := m.call(context.Background(), long, func() error { return nil }); err != nil || made {
		t.Errorf("the next: %v; the one that was left was made: %v", err, made)
	}
}

// TestLimitIsOfTheCallAlone: what waits for a long call does not use up its own
// time, and a call that is interrupted is told so though the driver goes on.
func TestLimitIsOfTheCallAlone(t *testing.T) {
	var m module
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = m.call(context.Background(), long, func() error { time.Sleep(300 * time.Millisecond); return nil })
	})
	waitQueued(t, &m, 0)
	if err := m.call(context.Background(), 100*time.Millisecond, func() error { return nil }); err != nil {
		t.Errorf("behind a long call: %v", err)
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	err := m.call(ctx, long, func() error { cancel(); time.Sleep(50 * time.Millisecond); return nil })
	var idle *notBegun
	if !errors.Is(err, context.Canceled) || errors.As(err, &idle) {
		t.Errorf("interrupted: %v", err)
	}
}

// TestHangEndsAll: the call that hangs, those that wait for it, and those that
// come later; only of the first the driver knows.
func TestHangEndsAll(t *testing.T) {
	var m module
	release := make(chan bool)
	defer close(release)
	hanging := make(chan error, 1)
	go func() {
		hanging <- m.call(context.Background(), 200*time.Millisecond, func() error { <-release; return nil })
	}()
	waitQueued(t, &m, 0)
	waiting := make(chan error, 1)
	never := func() error { t.Error("a call behind one that hangs was made"); return nil }
	go func() { waiting <- m.call(context.Background(), long, never) }()
	waitQueued(t, &m, 1)
	var idle *notBegun
	if err := <-hanging; !errors.Is(err, ErrTimeout) || errors.As(err, &idle) {
		t.Errorf("hanging: %v", err)
	}
	for name, err := range map[string]error{
		"waiting": <-waiting, "later": m.call(context.Background(), long, never),
	} {
		if !errors.Is(err, ErrTimeout) || !errors.As(err, &idle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !m.calls.hangs() {
		t.Error("not known to hang")
	}
}

// TestLockBoundsTheFirst: a listing that holds the module and never ends is met
// by the limit, and the call is not made when it ends after all.
func TestLockBoundsTheFirst(t *testing.T) {
	var m module
	m.mu.Lock()
	made := make(chan bool, 1)
	err := m.call(context.Background(), 100*time.Millisecond, func() error { made <- true; return nil })
	var idle *notBegun
	if !errors.Is(err, ErrTimeout) || !errors.As(err, &idle) {
		t.Errorf("got %v", err)
	}
	m.mu.Unlock()
	select {
	case <-made:
		t.Error("made after it was given up")
	case <-time.After(50 * time.Millisecond):
	}
}

// TestInterruptedHangEndsAll: that nobody waits any more for a call that hangs
// does not keep those behind it: its limit holds all the same.
func TestInterruptedHangEndsAll(t *testing.T) {
	var m module
	release := make(chan bool)
	defer close(release)
	ctx, cancel := context.WithCancel(context.Background())
	err := m.call(ctx, 200*time.Millisecond, func() error { cancel(); <-release; return nil })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	behind := make(chan error, 1)
	go func() { behind <- m.call(context.Background(), long, func() error { return nil }) }()
	select {
	case err := <-behind:
		if !errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the call behind it never ends")
	}
}

// TestCloseNeverWaitsLong: as Key.Close promises, also behind calls that take
// their time.
func TestCloseNeverWaitsLong(t *testing.T) {
	var m module
	release := make(chan bool)
	defer close(release)
	for range 3 {
		go func() { _ = m.call(context.Background(), long, func() error { <-release; return nil }) }()
	}
	waitQueued(t, &m, 2)
	closed := make(chan error, 1)
	go func() { closed <- (&tokenSigner{m: &m}).close() }()
	select {
	case err := <-closed:
		if err == nil {
			t.Error("closed though the driver was busy")
		}
	case <-time.After(closeLimit + 10*time.Second):
		t.Error("Close never ends")
	}
}
