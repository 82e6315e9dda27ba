package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call the program as kyso.
func TestMain(m *testing.M) {
	testscript.Main(&suite{m}, programs)
}

// programs are what the test binary is under other names.
var programs = map[string]func(){"kyso": main}

// suite takes away what the tests built.
type suite struct{ *testing.M }

func (s *suite) Run() int {
	defer func() {
		if built.dir != "" {
			_ = os.RemoveAll(built.dir)
		}
	}()
	return s.M.Run()
}

// programVariable hands the program that was built to a test that runs itself
// again, in namespaces of its own.
const programVariable = "KYSO_TEST_PROGRAM"

// built is the program as users have it. Tests that watch a process (its calls,
// its memory, its files) don't run their own binary under its name: that one
// holds the tests too, and measures coverage.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// atStart are folder and environment before a test changes them: the build
// finds the package and the build cache by them.
var atStart = func() (s struct {
	dir string
	env []string
}) {
	s.dir, _ = os.Getwd()
	s.env = os.Environ()
	return s
}()

// linkProgram gives the program a place of its own in a folder of the test.
func linkProgram(t *testing.T) string {
	t.Helper()
	source := os.Getenv(programVariable)
	if source == "" {
		built.once.Do(buildProgram)
		if built.err != nil {
			t.Fatal(built.err)
		}
		source = filepath.Join(built.dir, "kyso")
	}
	program := filepath.Join(t.TempDir(), "kyso")
	if os.Link(source, program) == nil {
		return program
	}
	if err := os.WriteFile(program, readFile(t, source), 0o700); err != nil { // another file system
		t.Fatal(err)
	}
	return program
}

func buildProgram() {
	if built.dir, built.err = os.MkdirTemp("", "kyso-program-"); built.err != nil {
		return
	}
	c := exec.Command("go", "build", "-o", filepath.Join(built.dir, "kyso"), ".")
	c.Dir, c.Env = atStart.dir, atStart.env
	if out, err := c.CombinedOutput(); err != nil {
		built.err = fmt.Errorf("go build: %w\n%s", err, out)
	}
}
