//go:build unix && !linux

package token

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Harden keeps a PIN out of core files: no core dump of this process and its
// children. Call it before a PIN is read.
func Harden() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("token: RLIMIT_CORE: %w", err)
	}
	return nil
}
