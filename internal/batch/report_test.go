package batch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

var entries = []Entry{
	{File: "=cmd|' /C calc'!A1.pdf", Output: "a,b\".pdf", Signer: "NGUYỄN VĂN A", Verdict: "valid", Seconds: 0.25},
	{File: "x\ny.pdf", Exit: 15, Error: "-damaged"},
}

func TestReportCSV(t *testing.T) {
	var b bytes.Buffer
	r, err := NewReporter(&b, "csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := r.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %d rows", err, len(rows))
	}
	for _, row := range rows[1:] {
		for _, f := range row {
			if f != "" && strings.ContainsAny(f[:1], "=+-@") || strings.ContainsAny(f, "\r\n") {
				t.Errorf("field %q is a formula or spans lines", f)
			}
		}
	}
	if rows[1][1] != "a,b\".pdf" || rows[1][4] != "NGUYỄN VĂN A" || rows[2][7] != "15" {
		t.Errorf("rows %q", rows)
	}
}

// TestHarmless: names in a table, as they are where they can be.
func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"đơn của tôi.pdf":   "đơn của tôi.pdf",
		"e\u0302\u0301.pdf": "e\u0302\u0301.pdf", // NFD
		"=1+1":              "'=1+1",
		"+84":               "'+84",
		"-rf.pdf":           "'-rf.pdf",
		"@SUM(A1)":          "'@SUM(A1)",
		"\t=1+1":            `\u0009=1+1`,
		"x\ny.pdf":          `x\u000ay.pdf`,
		"a\x1b[31mb.pdf":    `a\u001b[31mb.pdf`,
		"\u202efdp.exe":     `\u202efdp.exe`,
		"bad\xff.pdf":       `bad\xff.pdf`,
		"\x00":              `\u0000`,
		"\U000e0001tag.pdf": `\U000e0001tag.pdf`,
		"\ufffd.pdf":        "\ufffd.pdf",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestReportJSON(t *testing.T) {
	for n := range 3 {
		var b bytes.Buffer
		r, err := NewReporter(&b, "json")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries[:n] {
			if err := r.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		var got []Entry
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || len(got) != n {
			t.Fatalf("%d entries: %v\n%s", n, err, b.String())
		}
		if n == 2 && got[0] != entries[0] {
			t.Errorf("%+v", got[0])
		}
	}
}

func TestReportKind(t *testing.T) {
	for name, want := range map[string]string{"a.csv": "csv", "b.JSON": "json"} {
		if got, err := ReportKind(name); err != nil || got != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if _, err := ReportKind("a.txt"); !errors.Is(err, ErrReportKind) {
		t.Errorf("%v", err)
	}
}
