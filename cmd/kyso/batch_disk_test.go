//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/testdata/form"
)

// newDesk is a rig without a token: a key file, which is faster.
func newDesk(t *testing.T, files int) *rig {
	t.Helper()
	home(t)
	r := &rig{t: t, program: linkProgram(t), files: files}
	r.dir, _ = os.Getwd()
	newWorld(t)
	if err := os.Mkdir("in", 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		writeFile(t, inputName(i), form.PDF)
	}
	return r
}

func (r *rig) desk(more ...string) *exec.Cmd {
	args := []string{"sign", "--recursive", "in", "--out-dir", "out", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"}
	return r.kyso(append(args, more...)...)
}

// W01: the order of the calls for one output: an exclusive temporary file in
// the same folder, written, synced, named, the folder synced, the record of the
// journal synced.
func TestOrderOfCalls(t *testing.T) {
	r := newDesk(t, 2)
	got, log := r.traced(r.desk("--jobs", "1", "--journal", "run.journal"), "-y", "-e", "trace=openat,write,pwrite64,fsync,renameat2,rename,fchmod,unlinkat")
	got.want(t, 0)
	steps := []string{
		`openat\([0-9]+<[^>]*/out>, "\.kyso-[0-9a-f]{16}\.tmp", O_RDWR\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600\)`,
		`(write|pwrite64)\(.*/out/\.kyso-`,
		`write\(.*/run\.journal>, "\{\\"intend\\"`,
		`fchmod\(.*/out/\.kyso-.*, 0644\)`,
		`fsync\(.*/out/\.kyso-.*\) = 0`,
		`renameat2?\([0-9]+<[^>]*/out>, "\.kyso-[0-9a-f]{16}\.tmp", [0-9]+<[^>]*/out>, "0001\.pdf"`,
		`fsync\([0-9]+<[^>]*/out>\) = 0`,
		`write\(.*/run\.journal>, "\{\\"done\\"`,
		`fsync\(.*/run\.journal>\) = 0`,
		`openat\([0-9]+<[^>]*/out>, "\.kyso-[0-9a-f]{16}\.tmp", O_RDWR\|O_CREAT\|O_EXCL`, // the second file
	}
	at := 0
	for _, step := range steps {
		where := regexp.MustCompile(step).FindStringIndex(log[at:])
		if where == nil {
			t.Fatalf("no %s in\n%s", step, log[at:])
		}
		at += where[1]
	}
	if regexp.MustCompile(`openat\([^\n]*"in/[^\n]*O_(WRONLY|RDWR)`).MatchString(log) {
		t.Error("an input was opened for writing")
	}
}

// W06: a call that fails from its first, third or tenth time on, in a run over
// several files: what has a name is valid, the exit is 0 only when that is all
// of them, and no temporary file stays.
func TestFailingCalls(t *testing.T) {
	r := newDesk(t, 4)
	// No write that fails for ever: Go's runtime wakes its threads by one, and
	// gives up without a word. TestFullDisk does that with a real disk.
	for _, fault := range []string{"pread64:error=EIO",
		"fsync:error=EIO", "renameat2:error=EIO", "fchmod:error=EPERM"} {
		for _, when := range []int{1, 3, 10} {
			t.Run(fmt.Sprintf("%s %d", fault, when), func(t *testing.T) {
				r.t = t
				must(t, os.RemoveAll("out"))
				call, _, _ := strings.Cut(fault, ":")
				got, log := r.traced(r.desk("--jobs", "2"), "-e", "trace="+call, "-e", "inject="+fault+fmt.Sprintf(":when=%d+", when))
				if when == 1 && !strings.Contains(log, "(INJECTED)") {
					t.Errorf("nothing failed\n%s", log)
				}
				if strings.Contains(got.err+got.out, "goroutine ") {
					t.Error(got.err)
				}
				done := r.outputs()
				told := strings.Contains(got.err, "standard output can't be written")
				if (got.code == 0) != (len(done) == 4) && !(told && got.code == exitFailed) {
					t.Errorf("exit %d with %d outputs\n%s", got.code, len(done), got.err)
				}
				r.validAll(done)
				r.inputsAsBefore()
			})
		}
	}
}

// validAll wants each file valid; the certificate's source of revocation is
// not asked.
func (r *rig) validAll(files []string) {
	r.t.Helper()
	if len(files) > 0 {
		args := append([]string{"verify", "--trust", "root.pem", "--ignore-revocation"}, files...)
		r.run(r.kyso(args...)).want(r.t, 0)
	}
}

// W06: a full disk stops the run at once, with exit 1, what is done safe, and
// the command for going on; it goes on when there is room.
func TestFullDisk(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	r := newDesk(t, 40)
	must(t, os.Mkdir("out", 0o700))
	must(t, syscall.Mount("tmpfs", "out", "tmpfs", 0, "size=256k"))
	t.Cleanup(func() { _ = syscall.Unmount(filepath.Join(r.dir, "out"), syscall.MNT_DETACH) })
	got := r.run(r.desk("--jobs", "2", "--journal", "run.journal"))
	got.want(t, exitFailed, "no room left on the disk", "are done and safe", "--resume")
	done := r.outputs()
	if len(done) == 0 || len(done) > 12 {
		t.Errorf("%d outputs on a disk of 256 KB", len(done))
	}
	if n := strings.Count(got.err, "no room left"); n != 1 {
		t.Errorf("told %d times", n)
	}
	r.validAll(done)
	must(t, syscall.Mount("tmpfs", "out", "tmpfs", syscall.MS_REMOUNT, "size=4m"))
	r.run(r.desk("--jobs", "2", "--journal", "run.journal", "--resume")).want(t, 0)
	if n := len(r.outputs()); n != 40 {
		t.Errorf("%d outputs, want 40", n)
	}
	r.validAll(r.outputs())
}

// W06: no inode left.
func TestNoInodes(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	r := newDesk(t, 10)
	must(t, os.Mkdir("out", 0o700))
	must(t, syscall.Mount("tmpfs", "out", "tmpfs", 0, "nr_inodes=6"))
	t.Cleanup(func() { _ = syscall.Unmount(filepath.Join(r.dir, "out"), syscall.MNT_DETACH) })
	r.run(r.desk("--jobs", "2")).want(t, exitFailed, "no room left on the disk")
	r.validAll(r.outputs())
}

// W07: an output folder that can't be had is told before the key is asked.
func TestOutputFolder(t *testing.T) {
	r := newRig(t, 2)
	writeFile(t, "out", []byte("a file"))
	r.run(r.command()).want(t, exitSome)
	if n := r.driver.Count("login:user"); n != 0 {
		t.Errorf("%d logins for a folder that is a file", n)
	}
}

// W05: a signal ends the run in good order within a second: what is done
// stays, nothing is half written, the token is logged out.
func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			r := newRig(t, 200)
			r.driver.Set("delay=C_Sign:20")
			c := r.command("--jobs", "4", "--journal", "run.journal")
			var errs bytes.Buffer
			c.Stderr = &errs
			must(t, c.Start())
			waitFor(t, func() bool { return r.driver.Count("C_Sign") > 5 })
			start := time.Now()
			must(t, c.Process.Signal(sig))
			_ = c.Wait()
			t.Logf("ended after %v", time.Since(start)) // at most 1 s, on a machine that does nothing else
			called{c.ProcessState.ExitCode(), "", errs.String()}.want(t, exitInterrupted, "are done and safe", "--resume")
			done := r.outputs()
			if len(done) == 0 || len(done) == 200 {
				t.Errorf("%d outputs", len(done))
			}
			r.verifyAll(done)
			if r.driver.Count("C_Logout")+r.driver.Count("C_CloseAllSessions")+r.driver.Count("C_Finalize") == 0 {
				t.Error("the token was not logged out")
			}
			if n := bytes.Count(readFile(t, "run.journal"), []byte(`"done"`)); n != len(done) {
				t.Errorf("%d records for %d outputs", n, len(done))
			}
		})
	}
}

