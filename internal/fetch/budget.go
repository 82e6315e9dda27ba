package fetch

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Budget bounds the requests of one file. Every hop of a redirect counts. Safe
// for concurrent use.
type Budget struct {
	Requests int // allowed
	// Time is allowed from the first request on: later ones are cut short or
	// refused. 0: any.
	Time time.Duration

	used  atomic.Int64
	first sync.Once
	since time.Time
}

// Used returns how many requests were made or refused so far.
func (b *Budget) Used() int { return int(b.used.Load()) }

// take uses one request up; it returns why none was left.
func (b *Budget) take() error {
	if b == nil {
		return nil
	}
	if b.used.Add(1) > int64(b.Requests) {
		return fmt.Errorf("more than %d requests", b.Requests)
	}
	if b.left() == 0 {
		return fmt.Errorf("more than %v of requests", b.Time)
	}
	return nil
}

// left is the time that is left; below 0: any. It is measured on the real
// clock, as deadlines are.
func (b *Budget) left() time.Duration {
	if b == nil || b.Time <= 0 {
		return -1
	}
	b.first.Do(func() { b.since = time.Now() })
	return max(0, b.Time-time.Since(b.since))
}

// HostBudget bounds the requests to each host of all clients that share it, as
// those of a run over many files do. Addresses that the user gave do not count:
// a run may want a timestamp for each of ten thousand files. Safe for
// concurrent use.
type HostBudget struct {
	Requests int // allowed to each host

	mu   sync.Mutex
	used map[string]int
}

// take uses one request to a host up; it returns why none was left.
func (b *HostBudget) take(host string) error {
	if b == nil {
		return nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used[host] >= b.Requests {
		return fmt.Errorf("more than %d requests to one host", b.Requests)
	}
	if b.used == nil {
		b.used = map[string]int{}
	}
	b.used[host]++
	return nil
}
