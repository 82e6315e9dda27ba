package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// typeTo types into an interactive shell with completion and wants a text on
// the screen that was not typed.
func (l *lesson) typeTo(setup string, shell []string, typed, want string) {
	l.t.Helper()
	person, tty, err := pty.Open()
	l.check(err)
	defer func() { _ = person.Close(); _ = tty.Close() }()
	l.check(pty.Setsize(tty, &pty.Winsize{Rows: 50, Cols: 200}))
	cmd := exec.Command(shell[0], shell[1:]...)
	cmd.Dir, cmd.Env = l.dir, append(l.vars, "PS1=READY> ", "PROMPT=READY> ", "LC_ALL=C.UTF-8")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	l.check(cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	say := func(s string) {
		_, err := io.WriteString(person, s)
		l.check(err)
	}
	shown := screenOf(person)
	say(setup + "; echo SET''UP\n")
	l.waitFor(shown, "SETUP")
	say(typed + "\t")
	l.waitFor(shown, want)
}

// screenOf reads what comes onto the screen until the terminal is closed.
func screenOf(person io.Reader) chan string {
	shown := make(chan string, 1000)
	go func() {
		defer close(shown)
		b := make([]byte, 1024)
		for {
			n, err := person.Read(b)
			if err != nil {
				return
			}
			shown <- string(b[:n])
		}
	}()
	return shown
}

// waitFor waits for a text and gives what came up to it; the deadline only
// ends a test that fails.
func (l *lesson) waitFor(shown chan string, want string) (got string) {
	l.t.Helper()
	deadline := time.After(2 * time.Minute)
	for !strings.Contains(got, want) {
		select {
		case part, ok := <-shown:
			if !ok {
				l.t.Fatalf("no %q on the screen: %q", want, got)
			}
			got += part
		case <-deadline:
			l.t.Fatalf("no %q on the screen: %q", want, got)
		}
	}
	return got
}

// completions are words that a user begins, and what each shell must offer.
var completions = []struct{ name, typed, want string }{
	{"command", "kyso time", "stamp"},
	{"flag", "kyso verify --require-", "require-timestamp"},
	{"level", "kyso sign a.pdf --level ", "B-LTA"},
	{"certificate", "kyso sign a.pdf --cert ", "1. NGUYỄN VĂN A"},
	{"profile", "kyso sign a.pdf --profile ", "kế-toán"},
	{"field", "kyso sign field.pdf --field ", "Director"},
	{"topic", "kyso help place", "ment"},
}

// TestCompletionInShells has bash and zsh complete at a prompt, and fish say
// what it would offer.
func TestCompletionInShells(t *testing.T) {
	l := newLesson(t, i18n.English)
	l.want(0, "kyso fields form.pdf --add Director --at top-left -o field.pdf && kyso fields field.pdf --add Deputy --at top-right -o two.pdf && mv two.pdf field.pdf")
	l.check(os.MkdirAll(filepath.Join(l.env, "config", "kyso"), 0o700))
	l.check(os.WriteFile(filepath.Join(l.env, "config", "kyso", "config.yaml"), []byte("profiles:\n  kế-toán:\n    cert: 1\n  other:\n    cert: 1\n"), 0o600))
	for _, shell := range []struct {
		setup   string
		command []string
	}{
		{"bind 'set show-all-if-ambiguous on'; source /usr/share/bash-completion/bash_completion; source <(kyso completion bash)", []string{"bash", "--norc", "--noprofile", "-i"}},
		{"setopt no_list_ambiguous; autoload -Uz compinit; compinit -u -D; source <(kyso completion zsh)", []string{"zsh", "-f", "-i"}},
	} {
		for _, c := range completions {
			t.Run(shell.command[0]+"/"+c.name, func(t *testing.T) {
				at := *l
				at.t = t
				at.typeTo(shell.setup, shell.command, c.typed, c.want)
			})
		}
	}
	for _, c := range completions {
		t.Run("fish/"+c.name, func(t *testing.T) {
			cmd := exec.Command("fish", "--no-config", "-c", "kyso completion fish | source; complete -C '"+c.typed+"'")
			cmd.Dir, cmd.Env = l.dir, l.vars
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), c.want) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestCompletionCode: each shell reads its code without a complaint, and what
// the shell asks for is answered on standard output alone.
func TestCompletionCode(t *testing.T) {
	home(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := call(t, "completion", shell).want(t, 0).out; !strings.Contains(out, "__complete") {
			t.Errorf("%s: %s", shell, out)
		}
	}
	got := call(t, "__complete", "sign", "--level", "B-L").want(t, 0)
	if got.out != "B-B\nB-T\nB-LT\nB-LTA\n:4\n" { // the shell picks what fits
		t.Errorf("got %q", got.out)
	}
	// A profile that is half typed, a file that is none, a broken configuration.
	call(t, "__complete", "sign", "--profile", "k").want(t, 0)
	call(t, "__complete", "sign", "nothing.pdf", "--field", "").want(t, 0)
}

// Every flag that completes is one of some command.
func TestChoicesAreOfFlags(t *testing.T) {
	known := allFlags(newRootCommand(quietApp(i18n.English)))
	for name := range choices() {
		if known[name] == nil {
			t.Errorf("no flag --%s", name)
		}
	}
}
