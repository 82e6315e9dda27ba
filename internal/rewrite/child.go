package rewrite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// What the child panics with when it must end at once: nothing else ends a
// process whose other goroutine is deep in pdfcpu. The parent reads it.
const (
	memoryPanic   = "rewrite: memory limit passed"
	deadlinePanic = "rewrite: deadline passed"
)

// Times of the child.
const (
	graceTime    = 2 * time.Second // after the parent's deadline
	lookInterval = 25 * time.Millisecond
)

// maxStack is ample: pdfcpu parses to a depth of 100, and one within the other
// it writes only streams that refer to streams. What needs more has no end.
const maxStack = 16 << 20

// Child does what a parent asks on r and answers on w. It is for a process of
// its own: it sets limits of the process that stay, and panics when one is
// passed. ctx ends nothing but the reading of the file. The error says that r
// or w failed; what became of the document is in the answer.
func Child(ctx context.Context, r io.Reader, w io.Writer) error {
	in := bufio.NewReaderSize(r, 1<<16)
	var req request
	if err := readHeader(in, &req); err != nil {
		return fmt.Errorf("rewrite: request: %w", err)
	}
	if req.Memory < minMemory || req.Size < 1 || req.Size > req.Memory || req.Timeout < 1 {
		return errors.New("rewrite: bad request")
	}
	confine(req)
	data := make([]byte, req.Size)
	if _, err := io.ReadFull(in, data); err != nil {
		return fmt.Errorf("rewrite: document: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	p := pieces{out}
	ans := answerOf(work(ctx, req, data, p))
	if err := p.end(); err != nil {
		return fmt.Errorf("rewrite: answer: %w", err)
	}
	if err := writeHeader(out, ans); err != nil {
		return fmt.Errorf("rewrite: answer: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("rewrite: answer: %w", err)
	}
	return nil
}

func answerOf(err error) answer {
	var known *Error
	switch {
	case err == nil:
		return answer{}
	case errors.As(err, &known):
		return answer{Kind: known.Kind, Detail: known.Detail}
	}
	e := failed(KindFailed, err.Error())
	return answer{Kind: e.Kind, Detail: e.Detail}
}

// confine sets the limits of the process.
func confine(req request) {
	debug.SetMemoryLimit(req.Memory / 4 * 3)
	debug.SetMaxStack(maxStack)
	limitSystem(req.Memory) // best effort: guard is there too
	go guard(req)
}

// guard ends the process when it has too much memory or when the parent, which
// should have ended it, is gone.
func guard(req request) {
	ticks := int64(0)
	limit := time.Duration(req.Timeout)*time.Millisecond + graceTime
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(lookInterval) {
		metrics.Read(s)
		if s[0].Value.Uint64()-s[1].Value.Uint64() > uint64(req.Memory) {
			panic(memoryPanic)
		}
		if ticks++; time.Duration(ticks)*lookInterval > limit {
			panic(deadlinePanic)
		}
	}
}
