//go:build unix && !darwin

package convert

import (
	"os/exec"
	"syscall"
)

const installLine = "sudo apt-get install libreoffice-writer-nogui (or your system's package libreoffice-writer)"

// sofficePlaces are patterns of where the program is when it is not on PATH.
func sofficePlaces() []string {
	return []string{
		"/usr/lib/libreoffice/program/soffice", "/usr/lib64/libreoffice/program/soffice",
		"/opt/libreoffice*/program/soffice", "/snap/bin/libreoffice",
	}
}

// ownGroup makes the end of the context end the children too: soffice is a
// script that starts soffice.bin.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
