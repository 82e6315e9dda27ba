// Command fuzzall runs every fuzz target of the module for a given time, one
// after the other, and prints a table: seeds, executions, CPU-seconds. A target
// without a seed, or that finds something, makes it fail. It is a tool of the
// Makefile and no part of kyso.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	each := flag.Duration("time", 20*time.Second, "time for each target")
	only := flag.String("only", "", "regular expression of targets, as package.FuzzName")
	log := flag.String("log", "", "JSON lines file to which the numbers of this run are added")
	flag.Parse()
	if err := run(os.Stdout, *each, *only, *log); err != nil {
		fmt.Fprintln(os.Stderr, "fuzzall:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

type target struct{ pkg, name string }

// result is one line of the table and of the log.
type result struct {
	Target     string  `json:"target"`
	Seeds      int     `json:"seeds"`
	Executions int     `json:"executions"`
	CPUSeconds float64 `json:"cpu_seconds"`
	Failed     bool    `json:"failed"`
}

func run(w io.Writer, each time.Duration, only, log string) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	targets, err := find(".")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-45s %6s %12s %8s\n", "target", "seeds", "executions", "CPU s")
	failed, ran := 0, 0
	for _, t := range targets {
		if !pattern.MatchString(t.pkg + "." + t.name) {
			continue
		}
		r, output := fuzz(t, each)
		ran++
		fmt.Fprintf(w, "%-45s %6d %12d %8.1f\n", r.Target, r.Seeds, r.Executions, r.CPUSeconds)
		if r.Failed {
			failed++
			fmt.Fprintf(w, "FAILED:\n%s\n", output)
		}
		if err := keep(log, r); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", ran-failed, failed)
	if failed > 0 || ran == 0 {
		return fmt.Errorf("%d of %d targets failed", failed, ran)
	}
	return nil
}

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

func find(root string) ([]target, error) {
	var out []target
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range fuzzFunc.FindAllSubmatch(data, -1) {
			out = append(out, target{filepath.ToSlash(filepath.Dir(path)), string(m[1])})
		}
		return nil
	})
	return out, err
}

var (
	seedLine = regexp.MustCompile(`(?m)^\s+--- (PASS|FAIL): Fuzz\w+/`)
	execs    = regexp.MustCompile(`execs: (\d+)`)
)

// fuzz first runs the seeds alone, which also counts them.
func fuzz(t target, each time.Duration) (result, string) {
	r := result{Target: t.pkg + "." + t.name}
	seeds, _, err := test("-run=^"+t.name+"$", "-v", "./"+t.pkg)
	r.Seeds = len(seedLine.FindAllString(seeds, -1))
	if err != nil || r.Seeds == 0 {
		r.Failed = true
		return r, "no seed, or a seed fails:\n" + tail(seeds)
	}
	// Minimising an interesting input may take the engine a minute, more than
	// all of a short run: ten tries of it.
	output, cpu, err := test("-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), "-fuzzminimizetime=10x", "./"+t.pkg)
	r.CPUSeconds = cpu.Seconds()
	if m := execs.FindAllStringSubmatch(output, -1); m != nil {
		_, _ = fmt.Sscan(m[len(m)-1][1], &r.Executions)
	}
	// The fuzzing engine now and then ends a run at its deadline with this
	// error and no input; it found nothing then.
	r.Failed = err != nil && !(strings.Contains(output, "context deadline exceeded") && !strings.Contains(output, "Failing input"))
	return r, tail(output)
}

func test(args ...string) (string, time.Duration, error) {
	var out bytes.Buffer
	cmd := exec.Command("go", append([]string{"test", "-count=1"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var cpu time.Duration
	if cmd.ProcessState != nil {
		cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	return out.String(), cpu, err
}

// tail is the last part of an output.
func tail(s string) string {
	var lines []string
	for sc := bufio.NewScanner(strings.NewReader(s)); sc.Scan(); {
		lines = append(lines, sc.Text())
	}
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

func keep(path string, r result) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return json.NewEncoder(f).Encode(r)
}
