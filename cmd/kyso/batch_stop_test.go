package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/token"
)

// What one file's error means for the run: the key, the token, the certificate
// and the disk stop it at once, a TSA that says no too, a TSA that does not
// answer after some files in a row, the document never.
func TestWhatStopsARun(t *testing.T) {
	document := atFile("a.pdf", errors.New("no PDF"))
	silent := &fetch.Error{URL: "http://tsa.example/", Err: errors.New("no connection")}
	busy := &fetch.Error{URL: "http://tsa.example/", Status: 503}
	for name, tc := range map[string]struct {
		onAny bool
		errs  []error
		stop  int // which of errs stops the run, from 1; 0: none
		fatal bool
		exit  int
	}{
		"all done":                      {errs: []error{nil, nil, nil, nil}},
		"documents":                     {errs: []error{document, document, document, document, document}},
		"documents, --stop-on-error":    {onAny: true, errs: []error{nil, document}, stop: 2, exit: exitFailed},
		"wrong PIN":                     {errs: []error{&token.AuthError{Kind: "incorrect"}}, stop: 1, fatal: true, exit: exitWrongPIN},
		"PIN locked":                    {errs: []error{nil, &token.AuthError{Kind: "locked"}}, stop: 2, fatal: true, exit: exitPINLocked},
		"token removed":                 {errs: []error{nil, &token.DeviceError{Code: 0x32, Err: errors.New("C_Sign")}}, stop: 2, fatal: true, exit: exitToken},
		"interrupted":                   {errs: []error{context.Canceled}, stop: 1, fatal: true, exit: exitInterrupted},
		"full disk":                     {errs: []error{diskError("out/a.pdf", fmt.Errorf("write: %w", syscall.ENOSPC))}, stop: 1, fatal: true, exit: exitFailed},
		"journal":                       {errs: []error{journalFailed("run.journal", syscall.EIO)}, stop: 1, fatal: true, exit: exitFailed},
		"another disk error":            {errs: []error{diskError("out/a.pdf", syscall.EACCES), diskError("out/b.pdf", syscall.EACCES)}},
		"TSA refuses":                   {errs: []error{&tsp.StatusError{Status: 2}}, stop: 1, fatal: true, exit: exitService},
		"TSA knows no such address":     {errs: []error{&fetch.Error{Status: 404}}, stop: 1, fatal: true, exit: exitService},
		"TSA silent for all":            {errs: []error{silent, silent, silent}, stop: 3, fatal: true, exit: exitService},
		"TSA busy now and then":         {errs: []error{busy, busy, nil, busy, busy, nil, busy}},
		"TSA answers wrongly":           {errs: []error{&tsp.CheckError{Reason: tsp.ReasonNonce, Err: errors.New("x")}, busy, silent}, stop: 3, fatal: true, exit: exitService},
		"a bad document between":        {errs: []error{silent, silent, document, silent}, stop: 4, fatal: true, exit: exitService},
		"TSA silent, --stop-on-error":   {onAny: true, errs: []error{silent}, stop: 1, exit: exitService},
		"wrong PIN and --stop-on-error": {onAny: true, errs: []error{&token.AuthError{Kind: "incorrect"}}, stop: 1, fatal: true, exit: exitWrongPIN},
	} {
		t.Run(name, func(t *testing.T) {
			s := stopper{onAny: tc.onAny}
			for i, err := range tc.errs {
				var stop *stopError
				got := s.judge(err)
				if (got != nil) != (i+1 == tc.stop) {
					t.Fatalf("error %d (%v): %v", i+1, err, got)
				}
				if got == nil {
					continue
				}
				if !isStop(got, &stop) || stop.fatal != tc.fatal || statusOf(stop.err).exit != tc.exit {
					t.Errorf("%v: fatal %v, exit %d", got, stop.fatal, statusOf(stop.err).exit)
				}
			}
		})
	}
}

// The command for going on is the one that was given, with a journal, and safe
// to paste into a shell.
func TestCommandForGoingOn(t *testing.T) {
	for name, tc := range map[string]struct {
		args    []string
		journal string
		want    string
		known   bool
	}{
		"no journal":       {[]string{"sign", "a.pdf"}, "", "kyso sign a.pdf --journal run.journal", false},
		"journal":          {[]string{"sign", "a.pdf", "--journal", "j"}, "j", "kyso sign a.pdf --journal j --resume", true},
		"resumed before":   {[]string{"sign", "--journal", "j", "--resume"}, "j", "kyso sign --journal j --resume", true},
		"words of a shell": {[]string{"sign", "đơn của tôi.pdf", "$(reboot)", "it's"}, "", `kyso sign 'đơn của tôi.pdf' '$(reboot)' 'it'\''s' --journal run.journal`, false},
	} {
		a := &app{args: tc.args}
		got, known := a.again(&batchOptions{journal: tc.journal})
		if got != tc.want || known != tc.known {
			t.Errorf("%s: %q, %v; want %q", name, got, known, tc.want)
		}
	}
}
