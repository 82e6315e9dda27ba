//go:build linux

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// W13: a run is killed before each call that locks, writes, syncs or
// names a file. Whatever the point, what has a
// name is valid, and going on signs the rest, each file once.
func TestKilledAtEachCall(t *testing.T) {
	r := newDesk(t, 2)
	killed := 0
	for _, call := range []string{"flock", "write", "pwrite64", "fchmod", "fsync", "renameat2"} {
		t.Run(call, func(t *testing.T) {
			r.t = t
			for when := 1; when <= 40; when++ {
				must(t, os.RemoveAll("out"))
				must(t, os.RemoveAll("run.journal"))
				must(t, os.Mkdir("out", 0o700))
				writeFile(t, "run.journal", nil)
				got, _ := r.traced(r.desk("--jobs", "1", "--journal", "run.journal", "--quiet"),
					"-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, when))
				if got.code == 0 {
					return // the run has fewer of these
				}
				killed++
				r.goesOn(fmt.Sprintf("%s %d", call, when))
			}
		})
	}
	if killed < 12 {
		t.Errorf("killed at %d points only", killed)
	}
}

// goesOn wants that a run that was killed left nothing wrong, and that the next
// one does what is left.
func (r *rig) goesOn(point string) {
	r.t.Helper()
	removeTemps(r.t)
	before := r.outputs()
	r.validAll(before)
	first := map[string]string{}
	for _, name := range before {
		first[name] = string(readFile(r.t, name))
	}
	if got := r.run(r.desk("--jobs", "1", "--journal", "run.journal", "--resume")); got.code != 0 {
		r.t.Errorf("%s: going on ends with %d: %s", point, got.code, got.err)
	}
	done := r.outputs()
	if len(done) != r.files {
		r.t.Errorf("%s: %d outputs, want %d", point, len(done), r.files)
	}
	r.validAll(done)
	for name, data := range first {
		if string(readFile(r.t, name)) != data {
			r.t.Errorf("%s: %s was signed again", point, name)
		}
	}
	for _, name := range done {
		if n := strings.Count(string(readFile(r.t, name)), "/ByteRange"); n != 1 {
			r.t.Errorf("%s: %s has %d signatures", point, name, n)
		}
	}
	journal := string(readFile(r.t, "run.journal"))
	for i := range r.files {
		if n := strings.Count(journal, fmt.Sprintf(`{"done":{"input":"%s"`, inputName(i))); n != 1 {
			r.t.Errorf("%s: %s has %d records", point, inputName(i), n)
		}
	}
	r.inputsAsBefore()
}
