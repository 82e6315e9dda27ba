package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func found(t *testing.T) map[string][]test {
	t.Helper()
	f, err := findTests(root)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Each row of the matrix is there once, and has a test.
func TestRowsHaveTests(t *testing.T) {
	var ids, want []string
	for _, r := range rows {
		ids = append(ids, r.id)
	}
	for _, kind := range []struct {
		letter string
		last   int
	}{{"W", 19}, {"N", 17}, {"K", 20}, {"Z", 31}} {
		for i := range kind.last {
			want = append(want, kind.letter+string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10)))
		}
	}
	want = append(want, "M01")
	if !slices.Equal(ids, want) {
		t.Errorf("rows are %v", ids)
	}
	if err := missing(found(t)); err != nil {
		t.Error(err)
	}
}

// docs/reliability.md has every row, names tests that exist, and no verdict
// but a good one.
func TestDocNamesTests(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, docFile))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(data), docBegin)
	table, _, _ = strings.Cut(table, docEnd)
	exist := found(t)
	line := regexp.MustCompile(`(?m)^\| ([WNKZM][0-9]{2}) \| ([^|]*) \| ([^|]*) \| ([^|]*?) ?\|$`)
	lines := line.FindAllStringSubmatch(table, -1)
	if len(lines) != len(rows) {
		t.Fatalf("%d rows in %s, want %d: make torture WRITE=1", len(lines), docFile, len(rows))
	}
	for i, l := range lines {
		good := strings.HasPrefix(l[3], "holds") || l[3] == "not tested" && rows[i].lacks == noTest
		if l[1] != rows[i].id || l[2] != rows[i].wants || !good {
			t.Errorf("%s is out of date: make torture WRITE=1", l[0])
		}
		for name := range strings.SplitSeq(l[4], ", ") {
			if name == "" && l[3] == "not tested" {
				continue
			}
			if !slices.ContainsFunc(exist[l[1]], func(x test) bool { return x.String() == name }) {
				t.Errorf("%s names %s, which holds it no more: make torture WRITE=1", l[1], name)
			}
		}
	}
}

func TestFindTests(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/a_test.go": `package a
// TestN08N09Hostile by its name.
func TestN08N09Hostile(t *testing.T) {}
// W04, W13: by its comment.
// W05: not on the second line.
func TestKill(t *testing.T) {}
// helper; W06: no.
func helper() {}
func TestW07(t *testing.T) {}
`,
		"b/testdata/script/s.txtar": "# W10: in a script\nexec x\n # W11: not here\n# W12 neither\n",
		".hidden/h_test.go":         "package h\nfunc TestW01(t *testing.T) {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := findTests(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"N08": "a.TestN08N09Hostile", "N09": "a.TestN08N09Hostile", "W04": "a.TestKill", "W13": "a.TestKill",
		"W07": "a.TestW07", "W10": "b.TestScripts/s"}
	if len(got) != len(want) {
		t.Errorf("found %v", got)
	}
	for id, name := range want {
		if len(got[id]) != 1 || got[id][0].String() != name {
			t.Errorf("%s: %v, want %s", id, got[id], name)
		}
	}
}

func TestReadEvents(t *testing.T) {
	results := map[test]outcome{}
	readEvents(results, "./p", strings.NewReader(`
{"Action":"output","Test":"TestA/sub","Output":"why\n"}
{"Action":"fail","Test":"TestA/sub"}
{"Action":"fail","Test":"TestA","Elapsed":2}
{"Action":"pass","Test":"TestScripts/s","Elapsed":1}
{"Action":"pass","Test":"TestScripts"}
{"Action":"skip","Test":"TestB"}
no json
{"Action":"fail"}
`))
	fails := results[test{"./p", "TestA"}]
	if fails.action != "fail" || fails.seconds != 2 || strings.Join(fails.output, "") != "why\n" {
		t.Errorf("TestA: %+v", fails)
	}
	r := row{id: "W01"}
	for name, want := range map[string]string{"TestA": "FAILS", "TestScripts/s": "holds", "TestB": "SKIPPED", "TestC": "DID NOT RUN"} {
		if got := verdict(r, []test{{"./p", name}}, results); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := verdict(r, nil, results); got != "NO TEST" {
		t.Error(got)
	}
	r.lacks = "x"
	if got := verdict(r, []test{{"./p", "TestScripts/s"}}, results); got != "holds, but for x" {
		t.Error(got)
	}
}

func TestPatterns(t *testing.T) {
	got := patterns([]string{"TestA", "TestB", "TestScripts/x.y", "TestScripts/z"})
	want := []string{"^(TestA|TestB)$", `^TestScripts$/^(x\.y|z)$`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestKeepTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.md")
	if err := os.WriteFile(path, []byte("above\n"+docBegin+"old\n"+docEnd+"below\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the same twice
		if err := keepTable(path, "note", "| table |\n"); err != nil {
			t.Fatal(err)
		}
	}
	data, _ := os.ReadFile(path)
	if want := "above\n" + docBegin + "\nnote\n\n| table |\n\n" + docEnd + "below\n"; string(data) != want {
		t.Errorf("%q", data)
	}
	if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if keepTable(path, "", "") == nil {
		t.Error("no error without the marks")
	}
}
