package appearance

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// limitText bounds the text of a mark, in bytes.
const limitText = 16 << 10

// lines returns the text of the mark before wrapping, in NFC, and notes on
// what was left out.
func (s *Style) lines(i *Info) (lines, notes []string, err error) {
	if s.layout() == ImageOnly {
		return nil, nil, nil
	}
	if s.Text != "" {
		lines, err = s.templateLines(i)
	} else {
		lines, notes = s.shownLines(i)
	}
	if err != nil {
		return nil, nil, err
	}
	total := 0
	for k, l := range lines {
		clean, note := cleanLine(l)
		lines[k] = clean
		if note != "" {
			notes = append(notes, note)
		}
		total += len(clean)
	}
	if total > limitText {
		return nil, nil, fmt.Errorf("the mark has %d bytes of text, more than %d", total, limitText)
	}
	return lines, notes, nil
}

func (s *Style) shownLines(i *Info) (lines, notes []string) {
	show := s.Show
	if show == nil {
		show = []Line{LineSigner, LineEmail, LineTime}
	}
	for _, l := range show {
		value := strings.TrimSpace(s.value(l, i))
		if value == "" {
			notes = append(notes, fmt.Sprintf("line %q left out: there is no value for it", l))
			continue
		}
		label := s.label(l)
		if s.Upper {
			label = upper(label)
			if l != LineEmail { // an address is not a word
				value = upper(value)
			}
		}
		lines = append(lines, label+value)
	}
	return lines, notes
}

// upper is Unicode-aware: NFC first, so that a letter with separate marks
// becomes the one capital that fonts have.
func upper(s string) string { return strings.ToUpper(norm.NFC.String(s)) }

// cleanLine makes one line of NFC text: white space runs become one space, and
// characters that show nothing (controls, direction overrides, zero-width) go,
// since they could make a name read as another.
func cleanLine(s string) (line, note string) {
	var b strings.Builder
	dropped := map[rune]bool{}
	space := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case r == ' ' || unicode.In(r, unicode.Cc) && unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
			dropped[r] = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if len(dropped) > 0 {
		note = fmt.Sprintf("%d kinds of invisible characters left out of %q", len(dropped), b.String())
	}
	return b.String(), note
}
