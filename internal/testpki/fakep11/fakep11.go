// Package fakep11 builds a faulty PKCS#11 module for tests: it forwards to
// SoftHSM2, counts, and misbehaves as told. Its C source says what it can do.
package fakep11

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/kyso-vn/kyso/internal/testpki"
)

//go:embed src/fakep11.c
var source []byte

// Module is one faulty driver.
type Module struct {
	Path string // the shared library
	t    testpki.T
	conf []string
	log  string
}

var build struct {
	sync.Mutex
	lib []byte
}

// New builds a module over target (SoftHSM2's path). It needs a C compiler.
func New(t testpki.T, target string) *Module {
	t.Helper()
	dir := t.TempDir()
	m := &Module{Path: filepath.Join(dir, "libfakep11.so"), t: t, log: filepath.Join(dir, "calls")}
	if err := os.WriteFile(m.Path, library(t), 0o700); err != nil {
		t.Fatalf("fakep11: %v", err)
	}
	m.Set("target="+target, "log="+m.log)
	return m
}

// library compiles once a process.
func library(t testpki.T) []byte {
	t.Helper()
	build.Lock()
	defer build.Unlock()
	if build.lib != nil {
		return build.lib
	}
	dir := t.TempDir()
	src, out := filepath.Join(dir, "fakep11.c"), filepath.Join(dir, "fakep11.so")
	if err := os.WriteFile(src, source, 0o600); err != nil {
		t.Fatalf("fakep11: %v", err)
	}
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	cmd := exec.Command(cc, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-fvisibility=hidden", "-o", out, src, "-ldl", "-lpthread")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("fakep11: %v\n%s", err, text)
	}
	lib, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("fakep11: %v", err)
	}
	build.lib = lib
	return lib
}

// Set adds lines ("fail=C_Login:1:0xA0"); they hold from the next call on.
func (m *Module) Set(lines ...string) {
	m.t.Helper()
	m.conf = append(m.conf, lines...)
	m.write()
}

// Unset takes away the lines with a key.
func (m *Module) Unset(key string) {
	m.t.Helper()
	var keep []string
	for _, l := range m.conf {
		if !strings.HasPrefix(l, key+"=") {
			keep = append(keep, l)
		}
	}
	m.conf = keep
	m.write()
}

func (m *Module) write() {
	m.t.Helper()
	tmp := m.Path + ".new"
	if err := os.WriteFile(tmp, []byte(strings.Join(m.conf, "\n")+"\n"), 0o600); err != nil {
		m.t.Fatalf("fakep11: %v", err)
	}
	if err := os.Rename(tmp, m.Path+".conf"); err != nil {
		m.t.Fatalf("fakep11: %v", err)
	}
}

// Tries sets the counter of the PIN.
func (m *Module) Tries(n int) {
	m.t.Helper()
	file := m.Path + ".tries"
	if err := os.WriteFile(file, fmt.Appendln(nil, n), 0o600); err != nil {
		m.t.Fatalf("fakep11: %v", err)
	}
	m.Unset("tries")
	m.Set("tries=" + file)
}

// Count tells how often a function was called, by all processes. Besides the
// C_ names: login:user, login:context, sign:real, sign:size.
func (m *Module) Count(name string) int {
	m.t.Helper()
	data, err := os.ReadFile(m.log)
	if err != nil && !os.IsNotExist(err) {
		m.t.Fatalf("fakep11: %v", err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) == name {
			n++
		}
	}
	return n
}

// ResetCounts forgets the calls so far.
func (m *Module) ResetCounts() { _ = os.Remove(m.log) }
