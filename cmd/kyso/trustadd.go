package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// maxAnchors bounds a file of certificates, in bytes.
const maxAnchors = 4 << 20

// trustAddOptions are the flags of trust add.
type trustAddOptions struct {
	purposes    []string
	yes         bool
	fingerprint string
}

func (o *trustAddOptions) addFlags(f flagSet) {
	f.list(&o.purposes, "purpose")
	f.str(&o.fingerprint, "fingerprint")
	f.yes(&o.yes, "yes")
}

func (o *trustAddOptions) validate() error {
	for _, p := range o.purposes {
		if err := oneOf("purpose", p, certpath.Signing.String(), certpath.Timestamping.String()); err != nil {
			return err
		}
	}
	if o.fingerprint == "" {
		return nil
	}
	if h := plainHex(o.fingerprint); len(h) != 64 || !hexPrefix(h) {
		return flagError("fingerprint", fmt.Sprintf("%q (SHA-256, 64 hex digits)", o.fingerprint))
	}
	return nil
}

// uses are the purposes; none means all.
func (o *trustAddOptions) uses() []certpath.Purpose {
	var out []certpath.Purpose
	for _, p := range []certpath.Purpose{certpath.Signing, certpath.Timestamping} {
		if slices.Contains(o.purposes, p.String()) {
			out = append(out, p)
		}
	}
	if len(out) == 2 {
		return nil
	}
	return out
}

