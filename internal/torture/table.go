package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
)

// docFile keeps the table, between two marks.
const (
	docFile  = "docs/reliability.md"
	docBegin = "<!-- rows: written by make torture -->\n"
	docEnd   = "<!-- end of rows -->\n"
)

// verdict is what the tests of a row say together.
func verdict(r row, tests []test, results map[test]outcome) string {
	if len(tests) == 0 && r.lacks == noTest {
		return "not tested"
	}
	if len(tests) == 0 {
		return "NO TEST"
	}
	for _, t := range tests {
		switch results[t].action {
		case "pass":
		case "skip":
			return "SKIPPED"
		case "fail":
			return "FAILS"
		default:
			return "DID NOT RUN"
		}
	}
	if r.lacks != "" {
		return "holds, but for " + r.lacks
	}
	return "holds"
}

func tableOf(chosen []row, found map[string][]test, results map[test]outcome) string {
	var b strings.Builder
	b.WriteString("| row | what is wanted | verdict | tests |\n|---|---|---|---|\n")
	for _, r := range chosen {
		names := make([]string, len(found[r.id]))
		for i, t := range found[r.id] {
			names[i] = t.String()
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.id, r.wants, verdict(r, found[r.id], results), strings.Join(names, ", "))
	}
	return b.String()
}

// keepTable puts a table and the note above it into the document.
func keepTable(path, note, table string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(data, []byte(docBegin))
	_, after, ok2 := bytes.Cut(rest, []byte(docEnd))
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the rows", path)
	}
	text := string(before) + docBegin + "\n" + note + "\n\n" + table + "\n" + docEnd + string(after)
	return os.WriteFile(path, []byte(text), 0o600)
}

// failures is an error when a row does not hold; it shows what failed.
func failures(chosen []row, found map[string][]test, results map[test]outcome) error {
	var all []error
	told := map[test]bool{}
	for _, r := range chosen {
		v := verdict(r, found[r.id], results)
		if strings.HasPrefix(v, "holds") || v == "not tested" {
			continue
		}
		all = append(all, fmt.Errorf("%s: %s", r.id, v))
		for _, t := range found[r.id] {
			if o := results[t]; o.action == "fail" && !told[t] {
				told[t] = true
				fmt.Fprintf(os.Stdout, "--- %s\n%s", t, strings.Join(o.output, ""))
			}
		}
	}
	return errors.Join(all...)
}
