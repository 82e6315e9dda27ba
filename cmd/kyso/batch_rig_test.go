package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
	"github.com/kyso-vn/kyso/testdata/form"
)

// rig runs the program as a process of its own, over a folder of forms, with a
// token whose driver counts and misbehaves.
type rig struct {
	t       *testing.T
	program string
	dir     string
	root    *testpki.CA
	driver  *fakep11.Module
	env     []string
	files   int
}

// newRig goes to a new folder with in/0001.pdf to in/N.pdf, pin, root.pem.
func newRig(t *testing.T, files int) *rig {
	t.Helper()
	home(t)
	r := &rig{t: t, program: linkProgram(t), root: scriptRoot(), files: files}
	r.dir, _ = os.Getwd()
	s := testpki.NewSoftHSM(t)
	key := testpki.Key(testpki.RSA2048, "person")
	s.Signer("lô", key, r.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public()}))
	r.driver = fakep11.New(t, s.Module)
	writeFile(t, "pin", []byte(testpki.UserPIN))
	writeFile(t, "root.pem", certPEM(r.root.Certificate))
	if err := os.Mkdir("in", 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		writeFile(t, inputName(i), form.PDF)
	}
	return r
}

func inputName(i int) string { return filepath.Join("in", fmt.Sprintf("%04d.pdf", i+1)) }

// command is a sign of the whole folder; more are further arguments.
func (r *rig) command(more ...string) *exec.Cmd {
	args := append([]string{"sign", "--recursive", "in", "--out-dir", "out", "--invisible", "--module", r.driver.Path}, more...)
	if !strings.Contains(strings.Join(more, " "), "--pin-file") {
		args = append(args, "--pin-file", "pin")
	}
	return r.kyso(args...)
}

func (r *rig) kyso(args ...string) *exec.Cmd {
	c := exec.Command(r.program, args...)
	c.Dir = r.dir
	c.Env = append(os.Environ(), r.env...)
	return c
}

// run runs to the end.
func (r *rig) run(c *exec.Cmd) called {
	r.t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		r.t.Fatal(err)
	}
	return called{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// outputs are the names of the finished files; anything else in the folder is
// an error.
func (r *rig) outputs() []string {
	r.t.Helper()
	entries, err := os.ReadDir("out")
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".pdf") || strings.HasPrefix(e.Name(), ".") {
			r.t.Errorf("left in the folder: %s", e.Name())
			continue
		}
		found = append(found, filepath.Join("out", e.Name()))
	}
	return found
}

// verifyAll wants each file valid with one signature.
func (r *rig) verifyAll(files []string) {
	r.t.Helper()
	if len(files) == 0 {
		return
	}
	got := r.run(r.kyso(append([]string{"verify", "--trust", "root.pem", "--json"}, files...)...))
	got.want(r.t, 0)
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if len(lines) != len(files) {
		r.t.Fatalf("%d verdicts for %d files", len(lines), len(files))
	}
	for i, l := range lines {
		var v struct {
			File       string
			Verdict    string
			Signatures []struct{ Coverage string }
		}
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			r.t.Fatal(err)
		}
		if v.File != files[i] || v.Verdict != "valid" || len(v.Signatures) != 1 || v.Signatures[0].Coverage != "entire_file" {
			r.t.Errorf("%s: %s with %d signatures", v.File, v.Verdict, len(v.Signatures))
		}
	}
}

// inputsAsBefore wants that nothing was written to an input.
func (r *rig) inputsAsBefore() {
	r.t.Helper()
	for i := range r.files {
		if !bytes.Equal(readFile(r.t, inputName(i)), form.PDF) {
			r.t.Errorf("%s was changed", inputName(i))
		}
	}
}
