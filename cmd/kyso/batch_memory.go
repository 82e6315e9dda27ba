package main

import "runtime/debug"

// batchGC is the growth of the heap, in percent, that starts a collection
// while many files are under way. What lives is a few megabytes, and each file
// leaves garbage behind: with Go's default of 100 collecting takes a tenth of
// the time. With 400 the heap swings by 15 MB, which hides a leak (row W18).
const batchGC = 200

// spareGC sets it until restore is called.
func spareGC() (restore func()) {
	before := debug.SetGCPercent(batchGC)
	return func() { debug.SetGCPercent(before) }
}
