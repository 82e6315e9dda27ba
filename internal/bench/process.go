//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cost is what one process took.
type cost struct {
	wall   time.Duration
	cpu    time.Duration
	memory int64 // peak, bytes
}

// process runs a command to its end. Another exit code than 0 is an error with
// its output.
func process(name string, args ...string) (cost, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	start := time.Now()
	out, err := cmd.CombinedOutput()
	c := costOf(cmd.ProcessState, time.Since(start))
	if err != nil {
		return c, fmt.Errorf("%s %v: %w\n%.2000s", filepath.Base(name), args, err, out)
	}
	return c, nil
}

func costOf(s *os.ProcessState, wall time.Duration) cost {
	c := cost{wall: wall}
	if s == nil {
		return c
	}
	c.cpu = s.UserTime() + s.SystemTime()
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		c.memory = u.Maxrss << 10
	}
	return c
}

// work is one way to do what a row measures.
type work struct {
	command []string
	out     string // removed before each run; "": none
	best    cost
}

func (w *work) run() error {
	if w.out != "" {
		if err := os.Remove(w.out); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	unix.Sync() // what the one before left to be written is not this one's cost
	c, err := process(w.command[0], w.command[1:]...)
	if err != nil {
		return err
	}
	w.best.memory = max(w.best.memory, c.memory)
	if w.best.wall == 0 || c.wall < w.best.wall {
		w.best.wall = c.wall
	}
	if w.best.cpu == 0 || c.cpu < w.best.cpu {
		w.best.cpu = c.cpu
	}
	return nil
}

// compete runs all in turn, n times: what else the machine does meets all
// alike, and the best of each is what counts.
func compete(n int, all ...*work) error {
	for range n {
		for _, w := range all {
			if err := w.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

// sign and verify are kyso at work; the certificates of the bench name no
// source of revocation and their root is trusted.
func (b *bench) sign(in, out string) *work {
	command := append([]string{b.kyso, "sign", "--quiet", "--invisible", "-o", b.path(out)}, b.key...)
	return &work{command: append(command, b.path(in)), out: b.path(out)}
}

func (b *bench) verify(in string) *work {
	return &work{command: []string{b.kyso, "verify", "--quiet", "--trust", b.trust, b.path(in)}}
}

// pdfsigSign and the others are programs of Debian doing the like.
func (b *bench) pdfsigSign(in, out string) *work {
	return &work{command: []string{"pdfsig", b.path(in), b.path(out), "-add-signature", "-nssdir", b.nss(), "-nick", "bench"}, out: b.path(out)}
}

func (b *bench) pdfsig(in string) *work {
	return &work{command: []string{"pdfsig", "-nocert", b.path(in)}}
}

func (b *bench) mutool(in string) *work {
	return &work{command: []string{"mutool", "sign", "-v", b.path(in)}}
}

func (b *bench) qpdf(in string) *work {
	return &work{command: []string{"qpdf", "--show-npages", b.path(in)}}
}
