//go:build !unix

package verify_test

import (
	"testing"
	"time"
)

var began = time.Now()

// cpuTime is the time on the wall, where the system has no other.
func cpuTime(testing.TB) time.Duration { return time.Since(began) }
