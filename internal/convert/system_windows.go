package convert

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

const installLine = "winget install TheDocumentFoundation.LibreOffice (or from www.libreoffice.org)"

// sofficePlaces are patterns of where the program is when it is not on PATH.
// soffice.com is the console program, which waits for the end.
func sofficePlaces() []string {
	var out []string
	for _, env := range []string{"ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"} {
		if base := os.Getenv(env); base != "" {
			out = append(out, filepath.Join(base, "LibreOffice*", "program", "soffice.com"))
		}
	}
	return out
}

// ownGroup makes the end of the context end the children too.
func ownGroup(cmd *exec.Cmd) {
	cmd.Cancel = func() error {
		return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
	}
}
