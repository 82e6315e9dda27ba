//go:build cgo

package token

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// calls are the calls of one driver: one at a time, in the order in which they
// came, on one goroutine as long as there are any. The next call starts as soon
// as one ends, and does not wait until somebody who waits for it finds a core:
// a token that signs a batch is the slowest part of it.
type calls struct {
	mu      sync.Mutex
	queue   []*call
	at      bool // a goroutine is at it
	stuck   chan struct{}
	isStuck bool // a call never came back
}

// call is one entry of the queue.
type call struct {
	fn    func() error
	limit time.Duration // from its turn on
	taken atomic.Bool   // by the queue, or by giving up before it began
	done  chan error
}

// add appends a call; false: the driver hangs.
func (c *calls) add(fn func() error, limit time.Duration, lock sync.Locker) (*call, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isStuck {
		return nil, false
	}
	if c.stuck == nil {
		c.stuck = make(chan struct{})
	}
	one := &call{fn: fn, limit: limit, done: make(chan error, 1)}
	c.queue = append(c.queue, one)
	if !c.at {
		c.at = true
		go c.work(lock)
	}
	return one, true
}

// work makes the calls until there are none. The lock is the module's, which a
// listing may hold. The limit of a call holds whether or not anybody waits for
// it still: those behind it do.
func (c *calls) work(lock sync.Locker) {
	for {
		one := c.next()
		if one == nil {
			return
		}
		if one.taken.Load() { // given up
			continue
		}
		timer := time.AfterFunc(one.limit, c.giveUp)
		lock.Lock()
		mine := one.taken.CompareAndSwap(false, true)
		var err error
		if mine {
			err = one.fn()
		}
		lock.Unlock()
		timer.Stop()
		if mine {
			one.done <- err
		}
	}
}

func (c *calls) next() *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.at, c.queue = false, nil
		return nil
	}
	one := c.queue[0]
	c.queue[0], c.queue = nil, c.queue[1:]
	return one
}

// giveUp lets everybody know that the driver hangs.
func (c *calls) giveUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.isStuck {
		c.isStuck = true
		close(c.stuck)
	}
}

// hangs tells whether a call never came back.
func (c *calls) hangs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.isStuck
}

// call runs driver code in its turn, with a deadline for it alone, since Go
// cannot stop a driver that hangs. After a timeout the module is given up.
func (m *module) call(ctx context.Context, limit time.Duration, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return &notBegun{err}
	}
	one, ok := m.calls.add(fn, limit, &m.mu)
	if !ok {
		return &notBegun{&DeviceError{Err: ErrTimeout}}
	}
	select {
	case err := <-one.done:
		return err
	case <-ctx.Done():
		return one.leave(ctx.Err())
	case <-m.calls.stuck:
		return one.leave(&DeviceError{Err: ErrTimeout})
	}
}

// leave gives a call up: one that has not begun never will.
func (c *call) leave(err error) error {
	if c.taken.CompareAndSwap(false, true) {
		return &notBegun{err}
	}
	return err
}

// notBegun: the driver was not called, and will not be.
type notBegun struct{ error }

func (e *notBegun) Unwrap() error { return e.error }
