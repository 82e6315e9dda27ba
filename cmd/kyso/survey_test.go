package main

import (
	"errors"
	"testing"

	"github.com/kyso-vn/kyso/token"
)

// TestNothingFound: only the failure of a driver that the user named is why
// there is no certificate; exit 10 and not 13 for the others.
func TestNothingFound(t *testing.T) {
	none := &token.NoCertificateError{}
	broken := &token.ModuleError{Module: "/lib/driver.so", Kind: "timeout", Err: errors.New("no answer")}
	for _, c := range []struct {
		name string
		errs []*token.ModuleError
		o    tokenOptions
		exit int
	}{
		{"no driver failed", nil, tokenOptions{}, exitNoKey},
		{"one on the machine failed", []*token.ModuleError{broken}, tokenOptions{}, exitNoKey},
		{"the named one failed", []*token.ModuleError{broken}, tokenOptions{modules: []string{"/lib/driver.so"}}, exitToken},
		{"named, and shows nothing", nil, tokenOptions{modules: []string{"/lib/driver.so"}}, exitNoKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &survey{errs: c.errs}
			if got := statusOf(s.nothing(c.o, none)).exit; got != c.exit {
				t.Errorf("exit %d, want %d", got, c.exit)
			}
		})
	}
}
