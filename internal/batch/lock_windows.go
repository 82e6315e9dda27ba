package batch

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// lockAt lies behind every byte of a journal: Windows locks bytes against
// reading too, and others may want to look at the file.
const lockAt = maxJournalBytes

// lock takes the file for this process; the system lets go when it ends.
func lock(f *os.File) (unlock func(), err error) {
	h := windows.Handle(f.Fd())
	at := windows.Overlapped{Offset: lockAt}
	err = windows.LockFileEx(h, windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return nil, ErrJournalLocked
	}
	if err != nil {
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	return func() { _ = windows.UnlockFileEx(h, 0, 1, 0, &at) }, nil
}
