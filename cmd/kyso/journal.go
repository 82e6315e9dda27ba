package main

import (
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// runJournal is the journal of a run; nil does nothing.
type runJournal struct {
	*batch.Journal
	path     string
	resume   bool
	repeated map[string]bool // inputs with several outputs
}

// openJournal opens the journal of --journal; nil when there is none.
func (a *app) openJournal(o *batchOptions, repeated map[string]bool) (*runJournal, error) {
	if o.journal == "" {
		return nil, nil
	}
	j, err := batch.OpenJournal(o.journal, o.resume)
	if err != nil {
		return nil, journalError(o.journal, err)
	}
	return &runJournal{j, o.journal, o.resume, repeated}, nil
}

// Close unlocks it.
func (j *runJournal) Close() {
	if j != nil {
		_ = j.Journal.Close() // each record is on the disk already
	}
}

// earlier returns the record of an input that an earlier run finished, or was
// about to finish when it was killed; nil: to be done. It may have gone to
// another output, as where the disk was full; but where the run has the input
// several times, each output is a job of its own.
func (j *runJournal) earlier(in *input, output string) (*batch.Record, error) {
	if j == nil || !j.resume {
		return nil, nil
	}
	sum, err := in.sum()
	if err != nil {
		return nil, err
	}
	if !j.repeated[in.name] {
		output = ""
	}
	if r, ok := j.Done(in.name, sum, output); ok {
		return &r, nil
	}
	r, ok := j.Intended(in.name, sum, output)
	if !ok {
		return nil, nil
	}
	if made, err := fileSum(r.Output); err != nil || made != r.OutputSHA256 {
		return nil, nil //nolint:nilerr // it never got its name
	}
	return &r, j.add(r)
}

// intend notes that an output is about to get its name.
func (j *runJournal) intend(r batch.Record) error {
	if j == nil {
		return nil
	}
	return journalFailed(j.path, j.Intend(r))
}

// add records an output that has its name.
func (j *runJournal) add(r batch.Record) error {
	if j == nil {
		return nil
	}
	return journalFailed(j.path, j.Add(r))
}

// commit names the output between the two notes of the journal.
func (j *runJournal) commit(r batch.Record, out *output) error {
	if err := j.intend(r); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	return j.add(r)
}

func journalFailed(path string, err error) error {
	if err == nil {
		return nil
	}
	return &codedError{status: status{exitFailed, codeJournal}, err: err,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.JournalFailed, path, err) }}
}

func journalError(path string, err error) error {
	e := &codedError{err: err}
	switch {
	case errors.Is(err, batch.ErrJournalLocked):
		e.status = status{exitFailed, "journal_locked"}
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.JournalLocked, path) }
		e.hints = func(m *i18n.Messages) []string { return []string{m.Batch.HintOtherFile} }
	case errors.Is(err, batch.ErrJournalExists):
		e.status = status{exitUsage, "journal_exists"}
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.JournalExists, path) }
		e.hints = func(m *i18n.Messages) []string { return []string{m.Batch.HintResume} }
	case errors.Is(err, batch.ErrJournalBad):
		e.status = status{exitFailed, "journal_damaged"}
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Batch.JournalDamaged, path, err) }
	default:
		return atFile(path, err)
	}
	return e
}
