package progress

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// buffer is safe for the goroutine that draws.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func text(s State) string { return fmt.Sprintf("%d/%d failed %d", s.Files, s.Total, s.Failed) }

func TestState(t *testing.T) {
	now := time.Unix(0, 0)
	c := &counter{o: Options{Now: func() time.Time { return now }}, start: now, state: State{Total: 10, TotalBytes: 1000}}
	if s := c.now(); s.Left != 0 || s.FilesPerSecond != 0 {
		t.Errorf("before the first file: %+v", s)
	}
	now = now.Add(4 * time.Second)
	for i := range 2 {
		c.add(File{Bytes: 100, Failed: i == 0, Token: time.Second, TSA: 2 * time.Second})
	}
	s := c.now()
	if s.Files != 2 || s.Failed != 1 || s.Bytes != 200 || s.Token != 2*time.Second || s.TSA != 4*time.Second {
		t.Errorf("%+v", s)
	}
	if s.FilesPerSecond != 0.5 || s.Left != 16*time.Second {
		t.Errorf("rate %v, left %v", s.FilesPerSecond, s.Left)
	}
	for range 8 {
		c.add(File{Bytes: 100})
	}
	if s = c.now(); s.Left != 0 {
		t.Errorf("at the end %v are left", s.Left)
	}
}

func TestStateOfNothing(t *testing.T) {
	now := time.Unix(0, 0)
	c := &counter{o: Options{Now: func() time.Time { return now }}, start: now}
	now = now.Add(time.Second)
	c.add(File{}) // more files than were announced, of no bytes
	if s := c.now(); s.Left != 0 || s.Files != 1 {
		t.Errorf("%+v", s)
	}
}

func TestLines(t *testing.T) {
	var b buffer
	r := New(Options{W: &b, Total: 3, Text: text, Interval: time.Millisecond})
	r.File(File{})
	for !strings.Contains(b.String(), "1/3 failed 0\n") {
		time.Sleep(time.Millisecond)
	}
	r.File(File{Failed: true})
	r.Close()
	r.Close()
	if out := b.String(); !strings.HasSuffix(out, "2/3 failed 1\n") || strings.ContainsAny(out, "\r\x1b") {
		t.Errorf("output %q", out)
	}
}

func TestBar(t *testing.T) {
	var b buffer
	r := New(Options{W: &b, Terminal: true, Total: 3, Text: text, width: 80})
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.File(File{Failed: i == 0})
		}()
	}
	wg.Wait()
	r.Close()
	if out := b.String(); !strings.Contains(out, "2/3 failed 1") || !strings.Contains(out, "[") {
		t.Errorf("output %q", out)
	}
}

// A narrow terminal has room for the words before it has any for the bar.
func TestWidthOfTheText(t *testing.T) {
	for columns, want := range map[int]int{200: 172, 80: 56, 40: 26, 10: 4, 4: 1, 0: 1} {
		c := &counter{o: Options{Now: time.Now}}
		if got := c.within(columns).Width; got != want {
			t.Errorf("%d columns: %d for the text, want %d", columns, got, want)
		}
	}
	var b buffer
	widths := make(chan int, 100)
	r := New(Options{W: &b, Terminal: true, Total: 2, width: 80, Text: func(s State) string {
		select {
		case widths <- s.Width:
		default:
		}
		return "x"
	}})
	r.File(File{})
	r.Close()
	if got := <-widths; got != 56 {
		t.Errorf("the bar gives %d columns, want 56", got)
	}
}

func TestNone(t *testing.T) {
	var r Reporter = None{}
	r.File(File{})
	r.Close()
}

func TestQuickSaysNothing(t *testing.T) {
	var b buffer
	r := New(Options{W: &b, Total: 2, Text: text, Interval: time.Hour, Quick: true})
	r.File(File{})
	r.Close()
	if out := b.String(); out != "" {
		t.Errorf("output %q", out)
	}
}

func TestQuickTellsTheEndAfterALine(t *testing.T) {
	var b buffer
	r := New(Options{W: &b, Total: 2, Text: text, Interval: time.Millisecond, Quick: true})
	r.File(File{})
	for b.String() == "" {
		time.Sleep(time.Millisecond)
	}
	r.File(File{})
	r.Close()
	if out := b.String(); !strings.HasSuffix(out, "2/2 failed 0\n") {
		t.Errorf("output %q", out)
	}
}

func TestStart(t *testing.T) {
	now := time.Unix(100, 0)
	var b buffer
	r := New(Options{W: &b, Total: 2, Interval: time.Hour, Start: now.Add(-4 * time.Second), Now: func() time.Time { return now },
		Text: func(s State) string { return fmt.Sprint(s.Elapsed) }})
	r.File(File{})
	r.Close()
	if out := b.String(); out != "4s\n" {
		t.Errorf("output %q", out)
	}
}

func TestWriteAboveTheBar(t *testing.T) {
	var b buffer
	r := New(Options{W: &b, Terminal: true, Total: 2, Text: text, width: 80})
	w, ok := r.(interface{ Write([]byte) (int, error) })
	if !ok {
		t.Fatal("a bar is no writer")
	}
	r.File(File{})
	if _, err := w.Write([]byte("a line\n")); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if !strings.Contains(b.String(), "a line\n") {
		t.Errorf("output %q", b.String())
	}
	if _, ok := New(Options{W: &b, Text: text, Quick: true}).(interface{ Write([]byte) (int, error) }); ok {
		t.Error("lines take writes")
	}
}
