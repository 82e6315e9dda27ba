package main

import (
	"crypto/sha1" //nolint:gosec // shown beside SHA-256: some publishers tell it alone
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// anchorJSON is one trust anchor: kyso.trust/1.
type anchorJSON struct {
	Schema     string      `json:"schema"`
	Action     string      `json:"action"` // listed, added, present, removed
	SHA256     string      `json:"sha256"`
	Subject    subjectJSON `json:"subject"`
	Issuer     issuerJSON  `json:"issuer"`
	Serial     string      `json:"serial"`
	NotBefore  time.Time   `json:"not_before"`
	NotAfter   time.Time   `json:"not_after"`
	State      string      `json:"state"` // valid, expired, not_yet_valid
	Purposes   []string    `json:"purposes"`
	CA         bool        `json:"ca"`
	SelfSigned bool        `json:"self_signed"`
	Key        keyJSON     `json:"key"`
	Source     string      `json:"source,omitempty"`
	File       string      `json:"file,omitempty"`
	Warnings   []string    `json:"warnings"`
}

// showAnchor tells what was found, added or removed.
func (a *app) showAnchor(e *certpath.Entry, action string) {
	if a.global.json {
		a.jsonLine(a.newAnchorJSON(e, action))
		return
	}
	name := printable(anchorName(e.Certificate))
	heading := name
	switch action {
	case "added":
		heading = fmt.Sprintf(a.m.Trust.Added, name)
	case "present":
		heading = fmt.Sprintf(a.m.Trust.Present, name)
	case "removed":
		heading = fmt.Sprintf(a.m.Trust.Removed, name)
	}
	fmt.Fprintln(a.out, heading)
	a.anchorRows(e).print(a.out, "  ")
	if action == "listed" {
		fmt.Fprintln(a.out)
	}
}

func (a *app) newAnchorJSON(e *certpath.Entry, action string) *anchorJSON {
	var c certJSON
	c.describe(e.Certificate)
	j := &anchorJSON{
		Schema: "kyso.trust/1", Action: action, SHA256: e.Fingerprint, Subject: c.Subject, Issuer: c.Issuer, Serial: c.Serial,
		NotBefore: *c.NotBefore, NotAfter: *c.NotAfter, State: a.anchorState(e.Certificate), Key: c.Key,
		CA:         e.Certificate.BasicConstraintsValid && e.Certificate.IsCA,
		SelfSigned: certpath.SameName(e.Certificate.RawIssuer, e.Certificate.RawSubject),
		Source:     e.Source, File: e.File, Warnings: []string{},
	}
	for _, p := range usesOf(e.Purposes) {
		j.Purposes = append(j.Purposes, p.String())
	}
	en := i18n.For(i18n.English)
	for _, w := range a.doubts(e.Certificate) {
		j.Warnings = append(j.Warnings, w(en))
	}
	return j
}

// anchorRows describes an anchor for people.
func (a *app) anchorRows(e *certpath.Entry) *rows {
	t, c := &a.m.Trust, e.Certificate
	r := &rows{}
	r.add(t.Subject, token.ParseSubject(c).Raw)
	issuer := t.Self
	if !certpath.SameName(c.RawIssuer, c.RawSubject) {
		issuer = token.ParseIssuer(c).Raw
	}
	r.add(t.Issuer, issuer)
	validity := fmt.Sprintf(t.Between, a.date(a.m, c.NotBefore), a.date(a.m, c.NotAfter))
	switch a.anchorState(c) {
	case "expired":
		validity += " (" + t.Expired + ")"
	case "not_yet_valid":
		validity += " (" + t.NotYet + ")"
	}
	r.add(t.Validity, validity)
	r.add(t.Purposes, a.usesText(e.Purposes))
	r.add(t.Fingerprint, e.Fingerprint)
	sum := sha1.Sum(c.Raw) //nolint:gosec // see the import
	r.add(t.SHA1, hex.EncodeToString(sum[:]))
	r.add(t.File, e.File)
	return r
}

func (a *app) anchorState(c *x509.Certificate) string {
	switch now := a.now(); {
	case now.After(c.NotAfter):
		return "expired"
	case now.Before(c.NotBefore):
		return "not_yet_valid"
	}
	return "valid"
}

// usesOf makes the two purposes of an empty list.
func usesOf(p []certpath.Purpose) []certpath.Purpose {
	if sameUses(p, nil) {
		return []certpath.Purpose{certpath.Signing, certpath.Timestamping}
	}
	return p
}

func (a *app) usesText(p []certpath.Purpose) string {
	var names []string
	for _, u := range usesOf(p) {
		names = append(names, a.m.Trust.Purpose[u.String()])
	}
	return strings.Join(names, ", ")
}

// anchorName is what people call a root.
func anchorName(c *x509.Certificate) string {
	s := token.ParseSubject(c)
	return first(s.CN, s.O, s.Raw)
}

// date is a day in Vietnam as people of the language write it.
func (a *app) date(m *i18n.Messages, t time.Time) string {
	layout, _, _ := strings.Cut(m.Common.DateTime, " ")
	return t.In(vietnam).Format(layout)
}

// plainHex is hex without colons and blanks, in lower case.
func plainHex(s string) string {
	return strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(s))
}

func hexPrefix(s string) bool {
	h := plainHex(s)
	return len(h) >= 4 && strings.Trim(h, "0123456789abcdef") == ""
}
