package main

import "io/fs"

// secretMode: the mode bits of Windows say nothing of who may read.
func secretMode(fs.FileInfo) bool { return true }
