package i18n

import "strings"

// Doctor are the texts of doctor. Findings and Next have gaps {name} for the
// values of a finding; a key CODE.KIND goes before CODE.
type Doctor struct {
	Severity map[string]string // good, note, problem
	Sections map[string]string
	Findings map[string]string
	Next     map[string]string // what to do; not every code has one
	Nothing  string
	Summary  string // problems, notes
	Asking   string // address
	Unnamed  string // in place of a value that is not there
}

// Fill puts values into the gaps of a text; what is not there is other.
func Fill(text string, values map[string]string, other string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		if v := values[name]; v != "" {
			b.WriteString(v)
		} else {
			b.WriteString(other)
		}
		text = after
	}
}
