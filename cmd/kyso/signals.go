package main

import (
	"context"
	"os/signal"
)

// withSignals ends the context at the first Ctrl-C (or a request to end); a
// second one ends the program at once.
func withSignals(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, stopSignals()...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
