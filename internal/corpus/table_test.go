package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// check wants of every file that it is signed or refused, and of every output
// that it is sound. What may differ from file to file is in the table.
func check(t *testing.T, f *file) {
	t.Helper()
	if e := f.last(); e != nil && e.Exit != 15 {
		t.Errorf("%s: neither signed nor refused: %+v", f.name, e)
	}
	if f.output() == "" {
		return
	}
	v := &f.verdict
	repaired := strings.HasPrefix(f.how, "--repair")
	switch {
	case v.qpdf > v.qpdfBefore && v.qpdf != 0:
		t.Errorf("%s: qpdf --check exits with %d, with %d before", f.name, v.qpdf, v.qpdfBefore)
	case !v.mutool && !v.mupdfRepairs:
		t.Errorf("%s: mutool does not call the signature valid", f.name)
	case !v.pdfsig:
		t.Errorf("%s: pdfsig does not call the signature valid", f.name)
	case v.kept != v.earlier:
		t.Errorf("%s: %d of %d signatures are kept", f.name, v.kept, v.earlier)
	case v.prefix == repaired:
		t.Errorf("%s: the old bytes stand in front: %v", f.name, v.prefix)
	case repaired && len(f.before.Signatures) > 0:
		t.Errorf("%s: signed, and rewritten", f.name)
	}
	if n := len(v.own.Signatures); n == 0 || !slices.ContainsFunc(v.own.Signatures, func(s signature) bool {
		return s.Integrity == "intact" && (s.Coverage == "entire_file") && s.ChangesAfter == "none"
	}) {
		t.Errorf("%s: kyso verify finds no signature of the whole file among %d", f.name, n)
	}
}

// render writes docs/corpus.md.
func render(files []*file) string {
	var b strings.Builder
	b.WriteString(`# Real PDFs

Made by ` + "`make corpus`" + `; the test in internal/corpus fails when the program does
something else. The files come from the test suites of other projects, are as
hard as those could make them, and are no part of this repository: the table
has what became of each. Opening, signing (one visible mark) and verifying was
done by the program itself, and qpdf, pdfsig and mutool looked at the result.

`)
	b.WriteString(summary(files))
	b.WriteString(`
## File by file

- *before*: the verdict of ` + "`kyso verify`" + ` on the input, with its intact signatures of all
- *signed*: as it is, with a flag or the password that the refusal asks for, or why not
- *qpdf*: exit code of ` + "`qpdf --check`" + ` before and after (0 sound, 3 warnings, 2 errors)
- *pdfsig*, *mutool*: whether they call the new signature valid; mutool
  *repairs* what it takes for damaged, input and output, and then reads another file
- *kept*: earlier intact signatures that still are, for kyso and for pdfsig

| file | group | before | signed | qpdf | pdfsig | mutool | kept |
|---|---|---|---|---|---|---|---|
`)
	for _, f := range files {
		b.WriteString(row(f))
	}
	return b.String()
}

func row(f *file) string {
	intact := 0
	for _, s := range f.before.Signatures {
		if s.Integrity == "intact" {
			intact++
		}
	}
	before := f.before.Verdict
	if n := len(f.before.Signatures); n > 0 {
		before = fmt.Sprintf("%s %d/%d", before, intact, n)
	}
	cells := []string{"`" + f.name + "`", f.group, before, result(f), "", "", "", ""}
	if f.output() != "" {
		v := &f.verdict
		cells[4] = fmt.Sprintf("%d → %d", v.qpdfBefore, v.qpdf)
		cells[5], cells[6] = yes(v.pdfsig), yes(v.mutool)
		if !v.mutool && v.mupdfRepairs {
			cells[6] = "repairs it"
		}
		if v.earlier > 0 {
			cells[7] = fmt.Sprintf("%d/%d", v.kept, v.earlier)
		}
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func yes(b bool) string {
	if b {
		return "valid"
	}
	return "**no**"
}

// result says how a file was signed, or why it was not.
func result(f *file) string {
	if f.first.Error == nil {
		return "yes"
	}
	if f.how == "" {
		return "refused: " + because(f.first.Error)
	}
	if f.helped.Error == nil {
		return "yes, " + f.how
	}
	return fmt.Sprintf("refused: %s; with `%s`: %s", because(f.first.Error), f.how, because(f.helped.Error))
}

// because is the code: messages change more often than reasons.
func because(e *failure) string { return "`" + e.Code + "`" }

// counts is a line of the summary.
type counts struct{ all, plain, helped int }

func summary(files []*file) string {
	groups := map[string]*counts{}
	total := &counts{}
	kept, earlier, mutools, outputs := 0, 0, 0, 0
	for _, f := range files {
		group := strings.SplitN(f.group, ":", 2)[0]
		if strings.HasPrefix(f.name, "signed/") {
			group = "signed/ (" + strings.TrimPrefix(f.group, "signed: ") + ")"
		}
		if groups[group] == nil {
			groups[group] = &counts{}
		}
		for _, c := range []*counts{groups[group], total} {
			c.all++
			switch {
			case f.first.Error == nil:
				c.plain++
			case f.output() != "":
				c.helped++
			}
		}
		if f.output() != "" {
			outputs++
			kept, earlier = kept+f.verdict.kept, earlier+f.verdict.earlier
			if f.verdict.mutool {
				mutools++
			}
		}
	}
	var names []string
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("| group | files | signed as they are | with `--repair`, `--invisible` or the password | refused |\n|---|---|---|---|---|\n")
	for _, name := range names {
		b.WriteString(groups[name].row(name))
	}
	b.WriteString(total.row("all"))
	b.WriteString(refusals(files))
	fmt.Fprintf(&b, "\nOf %d outputs pdfsig calls all signatures valid, mutool %d; %d of %d earlier signatures are kept.\n", outputs, mutools, kept, earlier)
	return b.String()
}

// forbidden are the refusals that somebody else's will asks for; what else is
// refused could not be signed.
var forbidden = map[string]string{
	"document_permissions":      "the owner's permissions (no new field, and no empty one)",
	"document_certified":        "certified without changes (P=1)",
	"document_broken_signature": "an earlier signature is broken",
}

// refusals counts the refused files by reason, and what is left of to-sign.
func refusals(files []*file) string {
	byCode := map[string]int{}
	mayBe, done := 0, 0
	for _, f := range files {
		code := ""
		if f.output() == "" {
			code = f.last().Code
			byCode[code]++
		}
		if strings.HasPrefix(f.name, "to-sign/") && forbidden[code] == "" {
			mayBe++
			if f.output() != "" {
				done++
			}
		}
	}
	var codes []string
	for code := range byCode {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var b strings.Builder
	b.WriteString("\n| refused as | files | |\n|---|---|---|\n")
	for _, code := range codes {
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", code, byCode[code], forbidden[code])
	}
	fmt.Fprintf(&b, "\nOf the files in `to-sign/` that nobody forbids to sign %d of %d are signed: %.1f %%.\n",
		done, mayBe, 100*float64(done)/float64(mayBe))
	return b.String()
}

func (c *counts) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d |\n", name, c.all, c.plain, c.helped, c.all-c.plain-c.helped)
}
