package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// What the documents may hold:
//
//	```sh        is run; with <!-- exit: N --> before it its last command
//	             exits with N
//	```text      after it: each line is in what it printed; … is anything
//	<!-- not run: REASON --> before a block: its kyso commands are parsed only
//	four blanks  no kyso command stands in such a block

type docBlock struct {
	line            int
	kind, directive string
	text            string
}

var directive = regexp.MustCompile(`^<!-- (exit: \d+|not run: .+) -->$`)

// blocks finds the fenced blocks of a document.
func docBlocks(t *testing.T, name, text string) []docBlock {
	t.Helper()
	var all []docBlock
	var open *docBlock
	before := ""
	for i, line := range strings.Split(text, "\n") {
		kind, fence := strings.CutPrefix(line, "```")
		switch {
		case open != nil && fence:
			all, open, before = append(all, *open), nil, ""
		case open != nil:
			open.text += line + "\n"
		case fence:
			open = &docBlock{line: i + 1, kind: kind, directive: before}
		case directive.MatchString(line):
			before = directive.FindStringSubmatch(line)[1]
		case strings.HasPrefix(line, "<!-- exit") || strings.HasPrefix(line, "<!-- not run"):
			t.Errorf("%s:%d: a directive that is none: %s", name, i+1, line)
		case strings.HasPrefix(line, "    kyso ") || strings.HasPrefix(line, "    bin/kyso "):
			t.Errorf("%s:%d: a command outside of a ```sh block is not run: %s", name, i+1, line)
		case line != "":
			before = ""
		}
	}
	return all
}

// TestDocumentedCommandsWork runs the blocks of each document, one after the
// other, where its examples work.
func TestDocumentedCommandsWork(t *testing.T) {
	for _, path := range handWritten(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) == "scale.md" {
			continue // TestScaleCommands runs it, with the key that it names
		}
		blocks := docBlocks(t, path, string(data))
		t.Run(filepath.Base(path), func(t *testing.T) { runDocument(t, path, blocks) })
	}
}

// handWritten are the documents that people write.
func handWritten(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"../../*.md", docsDir + "/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if base := filepath.Base(f); base != "exit-codes.md" && base != "troubleshooting.md" {
				all = append(all, f)
			}
		}
	}
	return all
}

func runDocument(t *testing.T, path string, blocks []docBlock) {
	t.Helper()
	var s *school
	output := ""
	for _, b := range blocks {
		switch {
		case strings.HasPrefix(b.directive, "not run"):
			parseBlock(t, path, b)
		case b.kind == "sh":
			if s == nil {
				s = schoolFor(t, path)
			}
			want := 0
			if n, ok := strings.CutPrefix(b.directive, "exit: "); ok {
				want, _ = strconv.Atoi(n)
			}
			code, out := s.run("set -e; " + s.fingerprints(b.text))
			if code != want {
				t.Errorf("%s:%d: exit %d, want %d\n%s\n%s", path, b.line, code, want, b.text, out)
			}
			output = out
		case b.kind == "text":
			compareOutput(t, path, b, output)
		}
	}
}

// schoolFor is the place of a document: the READMEs start with nothing set up.
func schoolFor(t *testing.T, path string) *school {
	t.Helper()
	lang := i18n.English
	if strings.HasSuffix(path, ".vi.md") {
		lang = i18n.Vietnamese
	}
	if !strings.HasPrefix(filepath.Base(path), "README") {
		return newSchool(t, lang)
	}
	s := &school{lesson: newLesson(t, lang)}
	// In the place of the repository: make demo builds the program first.
	s.write("Makefile", []byte("demo:\n\tkyso demo\n"))
	self, err := exec.LookPath("kyso")
	s.check(err)
	s.check(os.Mkdir(filepath.Join(s.dir, "bin"), 0o700))
	s.check(os.Symlink(self, filepath.Join(s.dir, "bin", "kyso")))
	return s
}

func compareOutput(t *testing.T, path string, b docBlock, output string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
		pattern := "(?m)^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(line, " ")), "…", ".*") + "$"
		if !regexp.MustCompile(pattern).MatchString(output) {
			t.Errorf("%s:%d: no line %q in\n%s", path, b.line, line, output)
		}
	}
}

