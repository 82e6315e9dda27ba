package main

import (
	"bufio"

	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
)

// reportFile is the table of --report, written as results come; nil does
// nothing. It gets its name when the run ends, also when that is early.
type reportFile struct {
	path string
	f    *atomicfile.File
	w    *bufio.Writer
	r    *batch.Reporter
}

func (a *app) openReport(o *batchOptions, out *outputOptions) (*reportFile, error) {
	if o.report == "" {
		return nil, nil
	}
	kind, err := batch.ReportKind(o.report)
	if err != nil {
		return nil, flagError("report", err)
	}
	f, err := atomicfile.Create(o.report, atomicfile.Options{Force: out != nil && out.force})
	if err != nil {
		return nil, atFile(o.report, err)
	}
	w := bufio.NewWriter(f)
	r, err := batch.NewReporter(w, kind)
	if err != nil {
		f.Abort()
		return nil, atFile(o.report, err)
	}
	return &reportFile{o.report, f, w, r}, nil
}

func (r *reportFile) add(e batch.Entry) error {
	if r == nil {
		return nil
	}
	return diskError(r.path, atFile(r.path, r.r.Add(e)))
}

// finish gives it its name.
func (r *reportFile) finish() error {
	if r == nil {
		return nil
	}
	for _, step := range []func() error{r.r.Close, r.w.Flush, r.f.Commit} {
		if err := step(); err != nil {
			return diskError(r.path, atFile(r.path, err))
		}
	}
	return nil
}

func (r *reportFile) abort() {
	if r != nil {
		r.f.Abort()
	}
}
