package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// outcome is what became of one test.
type outcome struct {
	action  string // pass, fail, skip; "": did not run
	seconds float64
	output  []string // of a test that failed
}

// fullForm are the variables that make tests long.
var fullForm = []string{"KYSO_TORTURE=full", "KYSO_NIGHTLY=1", "KYSO_KILLS=1000"}

// runTests runs what the rows need, package by package.
func runTests(found map[string][]test, chosen []row, full bool) (map[test]outcome, error) {
	wanted := map[string][]string{} // package → tests
	for _, r := range chosen {
		for _, t := range found[r.id] {
			wanted[t.pkg] = append(wanted[t.pkg], t.name)
		}
	}
	results := map[test]outcome{}
	for _, pkg := range sortedKeys(wanted) {
		names := wanted[pkg]
		slices.Sort(names)
		for _, pattern := range patterns(slices.Compact(names)) {
			fmt.Fprintf(os.Stdout, "%s %s\n", pkg, pattern)
			if err := goTest(results, pkg, pattern, full); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// patterns are the values of -run: one for all functions, one for all scripts.
func patterns(names []string) (list []string) {
	var functions, scripts []string
	for _, n := range names {
		if parent, script, ok := strings.Cut(n, "/"); ok {
			scripts = append(scripts, regexp.QuoteMeta(script))
			_ = parent
		} else {
			functions = append(functions, n)
		}
	}
	if len(functions) > 0 {
		list = append(list, "^("+strings.Join(functions, "|")+")$")
	}
	if len(scripts) > 0 {
		list = append(list, "^TestScripts$/^("+strings.Join(scripts, "|")+")$")
	}
	return list
}

// event is one line of `go test -json`.
type event struct {
	Action, Test, Output string
	Elapsed              float64
}

func goTest(results map[test]outcome, pkg, pattern string, full bool) error {
	c := exec.Command("go", "test", "-json", "-count=1", "-timeout=10h", "-run", pattern, pkg)
	c.Env = os.Environ()
	if full {
		c.Env = append(c.Env, fullForm...)
	}
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	readEvents(results, pkg, out)
	var failed *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &failed) {
		return err // a test that fails is a verdict, and no error of this program
	}
	return nil
}

func readEvents(results map[test]outcome, pkg string, r io.Reader) {
	output := map[string][]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		top := e.Test
		if parent, rest, ok := strings.Cut(e.Test, "/"); ok && parent != "TestScripts" {
			top = parent
		} else if ok {
			script, _, _ := strings.Cut(rest, "/")
			top = parent + "/" + script
		}
		switch {
		case e.Action == "output":
			output[top] = append(output[top], e.Output)
		case e.Test == top && slices.Contains([]string{"pass", "fail", "skip"}, e.Action):
			o := outcome{action: e.Action, seconds: e.Elapsed}
			if e.Action == "fail" {
				o.output = output[top]
			}
			results[test{pkg, top}] = o
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
