//go:build unix

package main

import "os"

// readsColours: every terminal of our days does, or says TERM=dumb.
func readsColours(*os.File) bool { return true }
