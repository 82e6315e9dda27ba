package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// target is a system that a release has a binary for, and its C compiler.
type target struct{ os, arch, cc string }

// targets: the compilers are Debian's gcc, gcc-aarch64-linux-gnu,
// gcc-mingw-w64-x86-64 and gcc-mingw-w64-i686. docs/release.md has darwin.
var targets = []target{
	{"linux", "amd64", "x86_64-linux-gnu-gcc"},
	{"linux", "arm64", "aarch64-linux-gnu-gcc"},
	{"windows", "amd64", "x86_64-w64-mingw32-gcc"},
	{"windows", "386", "i686-w64-mingw32-gcc"},
}

// maxBinary is the promised size of the program with its fonts and PDFium, in
// bytes.
const maxBinary = 40_000_000

func (t target) String() string { return t.os + "/" + t.arch }
func (t target) folder() string { return t.os + "_" + t.arch }

func (t target) program() string {
	if t.os == "windows" {
		return "kyso.exe"
	}
	return "kyso"
}

func choose(only string) ([]target, error) {
	if only == "" {
		return targets, nil
	}
	var chosen []target
	for _, name := range strings.Split(only, ",") {
		n := len(chosen)
		for _, t := range targets {
			if t.String() == name {
				chosen = append(chosen, t)
			}
		}
		if len(chosen) == n {
			return nil, fmt.Errorf("no system %q", name)
		}
	}
	return chosen, nil
}

// buildArgs make the same bytes of the same sources wherever they are: no
// path, no state of a repository, no symbol table.
func (d *dist) buildArgs(to string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=" + d.version, "-o", to, "./cmd/kyso"}
}

// build makes the program and holds it to its size.
func (d *dist) build(t target, sources, to string, env []string) error {
	to, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", d.buildArgs(to)...)
	cmd.Dir = sources
	cmd.Env = append(env[:len(env):len(env)], "GOOS="+t.os, "GOARCH="+t.arch, "CC="+t.cc, "CGO_ENABLED=1", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build for %s: %w\n%s", t, err, out)
	}
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "  %s: %.1f MB\n", to, float64(info.Size())/1e6)
	if info.Size() > maxBinary {
		return fmt.Errorf("%s has %d bytes; at most %d are promised", t, info.Size(), maxBinary)
	}
	return nil
}
