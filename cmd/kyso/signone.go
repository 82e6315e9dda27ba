package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/inspect"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
	"github.com/kyso-vn/kyso/verify"
)

// signResult is what became of one file.
type signResult struct {
	job      *signJob
	prepared *sign.Prepared
	result   *sign.Result   // nil: not signed
	report   *verify.Report // of the output; nil: not signed
	warnings []string
	notes    []string
	findings *inspect.Report // of the input; nil: not looked at
	repaired bool            // a copy was signed
	seconds  float64
	bytes    int64         // of the input
	inputSum string        // SHA-256 of the input, hex; "": not known yet
	record   *batch.Record // of an earlier run; nil: none
	signer   string        // for the report
	err      error
}

// signOne signs one file. Order: the input is read, the output's name is
// secured, and only then the key is asked; what was written is verified before
// it gets its name.
func (r *signRun) signOne(ctx context.Context, job *signJob) *signResult {
	start := r.a.now()
	res := &signResult{job: job}
	job.pages = r.pages.from.reader()
	res.err = diskError(job.output, r.signFile(ctx, job, res))
	res.seconds = r.a.now().Sub(start).Seconds()
	job.pages.release()
	job.pages = nil
	return res
}

func (r *signRun) signFile(ctx context.Context, job *signJob, res *signResult) error {
	if err := ctx.Err(); err != nil {
		return errInterrupted
	}
	in, err := r.a.openInput(job.input)
	if err != nil {
		return err
	}
	defer in.Close()
	if r.gate != nil {
		if err := in.load(); err != nil {
			return err
		}
	}
	res.bytes = in.size
	if res.record, err = r.batch.earlier(in, job.output); err != nil || res.record != nil {
		return err
	}
	d, err := r.ready(ctx, job, in)
	if err != nil {
		return err
	}
	defer d.Close()
	if d.doc != in {
		if res.inputSum, err = in.sum(); err != nil {
			return err
		}
	}
	res.prepared, res.repaired = d.prepared, d.repaired
	res.notes = append(res.notes, d.notes...)
	err = r.gateFor(d.doc).Compute(func() error {
		if err := r.lookInto(ctx, res, d.doc, d.password); err != nil {
			return err
		}
		return r.earlierHold(ctx, d.doc, d.prepared, d.password)
	})
	if err != nil {
		return err
	}
	if r.o.dryRun {
		return nil
	}
	return r.write(ctx, res, in, d.password)
}

// document is the PDF to sign: converted, joined, encrypted where asked.
func (r *signRun) document(ctx context.Context, job *signJob, in *input) (*input, []byte, error) {
	var doc *input
	var err error
	if len(job.join) > 0 {
		doc, err = r.a.joinPictures(in, job.join)
	} else {
		doc, err = r.a.asPDF(ctx, in)
	}
	if err != nil || !r.o.encrypt {
		return doc, r.password, err
	}
	if doc, err = r.encryptInput(ctx, doc); err != nil {
		return nil, nil, err
	}
	return doc, r.encryptPassword, nil
}

// prepare builds everything but the signature; the password of a document is
// asked where nobody gave one.
func (r *signRun) prepare(ctx context.Context, job *signJob, doc *input, password []byte) (*sign.Prepared, []byte, error) {
	o, err := r.signOptions(job, doc, password)
	if err != nil {
		return nil, nil, err
	}
	p, err := r.prepareDocument(ctx, job, doc, o)
	if needPassword(err) && password == nil {
		asked, askErr := r.askPDFPassword(ctx, job.input)
		if askErr != nil {
			return nil, nil, atFile(job.input, err) // nobody to ask: the refusal says more
		}
		password = asked
		if o, err = r.signOptions(job, doc, password); err != nil {
			return nil, nil, err
		}
		p, err = r.prepareDocument(ctx, job, doc, o)
	}
	return p, password, atFile(job.input, err)
}

// prepareDocument finds the place of the mark and builds the revision. Pages are
// only read for that, and who waits for a PDFium holds a core: the one of this
// file is given back before the file waits for its next core, or both would wait
// for ever.
func (r *signRun) prepareDocument(ctx context.Context, job *signJob, doc *input, o sign.Options) (p *sign.Prepared, err error) {
	err = r.gateFor(doc).Compute(func() error {
		defer job.pages.release()
		p, err = sign.Prepare(ctx, doc.r, doc.size, o)
		return err
	})
	return p, err
}

