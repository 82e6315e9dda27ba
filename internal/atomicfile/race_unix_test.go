//go:build unix

package atomicfile_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// W08: somebody who swaps the output's name for a symbolic link all the time,
// in a folder that all may write to, never makes anything be written through
// it. The short form runs 1,000 rounds, the full one 10,000.
func TestW08Race(t *testing.T) { everywhere(t, testW08Race) }

func testW08Race(t *testing.T, dir string, create createFunc) {
	rounds := 1000
	if os.Getenv("KYSO_TORTURE") == "full" {
		rounds = 10_000
	}
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	victim := filepath.Join(t.TempDir(), "victim")
	write(t, victim, "precious")
	path := filepath.Join(dir, "b.pdf")
	stop, swaps := make(chan struct{}), 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			link := filepath.Join(dir, "link")
			if os.Symlink(victim, link) == nil && os.Rename(link, path) == nil {
				swaps++
			}
		}
	})
	written := 0
	for i := range rounds {
		f, err := create(path, atomicfile.Options{Force: i%2 == 0})
		if err != nil {
			continue // there, and no Force
		}
		if _, err := f.WriteString("signed"); err != nil {
			t.Fatal(err)
		}
		if f.Commit() == nil {
			written++
		}
		if i%2 == 0 {
			_ = os.Remove(path) // so that the next, without Force, has a chance
		}
	}
	close(stop)
	wg.Wait()
	if got := read(t, victim); got != "precious" {
		t.Fatalf("written through the link: %q", got)
	}
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the mode of the victim is %v, %v", info.Mode(), err)
	}
	if written == 0 || swaps == 0 {
		t.Errorf("no race: %d written, %d swapped", written, swaps)
	}
	t.Logf("%d written, %d swapped", written, swaps)
}
