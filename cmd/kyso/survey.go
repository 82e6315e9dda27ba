package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// survey is what the tokens show without a PIN, after --token, --token-serial
// and --slot.
type survey struct {
	entries []token.Entry
	hidden  []token.Slot // show no certificate without a PIN
	others  []string     // labels of the tokens that do not fit, quoted
	errs    []*token.ModuleError
}

// survey lists the tokens; drivers that fail are told and the others still
// list.
func (a *app) survey(ctx context.Context, o tokenOptions) *survey {
	list := token.ListOptions{Now: a.now(), Self: a.self}
	if o.timeout != "" {
		list.Timeout, _ = parseWait(o.timeout) // validated
	}
	for _, m := range o.modules {
		if abs, err := filepath.Abs(m); err == nil {
			m = abs
		}
		list.Modules = append(list.Modules, m)
	}
	slots, entries, errs := token.Survey(ctx, list)
	found := &survey{errs: errs}
	for _, e := range entries {
		if o.fits(e.Token, e.Slot) {
			found.entries = append(found.entries, e)
		}
	}
	for _, s := range slots {
		if label := strconv.Quote(s.Token.Label); !o.fits(s.Token, s.Slot) && s.Token.Label != "" && !slices.Contains(found.others, label) {
			found.others = append(found.others, label)
		}
		if s.Certificates == 0 && o.fits(s.Token, s.Slot) && s.Token.Has(token.FlagUserPINInitialized) {
			found.hidden = append(found.hidden, s)
		}
	}
	for _, e := range errs {
		a.verbosef("%v", e)
	}
	return found
}

// warnDrivers names the drivers that failed.
func (a *app) warnDrivers(found *survey) {
	for _, e := range found.errs {
		a.warnf("%s", describe(a.m, e))
	}
}

// nothing is why no certificate was found: the failure of a driver that the
// user named, or tokens that are there and are not the one that was asked for. One that was merely found on the machine may have nothing to do
// with the user's token, so its failure is only a warning.
func (s *survey) nothing(o tokenOptions, err error) error {
	if len(s.errs) > 0 && len(o.modules) > 0 {
		return s.errs[0]
	}
	if len(s.others) > 0 {
		asked := first(o.label, o.serial)
		if asked == "" {
			asked = fmt.Sprint(o.slot)
		}
		return &codedError{status: status{exitNoKey, "no_token_fits"}, err: err,
			text: func(m *i18n.Messages) string {
				return fmt.Sprintf(m.Errors.NoTokenFits, strconv.Quote(asked), strings.Join(s.others, ", "))
			},
			hints: func(m *i18n.Messages) []string { return []string{m.Hints.ListCerts, m.Hints.Doctor} }}
	}
	return err
}

func (o *tokenOptions) fits(t token.Info, slot uint) bool {
	return (o.label == "" || o.label == t.Label) && (o.serial == "" || o.serial == t.Serial) &&
		(o.slot < 0 || uint(o.slot) == slot)
}
