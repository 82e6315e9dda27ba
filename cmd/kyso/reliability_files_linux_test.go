package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

// full asks for the long forms (make torture FULL=1).
var full = os.Getenv("KYSO_TORTURE") == "full"

// one signs in/0001.pdf to a name.
func (r *rig) one(output string, more ...string) []string {
	return append([]string{"sign", inputName(0), "-o", output, "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"}, more...)
}

// W02: an output that is the input by another name is refused, also with
// --force, and the input stays as it was.
func TestW02OutputIsInput(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	r := newDesk(t, 1)
	in := inputName(0)
	must(t, os.Link(in, "hard.pdf"))
	must(t, os.Symlink(in, "soft.pdf"))
	must(t, os.Symlink("soft.pdf", "softer.pdf"))
	must(t, os.Symlink("in", "soft"))
	writeFile(t, "bound.pdf", nil)
	must(t, syscall.Mount(in, "bound.pdf", "", syscall.MS_BIND, ""))
	must(t, os.Mkdir("bound", 0o700))
	must(t, syscall.Mount("in", "bound", "", syscall.MS_BIND, ""))
	t.Cleanup(func() {
		_ = syscall.Unmount(filepath.Join(r.dir, "bound.pdf"), syscall.MNT_DETACH)
		_ = syscall.Unmount(filepath.Join(r.dir, "bound"), syscall.MNT_DETACH)
	})
	aliases := []string{in, "./" + in, "in/../" + in, "in//0001.pdf", filepath.Join(r.dir, in), "hard.pdf", "soft.pdf", "softer.pdf",
		"soft/0001.pdf", "bound.pdf", "bound/0001.pdf", "soft/../in/./0001.pdf", "/proc/self/cwd/" + in, "/proc/self/root" + filepath.Join(r.dir, in)}
	for _, alias := range aliases {
		t.Run(alias, func(t *testing.T) {
			r.run(r.kyso(r.one(alias, "--force", "--json")...)).want(t, exitUsage, "output_is_input")
			r.run(r.kyso("sign", alias, "-o", in, "--force", "--json", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem")).want(t, exitUsage, "output_is_input")
			r.run(r.kyso("fields", alias, "--add", "A", "--rect", "10,10,90,90", "-o", in, "--force", "--json")).want(t, exitUsage, "output_is_input")
			r.inputsAsBefore()
		})
	}
	// The folder of the inputs as --out-dir, by its name and by others.
	for _, dir := range []string{"in", "soft", "bound"} {
		r.run(r.kyso("sign", in, "--out-dir", dir, "--force", "--json", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem")).
			want(t, exitUsage, "output_is_input")
		r.inputsAsBefore()
	}
}

// W03: an output that is there is refused; with --force it is replaced whole,
// by a rename.
func TestW03ExistingOutput(t *testing.T) {
	r := newDesk(t, 1)
	must(t, os.Mkdir("out", 0o700))
	writeFile(t, "out/a.pdf", oldOutput)
	r.run(r.kyso(r.one("out/a.pdf", "--json")...)).want(t, exitFailed, "output_exists")
	if !bytes.Equal(readFile(t, "out/a.pdf"), oldOutput) {
		t.Error("it was changed")
	}
	got, log := r.traced(r.kyso(r.one("out/a.pdf", "--force")...), "-e", "trace=openat,open,creat,truncate,renameat,renameat2,rename,unlink,unlinkat")
	got.want(t, 0)
	if m := regexp.MustCompile(`(?m)^.*(open|creat|truncate|unlink)[^\n]*"out/a\.pdf".*$`).FindString(log); m != "" {
		t.Errorf("the old file was touched before the new one had its name: %s", m)
	}
	r.validAll(r.outputs())
}

// faults are calls that fail, for strace.
var faults = []string{"write:error=ENOSPC", "write:error=EDQUOT", "fsync:error=EIO", "fchmod:error=EPERM",
	"renameat,renameat2:error=EXDEV", "pread64:error=EIO", "close:error=EIO", "flock:error=EIO",
	"pwrite64,ftruncate:error=ENOSPC", "newfstatat,fstat:error=EIO", "fcntl:error=EMFILE"}

// W03, W06: every call, failing once, at its first time, its second, and so on
// to its last: with a new output, and over an old one with --force. What is
// asked of one run is in oneFault.
func TestW06EveryCall(t *testing.T) {
	r := newDesk(t, 1)
	r.env = []string{"GOMAXPROCS=1"} // strace counts by thread
	for i, fault := range faults {
		for _, force := range []bool{false, true} {
			if force && i%2 > 0 && !full {
				continue
			}
			t.Run(fmt.Sprintf("%s force=%v", fault, force), func(t *testing.T) {
				r.t = t
				n := 1
				for r.oneFault(fault, n, force) {
					n++
				}
				t.Logf("%d calls", n-1)
			})
		}
	}
}

// oneFault signs while the n-th call fails, and tells whether there was one.
// The output is valid and the exit 0, where the program could do without the
// call; else an error is told, and there is no output, or the old one. There is
// an error beside a new output in two cases only: the folder can't be synced
// behind a --force, and it is standard output that fails.
func (r *rig) oneFault(fault string, n int, force bool) (happened bool) {
	r.t.Helper()
	must(r.t, os.RemoveAll("out"))
	must(r.t, os.Mkdir("out", 0o700))
	args := r.one("out/a.pdf")
	if force {
		writeFile(r.t, "out/a.pdf", oldOutput)
		args = append(args, "--force")
	}
	call, _, _ := strings.Cut(fault, ":")
	got, log := r.traced(r.kyso(args...), "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:when=%d", fault, n))
	happened = strings.Contains(log, "(INJECTED)")
	if brokeRuntime(got) {
		removeTemps(r.t)
		return happened
	}
	done := r.outputs() // tells of anything else in the folder
	old := len(done) == 1 && bytes.Equal(readFile(r.t, "out/a.pdf"), oldOutput)
	switch {
	case got.code == 0 && len(done) == 1 && !old:
		r.validAll(done)
	case got.code != 0 && happened && old == force && len(done) == map[bool]int{true: 1}[force]:
	case got.code == exitFailed && len(done) == 1 && strings.Contains(got.err, "standard output can't be written"):
		r.validAll(done)
	case got.code == exitFailed && len(done) == 1 && force && call == "fsync":
		r.validAll(done)
	default:
		r.t.Errorf("at %d: exit %d with %v, old %v\n%s\n%s", n, got.code, done, old, got.err, log)
	}
	if strings.Contains(got.err, "goroutine ") {
		r.t.Errorf("at %d: %s", n, got.err)
	}
	r.inputsAsBefore()
	return happened
}

var oldOutput = []byte("the only copy of something")

// W06: a limit on the size of files (ulimit -f) is an error like a full disk,
// and not a signal that leaves half a file behind.
func TestW06SizeLimit(t *testing.T) {
	r := newDesk(t, 3)
	prlimit := lookPath(t, "prlimit")
	for _, limit := range []int{0, 1, 4096, len(form.PDF) - 1, len(form.PDF) + 100} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			r.t = t
			c := r.desk("--jobs", "1")
			c.Args = append([]string{"prlimit", fmt.Sprintf("--fsize=%d", limit), r.program}, c.Args[1:]...)
			c.Path = prlimit
			got := r.run(c)
			got.want(t, exitSome, "kyso: error: in/0001.pdf: ", "would be larger than")
			if strings.Contains(got.err, "goroutine ") {
				t.Error(got.err)
			}
			if n := len(r.outputs()); n != 0 {
				t.Errorf("%d outputs", n)
			}
			r.inputsAsBefore()
		})
	}
}
