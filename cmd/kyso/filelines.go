package main

import "github.com/kyso-vn/kyso/internal/batch"

// lineOf makes the JSON object of a file that a run never came to.
type lineOf func(name string, e *jsonError) any

// codeNotDone is the code of a file that the run stopped before.
const codeNotDone = "not_done"

func notDone(exit int) *jsonError {
	return &jsonError{Code: codeNotDone, Exit: exit, Message: "the run stopped before this file",
		Hint: "correct what stopped the run, then run the command again: what is done is kept"}
}

// failAll tells an error that came before the first file. Scripts get an object
// for each file, as they do when a run goes well.
func (a *app) failAll(err error, names []string, line lineOf) error {
	if err == nil || isReported(err) || !a.global.json {
		return err
	}
	if len(names) == 0 {
		return err
	}
	for _, name := range names {
		a.jsonLine(line(name, newJSONError(err)))
	}
	a.tell(err)
	return &reportedError{statusOf(err).exit}
}

// passOver takes note of a file that a stopped run did not do, in the place of
// its result.
func (b *batchRun) passOver(exit int) {
	if b.told >= len(b.names) {
		return
	}
	name := b.names[b.told]
	b.told++
	e := notDone(exit)
	if b.a.global.json && b.line != nil {
		b.a.jsonLine(b.line(name, e))
	}
	// The report's own failure is told when it is finished.
	_ = b.report.add(batch.Entry{File: name, Exit: exit, Error: e.Code + ": " + e.Message})
}

// passOverRest does so for all that follow.
func (b *batchRun) passOverRest(exit int) {
	for b.told < len(b.names) {
		b.passOver(exit)
	}
}