func newTrustAddCommand(a *app) *cobra.Command {
	cmd := a.command("add FILE...", "trust add")
	cmd.Args = needFiles
	o := &trustAddOptions{}
	o.addFlags(a.flags(cmd.Flags(), "trust add"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runTrustAdd(cmd.Context(), a, o, args) }
	return cmd
}

func runTrustAdd(ctx context.Context, a *app, o *trustAddOptions, files []string) error {
	if err := o.validate(); err != nil {
		return err
	}
	store, err := a.trustStore()
	if err != nil {
		return err
	}
	for _, file := range files {
		certs, err := a.readAnchors(file)
		if err != nil {
			return err
		}
		if certs, err = o.pick(file, certs); err != nil {
			return err
		}
		if len(certs) > 1 && !o.yes {
			a.notef(a.m.Trust.Several, file, len(certs))
		}
		for _, c := range certs {
			if err := a.addAnchor(ctx, store, o, file, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *app) readAnchors(file string) ([]*x509.Certificate, error) {
	in, err := a.openInput(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := in.bytesOf(maxAnchors)
	if err != nil {
		return nil, err
	}
	certs, err := certpath.ParseCertificates(data)
	if err != nil {
		return nil, trustFailure("trust_unreadable", nil, func(m *i18n.Messages) string { return fmt.Sprintf(m.Trust.Unreadable, file, err) })
	}
	if len(certs) == 0 {
		return nil, trustFailure("trust_unreadable", nil, func(m *i18n.Messages) string { return fmt.Sprintf(m.Trust.NoCertificate, file) })
	}
	return certs, nil
}

// pick leaves the certificate that --fingerprint names.
func (o *trustAddOptions) pick(file string, certs []*x509.Certificate) ([]*x509.Certificate, error) {
	if o.fingerprint == "" {
		return certs, nil
	}
	wanted := plainHex(o.fingerprint)
	for _, c := range certs {
		if certpath.Fingerprint(c) == wanted {
			return []*x509.Certificate{c}, nil
		}
	}
	return nil, trustFailure("trust_fingerprint", nil, func(m *i18n.Messages) string {
		return fmt.Sprintf(m.Trust.Fingerprints, file, wanted)
	})
}

// addAnchor shows one certificate, asks, and writes it.
func (a *app) addAnchor(ctx context.Context, store *certpath.Store, o *trustAddOptions, file string, c *x509.Certificate) error {
	uses := o.uses()
	for _, w := range a.doubts(c) {
		a.warnf("%s", w(a.m))
	}
	if ok, err := a.askAnchor(ctx, o, file, c); err != nil || !ok {
		return err
	}
	source := ""
	if file != stdinName {
		source = filepath.Base(file)
	}
	entry, err := store.Add(c, uses, source)
	switch {
	case errors.Is(err, certpath.ErrDuplicate) && !sameUses(entry.Purposes, uses):
		return trustFailure("trust_other_purposes",
			func(t *i18n.Trust) string { return fmt.Sprintf(t.HintReplace, entry.Fingerprint[:16]) },
			func(m *i18n.Messages) string { return fmt.Sprintf(m.Trust.OtherPurposes, anchorName(c)) })
	case errors.Is(err, certpath.ErrDuplicate):
		a.showAnchor(&entry, "present")
		return nil
	case err != nil:
		return atFile(store.Dir, err)
	}
	a.showAnchor(&entry, "added")
	return nil
}

// askAnchor asks on the terminal; without one nothing is trusted by itself.
func (a *app) askAnchor(ctx context.Context, o *trustAddOptions, file string, c *x509.Certificate) (bool, error) {
	if o.yes || o.fingerprint != "" {
		return true, nil
	}
	t, err := a.terminal()
	if err != nil {
		return false, &codedError{
			status: status{exitUsage, "no_terminal"},
			text:   func(m *i18n.Messages) string { return m.Trust.NoTerminal },
			hints:  func(m *i18n.Messages) []string { return []string{m.Trust.HintYes} },
		}
	}
	t.Close()
	entry := certpath.Entry{Anchor: certpath.Anchor{Certificate: c, Purposes: o.uses(), Source: file}, Fingerprint: certpath.Fingerprint(c)}
	var text strings.Builder
	a.anchorRows(&entry).print(&text, "  ")
	fmt.Fprintf(&text, "%s\n", a.m.Trust.Compare)
	fmt.Fprintf(&text, a.m.Trust.Ask, a.usesText(entry.Purposes))
	ok, err := a.confirm(ctx, text.String())
	if err != nil {
		return false, err
	}
	if !ok {
		return false, trustFailure("not_confirmed", nil, func(m *i18n.Messages) string { return m.Trust.Unconfirmed })
	}
	return true, nil
}

// doubts are what somebody should know before trusting a certificate.
func (a *app) doubts(c *x509.Certificate) []func(*i18n.Messages) string {
	var out []func(*i18n.Messages) string
	day := func(m *i18n.Messages, pick func(*i18n.Trust) string, detail any) string {
		return anchorName(c) + ": " + fmt.Sprintf(pick(&m.Trust), detail)
	}
	if !c.BasicConstraintsValid || !c.IsCA {
		out = append(out, func(m *i18n.Messages) string { return anchorName(c) + ": " + m.Trust.NotCA })
	}
	if !certpath.SameName(c.RawIssuer, c.RawSubject) {
		out = append(out, func(m *i18n.Messages) string {
			return day(m, func(t *i18n.Trust) string { return t.NotSelfSigned }, c.Issuer.CommonName)
		})
	}
	now := a.now()
	if now.After(c.NotAfter) {
		out = append(out, func(m *i18n.Messages) string {
			return day(m, func(t *i18n.Trust) string { return t.IsExpired }, a.date(m, c.NotAfter))
		})
	}
	if now.Before(c.NotBefore) {
		out = append(out, func(m *i18n.Messages) string {
			return day(m, func(t *i18n.Trust) string { return t.IsNotYet }, a.date(m, c.NotBefore))
		})
	}
	if k := describeKey(c); k.Type == "RSA" && k.Bits < 2048 || k.Type == "unknown" {
		out = append(out, func(m *i18n.Messages) string { return day(m, func(t *i18n.Trust) string { return t.WeakKey }, k) })
	}
	return out
}

func sameUses(a, b []certpath.Purpose) bool {
	all := []certpath.Purpose{certpath.Signing, certpath.Timestamping}
	norm := func(p []certpath.Purpose) []certpath.Purpose {
		if len(p) == 0 || slices.Contains(p, certpath.Any) {
			return all
		}
		p = slices.Clone(p)
		slices.Sort(p)
		return slices.Compact(p)
	}
	return slices.Equal(norm(a), norm(b))
}
