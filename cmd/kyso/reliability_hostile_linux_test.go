package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostileMemory is what a hostile file of n bytes may cost: what is resident at
// most. reliability.md, section 6.
func hostileMemory(n int64) int64 { return max(256<<20, 96<<20+n*12/10) }

// TestHostileFiles: each of rows Z01 to Z31 that is a file gives a verdict and
// is signed or refused, by the program itself, within 256 MB, more for the two
// that are larger than that. A deadline ends what hangs; it is no measure.
func TestHostileFiles(t *testing.T) {
	r := newDesk(t, 0)
	rows := map[string]bool{}
	for _, h := range hostileFiles() {
		rows[h.row] = true
		t.Run(h.row+" "+h.name, func(t *testing.T) {
			for _, signed := range []bool{false, true} {
				must(t, os.WriteFile("hostile.pdf", h.make(signed), 0o600))
				must(t, os.RemoveAll("used.json"))
				r.endures(t, "verify", "hostile.pdf", "--json")
				r.endures(t, "sign", "hostile.pdf", "--dry-run", "--json", "--at", "bottom-right", "--key", "key.pem", "--cert-file", "cert.pem")
			}
		})
	}
	for _, row := range []string{
		"Z01", "Z02", "Z03", "Z04", "Z05", "Z06", "Z07", "Z08", "Z09", "Z10", "Z11", "Z12", "Z13", "Z14", "Z15", "Z16",
		"Z17", "Z18", "Z19", "Z20", "Z21", "Z22", "Z23", "Z24", "Z25", "Z26", "Z27", "Z28", "Z30", "Z31",
	} {
		if !rows[row] {
			t.Errorf("no file for row %s", row)
		}
	}
}

// endures runs the program on a hostile file and wants one line of JSON, with a
// verdict or a plan or an error that has a code of its own.
func (r *rig) endures(t *testing.T, args ...string) {
	t.Helper()
	const deadline = 60 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c := exec.CommandContext(ctx, "kyso-measure", append([]string{"used.json", r.program}, args...)...)
	c.Dir = r.dir
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	must(t, c.Start())
	_ = c.Wait()
	var use used
	must(t, json.Unmarshal(readFile(t, "used.json"), &use))
	var answer struct {
		Verdict string
		Field   string
		Error   *struct{ Code, Message string }
	}
	err := json.Unmarshal([]byte(out.String()), &answer)
	switch {
	case ctx.Err() != nil:
		t.Errorf("%s: no end", args[0])
	case err != nil || use.Exit < 0:
		t.Errorf("%s: exit %d, %v\n%.300s\n%.1000s", args[0], use.Exit, err, out.String(), errs.String())
	case answer.Error != nil && answer.Error.Code == "failed":
		t.Errorf("%s: an error without a code: %s", args[0], answer.Error.Message)
	case answer.Verdict == "" && answer.Field == "" && answer.Error == nil:
		t.Errorf("%s: no answer: %.300s", args[0], out.String())
	}
	if info, err := os.Stat("hostile.pdf"); err != nil || use.Peak > hostileMemory(info.Size()) {
		t.Errorf("%s: %d MB of memory", args[0], use.Peak>>20)
	}
	t.Logf("%s: %v of CPU, %d MB, %s %v", args[0], use.CPU, use.Peak>>20, answer.Verdict, answer.Error)
}

// used is what a process took.
type used struct {
	Exit int // below 0: a signal
	Peak int64
	CPU  time.Duration
}

func init() { programs["kyso-measure"] = measure }

// measure is a program of the tests: it runs another and writes what that took.
// A process inherits the peak of the one that starts it, and the tests
// themselves have a high one.
func measure() {
	c := exec.Command(os.Args[2], os.Args[3:]...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if _ = c.Run(); c.ProcessState == nil { // how it ended is what is measured
		os.Exit(1)
	}
	s := c.ProcessState
	data, err := json.Marshal(used{s.ExitCode(), s.SysUsage().(*syscall.Rusage).Maxrss << 10, s.UserTime() + s.SystemTime()})
	if err != nil || os.WriteFile(os.Args[1], data, 0o600) != nil {
		os.Exit(1)
	}
}
