package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// tsaPatience is how many files in a row may fail for the TSA before the run
// stops: each has asked every server, several times.
const tsaPatience = 3

// stopError ends a run over files.
type stopError struct {
	err   error
	fatal bool // the cause has nothing to do with the one file
}

func (e *stopError) Error() string { return "stopped: " + e.err.Error() }

func (e *stopError) Unwrap() error { return e.err }

func isStop(err error, stop **stopError) bool { return errors.As(err, stop) }

// stopper decides when a run ends before its last file. Safe for concurrent
// use.
type stopper struct {
	onAny bool // --stop-on-error

	mu  sync.Mutex
	tsa int // files in a row that failed for the TSA
}

// judge returns the error that stops the run, or nil.
func (s *stopper) judge(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.tsa = 0
		return nil
	}
	if stopsRun(err) {
		return &stopError{err, true}
	}
	if tsaFailed(err) {
		if s.tsa++; s.tsa >= tsaPatience || tsaRefuses(err) {
			return &stopError{tsaDown(s.tsa, err), true}
		}
	}
	if s.onAny {
		return &stopError{err, false}
	}
	return nil
}

// stopsRun tells whether the next file would fail alike: the key, the token,
// the certificate, the disk, the journal.
func stopsRun(err error) bool {
	return fatal(err) || slices.Contains([]string{codeDiskFull, codeReadOnly, codeNoSync, codeJournal}, statusOf(err).code)
}

// tsaFailed tells whether a file failed because no TSA served it. A TSA sees
// nothing of the file but a hash, so the file is not to blame.
func tsaFailed(err error) bool {
	var refused *tsp.StatusError
	var bad *tsp.CheckError
	var network *fetch.Error
	return errors.As(err, &refused) || errors.As(err, &bad) ||
		errors.As(err, &network) && statusOf(err).exit == exitService
}

// tsaRefuses: the server said no, as it will to the next file.
func tsaRefuses(err error) bool {
	var refused *tsp.StatusError
	var network *fetch.Error
	if errors.As(err, &refused) {
		return true
	}
	return errors.As(err, &network) && slices.Contains([]int{401, 403, 404, 405, 410}, network.Status)
}

func tsaDown(files int, err error) error {
	return &codedError{status: status{exitService, "tsa_down"}, err: err,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.TSADown, files, describe(m, err)) }}
}

// Codes of errors that stop a run.
const (
	codeDiskFull = "disk_full"
	codeReadOnly = "read_only_disk"
	codeNoSync   = "no_sync"
	codeJournal  = "journal_failed"
)

// diskError gives a full disk its own code and text.
func diskError(path string, err error) error {
	if err == nil || !isDiskFull(err) {
		return err
	}
	return &codedError{status: status{exitFailed, codeDiskFull}, err: err,
		text:  func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.DiskFull, path) },
		hints: func(m *i18n.Messages) []string { return []string{m.Batch.HintDisk} }}
}
