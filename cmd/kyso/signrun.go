package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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
	join []string
}

// signJobs expands the arguments and names the outputs.
func (a *app) signJobs(o *signOptions, args []string) ([]signJob, error) {
	items, err := batch.Walk(args, batch.WalkOptions{Recursive: o.recursive})
	if err != nil {
		return nil, err
	}
	if o.join {
		return []signJob{joinJob(o, items)}, nil
	}
	if err := o.out.validate(len(items)); err != nil {
		return nil, err
	}
	jobs := make([]signJob, len(items))
	inputs, outputs := make([]string, len(items)), make([]string, len(items))
	for i, item := range items {
		jobs[i] = signJob{input: item.Path, output: o.out.outputName(item.Path, item.Under, "signed"), o: o}
		inputs[i], outputs[i] = item.Path, jobs[i].output
	}
	if c := batch.Collision(inputs, outputs); c != nil {
		return nil, c
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
	pages           *pageReader
	password        []byte // of documents; nil: none given
	encryptPassword []byte
	single          bool
	looks           map[*signOptions]*looks
}

// looks are the style, place and texts of one set of flags.
type looks struct {
	style appearance.Style
	place appearance.Place
	texts []appearance.Text
	marks []appearance.Place
}

// newSignRun reads what the flags say of the look: mistakes there are told
// before any file is.
func (a *app) newSignRun(o *signOptions) (*signRun, error) {
	r := &signRun{a: a, o: o, pages: a.newPageReader(), looks: map[*signOptions]*looks{}}
	_, err := r.look(o)
	return r, err
}

// begin prepares what needs no document. The key's PIN is not asked yet.
func (r *signRun) begin(ctx context.Context, jobs []signJob) error {
	r.single = len(jobs) == 1
	if r.single && !r.o.dryRun && r.o.preview == "" {
		if err := r.a.early(&jobs[0]); err != nil {
			return err
		}
	}
	steps := []func(context.Context) error{r.preparePasswords, r.prepareTrust}
	if r.o.preview == "" {
		steps = append(steps, r.prepareKey, r.prepareTSA)
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
func (a *app) early(job *signJob) error {
	if job.input != stdinName {
		if _, err := os.Stat(job.input); err != nil {
			return atFile(job.input, err)
		}
	}
	if job.output == stdinName || job.o.out.force {
		return nil
	}
	if _, err := os.Lstat(job.output); err == nil {
		return atFile(job.output, atomicfile.ErrExists)
	}
	return nil
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
	r.anchors, err = r.a.buildTrust(r.o.trust)
	return err
}

func (r *signRun) prepareTSA(ctx context.Context) (err error) {
	r.tsa, err = r.a.buildTSA(ctx, r.o.tsa)
	return err
}

func (r *signRun) prepareKey(ctx context.Context) (err error) {
	if r.key, err = r.a.findKey(ctx, r.o.keyOptions); err != nil {
		return err
	}
	s, i := token.ParseSubject(r.key.certificate()), token.ParseIssuer(r.key.certificate())
	r.a.progressf(r.a.m.Sign.Using, s.CN, r.key.certificate().SerialNumber.Text(16), first(i.CN, i.O))
	return nil
}

// look builds style and place of a set of flags, once.
func (r *signRun) look(o *signOptions) (*looks, error) {
	if l, ok := r.looks[o]; ok {
		return l, nil
	}
	l, err := o.mark.build()
	if err != nil {
		return nil, err
	}
	place, err := o.place.build(l.place)
	if err != nil {
		return nil, err
	}
	texts, err := o.texts.build()
	if err != nil {
		return nil, err
	}
	out := &looks{style: l.style, place: place, texts: texts}
	for _, m := range o.place.marks[min(1, len(o.place.marks)):] {
		page, rect, err := parsePageRect(m)
		if err != nil {
			return nil, flagError("mark", err)
		}
		out.marks = append(out.marks, appearance.Place{Page: itoa(page), Rect: &rect, Force: o.place.force})
	}
	r.looks[o] = out
	return out, nil
}

// all signs every job in order. What is wrong with the key or the token ends
// the run: the next file would fail alike.
func (r *signRun) all(ctx context.Context, jobs []signJob) error {
	failed := 0
	for i := range jobs {
		res := r.signOne(ctx, &jobs[i])
		r.show(res)
		if res.err == nil {
			continue
		}
		failed++
		if len(jobs) == 1 || fatal(res.err) || ctx.Err() != nil {
			return &reportedError{statusOf(res.err).exit}
		}
		if r.o.stopOnError {
			break
		}
	}
	if len(jobs) > 1 && !r.a.global.json {
		r.a.progressf(r.a.m.Sign.Summary, len(jobs)-failed, failed, len(jobs))
	}
	if failed > 0 {
		return &reportedError{exitSome}
	}
	return nil
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
			return nil, flagError("join", printable(name))
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
func (r *signRun) finder(in *input, l *looks, password []byte) appearance.TextFinder {
	const small = 64 << 20
	needed := l.place.AtText != "" || l.place.Rect == nil && (l.place.At == "" || l.place.At == "auto")
	for _, t := range l.texts {
		needed = needed || t.Place.AtText != ""
	}
	if needed || r.o.preview != "" || r.single && in.size < small && r.pages.ready() {
		return r.pages.finder(in, password)
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
	return r.a.askSecret(ctx, fmt.Sprintf(r.a.m.Prompts.PDFPassword, printable(filepath.Base(name))), r.o.pdfPassword.source())
}
