package main

import (
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
