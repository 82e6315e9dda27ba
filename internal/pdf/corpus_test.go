package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpusFiles maps each PDF of the shared corpus to its group and password.
func corpusFiles(t *testing.T) (dir string, files map[string][2]string) {
	t.Helper()
	dir = os.Getenv("KYSO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the shared corpus is not here: %v", err)
	}
	files = make(map[string][2]string)
	for _, row := range tsv(t, filepath.Join(dir, "to-sign.tsv")) {
		files[row["file"]] = [2]string{row["group"], ""}
	}
	for _, row := range tsv(t, filepath.Join(dir, "expected.tsv")) {
		files[row["file"]] = [2]string{row["kind"], row["password"]}
	}
	return dir, files
}

func tsv(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	keys := strings.Split(lines[0], "\t")
	for _, line := range lines[1:] {
		row := make(map[string]string)
		for i, v := range strings.Split(line, "\t") {
			row[keys[i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// knownBad lists files of the corpus that are damaged although their group
// does not say so, with what is wrong.
var knownBad = map[string]string{
	"to-sign/pdf.js/7de921-poppler-395-0-fuzzed.pdf": "object 2 0: object 3 0 stands",
	"signed/dss/0cf14b-pdf-signed-corrupted.pdf":     "no object stands here",
	// The cross-reference stream's own entry is wrong; nothing refers to it.
	"to-sign/qpdf/0a0644-good17.pdf":      "object 109 0: object 1 0 stands",
	"to-sign/qpdf/b71e4a-good18.pdf":      "object 109 0: object 1 0 stands",
	"to-sign/qpdf/f3fa1f-hybrid-xref.pdf": "object 109 0: object 1 0 stands",
}

// opensHere is in the group of files that need a password since qpdf, which
// sorted them, takes its short key another way than Acrobat.
const opensHere = "to-sign/pdf.js/c82df3-issue19484_1.pdf"

// TestCorpus: real files open, and all that is in them can be read.
func TestCorpus(t *testing.T) {
	dir, files := corpusFiles(t)
	for name, about := range files {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			err = readAll(b, about[1])
			known := knownBad[name]
			var password *PasswordError
			switch {
			case about[0] == "damaged":
				if err != nil && !Damaged(err) {
					t.Errorf("got %v, want a SyntaxError", err)
				}
			case about[0] == "password" && name != opensHere:
				if !errors.As(err, &password) {
					t.Errorf("got %v, want a PasswordError", err)
				}
			case known != "":
				if !Damaged(err) || !strings.Contains(err.Error(), known) {
					t.Errorf("got %v, want %q", err, known)
				}
			case err != nil:
				t.Error(err)
			}
		})
	}
}

// readAll opens a file and reads revisions, pages, fields and all objects.
func readAll(b []byte, password string) error {
	f, err := Open(context.Background(), bytes.NewReader(b), int64(len(b)), OpenOptions{Password: []byte(password)})
	if err != nil {
		return err
	}
	revs, err := f.Revisions()
	if err != nil {
		return err
	}
	for i, r := range revs {
		v, err := f.Truncated(context.Background(), r.End)
		if err != nil {
			return fmt.Errorf("revision %d: %w", i, err)
		}
		if own, err := v.Revisions(); err != nil || len(own) != i+1 {
			return fmt.Errorf("revision %d: %d revisions: %w", i, len(own), err)
		}
	}
	n, err := f.NumPages()
	if err != nil {
		return err
	}
	for p, err := range f.Pages() {
		if err != nil {
			return err
		}
		if one, err := f.Page(p.Index); err != nil || one.Ref != p.Ref {
			return fmt.Errorf("page %d: %+v: %w", p.Index, one, err)
		}
		n--
	}
	if n != 0 {
		return fmt.Errorf("the page count is off by %d", n)
	}
	if _, err := f.Fields(); err != nil {
		return err
	}
	var errs []error
	err = f.hist.effective(f.sh, f.top, func(num uint32, e xrefEntry) {
		switch e.kind {
		case kindInFile:
			_, err := f.Get(Ref{num, uint16(e.gen)})
			errs = append(errs, err)
		case kindInStream:
			_, err := f.Get(Ref{Num: num})
			errs = append(errs, err)
		}
	})
	return errors.Join(append(errs, err)...)
}
