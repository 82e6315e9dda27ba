//go:build linux

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bar: no crash, and for a file of small bytes or less no more than slow of
// processor time.
const (
	small = 10 << 20
	slow  = 3 * time.Second
)

func itoa(n int) string { return strconv.Itoa(n) }

// lines is a line for each file.
func lines(results []result) string {
	var b strings.Builder
	b.WriteString("file\tbytes\tverify\tms\tMB\tsign\tms\tMB\tcrash\n")
	for i := range results {
		r := &results[i]
		fmt.Fprintf(&b, "%s\t%d\t%s\t%d\t%d\t%s\t%d\t%d\t%s\n", r.file, r.bytes, r.verify.said, r.verify.cpu.Milliseconds(), r.verify.peak>>20,
			r.sign.said, r.sign.cpu.Milliseconds(), r.sign.peak>>20, strings.TrimSpace(r.verify.crash+" "+r.sign.crash))
	}
	return b.String()
}

// report prints the summary, as Markdown.
func report(w io.Writer, results []result) {
	fmt.Fprintf(w, "| | files | CPU p50 | p99 | most | memory p99 | most |\n|---|---|---|---|---|---|---|\n")
	one(w, "verify", results, func(r *result) *outcome { return &r.verify })
	one(w, "sign --dry-run", results, func(r *result) *outcome { return &r.sign })
	said := map[string]int{}
	for i := range results {
		said["verify: "+cmp.Or(results[i].verify.said, "crash")]++
		said["sign: "+cmp.Or(results[i].sign.said, "crash")]++
	}
	fmt.Fprintf(w, "\n| answer | files |\n|---|---|\n")
	keys := make([]string, 0, len(said))
	for k := range said {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "| %s | %d |\n", k, said[k])
	}
	slowest := slices.Clone(results)
	slices.SortStableFunc(slowest, func(a, b result) int {
		return cmp.Compare(max(b.verify.cpu, b.sign.cpu), max(a.verify.cpu, a.sign.cpu))
	})
	fmt.Fprintf(w, "\nslowest:\n")
	for i := range slowest[:min(5, len(slowest))] {
		r := &slowest[i]
		fmt.Fprintf(w, "  %s (%d KB): verify %v, %d MB; sign %v, %d MB\n", r.file, r.bytes>>10, r.verify.cpu, r.verify.peak>>20, r.sign.cpu, r.sign.peak>>20)
	}
}

func one(w io.Writer, name string, results []result, pick func(*result) *outcome) {
	var cpu []time.Duration
	var peak []int64
	for i := range results {
		o := pick(&results[i])
		cpu, peak = append(cpu, o.cpu), append(peak, o.peak)
	}
	if len(cpu) == 0 {
		return
	}
	slices.Sort(cpu)
	slices.Sort(peak)
	at := func(percent int) int { return min(len(cpu)-1, len(cpu)*percent/100) }
	fmt.Fprintf(w, "| %s | %d | %d ms | %d ms | %d ms | %d MB | %d MB |\n", name, len(cpu), cpu[at(50)].Milliseconds(), cpu[at(99)].Milliseconds(),
		cpu[len(cpu)-1].Milliseconds(), peak[at(99)]>>20, peak[len(peak)-1]>>20)
}

// bar is an error when it is not reached.
func bar(results []result) error {
	var all []error
	for i := range results {
		r := &results[i]
		for name, o := range map[string]*outcome{"verify": &r.verify, "sign": &r.sign} {
			if o.crash != "" {
				all = append(all, fmt.Errorf("%s %s: %s", name, r.file, o.crash))
			}
			if r.bytes <= small && o.cpu > slow {
				all = append(all, fmt.Errorf("%s %s: %v for %d bytes", name, r.file, o.cpu, r.bytes))
			}
		}
	}
	if len(results) == 0 {
		return errors.New("no PDF found")
	}
	return errors.Join(all...)
}
