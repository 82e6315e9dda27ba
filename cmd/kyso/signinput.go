package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/inspect"
)

// lookInto looks at the document before the key is asked: who signs should know
// of what could make it read differently later. With --strict-input all of it
// is looked at and any finding refuses; else the look is bounded so that it
// costs little, and what it left out is a finding too.
func (r *signRun) lookInto(ctx context.Context, res *signResult, doc *input, password []byte) error {
	o := inspect.Quick()
	if r.o.strictInput {
		o = inspect.Options{}
	}
	report, err := inspect.Look(ctx, doc.r, doc.size, password, o)
	if err != nil {
		return atFile(doc.name, err)
	}
	res.findings = report
	if r.single {
		r.tellFindings(res)
	}
	if codes := findingCodes(report); r.o.strictInput && len(codes) > 0 {
		return atFile(doc.name, strictInput(codes))
	}
	return nil
}

// strictInput refuses a document for what was found in it.
func strictInput(codes []string) error {
	return &codedError{status: status{exitDocument, "input_findings"},
		text:  func(m *i18n.Messages) string { return fmt.Sprintf(m.Inspect.Refused, strings.Join(codes, ", ")) },
		hints: func(m *i18n.Messages) []string { return []string{m.Inspect.Hint} }}
}

// findingCodes are the codes of a report, each once, in its order.
func findingCodes(report *inspect.Report) []string {
	var codes []string
	for i := range report.Findings {
		if c := string(report.Findings[i].Code); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}

// tellFindings warns once for each code, with the first places.
func (r *signRun) tellFindings(res *signResult) {
	if res.findings == nil {
		return
	}
	m := &r.a.m.Inspect
	codes := findingCodes(res.findings)
	for _, code := range codes {
		line := fmt.Sprintf("%s (%s", m.Codes[code], code)
		if at := placesOf(m, res.findings, code); at != "" {
			line += "; " + at
		}
		if line += ")"; !r.single {
			line = printable(res.job.input) + ": " + line
		}
		r.a.warnf("%s", line)
	}
	for _, f := range res.findingsJSON() {
		r.a.verbosef("%s", f)
	}
	if r.single && len(codes) > 0 && !r.o.strictInput && !r.a.global.verbose {
		r.a.notef("%s", m.Detail)
	}
}

// placesOf names the first places of a code, and how many more there are.
func placesOf(m *i18n.Inspect, report *inspect.Report, code string) string {
	const most = 3
	var places []string
	for i := range report.Findings {
		if f := &report.Findings[i]; string(f.Code) == code {
			if p := placeOf(m, f); p != "" && !slices.Contains(places, p) {
				places = append(places, p)
			}
		}
	}
	more := report.Omitted[inspect.Code(code)] + max(0, len(places)-most)
	places = places[:min(len(places), most)]
	if more > 0 && len(places) > 0 {
		places = append(places, fmt.Sprintf(m.More, more))
	}
	return strings.Join(places, ", ")
}

// placeOf is where a finding is, in a person's words: the page or the field
// before the number of an object.
func placeOf(m *i18n.Inspect, f *inspect.Finding) string {
	var at []string
	if f.Page > 0 {
		at = append(at, fmt.Sprintf(m.Page, f.Page))
	}
	if f.Field != "" {
		at = append(at, fmt.Sprintf(m.Field, printable(f.Field)))
	}
	if len(at) == 0 && f.Object.Num > 0 {
		at = append(at, fmt.Sprintf(m.Object, f.Object.Num))
	}
	return strings.Join(at, " ")
}

// findingsJSON are the findings as warnings for scripts: "CODE: detail (place)".
func (res *signResult) findingsJSON() []string {
	if res.findings == nil {
		return nil
	}
	m := &i18n.For(i18n.English).Inspect
	all := make([]string, 0, len(res.findings.Findings))
	for i := range res.findings.Findings {
		f := &res.findings.Findings[i]
		line := string(f.Code) + ": " + f.Detail
		if at := placeOf(m, f); at != "" {
			line += " (" + at + ")"
		}
		all = append(all, line)
	}
	for _, code := range inspect.Codes() {
		if n := res.findings.Omitted[code]; n > 0 {
			all = append(all, fmt.Sprintf("%s: "+m.More, code, n))
		}
	}
	return all
}
