package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/sign"
)

// signOptions are the flags of sign.
type signOptions struct {
	keyOptions
	out             outputOptions
	maxSize         string
	repair          bool
	encrypt         bool
	encryptPassword string // file
	level           string
	allowLower      bool
	tsa             tsaOptions
	trust           trustOptions
	network         networkOptions
	revocation      revocationOptions
	online          bool
	needStatus      bool // --require-revocation
	vri             bool
	reason          string
	location        string
	contact         string
	field           string
	certify         int
	lock            string
	pdfPassword     pdfPasswordOptions
	mark            markOptions
	place           placeOptions
	texts           textOptions
	preview         string
	dryRun          bool
	batch           batchOptions
	join            bool
	strictInput     bool
}

func (o *signOptions) addFlags(f flagSet) {
	o.keyOptions.addFlags(f)
	o.out.addFlags(f)
	f.str(&o.maxSize, "max-size")
	f.yes(&o.repair, "repair")
	f.yes(&o.encrypt, "encrypt")
	f.str(&o.encryptPassword, "encrypt-password-file")
	f.str(&o.level, "level")
	f.yes(&o.allowLower, "allow-lower")
	o.tsa.addFlags(f)
	o.trust.addFlags(f)
	o.network.addFlags(f)
	f.yes(&o.online, "online")
	f.yes(&o.needStatus, "require-revocation")
	o.revocation.addFlags(f)
	f.yes(&o.vri, "vri")
	f.str(&o.reason, "reason")
	f.str(&o.location, "location")
	f.str(&o.contact, "contact")
	f.str(&o.field, "field")
	f.num(&o.certify, "certify")
	f.str(&o.lock, "lock")
	o.pdfPassword.addFlags(f)
	o.mark.addFlags(f)
	o.place.addFlags(f)
	o.texts.addFlags(f)
	f.str(&o.preview, "preview")
	f.yes(&o.dryRun, "dry-run")
	f.yes(&o.join, "join")
	f.yes(&o.strictInput, "strict-input")
	o.batch.addFlags(f)
}

// validate checks what needs no file; files is how many there will be.
func (o *signOptions) validate(json bool) error {
	for _, check := range []func() error{o.keyOptions.validate, o.tsa.validate, o.revocation.validate, o.place.validate, o.validateLevel, o.validateBatch} {
		if err := check(); err != nil {
			return err
		}
	}
	if o.certify < 0 || o.certify > 3 {
		return flagError("certify", "1, 2, 3")
	}
	if o.maxSize != "" {
		if _, err := parseBytes(o.maxSize); err != nil {
			return flagError("max-size", err)
		}
	}
	if json && o.out.output == stdinName {
		return together("json", "output -")
	}
	if o.mark.invisible && (o.place.rect != "" || o.place.at != "" || o.place.atText != "" || len(o.place.marks) > 0 || o.mark.preset != "") {
		return together("invisible", "rect, --at, --at-text, --mark, --preset")
	}
	if o.preview != "" && !strings.HasSuffix(strings.ToLower(o.preview), ".png") {
		return flagError("preview", "*.png")
	}
	return nil
}

func (o *signOptions) validateBatch() error {
	switch {
	case o.join && o.batch.manifest != "":
		return together("join", "manifest")
	case o.join && o.batch.journal != "":
		return together("join", "journal")
	case o.dryRun && o.batch.journal != "":
		return together("dry-run", "journal")
	case o.preview != "" && o.batch.manifest != "":
		return together("preview", "manifest")
	}
	return o.batch.validate(&o.out)
}

func (o *signOptions) validateLevel() error {
	if o.level == "" {
		return nil
	}
	l, err := sign.ParseLevel(o.level)
	if err != nil {
		return flagError("level", err)
	}
	if l > sign.BB && len(o.tsa.urls) == 0 && !o.allowLower {
		return noTSA(o.level)
	}
	return nil
}

// wanted is the level asked for; 0: the default.
func (o *signOptions) wanted() sign.Level {
	l, _ := sign.ParseLevel(o.level) // validated
	if len(o.tsa.urls) == 0 && l > sign.BB {
		return sign.BB // with --allow-lower only
	}
	return l
}

// locks is --lock as package sign takes it.
func (o *signOptions) locks() []string {
	if o.lock == "" {
		return nil
	}
	return strings.Split(o.lock, ",")
}

func newSignCommand(a *app) *cobra.Command {
	cmd := a.command("sign FILE...", "sign")
	o := &signOptions{}
	cmd.Args = o.batch.needFiles
	o.addFlags(a.flags(cmd.Flags(), "sign"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runSign(cmd.Context(), a, o, args) }
	_ = cmd.RegisterFlagCompletionFunc("cert", a.completeCerts(&o.keyOptions))
	_ = cmd.RegisterFlagCompletionFunc("field", completeFields)
	return cmd
}

// runSign signs the files, or only looks.
func runSign(ctx context.Context, a *app, o *signOptions, args []string) error {
	if err := o.validate(a.global.json); err != nil {
		return err
	}
	r, err := a.newSignRun(o)
	if err != nil {
		return err
	}
	jobs, err := a.signJobs(o, args)
	if err != nil {
		return err
	}
	defer r.Close()
	named := signNames(jobs)
	if r.batch, err = a.newBatchRun(&o.batch, &o.out, named); err != nil {
		return a.failAll(err, named.inputs(), signFailure)
	}
	defer r.batch.Close()
	r.batch.line = signFailure
	if err := r.begin(ctx, jobs); err != nil {
		return a.failAll(err, named.inputs(), signFailure)
	}
	if o.preview != "" {
		return r.preview(ctx, jobs)
	}
	return r.all(ctx, jobs)
}
