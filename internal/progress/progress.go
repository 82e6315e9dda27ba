// Package progress shows how far a run over many files is: a bar on a
// terminal, a line now and then elsewhere, or nothing.
//
// The common call is New, then File for each that ended, then Close. The
// package computes and draws; the words are the caller's (Options.Text), since
// they have a language. A Reporter is safe for concurrent use.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// DefaultInterval is the time between two lines where there is no terminal.
const DefaultInterval = 10 * time.Second

// File says how one file ended.
type File struct {
	Bytes  int64 // of the input
	Failed bool
	Token  time.Duration // spent waiting for the key
	TSA    time.Duration // spent waiting for timestamps
}

// State is where the run is.
type State struct {
	Files, Total      int
	Failed            int
	Bytes, TotalBytes int64
	Elapsed           time.Duration
	Left              time.Duration // estimate; 0: not known yet
	FilesPerSecond    float64
	Token, TSA        time.Duration // sums of File
	// Width is how many columns there are for the text; 0: as many as it needs.
	Width int
}

// Reporter takes in how files ended.
type Reporter interface {
	File(File)
	Close()
}

// Options for New. Text and W are required.
type Options struct {
	W          io.Writer
	Terminal   bool // W is a terminal: draw a bar
	Total      int  // files
	TotalBytes int64
	Interval   time.Duration      // between lines; 0: DefaultInterval
	Text       func(State) string // one line, no line end
	Now        func() time.Time   // nil: time.Now
	Start      time.Time          // of the run; zero: now
	// Quick leaves out the last line where no line was due before it: a run of
	// a few seconds needs none. It is for streams that are no terminal.
	Quick bool
	width int // of the bar in tests
}

// None shows nothing.
type None struct{}

// File does nothing.
func (None) File(File) {}

// Close does nothing.
func (None) Close() {}

// New starts showing.
func New(o Options) Reporter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Interval <= 0 {
		o.Interval = DefaultInterval
	}
	if o.Start.IsZero() {
		o.Start = o.Now()
	}
	c := &counter{o: o, start: o.Start, state: State{Total: o.Total, TotalBytes: o.TotalBytes}}
	if o.Terminal {
		return newBar(c)
	}
	return newLines(c)
}

// counter keeps the state.
type counter struct {
	o     Options
	start time.Time

	mu    sync.Mutex
	state State
}

func (c *counter) add(f File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Files++
	if f.Failed {
		c.state.Failed++
	}
	c.state.Bytes += f.Bytes
	c.state.Token += f.Token
	c.state.TSA += f.TSA
}

// now is the state with its rates. The time left goes by bytes where these are
// known, since files differ, with a part for each file, since tokens are slow.
func (c *counter) now() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.state
	s.Elapsed = c.o.Now().Sub(c.start)
	if s.Files == 0 || s.Elapsed <= 0 {
		return s
	}
	s.FilesPerSecond = float64(s.Files) / s.Elapsed.Seconds()
	share := float64(s.Files) / float64(max(s.Total, s.Files))
	if s.TotalBytes > 0 {
		share = (share + min(1, float64(s.Bytes)/float64(s.TotalBytes))) / 2
	}
	if share > 0 && share < 1 {
		s.Left = time.Duration(float64(s.Elapsed) * (1 - share) / share)
	}
	return s
}

// barWidth is that of the bar, in columns; a narrow terminal keeps most of its
// width for the words.
const barWidth = 24

// within is the state with the room that a terminal of some columns has beside
// the bar.
func (c *counter) within(columns int) State {
	s := c.now()
	s.Width = max(columns-min(barWidth, columns/4)-4, 1) // a space on each side, one before, one spare
	return s
}

// lines writes a line now and then.
type lines struct {
	*counter
	stop chan struct{}
	done sync.WaitGroup
	once sync.Once
	told bool // a line was written; read after done
}

func newLines(c *counter) *lines {
	l := &lines{counter: c, stop: make(chan struct{})}
	l.done.Add(1)
	go func() {
		defer l.done.Done()
		tick := time.NewTicker(c.o.Interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.told = true
				_, _ = fmt.Fprintln(c.o.W, c.o.Text(c.now()))
			case <-l.stop:
				return
			}
		}
	}()
	return l
}

func (l *lines) File(f File) { l.add(f) }

// Close writes the last line.
func (l *lines) Close() {
	l.once.Do(func() {
		close(l.stop)
		l.done.Wait()
		if l.o.Quick && !l.told {
			return
		}
		_, _ = fmt.Fprintln(l.o.W, l.o.Text(l.now()))
	})
}

// bar draws on a terminal.
type bar struct {
	*counter
	all  *mpb.Progress
	bar  *mpb.Bar
	once sync.Once
}

func newBar(c *counter) *bar {
	opts := []mpb.ContainerOption{mpb.WithOutput(c.o.W), mpb.WithRefreshRate(150 * time.Millisecond)}
	if c.o.width > 0 {
		opts = append(opts, mpb.WithWidth(c.o.width), mpb.WithAutoRefresh())
	}
	p := mpb.New(opts...)
	b := p.New(int64(c.o.Total), mpb.BarStyle().Lbound("[").Filler("#").Tip("#").Padding(".").Rbound("]"),
		mpb.BarWidth(barWidth), mpb.AppendDecorators(decor.Any(func(d decor.Statistics) string { return " " + c.o.Text(c.within(d.AvailableWidth)) })))
	return &bar{counter: c, all: p, bar: b}
}

func (b *bar) File(f File) {
	b.add(f)
	b.bar.Increment()
}

// Write writes whole lines above the bar. It makes a bar an io.Writer, which
// the other reporters are not.
func (b *bar) Write(p []byte) (int, error) { return b.all.Write(p) }

// Close leaves the last state on the screen.
func (b *bar) Close() {
	b.once.Do(func() {
		b.bar.Abort(false) // a run that was stopped never reaches its total
		b.all.Wait()
	})
}
