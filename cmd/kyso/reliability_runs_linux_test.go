package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

// W05: SIGPIPE from outside is no reason to end: what is not read shows when
// it is written (W17).
func TestW05Pipe(t *testing.T) {
	r := newRig(t, 30)
	r.driver.Set("delay=C_Sign:20")
	c := r.command("--jobs", "2")
	must(t, c.Start())
	waitFor(t, func() bool { return r.driver.Count("C_Sign") > 3 })
	must(t, c.Process.Signal(syscall.SIGPIPE))
	must(t, c.Wait())
	if n := len(r.outputs()); n != 30 {
		t.Errorf("%d outputs", n)
	}
	r.verifyAll(r.outputs())
}

// W05: the second Ctrl-C ends the program at once, whatever the token does; the
// next run sweeps what it left.
func TestW05SecondInterrupt(t *testing.T) {
	r := newRig(t, 4)
	r.driver.Set("hang=C_Sign")
	c := r.command("--jobs", "2")
	must(t, c.Start())
	waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
	must(t, c.Process.Signal(syscall.SIGINT))
	waitFor(t, func() bool { // until the first has arrived, a second may fall together with it
		_ = c.Process.Signal(syscall.SIGINT)
		return ended(c.Process.Pid)
	})
	_ = c.Wait()
	if state := c.ProcessState; state.Success() || state.ExitCode() > 0 && state.ExitCode() != exitInterrupted {
		t.Errorf("ended with %v", state)
	}
	removeTemps(t)
	if n := len(r.outputs()); n != 0 {
		t.Errorf("%d outputs", n)
	}
	r.driver.Unset("hang")
	r.run(r.command()).want(t, 0)
	r.verifyAll(r.outputs())
	r.inputsAsBefore()
}

// W11: an input that is cut off while it is signed gives no output; what has no
// end, or is larger than the machine's memory, costs little.
func TestW11Truncated(t *testing.T) {
	r := newRig(t, 1)
	r.driver.Set("delay=C_Sign:500")
	c := r.command("--json")
	must(t, c.Start())
	waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
	must(t, os.Truncate(inputName(0), 100))
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("exit %d", code)
	}
	if n := len(r.outputs()); n != 0 {
		t.Errorf("%d outputs", n)
	}
}

// W11: 1 GB (11 GB in the full form) with nothing in them between the header and
// the table costs 256 MB at most.
func TestW11HugeInput(t *testing.T) {
	r := newDesk(t, 0)
	f, err := os.Create("big.pdf")
	must(t, err)
	size := int64(1) << 30
	if full {
		size = 11 << 30
	}
	_, err = f.WriteString("%PDF-1.7\n")
	must(t, err)
	tail := fmt.Sprintf("trailer\n<</Size 1/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", size)
	_, err = f.WriteAt([]byte("xref\n0 1\n0000000000 65535 f \n"+tail), size)
	must(t, err)
	must(t, f.Close())
	for _, command := range [][]string{
		{"verify", "big.pdf", "--json"},
		{"sign", "big.pdf", "--dry-run", "--invisible", "--json", "--key", "key.pem", "--cert-file", "cert.pem"},
		{"doctor", "big.pdf"},
	} {
		c := exec.Command("kyso-measure", append([]string{"used.json", r.program}, command...)...)
		c.Env = append(os.Environ(), r.env...)
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		must(t, c.Run())
		var use used
		must(t, json.Unmarshal(readFile(t, "used.json"), &use))
		got := called{use.Exit, out.String(), errs.String()}
		if got.code <= 0 || strings.Contains(got.err, "goroutine ") {
			t.Errorf("%v: exit %d\n%s", command, got.code, got.err)
		}
		if use.Peak > 256<<20 {
			t.Errorf("%v: %d KB of memory", command, use.Peak>>10)
		}
	}
}

