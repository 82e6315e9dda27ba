package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newTimestampCommand(a *app) *cobra.Command {
	cmd := a.command("timestamp FILE...", "timestamp")
	o := &extendOptions{}
	cmd.Args = o.batch.needFiles
	o.addFlags(a.flags(cmd.Flags(), "timestamp"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runTimestamp(cmd.Context(), a, o, args) }
	return cmd
}

func runTimestamp(ctx context.Context, a *app, o *extendOptions, args []string) error {
	if err := o.validate(a.global.json); err != nil {
		return err
	}
	if len(o.tsa.urls) == 0 {
		return needs("timestamp", "tsa")
	}
	return runStamps(ctx, a, o, stampDocument, args)
}
