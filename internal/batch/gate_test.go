package batch_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/batch"
)

// most counts how many are at work at once.
type most struct{ now, top atomic.Int64 }

func (m *most) work() error {
	n := m.now.Add(1)
	for {
		top := m.top.Load()
		if n <= top || m.top.CompareAndSwap(top, n) {
			break
		}
	}
	time.Sleep(time.Millisecond)
	m.now.Add(-1)
	return nil
}

// crowd has many compute at once.
func crowd(t *testing.T, g *batch.Gate) int64 {
	t.Helper()
	var m most
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if err := g.Compute(m.work); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return m.top.Load()
}

func TestGateLeavesACore(t *testing.T) {
	for cores := 1; cores <= 4; cores++ {
		g := batch.NewGate(cores)
		if got := crowd(t, g); got != int64(cores) {
			t.Errorf("%d cores, device free: %d compute", cores, got)
		}
		err := g.Compute(func() error {
			return g.Device(func() error {
				if got, want := crowd(t, g), int64(max(1, cores-1)); got != want {
					t.Errorf("%d cores, device in use: %d compute, want %d", cores, got, want)
				}
				return g.Compute(func() error {
					return g.Device(func() error { // a second one that waits takes no further core
						if got, want := crowd(t, g), int64(max(1, cores-1)); got != want {
							t.Errorf("%d cores, two at the device: %d compute, want %d", cores, got, want)
						}
						return nil
					})
				})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := crowd(t, g); got != int64(cores) {
			t.Errorf("%d cores, device free again: %d compute", cores, got)
		}
	}
}

// TestGateWakes: who waits for a core goes on when the device becomes free.
func TestGateWakes(t *testing.T) {
	g := batch.NewGate(2)
	computing, release := make(chan bool), make(chan bool)
	second := make(chan bool)
	used := make(chan bool)
	go func() {
		_ = g.Compute(func() error {
			return g.Device(func() error {
				go func() { _ = g.Compute(func() error { computing <- true; <-release; return nil }) }()
				<-computing
				go func() { _ = g.Compute(func() error { close(second); return nil }) }()
				select {
				case <-second:
					t.Error("two compute beside the device on two cores")
				case <-time.After(20 * time.Millisecond):
				}
				return nil
			})
		})
		close(used)
	}()
	<-second // hangs where nobody was woken
	<-used
	close(release)
}

// TestGateBusy: many jobs that compute, use the device and compute again all end,
// and never do more than the cores compute.
func TestGateBusy(t *testing.T) {
	for cores := 1; cores <= 3; cores++ {
		g := batch.NewGate(cores)
		var m most
		var device sync.Mutex
		var done atomic.Int64
		var wg sync.WaitGroup
		for range 60 {
			wg.Go(func() {
				_ = g.Compute(func() error {
					_ = m.work()
					_ = g.Device(func() error {
						device.Lock()
						defer device.Unlock()
						time.Sleep(100 * time.Microsecond)
						return nil
					})
					return m.work()
				})
				done.Add(1)
			})
		}
		wg.Wait()
		if top := m.top.Load(); top > int64(cores) || done.Load() != 60 {
			t.Errorf("%d cores: %d compute at once, %d of 60 ended", cores, top, done.Load())
		}
	}
}

// TestGateFinishesFirst: who comes back from the device has the next core, and
// not who came for one before.
func TestGateFinishesFirst(t *testing.T) {
	g := batch.NewGate(1)
	busy, release := make(chan bool), make(chan bool)
	order := make(chan string, 2)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = g.Compute(func() error {
			_ = g.Device(func() error {
				// Meanwhile somebody has the core, and somebody new waits for it.
				wg.Go(func() { _ = g.Compute(func() error { busy <- true; <-release; return nil }) })
				<-busy
				wg.Go(func() { _ = g.Compute(func() error { order <- "new"; return nil }) })
				time.Sleep(20 * time.Millisecond)
				time.AfterFunc(20*time.Millisecond, func() { close(release) })
				return nil
			})
			order <- "back"
			return nil
		})
	})
	if first, second := <-order, <-order; first != "back" || second != "new" {
		t.Errorf("%s before %s", first, second)
	}
	wg.Wait()
}

func TestGateGivesErrors(t *testing.T) {
	want := errors.New("full disk")
	fail := func() error { return want }
	for _, g := range []*batch.Gate{nil, batch.NewGate(1)} {
		for range 3 {
			if err := g.Compute(fail); !errors.Is(err, want) {
				t.Error(err)
			}
			err := g.Compute(func() error { return g.Device(fail) })
			if !errors.Is(err, want) {
				t.Error(err)
			}
		}
	}
	if got := crowd(t, nil); got < 2 {
		t.Errorf("no gate: %d compute", got)
	}
}
