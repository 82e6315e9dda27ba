package rewrite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Limits of what the child says.
const (
	limitStderr = 8 << 10
	waitDelay   = 5 * time.Second // for the pipes after the child's end
)

// withDefaults fills the zero fields.
func (o Options) withDefaults() (Options, error) {
	if o.Self == "" {
		self, err := os.Executable()
		if err != nil {
			return o, fmt.Errorf("rewrite: %w", err)
		}
		o.Self = self
	}
	if o.Args == nil {
		o.Args = []string{ChildArg}
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MemoryBytes <= 0 {
		o.MemoryBytes = defaultMemory
	}
	o.MemoryBytes = max(o.MemoryBytes, minMemory)
	return o, nil
}

// run lets a child do req on data.
func run(ctx context.Context, req request, data io.ReaderAt, o Options) (*Document, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if req.Size < 1 || req.Size > o.MemoryBytes {
		return nil, failed(KindMemory, fmt.Sprintf("file of %d bytes, limit %d", req.Size, o.MemoryBytes))
	}
	req.Memory, req.Timeout = o.MemoryBytes, o.Timeout.Milliseconds()
	f, err := scratch(o.TempDir)
	if err != nil {
		return nil, fmt.Errorf("rewrite: %w", err)
	}
	n, err := converse(ctx, req, data, f, o)
	if err != nil {
		_ = discard(f)
		return nil, err
	}
	return &Document{f: f, size: n}, nil
}

// converse starts the child, sends it the file, and stores the new one in f.
func converse(ctx context.Context, req request, data io.ReaderAt, f *os.File, o Options) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, o.Self, o.Args...)
	// Nothing of the environment, where secrets of other commands may be. The
	// runtime's word on a crash is wanted, the stacks are not.
	cmd.Env = []string{"GOTRACEBACK=none"}
	cmd.WaitDelay = waitDelay
	ownGroup(cmd)
	said := &head{limit: limitStderr}
	cmd.Stderr = said
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, fmt.Errorf("rewrite: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, fmt.Errorf("rewrite: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("rewrite: %w", err)
	}
	sent := make(chan error, 1)
	go func() { sent <- send(in, req, data) }()
	n, ans, err := receive(f, out, o.MemoryBytes)
	if err != nil {
		cancel() // what it still has to say is not wanted
	}
	sendErr := <-sent
	waitErr := cmd.Wait()
	return n, outcome{
		parent: ctx.Err(), deadline: limited.Err(), read: err, sent: sendErr, wait: waitErr,
		answer: ans, said: said.String(),
	}.err()
}

// sourceError says that the document could not be read.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return "rewrite: " + e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// source marks the errors of the document, in contrast to the pipe's.
type source struct{ r io.Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		err = &sourceError{err}
	}
	return n, err
}

func send(in io.WriteCloser, req request, data io.ReaderAt) error {
	err := writeHeader(in, req)
	if err == nil {
		_, err = io.Copy(in, source{io.NewSectionReader(data, 0, req.Size)})
	}
	return errors.Join(err, in.Close())
}

func receive(f *os.File, out io.Reader, limit int64) (int64, *answer, error) {
	r := bufio.NewReader(out)
	n, err := copyPieces(f, r, limit)
	if err != nil {
		return n, nil, err
	}
	var a answer
	if err := readHeader(r, &a); err != nil {
		return n, nil, err
	}
	return n, &a, nil
}

// outcome is all that is known of a child that has ended.
type outcome struct {
	parent, deadline, read, sent, wait error
	answer                             *answer
	said                               string
}

// err judges an outcome; nil is a whole new file.
func (o outcome) err() error {
	var store *storeError
	var src *sourceError
	switch {
	case o.parent != nil:
		return fmt.Errorf("rewrite: %w", o.parent)
	case errors.As(o.sent, &src):
		return src
	case errors.As(o.read, &store):
		return store
	case errors.Is(o.read, errTooLarge):
		return failed(KindMemory, "the new file is too large")
	case o.answer != nil && o.answer.Kind != 0:
		return failed(o.answer.Kind, o.answer.Detail)
	case o.answer != nil && o.wait == nil:
		return nil
	case errors.Is(o.deadline, context.DeadlineExceeded):
		return failed(KindTimeout, "")
	}
	return o.crash()
}

// crash tells from what the Go runtime said why the child died.
func (o outcome) crash() error {
	for _, sign := range []string{"out of memory", "cannot allocate memory", memoryPanic, "failed to create new OS thread"} {
		if strings.Contains(o.said, sign) {
			return failed(KindMemory, "")
		}
	}
	if strings.Contains(o.said, deadlinePanic) {
		return failed(KindTimeout, "")
	}
	detail := ""
	for line := range strings.Lines(o.said) {
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") {
			detail = line
			break
		}
	}
	if detail == "" && o.wait != nil {
		detail = o.wait.Error()
	}
	return failed(KindCrashed, detail)
}

// head keeps the first bytes written to it.
type head struct {
	b     []byte
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.b = append(h.b, p[:min(len(p), h.limit-len(h.b))]...)
	return len(p), nil
}

func (h *head) String() string { return string(h.b) }
