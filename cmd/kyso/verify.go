package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/verify"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	trust             trustOptions
	network           networkOptions
	revocation        revocationOptions
	online            bool
	at                string
	expectSigner      string
	requireLevel      string
	requireTimestamp  bool
	requireRevocation bool
	ignoreRevocation  bool
	pdfPassword       pdfPasswordOptions
	extract           string
	changes           string
	report            string
	batch             batchOptions // jobs, recursive, manifest, shard, progress
	force             bool
	showIDs           bool
}

func (o *verifyOptions) addFlags(f flagSet) {
	o.trust.addFlags(f)
	f.yes(&o.online, "online")
	o.network.addFlags(f)
	o.revocation.addFlags(f)
	f.str(&o.at, "at")
	f.str(&o.expectSigner, "expect-signer")
	f.str(&o.requireLevel, "require-level")
	f.yes(&o.requireTimestamp, "require-timestamp")
	f.yes(&o.requireRevocation, "require-revocation")
	f.yes(&o.ignoreRevocation, "ignore-revocation")
	o.pdfPassword.addFlags(f)
	f.str(&o.extract, "extract")
	f.str(&o.changes, "changes")
	f.str(&o.report, "report")
	o.batch.addListFlags(f)
	f.yes(&o.force, "force")
	f.yes(&o.showIDs, "show-ids")
}

func (o *verifyOptions) validate() error {
	if o.requireRevocation && o.ignoreRevocation {
		return together("require-revocation", "ignore-revocation")
	}
	if o.at != "" {
		if _, err := parseTime(o.at); err != nil {
			return flagError("at", err)
		}
	}
	if err := o.batch.validate(nil); err != nil {
		return err
	}
	if err := o.revocation.validate(); err != nil {
		return err
	}
	if ext := strings.ToLower(filepath.Ext(o.report)); o.report != "" && !slices.Contains([]string{".html", ".htm", ".json", ".csv"}, ext) {
		return flagError("report", "*.html, *.json, *.csv")
	}
	return oneOf("require-level", o.requireLevel, verify.LevelBB, verify.LevelBT, verify.LevelBLT, verify.LevelBLTA)
}

