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
// end of the program, so that no temporary file is left behind. It holds until
// the program ends: its last words go the same way.
func keepPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
