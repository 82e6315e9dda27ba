package sign

import "io"

// The disk is told early to write what is there of files of writeEarly bytes
// and more, in steps of writeStep bytes, by a goroutine beside the copy: so
// that nearly all of it is on the disk when the file is synced at the end.
const (
	writeEarly = 4 << 20
	writeStep  = 4 << 20
)

// earlyWriter passes on what is written to it.
type earlyWriter struct {
	w     io.Writer
	steps chan span // to be written by the disk
	ended chan struct{}

	at    int64 // bytes written
	asked int64 // bytes that the disk was told of
}

// span is bytes of the output: from an offset on.
type span struct{ at, n int64 }

// newEarlyWriter writes from byte 0 on. stop must follow.
func newEarlyWriter(w io.Writer) *earlyWriter {
	e := &earlyWriter{w: w, steps: make(chan span, 1), ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		for s := range e.steps {
			writeBack(w, s)
		}
	}()
	return e
}

// Write never waits for the disk: a step that comes while it is busy becomes
// part of the next.
func (e *earlyWriter) Write(b []byte) (int, error) {
	n, err := e.w.Write(b)
	e.at += int64(n)
	if e.at-e.asked >= writeStep {
		select {
		case e.steps <- span{e.asked, e.at - e.asked}:
			e.asked = e.at
		default:
		}
	}
	return n, err
}

// stop waits until nothing uses the file any more. What the disk was not told
// of, and what it failed at, is met again by the sync.
func (e *earlyWriter) stop() {
	close(e.steps)
	<-e.ended
}
