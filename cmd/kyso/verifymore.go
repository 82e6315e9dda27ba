package main

import (
	"context"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// moreSinks are the report files and the pictures of changes.
func (r *verifyRun) moreSinks() ([]verifySink, error) {
	for flag, value := range map[string]string{"changes": r.o.changes, "report": r.o.report} {
		if value != "" {
			return nil, usagef(func(e *i18n.Errors) string { return e.FlagValue }, flag, "not yet")
		}
	}
	return nil, nil
}

// extractSink writes signed revisions, CMS containers and certificates.
type extractSink struct {
	a     *app
	dir   string
	force bool
}

func (s *extractSink) file(_ context.Context, _ *verifyResult) error {
	return flagError("extract", "not yet")
}

func (s *extractSink) close() error { return nil }
