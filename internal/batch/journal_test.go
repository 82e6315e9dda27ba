package batch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, path string, resume bool) *Journal {
	t.Helper()
	j, err := OpenJournal(path, resume)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func rec(n int) Record {
	return Record{Input: fmt.Sprintf("%d.pdf", n), InputSHA256: fmt.Sprintf("in%d", n), Output: fmt.Sprintf("%d.signed.pdf", n), OutputSHA256: "out", Bytes: 9}
}

func TestJournalRemembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := open(t, path, false)
	for i := range 3 {
		if err := j.Intend(rec(i)); err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			if err := j.Add(rec(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(path, false); !errors.Is(err, ErrJournalExists) {
		t.Errorf("without resume: %v", err)
	}
	j = open(t, path, true)
	if r, ok := j.Done("1.pdf", "in1", ""); !ok || r != rec(1) {
		t.Errorf("done: %+v %v", r, ok)
	}
	if _, ok := j.Done("1.pdf", "changed", ""); ok {
		t.Error("an input that changed counts as done")
	}
	if _, ok := j.Done("2.pdf", "in2", ""); ok {
		t.Error("an intention counts as done")
	}
	if r, ok := j.Intended("2.pdf", "in2", ""); !ok || r.OutputSHA256 != "out" {
		t.Errorf("intended: %+v %v", r, ok)
	}
	if _, ok := j.Intended("1.pdf", "in1", ""); ok {
		t.Error("what is done is still intended")
	}
	if j.Len() != 2 {
		t.Errorf("%d records", j.Len())
	}
}

// W14: whatever part of the last line a crash left, the
// lines before it count and the journal goes on.
func TestJournalTornAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "j")
	j := open(t, path, false)
	for i := range 2 {
		if err := j.Add(rec(i)); err != nil {
			t.Fatal(err)
		}
	}
	_ = j.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := strings.LastIndexByte(strings.TrimSuffix(string(data), "\n"), '\n') + 1
	for cut := last; cut < len(data); cut++ {
		torn := filepath.Join(dir, fmt.Sprint("torn", cut))
		if err := os.WriteFile(torn, data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		j := open(t, torn, true)
		if _, ok := j.Done("0.pdf", "in0", ""); !ok || j.Len() != 1 {
			t.Fatalf("cut at %d: %d records", cut, j.Len())
		}
		if err := j.Add(rec(5)); err != nil {
			t.Fatal(err)
		}
		_ = j.Close()
		if j = open(t, torn, true); j.Len() != 2 {
			t.Fatalf("cut at %d: %d records after going on", cut, j.Len())
		}
		_ = j.Close()
	}
}

// W14: a journal that is none, damaged, or of another version.
func TestJournalRefuses(t *testing.T) {
	good := "{\"schema\":\"kyso.journal/1\"}\n"
	for name, text := range map[string]string{
		"other version":        "{\"schema\":\"kyso.journal/2\"}\n",
		"no header":            "{\"done\":{\"input\":\"a\"}}\n",
		"broken line":          good + "{\"done\":{\"inp\n" + good,
		"two values":           good + "{\"done\":{\"input\":\"a\"}} {\"done\":{\"input\":\"b\"}}\n",
		"torn, and not joined": good + "{\"done\":{\"inp{\"done\":{\"input\":\"a\"}}\n",
		"unknown field":        good + "{\"done\":{\"input\":\"a\"},\"x\":1}\n",
		"says nothing":         good + "{}\n",
		"not a journal":        "%PDF-1.7\n%%EOF\n",
		"version inside":       good + "{\"schema\":\"kyso.journal/9\"}\n",
	} {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenJournal(path, true); !errors.Is(err, ErrJournalBad) {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); string(after) != text {
			t.Errorf("%s: the file was changed", name)
		}
	}
	if _, err := OpenJournal(t.TempDir(), true); err == nil {
		t.Error("a folder was accepted")
	}
}

func TestJournalIsForOneRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := open(t, path, false)
	if _, err := OpenJournal(path, true); !errors.Is(err, ErrJournalLocked) {
		t.Fatalf("second run: %v", err)
	}
	_ = j.Close()
	open(t, path, true)
}

func TestJournalsJoin(t *testing.T) {
	dir := t.TempDir()
	var all []byte
	for i := range 2 {
		path := filepath.Join(dir, fmt.Sprint(i))
		j := open(t, path, false)
		if err := j.Add(rec(i)); err != nil {
			t.Fatal(err)
		}
		_ = j.Close()
		data, _ := os.ReadFile(path)
		all = append(all, data...)
	}
	path := filepath.Join(dir, "all")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	if j := open(t, path, true); j.Len() != 2 {
		t.Errorf("%d records", j.Len())
	}
}

// TestJournalTellsOutputsApart: one input may have several outputs, each with
// its own record.
func TestJournalTellsOutputsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := open(t, path, false)
	one, two, three := rec(1), rec(1), rec(1)
	two.Output, three.Output = "2", "3"
	for _, step := range []error{j.Add(one), j.Intend(two), j.Intend(three), j.Add(three)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	_ = j.Close()
	j = open(t, path, true)
	for output, want := range map[string]string{one.Output: one.Output, "3": "3", "": "3", "2": "", "4": ""} {
		if r, ok := j.Done("1.pdf", "in1", output); r.Output != want || ok != (want != "") {
			t.Errorf("done %q: %+v", output, r)
		}
	}
	for output, want := range map[string]string{one.Output: "", "3": "", "": "2", "2": "2"} {
		if r, _ := j.Intended("1.pdf", "in1", output); r.Output != want {
			t.Errorf("intended %q: %+v", output, r)
		}
	}
}

// TestJournalStaysSmall: a run of 100,000 files remembers none of its own.
func TestJournalStaysSmall(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "j"), false)
	for i := range 10 {
		if err := errors.Join(j.Intend(rec(i)), j.Add(rec(i))); err != nil {
			t.Fatal(err)
		}
	}
	if len(j.done)+len(j.intended) > 0 {
		t.Errorf("%d and %d records are kept", len(j.done), len(j.intended))
	}
}