// signOptions are the flags of a job as package sign takes them.
func (r *signRun) signOptions(job *signJob, doc *input, password []byte) (sign.Options, error) {
	o := job.o
	l, err := r.look(o)
	if err != nil {
		return sign.Options{}, err
	}
	s := sign.Options{
		Certificate: r.key.certificate(), Chain: r.key.embedded(r.anchors),
		Hash: o.hash(), Scheme: o.cmsScheme(), Level: o.wanted(), AllowLower: o.allowLower,
		Reason: o.reason, Location: o.location, Contact: o.contact,
		Field: o.field, Certify: o.certify, Lock: o.locks(), Password: password,
		Visible: !o.mark.invisible, Style: l.style, Place: l.place, Info: o.mark.info(r.key, o.texts.number),
		Now: r.a.now, TSSize: r.tsa.size(), Unchecked: true, // check is its self-check
	}
	s.Name = s.Info.Signer
	s.Marks, s.Texts = l.marks, slices.Clone(l.texts)
	if f := r.finder(job, doc, l, password); f != nil {
		giveFinder(&s, f)
	}
	if o.maxSize != "" {
		s.MaxSize, _ = parseBytes(o.maxSize) // validated
	}
	if r.tsa != nil {
		s.Pool = r.tsa.pool
	}
	if s.Level >= sign.BLT {
		s.Validation = r.validation(true)
	}
	return s, nil
}

// earlierHold refuses a document with a signature that is already wrong: a
// further one would lend it weight.
func (r *signRun) earlierHold(ctx context.Context, doc *input, p *sign.Prepared, password []byte) error {
	if p.Signatures() == 0 {
		return nil
	}
	if err := roomForOneMore(p.Signatures()); err != nil {
		return atFile(doc.name, err)
	}
	o := r.verifyOptions()
	o.Password = password
	report, err := r.a.judge(ctx, doc, o)
	if err != nil {
		return err
	}
	for i := range report.Signatures {
		s := &report.Signatures[i]
		if s.Indication == verify.TotalFailed && s.Kind != verify.KindUsageRights && brokenFor(s) {
			return atFile(doc.name, &sign.RefusedError{Reason: sign.ReasonBrokenSignature,
				Detail: fmt.Sprintf("%s (%s)", s.Field, firstReason(s.Reasons))})
		}
	}
	return nil
}

// roomForOneMore refuses a document with so many signatures that the self-check
// could not see the new one.
func roomForOneMore(have int) error {
	if have < verify.MaxSignatures {
		return nil
	}
	return &sign.RefusedError{Reason: sign.ReasonLimit, Detail: fmt.Sprintf("it has %d signatures already", have)}
}

// brokenFor tells whether a signature fails for the document's sake: it was
// changed, or its value is wrong. A revoked or expired earlier signer is not
// this signer's affair.
func brokenFor(s *verify.Signature) bool {
	return s.Integrity != verify.Intact || s.Coverage == verify.InvalidRange || s.ChangesAfter == verify.ChangesForbidden
}

func firstReason(reasons []verify.Reason) string {
	for _, r := range reasons {
		if r.Severity == verify.Failure {
			return r.Code
		}
	}
	return "invalid"
}

// write makes the output: name, key, signature, check, commit.
func (r *signRun) write(ctx context.Context, res *signResult, in *input, password []byte) error {
	out, err := r.a.openOutput(res.job.output, res.job.o.out, in)
	if err != nil {
		return err
	}
	defer out.abort()
	if r.asksOthers() {
		if err := out.try(); err != nil {
			return err
		}
	}
	key, err := r.key.open(ctx)
	if err != nil {
		return err
	}
	var result *sign.Result
	gate := r.gateFor(in)
	err = gate.Compute(func() error {
		result, err = r.finish(ctx, res, &gatedKey{key, gate}, out, password)
		return err
	})
	if err != nil {
		return err
	}
	if err := in.unchanged(); err != nil {
		return err
	}
	res.inputSum = first(res.inputSum, hex.EncodeToString(result.InputSHA256[:]))
	if err := r.batch.commit(res.made(result), out); err != nil {
		return err
	}
	res.result = result
	if r.batch != nil && r.batch.report != nil {
		res.signer = token.ParseSubject(r.key.certificate()).CN
	}
	return nil
}

