package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
	"github.com/kyso-vn/kyso/verify"
)

// tone is a colour by what it means: the number of an SGR sequence (ECMA-48,
// 8.3.117), bold where it must be seen.
type tone string

const (
	tonePlain tone = ""
	toneGood  tone = "1;32"
	toneDoubt tone = "1;33"
	toneBad   tone = "1;31"
	toneHint  tone = "36"
)

// paint colours a text on a terminal. What is not one, NO_COLOR (no-color.org)
// and TERM=dumb keep it as it is: nothing is said by colour alone.
func (a *app) paint(w io.Writer, t tone, s string) string {
	f := terminalBehind(w)
	if f == nil || t == tonePlain || a.getenv("NO_COLOR") != "" || a.getenv("TERM") == "dumb" || !readsColours(f) {
		return s
	}
	return "\x1b[" + string(t) + "m" + s + "\x1b[0m"
}

// terminalBehind is the terminal that a stream leads to; nil: none.
func terminalBehind(stream any) *os.File {
	switch s := stream.(type) {
	case *sharedWriter:
		return terminalBehind(s.behind)
	case *checkedWriter:
		return terminalBehind(s.behind)
	case *os.File:
		if term.IsTerminal(int(s.Fd())) {
			return s
		}
	}
	return nil
}

// columns is the width of the terminal behind a stream; 0: none, or unknown.
func columns(w io.Writer) int {
	f := terminalBehind(w)
	if f == nil {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// hang writes a text behind a lead. On a terminal that is too narrow it goes on
// below its own start; a word is never broken, so that paths and numbers can
// be copied.
func hang(w io.Writer, lead, text string) { hangAt(w, columns(w), lead, text) }

// hangAt is hang for a width that is known; 0: no end.
func hangAt(w io.Writer, width int, lead, text string) {
	start := utf8.RuneCountInString(lead)
	if width < start+20 { // no terminal, or no room for it
		fmt.Fprintf(w, "%s%s\n", lead, text)
		return
	}
	at := start
	var line strings.Builder
	line.WriteString(lead)
	for i, word := range strings.Split(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i > 0 && at+1+n > width:
			line.WriteString("\n" + strings.Repeat(" ", start))
			at = start
		case i > 0:
			line.WriteByte(' ')
			at++
		}
		line.WriteString(word)
		at += n
	}
	fmt.Fprintln(w, line.String())
}

// fill sets the paragraphs of a help text to the width of the terminal; what
// is laid out in columns stays as it is.
func fill(w io.Writer, text string) string {
	width := columns(w)
	if width == 0 {
		return text
	}
	var out []string
	for _, b := range blocksOf(text) {
		if b.verbatim {
			out = append(out, strings.Join(b.lines, "\n"))
			continue
		}
		var s strings.Builder
		at := 0
		for i, word := range strings.Fields(strings.Join(b.lines, " ")) {
			n := utf8.RuneCountInString(word)
			switch {
			case i > 0 && at+1+n > min(width, 100):
				s.WriteByte('\n')
				at = 0
			case i > 0:
				s.WriteByte(' ')
				at++
			}
			s.WriteString(word)
			at += n
		}
		out = append(out, s.String())
	}
	return strings.Join(out, "\n\n")
}

// helpWidth is the width of the flags in a help text.
func helpWidth(w io.Writer) int {
	if width := columns(w); width > 0 {
		return min(max(width, 60), 100)
	}
	return 100
}

// prefixTone is the colour of "error", "warning" and "hint".
func prefixTone(m *i18n.Messages, prefix string) tone {
	switch prefix {
	case m.Common.ErrorPrefix:
		return toneBad
	case m.Common.WarningPrefix:
		return toneDoubt
	case m.Common.HintPrefix:
		return toneHint
	}
	return tonePlain
}

// verdictTone is the colour of a verdict.
func verdictTone(v verify.Verdict) tone {
	switch v {
	case verify.Valid, verify.ValidChanged:
		return toneGood
	case verify.Invalid, verify.Unreadable:
		return toneBad
	default: // it is for a person to decide
		return toneDoubt
	}
}

// severityTone is the colour of a finding.
func severityTone(s token.Severity) tone {
	switch s {
	case token.Good:
		return toneGood
	case token.Problem:
		return toneBad
	default:
		return toneDoubt
	}
}

// stateTone is the colour of "can sign" and of what keeps from it.
func stateTone(usable bool) tone {
	if usable {
		return toneGood
	}
	return toneDoubt
}
