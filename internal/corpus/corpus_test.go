package corpus

import (
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/corpus.md anew")

// corpusDir holds files of other people's test suites; it is no part of the
// repository.
var corpusDir = filepath.Join("..", "..", "..", "shared", "corpus")

const table = "../../docs/corpus.md"

// passwords are those that the suites of the files use, the owner's where that
// is known. The table of the signed files has its own.
var passwords = map[string]string{
	"to-sign/pdfbox/302a14-PasswordSample-128bit.pdf": "owner",
	"to-sign/pdfminer/2533d3-rc4-128.pdf":             "foo",
	"to-sign/pdf.js/d22cbf-encrypted-attachment.pdf":  "000000",
	"to-sign/pdf.js/74eed6-issue3371.pdf":             "ELXRTQWS",
	"to-sign/qpdf/0153ef-job-json-encrypt-128.pdf":    "o",
}

// file is a file of the corpus and all that became of it.
type file struct {
	name, group, password string
	at                    string // where it lies; "": in the corpus, by its name

	before  *report // our verifier's, of the input
	first   signed  // as it is
	helped  signed  // with the password, --repair or --invisible
	how     string  // what helped means: "" where it was not needed
	verdict outcome // of the output
}

// output is the signed file; "" when there is none.
func (f *file) output() string {
	if f.first.Error == nil {
		return f.first.Output
	}
	if f.how != "" && f.helped.Error == nil {
		return f.helped.Output
	}
	return ""
}

// TestCorpus holds the table of docs/corpus.md to what the program does.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpusDir); os.IsNotExist(err) {
		return
	}
	for _, tool := range []string{"qpdf", "pdfsig", "mutool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is needed: %v (make tools)", tool, err)
		}
	}
	files := list(t)
	r := newRig(t)
	r.verifyAll(files)
	r.signAll(files)
	for _, f := range files {
		r.help(f)
	}
	r.judgeAll(files)
	for _, f := range files {
		check(t, f)
	}
	text := render(files)
	if *update {
		if err := os.WriteFile(table, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Errorf("docs/corpus.md is not what the program does: make corpus, and look at the difference\n%s", firstDifference(string(have), text))
	}
}

func firstDifference(have, want string) string {
	h, w := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return fmt.Sprintf("line %d\nhave %s\nwant %s", i+1, h[i], w[i])
		}
	}
	return fmt.Sprintf("have %d lines, want %d", len(h), len(w))
}

// list reads the two tables and wants that they name every file.
func list(t *testing.T) []*file {
	t.Helper()
	var all []*file
	for _, row := range rows(t, "to-sign.tsv") {
		all = append(all, &file{name: row[0], group: row[1], password: passwords[row[0]]})
	}
	for _, row := range rows(t, "expected.tsv") {
		if len(all) > 0 && all[len(all)-1].name == row[0] {
			continue // one row a signature
		}
		all = append(all, &file{name: row[0], group: "signed: " + row[9], password: row[4]})
	}
	slices.SortStableFunc(all, func(a, b *file) int { return strings.Compare(a.name, b.name) })
	all = slices.CompactFunc(all, func(a, b *file) bool { return a.name == b.name })
	known := map[string]bool{}
	for _, f := range all {
		known[f.name] = true
	}
	err := filepath.WalkDir(corpusDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".pdf" {
			return err
		}
		name, err := filepath.Rel(corpusDir, path)
		if err == nil && !known[filepath.ToSlash(name)] {
			t.Errorf("no table has %s", name)
		}
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files in the tables, %v", len(all), err)
	}
	return all
}

func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(corpusDir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	all, err := r.ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(all), err)
	}
	return all[1:]
}
