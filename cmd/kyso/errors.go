package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// usageError is a mistake of the user: exit 2. Text says it in a language.
type usageError struct {
	text func(m *i18n.Messages) string
	cmd  string // command path, for the hint
}

func (e *usageError) Error() string { return e.text(i18n.For(i18n.English)) }

// usagef makes a usage error of a message; args are its values.
func usagef(pick func(e *i18n.Errors) string, args ...any) error {
	return &usageError{text: func(m *i18n.Messages) string { return fmt.Sprintf(pick(&m.Errors), args...) }}
}

// flagError says that the value of a flag is wrong.
func flagError(flag string, detail any) error {
	return usagef(func(e *i18n.Errors) string { return e.FlagValue }, flag, detail)
}

// codedError carries its own status and text: what only cmd knows.
type codedError struct {
	status
	text  func(m *i18n.Messages) string
	hints func(m *i18n.Messages) []string // nil: none
	err   error                           // may be nil
}

func (e *codedError) Error() string { return e.text(i18n.For(i18n.English)) }

func (e *codedError) Unwrap() error { return e.err }

// reportedError has been told already; only its exit code is left.
type reportedError struct{ exit int }

func (e *reportedError) Error() string { return fmt.Sprintf("exit %d", e.exit) }

func isReported(err error) bool {
	var r *reportedError
	return errors.As(err, &r)
}

// fileError names the file that an error is about.
type fileError struct {
	path string
	err  error
}

func (e *fileError) Error() string { return e.path + ": " + e.err.Error() }

func (e *fileError) Unwrap() error { return e.err }

func atFile(path string, err error) error {
	if err == nil {
		return nil
	}
	return &fileError{path, err}
}

// pathOf is the innermost file that an error names.
func pathOf(err error) string {
	var f *fileError
	if errors.As(err, &f) {
		return f.path
	}
	return ""
}

// jsonError is an error as scripts see it: English, whatever the language.
type jsonError struct {
	Code    string `json:"code"`
	Exit    int    `json:"exit"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// errorJSON is an error of the run as a whole.
type errorJSON struct {
	Schema string     `json:"schema"`
	Error  *jsonError `json:"error"`
	Exit   int        `json:"exit"`
}

func newJSONError(err error) *jsonError {
	if err == nil {
		return nil
	}
	en := i18n.For(i18n.English)
	s := statusOf(err)
	e := &jsonError{Code: s.code, Exit: s.exit, Message: describe(en, err)}
	if hints := hintsOf(en, err); len(hints) > 0 {
		e.Hint = hints[0]
	}
	return e
}

// report tells an error and returns the exit code.
func (a *app) report(err error) int {
	var told *reportedError
	if errors.As(err, &told) {
		return told.exit
	}
	if a.global.json {
		a.jsonLine(errorJSON{"kyso." + first(a.running, "error") + "/1", newJSONError(err), statusOf(err).exit})
	}
	a.tell(err)
	return statusOf(err).exit
}

// tell writes the error and its hints for people.
func (a *app) tell(err error) {
	a.say(a.m.Common.ErrorPrefix, describe(a.m, err))
	for _, h := range hintsOf(a.m, err) {
		a.say(a.m.Common.HintPrefix, h)
	}
}

// jsonLine writes one object on standard output.
func (a *app) jsonLine(v any) {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a failure of standard output ends the run: outError
}

// usageOf turns what cobra says of arguments into usage errors; the errors of
// our own commands pass through.
func (a *app) usageOf(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	var usage *usageError
	if errors.As(err, &usage) && usage.cmd == "" && cmd != nil {
		usage.cmd = cmd.CommandPath()
	}
	return err
}
