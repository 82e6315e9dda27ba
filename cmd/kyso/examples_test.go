//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// source is the root of the repository; read before any test changes the
// folder.
var source = func() string {
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		panic(err)
	}
	return dir
}()

// interpreters run the examples. PowerShell is in none of the places that CI
// may install from (Debian, the Go proxy, npm), so that it alone may be missing.
var interpreters = []struct {
	name         string
	sign, verify string
	optional     bool
}{
	{"bash", "sign-folder.sh", "verify-inbox.sh", false},
	{"python3", "sign_folder.py", "verify_inbox.py", false},
	{"pwsh", "sign-folder.ps1", "verify-inbox.ps1", true},
}

// eachInterpreter runs f with the interpreters of this machine.
func eachInterpreter(t *testing.T, f func(t *testing.T, interpreter, sign, verify string)) {
	for _, i := range interpreters {
		t.Run(i.name, func(t *testing.T) {
			if _, err := exec.LookPath(i.name); err != nil {
				if i.optional {
					t.Skipf("%s is not installed, and Debian has no package of it: its examples are not run", i.name)
				}
				t.Fatalf("%s is needed: %v", i.name, err)
			}
			f(t, i.name, i.sign, i.verify)
		})
	}
}

// onPath gives scripts the program under its name.
func (r *rig) onPath() {
	r.t.Setenv("PATH", filepath.Dir(r.program)+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func (r *rig) example(interpreter, script string, args ...string) called {
	c := exec.Command(interpreter, append([]string{filepath.Join(source, "examples", script)}, args...)...)
	c.Dir = r.dir
	c.Env = append(os.Environ(), r.env...)
	return r.run(c)
}

// A folder is signed; what was refused is named, and done by a second run when
// it is mended, with nothing signed twice.
func TestExampleSignsFolder(t *testing.T) {
	eachInterpreter(t, func(t *testing.T, interpreter, script, _ string) {
		r := newRig(t, 3)
		r.onPath()
		writeFile(t, "in/bad.pdf", []byte("no PDF"))
		args := []string{"in", "out", "--invisible", "--module", r.driver.Path, "--pin-file", "pin"}
		r.example(interpreter, script, args...).want(t, exitSome, "in/bad.pdf", "not signed")
		writeFile(t, "in/bad.pdf", form.PDF)
		r.example(interpreter, script, args...).want(t, 0)
		if n := r.driver.Count("sign:real"); n != 4 {
			t.Errorf("%d signatures for 4 files", n)
		}
		done, err := filepath.Glob("out/*.pdf")
		must(t, err)
		r.verifyAll(done)
		if len(done) != 4 {
			t.Errorf("%d outputs", len(done))
		}
		r.example(interpreter, script).want(t, exitUsage, "usage")
	})
}

// A wrong PIN is given once, whatever the script does about other failures.
func TestExampleTriesPINOnce(t *testing.T) {
	eachInterpreter(t, func(t *testing.T, interpreter, script, _ string) {
		r := newRig(t, 3)
		r.onPath()
		writeFile(t, "wrong", []byte("00000000"))
		r.env = []string{"TRIES=3", "WAIT=0"}
		r.example(interpreter, script, "in", "out", "--invisible", "--module", r.driver.Path, "--pin-file", "wrong").
			want(t, exitWrongPIN, "not tried again")
		if n := r.driver.Count("login:user"); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}

// A timestamp server that fails is tried again, so often and no more.
func TestExampleTriesTSAAgain(t *testing.T) {
	eachInterpreter(t, func(t *testing.T, interpreter, script, _ string) {
		r := newRig(t, 2)
		r.onPath()
		r.env = []string{"TRIES=2", "WAIT=0"}
		r.example(interpreter, script, "in", "out", "--invisible", "--module", r.driver.Path, "--pin-file", "pin", "--tsa", dead(t)).
			want(t, exitService)
		if n := r.driver.Count("login:user"); n != 2 {
			t.Errorf("%d logins for 2 runs", n)
		}
	})
}

// An inbox is sorted by verdict and signer, and nothing is lost.
func TestExampleVerifiesInbox(t *testing.T) {
	eachInterpreter(t, func(t *testing.T, interpreter, _, script string) {
		home(t)
		r := &rig{t: t, program: linkProgram(t), root: scriptRoot()}
		r.dir, _ = os.Getwd()
		r.onPath()
		writeFile(t, "root.pem", certPEM(r.root.Certificate))
		must(t, os.MkdirAll("inbox/rejected", 0o700))
		r.signedBy("inbox/of A.pdf", testpki.Leaf{CN: "NGUYỄN VĂN A", UID: []string{"MST:0100000000"}})
		r.signedBy("inbox/of B.PDF", testpki.Leaf{CN: "TRẦN THỊ B", UID: []string{"MST:0200000000"}})
		broken := readFile(t, "inbox/of A.pdf")
		broken[300] ^= 1
		writeFile(t, "inbox/broken.pdf", broken)
		writeFile(t, "inbox/đơn.pdf", form.PDF)
		writeFile(t, "inbox/note.txt", []byte("stays"))
		writeFile(t, "inbox/twice.pdf", form.PDF)
		writeFile(t, "inbox/rejected/twice.pdf", []byte("an earlier one"))
		got := r.example(interpreter, script, "inbox", "0100000000", "--trust", "root.pem")
		got.want(t, 1, "accepted: of A.pdf", "check: of B.PDF", "rejected: broken.pdf", "rejected: đơn.pdf", "twice.pdf")
		for folder, want := range map[string][]string{
			"inbox":          {"accepted", "check", "note.txt", "rejected", "twice.pdf"},
			"inbox/accepted": {"of A.pdf"},
			"inbox/check":    {"of B.PDF"},
			"inbox/rejected": {"broken.pdf", "twice.pdf", "đơn.pdf"},
		} {
			if found := namesIn(t, folder); !slices.Equal(found, want) {
				t.Errorf("%s has %q, want %q", folder, found, want)
			}
		}
		if string(readFile(t, "inbox/rejected/twice.pdf")) != "an earlier one" {
			t.Error("a file that was judged before was overwritten")
		}
		must(t, os.Remove("inbox/twice.pdf"))
		r.example(interpreter, script, "inbox", "0100000000", "--trust", "root.pem").want(t, 0)
	})
}

// signedBy writes the form with a signature of somebody.
func (r *rig) signedBy(name string, who testpki.Leaf) {
	r.t.Helper()
	key := testpki.Key(testpki.P256, who.CN)
	who.Key = key.Public()
	p12, err := testpki.PKCS12(key, r.root.Issue(who), nil, "x")
	must(r.t, err)
	writeFile(r.t, "p12", p12)
	writeFile(r.t, "password", []byte("x"))
	writeFile(r.t, "form.pdf", form.PDF)
	r.run(r.kyso("sign", "form.pdf", "-o", name, "--invisible", "--p12", "p12", "--p12-password-file", "password")).want(r.t, 0)
}

// namesIn are the files of a folder that are no verdicts.
func namesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var all []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if !strings.HasSuffix(name, ".pdf.txt") && !strings.HasSuffix(name, ".pdf.json") {
			all = append(all, e.Name())
		}
	}
	slices.Sort(all)
	return all
}

// writeManifest lists the files of the rig.
func (r *rig) writeManifest() {
	list := "file\n"
	for i := range r.files {
		list += inputName(i) + "\n"
	}
	writeFile(r.t, "list.csv", []byte(list))
}

// newScale is a folder with what docs/scale.md takes for granted: a profile
// with a key, and a manifest of 32 files. The key is in a file, since SoftHSM
// fails when several processes log in.
func newScale(t *testing.T) *rig {
	t.Helper()
	home(t)
	r := &rig{t: t, program: linkProgram(t), root: scriptRoot(), files: 32}
	r.dir, _ = os.Getwd()
	r.onPath()
	key := testpki.Key(testpki.P256, "scale")
	p12, err := testpki.PKCS12(key, r.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public()}), nil, "x")
	must(t, err)
	writeFile(t, "key.p12", p12)
	writeFile(t, "password", []byte("x"))
	writeFile(t, "root.pem", certPEM(r.root.Certificate))
	must(t, os.Mkdir("in", 0o700))
	for i := range r.files {
		writeFile(t, inputName(i), form.PDF)
	}
	r.writeManifest()
	return r
}

