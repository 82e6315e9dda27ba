//go:build !linux

package main

import (
	"fmt"
	"os"
)

// The limits of the child processes are those of Linux.
func main() {
	fmt.Fprintln(os.Stderr, "sweep: runs on Linux only")
	os.Exit(1) //nolint:forbidigo // a program of the Makefile
}
