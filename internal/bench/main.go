//go:build unix

// Command bench measures what docs/architecture.md promises on cost: whole
// processes of bin/kyso, as ratios to cp and openssl over the same file in the
// same run. It judges nothing and never fails for being slow. It is a tool of
// the Makefile and no part of kyso.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

func main() {
	kyso := flag.String("kyso", "bin/kyso", "the program to measure")
	big := flag.Int64("big", 1<<30, "size in bytes of the large file")
	files := flag.Int("files", 1000, "files of the batch")
	flag.Parse()
	if err := run(*kyso, *big, *files); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

// bench holds what the rows share.
type bench struct {
	kyso, dir string
	key       []string // flags that name the signing key
	trust     string
}

func run(kyso string, big int64, files int) error {
	kyso, err := filepath.Abs(kyso)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kyso-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{kyso: kyso, dir: dir}
	if err := b.setUp(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%-44s %10s %9s  %s\n", "work", "time", "memory", "promise and ratio")
	rows := []func() error{b.start, b.small, b.manyObjects, func() error { return b.large(big) }, b.manySignatures, func() error { return b.batch(files) }, func() error { return b.tokenBatch(files) }}
	for _, row := range rows {
		if err := row(); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(name string, data []byte) error { return os.WriteFile(b.path(name), data, 0o600) }

func (b *bench) setUp() error {
	ca := testpki.NewRoot("kyso bench root", testpki.RSA2048)
	key := testpki.Key(testpki.RSA2048, "signer")
	p12, err := testpki.PKCS12(key, ca.Person(key.Public()), nil, "bench")
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"key.p12": p12, "pw": []byte("bench"), "root.crt": ca.Certificate.Raw, "small.pdf": form.PDF} {
		if err := b.write(name, data); err != nil {
			return err
		}
	}
	b.key = []string{"--p12", b.path("key.p12"), "--p12-password-file", b.path("pw")}
	b.trust = b.path("root.crt")
	return nil
}

// cost is what one process took.
type cost struct {
	wall   time.Duration
	cpu    time.Duration
	memory int64 // peak, bytes
}

// process runs a command to its end. An exit code other than those allowed is
// an error with its output.
func process(allowed []int, name string, args ...string) (cost, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	start := time.Now()
	out, err := cmd.CombinedOutput()
	c := cost{wall: time.Since(start)}
	if cmd.ProcessState == nil {
		return c, err
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = u.Maxrss << 10
	}
	if code := cmd.ProcessState.ExitCode(); !slices.Contains(allowed, code) {
		return c, fmt.Errorf("%s %v: exit %d\n%s", filepath.Base(name), args, code, out)
	}
	return c, nil
}

// median runs a command n times, f before each, and returns the one in the
// middle by wall time.
func median(n int, before func() error, allowed []int, name string, args ...string) (cost, error) {
	all := make([]cost, 0, n)
	for range n {
		if err := before(); err != nil {
			return cost{}, err
		}
		c, err := process(allowed, name, args...)
		if err != nil {
			return cost{}, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b cost) int { return int(a.wall - b.wall) })
	return all[n/2], nil
}

func (b *bench) sign(n int, in, out string, more ...string) (cost, error) {
	args := append([]string{"sign", "--quiet", "--invisible", "-o", b.path(out)}, b.key...)
	return median(n, func() error { _ = os.Remove(b.path(out)); return nil }, []int{0}, b.kyso, append(append(args, more...), b.path(in))...)
}

// verify wants a valid file: the certificates of the bench name no source of
// revocation and their root is trusted.
func (b *bench) verify(n int, in string) (cost, error) {
	return median(n, func() error { return nil }, []int{0}, b.kyso, "verify", "--quiet", "--trust", b.trust, b.path(in))
}

func row(name string, c cost, promise string) {
	fmt.Fprintf(os.Stdout, "%-44s %8.1f ms %6d MB  %s\n", name, float64(c.wall.Microseconds())/1000, c.memory>>20, promise)
}

func (b *bench) start() error {
	c, err := median(21, func() error { return nil }, []int{0}, b.kyso, "version")
	if err != nil {
		return err
	}
	row("start: kyso version", c, "≤ 20 ms")
	return nil
}

func (b *bench) small() error {
	c, err := b.sign(21, "small.pdf", "small.signed.pdf")
	if err != nil {
		return err
	}
	row("sign a small file, software key", c, "≤ 20 ms")
	if c, err = b.verify(21, "small.signed.pdf"); err != nil {
		return err
	}
	row("verify it", c, "")
	return nil
}
