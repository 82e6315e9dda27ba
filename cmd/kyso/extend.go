package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/sign"
)

// extendOptions are the flags of extend and timestamp.
type extendOptions struct {
	out         outputOptions
	level       string // extend only
	allowLower  bool   // extend only
	tsa         tsaOptions
	trust       trustOptions
	network     networkOptions
	revocation  revocationOptions // extend only
	vri         bool              // extend only
	pdfPassword pdfPasswordOptions
	maxSize     string
	batch       batchOptions
}

// addFlags adds those that both commands have.
func (o *extendOptions) addFlags(f flagSet) {
	o.out.addFlags(f)
	o.tsa.addFlags(f)
	o.trust.addFlags(f)
	o.network.addFlags(f)
	o.pdfPassword.addFlags(f)
	f.str(&o.maxSize, "max-size")
	o.batch.addFlags(f)
}

func (o *extendOptions) validate(json bool) error {
	if err := o.tsa.validate(); err != nil {
		return err
	}
	if err := o.revocation.validate(); err != nil {
		return err
	}
	if o.maxSize != "" {
		if _, err := parseBytes(o.maxSize); err != nil {
			return flagError("max-size", err)
		}
	}
	if json && o.out.output == stdinName {
		return together("json", "output -")
	}
	return o.batch.validate(&o.out)
}

// wanted is the level asked for.
func (o *extendOptions) wanted() (sign.Level, error) {
	if o.level == "" {
		return sign.BLTA, nil
	}
	l, err := sign.ParseLevel(o.level)
	if err != nil || l == sign.BB {
		return 0, flagError("level", "B-T, B-LT, B-LTA")
	}
	return l, nil
}

// validateLevel wants a TSA where the level can't be had without. B-LT may do
// without: a signature with a timestamp of its own needs no second one.
func (o *extendOptions) validateLevel() error {
	l, err := o.wanted()
	if err != nil {
		return err
	}
	if len(o.tsa.urls) == 0 && l != sign.BLT && !o.allowLower {
		return noTSA(l.String())
	}
	return nil
}

func newExtendCommand(a *app) *cobra.Command {
	cmd := a.command("extend FILE...", "extend")
	o := &extendOptions{}
	cmd.Args = o.batch.needFiles
	f := a.flags(cmd.Flags(), "extend")
	f.str(&o.level, "level")
	f.yes(&o.allowLower, "allow-lower")
	f.yes(&o.vri, "vri")
	o.revocation.addFlags(f)
	o.addFlags(f)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runExtend(cmd.Context(), a, o, args) }
	return cmd
}

func runExtend(ctx context.Context, a *app, o *extendOptions, args []string) error {
	if err := o.validate(a.global.json); err != nil {
		return err
	}
	if err := o.validateLevel(); err != nil {
		return err
	}
	return runStamps(ctx, a, o, stampExtend, args)
}
