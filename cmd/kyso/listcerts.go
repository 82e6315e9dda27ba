package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/token"
)

// expiresSoon is when the days left are shown.
const expiresSoon = 60 * 24 * time.Hour

func itoa(n int) string { return strconv.Itoa(n) }

// listOptions are the flags of list-certs.
type listOptions struct {
	tokenOptions
	p12     p12Options
	all     bool
	showIDs bool
}

func (o *listOptions) addFlags(f flagSet) {
	o.tokenOptions.addFlags(f)
	o.p12.addFlags(f)
	f.yes(&o.all, "all")
	f.yes(&o.showIDs, "show-ids")
}

func (o *listOptions) validate() error {
	if o.p12.file != "" && len(o.modules) > 0 {
		return together("p12", "module")
	}
	return o.tokenOptions.validate()
}

func newListCertsCommand(a *app) *cobra.Command {
	cmd := a.command("list-certs", "list-certs")
	cmd.Args = noArgs
	o := &listOptions{}
	o.addFlags(a.flags(cmd.Flags(), "list-certs"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return runListCerts(cmd.Context(), a, o) }
	return cmd
}

func runListCerts(ctx context.Context, a *app, o *listOptions) error {
	if err := o.validate(); err != nil {
		return err
	}
	if o.p12.file != "" {
		return a.listP12(ctx, o)
	}
	if !token.TokenSupport {
		return token.ErrNoTokenSupport
	}
	found := a.survey(ctx, o.tokenOptions)
	if len(o.modules) == 0 || len(found.entries) > 0 {
		a.warnDrivers(found)
	}
	for _, s := range found.hidden {
		a.notef(a.m.ListCerts.HiddenToken, s.Token.Label, s.Slot)
	}
	if len(found.entries) == 0 {
		if len(found.hidden) > 0 {
			return nil
		}
		return found.nothing(o.tokenOptions, &token.NoCertificateError{})
	}
	a.printEntries(found.entries, "", o)
	return nil
}

// listP12 lists a key file. Its certificates are encrypted, so the password is
// needed.
func (a *app) listP12(ctx context.Context, o *listOptions) error {
	key, others, err := a.readP12(ctx, o.p12)
	if err != nil {
		return err
	}
	entries := []token.Entry{key.Entry}
	for _, c := range others {
		entries = append(entries, token.Entry{Certificate: c, Raw: c.Raw})
	}
	for i := range entries {
		entries[i].Judge(a.now())
	}
	a.printEntries(entries, o.p12.file, o)
	return nil
}

// shown: without --all only what could sign, or could but for a date.
func (o *listOptions) shown(e *token.Entry) bool { return o.all || e.HasPrivateKey }

func (a *app) printEntries(entries []token.Entry, file string, o *listOptions) {
	left := 0
	for i := range entries {
		e := &entries[i]
		if !o.shown(e) {
			left++
			continue
		}
		if a.global.json {
			j := newCertJSON(e, file)
			j.Schema, j.Number = "kyso.list-certs/1", i+1
			a.jsonLine(j)
			continue
		}
		a.printEntry(i+1, e, file, o.showIDs)
	}
	if left > 0 && !a.global.json {
		a.notef(a.m.ListCerts.NotAll, left)
	}
}

// printEntry writes one block for people.
func (a *app) printEntry(number int, e *token.Entry, file string, showIDs bool) {
	l := &a.m.ListCerts
	state := l.CanSign
	if !e.Usable {
		state = fmt.Sprintf(l.CannotSign, reasonsText(&a.m.Errors, e.Reasons))
	}
	rows := &rows{}
	name := l.Unparsable
	if c := e.Certificate; c != nil {
		s, i := token.ParseSubject(c), token.ParseIssuer(c)
		name = s.CN
		rows.add(l.Organization, s.O)
		rows.add(l.Title, s.Title)
		rows.add(l.Email, s.Email)
		rows.add(l.TaxCode, s.MST)
		rows.add(l.PersonalID, personalID(s, showIDs))
		rows.add(l.Issuer, joinNonEmpty(i.CN, i.O))
		rows.add(l.Serial, c.SerialNumber.Text(16))
		rows.add(l.Validity, a.validity(e))
		rows.add(l.Key, describeKey(c).String())
	}
	if e.Module != "" {
		rows.add(l.Token, fmt.Sprintf(l.TokenLine, e.Token.Label, e.Token.Serial, e.Slot))
		rows.add(l.KeyID, fmt.Sprintf("%x", e.ID))
		rows.add(l.Module, e.Module)
	}
	rows.add(l.File, file)
	state = a.paint(a.out, stateTone(e.Usable), "("+state+")")
	fmt.Fprintf(a.out, "%d. %s %s\n", number, printable(name), state)
	rows.print(a.out, "   ")
	fmt.Fprintln(a.out)
}

func (a *app) validity(e *token.Entry) string {
	c := e.Certificate
	const day = "02/01/2006"
	text := fmt.Sprintf(a.m.ListCerts.Between, c.NotBefore.In(vietnam).Format(day), c.NotAfter.In(vietnam).Format(day))
	if left := c.NotAfter.Sub(a.now()); left > 0 && left < expiresSoon {
		text += " (" + fmt.Sprintf(a.m.ListCerts.Expires, int(left.Hours()/24)) + ")"
	}
	return text
}

// personalID is a person's own number, masked unless it is asked for.
func personalID(s token.Subject, show bool) string {
	id := s.CCCD
	if id == "" {
		id = s.CMND
	}
	if !show {
		id = mask(id)
	}
	return id
}

func joinNonEmpty(a, b string) string {
	if b == "" || a == b {
		return a
	}
	if a == "" {
		return b
	}
	return a + ", " + b
}
