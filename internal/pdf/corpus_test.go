package pdf

import (
	"bytes"
	"context"
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

func openBytes(b []byte, password string) (*File, error) {
	return Open(context.Background(), bytes.NewReader(b), int64(len(b)), OpenOptions{Password: []byte(password)})
}

func TestCorpusProbe(t *testing.T) {
	dir, files := corpusFiles(t)
	for name, about := range files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := openBytes(b, about[1])
		if err != nil {
			t.Logf("OPEN %s %s: %v", about[0], name, err)
			continue
		}
		if revs, err := f.Revisions(); err != nil {
			t.Logf("REVS %s %s: %v", about[0], name, err)
		} else if revs[len(revs)-1].End != f.Size() {
			t.Logf("TAIL %s %s: %d of %d", about[0], name, revs[len(revs)-1].End, f.Size())
		}
		n, err := f.NumPages()
		if err != nil {
			t.Logf("PAGES %s %s: %v", about[0], name, err)
		}
		k := 0
		for _, err := range f.Pages() {
			if err != nil {
				t.Logf("PAGE %s %s: %v", about[0], name, err)
				break
			}
			k++
		}
		if k != n {
			t.Logf("COUNT %s %s: %d %d", about[0], name, n, k)
		}
		if _, err := f.Fields(); err != nil {
			t.Logf("FIELDS %s %s: %v", about[0], name, err)
		}
		f.hist.effective(f.sh, f.top, func(num uint32, e xrefEntry) {
			if e.kind == kindInFile || e.kind == kindInStream {
				g := uint16(0)
				if e.kind == kindInFile {
					g = uint16(e.gen)
				}
				if _, err := f.Get(Ref{num, g}); err != nil {
					t.Logf("GET %s %s: %v", about[0], name, err)
				}
			}
		})
	}
}