// parseBlock has cobra read the kyso commands of a block.
func parseBlock(t *testing.T, path string, b docBlock) {
	t.Helper()
	for _, line := range strings.Split(b.text, "\n") {
		if _, command, ok := strings.Cut(" "+line, " kyso "); ok {
			if err := parses(command); err != "" {
				t.Errorf("%s:%d: kyso %s: %s", path, b.line, command, err)
			}
		}
	}
}

var (
	inlineCode = regexp.MustCompile("`([^`\n]+)`")
	longFlag   = regexp.MustCompile(`(?:^|\s)--([a-z0-9-]+)`)
)

// TestDocumentedFlagsExist looks at what stands between backquotes: commands
// are commands, and flags are flags of them.
func TestDocumentedFlagsExist(t *testing.T) {
	known := allFlags(newRootCommand(quietApp(i18n.English)))
	foreign := map[string]bool{"entitlements": true, "joblog": true} // of codesign and parallel
	n := 0
	for _, path := range handWritten(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inlineCode.FindAllStringSubmatch(string(data), -1) {
			n++
			if command, ok := strings.CutPrefix(m[1], "kyso "); ok {
				if err := parses(command); err != "" {
					t.Errorf("%s: `%s`: %s", path, m[1], err)
				}
			}
			if !strings.HasPrefix(m[1], "--") {
				continue
			}
			for _, f := range longFlag.FindAllStringSubmatch(m[1], -1) {
				if known[f[1]] == nil && !foreign[f[1]] {
					t.Errorf("%s: `%s`: no flag --%s", path, m[1], f[1])
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d pieces of code", n)
	}
}

// parses tells what is wrong with a command line: its words up to the first
// flag name a command, and that has its flags.
func parses(line string) string {
	root := newRootCommand(quietApp(i18n.English))
	root.InitDefaultHelpCmd()
	words := strings.Fields(strings.NewReplacer("|", " ", ",", " ").Replace(line))
	if len(words) > 1 && words[0] == "help" {
		words = words[1:]
		if _, ok := i18n.For(i18n.English).Topics[words[0]]; ok || words[0] == "completion" {
			return ""
		}
	}
	cmd := (*cobra.Command)(nil)
	for _, sub := range documented(root) {
		if sub.Name() == words[0] {
			cmd = sub
		}
	}
	if cmd == nil && words[0] != "help" && words[0] != "docs" && !strings.HasPrefix(words[0], "--") {
		return "no such command"
	}
	for _, m := range longFlag.FindAllStringSubmatch(line, -1) {
		if cmd != nil && cmd.Flags().Lookup(m[1]) == nil && cmd.InheritedFlags().Lookup(m[1]) == nil && !hasBelow(cmd, m[1]) {
			return "no flag --" + m[1]
		}
	}
	return ""
}

// hasBelow: `kyso trust add|list --yes` speaks of commands below.
func hasBelow(cmd *cobra.Command, flag string) bool {
	for _, sub := range cmd.Commands() {
		if sub.Flags().Lookup(flag) != nil {
			return true
		}
	}
	return false
}

// TestReadmesAreEqual: the same headings, commands, pictures and links in both
// languages; only texts and the names of files differ.
func TestReadmesAreEqual(t *testing.T) {
	shape := func(name string) string {
		data, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, line := range strings.Split(string(data), "\n") {
			if head, _, ok := strings.Cut(line, "# "); ok && strings.Trim(head, "#") == "" {
				s = append(s, head+"#")
			}
		}
		for _, b := range docBlocks(t, name, string(data)) {
			s = append(s, b.kind, b.directive, strings.Join(longFlags(b.text), " "))
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(string(data), -1) {
			if !strings.HasPrefix(m[1], "README") {
				s = append(s, m[1])
			}
		}
		return strings.Join(s, "\n")
	}
	if en, vi := shape("README.md"), shape("README.vi.md"); en != vi {
		t.Errorf("README.md\n%s\nREADME.vi.md\n%s", en, vi)
	}
}

func longFlags(text string) (all []string) {
	for _, m := range longFlag.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}