// W12: two runs into one folder, without a journal: each output is made by one
// of them, whole, and the other says that it is there.
func TestW12TwoRunsOneFolder(t *testing.T) {
	const files = 40
	r := newDesk(t, files)
	var outs [2]bytes.Buffer
	var runs [2]*exec.Cmd
	for i := range runs {
		runs[i] = r.desk("--jobs", "2", "--json")
		runs[i].Stdout = &outs[i]
		must(t, runs[i].Start())
	}
	made := 0
	for i, c := range runs {
		_ = c.Wait()
		for _, l := range (called{out: outs[i].String()}).lines(t) {
			switch code := l["exit"].(float64); {
			case code == 0:
				made++
			case l["error"].(map[string]any)["code"] != "output_exists":
				t.Errorf("run %d: %v", i, l)
			}
		}
	}
	if made != files || len(r.outputs()) != files {
		t.Errorf("%d made, %d there, want %d", made, len(r.outputs()), files)
	}
	r.validAll(r.outputs())
}

// W14: a journal whose last line is torn is used without that line; one that is
// damaged before, or of another version, is refused and left as it is.
func TestW14Journal(t *testing.T) {
	const files = 6
	r := newRig(t, files)
	r.run(r.command("--journal", "run.journal", "--jobs", "1")).want(t, 0)
	whole := readFile(t, "run.journal")
	first := map[string][]byte{}
	for _, name := range r.outputs() {
		first[name] = readFile(t, name)
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(whole, []byte("\n")), []byte("\n"))
	last := bytes.LastIndex(whole, []byte(`{"done"`))
	for name, tc := range map[string]struct {
		journal []byte
		signs   int // how many are signed again; -1: refused
	}{
		"torn in the last record":  {whole[:last+20], 0}, // the output is there as intended
		"torn in two":              {bytes.Join(lines[:len(lines)-2], nil)[:len(bytes.Join(lines[:len(lines)-2], nil))-5], -2},
		"empty":                    {nil, -2},
		"another version":          {bytes.Replace(whole, []byte("/1"), []byte("/9"), 1), -1},
		"damaged in the middle":    {bytes.Replace(whole, lines[3], []byte("x\x00\n"), 1), -1},
		"no journal":               {[]byte("a letter\nof two lines\n"), -1},
		"a byte of it turned over": {flipAt(whole, len(lines[0])+len(lines[1])+3), -1},
	} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			writeFile(t, "run.journal", tc.journal)
			for name, data := range first {
				writeFile(t, name, data)
			}
			r.driver.ResetCounts()
			got := r.run(r.command("--journal", "run.journal", "--resume", "--jobs", "1", "--force"))
			if tc.signs == -1 {
				if got.code == 0 || got.code == exitSome || r.driver.Count("C_Sign") != 0 {
					t.Errorf("exit %d after %d signatures: %s", got.code, r.driver.Count("C_Sign"), got.err)
				}
				if !bytes.Equal(readFile(t, "run.journal"), tc.journal) {
					t.Error("the journal was changed")
				}
			} else {
				got.want(t, 0)
				if n := r.driver.Count("sign:real"); tc.signs >= 0 && n != tc.signs {
					t.Errorf("%d signatures, want %d", n, tc.signs)
				}
			}
			r.verifyAll(r.outputs())
			r.inputsAsBefore()
		})
	}
}

func flipAt(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 1
	return data
}

// W15: one byte of the output turned over on its way to the disk, in each write
// in turn: what was written is read back and verified, so there is no output.
func TestW15SelfCheck(t *testing.T) {
	r := newDesk(t, 1)
	ours := regexp.MustCompile(`(?m)^.*/out/\.kyso-.*\(INJECTED.*$`)
	caught := 0
	for _, first := range []string{"58", "20", "00"} { // the first byte of each write
		must(t, os.RemoveAll("out"))
		bad, trace := r.traced(r.kyso(r.one("out/a.pdf")...), "-y", "-e", "trace=write,pwrite64",
			"-e", "inject=write,pwrite64:poke_enter=@arg2="+first+":when=1+")
		caught += len(ours.FindAllString(trace, -1))
		if bad.code != exitFailed || len(r.outputs()) != 0 {
			t.Errorf("exit %d with %v: %s", bad.code, r.outputs(), bad.err)
		}
	}
	if caught == 0 {
		t.Error("no byte was turned over")
	}
	t.Logf("%d writes", caught)
}

