package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/verify"
)

// maxChangesShown is how many changes people's text lists for a signature.
const maxChangesShown = 10

// signatureBlock is what people read of one signature, in text and in the
// report. The seven things that Thông tư 15/2025/TT-BKHCN, Điều 6.4.b asks for
// are in the first three groups: signer, issuer, body managing the certificate,
// time, integrity, validity at signing, validity period.
type signatureBlock struct {
	title   string
	state   string // verify.TotalPassed ...
	why     []string
	because string // heading of why
	groups  []blockGroup
}

// blockGroup tells one kind of thing: integrity, identity, time and revocation,
// and what came later are never mixed.
type blockGroup struct {
	name  string
	rows  rows
	lines []string
}

func newSignatureBlock(m *i18n.Messages, s *verify.Signature, number int, showIDs bool) *signatureBlock {
	p := &blockMaker{m: m, s: s, showIDs: showIDs}
	title := m.Verify.Signature
	if s.Kind == verify.KindTimestamp {
		title = m.Verify.DocTimestamp
	}
	b := &signatureBlock{title: fmt.Sprintf(title, number, printable(s.Field)) + ": " + p.result(), state: s.Indication,
		why: p.reasons(), because: m.Verify.Reasons}
	for _, g := range []struct {
		name string
		fill func(*blockGroup)
	}{{"content", p.content}, {"identity", p.identity}, {"time", p.time}, {"after", p.after}, {"technical", p.technical}} {
		group := blockGroup{name: m.Verify.Groups[g.name]}
		if g.fill(&group); len(group.rows.pairs) > 0 || len(group.lines) > 0 {
			b.groups = append(b.groups, group)
		}
	}
	return b
}

// print writes the block with the values of all groups in one column.
func (b *signatureBlock) print(w io.Writer) {
	fmt.Fprintln(w, b.title)
	if len(b.why) > 0 {
		fmt.Fprintf(w, "  %s:\n", b.because)
		for _, line := range b.why {
			hang(w, "    - ", printable(line))
		}
	}
	width := 0
	for _, g := range b.groups {
		for _, p := range g.rows.pairs {
			width = max(width, utf8.RuneCountInString(p[0]))
		}
	}
	for _, g := range b.groups {
		fmt.Fprintf(w, "  %s\n", g.name)
		for _, p := range g.rows.pairs {
			pad := strings.Repeat(" ", width-utf8.RuneCountInString(p[0]))
			hang(w, "    "+p[0]+":"+pad+" ", printable(p[1]))
		}
		for _, line := range g.lines {
			hang(w, "      - ", printable(line))
		}
	}
}

// blockMaker says the facts of one signature in a language.
type blockMaker struct {
	m       *i18n.Messages
	s       *verify.Signature
	showIDs bool
}

func (p *blockMaker) result() string {
	text := p.m.Verify.Indications[p.s.Indication]
	if p.s.SubIndication != nil {
		text += " (" + *p.s.SubIndication + ")"
	}
	return text
}