// TestTornJournalsJoin: cat puts the header of the second journal behind
// whatever part of a line a crash left at the end of the first.
func TestTornJournalsJoin(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "first")
	j := open(t, path, false)
	for i := range 2 {
		if err := j.Add(rec(i)); err != nil {
			t.Fatal(err)
		}
	}
	_ = j.Close()
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "second")
	j = open(t, path, false)
	if err := j.Add(rec(7)); err != nil {
		t.Fatal(err)
	}
	_ = j.Close()
	second, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := strings.LastIndexByte(strings.TrimSuffix(string(first), "\n"), '\n') + 1
	for cut := last + 1; cut < len(first); cut++ {
		all := filepath.Join(dir, fmt.Sprint("all", cut))
		if err := os.WriteFile(all, append(append([]byte{}, first[:cut]...), second...), 0o600); err != nil {
			t.Fatal(err)
		}
		j := open(t, all, true)
		_, one := j.Done("0.pdf", "in0", "")
		_, torn := j.Done("1.pdf", "in1", "")
		_, other := j.Done("7.pdf", "in7", "")
		if !one || torn || !other {
			t.Fatalf("cut at %d: %v %v %v", cut, one, torn, other)
		}
		_ = j.Close()
	}
}

func TestJournalConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := open(t, path, false)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := j.Add(rec(i)); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	_ = j.Close()
	if j = open(t, path, true); j.Len() != 200 {
		t.Errorf("%d records", j.Len())
	}
}

// FuzzJournal: any file is taken or refused, never changed when refused, and
// what is taken is taken again after closing.
func FuzzJournal(f *testing.F) {
	f.Add([]byte("{\"schema\":\"kyso.journal/1\"}\n{\"done\":{\"input\":\"a\",\"input_sha256\":\"b\"}}\n"))
	f.Add([]byte("{\"schema\":\"kyso.journal/1\"}\n{\"intend\":{\"input\":\"a\"}}\n{\"do"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path, true)
		if err != nil {
			if after, _ := os.ReadFile(path); string(after) != string(data) {
				t.Fatal("refused and changed")
			}
			return
		}
		n := j.Len()
		_ = j.Close()
		if j, err = OpenJournal(path, true); err != nil || j.Len() != n {
			t.Fatalf("second time: %v", err)
		}
		_ = j.Close()
	})
}