// W16: the mode of an output is what the umask leaves, or that of the file it
// replaces; the input's mode, times and attributes stay; the output has the
// time at which it was made, and no attributes.
func TestW16Modes(t *testing.T) {
	r := newDesk(t, 1)
	in := inputName(0)
	must(t, os.Chmod(in, 0o640))
	must(t, syscall.Setxattr(in, "user.note", []byte("mine"), 0))
	before, err := os.Stat(in)
	must(t, err)
	sh := lookPath(t, "sh")
	umasked := func(umask string, more ...string) {
		c := r.kyso(r.one("out/a.pdf", more...)...)
		c.Args = append([]string{"sh", "-c", "umask " + umask + `; exec "$0" "$@"`, r.program}, c.Args[1:]...)
		c.Path = sh
		r.run(c).want(t, 0)
	}
	for umask, want := range map[string]fs.FileMode{"077": 0o600, "022": 0o644, "000": 0o666, "027": 0o640} {
		must(t, os.RemoveAll("out"))
		umasked(umask)
		info, err := os.Stat("out/a.pdf")
		must(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("umask %s: %v, want %v", umask, info.Mode().Perm(), want)
		}
		if !info.ModTime().After(before.ModTime()) {
			t.Error("the output has the input's time")
		}
		if n, err := syscall.Listxattr("out/a.pdf", make([]byte, 1000)); err != nil || n > 0 {
			t.Errorf("%d bytes of attributes, %v", n, err)
		}
	}
	must(t, os.Chmod("out/a.pdf", 0o604))
	umasked("077", "--force")
	if info, _ := os.Stat("out/a.pdf"); info.Mode().Perm() != 0o604 {
		t.Errorf("replaced: %v, want 604", info.Mode().Perm())
	}
	after, err := os.Stat(in)
	must(t, err)
	if !after.ModTime().Equal(before.ModTime()) || after.Mode() != before.Mode() {
		t.Errorf("the input is %v of %v, was %v of %v", after.Mode(), after.ModTime(), before.Mode(), before.ModTime())
	}
	value := make([]byte, 100)
	if n, err := syscall.Getxattr(in, "user.note", value); err != nil || string(value[:n]) != "mine" {
		t.Errorf("the input's attribute is %q, %v", value[:max(n, 0)], err)
	}
}

// W17: no command ends well when what it said could not be written, and none
// panics. (Closed by the shell, ">&-", standard output is /dev/null to a Go
// program: it can't know.)
func TestW17EveryCommand(t *testing.T) {
	r := newDesk(t, 2)
	r.run(r.kyso(r.one("signed.pdf")...)).want(t, 0)
	sh := lookPath(t, "sh")
	key := []string{"--key", "key.pem", "--cert-file", "cert.pem", "--invisible"}
	for _, args := range [][]string{
		{"verify", "signed.pdf", "--trust", "root.pem", "--ignore-revocation"}, {"verify", "signed.pdf", "--json", "--trust", "root.pem", "--ignore-revocation"},
		{"fields", "signed.pdf"}, {"version"}, {"help"}, {"config", "show"}, {"completion", "bash"}, {"sign", "--help"},
		append([]string{"sign", inputName(0), "-o", "-"}, key...), append([]string{"sign", inputName(0), "--dry-run", "--json"}, key...),
		append([]string{"sign", inputName(0), inputName(1), "--out-dir", "two", "--json"}, key...),
	} {
		for how, redirect := range map[string]string{"full": ">/dev/full", "closed": ">&-"} {
			t.Run(strings.Join(args, " ")+" "+how, func(t *testing.T) {
				c := r.kyso(args...)
				c.Args = append([]string{"sh", "-c", `exec "$0" "$@" ` + redirect, r.program}, args...)
				c.Path = sh
				got := r.run(c)
				if got.code == 0 && how == "full" || strings.Contains(got.err, "goroutine ") {
					t.Errorf("exit %d: %s", got.code, got.err)
				}
				temps, _ := filepath.Glob("two/.kyso-*")
				if len(temps) > 0 {
					t.Errorf("left %v", temps)
				}
				must(t, os.RemoveAll("two"))
			})
		}
	}
}

// W17: what is written of JSON before nobody reads on is whole lines.
func TestW17WholeLines(t *testing.T) {
	r := newDesk(t, 30)
	c := r.desk("--json", "--jobs", "2")
	out, err := c.StdoutPipe()
	must(t, err)
	var errs bytes.Buffer
	c.Stderr = &errs
	must(t, c.Start())
	head := make([]byte, 100)
	n, err := out.Read(head)
	must(t, err)
	must(t, out.Close())
	_ = c.Wait()
	if head[0] != '{' || n == 0 || c.ProcessState.ExitCode() != exitFailed {
		t.Errorf("read %q, exit %d: %s", head[:n], c.ProcessState.ExitCode(), errs.String())
	}
	r.validAll(r.outputs())
}

