package atomicfile

import (
	"os"
	"sync"
)

// folders are the syncs of folders of this process.
var folders = syncGroup{sync: syncDir, open: map[any]*folderSync{}}

// syncGroup lets those who wait for the sync of one folder share it: a sync
// that starts after a rename covers it, whoever renamed. Safe for concurrent
// use.
type syncGroup struct {
	sync func(syncable) error
	mu   sync.Mutex
	open map[any]*folderSync // by key, with callers in it
}

// syncable is an open folder.
type syncable struct {
	key    any // the same for the same folder; comparable
	folder *os.File
}

// folderSync is one folder. Asks are numbered; a sync answers all that came
// before it began.
type folderSync struct {
	callers     int
	cond        *sync.Cond
	asked, done int
	running     bool
	failed      map[int]error // by ask, for those who wait for it
}

// do returns when a sync that began after the call has ended.
func (g *syncGroup) do(s syncable) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.open[s.key]
	if f == nil {
		f = &folderSync{cond: sync.NewCond(&g.mu), failed: map[int]error{}}
		g.open[s.key] = f
	}
	f.callers++
	f.asked++
	me := f.asked
	for f.done < me {
		if f.running {
			f.cond.Wait()
			continue
		}
		g.run(s, f)
	}
	err := f.failed[me]
	delete(f.failed, me)
	if f.callers--; f.callers == 0 {
		delete(g.open, s.key)
	}
	return err
}

// run makes one sync for all who asked by now. g.mu is held, but not during
// the sync.
func (g *syncGroup) run(s syncable, f *folderSync) {
	f.running = true
	from, upto := f.done, f.asked
	g.mu.Unlock()
	err := g.sync(s)
	g.mu.Lock()
	f.running = false
	f.done = upto
	for ask := from + 1; err != nil && ask <= upto; ask++ {
		f.failed[ask] = err
	}
	f.cond.Broadcast()
}
