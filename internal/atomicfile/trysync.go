package atomicfile

import (
	"fmt"
	"sync"
)

// disks are those that were seen to sync.
var disks = struct {
	sync.Mutex
	good map[any]bool
}{good: map[any]bool{}}

// TrySync syncs the file, which may be empty, and its folder: what Commit would
// fail on is known before something is asked that can't be taken back. A disk
// that could once is not tried again by this process, so in a run over many
// files it costs nothing. Errors wrap ErrNoSync or are those of the system. It
// is safe for concurrent use by several files.
func (f *File) TrySync() error {
	disks.Lock() // also while it is tried: all files of a disk wait for the first
	defer disks.Unlock()
	key := f.diskKey()
	if disks.good[key] {
		return nil
	}
	err := noSync(f.Sync())
	if err == nil {
		err = folders.do(f.at.folder())
	}
	if err != nil {
		return fmt.Errorf("sync %s: %w", f.path, err)
	}
	disks.good[key] = true
	return nil
}
