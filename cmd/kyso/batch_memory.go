package main

import "runtime/debug"

// batchGC is the growth of the heap, in percent, that starts a collection
// while many files are under way. What lives is a few megabytes, and each file
// leaves 150 KB of garbage behind: with Go's default of 100 collecting takes a
// tenth of the time, and the cores from a token that is a program. 400 costs
// 10 MB of memory more; where a leak is looked for (row W18), means over a tenth
// of a run take out the swing.
const batchGC = 400

// spareGC sets it until restore is called.
func spareGC() (restore func()) {
	before := debug.SetGCPercent(batchGC)
	return func() { debug.SetGCPercent(before) }
}
