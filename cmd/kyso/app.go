package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// version is set by the linker for releases.
var version = "0.1.0-dev"

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func standardStreams() streams {
	return streams{os.Stdin, os.Stdout, os.Stderr}
}

// app is what every command gets: streams, language, clock, network, secrets.
// Nothing else in the program looks at the environment or the clock.
type app struct {
	streams
	global    globalOptions
	m         *i18n.Messages
	getenv    func(string) string
	secrets   map[string][]byte // from the environment, by variable; taken out of it
	now       func() time.Time
	transport http.RoundTripper // nil: the real network
	hosts     *fetch.HostBudget // of the whole run
	calls     *atomic.Int64     // to the network, for --verbose
	terminal  func() (*terminal, error)
	self      string // this program, for its own children
	args      []string
	running   string // the command as JSON names it: "list-certs"
	config    *configFile
	stdinUsed bool
	written   *checkedWriter // standard output
}

// secretVariables are taken out of the environment before any child starts.
var secretVariables = [...]string{envPIN, envP12Password, envKeyPassword, envPDFPassword, envTSAPassword, envEncryptPassword}

func newApp(s streams) *app {
	written := &checkedWriter{behind: s.out}
	s.out = written
	a := &app{streams: s, written: written, getenv: os.Getenv, now: time.Now, terminal: openTerminal, secrets: map[string][]byte{},
		hosts: &fetch.HostBudget{Requests: hostBudget}, calls: &atomic.Int64{}}
	for _, name := range secretVariables {
		if v, ok := os.LookupEnv(name); ok {
			a.secrets[name] = []byte(v)
			_ = os.Unsetenv(name)
		}
	}
	if self, err := os.Executable(); err == nil {
		a.self = self
	}
	a.m = i18n.For(i18n.Detect(a.getenv))
	return a
}

// run is the program: arguments in, exit code out.
func run(ctx context.Context, args []string, s streams) int {
	if code, done := runChild(ctx, args, s); done {
		return code
	}
	a := newApp(s)
	ctx, stop := withSignals(ctx)
	defer stop()
	err := a.execute(ctx, args)
	if err == nil {
		err = a.outError()
	}
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && !isReported(err) {
		err = errInterrupted
	}
	return a.report(err)
}

// execute builds the commands in the user's language and runs one.
func (a *app) execute(ctx context.Context, args []string) error {
	a.args = args
	if err := a.setLanguage(args); err != nil {
		return err
	}
	root := newRootCommand(a)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if n := a.calls.Load(); n > 0 {
		a.verbosef("network: %d requests", n)
	}
	a.running = topCommand(cmd)
	if err != nil && !a.global.json {
		// A mistake in the flags before --json leaves it unread.
		a.global.json = asksJSON(args)
	}
	return a.usageOf(cmd, err)
}

// isTerminal tells whether a stream is a terminal.
func isTerminal(stream any) bool { return terminalBehind(stream) != nil }

// warnf, notef and progressf tell people on standard error.
func (a *app) warnf(format string, args ...any) {
	if !a.global.quiet {
		a.say(a.m.Common.WarningPrefix, fmt.Sprintf(format, args...))
	}
}

func (a *app) notef(format string, args ...any) {
	if !a.global.quiet {
		a.say(a.m.Common.NotePrefix, fmt.Sprintf(format, args...))
	}
}

// verbosef tells what only --verbose shows; it is never translated.
func (a *app) verbosef(format string, args ...any) {
	if a.global.verbose {
		fmt.Fprintf(a.err, "kyso: "+format+"\n", args...)
	}
}

func (a *app) say(prefix, text string) {
	fmt.Fprintf(a.err, "kyso: %s %s\n", a.paint(a.err, prefixTone(a.m, prefix), prefix+":"), printable(text))
}

// cacheDir is a folder of the user's cache, made when missing; "" when there
// is none, and then nothing is cached.
func (a *app) cacheDir(name string) string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir := filepath.Join(base, "kyso", name)
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return dir
}

// configDir is the folder of configuration and trust store; "" when the user
// has none.
func (a *app) configDir() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "kyso")
}

// trustDir is the trust store of `kyso trust`.
func (a *app) trustDir() string {
	if dir := a.getenv("KYSO_TRUST_DIR"); dir != "" {
		return dir
	}
	if dir := a.configDir(); dir != "" {
		return filepath.Join(dir, "trust")
	}
	return ""
}

// userAgent tells servers who asks, and nothing about the machine.
func userAgent() string { return "kyso/" + version }

// system is "linux/amd64".
func system() string { return runtime.GOOS + "/" + runtime.GOARCH }

// hasTokenSupport tells whether this build reads USB tokens.
func hasTokenSupport() bool { return token.TokenSupport }

var errInterrupted = errors.New("interrupted")
