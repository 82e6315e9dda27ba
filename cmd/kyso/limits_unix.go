//go:build unix

package main

import "golang.org/x/sys/unix"

// limitChild bounds memory and time of this process.
func limitChild() {
	const memory, seconds = 4 << 30, 120
	_ = unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: memory, Max: memory})
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: seconds})
}
