//go:build unix

package token

import (
	"os/exec"
	"syscall"
)

// own puts the child in a group of its own, so that the deadline ends its own
// children as well.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
