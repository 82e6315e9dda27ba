package main

import (
	"context"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/progress"
	"github.com/kyso-vn/kyso/verify"
)

// verifyFiles are the files of the arguments or the manifest.
func (a *app) verifyFiles(o *batchOptions, args []string) (*namedFiles, error) {
	if o.manifest != "" {
		return a.manifestFiles(o, nil, "")
	}
	items, err := batch.Walk(args, batch.WalkOptions{Recursive: o.recursive})
	return &namedFiles{items: part(o, items)}, err
}

// all judges the files, several at a time, and gives the results to the sinks
// in order; the exit code is the worst.
func (r *verifyRun) all(ctx context.Context, items []batch.Item) error {
	defer r.abort()
	worst := exitOK
	b := r.batch
	if b.files == 0 {
		r.a.notef("%s", r.a.m.Batch.NothingToDo)
	}
	if b.files > 1 {
		defer spareGC()()
	}
	b.streams = r.a.shareStreams(b.files > 1)
	err := batch.Run(ctx, len(items), batch.Options{Jobs: b.o.cores()},
		func(ctx context.Context, i int) (*verifyResult, error) { return r.judgeFile(ctx, items[i].Path), nil },
		func(_ int, res *verifyResult) error {
			exit, err := r.deliver(ctx, res)
			if err == nil {
				b.told++
			}
			worst = worse(worst, exit)
			return err
		})
	b.endProgress()
	b.streams.restore()
	if ctx.Err() != nil {
		return r.a.failAll(errInterrupted, b.names[b.told:], verifyFailure)
	}
	if err != nil {
		return err
	}
	for _, s := range r.sinks {
		if err := s.close(); err != nil {
			return err
		}
	}
	r.sinks = nil
	if worst != exitOK {
		return &reportedError{worst}
	}
	return nil
}

// judgeFile opens and judges one file; it stays open for the sinks.
func (r *verifyRun) judgeFile(ctx context.Context, name string) *verifyResult {
	res := &verifyResult{name: name, password: r.password}
	if res.in, res.err = r.a.openInput(name); res.err != nil {
		return res
	}
	o := r.options()
	res.report, res.err = r.a.judge(ctx, res.in, o)
	if res.err == nil && hasReason(res.report.Reasons, string(verify.CodePassword)) && o.Password == nil {
		res.report, res.err = r.askAndJudge(ctx, res, o)
	}
	if o.Online != nil {
		res.exhausted = o.Online.Budget.Used() > o.Online.Budget.Requests
	}
	res.cut = ctx.Err() != nil
	return res
}

// abort lets go of what a run that ended early has begun to write.
func (r *verifyRun) abort() {
	for _, s := range r.sinks {
		if a, ok := s.(interface{ abort() }); ok {
			a.abort()
		}
	}
}

// deliver shows one result and closes the file. A result that an interruption
// cut short is not shown.
func (r *verifyRun) deliver(ctx context.Context, res *verifyResult) (exit int, err error) {
	defer res.in.Close()
	if res.cut {
		return exitOK, errInterrupted
	}
	res.folder = r.folders.of(res.name)
	for _, s := range r.sinks {
		if err := s.file(ctx, res); err != nil {
			return exitOK, err
		}
	}
	exit = statusOf(res.err).exit
	var size int64
	if res.err == nil {
		exit, size = verdictExit(res.report.Verdict), res.in.size
	}
	r.batch.tick(progress.File{Bytes: size, Failed: exit != exitOK})
	return exit, r.a.outError()
}
