package changes

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func sharedDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("KYSO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus", "expected.tsv")); err != nil {
		t.Skipf("no corpus of real files beside the repository: %v", err)
	}
	return filepath.Join(dir, "corpus")
}

// The signed files of other programs: what their own projects call intact is
// not forbidden, what they call suspicious is.
func TestCorpus(t *testing.T) {
	dir := sharedDir(t)
	in, err := os.Open(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r := csv.NewReader(in)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		end := signedEnd(row[3])
		if end == 0 {
			continue
		}
		t.Run(filepath.Base(row[0])+row[1], func(t *testing.T) {
			corpusRow(t, filepath.Join(dir, row[0]), row, end)
		})
	}
}

func signedEnd(byteRange string) int64 {
	parts := strings.Fields(byteRange)
	if len(parts) != 4 {
		return 0
	}
	b, err1 := strconv.ParseInt(parts[2], 10, 64)
	c, err2 := strconv.ParseInt(parts[3], 10, 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return b + c
}

func corpusRow(t *testing.T, path string, row []string, end int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	expected := row[6]
	f, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{Password: []byte(row[4])})
	if err != nil {
		if expected == "none" || expected == "allowed" {
			t.Errorf("can't be opened: %v", err)
		}
		return
	}
	mdp, locks := certification(t, f, end)
	res, err := Compare(context.Background(), f, Options{SignedEnd: end, DocMDP: mdp, Locks: locks})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%-12s P=%d %s\n%s", expected, mdp, res.Level, show(res))
	switch expected {
	case "none", "allowed", "annotations", "not-suspicious":
		if res.Level != None && res.Level != Permitted {
			t.Errorf("%s, expected %s", res.Level, expected)
		}
	case "suspicious":
		if res.Level != Forbidden {
			t.Errorf("%s, expected %s", res.Level, expected)
		}
	case "flagged", "changes":
		if res.Level == None {
			t.Errorf("%s, expected %s", res.Level, expected)
		}
	}
}

// certification reads what verify would pass: /Perms of the signed revision,
// and the FieldMDP of the signatures in it.
func certification(t *testing.T, f *pdf.File, end int64) (mdp int, locks []Lock) {
	t.Helper()
	s, err := f.Truncated(context.Background(), end)
	if err != nil {
		return 0, nil
	}
	catalog, _, err := s.Catalog()
	if err != nil {
		return 0, nil
	}
	fieldList, err := s.Fields()
	if err != nil {
		return 0, nil
	}
	perms, _ := s.Dict(catalog.Get("Perms"))
	for _, v := range append([]pdf.Object{perms.Get("DocMDP")}, values(fieldList)...) {
		sig, _ := s.Dict(v)
		refs, _ := s.Array(sig.Get("Reference"))
		for _, r := range refs {
			d, _ := s.Dict(r)
			params, _ := s.Dict(d.Get("TransformParams"))
			switch d.Get("TransformMethod") {
			case pdf.Name("DocMDP"):
				p, _ := s.Int(params.Get("P"))
				if mdp = int(p); p == 0 {
					mdp = 2
				}
			case pdf.Name("FieldMDP"):
				action, _ := params.Get("Action").(pdf.Name)
				l := Lock{Action: string(action)}
				names, _ := s.Array(params.Get("Fields"))
				for _, n := range names {
					if str, ok := n.(pdf.String); ok {
						l.Fields = append(l.Fields, pdf.Text(str))
					}
				}
				locks = append(locks, l)
			}
		}
	}
	return mdp, locks
}

func values(list []pdf.Field) (out []pdf.Object) {
	for _, f := range list {
		if f.FT == "Sig" {
			out = append(out, f.V)
		}
	}
	return out
}
