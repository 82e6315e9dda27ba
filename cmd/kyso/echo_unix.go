//go:build linux || darwin

package main

import "golang.org/x/sys/unix"

// hideTyping turns the echo of a terminal off. Where it can't, the reading
// itself does, a moment later.
func hideTyping(fd int) {
	t, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return
	}
	t.Lflag &^= unix.ECHO
	_ = unix.IoctlSetTermios(fd, setTermios, t)
}
