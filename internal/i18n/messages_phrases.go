package i18n

import "strings"

// Phrase puts an English sentence of a library (a note, a warning, a reason)
// into the language, where its pattern is known; {} in a pattern stands for any
// text. Unknown sentences stay as they are.
func (m *Messages) Phrase(english string) string {
	if m.Lang != Vietnamese {
		return english
	}
	for _, p := range allPhrases() {
		if gaps, ok := match(strings.Split(p[0], "{}"), english); ok {
			return fill(strings.Split(p[1], "{}"), gaps)
		}
	}
	return english
}

// match returns what stands between the parts of a pattern, each as short as
// can be but the last.
func match(parts []string, s string) ([]string, bool) {
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return nil, false
	}
	var gaps []string
	for i, part := range parts[1:] {
		at := strings.Index(rest, part)
		if i == len(parts)-2 {
			at = len(rest) - len(part)
			if at < 0 || !strings.HasSuffix(rest, part) {
				return nil, false
			}
		}
		if at < 0 {
			return nil, false
		}
		gaps = append(gaps, rest[:at])
		rest = rest[at+len(part):]
	}
	return gaps, rest == ""
}

func fill(parts, gaps []string) string {
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(part)
		if i < len(gaps) && i < len(parts)-1 {
			b.WriteString(gaps[i])
		}
	}
	return b.String()
}
