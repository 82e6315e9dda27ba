package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, e := range entries {
		s = append(s, e.Name())
	}
	return strings.Join(s, " ")
}

// everywhere runs a test by path, in a Root, and in a folder below one. create
// takes paths that begin with the folder.
func everywhere(t *testing.T, test func(t *testing.T, dir string, create createFunc)) {
	t.Helper()
	t.Run("path", func(t *testing.T) { test(t, t.TempDir(), atomicfile.Create) })
	t.Run("root", func(t *testing.T) {
		dir := t.TempDir()
		test(t, dir, createIn(t, dir))
	})
	t.Run("below a root", func(t *testing.T) {
		top := t.TempDir()
		dir := filepath.Join(top, "folder")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		test(t, dir, createIn(t, top))
	})
}

type createFunc func(path string, o atomicfile.Options) (*atomicfile.File, error)

// createIn creates in a root at top.
func createIn(t *testing.T, top string) createFunc {
	root := openRoot(t, top)
	return func(path string, o atomicfile.Options) (*atomicfile.File, error) {
		o.Root = root
		return atomicfile.Create(strings.TrimPrefix(path, top+"/"), o)
	}
}

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

func TestCommit(t *testing.T) { everywhere(t, testCommit) }

func testCommit(t *testing.T, dir string, create createFunc) {
	path := filepath.Join(dir, "b.pdf")
	f, err := create(path, atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("whole"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the final name is there before Commit: %v", err)
	}
	if info, _ := f.Stat(); info.Mode().Perm() != 0o600 {
		t.Errorf("temporary mode %o, want 600", info.Mode().Perm())
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "whole" {
		t.Errorf("content %q", got)
	}
	if got := names(t, dir); got != "b.pdf" {
		t.Errorf("folder holds %q", got)
	}
	if err := f.Commit(); !errors.Is(err, atomicfile.ErrDone) {
		t.Errorf("second Commit: %v", err)
	}
	f.Abort()
	if got := names(t, dir); got != "b.pdf" {
		t.Errorf("Abort after Commit left %q", got)
	}
}

func TestAbortLeavesNothing(t *testing.T) { everywhere(t, testAbortLeavesNothing) }

func testAbortLeavesNothing(t *testing.T, dir string, create createFunc) {
	f, err := create(filepath.Join(dir, "b.pdf"), atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.Abort()
	f.Abort()
	if got := names(t, dir); got != "" {
		t.Errorf("folder holds %q", got)
	}
	if err := f.Commit(); !errors.Is(err, atomicfile.ErrDone) {
		t.Errorf("Commit after Abort: %v", err)
	}
}

func TestRefused(t *testing.T) { everywhere(t, testRefused) }

func testRefused(t *testing.T, dir string, create createFunc) {
	in := filepath.Join(dir, "in.pdf")
	write(t, in, "input")
	write(t, filepath.Join(dir, "other.pdf"), "other")
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Symlink("in.pdf", filepath.Join(dir, "soft.pdf")))
	must(os.Symlink("nowhere", filepath.Join(dir, "dangling.pdf")))
	must(os.Link(in, filepath.Join(dir, "hard.pdf")))
	must(os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	info, err := os.Stat(in)
	must(err)
	before := names(t, dir)
	for _, c := range []struct {
		name  string
		force bool
		want  error
	}{
		{"in.pdf", true, atomicfile.ErrSameFile},
		{"./sub/../in.pdf", true, atomicfile.ErrSameFile},
		{"soft.pdf", true, atomicfile.ErrSameFile},
		{"hard.pdf", true, atomicfile.ErrSameFile},
		{"other.pdf", false, atomicfile.ErrExists},
		{"other.pdf", false, fs.ErrExist},
		{"dangling.pdf", false, atomicfile.ErrExists},
		{"sub", true, atomicfile.ErrNotRegular},
		{"absent/b.pdf", true, fs.ErrNotExist},
	} {
		// No filepath.Join: it would clean the name.
		_, err := create(dir+"/"+c.name, atomicfile.Options{Force: c.force, Inputs: []fs.FileInfo{info}})
		if !errors.Is(err, c.want) {
			t.Errorf("%s force=%v: %v, want %v", c.name, c.force, err, c.want)
		}
	}
	if got := names(t, dir); got != before {
		t.Errorf("folder holds %q, was %q", got, before)
	}
	if got := read(t, in); got != "input" {
		t.Errorf("the input is now %q", got)
	}
}

func TestForceReplacesLinkNotTarget(t *testing.T) { everywhere(t, testForceReplacesLinkNotTarget) }

func testForceReplacesLinkNotTarget(t *testing.T, dir string, create createFunc) {
	target := filepath.Join(dir, "target")
	link := filepath.Join(dir, "link.pdf")
	write(t, target, "precious")
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	f, err := create(link, atomicfile.Options{Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("new"); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if read(t, target) != "precious" || read(t, link) != "new" {
		t.Error("written through the link")
	}
}

func TestFileThatCameMeanwhileIsKept(t *testing.T) { everywhere(t, testFileThatCameMeanwhileIsKept) }

func testFileThatCameMeanwhileIsKept(t *testing.T, dir string, create createFunc) {
	path := filepath.Join(dir, "b.pdf")
	f, err := create(path, atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "theirs")
	if err := f.Commit(); !errors.Is(err, atomicfile.ErrExists) {
		t.Fatalf("Commit: %v", err)
	}
	if read(t, path) != "theirs" || names(t, dir) != "b.pdf" {
		t.Errorf("folder holds %q", names(t, dir))
	}
}

func TestMode(t *testing.T) { everywhere(t, testMode) }

func testMode(t *testing.T, dir string, create createFunc) {
	for _, c := range []struct {
		name string
		mode fs.FileMode
		old  fs.FileMode
		want fs.FileMode
	}{
		{"given", 0o640, 0, 0o640},
		{"kept", 0, 0o604, 0o604},
		{"given over old", 0o600, 0o644, 0o600},
	} {
		path := filepath.Join(dir, c.name)
		if c.old != 0 {
			write(t, path, "old")
			if err := os.Chmod(path, c.old); err != nil {
				t.Fatal(err)
			}
		}
		f, err := create(path, atomicfile.Options{Force: true, Mode: c.mode})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != c.want {
			t.Errorf("%s: mode %o, want %o", c.name, info.Mode().Perm(), c.want)
		}
	}
}

func TestSweep(t *testing.T) {
	everywhere(t, func(t *testing.T, dir string, create createFunc) {
		var root *os.Root
		if !strings.HasSuffix(t.Name(), "/path") {
			root = openRoot(t, filepath.Dir(dir))
		}
		testSweep(t, dir, create, root)
	})
}

func testSweep(t *testing.T, dir string, create createFunc, root *os.Root) {
	sweep := func(dir string) (int, error) {
		if root != nil {
			dir, _ = filepath.Rel(root.Name(), dir)
		}
		return atomicfile.Sweep(root, dir)
	}
	alive, err := create(filepath.Join(dir, "b.pdf"), atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".kyso-0123456789abcdef.tmp"), "left by a killed process")
	keep := []string{".kyso-short.tmp", ".kyso-0123456789abcdeg.tmp", "kyso-0123456789abcdef.tmp", "a.pdf"}
	for _, n := range keep {
		write(t, filepath.Join(dir, n), "not ours")
	}
	n, err := sweep(dir)
	if err != nil || n != 1 {
		t.Fatalf("Sweep: %d, %v; want 1", n, err)
	}
	for _, k := range keep {
		read(t, filepath.Join(dir, k))
	}
	if err := alive.Commit(); err != nil {
		t.Errorf("a living file was swept: %v", err)
	}
	if _, err := sweep(filepath.Join(dir, "absent")); err == nil {
		t.Error("Sweep of no folder: no error")
	}
}