// The commands of docs/scale.md, as they stand there, one after the other.
func TestScaleCommands(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Fatalf("GNU parallel is needed: %v (make tools)", err)
	}
	page := string(readFile(t, filepath.Join(source, "docs", "scale.md")))
	r := newScale(t)
	r.env = []string{"PARALLEL_HOME=" + t.TempDir()}
	_, profile, _ := strings.Cut(page, "```yaml\n")
	profile, _, _ = strings.Cut(profile, "```")
	dir := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "kyso")
	must(t, os.MkdirAll(dir, 0o700))
	writeFile(t, filepath.Join(dir, "config.yaml"), []byte(profile))
	blocks := strings.Split(page, "```sh\n")[1:]
	if len(blocks) < 7 {
		t.Fatalf("%d boxes marked sh", len(blocks))
	}
	for _, b := range blocks {
		command, _, _ := strings.Cut(b, "```")
		c := exec.Command("bash", "-euo", "pipefail", "-c", command)
		c.Dir, c.Env = r.dir, append(os.Environ(), r.env...)
		if got := r.run(c); got.code != 0 {
			t.Errorf("exit %d: %s%s%s", got.code, command, got.out, got.err)
		}
	}
	for _, dir := range []string{"out", "parts", "parallel", "xargs"} {
		done, err := filepath.Glob(dir + "/*.pdf")
		must(t, err)
		if len(done) != r.files {
			t.Errorf("%s has %d files, want %d", dir, len(done), r.files)
		}
		r.verifyAll(done)
	}
	for name, lines := range map[string]int{
		"verdicts.jsonl": r.files, "inbox.jsonl": r.files,
		"both.csv": 1 + r.files, "all.csv": 1 + r.files, "parts.log": 1 + 16, // with a heading
		// a header, and an intention and a record for each file
		"run.journal": 1 + 2*r.files, "3.journal": 1 + 2*2, "all.journal": 2 + 2*r.files,
	} {
		if n := strings.Count(string(readFile(t, name)), "\n"); n != lines {
			t.Errorf("%s has %d lines, want %d", name, n, lines)
		}
	}
}