// reasons are what stands in the way; notes that change nothing are left to
// --json.
func (p *blockMaker) reasons() []string {
	var lines []string
	for _, r := range p.s.Reasons {
		if text := reasonText(p.m, r); r.Severity != verify.Note && !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	return lines
}

func (p *blockMaker) content(g *blockGroup) {
	v, s := &p.m.Verify, p.s
	integrity := v.Integrities[s.Integrity]
	if but := v.IntactBut[s.ChangesAfter]; s.Integrity == verify.Intact && but != "" {
		integrity = but
	}
	g.rows.add(v.Integrity, integrity)
	g.rows.add(v.Coverage, v.Coverages[s.Coverage])
}

// identity tells of the signer; a person's own number is masked.
func (p *blockMaker) identity(g *blockGroup) {
	v, s := &p.m.Verify, p.s.Signer
	if s == nil {
		return
	}
	id := deref(s.CCCD)
	if !p.showIDs {
		id = mask(id)
	}
	g.rows.add(v.SignedBy, joinNonEmpty(deref(s.CN), deref(s.O)))
	g.rows.add(v.Email, deref(s.Email))
	g.rows.add(v.TaxCode, deref(s.MST))
	g.rows.add(v.PersonalID, id)
	g.rows.add(v.Issuer, deref(s.IssuerCN))
	g.rows.add(v.Manager, first(deref(s.IssuerO), deref(s.IssuerCN)))
	g.rows.add(v.Validity, fmt.Sprintf(v.Between, p.date(s.NotBefore), p.date(s.NotAfter)))
	g.rows.add(v.Serial, s.Serial)
	trust := v.Trusts[p.s.Trust.Status]
	if p.s.Trust.Anchor != nil {
		trust += ": " + *p.s.Trust.Anchor
	}
	g.rows.add(v.Trust, trust)
}

func (p *blockMaker) date(t time.Time) string { return t.In(vietnam).Format(p.m.Common.DateTime) }

// time is the proven one, or else the claimed one, and says which it is; then
// how the certificate stood at that time.
func (p *blockMaker) time(g *blockGroup) {
	v, t := &p.m.Verify, p.s.Time
	when := v.TimeNone
	switch {
	case t.Proven != nil:
		when = fmt.Sprintf(v.TimeProven, p.date(*t.Proven), v.Proofs[t.Proof])
	case t.Claimed != nil:
		when = fmt.Sprintf(v.TimeClaimed, p.date(*t.Claimed))
	}
	g.rows.add(v.Time, when)
	g.rows.add(v.ValidAtTime, first(v.AtSigning[p.s.CertificateAtSigning], v.NotChecked))
	g.rows.add(v.Revocation, p.revocation())
	for _, t := range p.s.Timestamps {
		g.rows.add(v.Timestamps, p.timestamp(&t))
	}
}

func (p *blockMaker) revocation() string {
	v, r := &p.m.Verify, p.s.Revocation
	text := v.Revocations[r.Status]
	if r.RevokedAt != nil {
		text += " " + fmt.Sprintf(v.RevokedAt, p.date(*r.RevokedAt))
	}
	if r.ThisUpdate != nil {
		text += " " + fmt.Sprintf(v.RevokedFrom, v.Sources[r.Source], v.Sources[deref(r.Origin)], p.date(*r.ThisUpdate))
	}
	return text
}

func (p *blockMaker) timestamp(t *verify.Timestamp) string {
	v := &p.m.Verify
	state := v.Good
	if !t.Valid {
		state = v.Bad
		if t.Reason != nil {
			state += " (" + *t.Reason + ")"
		}
	}
	when := v.TimeNone
	if t.Time != nil {
		when = p.date(*t.Time)
	}
	return fmt.Sprintf(v.TimestampLine, first(v.Proofs[t.Kind], t.Kind), when, deref(t.TSACN), state)
}

// after lists what came after the signature, what is forbidden first.
func (p *blockMaker) after(g *blockGroup) {
	v, s := &p.m.Verify, p.s
	g.rows.add(v.Changes, v.ChangesAfter[s.ChangesAfter])
	if c := s.Certification; c != nil && c.DocMDP > 0 {
		g.rows.add(v.Certification, v.Certified[itoa(c.DocMDP)])
	}
	list := slices.Clone(s.Changes)
	slices.SortStableFunc(list, func(a, b verify.Change) int { return rank(a.Permitted) - rank(b.Permitted) })
	for i, c := range list {
		if i == maxChangesShown {
			g.lines = append(g.lines, fmt.Sprintf(v.Truncated, len(list)-i))
			break
		}
		text := p.m.Change(i18n.ChangeFacts{Code: c.Code, Detail: c.Detail, Field: c.Field, Key: c.Key, Old: c.OldValue, New: c.NewValue, Page: c.Page, Count: c.Count})
		g.lines = append(g.lines, fmt.Sprintf(v.ChangeLine, c.Revision, v.ChangeIs[strconv.FormatBool(c.Permitted)], text))
	}
}

func rank(permitted bool) int {
	if permitted {
		return 1
	}
	return 0
}

func (p *blockMaker) technical(g *blockGroup) {
	v, s := &p.m.Verify, p.s
	level := s.Level
	if level == verify.LevelNone {
		level = v.LevelNone
	}
	g.rows.add(v.Level, level)
	if a := s.Algorithms; a != nil {
		g.rows.add(v.Algorithm, strings.Join([]string{a.Digest, a.Signature, first(a.Curve, itoa(a.KeyBits))}, ", "))
	}
}
