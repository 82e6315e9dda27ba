package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// signJob is one file to sign.
type signJob struct {
	input  string // as the user named it
	output string
	// o are the flags for this file: those of the run, or a row's own.
	o *signOptions
	// join are further pictures for the same document.
	join  []string
	pages *pageReader // while it is at work
}

// signJobs expands the arguments, or reads the manifest, and names the outputs.
func (a *app) signJobs(o *signOptions, args []string) ([]signJob, error) {
	if o.batch.manifest != "" {
		return a.manifestJobs(o)
	}
	if o.join {
		isPicture := func(name string) bool { return convert.KindOfName(name) == convert.Picture }
		items, err := batch.Walk(args, batch.WalkOptions{Recursive: o.batch.recursive, Take: isPicture})
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return nil, usagef(func(*i18n.Errors) string { return a.m.Batch.NothingToDo })
		}
		return []signJob{joinJob(o, items)}, nil
	}
	// Converting takes long and is not always wanted: in a folder only PDF is
	// taken, and what could have been is told.
	var passed []string
	named, err := a.nameFiles(&o.batch, &o.out, "signed", args, func(path string) {
		if convert.KindOfName(path) != convert.Unknown {
			passed = append(passed, path)
		}
	})
	if err != nil {
		return nil, err
	}
	if len(passed) > 0 {
		a.notef(a.m.Batch.NotPDF, len(passed), passed[0])
	}
	jobs := make([]signJob, len(named.items))
	for i, item := range named.items {
		jobs[i] = signJob{input: item.Path, output: named.outputs[i], o: o}
	}
	return jobs, nil
}

func joinJob(o *signOptions, items []batch.Item) signJob {
	job := signJob{input: items[0].Path, output: o.out.outputName(items[0].Path, items[0].Under, "signed"), o: o}
	for _, item := range items[1:] {
		job.join = append(job.join, item.Path)
	}
	return job
}

// signRun is what the files of one run share: key, TSA, anchors, look.
type signRun struct {
	a               *app
	o               *signOptions
	key             *keySource
	tsa             *tsas
	anchors         []certpath.Anchor
	statuses        *givenStatuses
	status          *signerStatus // nil: nobody looked
	pages           *pageReader
	password        []byte // of documents; nil: none given
	encryptPassword []byte
	single          bool
	batch           *batchRun
	looks           looksOf
	asking          sync.Mutex  // one question at a time
	gate            *batch.Gate // keeps a core for the token; nil: there is none to wait for
}

// newSignRun reads what the flags say of the look: mistakes there are told
// before any file is.
func (a *app) newSignRun(o *signOptions) (*signRun, error) {
	r := &signRun{a: a, o: o, pages: a.newPageReader()}
	_, err := r.look(o)
	return r, err
}

