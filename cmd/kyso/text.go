package main

import (
	"fmt"
	"strings"
	"unicode"
)

// printable makes text from outside (file names, certificates) safe for a
// terminal: control characters and marks that turn the direction of writing
// are shown as escapes, and a line stays a line.
func printable(s string) string {
	bad := func(r rune) bool { return !unicode.IsPrint(r) && r != ' ' && !unicode.Is(unicode.Mn, r) }
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case bad(r) && r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		case bad(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mask hides all but the last four characters of a person's number.
func mask(number string) string {
	r := []rune(number)
	if len(r) <= 4 {
		return strings.Repeat("*", len(r))
	}
	return strings.Repeat("*", len(r)-4) + string(r[len(r)-4:])
}

// humanBytes is a size for people.
func humanBytes(n int64) string {
	const kb, mb = 1000, 1000 * 1000
	switch {
	case n >= mb:
		return fmt.Sprintf("%.2f MB", float64(n)/mb)
	case n >= kb:
		return fmt.Sprintf("%.1f KB", float64(n)/kb)
	}
	return fmt.Sprintf("%d byte", n)
}

// shellWord quotes a word where a shell needs it.
func shellWord(s string) string {
	safe := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
