package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Error says what failed: Kind is stable.
type Error struct {
	Kind       string // "refused_address", "timeout", "too_large", "status", "content_type", "network", "scheme", "redirect", "budget", "canceled"
	URL        string // credentials and query redacted
	Status     int
	RetryAfter time.Duration // 0: the server did not say
	Err        error
}

func (e *Error) Error() string {
	s := "fetch " + e.URL + ": "
	if e.Kind == "status" {
		return s + fmt.Sprintf("HTTP status %d", e.Status)
	}
	if e.Err == nil {
		return s + e.Kind
	}
	return s + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// errRefused marks a refusal made while dialling.
type errRefused struct{ err error }

func (e *errRefused) Error() string { return e.err.Error() }
func (e *errRefused) Unwrap() error { return e.err }

// classify finds the Kind of an error out of the transport.
func classify(ctx context.Context, err error) string {
	var refusal *errRefused
	var timeout net.Error
	switch {
	case errors.As(err, &refusal):
		return "refused_address"
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "network"
}
