package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Without cgo everything but tokens works, and the program says so.
func TestBuildWithoutCgo(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "kyso")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	home(t)
	newWorld(t)
	run := func(want int, args ...string) string {
		t.Helper()
		cmd := exec.Command(bin, args...)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Fatalf("kyso %s: exit %d, want %d\n%s", strings.Join(args, " "), got, want, out)
		}
		return string(out)
	}
	if out := run(0, "version"); !strings.Contains(out, "no") {
		t.Errorf("version does not tell that tokens are not read: %s", out)
	}
	run(0, "sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "-o", "out.pdf")
	run(0, "verify", "out.pdf", "--trust", "root.pem", "--ignore-revocation")
	for _, args := range [][]string{{"list-certs"}, {"sign", "form.pdf", "--module", "/usr/lib/x.so", "-o", "no.pdf"}} {
		if out := run(exitNoKey, args...); !strings.Contains(out, "this build") && !strings.Contains(out, "built without") {
			t.Errorf("%v does not say why: %s", args, out)
		}
	}
}
