package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Those who wait while a sync is under way share the next one.
func TestSyncsAreShared(t *testing.T) {
	const callers = 50
	var calls atomic.Int64
	begun, go1 := make(chan struct{}, callers), make(chan struct{})
	g := syncGroup{open: map[any]*folderSync{}, sync: func(syncable) error {
		calls.Add(1)
		begun <- struct{}{}
		<-go1
		return nil
	}}
	var wg sync.WaitGroup
	for range callers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := g.do(syncable{key: "d"}); err != nil {
				t.Error(err)
			}
		}()
	}
	<-begun
	for asked := 0; asked < callers; {
		g.mu.Lock()
		asked = g.open["d"].asked
		g.mu.Unlock()
	}
	close(go1)
	wg.Wait()
	if n := calls.Load(); n != 2 {
		t.Errorf("%d syncs for %d callers, want 2", n, callers)
	}
	if len(g.open) != 0 {
		t.Errorf("%d folders are left", len(g.open))
	}
}

// A sync that began before the call does not count.
func TestSyncBeginsAfterTheCall(t *testing.T) {
	var written, synced atomic.Int64
	g := syncGroup{open: map[any]*folderSync{}}
	g.sync = func(syncable) error { synced.Store(written.Load()); return nil }
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 500 {
				mine := written.Add(1)
				if err := g.do(syncable{key: "d"}); err != nil || synced.Load() < mine {
					t.Errorf("write %d, synced up to %d: %v", mine, synced.Load(), err)
					return
				}
			}
		}()
	}
	wg.Wait()
}

func TestSyncFailureReachesAll(t *testing.T) {
	bad := errors.New("no disk")
	var calls atomic.Int64
	g := syncGroup{open: map[any]*folderSync{}, sync: func(syncable) error { calls.Add(1); return bad }}
	var wg sync.WaitGroup
	for range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := g.do(syncable{key: "d"}); !errors.Is(err, bad) {
				t.Errorf("error %v", err)
			}
		}()
	}
	wg.Wait()
	if len(g.open) != 0 || calls.Load() == 0 {
		t.Errorf("%d folders are left after %d syncs", len(g.open), calls.Load())
	}
	g.sync = func(syncable) error { return nil }
	if err := g.do(syncable{key: "d"}); err != nil {
		t.Errorf("an old failure came back: %v", err)
	}
}

// A folder that can't be synced: a new file is taken back, since the caller
// will say that there is none; one that replaced another stays.
func TestCommitWithoutFolderSync(t *testing.T) {
	before := folders.sync
	folders.sync = func(syncable) error { return errors.New("no sync") }
	t.Cleanup(func() { folders.sync = before })
	t.Run("path", func(t *testing.T) { testCommitWithoutFolderSync(t, false) })
	t.Run("root", func(t *testing.T) { testCommitWithoutFolderSync(t, true) })
}

func testCommitWithoutFolderSync(t *testing.T, inRoot bool) {
	dir := t.TempDir()
	for name, old := range map[string]string{"new": "", "old": "old"} {
		path := filepath.Join(dir, name)
		if old != "" {
			if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		o, asked := Options{Force: true}, path
		if inRoot {
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = root.Close() }()
			o.Root, asked = root, name
		}
		f, err := Create(asked, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("whole"); err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(); err == nil {
			t.Errorf("%s: no error", name)
		}
		data, err := os.ReadFile(path)
		if old == "" && !errors.Is(err, fs.ErrNotExist) || old != "" && string(data) != "whole" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left %v", entries)
	}
}

// TrySync tells what Commit would fail on, and tries a disk again only while it
// fails.
func TestTrySync(t *testing.T) {
	before := folders.sync
	t.Cleanup(func() { folders.sync = before })
	clear(disks.good)
	var bad error
	calls := 0
	folders.sync = func(syncable) error { calls++; return bad }
	dir := t.TempDir()
	for i, step := range []struct {
		bad   error
		calls int
		fails bool
	}{{errors.New("no disk"), 1, true}, {errors.New("no disk"), 2, true}, {nil, 3, false}, {errors.New("no disk"), 3, false}} {
		bad = step.bad
		f, err := Create(filepath.Join(dir, "b.pdf"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.TrySync(); (err != nil) != step.fails || calls != step.calls {
			t.Errorf("step %d: %v after %d calls", i, err, calls)
		}
		f.Abort()
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left %v", entries)
	}
}
