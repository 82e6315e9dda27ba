package main

import (
	"io"
	"strings"
	"unicode/utf8"
)

// rows are label and value pairs, aligned by characters: Vietnamese in NFC
// takes one column a character. Empty values are left out.
type rows struct{ pairs [][2]string }

func (r *rows) add(label, value string) {
	if value != "" {
		r.pairs = append(r.pairs, [2]string{label, value})
	}
}

func (r *rows) print(w io.Writer, indent string) {
	width := 0
	for _, p := range r.pairs {
		width = max(width, utf8.RuneCountInString(p[0]))
	}
	for _, p := range r.pairs {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(p[0]))
		hang(w, indent+p[0]+":"+pad+" ", printable(p[1]))
	}
}
