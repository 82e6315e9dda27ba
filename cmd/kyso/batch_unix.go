//go:build unix

package main

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// isDiskFull tells whether a write failed for want of room.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// keepPipe makes a closed standard output an error of writing in place of the
// end of the program, so that no temporary file is left behind.
func keepPipe() (restore func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGPIPE)
	return func() { signal.Stop(c) }
}
