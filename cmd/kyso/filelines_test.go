package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

// wantLines compares file and error code of each line, in order; the lines are
// validated against their schemas on the way.
func wantLines(t *testing.T, got called, want ...string) {
	t.Helper()
	var have []string
	for _, o := range got.lines(t) {
		file, _ := o["file"].(string)
		e, _ := o["error"].(map[string]any)
		code, _ := e["code"].(string)
		have = append(have, strings.TrimSpace(file+" "+code))
	}
	if !slices.Equal(have, want) {
		t.Errorf("lines %q, want %q", have, want)
	}
}

// TestEachFileHasItsLine: cli.md promises one object for each file, in the
// order of the arguments, also of a run that ends early.
func TestEachFileHasItsLine(t *testing.T) {
	home(t)
	w := newWorld(t)
	for _, name := range []string{"a.pdf", "b.pdf", "c.pdf", "d.pdf"} {
		writeFile(t, name, form.PDF)
	}
	key := []string{"--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--json", "--jobs", "1"}
	sign := func(args ...string) called { return call(t, append(append([]string{"sign"}, args...), key...)...) }

	t.Run("one bad file", func(t *testing.T) {
		wantLines(t, sign("a.pdf", "missing.pdf", "b.pdf", "--out-dir", "1").want(t, 3), "a.pdf", "missing.pdf not_found", "b.pdf")
	})
	t.Run("stopped at the first error", func(t *testing.T) {
		wantLines(t, sign("a.pdf", "missing.pdf", "b.pdf", "c.pdf", "--out-dir", "2", "--stop-on-error", "--report", "r.csv").want(t, 3),
			"a.pdf", "missing.pdf not_found", "b.pdf not_done", "c.pdf not_done")
		report, err := os.ReadFile("r.csv")
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(report), "not_done: "); n != 2 {
			t.Errorf("%d files not done in the report, want 2:\n%s", n, report)
		}
	})
	t.Run("before the first file", func(t *testing.T) {
		got := call(t, "sign", "a.pdf", "b.pdf", "--p12", "none.p12", "--json").want(t, 1, "error: ")
		wantLines(t, got, "a.pdf not_found", "b.pdf not_found")
		if n := strings.Count(got.err, "error: "); n != 1 {
			t.Errorf("told %d times, want once: %s", n, got.err)
		}
		wantLines(t, call(t, "verify", "a.pdf", "b.pdf", "--trust", "none.pem", "--json").want(t, 2), "a.pdf usage", "b.pdf usage")
		wantLines(t, call(t, "extend", "a.pdf", "b.pdf", "--tsa", w.tsaURL, "--trust", "none.pem", "--json").want(t, 2), "a.pdf usage", "b.pdf usage")
	})
	t.Run("no file known", func(t *testing.T) {
		wantLines(t, call(t, "sign", "--nothing", "a.pdf", "--json").want(t, 2), "usage")
		wantLines(t, call(t, "verify", "--json").want(t, 2), "usage")
		if got := call(t, "verify", "--", "--json"); got.out != "" {
			t.Errorf("a file of the name --json asked for JSON: %s", got.out)
		}
	})
}

// TestInvisibleHasNoPlace: page and rect are there, and null.
func TestInvisibleHasNoPlace(t *testing.T) {
	home(t)
	newWorld(t)
	o := call(t, "sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "--json").want(t, 0).lines(t)[0]
	signer, _ := o["signer"].(map[string]any)
	for _, c := range []struct {
		in  map[string]any
		key string
	}{{o, "page"}, {o, "rect"}, {signer, "module"}, {signer, "slot"}, {signer, "token"}, {signer, "id"}, {signer, "label"}} {
		if v, ok := c.in[c.key]; !ok || v != nil {
			t.Errorf("%s is %v (there: %v), want null", c.key, v, ok)
		}
	}
}
