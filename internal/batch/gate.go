package batch

import "sync"

// Gate lets a device be busy all the time although software works beside it: as
// long as somebody uses the device or waits for it, one core less computes, so
// that the next call for the device finds a core at once. Without that, on two
// cores, two files that are being read keep a third from being signed. A nil
// Gate bounds nothing. Safe for concurrent use.
//
// Who comes back from the device goes before who has not been there: what is
// signed is to be finished, so that a run that is stopped loses little.
type Gate struct {
	mu          sync.Mutex
	fresh, back sync.Cond // waiting for a core: for the first time, after the device
	cores       int
	computing   int
	device      int // users of the device, and who waits for it
	returning   int // waiting for a core after the device
}

// NewGate returns a gate for so many cores.
func NewGate(cores int) *Gate {
	g := &Gate{cores: cores}
	g.fresh.L, g.back.L = &g.mu, &g.mu
	return g
}

// Compute does work that needs a core, when there is one. It must not wait for
// other work that computes.
func (g *Gate) Compute(work func() error) error {
	if g == nil {
		return work()
	}
	g.mu.Lock()
	for g.full() || g.returning > 0 {
		g.fresh.Wait()
	}
	g.computing++
	g.wake()
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.computing--
		g.wake()
		g.mu.Unlock()
	}()
	return work()
}

// Device does work that uses the device, within Compute: others have the core
// meanwhile.
func (g *Gate) Device(work func() error) error {
	if g == nil {
		return work()
	}
	g.mu.Lock()
	g.computing--
	g.device++
	g.wake()
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.device--
		g.returning++
		for g.full() {
			g.back.Wait()
		}
		g.returning--
		g.computing++
		g.wake()
		g.mu.Unlock()
	}()
	return work()
}

// full: no core is free. The lock is held.
func (g *Gate) full() bool { return g.computing >= max(1, g.cores-min(1, g.device)) }

// wake lets the next have a core that is free. The lock is held.
func (g *Gate) wake() {
	switch {
	case g.full():
	case g.returning > 0:
		g.back.Signal()
	default:
		g.fresh.Signal()
	}
}
