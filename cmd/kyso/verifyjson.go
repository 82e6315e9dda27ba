package main

import (
	"context"

	"github.com/kyso-vn/kyso/verify"
)

// verifyJSON is the JSON of verify: package verify's report with what the
// command knows.
type verifyJSON struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	*verify.Report
	// Pictures are those of --changes.
	Pictures []*pagePictures `json:"pictures,omitempty"`
	Exit     int             `json:"exit"`
	Error    *jsonError      `json:"error,omitempty"`
}

// verifyJSONSink writes one object a file.
type verifyJSONSink struct{ a *app }

func (s *verifyJSONSink) file(_ context.Context, res *verifyResult) error {
	s.a.jsonLine(newVerifyJSON(res))
	if res.err != nil {
		s.a.tell(res.err)
	}
	return nil
}

func (s *verifyJSONSink) close() error { return nil }

// verifyFailure is the object of a file that was not looked at.
func verifyFailure(name string, e *jsonError) any {
	return &verifyJSON{Schema: "kyso.verify/1", File: name, Exit: e.Exit, Error: e}
}

func newVerifyJSON(res *verifyResult) *verifyJSON {
	j := &verifyJSON{Schema: "kyso.verify/1", File: res.name, Report: res.report}
	if res.err != nil {
		j.Error = newJSONError(res.err)
		j.Exit = j.Error.Exit
		return j
	}
	j.Exit = verdictExit(res.report.Verdict)
	if len(res.pictures) > 0 && res.pictures[0].written() {
		j.Pictures = res.pictures
	}
	return j
}
