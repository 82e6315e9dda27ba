package batch

import (
	"errors"
	"strings"
	"testing"
)

func known(c string) bool { return c == "page" || c == "reason" || c == "output" }

func TestReadManifest(t *testing.T) {
	rows, err := ReadManifest(strings.NewReader("\ufefffile,page,Reason\na.pdf,2,\"Duyệt, ký\"\n\n\"b\nc.pdf\",,\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].File != "a.pdf" || rows[0].Values["reason"] != "Duyệt, ký" || rows[0].Values["page"] != "2" {
		t.Errorf("rows %+v", rows)
	}
	if rows[1].Line != 4 || len(rows[1].Values) != 0 {
		t.Errorf("second row %+v", rows[1])
	}
	if rows, err = ReadManifest(strings.NewReader("file;page\na.pdf;3\n"), known); err != nil || rows[0].Values["page"] != "3" {
		t.Errorf("semicolons: %+v, %v", rows, err)
	}
	if rows, err = ReadManifest(strings.NewReader("--file,--page\r\na.pdf,3\r\n"), known); err != nil || rows[0].Values["page"] != "3" {
		t.Errorf("names as flags: %+v, %v", rows, err)
	}
}

func TestReadManifestNamesTheLine(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		line       int
		column     string
	}{
		{"empty", "", 1, ""},
		{"no file column", "page\n1\n", 1, "file"},
		{"unknown column", "file,pgae\na.pdf,1\n", 1, "pgae"},
		{"column twice", "file,page,page\na.pdf,1,2\n", 1, "page"},
		{"short row", "file,page\na.pdf,1\nb.pdf\n", 3, ""},
		{"no file", "file,page\na.pdf,1\n,2\n", 3, "file"},
		{"NUL", "file,page\na\x00.pdf,1\n", 2, "file"},
		{"broken quote", "file,page\n\"a.pdf,1\n", 2, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ReadManifest(strings.NewReader(tc.text), known)
			var row *RowError
			if !errors.As(err, &row) {
				t.Fatalf("error %v", err)
			}
			if row.Line != tc.line || row.Column != tc.column {
				t.Errorf("line %d column %q, want %d %q (%v)", row.Line, row.Column, tc.line, tc.column, err)
			}
		})
	}
	if _, err := ReadManifest(strings.NewReader("file\n\xff\xfe.pdf\n"), known); err == nil {
		t.Error("text that is not UTF-8 was accepted")
	}
	_, err := ReadManifest(strings.NewReader("file,page\n,1\n,2\n"), known)
	if n := strings.Count(err.Error(), "line "); n != 2 {
		t.Errorf("not every bad row is named: %v", err)
	}
}

// FuzzManifest: what is accepted has a file in every row and only known
// columns, and no name leaves the output folder by way of Below.
func FuzzManifest(f *testing.F) {
	for _, s := range []string{"file,page\na.pdf,1\n", "\ufefffile;reason\r\n\"a\"\"b\";x\r\n", "file\n../../etc/passwd\n", "file,output\na,/x\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := ReadManifest(strings.NewReader(s), known)
		if err != nil {
			return
		}
		for _, r := range rows {
			if r.File == "" || r.Line < 1 {
				t.Fatalf("row %+v", r)
			}
			for c := range r.Values {
				if !known(c) {
					t.Fatalf("column %q", c)
				}
			}
			if p, err := Below("out", r.File); err == nil && !strings.HasPrefix(p, "out") {
				t.Fatalf("%q leads to %q", r.File, p)
			}
		}
	})
}