// W19: the exit codes are a contract (../shared/cli.md): number and meaning.
func TestW19ExitCodes(t *testing.T) {
	want := []int{0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 20, 130}
	if !slices.Equal(exitCodes(), want) {
		t.Errorf("%v", exitCodes())
	}
	r := newDesk(t, 1)
	r.run(r.kyso(r.one("signed.pdf")...)).want(t, exitOK)
	changed := flipAt(readFile(t, "signed.pdf"), 30)
	writeFile(t, "changed.pdf", changed)
	writeFile(t, "text.pdf", []byte("no PDF"))
	writeFile(t, "form.pdf", form.PDF)
	for code, args := range map[int][][]string{
		exitOK:            {{"verify", "signed.pdf", "--trust", "root.pem", "--ignore-revocation"}, {"version"}},
		exitFailed:        {{"sign", "nowhere.pdf", "--key", "key.pem", "--cert-file", "cert.pem"}, r.one("signed.pdf")},
		exitUsage:         {{"verify"}, {"verify", "--no-such-flag"}, {"frobnicate"}, {"sign", "form.pdf", "--jobs", "-1"}},
		exitSome:          {{"sign", "form.pdf", "text.pdf", "--out-dir", "some", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"}},
		exitInvalid:       {{"verify", "changed.pdf", "signed.pdf"}, {"verify", "changed.pdf", "text.pdf"}},
		exitIndeterminate: {{"verify", "signed.pdf"}, {"verify", "signed.pdf", "form.pdf"}},
		exitUnsigned:      {{"verify", "form.pdf"}},
		exitNoKey:         {{"sign", "form.pdf", "--module", "/nowhere.so"}},
		exitDocument:      {{"verify", "text.pdf", "signed.pdf"}, {"sign", "text.pdf", "--key", "key.pem", "--cert-file", "cert.pem"}},
		exitService:       {{"sign", "form.pdf", "-o", "x.pdf", "--tsa", "http://127.0.0.1:1/", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"}},
	} {
		for _, a := range args {
			if got := r.run(r.kyso(a...)); got.code != code {
				t.Errorf("%v: exit %d, want %d\n%s%s", a, got.code, code, got.out, got.err)
			}
		}
	}
}

// W18: a run over many files costs no more memory and no more open files at its
// end than after its first tenth: 1,000 files, 10,000 in the full form.
func TestW18ManyFiles(t *testing.T) {
	files := 1000
	if full {
		files = 10_000
	}
	r := newDesk(t, 1)
	for i := 1; i < files; i++ {
		must(t, os.Link(inputName(0), filepath.Join("in", fmt.Sprintf("%05d.pdf", i+1))))
	}
	c := r.desk("--json", "--journal", "run.journal")
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	var memory, most, fds, mostFDs int
	for n := 1; lines.Scan(); n++ {
		if n < files/10 || n%(files/20) != 0 || n == files {
			continue
		}
		kb, open := process(t, c.Process.Pid)
		if memory == 0 {
			memory, fds = kb, open
		}
		most, mostFDs = max(most, kb), max(mostFDs, open)
	}
	must(t, c.Wait())
	const spread = 2 * 4 * 2 // input and output of each job that may be between files
	t.Logf("%d KB, %d open after a tenth; %d KB, %d open at most", memory, fds, most, mostFDs)
	if most > memory+10<<10 || mostFDs > fds+spread || memory == 0 {
		t.Errorf("grew from %d KB to %d KB, from %d to %d open files", memory, most, fds, mostFDs)
	}
	if n := len(r.outputs()); n != files {
		t.Errorf("%d outputs", n)
	}
}

// process is the resident memory of a process in KB, and its open files.
func process(t *testing.T, pid int) (kb, open int) {
	t.Helper()
	status := string(readFile(t, fmt.Sprintf("/proc/%d/status", pid)))
	_, rest, _ := strings.Cut(status, "VmRSS:")
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	must(t, err)
	return kb, len(entries)
}
