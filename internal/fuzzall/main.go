// Command fuzzall runs every fuzz target of the module, each for a given time or
// all for a share of a total, some at once, and prints a table: seeds,
// executions, CPU-seconds. A target without a seed, or that finds something,
// makes it fail. It is a tool of the Makefile and no part of kyso.
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
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	var o options
	flag.DurationVar(&o.each, "time", 20*time.Second, "time for each target")
	flag.DurationVar(&o.total, "total", 0, "time for all targets together, in place of -time")
	flag.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "targets that run at once, each with one worker")
	flag.StringVar(&o.only, "only", "", "regular expression of targets, as package.FuzzName")
	flag.StringVar(&o.log, "log", "", "JSON lines file to which the numbers of this run are added")
	flag.Parse()
	if err := run(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "fuzzall:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

type options struct {
	each, total time.Duration
	jobs        int
	only, log   string
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

func run(w io.Writer, o options) error {
	pattern, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	targets, err := find(".")
	if err != nil {
		return err
	}
	targets = slices.DeleteFunc(targets, func(t target) bool { return !pattern.MatchString(t.pkg + "." + t.name) })
	jobs := min(max(o.jobs, 1), max(len(targets), 1))
	if o.total > 0 && len(targets) > 0 {
		o.each = (o.total * time.Duration(jobs) / time.Duration(len(targets))).Round(time.Second)
	}
	fmt.Fprintf(w, "%d targets, %v each, %d at once\n%-45s %6s %12s %8s\n", len(targets), o.each, jobs, "target", "seeds", "executions", "CPU s")
	t := &table{w: w, log: o.log}
	queue := make(chan target)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for next := range queue {
				t.add(fuzz(next, o.each))
			}
		})
	}
	for _, next := range targets {
		queue <- next
	}
	close(queue)
	workers.Wait()
	fmt.Fprintf(w, "%d passed, %d failed, %d executions, %.0f CPU-seconds\n", t.ran-t.failed, t.failed, t.sum.Executions, t.sum.CPUSeconds)
	if t.failed > 0 || t.ran == 0 || t.err != nil {
		return fmt.Errorf("%d of %d targets failed: %w", t.failed, t.ran, t.err)
	}
	return nil
}

// table is what is printed as the targets end.
type table struct {
	w   io.Writer
	log string

	mu          sync.Mutex
	ran, failed int
	sum         result
	err         error // the last of the log
}

func (t *table) add(r result, output string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ran++
	t.sum.Executions += r.Executions
	t.sum.CPUSeconds += r.CPUSeconds
	fmt.Fprintf(t.w, "%-45s %6d %12d %8.1f\n", r.Target, r.Seeds, r.Executions, r.CPUSeconds)
	if r.Failed {
		t.failed++
		fmt.Fprintf(t.w, "FAILED:\n%s\n", output)
	}
	if err := keep(t.log, r); err != nil {
		t.err = err
	}
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
	output, cpu, err := test("-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), "-fuzzminimizetime=10x", "-parallel=1", "./"+t.pkg)
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
