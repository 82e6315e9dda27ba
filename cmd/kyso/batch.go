package main

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/progress"
)

// maxJobs bounds --jobs: each holds a file open.
const maxJobs = 256

// batchOptions are the flags of runs over many files.
type batchOptions struct {
	jobs        int // 0: by the number of cores
	recursive   bool
	manifest    string
	journal     string
	resume      bool
	report      string
	stopOnError bool
	shard       string
	progress    bool
}

// addFlags adds those of commands that write files.
func (o *batchOptions) addFlags(f flagSet) {
	o.addListFlags(f)
	f.str(&o.journal, "journal")
	f.yes(&o.resume, "resume")
	f.str(&o.report, "report")
	f.yes(&o.stopOnError, "stop-on-error")
}

// addListFlags adds those that say which files, and how many at a time.
func (o *batchOptions) addListFlags(f flagSet) {
	f.num(&o.jobs, "jobs")
	f.yes(&o.recursive, "recursive")
	f.str(&o.manifest, "manifest")
	f.str(&o.shard, "shard")
	f.yes(&o.progress, "progress")
}

func (o *batchOptions) validate(out *outputOptions) error {
	if o.jobs < 0 || o.jobs > maxJobs {
		return flagError("jobs", o.jobs)
	}
	if o.resume && o.journal == "" {
		return needs("resume", "journal")
	}
	if _, err := batch.ParseShard(o.shard); err != nil {
		return flagError("shard", err)
	}
	if out == nil {
		return nil
	}
	if o.journal != "" && out.output == stdinName {
		return together("journal", "output -")
	}
	if o.manifest != "" && out.output != "" {
		return together("manifest", "output")
	}
	if err := o.filesDiffer(); err != nil {
		return err
	}
	if o.report != "" {
		if _, err := batch.ReportKind(o.report); err != nil {
			return usagef(func(*i18n.Errors) string { return "%s" }, o.report+": .csv, .json")
		}
	}
	return nil
}

// filesDiffer refuses one file for two things: with --force the report would
// take the place of the journal or the manifest.
func (o *batchOptions) filesDiffer() error {
	files := [][2]string{{"journal", o.journal}, {"manifest", o.manifest}, {"report", o.report}}
	for i, a := range files {
		for _, b := range files[i+1:] {
			if a[1] != "" && b[1] != "" && pathKey(a[1]) == pathKey(b[1]) {
				return together(a[0]+" "+a[1], b[0]+" "+b[1])
			}
		}
	}
	return nil
}

// needFiles is the Args of the command: files, or a manifest and no files.
func (o *batchOptions) needFiles(cmd *cobra.Command, args []string) error {
	if o.manifest == "" {
		return needFiles(cmd, args)
	}
	if len(args) > 0 {
		return together("manifest", "FILE")
	}
	return nil
}

// part keeps the items of --shard.
func part[T any](o *batchOptions, items []T) []T {
	shard, _ := batch.ParseShard(o.shard) // validated
	if shard.Of <= 1 {
		return items
	}
	var kept []T
	for i := range items {
		if shard.Has(i) {
			kept = append(kept, items[i])
		}
	}
	return kept
}

// workers is how many files are at work together. Software is bounded by the
// cores, whatever this says; the others of them wait for the disk, the token
// and the TSA, so that the token does not wait for these.
func (o *batchOptions) workers() int {
	if o.jobs > 0 {
		return o.jobs
	}
	return min(4*runtime.GOMAXPROCS(0), maxJobs)
}

// cores is how many files are at work together where nothing but software is.
func (o *batchOptions) cores() int {
	if o.jobs > 0 {
		return o.jobs
	}
	return runtime.GOMAXPROCS(0)
}

// batchRun is what is common to all runs over files: order, progress, report,
// journal, and when to stop.
type batchRun struct {
	a       *app
	o       *batchOptions
	files   int
	names   []string // the inputs, in order
	line    lineOf   // nil: no JSON for files that were not done
	told    int      // files whose result was given or passed over
	bytes   int64
	journal *runJournal // nil: none
	report  *reportFile // nil: none
	folder  *outFolder  // --out-dir; nil: none
	summary string      // format: done, failed, all
	costs   *runCosts
	stopper stopper

	start    time.Time
	bar      progress.Reporter // nil before the first result
	streams  *batchStreams
	done     int // with those of an earlier run
	skipped  int
	failed   int
	shown    bool // why the run stops has been told
	firstErr error
}

// newBatchRun opens journal and report; out is nil for a run that writes no
// files.
func (a *app) newBatchRun(o *batchOptions, out *outputOptions, named *namedFiles) (*batchRun, error) {
	b := &batchRun{a: a, o: o, files: len(named.items), names: named.inputs(), costs: &runCosts{}, start: a.now()}
	b.stopper.onAny = o.stopOnError
	if named.stdins() > 1 {
		return nil, usagef(func(e *i18n.Errors) string { return e.StdinTwice })
	}
	if b.showsProgress() {
		b.bytes = totalBytes(named.inputs())
	}
	var err error
	if b.journal, err = a.openJournal(o, named.repeated()); err != nil {
		return nil, err
	}
	if b.report, err = a.openReport(o, out); err != nil {
		b.Close()
		return nil, err
	}
	if out == nil {
		return b, nil
	}
	b.folder = out.folder
	if len(named.outputs) > 1 || b.journal != nil {
		out.sweep(named.outputs)
	}
	return b, nil
}

