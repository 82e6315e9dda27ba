package main

import (
	"bufio"
	"context"
	"encoding/json"
	"time"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// tableSink is --report FILE.csv: a line a file.
type tableSink struct{ f *reportFile }

func (s *tableSink) file(_ context.Context, res *verifyResult) error {
	e := newEntry(res.name, res.err, res.seconds)
	if res.err == nil {
		e.Exit = verdictExit(res.report.Verdict)
		e.InputSHA256, e.Verdict = res.report.SHA256, string(res.report.Verdict)
		e.Signer, e.Time = signersOf(res)
	}
	return s.f.add(e)
}

func (s *tableSink) close() error { return s.f.finish() }

func (s *tableSink) abort() { s.f.abort() }

// signersOf are the names of the people who signed, and when the last did as
// far as it is proven or claimed.
func signersOf(res *verifyResult) (names, last string) {
	for i := range res.report.Signatures {
		s := &res.report.Signatures[i]
		if s.Signer == nil {
			continue
		}
		names = joinNonEmpty(names, deref(s.Signer.CN))
		switch {
		case s.Time.Proven != nil:
			last = s.Time.Proven.Format(time.RFC3339)
		case s.Time.Claimed != nil:
			last = s.Time.Claimed.Format(time.RFC3339)
		}
	}
	return names, last
}

// listSink is --report FILE.json: an array of what --json writes.
type listSink struct {
	f     *atomicfile.File
	w     *bufio.Writer
	path  string
	count int
}

func (a *app) openJSONList(o *verifyOptions) (verifySink, error) {
	f, err := atomicfile.Create(o.report, atomicfile.Options{Force: o.force})
	if err != nil {
		return nil, atFile(o.report, err)
	}
	return &listSink{f: f, w: bufio.NewWriter(f), path: o.report}, nil
}

func (s *listSink) file(_ context.Context, res *verifyResult) error {
	data, err := json.Marshal(newVerifyJSON(res))
	if err != nil {
		return err
	}
	sep := ",\n"
	if s.count++; s.count == 1 {
		sep = "[\n"
	}
	_, err = s.w.WriteString(sep + string(data))
	return diskError(s.path, atFile(s.path, err))
}

func (s *listSink) close() error {
	end := "\n]\n"
	if s.count == 0 {
		end = "[]\n"
	}
	_, err := s.w.WriteString(end)
	return finishFile(s.path, s.f, s.w, err)
}

func (s *listSink) abort() { s.f.Abort() }

// finishFile gives a written file its name.
func finishFile(path string, f *atomicfile.File, w *bufio.Writer, err error) error {
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Commit()
	}
	if err != nil {
		f.Abort()
	}
	return diskError(path, atFile(path, err))
}
