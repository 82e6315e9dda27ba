package rewrite

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownGroup makes the end of the context end all that the child may start.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// slack is address space that is reserved and not used: the heap grows by 64
// MiB, and with cgo each new thread reserves 64 MiB and more.
const slack = 512 << 20

// limitSystem bounds the address space: what it is now, most of it reserved
// too, memory bytes and slack. guard is more precise; this is for what grows
// faster than it looks. No core is left: it would hold the document.
func limitSystem(memory int64) {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return
	}
	first, _, _ := bytes.Cut(b, []byte(" "))
	pages, err := strconv.ParseUint(string(first), 10, 40)
	if err != nil {
		return
	}
	limit := pages*uint64(os.Getpagesize()) + uint64(memory) + slack // memory is positive
	_ = unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit})
}
