package appearance

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TemplateData is what a --text template may name: {{.Signer}}, {{.Org}},
// {{.Title}}, {{.Email}}, {{.Time}} (formatted), {{.Reason}}, {{.Location}},
// {{.Serial}}, {{.Issuer}}, {{.Number}} (of the document); {{upper .Signer}} writes capitals and
// {{date "02/01/2006"}} the time in another Go layout.
type TemplateData struct {
	Signer, Org, Title, Email, Time, Reason, Location, Serial, Issuer, Number string
}

// TemplateError is a mistake in a --text template.
type TemplateError struct {
	Line, Column int // 1-based; Column counts characters, 0 when not known
	Reason       string
}

func (e *TemplateError) Error() string {
	return fmt.Sprintf("text template: line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// CheckTemplate parses a template and runs it on sample values, so that a
// mistake shows before any key is asked for.
func CheckTemplate(text string) error {
	s := &Style{Text: text}
	_, err := s.templateLines(&Info{Signer: "NGUYỄN VĂN A"})
	return err
}

func (s *Style) templateLines(i *Info) ([]string, error) {
	if len(s.Text) > limitText {
		return nil, fmt.Errorf("text template has %d bytes, more than %d", len(s.Text), limitText)
	}
	t, err := template.New("text").Option("missingkey=error").Funcs(template.FuncMap{
		"upper": upper,
		"date": func(layout string) string {
			if i.Time.IsZero() {
				return ""
			}
			at := *s
			at.TimeFormat = layout
			return at.formatTime(i.Time)
		},
	}).Parse(s.Text)
	if err != nil {
		return nil, newTemplateError(s.Text, err)
	}
	data := TemplateData{
		Signer: i.Signer, Org: i.Org, Title: i.Title, Email: i.Email,
		Reason: i.Reason, Location: i.Location, Serial: i.Serial, Issuer: i.Issuer, Number: i.Number,
		Time: s.value(LineTime, i),
	}
	w := &limitedWriter{limit: limitText}
	if err := t.Execute(w, data); err != nil {
		return nil, newTemplateError(s.Text, err)
	}
	text := strings.ReplaceAll(w.b.String(), `\n`, "\n") // a shell passes \n as two characters
	if s.Upper {
		text = upper(text)
	}
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	return lines, nil
}

var templateWhere = regexp.MustCompile(`^template: text:(\d+)(?::(\d+))?: (?:executing "text" at )?(.*)$`)
var templateQuoted = regexp.MustCompile(`"([^"]+)"|<([^>]+)>`)
var templateField = regexp.MustCompile(`^<[^>]*>: can't evaluate field (\w+) in type appearance\.TemplateData$`)

// newTemplateError finds line and column. text/template gives a column for
// errors of execution only; for a parse error the word that it quotes, or else
// the last open action of the line, tells the place.
func newTemplateError(text string, err error) error {
	var sizeErr *tooLongError
	if errors.As(err, &sizeErr) {
		return sizeErr
	}
	m := templateWhere.FindStringSubmatch(err.Error())
	if m == nil {
		return &TemplateError{Line: 1, Column: 1, Reason: err.Error()}
	}
	e := &TemplateError{Reason: templateReason(m[3])}
	_, _ = fmt.Sscan(m[1], &e.Line)
	lines := strings.Split(text, "\n")
	if e.Line < 1 || e.Line > len(lines) {
		return e
	}
	line := lines[e.Line-1]
	at := strings.LastIndex(line, "{{")
	if m[2] != "" {
		_, _ = fmt.Sscan(m[2], &at) // in bytes, from 0
	} else if q := templateQuoted.FindStringSubmatch(m[3]); q != nil {
		if i := strings.Index(line, q[1]+q[2]); i >= 0 {
			at = i
		}
	}
	e.Column = utf8.RuneCountInString(norm.NFC.String(line[:min(max(at, 0), len(line))])) + 1
	return e
}

// templateReason says which values there are to somebody who named another.
func templateReason(reason string) string {
	m := templateField.FindStringSubmatch(reason)
	if m == nil {
		return reason
	}
	var names []string
	for f := range reflect.TypeFor[TemplateData]().Fields() {
		names = append(names, "."+f.Name)
	}
	return fmt.Sprintf("there is no value .%s, only %s", m[1], strings.Join(names, " "))
}

type tooLongError struct{ limit int }

func (e *tooLongError) Error() string {
	return fmt.Sprintf("text template writes more than %d bytes", e.limit)
}

// limitedWriter stops a template that loops.
type limitedWriter struct {
	b     strings.Builder
	limit int
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.b.Len()+len(p) > w.limit {
		return 0, &tooLongError{w.limit}
	}
	return w.b.Write(p)
}
