package apilist

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/api anew")

// TestPublicAPI: docs/api has what the four public packages export. A
// difference is a change that users see: look at it, write it down in
// CHANGELOG.md, and run make gen.
func TestPublicAPI(t *testing.T) {
	for _, name := range []string{"appearance", "sign", "token", "verify"} {
		t.Run(name, func(t *testing.T) {
			p, err := List(filepath.Join("..", "..", name))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("..", "..", "docs", "api", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(p.Text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || p.Text != string(want) {
				t.Errorf("the exported part differs from docs/api/%s.txt (%v): make gen, and look at the change", name, err)
			}
			for _, h := range p.Hidden {
				t.Errorf("the exported part names %s, which has no name outside of this module: add an alias", h)
			}
		})
	}
}

// TestList: what is exported is there, without comments; what is not is not.
func TestList(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.go": "package a\n\nimport \"example.com/m/internal/x\"\nimport \"example.com/m/internal/y\"\n\n" +
			"// A is.\ntype A struct {\n\tB int // in points\n\tc int\n\tD x.Thing\n\tE y.Thing\n}\n\n// Known is.\ntype Known = y.Thing\n\n" +
			"// F does.\nfunc (a *A) F(n int) error { return nil }\n\nfunc hidden() {}\n\n// Limit is.\nconst Limit = 3\n",
		"a_windows.go": "package a\n\nfunc OnlyWindows() {}\n",
		"a_test.go":    "package a\n\nfunc OnlyTests() {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"const Limit = 3\n", "type A struct {\n\tB int\n\tD x.Thing\n", "func (a *A) F(n int) error\n", "type Known = y.Thing\n"} {
		if !strings.Contains(p.Text, want) {
			t.Errorf("no %q in\n%s", want, p.Text)
		}
	}
	for _, no := range []string{"hidden", "Only", "points", "c int", "return"} {
		if strings.Contains(p.Text, no) {
			t.Errorf("%q is in\n%s", no, p.Text)
		}
	}
	if got := strings.Join(p.Hidden, " "); got != "example.com/m/internal/x.Thing" {
		t.Errorf("hidden: %s", got)
	}
}