// job is what the tests look at in the Job for Kubernetes.
type job struct {
	Spec struct {
		CompletionMode   string `yaml:"completionMode"`
		Completions      int
		Parallelism      int
		PodFailurePolicy struct {
			Rules []struct {
				Action      string
				OnExitCodes struct {
					Operator string
					Values   []int
				} `yaml:"onExitCodes"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec struct {
				Containers []struct {
					Command []string
					Args    []string
					Env     []struct{ Name, Value string }
				}
			}
		}
	}
}

// newJob is a rig with so many files and the Job that signs them.
func newJob(t *testing.T, files int) (*rig, *job) {
	t.Helper()
	j := new(job)
	must(t, yaml.Unmarshal(readFile(t, filepath.Join(source, "examples", "kubernetes", "sign-job.yaml")), j))
	c := j.Spec.Template.Spec.Containers[0]
	if j.Spec.CompletionMode != "Indexed" || j.Spec.Completions != 16 || len(c.Command) != 2 || len(c.Args) != 1 {
		t.Fatalf("another Job: %+v", j.Spec)
	}
	r := newRig(t, files)
	r.onPath()
	r.writeManifest()
	must(t, os.Mkdir("secrets", 0o700))
	writeFile(t, "secrets/pin", []byte(testpki.UserPIN))
	for _, e := range c.Env {
		if e.Name == "KYSO_MODULE" {
			e.Value = r.driver.Path
		}
		r.env = append(r.env, e.Name+"="+e.Value)
	}
	return r, j
}

// pod runs the container of one part.
func (r *rig) pod(j *job, index int) called {
	r.t.Helper()
	c := j.Spec.Template.Spec.Containers[0]
	command := strings.Replace(c.Args[0], "/secrets/pin", "secrets/pin", 1) // a container has a root of its own
	run := exec.Command(c.Command[0], c.Command[1], command)
	run.Dir, run.Env = r.dir, append(append(os.Environ(), r.env...), fmt.Sprint("JOB_COMPLETION_INDEX=", index))
	return r.run(run)
}

// The command of the Job for Kubernetes, part by part; a part that was killed
// goes on.
func TestKubernetesCommand(t *testing.T) {
	r, j := newJob(t, 32)
	lines := 0
	for i := range j.Spec.Completions + 1 {
		index := min(i, j.Spec.Completions-1) // the last one twice, as after a kill
		lines += len(r.pod(j, index).want(t, 0).lines(t))
	}
	if n := r.driver.Count("sign:real"); n != r.files {
		t.Errorf("%d signatures, want %d", n, r.files)
	}
	if lines != r.files+2 {
		t.Errorf("%d lines of JSON", lines)
	}
	r.verifyAll(r.outputs())
}

// action is what the Job does when a pod ends with a code; Count is what
// Kubernetes does without a rule: it tries again.
func (j *job) action(code int) string {
	for _, rule := range j.Spec.PodFailurePolicy.Rules {
		if rule.OnExitCodes.Operator == "In" && slices.Contains(rule.OnExitCodes.Values, code) {
			return rule.Action
		}
	}
	return "Count"
}

// A pod with a wrong PIN ends the Job before a second one starts, one with a
// document that is refused ends its part, one whose token fails is tried again
// and goes on.
func TestKubernetesFailures(t *testing.T) {
	r, j := newJob(t, 48)
	if j.Spec.Parallelism != 1 {
		t.Errorf("%d pods would try a wrong PIN at once", j.Spec.Parallelism)
	}
	failed := func(index int, action string) {
		t.Helper()
		if got := r.pod(j, index); got.code == 0 || j.action(got.code) != action {
			t.Errorf("part %d: exit %d is %s, want %s\n%s%s", index+1, got.code, j.action(got.code), action, got.out, got.err)
		}
	}
	writeFile(t, inputName(0), []byte("no PDF")) // one of three of the first part
	failed(0, "FailIndex")
	writeFile(t, "list.csv", []byte("file\n"+inputName(0)+"\n"+inputName(1)+"\n"+inputName(17)+"\n"))
	must(t, os.RemoveAll("journals"))
	failed(0, "FailIndex") // the only one of its part
	r.writeManifest()
	r.driver.Set("removed=2")
	failed(2, "Count")
	r.pod(j, 2).want(t, 0)
	r.driver.Unset("removed")
	writeFile(t, "secrets/pin", []byte("99999999"))
	failed(3, "FailJob")
}