// W17: standard output that is closed, or full: no panic, not exit 0, and no
// temporary file.
func TestStandardOutput(t *testing.T) {
	closed, w, err := os.Pipe()
	must(t, err)
	must(t, closed.Close())
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	for name, out := range map[string]*os.File{"closed": w, "full": full} {
		t.Run(name, func(t *testing.T) {
			r := newDesk(t, 30)
			c := r.desk("--json", "--jobs", "4")
			c.Stdout = out
			var errs bytes.Buffer
			c.Stderr = &errs
			_ = c.Run()
			if code := c.ProcessState.ExitCode(); code != exitFailed {
				t.Errorf("exit %d (%v), want %d", code, c.ProcessState, exitFailed)
			}
			if !strings.Contains(errs.String(), "standard output can't be written") || strings.Contains(errs.String(), "goroutine") {
				t.Error(errs.String())
			}
			done := r.outputs()
			if len(done) == 30 {
				t.Error("the run went on with nobody to tell")
			}
			r.validAll(done)
		})
	}
}

// W17: standard error closed does no harm.
func TestStandardErrorClosed(t *testing.T) {
	r := newDesk(t, 5)
	c := r.kyso("sign", "--recursive", "in", "--out-dir", "out", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem")
	c.Args = []string{"sh", "-c", `exec "$0" "$@" 2>&-`, r.program, "sign", "--recursive", "in", "--out-dir", "out", "--invisible",
		"--key", "key.pem", "--cert-file", "cert.pem", "--json"}
	sh, err := exec.LookPath("sh")
	must(t, err)
	c.Path = sh
	out, err := c.Output()
	must(t, err)
	if n := bytes.Count(out, []byte("\n")); n != 5 {
		t.Errorf("%d lines, want 5", n)
	}
	r.validAll(r.outputs())
}

// W11: what is no file, an empty one, and one that grows are refused; the
// others are signed.
func TestOddInputs(t *testing.T) {
	r := newDesk(t, 1)
	must(t, syscall.Mkfifo("pipe.pdf", 0o600))
	writeFile(t, "empty.pdf", nil)
	must(t, os.Mkdir("folder.pdf", 0o700))
	got := r.run(r.kyso("sign", "pipe.pdf", "empty.pdf", "/dev/zero", inputName(0), "--out-dir", "out", "--invisible",
		"--key", "key.pem", "--cert-file", "cert.pem", "--json"))
	got.want(t, exitSome)
	var exits []float64
	for _, l := range got.lines(t) {
		exits = append(exits, l["exit"].(float64))
	}
	if want := []float64{exitUsage, exitDocument, exitUsage, 0}; !slices.Equal(exits, want) {
		t.Errorf("exits %v, want %v\n%s", exits, want, got.out)
	}
	r.run(r.kyso("sign", "folder.pdf", "--key", "key.pem", "--cert-file", "cert.pem")).want(t, exitUsage)
	r.validAll(r.outputs())
}

// W11: an input that is written to while it is signed gives no output.
func TestInputChanges(t *testing.T) {
	r := newRig(t, 1)
	r.driver.Set("delay=C_Sign:500")
	c := r.command("--json")
	var out bytes.Buffer
	c.Stdout = &out
	must(t, c.Start())
	waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
	f, err := os.OpenFile(inputName(0), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString("\n% one more line\n")
	must(t, err)
	must(t, f.Close())
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("exit %d, want %d: %s", code, exitFailed, out.String())
	}
	if n := len(r.outputs()); n != 0 {
		t.Errorf("%d outputs", n)
	}
}
