package main

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

// fakeKey is where a script keeps its faulty driver.
type fakeKey struct{}

// fakeHolder is set by the command fakep11.
type fakeHolder struct{ module *fakep11.Module }

func (f *fakeHolder) get(ts *testscript.TestScript) *fakep11.Module {
	if f.module == nil {
		ts.Fatalf("no fakep11 before")
	}
	return f.module
}

// cmdFake puts a counting driver before SoftHSM, which must be there:
// fakep11 [LINE...]; again: adds lines; fakep11 tries=N sets the counter.
func cmdFake(ts *testscript.TestScript, _ bool, lines []string) {
	f := ts.Value(fakeKey{}).(*fakeHolder)
	if f.module == nil {
		f.module = fakep11.New(scriptT{ts}, ts.Getenv("MODULE"))
		ts.Setenv("MODULE", f.module.Path)
		ts.Setenv("MODULENAME", filepath.Base(f.module.Path))
	}
	for _, l := range lines {
		if n, ok := strings.CutPrefix(l, "tries="); ok {
			tries, err := strconv.Atoi(n)
			ts.Check(err)
			f.module.Tries(tries)
			continue
		}
		if key, ok := strings.CutPrefix(l, "not-"); ok {
			f.module.Unset(key)
			continue
		}
		f.module.Set(l)
	}
}

// cmdCalls compares how often the driver was called since the last time:
// calls NAME=N ...
func cmdCalls(ts *testscript.TestScript, _ bool, args []string) {
	m := ts.Value(fakeKey{}).(*fakeHolder).get(ts)
	for _, arg := range args {
		name, want, _ := strings.Cut(arg, "=")
		n, err := strconv.Atoi(want)
		ts.Check(err)
		if got := m.Count(name); got != n {
			ts.Fatalf("%s was called %d times, want %d", name, got, n)
		}
	}
	m.ResetCounts()
}