func newVerifyCommand(a *app) *cobra.Command {
	cmd := a.command("verify FILE...", "verify")
	o := &verifyOptions{}
	cmd.Args = o.batch.needFiles
	o.addFlags(a.flags(cmd.Flags(), "verify"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runVerify(cmd.Context(), a, o, args) }
	return cmd
}

// verifyRun is what the files of one run share.
type verifyRun struct {
	a        *app
	o        *verifyOptions
	anchors  []certpath.Anchor
	statuses *givenStatuses
	password []byte
	sinks    []verifySink
	batch    *batchRun
	asking   sync.Mutex // one question at a time
	folders  folderNames
}

// verifyResult is what became of one file: a report, or an error that means
// nobody could look.
type verifyResult struct {
	name    string
	report  *verify.Report
	err     error
	in      *input // open while sinks look at it
	seconds float64
	cut     bool // the run was interrupted before it was done
	// exhausted: it wanted more requests than a file may make.
	exhausted bool

	password    []byte          // of the document
	folder      string          // of its own, below those of --extract and --changes
	pictures    []*pagePictures // of the pages, in order
	first       *pagePictures   // for a report, where nothing differs
	reportPairs int
}

// verifySink takes the result of each file: text, JSON, a report file, an
// extraction. A new form of output is one more of these.
type verifySink interface {
	file(ctx context.Context, res *verifyResult) error
	close() error
}

func runVerify(ctx context.Context, a *app, o *verifyOptions, args []string) error {
	if err := o.validate(); err != nil {
		return err
	}
	named, err := a.verifyFiles(&o.batch, args)
	if err != nil {
		return err
	}
	r := &verifyRun{a: a, o: o}
	if err := r.begin(named); err != nil {
		r.abort()
		return a.failAll(err, named.inputs(), verifyFailure)
	}
	return r.all(ctx, named.items)
}

// begin prepares what needs no document.
func (r *verifyRun) begin(named *namedFiles) (err error) {
	if r.batch, err = r.a.newBatchRun(&r.o.batch, nil, named); err != nil {
		return err
	}
	if r.anchors, err = r.a.buildTrust(r.o.trust); err != nil {
		return err
	}
	if r.statuses, err = r.o.revocation.read(); err != nil {
		return err
	}
	if r.password, err = r.a.given(r.o.pdfPassword.source()); err != nil {
		return err
	}
	return r.openSinks(len(named.items))
}

// openSinks chooses the forms of output.
func (r *verifyRun) openSinks(files int) error {
	r.folders = folderNames{}
	report, err := r.openReport()
	if err != nil {
		return err
	}
	if html, ok := report.(*htmlSink); r.o.changes != "" || ok {
		r.sinks = append(r.sinks, &picturesSink{r: r, dir: r.o.changes, force: r.o.force, report: html != nil, pages: r.a.newPageReader()})
	}
	if r.a.global.json {
		r.sinks = append(r.sinks, &verifyJSONSink{r.a})
	} else {
		r.sinks = append(r.sinks, &verifyTextSink{a: r.a, files: files, showIDs: r.o.showIDs, online: r.o.online, changes: r.o.changes})
	}
	if r.o.extract != "" {
		r.sinks = append(r.sinks, &extractSink{a: r.a, dir: r.o.extract, force: r.o.force})
	}
	if report != nil {
		r.sinks = append(r.sinks, report)
	}
	return nil
}

// openReport is the file of --report, by its ending; nil: none is wanted.
func (r *verifyRun) openReport() (verifySink, error) {
	switch strings.ToLower(filepath.Ext(r.o.report)) {
	case ".html", ".htm":
		return r.a.openHTML(r.o)
	case ".json":
		return r.a.openJSONList(r.o)
	}
	if r.o.report == "" {
		return nil, nil
	}
	f, err := r.a.openReport(&batchOptions{report: r.o.report}, &outputOptions{force: r.o.force})
	return &tableSink{f}, err
}

// askAndJudge asks for the password of a document where there is a terminal.
func (r *verifyRun) askAndJudge(ctx context.Context, res *verifyResult, o verify.Options) (*verify.Report, error) {
	r.asking.Lock()
	defer r.asking.Unlock()
	password, err := r.a.askSecret(ctx, sprintfName(r.a.m.Prompts.PDFPassword, res.name), r.o.pdfPassword.source())
	if err != nil {
		return res.report, nil //nolint:nilerr // nobody to ask: the report says that it is encrypted
	}
	o.Password, res.password = password, password
	return r.a.judge(ctx, res.in, o)
}

// options are the flags as package verify takes them; the network budget is
// that of one file.
func (r *verifyRun) options() verify.Options {
	o := verify.Options{
		Anchors: r.anchors, Now: r.a.now, Password: r.password,
		RequireRevocation: r.o.requireRevocation, IgnoreRevocation: r.o.ignoreRevocation,
		FileOCSPs: r.statuses.ocsps, FileCRLs: r.statuses.crls, CRLFirst: r.statuses.crlFirst,
		RequireTimestamp: r.o.requireTimestamp, RequireLevel: r.o.requireLevel, ExpectSigner: r.o.expectSigner,
	}
	if r.o.at != "" {
		o.At, _ = parseTime(r.o.at) // validated
	}
	if r.o.online {
		o.Online, o.CacheDir = r.a.fetcher(r.o.network, r.o.revocation.requests), revocationCacheDir()
	}
	return o
}

// judge runs package verify over an input.
func (a *app) judge(ctx context.Context, in *input, o verify.Options) (*verify.Report, error) {
	report, err := verify.Verify(ctx, in.r, in.size, o)
	return report, atFile(in.name, err)
}

func hasReason(reasons []verify.Reason, code string) bool {
	return slices.ContainsFunc(reasons, func(r verify.Reason) bool { return r.Code == code })
}

// verdictExit is the exit code of a verdict.
func verdictExit(v verify.Verdict) int {
	switch v {
	case verify.Valid, verify.ValidChanged:
		return exitOK
	case verify.Invalid:
		return exitInvalid
	case verify.Indeterminate:
		return exitIndeterminate
	case verify.Unsigned:
		return exitUnsigned
	case verify.Unreadable:
		return exitDocument
	}
	return exitFailed
}

// worse orders exit codes of verify: 4, 15, 5, 6, 0; a file that could not be
// looked at comes after 15.
func worse(a, b int) int {
	order := []int{exitInvalid, exitDocument, exitFailed, exitUsage, exitIndeterminate, exitUnsigned, exitOK}
	for _, code := range order {
		if a == code || b == code {
			return code
		}
	}
	return exitFailed
}