// finish signs and checks.
func (r *signRun) finish(ctx context.Context, res *signResult, key *gatedKey, out *output, password []byte) (*sign.Result, error) {
	result, err := res.prepared.Finish(ctx, key, out)
	if err != nil {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		return nil, err
	}
	r.tellScheme(key.Key, result)
	res.warnings = append(res.warnings, result.Warnings...)
	r.tsa.learn(result.Timestamp)
	if res.report, err = r.check(ctx, out, result, password); err != nil {
		return nil, err
	}
	if !hasNew(res.report, result) {
		return nil, selfCheckError("the new signature is not in the output")
	}
	return result, nil
}

// asksOthers tells whether a signature that is lost for the disk's sake is more
// than a moment of this computer: a token or a TSA made its part.
func (r *signRun) asksOthers() bool { return r.key.onToken() || r.tsa != nil }

// check verifies the written file before it gets its name: the new signature
// and every earlier one.
func (r *signRun) check(ctx context.Context, out *output, result *sign.Result, password []byte) (*verify.Report, error) {
	o := r.verifyOptions()
	o.Password, o.Begun = password, result.Old
	report, err := r.a.judge(ctx, &input{name: out.name, r: out, size: result.Bytes}, o)
	if err != nil {
		return nil, err
	}
	failed := ""
	if len(report.Signatures) == 0 {
		failed = string(report.Verdict)
	}
	for i := range report.Signatures {
		if s := &report.Signatures[i]; s.Kind != verify.KindUsageRights && brokenFor(s) {
			failed = s.Field + ": " + firstReason(s.Reasons)
		}
	}
	if failed != "" {
		return nil, selfCheckError(failed)
	}
	return report, nil
}

func selfCheckError(failed string) error {
	return &codedError{status: status{exitFailed, "self_check"},
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.VerifyFailed, failed) }}
}

// hasNew tells whether the signature that was made is among those of the
// output: the one that ends where the file does. Where further revisions came
// behind it, package sign has looked. And no earlier one is gone.
func hasNew(report *verify.Report, result *sign.Result) bool {
	if len(report.Signatures) < result.Signatures {
		return false
	}
	return result.Added > 1 || slices.ContainsFunc(report.Signatures, func(s verify.Signature) bool {
		return len(s.ByteRange) == 4 && s.ByteRange[2]+s.ByteRange[3] == result.Bytes && s.Integrity == verify.Intact
	})
}

// verifyOptions judge without network: the anchors of this run, so that a
// chain that leads to one is called trusted.
func (r *signRun) verifyOptions() verify.Options {
	return verify.Options{Anchors: r.anchors, Now: r.a.now}
}

// signJSON is the JSON of sign: the contract of the command line.
type signJSON struct {
	Schema       string          `json:"schema"`
	File         string          `json:"file"`
	Output       string          `json:"output,omitempty"`
	InputSHA256  string          `json:"input_sha256,omitempty"`
	OutputSHA256 string          `json:"output_sha256,omitempty"`
	OutputBytes  int64           `json:"output_bytes,omitempty"`
	Level        string          `json:"level,omitempty"`
	Signer       *certJSON       `json:"signer,omitempty"`
	Algorithms   *algorithmsJSON `json:"algorithms,omitempty"`
	Field        string          `json:"field,omitempty"`
	Page         *int            `json:"page"` // null: no mark
	Rect         *[4]float64     `json:"rect"`
	Why          string          `json:"why,omitempty"`
	SigningTime  *time.Time      `json:"signing_time,omitempty"`
	Timestamp    *timestampJSON  `json:"timestamp"`
	Revocation   *revocationJSON `json:"revocation,omitempty"` // of the signer's certificate, before signing
	SelfCheck    *selfCheckJSON  `json:"self_check,omitempty"`
	Warnings     []string        `json:"warnings"`
	Seconds      float64         `json:"seconds"`
	DryRun       bool            `json:"dry_run,omitempty"`
	Repaired     bool            `json:"repaired,omitempty"`
	Skipped      bool            `json:"skipped,omitempty"` // done in an earlier run
	Exit         int             `json:"exit"`
	Error        *jsonError      `json:"error,omitempty"`
}

