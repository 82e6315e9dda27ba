package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// terminal is the terminal itself, whatever standard input and output are.
type terminal struct {
	in, out *os.File
}

func (t *terminal) Close() {
	_ = t.in.Close()
	if t.out != t.in {
		_ = t.out.Close()
	}
}

// readSecret asks with no echo. When ctx ends (Ctrl-C) the echo is restored
// before it returns.
func (t *terminal) readSecret(ctx context.Context, prompt string) ([]byte, error) {
	fd := int(t.in.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return nil, fmt.Errorf("terminal: %w", err)
	}
	hideTyping(fd) // before the prompt: what is typed at once must not show
	fmt.Fprint(t.out, prompt)
	type answer struct {
		line []byte
		err  error
	}
	answers := make(chan answer, 1)
	// The read can't be cancelled; when ctx ends it is left behind.
	go func() {
		line, err := term.ReadPassword(fd)
		answers <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(fd, state)
		fmt.Fprintln(t.out)
		return nil, errInterrupted
	case a := <-answers:
		_ = term.Restore(fd, state)
		fmt.Fprintln(t.out)
		if a.err != nil {
			return nil, fmt.Errorf("terminal: %w", a.err)
		}
		return trimLineEnd(a.line), nil
	}
}

// readLine asks with echo.
func (t *terminal) readLine(ctx context.Context, prompt string) (string, error) {
	fmt.Fprint(t.out, prompt)
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(t.in, maxSecret)).ReadString('\n')
		lines <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.out)
		return "", errInterrupted
	case line := <-lines:
		return strings.TrimSpace(line), nil
	}
}

// trimLineEnd takes one line end off: a pasted or written secret has it.
func trimLineEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return b
}

// askSecret asks on the terminal; where there is none, that is an error and
// never a wait.
func (a *app) askSecret(ctx context.Context, prompt string, s secretSource) ([]byte, error) {
	t, err := a.terminal()
	if err != nil {
		return nil, noTerminal(s)
	}
	defer t.Close()
	return t.readSecret(ctx, prompt)
}

// confirm wants a whole word typed.
func (a *app) confirm(ctx context.Context, warning string) (bool, error) {
	t, err := a.terminal()
	if err != nil {
		return false, nil
	}
	defer t.Close()
	fmt.Fprintln(t.out, warning)
	line, err := t.readLine(ctx, fmt.Sprintf(a.m.Prompts.TypeYes, a.m.Prompts.YesWord))
	return strings.EqualFold(line, a.m.Prompts.YesWord), err
}

// noTerminal says what could not be asked, and how to give it.
func noTerminal(s secretSource) error {
	return &codedError{
		status: status{exitUsage, "no_terminal"},
		text:   func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.NoTerminal, s.flag) },
		hints: func(m *i18n.Messages) []string {
			if s.env == envPIN {
				return []string{m.Hints.PINFlags}
			}
			return []string{fmt.Sprintf(m.Hints.SecretFlags, s.flag, s.env)}
		},
	}
}
