package main

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
)

// onTerminal runs the program with both streams on a terminal of a width, and
// gives what came onto its screen.
func onTerminal(t *testing.T, width uint16, args ...string) string {
	t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: width}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() {
		data, _ := io.ReadAll(person) // ends with an error when the terminal is closed
		shown <- string(data)
	}()
	run(context.Background(), args, streams{strings.NewReader(""), tty, tty})
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	screen := <-shown
	_ = person.Close()
	return strings.ReplaceAll(screen, "\r\n", "\n")
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestColourOnTerminalsOnly: verdicts and prefixes have a colour on a terminal,
// and none with NO_COLOR, TERM=dumb or in a pipe; the words are the same.
func TestColourOnTerminalsOnly(t *testing.T) {
	home(t)
	newWorld(t).sign(t)
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	verify := []string{"verify", "form.signed.pdf", "--trust", "root.pem", "--ignore-revocation"}
	for _, c := range []struct {
		name, colour string
		args         []string
	}{
		{"verdict", "\x1b[1;32mVALID\x1b[0m:", verify},
		{"not decided", "\x1b[1;33mNOT DECIDED\x1b[0m:", []string{"verify", "form.signed.pdf"}},
		{"error", "kyso: \x1b[1;31merror:\x1b[0m ", []string{"verify", "nothing.pdf"}},
		{"hint", "kyso: \x1b[36mhint:\x1b[0m ", []string{"sgin"}},
		{"signed", "\x1b[1;32mSigned: a.pdf\x1b[0m", []string{"sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "-o", "a.pdf", "--force"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", "")
			screen := onTerminal(t, 200, c.args...)
			if !strings.Contains(screen, c.colour) {
				t.Errorf("no %q in %q", c.colour, screen)
			}
			piped := call(t, c.args...)
			t.Setenv("NO_COLOR", "1")
			if plain := onTerminal(t, 200, c.args...); strings.Contains(plain, "\x1b[1;") || strings.Contains(plain, "\x1b[36m") || strings.Contains(piped.out+piped.err, "\x1b") {
				t.Errorf("colour with NO_COLOR or in a pipe: %q, %q", plain, piped.out)
			}
		})
	}
	// What only a terminal is kept from: a document on the screen.
	if screen := onTerminal(t, 200, "sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--invisible", "-o", "-"); strings.Contains(screen, "%PDF") {
		t.Errorf("a document on the screen: %.300q", screen)
	}
	t.Setenv("TERM", "dumb")
	if screen := onTerminal(t, 200, verify...); strings.Contains(screen, "\x1b") {
		t.Errorf("colour on a dumb terminal: %q", screen)
	}
}

// TestWidthOfTheTerminal: a report fits a narrow terminal, in both languages,
// and says the same words as in a pipe.
func TestWidthOfTheTerminal(t *testing.T) {
	home(t)
	newWorld(t).sign(t)
	t.Setenv("NO_COLOR", "1")
	for _, lang := range []string{"vi", "en"} {
		for _, args := range [][]string{{"verify", "form.signed.pdf", "--trust", "root.pem", "--ignore-revocation"}, {"sign", "--help"}, {"help", "placement"}} {
			args = append([]string{"--lang", lang}, args...)
			screen := onTerminal(t, 72, args...)
			indented := 0
			for _, line := range strings.Split(screen, "\n") {
				// examples and tables are laid out, and may be wider
				if n := utf8.RuneCountInString(line); n > 72 && strings.HasPrefix(line, "    ") && args[2] == "verify" {
					t.Errorf("%v: %d columns: %q", args, n, line)
				}
				if strings.HasPrefix(line, "    ") {
					indented++
				}
			}
			if args[2] == "verify" && indented < 10 {
				t.Errorf("%v: %q", args, screen)
			}
			words := func(s string) string { return strings.Join(strings.Fields(escapes.ReplaceAllString(s, "")), " ") }
			if piped := call(t, args...); words(screen) != words(piped.out+piped.err) {
				t.Errorf("%v says on a terminal\n%s\nand in a pipe\n%s", args, screen, piped.out+piped.err)
			}
		}
	}
}

// TestFlagsAreAligned: the usage of each flag begins in the same column, in
// Vietnamese too, and no line is wider than promised.
func TestFlagsAreAligned(t *testing.T) {
	home(t)
	for _, lang := range []string{"vi", "en"} {
		out := call(t, "sign", "--help", "--lang", lang).want(t, 0).out
		columns := map[int]int{}
		for _, line := range strings.Split(out, "\n") {
			if m := regexp.MustCompile(`^  (?:-\w, |    )--[^ ]+(?: [^ ]+)?(  +)[^ ]`).FindString(line); m != "" {
				columns[utf8.RuneCountInString(m)-1]++
			}
			if n := utf8.RuneCountInString(line); strings.HasPrefix(line, "      ") && n > 100 {
				t.Errorf("%d columns: %q", n, line)
			}
		}
		if len(columns) != 2 || columns[0] != 0 { // those of the command and of all commands
			t.Errorf("%s: usages begin in columns %v", lang, columns)
		}
	}
}

// TestHang goes on below its own start and breaks no word.
func TestHang(t *testing.T) {
	person, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() { data, _ := io.ReadAll(person); shown <- string(data) }()
	hang(tty, "  Người ký: ", "NGUYỄN VĂN A, CÔNG TY TRÁCH NHIỆM HỮU HẠN /a/path/that/is/longer/than/the/screen.pdf")
	tty.Close()
	want := "  Người ký: NGUYỄN VĂN A, CÔNG TY TRÁCH\r\n            NHIỆM HỮU HẠN\r\n            /a/path/that/is/longer/than/the/screen.pdf\r\n"
	if got := <-shown; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var pipe strings.Builder
	hang(&pipe, "  a: ", "b c")
	if pipe.String() != "  a: b c\n" {
		t.Errorf("in a pipe: %q", pipe.String())
	}
	if columns(os.Stdin) < 0 {
		t.Error("a width below zero")
	}
}
