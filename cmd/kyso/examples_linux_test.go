package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// TestHelpExamplesWork runs each example of each help text in both languages,
// as it stands there.
func TestHelpExamplesWork(t *testing.T) {
	for _, l := range i18n.Langs() {
		t.Run(l.String(), func(t *testing.T) {
			s := newSchool(t, l)
			m := i18n.For(l)
			for _, path := range slices.Sorted(maps.Keys(m.Commands)) {
				s.examples(path, m.Commands[path].Example)
			}
			for _, name := range slices.Sorted(maps.Keys(m.Topics)) {
				s.examples("help "+name, m.Topics[name].Example)
			}
		})
	}
}

// school is a lesson whose folder and home are as new for each example.
type school struct {
	*lesson
	spare string // a copy of folder and home
}

func newSchool(t *testing.T, lang i18n.Lang) *school {
	t.Helper()
	s := &school{lesson: newLesson(t, lang), spare: t.TempDir()}
	s.want(0, "kyso trust add root.pem --yes --quiet")
	tsa := " --tsa http://tsa.example.vn "
	s.want(0, "kyso sign form.pdf --level B-LT -o form.signed.pdf --quiet"+tsa)
	s.want(0, "kyso sign a.pdf --level B-LT -o a.signed.pdf --quiet"+tsa)
	s.want(0, "cp form.signed.pdf don.signed.pdf")
	config := "profiles:\n  default:\n    tsa: [http://tsa.example.vn]\n  accounting:\n    cert: 1\n  kế-toán:\n    cert: 1\n"
	s.check(os.WriteFile(filepath.Join(s.env, "config", "kyso", "config.yaml"), []byte(config), 0o600))
	s.copyAll(s.dir, filepath.Join(s.spare, "dir"))
	s.copyAll(filepath.Join(s.env, "config"), filepath.Join(s.spare, "config"))
	return s
}

func (s *school) copyAll(from, to string) {
	s.t.Helper()
	s.check(os.RemoveAll(to))
	if out, err := exec.Command("cp", "-r", from, to).CombinedOutput(); err != nil {
		s.t.Fatalf("cp: %v %s", err, out)
	}
}

// renew puts back what an example changed.
func (s *school) renew() {
	s.t.Helper()
	s.copyAll(filepath.Join(s.spare, "dir"), s.dir)
	s.copyAll(filepath.Join(s.spare, "config"), filepath.Join(s.env, "config"))
}

// examples runs the lines of one help text, each in a new place; those of a
// journal follow each other.
func (s *school) examples(path, text string) {
	s.t.Helper()
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	if len(lines) < 3 {
		s.t.Errorf("help of %q opens with %d examples, want three", path, len(lines))
	}
	s.renew()
	for i, line := range lines {
		if i > 0 && path != "help batch" {
			s.renew()
		}
		if strings.Contains(line, "powershell") {
			continue // Debian has none
		}
		if strings.HasPrefix(path, "config init") && !strings.Contains(line, "--force") || line == "  kyso config init" {
			s.check(os.Remove(filepath.Join(s.env, "config", "kyso", "config.yaml")))
		}
		if strings.HasPrefix(line, "  kyso sign ") { // what it makes is not there yet
			s.want(0, "rm -f "+strings.Join(notNamed(line, "a.signed.pdf", "don.signed.pdf", "form.signed.pdf"), " "))
		}
		s.want(0, s.fingerprints(strings.TrimSpace(line)))
	}
}

// notNamed are the names that a line does not have.
func notNamed(line string, names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return strings.Contains(line, " "+name+" ") })
}

// fingerprints puts the root's own in the place of the made-up ones: nobody
// can choose the fingerprint of a certificate.
func (s *school) fingerprints(line string) string {
	sum := fmt.Sprintf("%x", sha256.Sum256(s.root.Raw))
	return strings.NewReplacer("3f2a:91c0", sum[:4]+":"+sum[4:8], "3f2a...", sum, "3f2a", sum[:8]).Replace(line)
}
