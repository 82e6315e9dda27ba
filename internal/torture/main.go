// Command torture runs the tests that hold the rows of docs/reliability.md and
// prints one line a row: its verdict and the tests behind it. It is a tool of
// the Makefile and no part of kyso.
//
//	go run ./internal/torture                  the short form, as in CI
//	go run ./internal/torture -full -write     the full one, kept in docs/reliability.md
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"
)

func main() {
	var o options
	flag.BoolVar(&o.full, "full", false, "the long forms: a thousand kills, every fault, every byte")
	flag.BoolVar(&o.write, "write", false, "keep the table in docs/reliability.md")
	flag.StringVar(&o.version, "version", "dev", "version of what is tested, for the table")
	only := flag.String("only", "", "regular expression of rows")
	flag.Parse()
	var err error
	if o.only, err = regexp.Compile(*only); err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

type options struct {
	full, write bool
	version     string
	only        *regexp.Regexp
}

func run(o options) error {
	if o.write && o.only.String() != "" {
		return fmt.Errorf("-write keeps the whole table: leave -only out")
	}
	found, err := findTests(".")
	if err != nil {
		return err
	}
	var chosen []row
	for _, r := range rows {
		if o.only.MatchString(r.id) {
			chosen = append(chosen, r)
		}
	}
	start := time.Now()
	results, err := runTests(found, chosen, o.full)
	if err != nil {
		return err
	}
	table := tableOf(chosen, found, results)
	form := "short"
	if o.full {
		form = "full"
	}
	fmt.Fprintf(os.Stdout, "\n%s", table)
	fmt.Fprintf(os.Stdout, "\n%s form, %s\n", form, time.Since(start).Round(time.Second))
	if o.write {
		note := fmt.Sprintf("Measured on %s with version %s, in the %s form of `make torture`.", start.UTC().Format(time.DateOnly), o.version, form)
		if err := keepTable(docFile, note, table); err != nil {
			return err
		}
	}
	return failures(chosen, found, results)
}
