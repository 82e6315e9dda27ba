package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

// rarePIN is a PIN that nothing else looks like.
const rarePIN = "K14-bi-mat-9Qz"

// newRareRig is newRig with that PIN, in the file "pin".
func newRareRig(t *testing.T, files int) *rig {
	t.Helper()
	r := newRig(t, files)
	s := testpki.NewSoftHSM(t)
	s.PIN = rarePIN
	key := testpki.Key(testpki.RSA2048, "person")
	s.Signer("hiếm", key, r.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public()}))
	r.driver = fakep11.New(t, s.Module)
	writeFile(t, "pin", []byte(rarePIN))
	return r
}

// family are a process and the processes below it.
func family(pid int) []int {
	all := []int{pid}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for i := 0; i < len(all); i++ {
		for _, stat := range stats {
			data, err := os.ReadFile(stat)
			if err != nil {
				continue
			}
			// pid (name) state ppid
			fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			if len(fields) > 1 && fields[1] == strconv.Itoa(all[i]) {
				all = append(all, child)
			}
		}
	}
	return all
}

// shows tells where others can read the PIN of a process; a file that may not
// be read shows nothing.
func shows(pid int, files ...string) []string {
	var found []string
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
		if err == nil && bytes.Contains(data, []byte(rarePIN)) {
			found = append(found, name)
		}
	}
	return found
}

func commandLine(pid int) string {
	data, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	return string(data)
}

