package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// docsDir is docs of the repository.
const docsDir = "../../docs"

func quietApp(l i18n.Lang) *app {
	a := newApp(streams{strings.NewReader(""), io.Discard, io.Discard})
	return a.inLanguage(l)
}

// TestDocsAreUpToDate compares the generated pages; -update (make gen) writes
// them anew.
func TestDocsAreUpToDate(t *testing.T) {
	pages := append(quietApp(i18n.Vietnamese).markdownPages(), page{"troubleshooting.md", troubleshooting()})
	if *update {
		if err := writePages(docsDir, pages); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{}
	for _, p := range pages {
		got, err := os.ReadFile(filepath.Join(docsDir, filepath.FromSlash(p.name)))
		if err != nil || string(got) != p.text {
			t.Errorf("docs/%s is not what the program says (%v): make gen", p.name, err)
		}
		names = append(names, filepath.Base(p.name))
	}
	there, err := filepath.Glob(filepath.Join(docsDir, "commands", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range there {
		if !slices.Contains(names, filepath.Base(f)) {
			t.Errorf("%s belongs to no command", f)
		}
	}
}

// TestDocsLinkToWhatIsThere follows each relative link of docs and the README
// files.
func TestDocsLinkToWhatIsThere(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.md", "*/*.md", "../*.md"} {
		found, err := filepath.Glob(filepath.Join(docsDir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(data), "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			target, _, _ = strings.Cut(target, "#")
			if target == "" || strings.Contains(target, ":") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(f), filepath.FromSlash(target))); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
}

// TestManPages has groff read each page in both languages.
func TestManPages(t *testing.T) {
	for _, l := range i18n.Langs() {
		a := quietApp(l)
		pages := a.manPages()
		want := len(documented(newRootCommand(a))) + len(a.m.Topics)
		if len(pages) != want+1 { // kyso help is added at the end
			t.Errorf("%s: %d pages, want %d", l, len(pages), want+1)
		}
		t.Run(l.String(), func(t *testing.T) { groffReads(t, a, pages) })
	}
}

func groffReads(t *testing.T, a *app, pages []page) {
	t.Helper()
	args := []string{"-man", "-Tutf8", "-Kutf8", "-ww", "-P-bcu"}
	dir := t.TempDir()
	if err := writePages(dir, pages); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		args = append(args, filepath.Join(dir, filepath.FromSlash(p.name)))
	}
	cmd := exec.Command("groff", args...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("groff: %v %s", err, complaints.String())
	}
	if n := strings.Count(string(out), "\n"+a.m.Docs.SeeAlso+"\n"); n != len(pages) || !utf8.Valid(out) {
		t.Errorf("%d pages are read to their end, want %d", n, len(pages))
	}
	if flag := "--allow-last-pin-try\n"; !strings.Contains(string(out), flag) {
		t.Errorf("no %s that can be copied", flag)
	}
}

func TestRoff(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Ký số", "Ký số"},
		{"flag", "--at-text", `\-\-at\-text`},
		{"request", ".TH x", `\&.TH x`},
		{"quote first", "'a'", `\(aqa\(aq`},
		{"backslash", `a\b`, `a\eb`},
		{"signs", "`~^", `\(ga\(ti\(ha`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := roff(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBlocksOf(t *testing.T) {
	got := blocksOf("one\ntwo\n\n  a: b\n\nB-T    level\nB-LT   more\n")
	if len(got) != 3 || got[0].verbatim || !got[1].verbatim || !got[2].verbatim || len(got[0].lines) != 2 {
		t.Errorf("got %v", got)
	}
}

// TestDocsCommand writes into a folder and refuses what it does not know.
func TestDocsCommand(t *testing.T) {
	home(t)
	call(t, "docs", "man", "man", "--lang", "vi").want(t, 0)
	if !strings.Contains(string(readFile(t, "man/man1/kyso-sign.1")), ".SH TÙY CHỌN\n") {
		t.Error("kyso-sign.1 is not in Vietnamese")
	}
	call(t, "docs", "markdown", "docs").want(t, 0)
	readFile(t, "docs/commands/sign.md")
	call(t, "docs", "html", "x").want(t, 2)
	call(t, "docs", "man").want(t, 2)
	if strings.Contains(call(t, "--help").out, "docs") {
		t.Error("docs is not hidden")
	}
}
