//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report is the table, printed as it grows.
type report struct {
	about []string
	rows  []string
}

const head = "| work | best time | CPU | peak memory | promise | measured | others |\n|---|---|---|---|---|---|---|\n"

// begin says what is measured and where.
func (r *report) begin(kyso string) {
	r.about = []string{
		"- " + firstLine(kyso, "version", "--lang", "en"),
		"- " + time.Now().UTC().Format("2006-01-02") + ", " + runtime.GOOS + "/" + runtime.GOARCH + fmt.Sprintf(", %d cores", runtime.NumCPU()) + load(),
		"- " + firstLine("pdfsig", "-v"), "- " + firstLine("mutool", "-v"), "- " + firstLine("qpdf", "--version"), "- " + firstLine("openssl", "version"),
	}
	fmt.Fprintln(os.Stdout, strings.Join(r.about, "\n")+"\n")
	fmt.Fprint(os.Stdout, head)
}

// load says how busy the machine is with other things.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return ", load average " + strings.Fields(string(data))[0] + " at the start"
}

func firstLine(name string, args ...string) string {
	out, _ := exec.Command(name, args...).CombinedOutput() // its absence shows in the rows
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line)
}

// add prints a row. Each of others is a name and a cost.
func (r *report) add(name string, c cost, promise, measured string, others ...string) {
	row := fmt.Sprintf("| %s | %s | %s | %d MB | %s | %s | %s |\n",
		name, milliseconds(c.wall), milliseconds(c.cpu), c.memory>>20, promise, measured, strings.Join(others, "; "))
	r.rows = append(r.rows, row)
	fmt.Fprint(os.Stdout, row)
}

func milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms < 100 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// beside describes another program's cost.
func beside(name string, w *work) string {
	return fmt.Sprintf("%s %s, %d MB", name, milliseconds(w.best.wall), w.best.memory>>20)
}

// met tells whether a promise was kept in this run.
func met(ok bool) string {
	if ok {
		return "met"
	}
	return "missed here"
}

// markdown is docs/performance.md.
func (r *report) markdown() string {
	return `# Performance

Written by ` + "`make bench WRITE=1`" + `. Each row is the best of several runs of whole
processes, process start included, that take turns with the programs beside
them; the promises are those of architecture.md, section 5. Absolute times are
worth what the machine is worth; the ratios are what counts. CPU is the sum over
the cores.

` + strings.Join(r.about, "\n") + "\n\n" + head + strings.Join(r.rows, "") + `
- The large file holds random bytes, and so does not compress. *copy + hash* is
  ` + "`cp`" + ` and then ` + "`openssl dgst -sha256`" + ` of the same file in the same rounds.
- pdfsig and mutool judge less than kyso does: neither compares the revisions
  after a signature by rules.
- Many small files are signed on a file system in memory: on the disk here
  making a file costs more than signing it. *C_Sign alone* is the same SoftHSM
  module called in a loop in one session, before and after, by one thread.
`
}
