package convert

import (
	"os/exec"
	"syscall"
)

const installLine = "brew install --cask libreoffice (or from www.libreoffice.org)"

// sofficePlaces are patterns of where the program is when it is not on PATH.
func sofficePlaces() []string {
	return []string{
		"/Applications/LibreOffice*.app/Contents/MacOS/soffice",
	}
}

// ownGroup makes the end of the context end the children too: soffice is a
// script that starts soffice.bin.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
