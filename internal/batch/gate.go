package batch

import "sync"

// Gate lets a device be busy all the time although software works beside it: as
// long as somebody uses the device or waits for it, one core less computes, so
// that the next call for the device finds a core at once. Without that, on two
// cores, two files that are being read keep a third from being signed. A nil
// Gate bounds nothing. Safe for concurrent use.
type Gate struct {
	mu        sync.Mutex
	free      sync.Cond
	cores     int
	computing int
	device    int // users of the device, and who waits for it
}

// NewGate returns a gate for so many cores.
func NewGate(cores int) *Gate {
	g := &Gate{cores: cores}
	g.free.L = &g.mu
	return g
}

// Compute does work that needs a core, when there is one. It must not wait for
// other work that computes.
func (g *Gate) Compute(work func() error) error {
	if g == nil {
		return work()
	}
	g.mu.Lock()
	g.enter()
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.computing--
		g.free.Signal()
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
	g.free.Signal()
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.device--; g.device == 0 {
			g.free.Signal() // one core more
		}
		g.enter()
	}()
	return work()
}

// enter waits for a core; the lock is held.
func (g *Gate) enter() {
	for g.computing >= max(1, g.cores-min(1, g.device)) {
		g.free.Wait()
	}
	g.computing++
}
