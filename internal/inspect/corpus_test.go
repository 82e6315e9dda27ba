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

// telling lists the codes that are rare in ordinary files. In files of the
// corpus where they stand in expected they are true.
var telling = []Code{HiddenObjects, UnreferencedPages, CoveredContent, ValueAppearanceDiffer, XMLBomb, TrailingBytes}

var expected = map[string]string{
	// Damaged: the cross-reference points elsewhere, so that the objects it
	// means are in none.
	"to-sign/pdf.js/7de921-poppler-395-0-fuzzed.pdf": "HIDDEN_OBJECTS:1",
	"to-sign/pdf.js/e74ac1-issue18986.pdf":           "HIDDEN_OBJECTS:3",
	"signed/dss/0cf14b-pdf-signed-corrupted.pdf":     "HIDDEN_OBJECTS:7",
	// White fields over what the page says where they are empty.
	"to-sign/pdf.js/e6dd33-bug1815476.pdf": "COVERED_CONTENT:2",
	// An appearance without type that no field has.
	"signed/dss/1251a3-DSS1376-rev_n-2.pdf": "UNREFERENCED_PAGES:1",
	"signed/dss/1d46b5-DSS1376-rev_n-1.pdf": "UNREFERENCED_PAGES:1",
	// Objects appended without a section that lists them.
	"signed/rig-made/ec2f58-attack-isa-noxref.pdf":       "HIDDEN_OBJECTS:1 TRAILING_BYTES:1",
	"signed/rig-made/f93564-attack-isa-trailer-only.pdf": "HIDDEN_OBJECTS:1 TRAILING_BYTES:1",
}

// TestCorpus looks at every file of the corpus that opens, and prints the table
// of codes (go test -v).
func TestCorpus(t *testing.T) {
	for _, folder := range []string{"to-sign", "signed"} {
		root, files := corpus(t, folder)
		opened, quiet := 0, 0
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
			check(t, r)
			t.Logf("%-70s %4d ms %s", name, time.Since(start).Milliseconds(), codes(r))
			for _, x := range r.Findings {
				t.Logf("    %s page %d object %d field %q: %s", x.Code, x.Page, x.Object.Num, x.Field, x.Detail)
			}
			if got := codes(r, telling...); got != expected[name] {
				t.Errorf("%s: got %q, want %q", name, got, expected[name])
			}
			if opened++; len(r.Findings) == 0 {
				quiet++
			}
		}
		t.Logf("%s: %d of %d files without a finding", folder, quiet, opened)
		if quiet*10 < opened*7 {
			t.Errorf("%s: only %d of %d files are without a finding", folder, quiet, opened)
		}
	}
}

// codes is the codes of a report with their numbers; of some codes only when
// these are given.
func codes(r *Report, of ...Code) string {
	n := make(map[Code]int)
	for _, x := range r.Findings {
		n[x.Code]++
	}
	var out []string
	for _, c := range Codes() {
		if n[c] > 0 && (len(of) == 0 || slices.Contains(of, c)) {
			out = append(out, fmt.Sprintf("%s:%d", c, n[c]+r.Omitted[c]))
		}
	}
	return strings.Join(out, " ")
}
