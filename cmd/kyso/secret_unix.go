//go:build unix

package main

import "io/fs"

// secretMode tells whether nobody but the owner may read the file. Pipes are
// the caller's own.
func secretMode(info fs.FileInfo) bool {
	return info.Mode()&fs.ModeNamedPipe != 0 || info.Mode().Perm()&0o077 == 0
}
