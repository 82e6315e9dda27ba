package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// traced runs the command under strace with further arguments of strace, and
// returns the calls, one a line, each where it ended.
func (r *rig) traced(c *exec.Cmd, args ...string) (called, string) {
	r.t.Helper()
	log := filepath.Join(r.t.TempDir(), "strace")
	c.Args = append(append([]string{"strace", "-f", "-qq", "-o", log}, args...), append([]string{r.program}, c.Args[1:]...)...)
	c.Path = lookPath(r.t, "strace")
	got := r.run(c)
	return got, joinCalls(string(readFile(r.t, log)))
}

// lookPath finds a tool; the test fails without it.
func lookPath(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatalf("%s is needed: %v (make tools)", tool, err)
	}
	return path
}

var (
	unfinished = regexp.MustCompile(`^([0-9]+) +(.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^([0-9]+) +<\.\.\. \S+ resumed>(.*)$`)
	padding    = regexp.MustCompile(`\) += `) // strace moves short lines to a column
)

// joinCalls puts calls together that strace shows in two parts, since another
// thread made one meanwhile.
func joinCalls(log string) string {
	begun := map[string]string{}
	var lines []string
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		if m := unfinished.FindStringSubmatch(line); m != nil {
			begun[m[1]] = m[1] + " " + m[2]
			continue
		}
		if m := resumed.FindStringSubmatch(line); m != nil {
			line = begun[m[1]] + strings.TrimPrefix(m[2], " ")
			delete(begun, m[1])
		}
		lines = append(lines, padding.ReplaceAllString(line, ") = "))
	}
	for _, line := range begun { // never came back
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestJoinCalls(t *testing.T) {
	got := joinCalls("1 fsync(3 <unfinished ...>\n2  write(4, \"x\", 1)                       = 1\n1 <... fsync resumed>)                   = 0\n2 exit_group(0 <unfinished ...>\n")
	if want := "2  write(4, \"x\", 1) = 1\n1 fsync(3) = 0\n2 exit_group(0\n"; got != want {
		t.Errorf("%q", got)
	}
}

// insideNamespace is set in the process that inNamespace starts.
const insideNamespace = "KYSO_TEST_NAMESPACE"

// inNamespace runs the test that calls it again, in namespaces of its own
// ("--mount", "--net"), where it is root: what it mounts nobody else sees, and
// it ends with it. It returns true in the outer process, whose work is done.
func inNamespace(t *testing.T, kinds ...string) bool {
	t.Helper()
	if os.Getenv(insideNamespace) == t.Name() {
		return false
	}
	self, err := os.Executable()
	must(t, err)
	args := kinds
	if os.Getuid() != 0 {
		args = append([]string{"--map-root-user"}, kinds...)
	}
	c := exec.Command(lookPath(t, "unshare"), append(args, self, "-test.run", "^"+t.Name()+"$", "-test.count=1", "-test.v")...)
	c.Env = append(os.Environ(), insideNamespace+"="+t.Name(), programVariable+"="+linkProgram(t))
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "--- PASS: "+t.Name()) && err == nil {
		t.Errorf("did not run\n%s", out)
	}
	return true
}

// brokeRuntime tells whether a fault hit a call of Go's runtime, which then
// gives up (nothing that a disk does), or of a variable of the tests, which are
// in the same program here.
func brokeRuntime(got called) bool {
	return strings.Contains(got.err, "runtime: netpoll") || strings.Contains(got.err, "cmd/kyso.init()")
}