// Close lets journal, report and --out-dir go; a report that was not finished vanishes.
func (b *batchRun) Close() {
	if b == nil {
		return
	}
	b.journal.Close()
	b.report.abort()
	b.folder.Close()
}

// earlier returns the record of an input that an earlier run finished.
func (b *batchRun) earlier(in *input, output string) (*batch.Record, error) {
	if b == nil {
		return nil, nil
	}
	return b.journal.earlier(in, output)
}

// commit gives an output its name, on record where there is a journal.
func (b *batchRun) commit(r batch.Record, out *output) error {
	if b == nil || b.journal == nil {
		return out.commit()
	}
	return b.journal.commit(r, out)
}

// briefFrom is how many files make people want one line for each.
const briefFrom = 10

func (b *batchRun) brief() bool { return b != nil && b.files >= briefFrom }

// batchResult is what became of one file.
type batchResult interface {
	failure() error
	earlier() bool // done in an earlier run
	size() int64   // of the input
	entry() batch.Entry
}

// runBatch works on the files and shows the results in their order. The error
// is the exit code of the run; everything is told by then.
func runBatch[R batchResult](ctx context.Context, b *batchRun, work func(context.Context, int) R, show func(R)) error {
	if b.files == 0 {
		b.a.notef("%s", b.a.m.Batch.NothingToDo)
		return b.report.finish()
	}
	if b.files > 1 {
		defer spareGC()()
	}
	b.streams = b.a.shareStreams(b.files > 1)
	err := batch.Run(ctx, b.files, batch.Options{Jobs: b.o.workers()},
		func(ctx context.Context, i int) (R, error) {
			r := work(ctx, i)
			return r, b.stopper.judge(r.failure())
		},
		func(_ int, r R) error { return b.take(r, func() { show(r) }) })
	b.endProgress()
	b.streams.restore()
	return b.end(ctx, err)
}

// take counts one result and shows it.
func (b *batchRun) take(r batchResult, show func()) error {
	err := r.failure()
	stops := err != nil && stopsRun(err)
	if stops && b.shown {
		b.passOver(statusOf(err).exit) // under way when the run stopped
		return nil
	}
	b.shown = b.shown || stops
	b.told++
	switch {
	case err != nil:
		b.failed++
		if b.firstErr == nil {
			b.firstErr = err
		}
	case r.earlier():
		b.skipped++
		b.done++
	default:
		b.done++
	}
	show()
	b.tick(progress.File{Bytes: r.size(), Failed: err != nil, Token: b.costs.takeToken(), TSA: b.costs.takeTSA()})
	if err := b.report.add(r.entry()); err != nil {
		return err
	}
	return b.a.outError()
}

// end tells how the run went and returns its exit code.
func (b *batchRun) end(ctx context.Context, err error) error {
	var stop *stopError
	switch {
	case ctx.Err() != nil:
		b.passOverRest(exitInterrupted)
	case isStop(err, &stop):
		b.passOverRest(statusOf(stop.err).exit)
	}
	if rerr := b.report.finish(); rerr != nil && err == nil {
		err = rerr
	}
	if b.files == 1 && b.failed == 1 {
		return &reportedError{statusOf(b.firstErr).exit}
	}
	switch {
	case ctx.Err() != nil:
		b.tellStopped(errInterrupted)
		return &reportedError{exitInterrupted}
	case isStop(err, &stop) && stop.fatal:
		b.tellStopped(stop.err)
		return &reportedError{statusOf(stop.err).exit}
	case err != nil && stop == nil:
		return err
	}
	b.tellSummary()
	if b.failed > 0 {
		return &reportedError{exitSome}
	}
	return nil
}

func (b *batchRun) tellSummary() {
	if b.skipped > 0 {
		b.a.notef(b.a.m.Batch.Skipped, b.skipped)
	}
	if b.files > 1 && !b.a.global.json && b.summary != "" {
		b.a.progressf(b.summary, b.done-b.skipped, b.failed, b.files)
	}
}

// tellStopped says what is safe and how to go on.
func (b *batchRun) tellStopped(err error) {
	m := &b.a.m.Batch
	if !b.shown {
		b.a.tell(err)
	}
	if b.files == 1 {
		return
	}
	b.a.progressf(m.Stopped, b.done, b.files-b.done)
	command, known := b.a.again(b.o)
	text := m.GoOn
	if !known {
		text = m.GoOnNew
	}
	b.a.say(b.a.m.Common.HintPrefix, sprintfRaw(text, command))
}

// again is the command line for going on; known tells whether a journal knows
// what is done.
func (a *app) again(o *batchOptions) (command string, known bool) {
	words := append([]string{"kyso"}, a.args...)
	if o.journal == "" {
		words = append(words, "--journal", "run.journal")
	} else if !slices.Contains(a.args, "--resume") {
		words = append(words, "--resume")
	}
	for i := range words {
		words[i] = shellWord(words[i])
	}
	return joinWords(words), o.journal != ""
}
