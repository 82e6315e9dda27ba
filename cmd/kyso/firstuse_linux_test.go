package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/token"
)

// TestFirstUse: a person with a token and nothing set up types kyso sign
// don.pdf, sees the certificate, is asked for the PIN, and is told where the
// file is, what it contains and how to check it.
func TestFirstUse(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(lang.String(), func(t *testing.T) {
			l := newLesson(t, lang)
			// The driver is found in the folders of drivers; here they hold
			// more than the one under test, so the configuration names it.
			module := l.without("KYSO_MODULE")
			l.without("KYSO_PIN")
			l.check(os.MkdirAll(filepath.Join(l.env, "config", "kyso"), 0o700))
			l.check(os.WriteFile(filepath.Join(l.env, "config", "kyso", "config.yaml"), []byte("profiles:\n  default:\n    module: ["+module+"]\n"), 0o600))
			m := i18n.For(lang)
			screen := l.atTerminal([]string{"kyso", "sign", "don.pdf"}, "PIN", testpki.UserPIN+"\n")
			next, _, _ := strings.Cut(m.Sign.NextVerify, "%s")
			for _, want := range []string{"NGUYỄN VĂN A", "Tổ chức chứng thực thử", strings.Replace(m.Sign.Signed, "%s", "don.signed.pdf", 1), "B-B", next + "don.signed.pdf"} {
				if !strings.Contains(screen, want) {
					t.Errorf("no %q on the screen:\n%s", want, screen)
				}
			}
			if strings.Contains(screen, testpki.UserPIN) {
				t.Errorf("the PIN is on the screen:\n%s", screen)
			}
			if before := strings.Index(screen, "NGUYỄN VĂN A"); before < 0 || before > strings.Index(screen, "PIN") {
				t.Errorf("the certificate is shown after the PIN is asked:\n%s", screen)
			}
			if _, err := os.Stat(filepath.Join(l.dir, "don.signed.pdf")); err != nil {
				t.Error(err)
			}
		})
	}
}

// without takes a variable away and gives its value.
func (l *lesson) without(name string) (value string) {
	l.t.Helper()
	l.vars = slices.DeleteFunc(l.vars, func(v string) bool {
		rest, ok := strings.CutPrefix(v, name+"=")
		if ok {
			value = rest
		}
		return ok
	})
	return value
}

// atTerminal runs a program whose streams are all a terminal; when the prompt
// shows, the person types. It gives the screen.
func (l *lesson) atTerminal(command []string, prompt, typed string) string {
	l.t.Helper()
	person, tty, err := pty.Open()
	l.check(err)
	defer func() { _ = person.Close() }()
	l.check(pty.Setsize(tty, &pty.Winsize{Rows: 50, Cols: 120}))
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = l.dir, append(l.vars, "TERM=xterm"), tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	shown := screenOf(person)
	l.check(cmd.Start())
	screen := l.waitFor(shown, prompt)
	_, err = io.WriteString(person, typed)
	l.check(err)
	if err := cmd.Wait(); err != nil {
		l.t.Errorf("%v: %v", command, err)
	}
	l.check(tty.Close())
	for part := range shown {
		screen += part
	}
	return strings.ReplaceAll(screen, "\r\n", "\n")
}

// TestNoDriverSaysWhatToInstall: nothing is plugged in, and no driver is there.
func TestNoDriverSaysWhatToInstall(t *testing.T) {
	for _, lang := range i18n.Langs() {
		hints := strings.Join(hintsOf(i18n.For(lang), &token.NoCertificateError{}), "\n")
		for _, want := range []string{"driver", "pcscd", "kyso doctor", "--module", "--p12"} {
			if !strings.Contains(hints, want) {
				t.Errorf("%s: no %q in %q", lang, want, hints)
			}
		}
	}
}
