package main

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// doctorJSON is kyso.doctor/1.
type doctorJSON struct {
	Schema   string        `json:"schema"`
	Version  string        `json:"version"`
	System   string        `json:"system"`
	File     string        `json:"file,omitempty"`
	Findings []findingJSON `json:"findings"`
	Problems int           `json:"problems"`
	Notes    int           `json:"notes"`
	Exit     int           `json:"exit"`
}

type findingJSON struct {
	Code     string            `json:"code"`
	Severity string            `json:"severity"` // good, note, problem
	Message  string            `json:"message"`
	Next     string            `json:"next,omitempty"`
	Values   map[string]string `json:"values"`
}

// sections are the headings for people, by the start of a code.
var sections = []struct {
	name  string
	codes []string
}{
	{"machine", []string{"system", "no_token_support", "clock_"}},
	{"readers", []string{"pcscd_", "reader_"}},
	{"drivers", []string{"module_"}},
	{"tokens", []string{"token", "pin_"}},
	{"certificates", []string{"certificate_", "revocation_"}},
	{"trust", []string{"trust_"}},
	{"folders", []string{"config_", "cache_", "libreoffice"}},
	{"network", []string{"tsa_"}},
	{"document", []string{"document_"}},
}

// sectionOf is the heading of a code; what has none is of the machine.
func sectionOf(code string) string {
	for _, s := range sections {
		for _, start := range s.codes {
			if strings.HasPrefix(code, start) {
				return s.name
			}
		}
	}
	return sections[0].name
}

func (d *doctorRun) count(s token.Severity) int {
	n := 0
	for _, f := range d.findings {
		if f.severity == s {
			n++
		}
	}
	return n
}

func (d *doctorRun) show() {
	if d.a.global.json {
		d.a.jsonLine(d.json())
		return
	}
	m := &d.a.m.Doctor
	width := 0
	for _, word := range m.Severity {
		width = max(width, len([]rune(word)))
	}
	for _, s := range sections {
		headed := false
		for i := range d.findings {
			f := &d.findings[i]
			if sectionOf(f.code) != s.name {
				continue
			}
			if !headed {
				headed = true
				fmt.Fprintln(d.a.out, m.Sections[s.name])
			}
			word := m.Severity[f.severity.String()]
			message, next := d.say(d.a.m, f)
			pad := strings.Repeat(" ", width-len([]rune(word)))
			fmt.Fprintf(d.a.out, "  %s%s  %s\n", d.a.paint(d.a.out, severityTone(f.severity), word), pad, printable(message))
			if next != "" {
				hang(d.a.out, "  "+strings.Repeat(" ", width)+"  -> ", printable(next))
			}
		}
	}
	if problems, notes := d.count(token.Problem), d.count(token.Note); problems+notes > 0 {
		fmt.Fprintf(d.a.out, m.Summary+"\n", problems, notes)
	} else {
		fmt.Fprintln(d.a.out, m.Nothing)
	}
}

func (d *doctorRun) json() *doctorJSON {
	j := &doctorJSON{Schema: "kyso.doctor/1", Version: version, System: system(), File: d.file, Findings: []findingJSON{},
		Problems: d.count(token.Problem), Notes: d.count(token.Note), Exit: d.exit()}
	en := i18n.For(i18n.English)
	for i := range d.findings {
		f := &d.findings[i]
		message, next := d.say(en, f)
		values := maps.Clone(f.values)
		if f.err != nil {
			values["reason"] = describe(en, f.err)
		}
		j.Findings = append(j.Findings, findingJSON{f.code, f.severity.String(), message, next, values})
	}
	return j
}

// say is the sentence of a finding and what to do next ("": nothing).
func (d *doctorRun) say(m *i18n.Messages, f *finding) (message, next string) {
	values := maps.Clone(f.values)
	if f.err != nil {
		values["reason"] = describe(m, f.err)
	}
	if f.reasons != nil {
		var all []token.Reason
		for _, r := range f.reasons {
			all = append(all, token.Reason(r))
		}
		values["reasons"] = reasonsText(&m.Errors, all)
	}
	for name, layout := range map[string]func(time.Time) string{
		"not_after": func(t time.Time) string { return d.a.date(m, t) },
		"time":      func(t time.Time) string { return t.In(vietnam).Format(m.Common.DateTime) },
		"since":     func(t time.Time) string { return t.In(vietnam).Format(m.Common.DateTime) },
	} {
		if t, err := time.Parse(time.RFC3339, values[name]); err == nil {
			values[name] = layout(t)
		}
	}
	if sentence, ok := m.Verify.Verdicts[values["verdict"]]; ok {
		values["verdict"] = fmt.Sprintf(sentence, values["name"])
	}
	if f.code == "document_note" {
		values["text"] = m.Phrase(values["text"])
	}
	pick := func(texts map[string]string) string {
		if text, ok := texts[f.code+"."+f.kind]; ok {
			return text
		}
		return texts[f.code]
	}
	message = i18n.Fill(pick(m.Doctor.Findings), values, m.Doctor.Unnamed)
	// What is as it should be needs nothing done.
	if f.severity != token.Good {
		next = i18n.Fill(pick(m.Doctor.Next), values, m.Doctor.Unnamed)
	}
	return first(message, f.code), next
}
