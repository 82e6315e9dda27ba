//go:build unix && !linux

package atomicfile

import "os"

func rename(from, to string, force bool) error {
	if force {
		return os.Rename(from, to)
	}
	return renameNew(from, to)
}