type algorithmsJSON struct {
	Digest    string `json:"digest"`
	Signature string `json:"signature"`
	// Listed: Thông tư 15/2025/TT-BKHCN, Phụ lục I, 1.2 and 1.3 name it.
	Listed bool `json:"listed"`
}

type timestampJSON struct {
	TSA  string    `json:"tsa"`
	Time time.Time `json:"time"`
}

type selfCheckJSON struct {
	Verdict    string `json:"verdict"`
	Signatures int    `json:"signatures"`
	Intact     bool   `json:"intact"`
}

// signFailure is the object of a file that was not begun.
func signFailure(name string, e *jsonError) any {
	return &signJSON{Schema: "kyso.sign/1", File: name, Warnings: []string{}, Exit: e.Exit, Error: e}
}

// json is the result for scripts.
func (r *signRun) json(res *signResult) *signJSON {
	j := &signJSON{Schema: "kyso.sign/1", File: res.job.input, Warnings: orEmpty(slices.Concat(res.notes, res.findingsJSON(), r.status.warnings(), res.warnings)),
		Revocation: r.status.json(),
		Seconds:    res.seconds, DryRun: r.o.dryRun, Exit: statusOf(res.err).exit, Error: newJSONError(res.err)}
	if d := res.record; d != nil && res.err == nil {
		j.Skipped, j.Output, j.OutputBytes = true, d.Output, d.Bytes
		j.InputSHA256, j.OutputSHA256 = d.InputSHA256, d.OutputSHA256
	}
	if p := res.prepared; p != nil && res.err == nil {
		when := p.SigningTime
		j.Output, j.Field, j.Why = res.job.output, p.Field, p.Why
		j.SigningTime, j.OutputBytes, j.Signer = &when, p.Size, newCertJSON(&r.key.entry, r.o.p12.file)
		if p.Page > 0 {
			page, rect := p.Page, p.Rect
			j.Page, j.Rect = &page, &rect
		}
		j.Level = first(r.o.level, r.defaultLevel())
	}
	j.Repaired = res.repaired && res.err == nil
	if s := res.result; s != nil {
		j.InputSHA256, j.OutputSHA256 = res.inputSum, hex.EncodeToString(s.OutputSHA256[:])
		j.OutputBytes, j.Level = s.Bytes, s.Level.String()
		j.Algorithms = &algorithmsJSON{s.Digest.String(), s.Scheme.String(), schemeOf(r.key.certificate(), s).Listed}
		if s.Timestamp != nil {
			j.Timestamp = &timestampJSON{s.TSA, s.Timestamp.Time}
		}
		j.SelfCheck = &selfCheckJSON{string(res.report.Verdict), len(res.report.Signatures), true}
	}
	return j
}

func (r *signRun) defaultLevel() string {
	if r.tsa != nil {
		return sign.BT.String()
	}
	return sign.BB.String()
}

// show tells one result, for scripts or for people.
func (r *signRun) show(res *signResult) {
	if r.a.global.json {
		r.a.jsonLine(r.json(res))
	}
	if !r.single {
		r.tellFindings(res)
	}
	for _, n := range res.notes {
		r.a.notef("%s", r.a.m.Phrase(n))
	}
	for _, w := range res.warnings {
		r.a.warnf("%s", r.a.m.Phrase(w))
	}
	if res.err != nil {
		r.showError(res)
		return
	}
	if r.a.global.json || res.record != nil {
		return
	}
	if r.o.dryRun {
		r.showPlan(res)
		return
	}
	if r.batch.brief() {
		fmt.Fprintf(r.a.out, r.a.m.Sign.Signed+"\n", printable(res.job.output))
		return
	}
	r.showSigned(res)
}

// showError names the file where there are several.
func (r *signRun) showError(res *signResult) {
	if r.single || errors.Is(res.err, errInterrupted) {
		r.a.tell(res.err)
		return
	}
	text := describe(r.a.m, res.err)
	if !strings.Contains(text, res.job.input) {
		text = fmt.Sprintf(r.a.m.Sign.FailedFile, res.job.input, text)
	}
	r.a.say(r.a.m.Common.ErrorPrefix, text)
	for _, h := range hintsOf(r.a.m, res.err) {
		r.a.say(r.a.m.Common.HintPrefix, h)
	}
}

// base is the name of a file without its folder, for short lines.
func base(path string) string { return filepath.Base(path) }
