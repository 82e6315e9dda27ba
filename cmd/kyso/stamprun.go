package main

import (
	"context"
	"fmt"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/verify"
)

// stampKind is what is appended to a file.
type stampKind int

const (
	stampExtend stampKind = iota + 1
	stampDocument
)

func (k stampKind) String() string {
	switch k {
	case stampExtend:
		return "extend"
	case stampDocument:
		return "timestamp"
	}
	return fmt.Sprintf("stampKind(%d)", int(k))
}

// suffix is a in a.SUFFIX.pdf.
func (k stampKind) suffix() string {
	if k == stampDocument {
		return "timestamped"
	}
	return "extended"
}

// stampJob is one file.
type stampJob struct{ input, output string }

// stampResult is what became of one file.
type stampResult struct {
	job      stampJob
	result   *sign.Result   // nil: nothing made
	report   *verify.Report // of the output; nil: nothing made
	warnings []string
	seconds  float64
	bytes    int64         // of the input
	record   *batch.Record // of an earlier run; nil: none
	err      error
}

// stampRun is what the files of one run share.
type stampRun struct {
	a        *app
	o        *extendOptions
	kind     stampKind
	tsa      *tsas
	anchors  []certpath.Anchor
	statuses *givenStatuses
	password []byte // nil: none given
	single   bool
	batch    *batchRun
	asking   *signRun // asks for passwords, one at a time
}

// runStamps extends or timestamps the files one after the other.
func runStamps(ctx context.Context, a *app, o *extendOptions, kind stampKind, args []string) error {
	jobs, named, err := a.stampJobs(o, kind, args)
	if err != nil {
		return err
	}
	r := &stampRun{a: a, o: o, kind: kind, single: len(jobs) == 1, asking: &signRun{a: a}}
	if r.batch, err = a.newBatchRun(&o.batch, &o.out, named); err != nil {
		return a.failAll(err, named.inputs(), r.failure)
	}
	defer r.batch.Close()
	r.batch.line = r.failure
	if err := r.begin(ctx); err != nil {
		return a.failAll(err, named.inputs(), r.failure)
	}
	return r.all(ctx, jobs)
}

// begin prepares what needs no document.
func (r *stampRun) begin(ctx context.Context) (err error) {
	if r.anchors, err = r.a.buildTrust(r.o.trust); err != nil {
		return err
	}
	if r.statuses, err = r.o.revocation.read(); err != nil {
		return err
	}
	if r.password, err = r.a.given(r.o.pdfPassword.source()); err != nil {
		return err
	}
	if r.tsa, err = r.a.buildTSA(ctx, r.o.tsa); err != nil {
		return err
	}
	r.tsa.measure(r.batch)
	return nil
}

func (a *app) stampJobs(o *extendOptions, kind stampKind, args []string) ([]stampJob, *namedFiles, error) {
	var named *namedFiles
	var err error
	if o.batch.manifest != "" {
		named, err = a.manifestFiles(&o.batch, &o.out, kind.suffix())
	} else {
		named, err = a.nameFiles(&o.batch, &o.out, kind.suffix(), args, nil)
	}
	if err != nil {
		return nil, nil, err
	}
	jobs := make([]stampJob, len(named.items))
	for i, item := range named.items {
		jobs[i] = stampJob{item.Path, named.outputs[i]}
	}
	return jobs, named, nil
}

func (r *stampRun) all(ctx context.Context, jobs []stampJob) error {
	r.batch.summary = r.a.m.Extend.Summary
	return runBatch(ctx, r.batch, func(ctx context.Context, i int) *stampResult {
		start := r.a.now()
		res := &stampResult{job: jobs[i]}
		res.err = diskError(jobs[i].output, r.one(ctx, res))
		res.seconds = r.a.now().Sub(start).Seconds()
		return res
	}, r.show)
}

// one does one file: the input is judged first, and what was written is
// verified before it gets its name.
func (r *stampRun) one(ctx context.Context, res *stampResult) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	in, err := r.a.openInput(res.job.input)
	if err != nil {
		return err
	}
	defer in.Close()
	res.bytes = in.size
	if res.record, err = r.batch.earlier(in, res.job.output); err != nil || res.record != nil {
		return err
	}
	password, err := r.hold(ctx, in)
	if err != nil {
		return err
	}
	out, err := r.a.openOutput(res.job.output, r.o.out, in)
	if err != nil {
		return err
	}
	defer out.abort()
	if err := out.try(); err != nil { // before the TSA is asked
		return err
	}
	result, err := r.append(ctx, in, out, password)
	if err != nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		return atFile(in.name, err)
	}
	res.warnings = append(res.warnings, result.Warnings...)
	r.tsa.learn(result.Timestamp)
	checker := &signRun{a: r.a, anchors: r.anchors}
	if res.report, err = checker.check(ctx, out, result, password); err != nil {
		return err
	}
	if err := in.unchanged(); err != nil {
		return err
	}
	if err := r.batch.commit(res.made(result), out); err != nil {
		return err
	}
	res.result = result
	return nil
}

// append is the work of package sign.
func (r *stampRun) append(ctx context.Context, in *input, out *output, password []byte) (*sign.Result, error) {
	o := sign.ExtendOptions{AllowLower: r.o.allowLower, Password: password, Now: r.a.now, TSSize: r.tsa.size()}
	if r.tsa != nil {
		o.Pool = r.tsa.pool
	}
	if r.o.maxSize != "" {
		o.MaxSize, _ = parseBytes(r.o.maxSize) // validated
	}
	if r.kind == stampDocument {
		return sign.Timestamp(ctx, in.r, in.size, out, o)
	}
	o.Level, _ = r.o.wanted() // validated
	if o.Level >= sign.BLT {
		o.Validation = r.a.buildValidation(r.anchors, nil, r.statuses, r.a.fetcher(r.o.network, r.o.revocation.requests))
		o.Validation.VRI = r.o.vri
	}
	return sign.Extend(ctx, in.r, in.size, out, o)
}

// hold refuses a document with a signature that is already wrong: what is
// appended would lend it weight. It returns the password that opens the
// document, asked for where nobody gave one.
func (r *stampRun) hold(ctx context.Context, in *input) ([]byte, error) {
	password := r.password
	report, err := r.judge(ctx, in, password)
	if err == nil && hasReason(report.Reasons, string(verify.CodePassword)) {
		asked, askErr := r.asking.askPDFPassword(ctx, in.name)
		refused := &sign.RefusedError{Reason: sign.ReasonEncrypted}
		if password != nil || askErr != nil {
			return nil, atFile(in.name, refused)
		}
		password = asked
		report, err = r.judge(ctx, in, password)
	}
	if err != nil {
		return nil, err
	}
	for i := range report.Signatures {
		if s := &report.Signatures[i]; s.Kind != verify.KindUsageRights && brokenFor(s) {
			return nil, atFile(in.name, &sign.RefusedError{Reason: sign.ReasonBrokenSignature,
				Detail: fmt.Sprintf("%s (%s)", s.Field, firstReason(s.Reasons))})
		}
	}
	return password, nil
}

func (r *stampRun) judge(ctx context.Context, in *input, password []byte) (*verify.Report, error) {
	return r.a.judge(ctx, in, verify.Options{Anchors: r.anchors, Now: r.a.now, Password: password})
}
