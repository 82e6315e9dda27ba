//go:build unix

package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// swapRig is a root with a folder in it, and a folder outside.
type swapRig struct {
	root            *os.Root
	top, sub, other string
}

func newSwapRig(t *testing.T) *swapRig {
	t.Helper()
	top := t.TempDir()
	r := &swapRig{root: openRoot(t, top), top: top, sub: filepath.Join(top, "sub"), other: t.TempDir()}
	must(t, os.Mkdir(r.sub, 0o755))
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// W09: a folder below the root that is a link: one that leads out is refused,
// one that stays in is followed.
func TestRootLinks(t *testing.T) {
	r := newSwapRig(t)
	must(t, os.Symlink(r.other, filepath.Join(r.top, "out")))
	must(t, os.Symlink("../"+filepath.Base(r.top), filepath.Join(r.top, "up")))
	must(t, os.Symlink("sub", filepath.Join(r.top, "in")))
	must(t, os.Symlink("nowhere", filepath.Join(r.top, "dangling")))
	must(t, syscall.Mkfifo(filepath.Join(r.top, "pipe"), 0o600))
	write(t, filepath.Join(r.top, "file"), "")
	for path, want := range map[string]error{
		"out/b.pdf": atomicfile.ErrOutside, "up/b.pdf": atomicfile.ErrOutside, "../b.pdf": atomicfile.ErrOutside,
		r.other + "/b.pdf": atomicfile.ErrOutside, "dangling/b.pdf": fs.ErrNotExist, "absent/b.pdf": fs.ErrNotExist,
		"pipe/b.pdf": syscall.ENOTDIR, "file/b.pdf": syscall.ENOTDIR, "in/b.pdf": nil,
	} {
		done := time.AfterFunc(10*time.Second, func() { panic(path + " waits") })
		f, err := atomicfile.Create(path, atomicfile.Options{Root: r.root})
		done.Stop()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if err == nil {
			must(t, f.Commit())
		}
	}
	if read(t, filepath.Join(r.sub, "b.pdf")) != "" || names(t, r.other) != "" {
		t.Errorf("outside: %q", names(t, r.other))
	}
	if _, err := atomicfile.Sweep(r.root, "out"); !errors.Is(err, atomicfile.ErrOutside) {
		t.Errorf("Sweep: %v", err)
	}
}

// W09: a folder that is moved between Create and Commit: nothing is written
// where the name leads now, and nobody is told of a file that is not there.
func TestRootFolderMoved(t *testing.T) {
	for name, swap := range map[string]func(*testing.T, *swapRig) string{
		"link in its place": func(t *testing.T, r *swapRig) string {
			aside := filepath.Join(r.top, "aside")
			must(t, os.Rename(r.sub, aside))
			must(t, os.Symlink(r.other, r.sub))
			return aside
		},
		"folder in its place": func(t *testing.T, r *swapRig) string {
			aside := filepath.Join(r.top, "aside")
			must(t, os.Rename(r.sub, aside))
			must(t, os.Mkdir(r.sub, 0o755))
			return aside
		},
		"moved out": func(t *testing.T, r *swapRig) string {
			aside := filepath.Join(r.other, "sub")
			must(t, os.Rename(r.sub, aside))
			return aside
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, end := range []func(*atomicfile.File) error{(*atomicfile.File).Commit,
				func(f *atomicfile.File) error { f.Abort(); return atomicfile.ErrOutside }} {
				r := newSwapRig(t)
				f, err := atomicfile.Create("sub/b.pdf", atomicfile.Options{Root: r.root})
				must(t, err)
				aside := swap(t, r)
				if err := end(f); !errors.Is(err, atomicfile.ErrOutside) {
					t.Errorf("Commit: %v", err)
				}
				if got := names(t, aside); got != "" {
					t.Errorf("%s holds %q", aside, got)
				}
				if entries, _ := os.ReadDir(r.sub); len(entries) > 0 {
					t.Errorf("%v at the folder's name", entries)
				}
			}
		})
	}
}

// W09: somebody swaps a folder below the root for a link to the outside and
// back all the time, by one call each: nothing comes to be outside, and what
// Commit says is there is. The short form has 1,000 swaps, the full one
// 10,000.
func TestW09FolderRace(t *testing.T) {
	rounds := 1000
	if os.Getenv("KYSO_TORTURE") == "full" {
		rounds = 10_000
	}
	r := newSwapRig(t)
	link, aside := filepath.Join(r.top, "link"), filepath.Join(r.top, "aside")
	must(t, os.Symlink(r.other, link))
	stop, swaps := make(chan struct{}), atomic.Int64{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if os.Rename(r.sub, aside) == nil && os.Rename(link, r.sub) == nil && os.Rename(r.sub, link) == nil && os.Rename(aside, r.sub) == nil {
				if swaps.Add(1)%8 == 0 { // a moment in which a file can be written whole
					time.Sleep(200 * time.Microsecond)
				}
			}
		}
	})
	written, refused := 0, 0
	// On a slow machine until both have been seen.
	for i := 0; i < rounds || swaps.Load() < int64(rounds) || (written == 0 || refused == 0) && i < 100*rounds; i++ {
		f, err := atomicfile.Create("sub/b.pdf", atomicfile.Options{Force: i%2 == 0, Root: r.root})
		if err == nil {
			_, err = f.WriteString("signed")
			must(t, err)
			if i%3 == 2 {
				f.Abort()
				continue
			}
			err = f.Commit()
		}
		switch {
		case err == nil:
			written++
		case errors.Is(err, atomicfile.ErrOutside):
			refused++
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) && !errors.Is(err, syscall.ENOTDIR):
			t.Error(err)
		}
		if i%2 == 1 {
			_, _ = atomicfile.Sweep(r.root, "sub")
			_ = r.root.Remove("sub/b.pdf")
		}
	}
	close(stop)
	wg.Wait()
	if got := names(t, r.other); got != "" {
		t.Errorf("outside: %q", got)
	}
	if got := names(t, r.sub); got != "" && got != "b.pdf" {
		t.Errorf("left: %q", got)
	}
	if written == 0 || refused == 0 {
		t.Error("no race")
	}
	t.Logf("%d written, %d refused, %d swaps", written, refused, swaps.Load())
}
