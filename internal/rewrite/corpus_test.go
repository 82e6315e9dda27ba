package rewrite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// corpus gives the files of the shared corpus by group; the folder is not part
// of the repository.
func corpus(t *testing.T) (dir string, groups map[string][]string) {
	t.Helper()
	dir = os.Getenv("KYSO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "corpus")
	b, err := os.ReadFile(filepath.Join(dir, "to-sign.tsv"))
	if err != nil {
		t.Skipf("the shared corpus is not here: %v", err)
	}
	groups = map[string][]string{}
	for line := range strings.Lines(string(b)) {
		name, group, _ := strings.Cut(strings.TrimSpace(line), "\t")
		groups[group] = append(groups[group], name)
	}
	delete(groups, "group")
	return dir, groups
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// looks draws all pages with mupdf, small, and gives a checksum of each.
func looks(t *testing.T, data []byte, password string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("mutool", "draw", "-s", "5", "-r", "36", "-p", password, "-o", os.DevNull, path)
	var sums strings.Builder
	cmd.Stderr = &sums
	_ = cmd.Run() // a page with an error has no sum
	var lines []string
	for line := range strings.Lines(sums.String()) {
		if _, sum, ok := strings.Cut(line, "md5:"); ok {
			lines = append(lines, strings.TrimSpace(sum))
		} else if i := strings.LastIndexByte(strings.TrimSpace(line), ' '); strings.HasPrefix(line, "page ") && i > 0 {
			lines = append(lines, strings.TrimSpace(line)[i+1:])
		}
	}
	return strings.Join(lines, " ")
}

// notEncrypted lists files outside the group damaged that are refused.
var notEncrypted = map[string]string{
	"to-sign/pdf.js/7de921-poppler-395-0-fuzzed.pdf": "damaged: a wrong xref entry",
}

// Every sound file is encrypted and looks as before, the signed ones are refused.
func TestCorpusEncrypt(t *testing.T) {
	dir, groups := corpus(t)
	done := 0
	for group, names := range groups {
		for _, name := range names {
			data := readFile(t, filepath.Join(dir, name))
			f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
			if group == "damaged" || err != nil || f.Encryption() != nil {
				continue
			}
			done++
			t.Run(name, func(t *testing.T) {
				out, err := encrypt(t, data, Encryption{User: []byte("mật khẩu"), Permissions: PermitAll}, Options{})
				switch why := notEncrypted[name]; {
				case why != "":
					if err == nil {
						t.Errorf("encrypted although %s", why)
					}
				case group == "signed" || group == "certified-p1":
					if kindOf(err) != KindSigned {
						t.Errorf("got %v, want signed", err)
					}
				case err != nil:
					t.Error(err)
				default:
					qpdfLike(t, data, out, "--password=mật khẩu")
					sameLooks(t, data, out, "mật khẩu")
				}
			})
		}
	}
	if done < 60 {
		t.Errorf("only %d files", done)
	}
}

func sameLooks(t *testing.T, data, out []byte, password string) {
	t.Helper()
	was, is := looks(t, data, ""), looks(t, out, password)
	if was != is || was == "" {
		t.Errorf("looked like %q, looks like %q", was, is)
	}
}

// qpdfLike fails when qpdf says of out what it does not say of data.
func qpdfLike(t *testing.T, data, out []byte, args ...string) {
	t.Helper()
	check := func(b []byte, args ...string) string {
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command("qpdf", append([]string{"--check"}, append(args, path)...)...).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return string(said)
	}
	before, after := check(data), check(out, args...)
	if was, is := strings.Count(before, "WARNING"), strings.Count(after, "WARNING"); is > was || strings.Contains(after, "ERROR") && !strings.Contains(before, "ERROR") {
		t.Errorf("qpdf said\n%s\nand now\n%s", before, after)
	}
}

// hopeless lists damaged files in which no program finds a page.
var hopeless = map[string]string{
	"to-sign/qpdf/9da4d9-deep-pages.pdf": "the page tree is a loop without a page",
	"to-sign/qpdf/8983e8-issue-146.pdf":  "no catalog",
}

func TestCorpusDamaged(t *testing.T) {
	dir, groups := corpus(t)
	for _, name := range groups["damaged"] {
		t.Run(name, func(t *testing.T) {
			data := readFile(t, filepath.Join(dir, name))
			out, err := repair(t, data, Options{})
			if why := hopeless[name]; why != "" {
				if kindOf(err) != KindFailed {
					t.Errorf("got %v although %s", err, why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			qpdfCheck(t, out)
			if was, is := looks(t, data, ""), looks(t, out, ""); is == "" || was != "" && was != is {
				t.Errorf("looked like %q, looks like %q", was, is)
			}
		})
	}
}

// Files without a good xref are repaired to what they were.
func TestCorpusBroken(t *testing.T) {
	dir, groups := corpus(t)
	for _, group := range []string{"plain", "xrefstream", "form", "hybrid"} {
		for _, name := range groups[group] {
			data := readFile(t, filepath.Join(dir, name))
			if bytes.Contains(data, []byte("/ByteRange")) || encryptKey().Match(data) {
				continue
			}
			at := bytes.LastIndex(data, []byte("startxref"))
			if at < 0 {
				continue
			}
			t.Run(group+"/"+name, func(t *testing.T) {
				broken := append(bytes.Clone(data[:at]), "startxref\n7\n%%EOF\n"...)
				out, err := repair(t, broken, Options{})
				if err != nil {
					t.Error(err)
					return
				}
				qpdfLike(t, data, out)
				sameLooks(t, data, out, "")
			})
		}
	}
}
