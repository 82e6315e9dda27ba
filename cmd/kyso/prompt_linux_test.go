package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// openPTY is a terminal and the person who sits at it.
func openPTY(t *testing.T) (person *os.File, tty *terminal) {
	t.Helper()
	person, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close(); slave.Close() })
	return person, &terminal{in: slave, out: slave}
}

// readUntil reads what stands on the screen up to a text.
func readUntil(t *testing.T, person *os.File, end string) string {
	t.Helper()
	_ = person.SetReadDeadline(time.Now().Add(20 * time.Second))
	var screen strings.Builder
	b := make([]byte, 256)
	for !strings.Contains(screen.String(), end) {
		n, err := person.Read(b)
		if err != nil {
			t.Fatalf("screen %q: %v", screen.String(), err)
		}
		screen.Write(b[:n])
	}
	return screen.String()
}

// K17: a secret that is typed the moment the prompt shows is not on the screen, and
// the terminal echoes again afterwards.
func TestReadSecretDoesNotEcho(t *testing.T) {
	person, tty := openPTY(t)
	type answer struct {
		pin []byte
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		pin, err := tty.readSecret(context.Background(), "PIN: ")
		answers <- answer{pin, err}
	}()
	screen := readUntil(t, person, "PIN: ")
	if _, err := io.WriteString(person, "12345678\n"); err != nil {
		t.Fatal(err)
	}
	a := <-answers
	if a.err != nil || string(a.pin) != "12345678" {
		t.Fatalf("read %q, %v", a.pin, a.err)
	}
	if _, err := io.WriteString(person, "echo\n"); err != nil {
		t.Fatal(err)
	}
	screen += readUntil(t, person, "echo")
	if strings.Contains(screen, "1234") {
		t.Errorf("the screen shows the PIN: %q", screen)
	}
}

// Ctrl-C ends the question and gives the echo back.
func TestReadSecretInterrupted(t *testing.T) {
	person, tty := openPTY(t)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := tty.readSecret(ctx, "PIN: ")
		done <- err
	}()
	readUntil(t, person, "PIN: ")
	stop()
	if err := <-done; !errors.Is(err, errInterrupted) {
		t.Fatalf("error %v", err)
	}
	if _, err := io.WriteString(person, "echo\n"); err != nil {
		t.Fatal(err)
	}
	readUntil(t, person, "echo")
}