// K12, K13: neither the command line nor the environment of the program and of
// its children shows the PIN, however it was given. What the caller put into the
// environment stands in the program's own until it ends, but in no child's.
func TestK12K13ProcShowsNoPIN(t *testing.T) {
	for _, c := range []struct {
		name  string
		args  []string
		setup func(t *testing.T, c *exec.Cmd)
		own   []string // files of the program itself that are looked at
	}{
		{"file", []string{"--pin-file", "pin"}, func(*testing.T, *exec.Cmd) {}, []string{"cmdline", "environ"}},
		{"descriptor", []string{"--pin-fd", "3"}, func(t *testing.T, c *exec.Cmd) {
			f, err := os.Open("pin")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			c.ExtraFiles = []*os.File{f}
		}, []string{"cmdline", "environ"}},
		{"variable", nil, func(_ *testing.T, c *exec.Cmd) { c.Env = append(c.Env, "KYSO_PIN="+rarePIN) }, []string{"cmdline"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRareRig(t, 1)
			r.driver.Set("delay=C_Initialize:2500") // until the child was seen
			cmd := r.kyso(append([]string{"sign", inputName(0), "-o", "out.pdf", "--invisible", "--module", r.driver.Path}, c.args...)...)
			c.setup(t, cmd)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			look := func() (children int) {
				pids := family(cmd.Process.Pid)
				if found := shows(pids[0], c.own...); found != nil {
					t.Errorf("the program shows the PIN in %v", found)
				}
				for _, pid := range pids[1:] {
					if commandLine(pid) == commandLine(pids[0]) {
						continue // forked, and still in the memory of its parent
					}
					children++
					if found := shows(pid, "cmdline", "environ"); found != nil {
						t.Errorf("a child shows the PIN in %v", found)
					}
				}
				return children
			}
			waitFor(t, func() bool { return look() > 0 })
			r.driver.Unset("delay")
			waitFor(t, func() bool { look(); return ended(cmd.Process.Pid) })
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

// K12: no flag takes a PIN or a password as its value.
func TestK12NoFlagTakesASecret(t *testing.T) {
	r := newRareRig(t, 1)
	for _, flag := range []string{"--pin", "--password", "--p12-password", "--pdf-password", "--tsa-password", "--encrypt-password", "--key-password"} {
		got := r.run(r.command(flag, rarePIN))
		got.want(t, exitUsage)
		if strings.Contains(got.out+got.err, rarePIN) {
			t.Errorf("%s: the message repeats the secret: %s%s", flag, got.out, got.err)
		}
	}
}

// K14: the PIN stands in nothing that the program writes: text, JSON, --verbose,
// report, journal, guard file, cache, outputs, nor in the traces of a crash.
func TestK14NothingWrittenHoldsThePIN(t *testing.T) {
	more := []string{"--verbose", "--journal", "run.journal", "--report", "run.json", "--force"}
	looks := func(t *testing.T, r *rig, got called) {
		t.Helper()
		if strings.Contains(got.out+got.err, rarePIN) {
			t.Errorf("the program says the PIN:\n%s%s", got.out, got.err)
		}
		err := filepath.WalkDir(filepath.Dir(r.dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || filepath.Base(path) == "pin" {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(rarePIN)) {
				t.Errorf("%s holds the PIN", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		name   string
		driver string // a line for the driver
		more   []string
		exit   int
	}{
		{"all is well", "delay=C_Sign:1", nil, 0},
		{"JSON", "delay=C_Sign:1", []string{"--json"}, 0},
		{"the PIN is wrong", "fail=C_Login:0:0xA0", nil, exitWrongPIN},
		{"a driver that fails at the login", "fail=C_Login:0:0x30", []string{"--json"}, exitToken},
		{"a driver that fails at the signature", "fail=C_Sign:0:0x05", nil, exitToken},
		{"the token is pulled out", "removed=1", []string{"--json"}, exitToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRareRig(t, 3)
			r.driver.Set(c.driver)
			got := r.run(r.command(append(c.more, more...)...))
			got.want(t, c.exit)
			looks(t, r, got)
		})
	}
	t.Run("a crash", func(t *testing.T) {
		r := newRareRig(t, 1)
		r.driver.Set("delay=C_Sign:60000")
		cmd := r.command(more...)
		cmd.Env = append(cmd.Env, "GOTRACEBACK=system")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		_ = cmd.Wait()
		if !strings.Contains(out.String(), "goroutine ") {
			t.Errorf("no trace: %s", out.String())
		}
		looks(t, r, called{out: out.String()})
	})
}

// atTerminal starts the program with a terminal of its own and reads up to the
// question for the PIN.
func atTerminal(t *testing.T, r *rig, args ...string) (*exec.Cmd, *os.File) {
	t.Helper()
	cmd := r.kyso(append([]string{"sign", inputName(0), "-o", "out.pdf", "--invisible", "--module", r.driver.Path, "--lang", "en"}, args...)...)
	person, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close(); _ = cmd.Process.Kill() })
	return cmd, person
}

// echoes tells whether a terminal shows what is typed. Both ends share it.
func echoes(t *testing.T, person *os.File) bool {
	t.Helper()
	raw, err := person.SyscallConn() // Fd would make reading block for good
	if err != nil {
		t.Fatal(err)
	}
	var state *unix.Termios
	if cerr := raw.Control(func(fd uintptr) { state, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) }); cerr != nil || err != nil {
		t.Fatal(cerr, err)
	}
	return state.Lflag&unix.ECHO != 0
}

// exitOf waits for the end while the screen is read, as a terminal does.
func exitOf(t *testing.T, cmd *exec.Cmd, person *os.File) (code int, screen string) {
	t.Helper()
	var b bytes.Buffer
	_ = person.SetReadDeadline(time.Now().Add(30 * time.Second))
	_, err := b.ReadFrom(person)
	if err != nil && !errors.Is(err, syscall.EIO) { // EIO: the other end is closed
		t.Fatalf("screen %q: %v", b.String(), err)
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), b.String()
}

// pinQuestion stands in the question alone; a warning says "PIN of token" too.
const pinQuestion = "\" (serial "

// K17: Ctrl-C at the question for the PIN gives the echo back, exit 130, and
// nothing was tried.
func TestK17InterruptAtThePrompt(t *testing.T) {
	r := newRareRig(t, 1)
	cmd, person := atTerminal(t, r)
	readUntil(t, person, pinQuestion)
	if echoes(t, person) {
		t.Error("the terminal echoes while the PIN is asked")
	}
	if _, err := person.WriteString("K14\x03"); err != nil {
		t.Fatal(err)
	}
	code, screen := exitOf(t, cmd, person)
	if code != exitInterrupted || strings.Contains(screen, "K14") {
		t.Errorf("exit %d, screen %q", code, screen)
	}
	if n := r.driver.Count("C_Login"); n != 0 {
		t.Errorf("%d logins", n)
	}
	if len(names(t)) == 0 || strings.Contains(names(t), "out.pdf") {
		t.Errorf("files %s", names(t))
	}
}

// K17: after Ctrl-C the terminal itself is as before: a shell would go on there.
func TestK17EchoIsRestored(t *testing.T) {
	r := newRareRig(t, 1)
	person, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close(); slave.Close() }) // held open, as by the shell
	for _, typed := range []string{"\x03", rarePIN + "\r\n"} {
		cmd := r.kyso("sign", inputName(0), "-o", "out.pdf", "--force", "--invisible", "--module", r.driver.Path, "--lang", "en")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		readUntil(t, person, pinQuestion)
		if _, err := person.WriteString(typed); err != nil {
			t.Fatal(err)
		}
		if typed == "\x03" {
			_ = cmd.Wait()
		} else {
			readUntil(t, person, "Check it with")
			_ = cmd.Wait()
		}
		if !echoes(t, person) {
			t.Errorf("typed %q: no echo afterwards (exit %d)", typed, cmd.ProcessState.ExitCode())
		}
	}
	if n := r.driver.Count("login:user"); n != 1 {
		t.Errorf("%d logins: a pasted PIN has its line end taken off once", n)
	}
}

// K17: no terminal is an error that names the ways to give a PIN, not a wait.
func TestK17NoTerminal(t *testing.T) {
	r := newRareRig(t, 1)
	cmd := r.kyso("sign", inputName(0), "-o", "out.pdf", "--invisible", "--module", r.driver.Path, "--lang", "en")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	r.run(cmd).want(t, exitUsage, "--pin-file")
	if n := r.driver.Count("C_Login"); n != 0 {
		t.Errorf("%d logins", n)
	}
}

// K02, K03: a person is told that tries were lost; the last one wants a typed
// yes.
func TestK02K03AtTheTerminal(t *testing.T) {
	type step struct{ question, answer string }
	for _, c := range []struct {
		name   string
		tries  int
		steps  []step
		exit   int
		logins int
		says   string
	}{
		{"two tries left", 2, []step{{pinQuestion, rarePIN + "\n"}}, 0, 1, ""},
		{"the last, yes", 1, []step{{"Type", "yes\n"}, {pinQuestion, rarePIN + "\n"}}, 0, 1, ""},
		{"the last, no", 1, []step{{"Type", "no\n"}}, exitPINLocked, 0, "one PIN try is left"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRareRig(t, 1)
			r.driver.Tries(c.tries)
			cmd, person := atTerminal(t, r)
			seen := ""
			for _, s := range c.steps {
				seen += readUntil(t, person, s.question)
				if _, err := person.WriteString(s.answer); err != nil {
					t.Fatal(err)
				}
			}
			code, screen := exitOf(t, cmd, person)
			seen += screen
			if code != c.exit || !strings.Contains(seen, c.says) || strings.Contains(seen, rarePIN) {
				t.Errorf("exit %d, want %d: %q", code, c.exit, seen)
			}
			if c.tries == 2 && !strings.Contains(seen, "warning") {
				t.Errorf("no warning: %q", seen)
			}
			if n := r.driver.Count("login:user"); n != c.logins {
				t.Errorf("%d logins, want %d", n, c.logins)
			}
		})
	}
}