// begin prepares what needs no document. The key's PIN is not asked yet.
func (r *signRun) begin(ctx context.Context, jobs []signJob) error {
	r.single = len(jobs) == 1
	if r.single && r.o.preview == "" && !r.o.batch.resume {
		if err := r.early(ctx, &jobs[0]); err != nil {
			return err
		}
	}
	steps := []func(context.Context) error{r.preparePasswords, r.prepareTrust}
	if r.o.preview == "" {
		steps = append(steps, r.prepareKey, func(ctx context.Context) error { return r.prepareStatus(ctx, jobs) }, r.prepareTSA)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// early refuses what can be told without a key, before a person waits for a
// driver or types a password. What it finds is looked at again when it counts.
func (r *signRun) early(ctx context.Context, job *signJob) error {
	if job.input != stdinName {
		if err := r.readable(ctx, job); err != nil {
			return err
		}
	}
	if r.o.dryRun || job.output == stdinName {
		return nil
	}
	info, err := os.Lstat(job.output)
	switch {
	case err != nil:
		return nil //nolint:nilerr // not there, or told when it is made
	case info.IsDir():
		return atFile(job.output, batch.ErrFolder)
	case !job.o.out.force:
		return atFile(job.output, atomicfile.ErrExists)
	}
	return nil
}

// readable tells of a document that no key and no password will help.
func (r *signRun) readable(ctx context.Context, job *signJob) error {
	in, err := r.a.openInput(job.input)
	if err != nil {
		return err
	}
	defer in.Close()
	if in.kind() == convert.Unknown {
		if _, err := r.a.asPDF(ctx, in); err != nil {
			return err
		}
	}
	if !repairable(in) {
		return nil // is made a PDF when its turn comes
	}
	_, err = sign.ListFields(ctx, in.r, in.size, nil)
	switch err = atFile(in.name, err); {
	case needPassword(err), isDamaged(err) && job.o.repair:
		return nil
	case isDamaged(err):
		return refuseDamaged(in, err)
	}
	return err
}

// Close logs out and frees the page reader.
func (r *signRun) Close() {
	r.key.Close()
	r.pages.Close()
}

func (r *signRun) preparePasswords(ctx context.Context) (err error) {
	if r.password, err = r.a.given(r.o.pdfPassword.source()); err != nil || !r.o.encrypt {
		return err
	}
	source := secretSource{file: r.o.encryptPassword, fd: -1, env: envEncryptPassword, flag: "encrypt-password-file"}
	if r.encryptPassword, err = r.a.given(source); err != nil || r.encryptPassword != nil {
		return err
	}
	p := &r.a.m.Prompts
	if r.encryptPassword, err = r.a.askSecret(ctx, p.Encrypt, source); err != nil {
		return err
	}
	again, err := r.a.askSecret(ctx, p.EncryptAgain, source)
	if err != nil {
		return err
	}
	if !slices.Equal(again, r.encryptPassword) {
		return usagef(func(e *i18n.Errors) string { return e.PasswordsDiffer })
	}
	return nil
}

func (r *signRun) prepareTrust(context.Context) (err error) {
	if r.anchors, err = r.a.buildTrust(r.o.trust); err != nil {
		return err
	}
	r.statuses, err = r.o.revocation.read()
	return err
}

func (r *signRun) prepareTSA(ctx context.Context) (err error) {
	r.tsa, err = r.a.buildTSA(ctx, r.o.tsa)
	r.tsa.measure(r.batch)
	return err
}

func (r *signRun) prepareKey(ctx context.Context) (err error) {
	if r.key, err = r.a.findKey(ctx, r.o.keyOptions); err != nil {
		return err
	}
	r.key.measure(r.batch)
	s, i := token.ParseSubject(r.key.certificate()), token.ParseIssuer(r.key.certificate())
	r.a.progressf(r.a.m.Sign.Using, s.CN, r.key.certificate().SerialNumber.Text(16), first(i.CN, i.O))
	return nil
}

// all signs every job and shows the results in order. What is wrong with the
// key, the token or the disk ends the run: the next file would fail alike.
func (r *signRun) all(ctx context.Context, jobs []signJob) error {
	r.batch.summary = r.a.m.Sign.Summary
	if len(jobs) > 1 && r.key != nil && r.key.onToken() && r.tsa == nil {
		defer r.shareWithToken()()
	}
	return runBatch(ctx, r.batch, func(ctx context.Context, i int) *signResult { return r.signOne(ctx, &jobs[i]) }, r.show)
}

// fatal tells whether an error has nothing to do with the one document.
func fatal(err error) bool {
	switch statusOf(err).exit {
	case exitNoKey, exitWrongPIN, exitPINLocked, exitToken, exitCertificate, exitInterrupted:
		return true
	}
	return false
}

// joinPictures makes one document of several pictures.
func (a *app) joinPictures(in *input, more []string) (*input, error) {
	all := [][]byte{}
	for i, name := range append([]string{in.name}, more...) {
		one := in
		if i > 0 {
			var err error
			if one, err = a.openInput(name); err != nil {
				return nil, err
			}
			defer one.Close()
		}
		if one.kind() != convert.Picture {
			return nil, usagef(func(e *i18n.Errors) string { return e.NotPicture }, printable(one.name))
		}
		data, err := one.bytesOf(maxConvert)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	pdf, err := convert.Pictures(all...)
	if err != nil {
		return nil, atFile(in.name, err)
	}
	return fromBytes(in, pdf), nil
}

// finder gives placement the text of the document, where it needs it or where
// a warning about covered text costs little.
func (r *signRun) finder(job *signJob, in *input, l *looks, password []byte) appearance.TextFinder {
	const small = 64 << 20
	needed := l.place.AtText != "" || l.place.Rect == nil && (l.place.At == "" || l.place.At == "auto")
	for _, t := range l.texts {
		needed = needed || t.Place.AtText != ""
	}
	if needed || r.o.preview != "" || r.single && in.size < small && r.pages.ready() {
		return cmp.Or(job.pages, r.pages).finder(in, password)
	}
	return nil
}

// needPassword tells whether a document wants a password that nobody gave.
func needPassword(err error) bool {
	var refused *sign.RefusedError
	return errors.As(err, &refused) && refused.Reason == sign.ReasonEncrypted
}

// askPDFPassword asks once, where there is a terminal.
func (r *signRun) askPDFPassword(ctx context.Context, name string) ([]byte, error) {
	r.asking.Lock()
	defer r.asking.Unlock()
	var flags pdfPasswordOptions
	if r.o != nil {
		flags = r.o.pdfPassword
	}
	return r.a.askSecret(ctx, fmt.Sprintf(r.a.m.Prompts.PDFPassword, printable(filepath.Base(name))), flags.source())
}
