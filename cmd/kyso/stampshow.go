package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/token"
)

// stampJSON is the JSON of extend and timestamp: kyso.extend/1 and
// kyso.timestamp/1.
type stampJSON struct {
	Schema       string         `json:"schema"`
	File         string         `json:"file"`
	Output       string         `json:"output,omitempty"`
	InputSHA256  string         `json:"input_sha256,omitempty"`
	OutputSHA256 string         `json:"output_sha256,omitempty"`
	OutputBytes  int64          `json:"output_bytes,omitempty"`
	Level        string         `json:"level,omitempty"` // extend
	Revisions    *int           `json:"revisions_added,omitempty"`
	Timestamp    *timestampJSON `json:"timestamp"`
	SelfCheck    *selfCheckJSON `json:"self_check,omitempty"`
	Warnings     []string       `json:"warnings"`
	Seconds      float64        `json:"seconds"`
	Skipped      bool           `json:"skipped,omitempty"` // done in an earlier run
	Exit         int            `json:"exit"`
	Error        *jsonError     `json:"error,omitempty"`
}

// failure is the object of a file that was not begun.
func (r *stampRun) failure(name string, e *jsonError) any {
	return &stampJSON{Schema: "kyso." + r.kind.String() + "/1", File: name, Warnings: []string{}, Exit: e.Exit, Error: e}
}

func (r *stampRun) json(res *stampResult) *stampJSON {
	j := &stampJSON{Schema: "kyso." + r.kind.String() + "/1", File: res.job.input, Warnings: orEmpty(res.warnings),
		Seconds: res.seconds, Exit: statusOf(res.err).exit, Error: newJSONError(res.err)}
	if d := res.record; d != nil && res.err == nil {
		j.Skipped, j.Output, j.OutputBytes = true, d.Output, d.Bytes
		j.InputSHA256, j.OutputSHA256 = d.InputSHA256, d.OutputSHA256
	}
	s := res.result
	if s == nil {
		return j
	}
	j.Output, j.OutputBytes, j.Revisions = res.job.output, s.Bytes, &s.Added
	j.InputSHA256, j.OutputSHA256 = hex.EncodeToString(s.InputSHA256[:]), hex.EncodeToString(s.OutputSHA256[:])
	if r.kind == stampExtend {
		j.Level = s.Level.String()
	}
	if s.Timestamp != nil {
		j.Timestamp = &timestampJSON{s.TSA, s.Timestamp.Time}
	}
	j.SelfCheck = &selfCheckJSON{string(res.report.Verdict), len(res.report.Signatures), true}
	return j
}

// show tells one result, for scripts or for people.
func (r *stampRun) show(res *stampResult) {
	if r.a.global.json {
		r.a.jsonLine(r.json(res))
	}
	for _, w := range res.warnings {
		r.a.warnf("%s", r.a.m.Phrase(w))
	}
	switch {
	case res.err != nil:
		r.showError(res)
	case r.a.global.json, res.record != nil:
	default:
		r.showDone(res)
	}
}

// showError names the file where there are several.
func (r *stampRun) showError(res *stampResult) {
	if r.single || errors.Is(res.err, errInterrupted) {
		r.a.tell(res.err)
		return
	}
	text := describe(r.a.m, res.err)
	if !strings.Contains(text, res.job.input) {
		text = fmt.Sprintf(r.a.m.Sign.FailedFile, res.job.input, text)
	}
	r.a.say(r.a.m.Common.ErrorPrefix, text)
	for _, h := range hintsOf(r.a.m, res.err) {
		r.a.say(r.a.m.Common.HintPrefix, h)
	}
}

func (r *stampRun) showDone(res *stampResult) {
	m, s := &r.a.m.Extend, res.result
	w := r.a.out
	if res.job.output == stdinName {
		w = r.a.err // standard output carries the document
	}
	heading := fmt.Sprintf(m.Extended, printable(res.job.output))
	if r.kind == stampDocument {
		heading = fmt.Sprintf(m.Stamped, printable(res.job.output))
	}
	if r.batch.brief() {
		fmt.Fprintln(w, heading)
		return
	}
	rows := &rows{}
	if r.kind == stampExtend {
		rows.add(m.Level, s.Level.String())
	}
	if s.Added == 0 {
		r.a.notef(m.Already, res.job.input, s.Level)
	} else {
		rows.add(m.Added, fmt.Sprintf(m.Revisions, s.Added))
	}
	if t := s.Timestamp; t != nil {
		tsa := s.TSA
		if t.Certificate != nil {
			tsa = token.ParseSubject(t.Certificate).CN
		}
		rows.add(m.Timestamp, fmt.Sprintf(m.At, r.a.when(t.Time), tsa))
		if t.Certificate != nil && r.kind == stampExtend {
			rows.add(m.Refresh, r.a.date(r.a.m, t.Certificate.NotAfter))
		}
	}
	rows.add(m.Verdict, fmt.Sprintf(r.a.m.Sign.SelfCheckGood, len(res.report.Signatures)))
	rows.add(m.Size, humanBytes(s.Bytes))
	fmt.Fprintln(w, heading)
	rows.print(w, "  ")
	if r.single && res.job.output != stdinName {
		fmt.Fprintf(w, r.a.m.Sign.NextVerify+"\n", shellWord(res.job.output))
	}
}
