package batch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// W09: what leaves the folder, or no file can be called.
func TestBelow(t *testing.T) {
	for _, tc := range []struct {
		name string
		want error
	}{
		{"a.pdf", nil},
		{"Hồ sơ/đơn.pdf", nil},
		{"-rf.pdf", nil},
		{"a/../b.pdf", nil}, // stays inside
		{"../x.pdf", ErrOutside},
		{"../../x.pdf", ErrOutside},
		{"a/../../x.pdf", ErrOutside},
		{"/etc/passwd", ErrOutside},
		{"..", ErrOutside},
		{"", ErrName},
		{"a\x00b.pdf", ErrName},
		{"a\nb.pdf", ErrName},
		{"a.pdf.", ErrName},
		{"a.pdf ", ErrName},
		{"nul.pdf", ErrName},
		{"x/COM1", ErrName},
	} {
		got, err := Below("out", tc.name)
		if !errors.Is(err, tc.want) || (tc.want == nil) != (err == nil) {
			t.Errorf("%q: %q, %v, want %v", tc.name, got, err, tc.want)
		}
		if err == nil {
			if rel, e := filepath.Rel("out", got); e != nil || !filepath.IsLocal(rel) {
				t.Errorf("%q leads to %q", tc.name, got)
			}
		}
	}
}

// W10: the same output by another spelling is the same.
func TestCollision(t *testing.T) {
	in := []string{"1", "2", "3"}
	for _, tc := range []struct {
		name string
		out  []string
		hit  bool
	}{
		{"different", []string{"a.pdf", "b.pdf", "c.pdf"}, false},
		{"same", []string{"a.pdf", "b.pdf", "a.pdf"}, true},
		{"case", []string{"A.pdf", "b.pdf", "a.PDF"}, true},
		{"NFC and NFD", []string{"ế.pdf", "b", "e\u0302\u0301.pdf"}, true},
		{"dots", []string{"x/a.pdf", "b", "x/./a.pdf"}, true},
	} {
		c := Collision(in, tc.out)
		if (c != nil) != tc.hit {
			t.Errorf("%s: %v", tc.name, c)
		}
		if c != nil && (c.First != "1" || c.Second != "3") {
			t.Errorf("%s: %v", tc.name, c)
		}
	}
}

func TestWalk(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.pdf", "a/Đơn.PDF", "a/note.txt", ".hidden.pdf", ".git/x.pdf", "c.pdf/inner.pdf"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "b.pdf"), filepath.Join(dir, "link.pdf")); err != nil {
		t.Fatal(err)
	}
	if _, err := Walk([]string{dir}, WalkOptions{}); !errors.Is(err, ErrFolder) {
		t.Errorf("a folder without Recursive: %v", err)
	}
	var passed []string
	items, err := Walk([]string{"-", dir, "missing.doc"}, WalkOptions{Recursive: true, Passed: func(path string) { passed = append(passed, filepath.Base(path)) }})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(passed, []string{"note.txt"}) {
		t.Errorf("passed over %q", passed)
	}
	var under []string
	for _, it := range items {
		under = append(under, it.Under)
	}
	want := []string{"-", "a/Đơn.PDF", "b.pdf", "c.pdf/inner.pdf", "missing.doc"}
	if !slices.Equal(under, want) {
		t.Errorf("got %q, want %q", under, want)
	}
}
