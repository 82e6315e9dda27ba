package inspect

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// corpus lists the PDFs of a folder of the shared corpus.
func corpus(t *testing.T, folder string) (root string, files []string) {
	t.Helper()
	root = os.Getenv("KYSO_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	root = filepath.Join(root, "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the shared corpus is not here: %v", err)
	}
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".pdf") {
			name, _ := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return root, files
}

// TestCorpusTable prints the codes of each file (go test -v).
func TestCorpusTable(t *testing.T) {
	for _, folder := range []string{"to-sign", "signed"} {
		root, files := corpus(t, folder)
		for _, name := range files {
			b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			f, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{})
			if err != nil {
				t.Logf("%-70s not opened: %v", name, err)
				continue
			}
			start := time.Now()
			r, err := Inspect(context.Background(), f, Options{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			t.Logf("%-70s %4d ms %s", name, time.Since(start).Milliseconds(), codes(r))
			for _, x := range r.Findings {
				t.Logf("    %s page %d object %d field %q: %s", x.Code, x.Page, x.Object.Num, x.Field, x.Detail)
			}
		}
	}
}

// codes is the codes of a report with their numbers.
func codes(r *Report) string {
	n := make(map[Code]int)
	for _, x := range r.Findings {
		n[x.Code]++
	}
	var out []string
	for _, c := range Codes() {
		if n[c] > 0 {
			out = append(out, fmt.Sprintf("%s:%d", c, n[c]+r.Omitted[c]))
		}
	}
	return strings.Join(out, " ")
}
