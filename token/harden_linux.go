package token

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Harden keeps a PIN out of core files and from other processes of the same
// user: no core dump of this process and its children, not traceable. Call it
// before a PIN is read. It holds until the process ends.
func Harden() error {
	var errs []error
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		errs = append(errs, fmt.Errorf("token: RLIMIT_CORE: %w", err))
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		errs = append(errs, fmt.Errorf("token: PR_SET_DUMPABLE: %w", err))
	}
	return errors.Join(errs...)
}
