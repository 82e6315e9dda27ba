//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Limits of each process.
const (
	deadline  = 60 * time.Second
	cpuLimit  = 30      // seconds
	addresses = 8 << 30 // bytes of address space; Go reserves more than it uses
)

// outcome is one run of the program on one file.
type outcome struct {
	said    string // verdict of verify, code of sign; "ok"
	crash   string // what happened instead of an answer; "": nothing
	cpu     time.Duration
	peak    int64 // bytes resident
	message string
}

// result is one file.
type result struct {
	file         string
	bytes        int64
	verify, sign outcome
}

func (s *sweep) file(path string) result {
	r := result{file: path}
	if info, err := os.Stat(path); err == nil {
		r.bytes = info.Size()
	}
	r.verify = s.child("verify", "--json", "--trust", s.path("root.pem"), "--", path)
	r.sign = s.child("sign", "--dry-run", "--json", "--invisible", "--key", s.path("key.pem"), "--cert-file", s.path("cert.pem"), "--", path)
	return r
}

// child runs the program with limits.
func (s *sweep) child(args ...string) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c := exec.CommandContext(ctx, s.kyso, args...)
	c.Env = []string{"HOME=" + s.path("home"), "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TMPDIR=" + s.dir}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		return outcome{crash: err.Error()}
	}
	limit(c.Process.Pid)
	err := c.Wait()
	if c.ProcessState == nil {
		return outcome{crash: err.Error()}
	}
	o := judge(c.ProcessState.ExitCode(), out.Bytes(), errs.String())
	if err != nil {
		o.message = strings.TrimSpace(errs.String())
	}
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		o.crash = status.Signal().String()
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		o.crash = "deadline"
	}
	o.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if use, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		o.peak = use.Maxrss << 10
	}
	return o
}

func limit(pid int) {
	for resource, n := range map[int]uint64{unix.RLIMIT_CPU: cpuLimit, unix.RLIMIT_AS: addresses, unix.RLIMIT_CORE: 0} {
		// A process that has ended already needs none.
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: n, Max: n}, nil)
	}
}

// judge reads the one line of JSON that a run ends with. What is no such line,
// and a failure that has no code of its own, is a crash.
func judge(exit int, out []byte, errs string) outcome {
	var line struct {
		Verdict string
		Error   *struct{ Code, Message string }
	}
	switch err := json.Unmarshal(bytes.TrimSpace(out), &line); {
	case strings.Contains(errs, "goroutine ") || strings.Contains(errs, "panic: "):
		return outcome{crash: "panic"}
	case err != nil:
		return outcome{crash: "no answer: exit " + itoa(exit)}
	case line.Error != nil && line.Error.Code == "failed":
		return outcome{said: "failed", crash: "an error without a code: " + line.Error.Message}
	case line.Error != nil:
		return outcome{said: line.Error.Code}
	case line.Verdict != "":
		return outcome{said: line.Verdict}
	case exit != 0:
		return outcome{crash: "exit " + itoa(exit) + " without an error"}
	}
	return outcome{said: "ok"}
}
