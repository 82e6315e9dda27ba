package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// readsColours switches a console to escape sequences; an old one can't.
func readsColours(f *os.File) bool {
	var mode uint32
	h := windows.Handle(f.Fd())
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
